use billing::SetupId;
use serde_json::json;

use super::*;

fn error(status: u16, error: Value) -> GatewayError {
    failure(status, json!({ "error": error }))
}

#[test]
fn a_decline_is_told_by_its_status_or_its_code_and_not_by_its_type() {
    let message = "Your card has insufficient funds.";
    let decline = Decline {
        code: "insufficient_funds".to_owned(),
        message: message.to_owned(),
        advice: None,
    };
    for (status, body) in [
        (
            402,
            json!({"code": "card_declined", "decline_code": "insufficient_funds", "message": message}),
        ),
        (
            402,
            json!({"code": "insufficient_funds", "type": "invalid_request_error", "message": message}),
        ),
        (
            400,
            json!({"code": "card_declined", "decline_code": "insufficient_funds", "message": message}),
        ),
        (400, json!({"code": "insufficient_funds", "message": message})),
    ] {
        assert_eq!(
            error(status, body.clone()),
            GatewayError::Declined(decline.clone(), None),
            "{body}"
        );
    }
    assert!(matches!(failure(402, Value::Null), GatewayError::Declined(_, None)));
}

#[test]
fn a_decline_brings_its_intent() {
    let body = json!({
        "code": "card_declined",
        "payment_intent": {
            "id": "pi_1", "amount": 2500, "currency": "usd", "status": "requires_payment_method",
            "last_payment_error": {"code": "card_declined", "message": "No."},
        },
    });
    let GatewayError::Declined(_, Some(intent)) = error(402, body) else {
        panic!("no intent");
    };
    assert_eq!(
        (intent.id.as_str(), &intent.status),
        ("pi_1", &IntentStatus::RequiresPaymentMethod)
    );
    assert_eq!(intent.decline.unwrap().message, "No.");
}

#[test]
fn every_other_status_has_its_meaning() {
    for (status, expected) in [
        (404, "NotFound"),
        (302, "TryLater"),
        (409, "TryLater"),
        (429, "TryLater"),
        (400, "Rejected"),
        (401, "Rejected"),
        (403, "Rejected"),
        (500, "Unknown"),
        (503, "Unknown"),
        (599, "Unknown"),
    ] {
        for body in [json!({"error": {"code": "x"}}), Value::Null, json!([1]), json!({"error": 7})]
        {
            let meaning = format!("{:?}", failure(status, body));
            assert!(meaning.starts_with(expected), "{status}: {meaning}");
        }
    }
}

#[test]
fn a_key_that_was_used_before_may_have_had_an_effect() {
    let meaning = failure(400, json!({"error": {"type": "idempotency_error", "message": "m"}}));
    assert!(matches!(meaning, GatewayError::Unknown(_)), "{meaning:?}");
}

#[test]
fn an_intent_may_lack_everything_but_its_id_and_its_amount() {
    let least = json!({"id": "pi_1", "amount": 2500, "currency": "usd"});
    assert_eq!(
        intent(&least),
        Some(Intent {
            id: "pi_1".to_owned(),
            status: IntentStatus::Unknown(String::new()),
            amount: Money::from_micros(25_000_000, Currency::Usd),
            customer: None,
            client_secret: None,
            card: None,
            decline: None,
            payment: None,
            live: false,
        })
    );
    for less in [
        json!({}),
        json!(null),
        json!({"id": "pi_1", "amount": 2500, "currency": "xau"}),
        json!({"id": "pi_1", "amount": "2500", "currency": "usd"}),
        json!({"id": "pi_1", "amount": i64::MAX, "currency": "usd"}),
        json!({"amount": 2500, "currency": "usd"}),
    ] {
        assert_eq!(intent(&less), None, "{less}");
    }
}

#[test]
fn a_word_we_do_not_know_is_kept() {
    let object = json!({"id": "pi_1", "amount": 1, "currency": "jpy", "status": "requires_magic"});
    let intent = intent(&object).unwrap();
    assert_eq!(intent.status, IntentStatus::Unknown("requires_magic".to_owned()));
    assert_eq!(intent.amount.text(), "¥1");
    assert_eq!(refund_outcome(&json!({"status": "requires_magic"})), RefundOutcome::Pending);
}

#[test]
fn the_gateways_sentences_are_one_line_and_not_endless() {
    let long = format!("a\r\nb{}", "é".repeat(1_000));
    let GatewayError::Rejected { message, .. } = error(400, json!({"message": long})) else {
        panic!("not rejected");
    };
    assert!(message.starts_with("a  bé") && message.chars().count() == SENTENCE_MAX_CHARS);
}

#[test]
fn an_expanded_object_is_as_good_as_its_id() {
    for customer in [json!("cus_1"), json!({"id": "cus_1"})] {
        assert_eq!(reference(&json!({ "customer": customer }), "customer"), Some("cus_1"));
    }
    assert_eq!(reference(&json!({"customer": null}), "customer"), None);
}

#[test]
fn what_the_bank_advises_is_kept_with_a_decline() {
    let body = json!({
        "code": "card_declined", "decline_code": "lost_card", "advice_code": "do_not_try_again",
        "message": "Your card was declined.",
        "payment_intent": {
            "id": "pi_1", "amount": 2500, "currency": "usd", "status": "requires_payment_method",
            "last_payment_error": {"code": "card_declined", "advice_code": "try_again_later"},
        },
    });
    let GatewayError::Declined(decline, Some(intent)) = error(402, body) else {
        panic!("no intent");
    };
    assert_eq!(decline.advice.as_deref(), Some("do_not_try_again"));
    assert_eq!(intent.decline.unwrap().advice.as_deref(), Some("try_again_later"));
}

#[test]
fn a_setup_may_lack_everything_but_its_id() {
    let name = SetupId::new(Timestamp::from_millis(1), [7; 10]);
    let whole = json!({
        "id": "seti_1", "status": "requires_action", "client_secret": "seti_1_secret_x",
        "customer": {"id": "cus_1"}, "livemode": true, "metadata": {"setup": name.to_string()},
        "payment_method": {"id": "pm_1", "card": {"brand": "visa", "last4": "3155"}},
        "last_setup_error": {"code": "setup_intent_authentication_failure", "message": "No."},
    });
    let read = setup(&whole).unwrap();
    assert_eq!(
        (read.status, read.live, read.setup),
        (SetupStatus::RequiresAction, true, Some(name))
    );
    assert_eq!(read.client_secret.as_deref(), Some("seti_1_secret_x"));
    assert_eq!(read.customer.as_deref(), Some("cus_1"));
    assert_eq!(read.card.unwrap().payment_method.as_deref(), Some("pm_1"));
    assert_eq!(read.decline.unwrap().code, "setup_intent_authentication_failure");
    let least = setup(&json!({"id": "seti_1", "status": "requires_magic"})).unwrap();
    assert_eq!(least.status, SetupStatus::Unknown("requires_magic".to_owned()));
    assert!(least.card.is_none() && least.decline.is_none() && least.setup.is_none());
    for (word, status) in [
        ("succeeded", SetupStatus::Succeeded),
        ("requires_payment_method", SetupStatus::RequiresPaymentMethod),
        ("processing", SetupStatus::Processing),
        ("canceled", SetupStatus::Canceled),
    ] {
        assert_eq!(setup(&json!({"id": "seti_1", "status": word})).unwrap().status, status);
    }
    assert_eq!(setup(&json!({"status": "succeeded"})), None);
}

#[test]
fn a_dispute_says_where_the_money_is() {
    let object = |status: &str| {
        json!({
            "id": "dp_1", "payment_intent": "pi_1", "amount": 2500, "currency": "usd",
            "reason": "fraudulent", "status": status, "evidence_details": { "due_by": 1_796_601_599 },
        })
    };
    let read = dispute(&object("needs_response")).unwrap();
    assert_eq!((read.id.as_str(), read.intent.as_str()), ("dp_1", "pi_1"));
    assert_eq!(read.amount, Money::from_micros(25_000_000, Currency::Usd));
    assert_eq!((read.reason.as_str(), read.live), ("fraudulent", false));
    assert_eq!(read.answer_by, Some(Timestamp::from_millis(1_796_601_599_000)));
    let mut no_answer = object("lost");
    for due_by in [json!(null), json!(i64::MAX), json!("soon")] {
        no_answer["evidence_details"]["due_by"] = due_by;
        assert_eq!(dispute(&no_answer).unwrap().answer_by, None);
    }
    for (word, status) in [
        ("needs_response", DisputeStatus::NeedsResponse),
        ("appeal_needs_response", DisputeStatus::NeedsResponse),
        ("under_review", DisputeStatus::UnderReview),
        ("appeal_under_review", DisputeStatus::UnderReview),
        ("won", DisputeStatus::Won),
        ("lost", DisputeStatus::Lost),
        ("warning_needs_response", DisputeStatus::Inquiry),
        ("warning_under_review", DisputeStatus::Inquiry),
        ("warning_closed", DisputeStatus::Closed("warning_closed".to_owned())),
        ("prevented", DisputeStatus::Closed("prevented".to_owned())),
        ("settled_by_duel", DisputeStatus::Unknown("settled_by_duel".to_owned())),
    ] {
        assert_eq!(dispute(&object(word)).unwrap().status, status, "{word}");
    }
    let mut of_no_intent = object("won");
    of_no_intent["payment_intent"] = Value::Null;
    assert_eq!(dispute(&of_no_intent), None);
}
