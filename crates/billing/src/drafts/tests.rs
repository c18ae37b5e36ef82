//! What people type, and what comes over the wire.

use super::*;
use crate::Currency;

fn draft(email: &str, starting_balance: &str, message: &str) -> BillingRequestDraft {
    BillingRequestDraft {
        email: email.to_owned(),
        starting_balance: starting_balance.to_owned(),
        message: message.to_owned(),
    }
}

#[test]
fn every_wrong_field_is_named_at_once() {
    let policy = Policy::standard(Currency::Usd);
    let problems = draft("dana@", "24.99", " ").parse(&policy).unwrap_err();
    let named: Vec<_> = problems.iter().map(|p| (p.pointer.as_str(), p.code.as_str())).collect();
    assert_eq!(
        named,
        [
            ("/email", "not_an_address"),
            ("/starting_balance", "below_minimum"),
            ("/message", "required"),
        ]
    );
    assert_eq!(problems[1].detail, "The amount must be at least $25.00.");
}

#[test]
fn the_limits_of_the_starting_balance() {
    let policy = Policy::standard(Currency::Usd);
    for (typed, code) in [
        ("24.99", "below_minimum"),
        ("-30", "below_minimum"),
        ("1e9", "not_a_number"),
        ("1000000000", "above_maximum"),
        ("25.001", "too_precise"),
        ("1,000", "thousands_separator"),
        ("€30", "wrong_currency"),
        ("", "required"),
    ] {
        let problems = draft("dana@brightwater.co", typed, "Hi").parse(&policy).unwrap_err();
        assert_eq!(problems.len(), 1, "{typed}");
        assert_eq!(problems[0].code, code, "{typed}");
    }
    let terms = draft("dana@brightwater.co", "$25", "Hi").parse(&policy).unwrap();
    assert_eq!(parse_billing_request(&terms.body(), &policy).unwrap(), terms);
}
