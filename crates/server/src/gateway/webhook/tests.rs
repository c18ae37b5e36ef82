use super::*;

const SECRET: &str = "whsec_right";
const NOW_SECONDS: i64 = 1_795_363_809;

fn now() -> Timestamp {
    Timestamp::from_millis(NOW_SECONDS * 1_000 + 700)
}

fn digest(secret: &str, time: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(time.as_bytes());
    mac.update(b".");
    mac.update(body);
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn header(secret: &str, time: i64, body: &[u8]) -> String {
    format!("t={time},v1={}", digest(secret, &time.to_string(), body))
}

fn payment() -> PaymentId {
    PaymentId::new(now(), [3; 10])
}

fn event() -> Vec<u8> {
    serde_json::json!({
        "id": "evt_1",
        "object": "event",
        "created": NOW_SECONDS - 2,
        "type": "payment_intent.succeeded",
        "data": { "object": {
            "id": "pi_1", "object": "payment_intent", "amount": 2500,
            "metadata": { "payment_id": payment().to_string() },
        } },
        "something": ["new"],
    })
    .to_string()
    .into_bytes()
}

fn signed(body: &[u8]) -> Result<WebhookEvent, WebhookError> {
    verify(SECRET, &header(SECRET, NOW_SECONDS, body), body, now())
}

#[test]
fn a_genuine_event_says_what_it_is_about() {
    assert_eq!(
        signed(&event()),
        Ok(WebhookEvent {
            id: "evt_1".to_owned(),
            kind: "payment_intent.succeeded".to_owned(),
            object_id: "pi_1".to_owned(),
            payment: Some(payment()),
            setup: None,
            intent_id: Some("pi_1".to_owned()),
            created: Timestamp::from_millis((NOW_SECONDS - 2) * 1_000),
        })
    );
}

/// Signed by hand with `openssl dgst -sha256 -hmac whsec_vector`, not by the code under test.
#[test]
fn the_signature_is_hmac_sha_256_over_time_point_body() {
    let header = "t=1700000000,v1=47f30471a61b528784edbb5b91b51d620f7b774db333e62ed9c1b04d31a9158e";
    let body = br#"{"id":"evt_v","type":"ping","data":{"object":{}}}"#;
    let at = Timestamp::from_millis(1_700_000_000_000);
    assert_eq!(verify("whsec_vector", header, body, at).map(|event| event.id), Ok("evt_v".into()));
}

#[test]
fn a_signature_is_good_for_five_minutes_either_way() {
    let body = event();
    for (offset, expected) in [
        (-301, Err(WebhookError::Stale)),
        (-300, Ok(())),
        (300, Ok(())),
        (301, Err(WebhookError::Stale)),
        (i64::MAX - NOW_SECONDS, Err(WebhookError::Stale)),
    ] {
        let header = header(SECRET, NOW_SECONDS + offset, &body);
        assert_eq!(verify(SECRET, &header, &body, now()).map(|_| ()), expected, "{offset}");
    }
}

#[test]
fn a_forged_event_is_not_taken() {
    let body = event();
    let good = header(SECRET, NOW_SECONDS, &body);
    let mut changed = body.clone();
    *changed.last_mut().unwrap() = b' ';
    let time = format!("t={}", NOW_SECONDS + 1);
    let moved = good.replace(&format!("t={NOW_SECONDS}"), &time);
    for (secret, header, body) in [
        ("whsec_other", &good, &body),
        (SECRET, &good, &changed),
        (SECRET, &moved, &body),
        (SECRET, &header("whsec_wrong", NOW_SECONDS, &body), &body),
    ] {
        assert_eq!(verify(secret, header, body, now()), Err(WebhookError::Forged), "{header}");
    }
    let empty = header("", NOW_SECONDS, &body);
    assert_eq!(verify("", &empty, &body, now()), Err(WebhookError::Forged));
}

#[test]
fn a_header_that_is_none_is_refused() {
    let body = event();
    let digest = digest(SECRET, &NOW_SECONDS.to_string(), &body);
    let cut = &digest[..63];
    let long = format!("t={NOW_SECONDS}{}", format!(",v1={digest}").repeat(40));
    for header in [
        "",
        "t=",
        "nonsense",
        &format!("t={NOW_SECONDS}"),
        &format!("v1={digest}"),
        &format!("t={NOW_SECONDS},v1={cut}"),
        &format!("t={NOW_SECONDS},v1={cut}g"),
        &format!("t={NOW_SECONDS},v0={digest}"),
        &format!("t=-{NOW_SECONDS},v1={digest}"),
        &format!("t=99999999999999999999,v1={digest}"),
        &format!("t={NOW_SECONDS},v1={}", "é".repeat(32)),
        &long,
    ] {
        assert_eq!(verify(SECRET, header, &body, now()), Err(WebhookError::Header), "{header}");
    }
}

#[test]
fn one_right_signature_of_several_is_enough() {
    let body = event();
    let (time, other) = (NOW_SECONDS.to_string(), "0".repeat(64));
    let right = digest(SECRET, &time, &body);
    for header in [
        format!("t={time},v1={other},v1={right}"),
        format!("t={time}, v1={right}, v1={other}, v0=x"),
        format!("v1={},t={time}", right.to_uppercase()),
    ] {
        assert!(verify(SECRET, &header, &body, now()).is_ok(), "{header}");
    }
}

#[test]
fn a_body_that_is_no_event_is_unreadable_even_when_signed() {
    for body in [
        &b""[..],
        b"\xff\xfe{}",
        b"{\"id\":\"evt_\xff\",\"type\":\"a\",\"data\":{\"object\":{}}}",
        b"[]",
        b"{\"id\":\"evt_1\"",
        b"{\"id\":\"evt_1\",\"type\":\"a\"}",
        b"{\"type\":\"a\",\"data\":{\"object\":{}}}",
        &b"[".repeat(10_000),
    ] {
        assert_eq!(signed(body), Err(WebhookError::Unreadable));
    }
    assert_eq!(signed(&vec![b' '; BODY_MAX_BYTES + 1]), Err(WebhookError::TooLong));
}

#[test]
fn events_about_other_objects_lead_to_their_payment() {
    let about = |object: Value| {
        let body = serde_json::json!({"id": "evt_2", "type": "x", "data": {"object": object}});
        signed(body.to_string().as_bytes()).unwrap()
    };
    let refund = about(serde_json::json!({
        "id": "re_1", "object": "refund", "payment_intent": "pi_9",
        "metadata": {"refund": format!("{}-2", payment())},
    }));
    assert_eq!(refund.payment, Some(payment()));
    assert_eq!(refund.intent_id.as_deref(), Some("pi_9"));
    let dispute = about(serde_json::json!({
        "id": "dp_1", "object": "dispute", "payment_intent": "pi_9", "charge": "ch_1", "metadata": {},
    }));
    assert_eq!((dispute.object_id.as_str(), dispute.intent_id.as_deref()), ("dp_1", Some("pi_9")));
    let name = SetupId::new(now(), [4; 10]);
    let setup = about(serde_json::json!({
        "id": "seti_1", "object": "setup_intent", "metadata": {"setup": name.to_string()},
    }));
    assert_eq!((setup.object_id.as_str(), setup.setup), ("seti_1", Some(name)));
    assert_eq!((setup.intent_id, setup.payment), (None, None));
    let charge = about(serde_json::json!({"id": "ch_1", "payment_intent": {"id": "pi_8"}}));
    assert_eq!((charge.intent_id.as_deref(), charge.payment), (Some("pi_8"), None));
    let stranger = about(serde_json::json!({"id": 7, "metadata": {"payment_id": "pay_not"}}));
    assert_eq!(
        (stranger.object_id.as_str(), stranger.payment, stranger.intent_id),
        ("", None, None)
    );
}
