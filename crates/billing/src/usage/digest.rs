//! Fingerprints: of an event's identity, of its payload, and of the draws behind one entry of the ledger.

use sha2::{Digest, Sha256};

use crate::{SubAccountId, Timestamp, funding::Payer, quantity::Quantity};

/// The length of a fingerprint that has to resist no collision but chance and accident, in bytes.
pub const DIGEST_BYTES: usize = 16;

/// What an event is known by for ever: its source and its id. Texts are told apart by their lengths.
pub fn event_key(source: &str, id: &str) -> [u8; DIGEST_BYTES] {
    digest([source.as_bytes(), id.as_bytes()])
}

/// What an event said besides its identity: a second event of the same identity says the same or is refused. `data` are the
/// fields of its data with their JSON text, in the order of their names.
pub fn payload_hash<'a>(
    event_type: &str,
    subject: &str,
    time: Option<Timestamp>,
    data: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> [u8; DIGEST_BYTES] {
    let time = time.map_or(String::new(), |time| time.millis().to_string());
    let parts = [event_type.as_bytes(), subject.as_bytes(), time.as_bytes()];
    let fields = data.into_iter().flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()]);
    digest(parts.into_iter().chain(fields))
}

fn digest<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> [u8; DIGEST_BYTES] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    let whole: [u8; 32] = hasher.finalize().into();
    let mut short = [0; DIGEST_BYTES];
    short.copy_from_slice(&whole[..DIGEST_BYTES]);
    short
}

/// An event with its draw, as the ledger vouches for it.
#[derive(Clone, Copy, Debug)]
pub struct DrawnEvent<'a> {
    /// Its number among the agency's events.
    pub number: u64,
    /// Whose usage.
    pub account: SubAccountId,
    /// When it happened.
    pub at: Timestamp,
    /// Its identity, first half.
    pub source: &'a str,
    /// Its identity, second half.
    pub id: &'a str,
    /// Its type.
    pub event_type: &'a str,
    /// Its data as it came.
    pub data: &'a str,
    /// Who paid.
    pub payer: Payer,
    /// How much was used.
    pub quantity: Quantity,
    /// How much of the month was used before it, where the price asks.
    pub used_before: Quantity,
    /// What it cost, in millionths of the currency unit.
    pub amount_micros: i64,
    /// The version of the price.
    pub price: u64,
    /// The version of the markup, if one was added.
    pub markup: Option<u64>,
}

/// The fingerprint of the draws of one entry, taken in the order of their numbers. It stands in the entry's reference, and so
/// in the hash chain: a changed byte of a draw is found.
#[derive(Clone, Debug, Default)]
pub struct DrawDigest(Sha256);

impl DrawDigest {
    /// Adds the next draw.
    pub fn add(&mut self, event: &DrawnEvent<'_>) {
        let mut numbers = [0; 7 * 8 + 1];
        let fields = [
            event.number.to_be_bytes(),
            event.at.millis().to_be_bytes(),
            event.quantity.micros().to_be_bytes(),
            event.used_before.micros().to_be_bytes(),
            event.amount_micros.to_be_bytes(),
            event.price.to_be_bytes(),
            event.markup.unwrap_or(0).to_be_bytes(),
        ];
        for (place, field) in numbers.chunks_exact_mut(8).zip(fields) {
            place.copy_from_slice(&field);
        }
        numbers[56] = u8::from(event.payer == Payer::Customer);
        self.0.update(numbers);
        self.0.update(event.account.to_bytes());
        for text in [event.source, event.id, event.event_type, event.data] {
            self.0.update((text.len() as u64).to_be_bytes());
            self.0.update(text.as_bytes());
        }
    }

    /// The fingerprint in hexadecimal.
    pub fn finish(self) -> String {
        let bytes: [u8; 32] = self.0.finalize().into();
        bytes[..DIGEST_BYTES].iter().fold(String::with_capacity(32), |mut text, byte| {
            use std::fmt::Write as _;
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities_are_told_apart_by_where_their_parts_end() {
        assert_ne!(event_key("ab", "c"), event_key("a", "bc"));
        assert_eq!(event_key("a", "b"), event_key("a", "b"));
    }

    #[test]
    fn a_payload_is_what_was_said() {
        let at = Timestamp::from_millis(5);
        let said = payload_hash("sms", "acme", Some(at), [("segments", "2")]);
        assert_eq!(said, payload_hash("sms", "acme", Some(at), [("segments", "2")]));
        for other in [
            payload_hash("sms", "acme", None, [("segments", "2")]),
            payload_hash("sms", "acme", Some(at), [("segments", "3")]),
            payload_hash("sms", "acme", Some(at), []),
            payload_hash("mms", "acme", Some(at), [("segments", "2")]),
            payload_hash("sms", "acm", Some(at), [("segments", "2")]),
        ] {
            assert_ne!(said, other);
        }
    }

    #[test]
    fn every_field_of_a_draw_counts() {
        let account = SubAccountId::new(Timestamp::from_millis(1), [1; 10]);
        let event = DrawnEvent {
            number: 1,
            account,
            at: Timestamp::from_millis(2),
            source: "twilio",
            id: "SM1",
            event_type: "sms.sent",
            data: "{}",
            payer: Payer::Agency,
            quantity: Quantity::ONE,
            used_before: Quantity::ZERO,
            amount_micros: 33,
            price: 1,
            markup: None,
        };
        let of = |event: DrawnEvent<'_>| {
            let mut digest = DrawDigest::default();
            digest.add(&event);
            digest.finish()
        };
        let whole = of(event);
        assert_eq!(whole.len(), 32);
        let other_account = SubAccountId::new(Timestamp::from_millis(1), [2; 10]);
        for changed in [
            DrawnEvent { number: 2, ..event },
            DrawnEvent { account: other_account, ..event },
            DrawnEvent { at: Timestamp::from_millis(3), ..event },
            DrawnEvent { source: "twilip", ..event },
            DrawnEvent { id: "SM2", ..event },
            DrawnEvent { event_type: "sms.seny", ..event },
            DrawnEvent { data: "{ }", ..event },
            DrawnEvent { payer: Payer::Customer, ..event },
            DrawnEvent { quantity: Quantity::ZERO, ..event },
            DrawnEvent { used_before: Quantity::ONE, ..event },
            DrawnEvent { amount_micros: 34, ..event },
            DrawnEvent { price: 2, ..event },
            DrawnEvent { markup: Some(1), ..event },
        ] {
            assert_ne!(of(changed), whole, "{changed:?}");
        }
    }
}
