//! What we look at in the gateway's answers. Lenient: fields that we do not need may be missing or new, a word we do not know
//! is kept as such.

use billing::{Currency, Money, Timestamp, funding::Card};
use serde_json::Value;

use crate::gateway::{
    Decline, Dispute, DisputeStatus, Endpoint, GatewayError, Intent, IntentStatus, RefundOutcome,
    Setup, SetupStatus,
};

/// The longest of the gateway's sentences that is kept, in characters.
const SENTENCE_MAX_CHARS: usize = 500;

/// Codes that mean a declined card even where the status is not 402 (older versions and other servers say 400).
const DECLINES: [&str; 15] = [
    "authentication_required",
    "card_declined",
    "card_decline_rate_limit_exceeded",
    "expired_card",
    "incorrect_cvc",
    "incorrect_number",
    "incorrect_zip",
    "insufficient_funds",
    "invalid_cvc",
    "invalid_expiry_month",
    "invalid_expiry_year",
    "invalid_number",
    "payment_intent_authentication_failure",
    "processing_error",
    "setup_intent_authentication_failure",
];

/// The text in a field.
pub fn text<'a>(object: &'a Value, field: &str) -> Option<&'a str> {
    object.get(field).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// What our own metadata says.
pub fn metadata<'a>(object: &'a Value, field: &str) -> Option<&'a str> {
    object.get("metadata").and_then(|metadata| text(metadata, field))
}

/// The id in a field that holds an id, or the object if it was expanded.
pub fn reference<'a>(object: &'a Value, field: &str) -> Option<&'a str> {
    let inner = object.get(field)?;
    text(object, field).or_else(|| text(inner, "id"))
}

/// The card of a payment method, or of a token's preview of one.
pub fn card(method: &Value) -> Option<Card> {
    let card = method.get("card").filter(|card| card.is_object())?;
    let number = |field| {
        card.get(field).and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok()).unwrap_or(0)
    };
    Some(Card {
        payment_method: text(method, "id").map(str::to_owned),
        brand: text(card, "brand").unwrap_or("card").to_owned(),
        last4: text(card, "last4").unwrap_or("????").to_owned(),
        exp_month: number("exp_month"),
        exp_year: number("exp_year"),
    })
}

/// A PaymentIntent; none without an id, or with an amount that we could not book.
pub fn intent(object: &Value) -> Option<Intent> {
    Some(Intent {
        id: text(object, "id")?.to_owned(),
        status: intent_status(text(object, "status").unwrap_or_default()),
        amount: amount(object)?,
        customer: reference(object, "customer").map(str::to_owned),
        client_secret: text(object, "client_secret").map(str::to_owned),
        card: object.get("payment_method").and_then(card),
        decline: object.get("last_payment_error").filter(|error| error.is_object()).map(decline),
        payment: metadata(object, "payment_id").and_then(|id| id.parse().ok()),
        live: is_live(object),
    })
}

/// What it is about; none that we could not book.
pub fn amount(object: &Value) -> Option<Money> {
    let currency: Currency = text(object, "currency")?.to_ascii_uppercase().parse().ok()?;
    let amount = object.get("amount").and_then(Value::as_i64)?;
    Money::from_minor(amount, currency).ok()
}

fn is_live(object: &Value) -> bool {
    object.get("livemode").and_then(Value::as_bool) == Some(true)
}

/// A SetupIntent; none without an id.
pub fn setup(object: &Value) -> Option<Setup> {
    Some(Setup {
        id: text(object, "id")?.to_owned(),
        status: setup_status(text(object, "status").unwrap_or_default()),
        client_secret: text(object, "client_secret").map(str::to_owned),
        card: object.get("payment_method").and_then(card),
        decline: object.get("last_setup_error").filter(|error| error.is_object()).map(decline),
        customer: reference(object, "customer").map(str::to_owned),
        setup: metadata(object, "setup").and_then(|id| id.parse().ok()),
        live: is_live(object),
    })
}

fn setup_status(word: &str) -> SetupStatus {
    match word {
        "succeeded" => SetupStatus::Succeeded,
        "requires_action" => SetupStatus::RequiresAction,
        "requires_payment_method" => SetupStatus::RequiresPaymentMethod,
        "processing" => SetupStatus::Processing,
        "canceled" => SetupStatus::Canceled,
        other => SetupStatus::Unknown(sentence(other)),
    }
}

/// Where the gateway sends events, as it has it; none without an address.
pub fn endpoint(object: &Value) -> Option<Endpoint> {
    let events = object["enabled_events"].as_array().into_iter().flatten();
    Some(Endpoint {
        url: text(object, "url")?.to_owned(),
        is_enabled: text(object, "status") == Some("enabled"),
        events: events.filter_map(Value::as_str).map(str::to_owned).collect(),
    })
}

/// A dispute; none without an id or a PaymentIntent, or about an amount that we could not book.
pub fn dispute(object: &Value) -> Option<Dispute> {
    let due_by = object["evidence_details"]["due_by"].as_i64();
    Some(Dispute {
        id: text(object, "id")?.to_owned(),
        intent: reference(object, "payment_intent")?.to_owned(),
        amount: amount(object)?,
        reason: sentence(text(object, "reason").unwrap_or("general")),
        answer_by: due_by
            .and_then(|seconds| seconds.checked_mul(1_000))
            .map(Timestamp::from_millis),
        status: dispute_status(text(object, "status").unwrap_or_default()),
        live: is_live(object),
    })
}

fn dispute_status(word: &str) -> DisputeStatus {
    match word {
        "needs_response" | "appeal_needs_response" => DisputeStatus::NeedsResponse,
        "under_review" | "appeal_under_review" => DisputeStatus::UnderReview,
        "won" => DisputeStatus::Won,
        "lost" => DisputeStatus::Lost,
        "warning_needs_response" | "warning_under_review" => DisputeStatus::Inquiry,
        "warning_closed" | "prevented" => DisputeStatus::Closed(word.to_owned()),
        other => DisputeStatus::Unknown(sentence(other)),
    }
}

fn intent_status(word: &str) -> IntentStatus {
    match word {
        "succeeded" => IntentStatus::Succeeded,
        "requires_action" => IntentStatus::RequiresAction,
        "requires_payment_method" => IntentStatus::RequiresPaymentMethod,
        "processing" => IntentStatus::Processing,
        "canceled" => IntentStatus::Canceled,
        other => IntentStatus::Unknown(sentence(other)),
    }
}

/// How far a refund is.
pub fn refund_outcome(refund: &Value) -> RefundOutcome {
    match text(refund, "status") {
        Some("succeeded") => RefundOutcome::Succeeded,
        Some("failed" | "canceled") => RefundOutcome::Failed,
        _ => RefundOutcome::Pending,
    }
}

fn decline(error: &Value) -> Decline {
    let code = text(error, "decline_code").or_else(|| text(error, "code"));
    let message = text(error, "message").unwrap_or("Your card was declined.");
    Decline {
        code: sentence(code.unwrap_or("card_declined")),
        message: sentence(message),
        advice: text(error, "advice_code").map(sentence),
    }
}

/// The idempotency key was used before with other parameters: our public URL has changed since, say.
pub fn is_key_taken(status: u16, body: &Value) -> bool {
    let kind = body.get("error").and_then(|error| text(error, "type"));
    status == 400 && kind == Some("idempotency_error")
}

/// What an answer that is no success means.
pub fn failure(status: u16, body: Value) -> GatewayError {
    let error = body.get("error").unwrap_or(&Value::Null);
    let code = text(error, "code").or_else(|| text(error, "type"));
    let is_decline = status == 402
        || (status == 400
            && (text(error, "decline_code").is_some()
                || code.is_some_and(|code| DECLINES.contains(&code))));
    match status {
        _ if is_decline => {
            let intent = error.get("payment_intent").and_then(intent).map(Box::new);
            GatewayError::Declined(decline(error), intent)
        }
        404 => GatewayError::NotFound,
        // 3xx: somebody before the gateway answered. 409: the first request with this key is still under way.
        300..=399 | 408 | 409 | 425 | 429 => {
            GatewayError::TryLater(format!("the gateway answered {status}"))
        }
        // Something may have happened when it was used.
        400 if is_key_taken(status, &body) => {
            GatewayError::Unknown("the idempotency key was used before".to_owned())
        }
        400..=499 => GatewayError::Rejected {
            status,
            code: sentence(code.unwrap_or("unspecified")),
            message: sentence(text(error, "message").unwrap_or_default()),
        },
        _ => GatewayError::Unknown(format!("the gateway answered {status}")),
    }
}

/// The gateway's words, on one line and not endless.
fn sentence(words: &str) -> String {
    words.chars().map(|c| if c.is_control() { ' ' } else { c }).take(SENTENCE_MAX_CHARS).collect()
}

#[cfg(test)]
mod tests;
