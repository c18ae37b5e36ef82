//! The parts of a usage event that have rules of their own.

use serde::{Deserialize, Deserializer, Serialize, de};

/// The longest id of an event, in bytes.
pub const ID_MAX_BYTES: usize = 200;
/// The longest source of an event, in bytes.
pub const SOURCE_MAX_BYTES: usize = 200;
/// The longest subject of an event, in bytes.
pub const SUBJECT_MAX_BYTES: usize = 200;
/// The most data of one event, in bytes of JSON.
pub const DATA_MAX_BYTES: usize = 8 * 1024;
/// The longest type of event, in bytes.
const TYPE_MAX_BYTES: usize = 100;
/// The longest name of a field, in bytes.
const FIELD_MAX_BYTES: usize = 100;

/// Why a text of an event was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsageTextError {
    /// Nothing.
    Empty,
    /// Longer than so many bytes.
    TooLong(usize),
    /// A character that does not print.
    ControlCharacter,
    /// White space where a name has none.
    Space,
}

impl UsageTextError {
    /// The word for it on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "required",
            Self::TooLong(_) => "too_long",
            Self::ControlCharacter => "control_character",
            Self::Space => "white_space",
        }
    }
}

impl std::fmt::Display for UsageTextError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => f.write_str("This is needed."),
            Self::TooLong(limit) => write!(f, "At most {limit} bytes."),
            Self::ControlCharacter => f.write_str("Remove the characters that do not print."),
            Self::Space => f.write_str("This has no white space."),
        }
    }
}

impl std::error::Error for UsageTextError {}

/// Checks a text that is kept as it came: not empty, at most `limit` bytes, everything prints.
///
/// # Errors
/// What is wrong with it.
pub fn checked_text(text: &str, limit: usize) -> Result<(), UsageTextError> {
    if text.is_empty() {
        return Err(UsageTextError::Empty);
    }
    if text.len() > limit {
        return Err(UsageTextError::TooLong(limit));
    }
    if text.chars().any(char::is_control) {
        return Err(UsageTextError::ControlCharacter);
    }
    Ok(())
}

macro_rules! word {
    ($(#[$doc:meta])* $name:ident, $limit:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Reads one: not empty, no white space, everything prints.
            ///
            /// # Errors
            /// What is wrong with it.
            pub fn parse(text: &str) -> Result<Self, UsageTextError> {
                checked_text(text, $limit)?;
                if text.contains(char::is_whitespace) {
                    return Err(UsageTextError::Space);
                }
                Ok(Self(text.to_owned()))
            }

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

word!(
    /// What kind of usage: CloudEvents' `type`, `sms.sent`.
    EventType, TYPE_MAX_BYTES
);
word!(
    /// A field of an event's data, `segments`.
    FieldName, FIELD_MAX_BYTES
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_one_word() {
        assert_eq!(EventType::parse("sms.sent").map(|t| t.to_string()), Ok("sms.sent".to_owned()));
        for (text, why) in [
            ("", UsageTextError::Empty),
            ("sms sent", UsageTextError::Space),
            ("sms\n", UsageTextError::ControlCharacter),
            (&"x".repeat(101), UsageTextError::TooLong(100)),
        ] {
            assert_eq!(EventType::parse(text), Err(why), "{text}");
        }
    }
}
