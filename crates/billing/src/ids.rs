//! Prefixed ids: `sub_01j…`. Time-ordered 128-bit values (the ULID layout) in lower-case Crockford base 32.
//!
//! The random part comes from outside; this crate draws none.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::Timestamp;

/// Crockford's base 32 without i, l, o, u (<https://www.crockford.com/base32.html>).
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// 26 digits of 5 bits hold 128 bits.
const DIGITS: usize = 26;

/// Why a text is no id of the kind asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnId {
    /// The prefix the id should have had, without the underscore.
    pub prefix: &'static str,
}

impl std::fmt::Display for NotAnId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "not an id: expected {}_ and {DIGITS} characters", self.prefix)
    }
}

impl std::error::Error for NotAnId {}

fn encode(prefix: &str, value: u128, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    let mut digits = [0u8; DIGITS];
    for (place, digit) in digits.iter_mut().rev().enumerate() {
        let index = (value >> (5 * place)) & 31;
        *digit = ALPHABET[usize::try_from(index).unwrap_or(0)];
    }
    write!(f, "{prefix}_{}", std::str::from_utf8(&digits).unwrap_or_default())
}

fn decode(prefix: &'static str, text: &str) -> Result<u128, NotAnId> {
    let wrong = NotAnId { prefix };
    let digits = text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_')).ok_or(wrong)?;
    // The first of 26 digits holds only three bits: a larger one would not fit into 128.
    if digits.len() != DIGITS || digits.as_bytes()[0] > b'7' {
        return Err(wrong);
    }
    digits.bytes().try_fold(0u128, |value, byte| {
        let digit = ALPHABET.iter().position(|letter| *letter == byte).ok_or(wrong)?;
        Ok(value << 5 | u128::try_from(digit).unwrap_or(0))
    })
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u128);

        impl $name {
            /// What every id of this kind starts with, without the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// A new id: 48 bits of time, so that ids sort by age, and 80 bits of chance.
            pub fn new(now: Timestamp, entropy: [u8; 10]) -> Self {
                let time = u128::from(now.millis().unsigned_abs()) << 80;
                let chance = entropy.iter().fold(0u128, |all, byte| all << 8 | u128::from(*byte));
                Self(time | chance)
            }

            /// The 16 bytes behind the text, for fingerprints.
            pub fn to_bytes(self) -> [u8; 16] {
                self.0.to_be_bytes()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                encode($prefix, self.0, f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                encode($prefix, self.0, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                decode($prefix, text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }
    };
}

id!(
    /// Who resells: one tenant of the installation.
    AgencyId, "agy"
);
id!(
    /// What consumes usage: one client of an agency.
    SubAccountId, "sub"
);
id!(
    /// One billing request: the e-mailed invitation to take over payment.
    RequestId, "req"
);
id!(
    /// One payment of ours; the gateway's PaymentIntent is found by it.
    PaymentId, "pay"
);
id!(
    /// One saving of a card without a payment; the gateway's SetupIntent is found by it.
    SetupId, "set"
);
id!(
    /// A person of the agency who signs in.
    UserId, "usr"
);
id!(
    /// A row of the job queue.
    JobId, "job"
);
id!(
    /// One API key of an agency.
    KeyId, "key"
);
id!(
    /// One letter, and the left half of its Message-ID.
    MailId, "mail"
);
id!(
    /// One endpoint of an agency that outgoing webhooks are sent to.
    EndpointId, "whe"
);
id!(
    /// One outgoing webhook: the same for every try of it.
    MessageId, "msg"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_it_was_written() {
        let id = SubAccountId::new(Timestamp::from_millis(1_795_363_809_250), [7; 10]);
        let text = id.to_string();
        assert!(text.starts_with("sub_01") && text.len() == 30, "{text}");
        assert_eq!(text.parse(), Ok(id));
    }

    #[test]
    fn an_id_of_another_kind_or_shape_is_refused() {
        let id = SubAccountId::new(Timestamp::from_millis(1), [7; 10]).to_string();
        assert_eq!(id.parse::<AgencyId>(), Err(NotAnId { prefix: "agy" }));
        for wrong in ["", "sub_", "sub_01", &id.to_uppercase(), &id.replace("sub_0", "sub_8")] {
            assert!(wrong.parse::<SubAccountId>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn later_ids_sort_after_earlier_ones() {
        let early = RequestId::new(Timestamp::from_millis(1), [255; 10]);
        let late = RequestId::new(Timestamp::from_millis(2), [0; 10]);
        assert!(early < late && early.to_string() < late.to_string());
    }
}
