//! A pay view is read as it was written, in every state.

use super::*;

fn view(state: PayState) -> PayView {
    let money = |units: i64| Money::from_micros(units * 1_000_000, crate::Currency::Usd);
    PayView {
        agency_name: Name::parse("Northwind Media").unwrap(),
        stylesheet: Some("/brand/agy_1/abc.css".to_owned()),
        account_name: Name::parse("Brightwater Plumbing").unwrap(),
        email: EmailAddress::parse("dana@brightwater.co").unwrap(),
        message: Some(MessageText::parse("Hi Dana").unwrap()),
        balance: None,
        starting_balance: money(100),
        usage: Some(money(3)),
        requested_at: Timestamp::from_millis(1_795_360_000_000),
        minimum: money(25),
        maximum: money(10_000),
        presets: vec![money(25), money(50)],
        expires_at: Timestamp::from_millis(1_795_363_809_250),
        gateway: GatewayInfo {
            script_url: "https://gateway.example/stripe.js".to_owned(),
            publishable_key: "pk_test_1".to_owned(),
            test_mode: true,
        },
        state,
    }
}

#[test]
fn every_state_is_read_as_it_was_written() {
    let amount = Money::from_micros(100_000_000, crate::Currency::Usd);
    let at = Timestamp::from_millis(1_795_363_809_250);
    let failure = PaymentFailure {
        code: "card_declined".to_owned(),
        message: "Your card was declined.".to_owned(),
        advice: None,
        at,
    };
    let card = Card {
        payment_method: None,
        brand: "visa".to_owned(),
        last4: "4242".to_owned(),
        exp_month: 12,
        exp_year: 2034,
    };
    for state in [
        PayState::Open { last_failure: None },
        PayState::Open { last_failure: Some(failure) },
        PayState::Processing { amount },
        PayState::ActionRequired { amount, client_secret: "pi_1_secret_2".to_owned() },
        PayState::Paid { amount, paid_at: at, card: Some(card) },
        PayState::Paid { amount, paid_at: at, card: None },
        PayState::PaidBack { amount },
        PayState::AlreadyPaid,
        PayState::Expired,
        PayState::Revoked,
        PayState::Replaced,
        PayState::AgencyPays,
    ] {
        let json = serde_json::to_string(&view(state.clone())).unwrap();
        assert_eq!(serde_json::from_str::<PayView>(&json).unwrap(), view(state.clone()), "{json}");
        let top_up = PayView { message: None, balance: Some(amount), usage: None, ..view(state) };
        let json = serde_json::to_string(&top_up).unwrap();
        assert_eq!(serde_json::from_str::<PayView>(&json).unwrap(), top_up, "{json}");
    }
}

#[test]
fn a_state_without_its_fields_is_refused() {
    for (state, field) in
        [("processing", "amount"), ("action_required", "amount"), ("paid", "amount")]
    {
        let json = serde_json::to_string(&view(PayState::Revoked)).unwrap();
        let json = json.replace("revoked", state);
        let error = serde_json::from_str::<PayView>(&json).unwrap_err().to_string();
        assert!(error.contains(field), "{error}");
    }
}
