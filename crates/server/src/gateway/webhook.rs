//! The gateway's webhooks: whether one is genuine, and what it is about. What it says of money is never believed: whoever acts
//! on one fetches the object again.

use billing::{PaymentId, SetupId, Timestamp};
use hmac::{Hmac, Mac};
use serde_json::Value;
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// How far a signature's time may be from ours, in seconds, either way.
const TOLERANCE_SECONDS: u64 = 300;
/// The longest body that is looked at, in bytes.
pub const BODY_MAX_BYTES: usize = 1 << 20;
/// The longest header that is looked at, in bytes: time and a few signatures.
const HEADER_MAX_BYTES: usize = 2_048;

/// Why a webhook is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// No time or no signature in the header.
    #[error("the signature header cannot be read")]
    Header,
    /// Longer than any event.
    #[error("the event is too long")]
    TooLong,
    /// Signed with another secret, or not what was signed.
    #[error("the signature does not match")]
    Forged,
    /// Signed too long ago, or in the future.
    #[error("the signature's time is too far from now")]
    Stale,
    /// Genuine, but no event.
    #[error("the event cannot be read")]
    Unreadable,
}

/// A genuine event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookEvent {
    /// The gateway's id, `evt_…`: the same for every delivery of it.
    pub id: String,
    /// `payment_intent.succeeded` and the like.
    pub kind: String,
    /// The id of what it is about; empty when that has none.
    pub object_id: String,
    /// Our payment, from the object's metadata.
    pub payment: Option<PaymentId>,
    /// Our saving of a card, from the object's metadata.
    pub setup: Option<SetupId>,
    /// The PaymentIntent it is, or belongs to: that of a refund, a charge, a dispute.
    pub intent_id: Option<String>,
    /// When it happened, by the gateway's clock.
    pub created: Timestamp,
}

/// Checks `header` (`Stripe-Signature`) over the raw `body`, and reads the event.
///
/// # Errors
/// Why it is not taken.
pub fn verify(
    secret: &str,
    header: &str,
    body: &[u8],
    now: Timestamp,
) -> Result<WebhookEvent, WebhookError> {
    if body.len() > BODY_MAX_BYTES {
        return Err(WebhookError::TooLong);
    }
    let signature = Signature::parse(header).ok_or(WebhookError::Header)?;
    if !signature.is_by(secret, body) {
        return Err(WebhookError::Forged);
    }
    if now.seconds().abs_diff(signature.time) > TOLERANCE_SECONDS {
        return Err(WebhookError::Stale);
    }
    let event: Value = serde_json::from_slice(body).map_err(|_| WebhookError::Unreadable)?;
    read(&event).ok_or(WebhookError::Unreadable)
}

/// `t=…,v1=…,v1=…`; while a secret is being changed there is one `v1` for each.
struct Signature<'a> {
    /// Seconds since 1970.
    time: i64,
    /// As it was written: it is part of what was signed.
    time_text: &'a str,
    digests: Vec<[u8; 32]>,
}

impl<'a> Signature<'a> {
    fn parse(header: &'a str) -> Option<Self> {
        if header.len() > HEADER_MAX_BYTES {
            return None;
        }
        let (mut time_text, mut digests) = (None, Vec::new());
        for part in header.split(',') {
            match part.trim().split_once('=')? {
                ("t", time) => time_text = Some(time),
                ("v1", digest) => digests.extend(unhex(digest)),
                _ => {}
            }
        }
        let time_text = time_text.filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?;
        let time = time_text.parse().ok()?;
        (!digests.is_empty()).then_some(Self { time, time_text, digests })
    }

    fn is_by(&self, secret: &str, body: &[u8]) -> bool {
        // HMAC takes keys of any length. An empty one would let anybody sign.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return false };
        mac.update(self.time_text.as_bytes());
        mac.update(b".");
        mac.update(body);
        let expected = mac.finalize().into_bytes();
        let matches = self
            .digests
            .iter()
            .fold(subtle::Choice::from(0), |any, digest| any | digest.ct_eq(expected.as_slice()));
        !secret.is_empty() && bool::from(matches)
    }
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut bytes = [0; 32];
    if text.len() != 2 * bytes.len() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?;
    }
    Some(bytes)
}

fn read(event: &Value) -> Option<WebhookEvent> {
    let text = |value: &Value, field: &str| {
        value.get(field).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let object = event.get("data").and_then(|data| data.get("object"))?;
    let metadata = object.get("metadata").unwrap_or(&Value::Null);
    // A refund carries the name of ours, `pay_…-1`.
    let payment =
        text(metadata, "payment_id").or_else(|| text(metadata, "refund")).and_then(|id| {
            let id = id.split_once('-').map_or(id.as_str(), |(payment, _)| payment);
            id.parse().ok()
        });
    let object_id = text(object, "id").unwrap_or_default();
    let intent_id = if object.get("object").and_then(Value::as_str) == Some("payment_intent") {
        Some(object_id.clone()).filter(|id| !id.is_empty())
    } else {
        let intent = object.get("payment_intent").unwrap_or(&Value::Null);
        intent.as_str().map(str::to_owned).or_else(|| text(intent, "id"))
    };
    let created = event.get("created").and_then(Value::as_i64).unwrap_or(0);
    Some(WebhookEvent {
        id: text(event, "id")?,
        kind: text(event, "type")?,
        object_id,
        payment,
        setup: text(metadata, "setup").and_then(|id| id.parse().ok()),
        intent_id,
        created: Timestamp::from_millis(created.saturating_mul(1_000)),
    })
}

#[cfg(test)]
mod tests;
