//! Text that came from outside, checked once: an e-mail address, a message, a name.

mod card;

use serde::{Deserialize, Deserializer, Serialize, de};

pub use card::has_card_number;

/// The longest message text, in characters.
pub const MESSAGE_MAX_CHARS: usize = 10_000;
/// The longest name, in characters.
pub const NAME_MAX_CHARS: usize = 200;
/// The longest e-mail address, in bytes (RFC 5321 §4.5.3.1.3, less the angle brackets).
pub const EMAIL_MAX_BYTES: usize = 254;
/// The longest part of an address before the @, in bytes (RFC 5321 §4.5.3.1.1).
const LOCAL_PART_MAX_BYTES: usize = 64;

/// Why a text was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextError {
    /// Nothing but white space.
    Empty,
    /// Longer than the limit, which is given in characters.
    TooLong(usize),
    /// A character that does not print (line ends are fine in a message).
    ControlCharacter,
    /// More than one e-mail address.
    TwoAddresses,
    /// Not an e-mail address.
    NotAnAddress,
    /// A card number stands in it.
    CardNumber,
}

impl TextError {
    /// The word for it on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "required",
            Self::TooLong(_) => "too_long",
            Self::ControlCharacter => "control_character",
            Self::TwoAddresses => "two_addresses",
            Self::NotAnAddress => "not_an_address",
            Self::CardNumber => "card_number",
        }
    }
}

impl std::fmt::Display for TextError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => f.write_str("This is needed."),
            Self::TooLong(limit) => write!(f, "At most {limit} characters."),
            Self::ControlCharacter => f.write_str("Remove the characters that do not print."),
            Self::TwoAddresses => f.write_str("Enter one e-mail address only."),
            Self::NotAnAddress => f.write_str("Enter an e-mail address like dana@example.com."),
            Self::CardNumber => f.write_str("This looks like a card number. Remove it."),
        }
    }
}

impl std::error::Error for TextError {}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::parse(&text).map_err(de::Error::custom)
            }
        }
    };
}

text!(
    /// One e-mail address. Kept as written but for the domain, which is lower-cased.
    EmailAddress
);
text!(
    /// What the agency writes to its customer: plain text with line ends, at most [`MESSAGE_MAX_CHARS`].
    MessageText
);
text!(
    /// The name of an agency, a sub-account or a person: one line, at most [`NAME_MAX_CHARS`].
    Name
);

/// No card number is ever kept.
fn without_card_number(text: &str) -> Result<(), TextError> {
    if has_card_number(text) { Err(TextError::CardNumber) } else { Ok(()) }
}

impl EmailAddress {
    /// Reads one address of the form people have: `local@domain.tld`, without display name, comments or quotes.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        // Before trimming: a line break at the end is how a header is smuggled in.
        if text.chars().any(char::is_control) {
            return Err(TextError::ControlCharacter);
        }
        let text = text.trim();
        if text.is_empty() {
            return Err(TextError::Empty);
        }
        if text.len() > EMAIL_MAX_BYTES {
            return Err(TextError::TooLong(EMAIL_MAX_BYTES));
        }
        if text.matches('@').count() > 1 || text.contains([',', ';']) {
            return Err(TextError::TwoAddresses);
        }
        without_card_number(text)?;
        let (local, domain) = text.split_once('@').ok_or(TextError::NotAnAddress)?;
        if is_local_part(local) && is_domain(domain) {
            Ok(Self(format!("{local}@{}", domain.to_ascii_lowercase())))
        } else {
            Err(TextError::NotAnAddress)
        }
    }

    /// The domain, lower case.
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }
}

/// RFC 5322's dot-atom, ASCII only: what every mail server takes.
fn is_local_part(local: &str) -> bool {
    let atom = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
    };
    local.len() <= LOCAL_PART_MAX_BYTES && local.split('.').all(atom)
}

/// At least two labels of letters, digits and inner hyphens (RFC 1123 §2.1).
fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    domain.contains('.') && domain.split('.').all(label)
}

impl MessageText {
    /// Reads a message; line ends become `\n`, white space around it goes.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let text = text.replace("\r\n", "\n");
        let text = text.trim();
        if text.is_empty() {
            return Err(TextError::Empty);
        }
        if text.chars().count() > MESSAGE_MAX_CHARS {
            return Err(TextError::TooLong(MESSAGE_MAX_CHARS));
        }
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            return Err(TextError::ControlCharacter);
        }
        without_card_number(text)?;
        Ok(Self(text.to_owned()))
    }
}

impl Name {
    /// Reads a name, white space around it goes.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        if text.chars().any(char::is_control) {
            return Err(TextError::ControlCharacter);
        }
        let text = text.trim();
        if text.is_empty() {
            return Err(TextError::Empty);
        }
        if text.chars().count() > NAME_MAX_CHARS {
            return Err(TextError::TooLong(NAME_MAX_CHARS));
        }
        without_card_number(text)?;
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_and_nothing_else() {
        for good in ["dana@brightwater.co", "a.b+c@x-y.example", " dana@brightwater.co "] {
            assert!(EmailAddress::parse(good).is_ok(), "{good}");
        }
        assert_eq!(EmailAddress::parse("Dana@Bright.CO").unwrap().as_str(), "Dana@bright.co");
        let long = format!("{}@example.com", "a".repeat(250));
        for (bad, why) in [
            ("", TextError::Empty),
            ("dana", TextError::NotAnAddress),
            ("dana@localhost", TextError::NotAnAddress),
            ("dana@.co", TextError::NotAnAddress),
            ("da na@x.co", TextError::NotAnAddress),
            ("Dana <dana@x.co>", TextError::NotAnAddress),
            (".d@x.co", TextError::NotAnAddress),
            ("d@x.co, e@x.co", TextError::TwoAddresses),
            ("d@x.co;e@x.co", TextError::TwoAddresses),
            ("d@x@y.co", TextError::TwoAddresses),
            ("d@x.co\r\nBcc: e@x.co", TextError::ControlCharacter),
            ("d@x.co\n", TextError::ControlCharacter),
            (&long, TextError::TooLong(EMAIL_MAX_BYTES)),
        ] {
            assert_eq!(EmailAddress::parse(bad), Err(why), "{bad:?}");
        }
    }

    #[test]
    fn a_message_keeps_its_lines_and_its_angle_brackets() {
        assert_eq!(
            MessageText::parse("Hi\r\n<b>you</b> 👋\n").unwrap().as_str(),
            "Hi\n<b>you</b> 👋"
        );
        assert_eq!(MessageText::parse(" \n "), Err(TextError::Empty));
        assert_eq!(MessageText::parse("a\0b"), Err(TextError::ControlCharacter));
        assert!(MessageText::parse(&"é".repeat(10_000)).is_ok());
        assert_eq!(MessageText::parse(&"é".repeat(10_001)), Err(TextError::TooLong(10_000)));
    }

    #[test]
    fn no_card_number_is_taken_in_any_text() {
        let (card, why) = ("Card 4242 4242-4242 4242", TextError::CardNumber);
        assert_eq!(MessageText::parse(card), Err(why));
        assert_eq!(Name::parse(card), Err(why));
        assert_eq!(EmailAddress::parse("4242424242424242@x.co"), Err(why));
        assert_eq!(EmailAddress::parse("d@4242-4242-4242-4242.co"), Err(why));
        assert!(Name::parse("4242 4242 4242 4241").is_ok());
    }

    #[test]
    fn a_name_is_one_line() {
        assert_eq!(Name::parse(" Calder & Finch ").unwrap().as_str(), "Calder & Finch");
        assert_eq!(Name::parse("a\r\nb"), Err(TextError::ControlCharacter));
        assert_eq!(Name::parse(&"a".repeat(201)), Err(TextError::TooLong(200)));
    }
}
