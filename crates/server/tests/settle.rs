//! The one settle function: however often and in whatever order the answer, the webhook and the reconciler tell of a payment,
//! it is booked once and flips the funding once. Against the real sandbox, on a real SQLite file.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    missing_docs,
    reason = "a test that cannot go on has failed; the support files serve several suites"
)]

#[path = "support/office.rs"]
mod office;
#[path = "support/sandbox.rs"]
mod sandbox;

use billing::{
    api::PayState,
    funding::{Command, DeadLink, PaymentStatus, Phase, Refusal, ReturnChoice},
    ledger::Book,
};
use office::{Office, usd};
use server::{execute::ExecuteError, jobs::WebhookRefused, pay::PayError};

const INTENTS: &str = "/v1/payment_intents";
const SUCCEEDED: &str = "payment_intent.succeeded";

#[tokio::test]
async fn a_paid_request_flips_the_funding_and_tells_both_sides() {
    let office = Office::open().await;
    let (_, token) = office.ask().await;
    let view = office.pay(&token, "visa").await.unwrap();
    assert!(matches!(view.state, PayState::Paid { amount, .. } if amount == usd(100)), "{view:?}");
    assert_eq!(office.funding().await.phase(), Phase::Customer);
    assert_eq!(office.own_balance().await, usd(100));
    office.work().await;
    let mails = office.mails().await;
    assert_eq!(mails.len(), 3, "request, receipt, notice: {mails:#?}");
    office.assert_sound().await;
}

/// The ways to hear of a payment. The answer is heard or lost; then the others tell, in every order.
#[tokio::test]
async fn every_order_of_answer_webhook_and_reconciler_leads_to_one_state() {
    let office_of = |answer_heard: bool, order: [&'static str; 3]| async move {
        let office = Office::open().await;
        let (_, token) = office.ask().await;
        if !answer_heard {
            office.sandbox.fault("POST", INTENTS, "timeout_with_effect").await;
        }
        let view = office.pay(&token, "visa").await.unwrap();
        if answer_heard {
            assert!(matches!(view.state, PayState::Paid { .. }), "{view:?}");
        } else {
            assert!(matches!(view.state, PayState::Processing { .. }), "{view:?}");
            assert_eq!(office.switches().await, 0);
        }
        let books = office.sandbox.books().await;
        let intent = books["payment_intents"][0]["id"].as_str().unwrap().to_owned();
        for news in order {
            match news {
                "webhook" => office.webhook("evt_1", SUCCEEDED, &intent).await,
                // The same fact under another event's id, as a second endpoint would send it.
                "again" => office.webhook("evt_2", SUCCEEDED, &intent).await,
                _ => {
                    office.work_on().await;
                    Ok(())
                }
            }
            // The webhook may be the first to tell, when only its metadata names our payment.
            .unwrap_or_else(|error: WebhookRefused| panic!("{error}"));
        }
        office.work_on().await;
        office.work_on().await;
        assert_eq!(office.switches().await, 1, "{answer_heard} {order:?}");
        assert_eq!(office.own_balance().await, usd(100), "{answer_heard} {order:?}");
        assert_eq!(office.sandbox.count("payment_intents").await, 1);
        office.assert_sound().await;
    };
    for answer_heard in [true, false] {
        for order in [
            ["webhook", "again", "reconciler"],
            ["webhook", "reconciler", "again"],
            ["again", "webhook", "reconciler"],
            ["again", "reconciler", "webhook"],
            ["reconciler", "webhook", "again"],
            ["reconciler", "again", "webhook"],
        ] {
            office_of(answer_heard, order).await;
        }
    }
}

#[tokio::test]
async fn an_event_delivered_twice_counts_once_and_a_forged_one_not_at_all() {
    let office = Office::open().await;
    let (_, token) = office.ask().await;
    office.pay(&token, "visa").await.unwrap();
    let intent = office.payments().await[0].intent.clone().unwrap();
    for _ in 0..3 {
        office.webhook("evt_1", SUCCEEDED, &intent).await.unwrap();
    }
    assert_eq!(office.switches().await, 1);
    let (header, mut body) = office.sign(&serde_json::json!({ "id": "evt_9" }));
    body.push(b' ');
    let refused = server::jobs::take_webhook(&office.deps, &header, &body).await;
    assert!(matches!(refused, Err(WebhookRefused::Signature(_))), "{refused:?}");
}

#[tokio::test]
async fn a_500_after_charging_is_looked_up_and_not_charged_again() {
    let office = Office::open().await;
    let (_, token) = office.ask().await;
    office.sandbox.fault("POST", INTENTS, "error_500_with_effect").await;
    let view = office.pay(&token, "visa").await.unwrap();
    assert!(matches!(view.state, PayState::Processing { .. }), "{view:?}");
    office.work_on().await;
    assert_eq!(office.switches().await, 1);
    assert_eq!(office.sandbox.count("payment_intents").await, 1);
    office.assert_sound().await;
}

#[tokio::test]
async fn the_loop_takes_no_payment_from_the_request_that_waits_for_it() {
    let office = Office::open().await;
    let (_, token) = office.ask().await;
    let loops = async {
        loop {
            office.work().await;
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        view = office.pay(&token, "visa") => {
            let view = view.unwrap();
            assert!(matches!(view.state, PayState::Paid { .. }), "{view:?}");
        }
        () = loops => {}
    }
    office.assert_sound().await;
}

#[tokio::test]
async fn a_gateway_that_is_down_charges_nothing_and_later_once() {
    let office = Office::open().await;
    let (_, token) = office.ask().await;
    office.sandbox.fault("POST", INTENTS, "timeout_without_effect").await;
    let view = office.pay(&token, "visa").await.unwrap();
    assert!(matches!(view.state, PayState::Processing { .. }), "{view:?}");
    assert_eq!(office.own_balance().await, usd(0));
    office.work_on().await;
    assert_eq!(office.switches().await, 1);
    office.assert_sound().await;
}

#[tokio::test]
async fn a_decline_tells_the_gateways_reason_and_leaves_the_link_open() {
    let office = Office::open().await;
    let (_, token) = office.ask().await;
    let view = office.pay(&token, "chargeDeclinedInsufficientFunds").await.unwrap();
    let PayState::Open { last_failure: Some(failure) } = view.state else { panic!("{view:?}") };
    assert_eq!(failure.code, "insufficient_funds");
    assert_eq!(office.funding().await.phase(), Phase::Requested);
    office.clock.forward(1);
    office.pay(&token, "visa").await.unwrap();
    assert_eq!(office.switches().await, 1);
    office.assert_sound().await;
}

#[tokio::test]
async fn authentication_passes_or_fails() {
    for passes in [true, false] {
        let office = Office::open().await;
        let (_, token) = office.ask().await;
        let view = office.pay(&token, "authenticationRequired").await.unwrap();
        assert!(matches!(view.state, PayState::ActionRequired { .. }), "{view:?}");
        let intent = office.payments().await[0].intent.clone().unwrap();
        office.sandbox.authenticate(&intent, passes).await;
        let view = server::pay::view(&office.deps, &token).await.unwrap();
        if passes {
            assert!(matches!(view.state, PayState::Paid { .. }), "{view:?}");
        } else {
            let open = matches!(view.state, PayState::Open { last_failure: Some(_) });
            assert!(open, "{view:?}");
        }
        assert_eq!(office.switches().await, usize::from(passes));
        office.work_on().await;
        office.assert_sound().await;
    }
}

#[tokio::test]
async fn a_customer_who_never_authenticates_is_not_waited_for() {
    let office = Office::open().await;
    let (_, token) = office.ask().await;
    office.pay(&token, "authenticationRequired").await.unwrap();
    office.clock.forward(2 * 60 * 60);
    office.work_on().await;
    assert_eq!(office.funding().await.phase(), Phase::Requested);
    assert_eq!(office.payments().await[0].payment.status, PaymentStatus::Failed);
    office.assert_sound().await;
}

#[tokio::test]
async fn a_payment_that_settles_after_the_request_was_revoked_is_honoured_and_told() {
    let office = Office::open().await;
    let (request, token) = office.ask().await;
    office.sandbox.fault("POST", INTENTS, "timeout_with_effect").await;
    office.pay(&token, "visa").await.unwrap();
    office.order(Command::RevokeRequest { request }).await.unwrap();
    assert_eq!(office.funding().await.phase(), Phase::Agency);
    office.work_on().await;
    assert_eq!(office.funding().await.phase(), Phase::Customer);
    assert_eq!(office.own_balance().await, usd(100));
    let view = server::pay::view(&office.deps, &token).await.unwrap();
    assert!(matches!(view.state, PayState::Paid { .. }), "{view:?}");
    office.assert_sound().await;
}

#[tokio::test]
async fn of_two_payments_for_one_account_the_second_goes_back_to_its_card() {
    let office = Office::open().await;
    let (_, first) = office.ask().await;
    let view = office.pay(&first, "authenticationRequired").await.unwrap();
    assert!(matches!(view.state, PayState::ActionRequired { .. }), "{view:?}");
    let waiting = office.payments().await[0].intent.clone().unwrap();
    // Other terms; the customer pays these, then finishes the first after all, before its cancellation gets through.
    office.sandbox.fault("POST", "/v1/payment_intents/*/cancel", "rate_limited").await;
    office.clock.forward(1);
    let (_, second) = office.ask().await;
    office.pay(&second, "visa").await.unwrap();
    assert_eq!(office.funding().await.phase(), Phase::Customer);
    office.sandbox.authenticate(&waiting, true).await;
    office.webhook("evt_late", SUCCEEDED, &waiting).await.unwrap();
    office.work_on().await;
    assert_eq!((office.switches().await, office.own_balance().await), (1, usd(100)));
    let view = server::pay::view(&office.deps, &first).await.unwrap();
    assert!(matches!(view.state, PayState::PaidBack { .. }), "{view:?}");
    let mails = office.mails().await;
    let told = mails.iter().filter(|mail| mail.contains("goes back") || mail.contains("returned"));
    assert!(told.count() >= 2, "both sides are told: {mails:#?}");
    office.assert_sound().await;
}

#[tokio::test]
async fn two_clicks_charge_once() {
    let office = Office::open().await;
    let (_, token) = office.ask().await;
    let (first, second) = tokio::join!(
        office.pay_with(&token, "visa", "one"),
        office.pay_with(&token, "visa", "two"),
    );
    let paid = |view: &Result<billing::api::PayView, PayError>| matches!(view, Ok(view) if matches!(view.state, PayState::Paid { .. }));
    assert!(paid(&first) || paid(&second), "{first:?} {second:?}");
    office.work_on().await;
    assert_eq!(office.sandbox.count("payment_intents").await, 1);
    assert_eq!((office.switches().await, office.own_balance().await), (1, usd(100)));
    office.assert_sound().await;
}

#[tokio::test]
async fn a_repeated_key_answers_the_same_and_charges_once() {
    let office = Office::open().await;
    let (_, token) = office.ask().await;
    let confirmation_token = office.sandbox.token("visa").await;
    let body = billing::api::PayBody { amount: usd(100).into(), usage: None, confirmation_token };
    let raw = serde_json::to_vec(&body).unwrap();
    let pay = || server::pay::pay(&office.deps, &token, "key", &raw, &body, "test");
    let first = pay().await.unwrap();
    let again = pay().await.unwrap();
    assert_eq!(first, again);
    let other = server::pay::pay(&office.deps, &token, "key", b"{}", &body, "test").await;
    assert!(matches!(other, Err(PayError::IdempotencyMismatch)), "{other:?}");
    assert_eq!(office.sandbox.count("payment_intents").await, 1);
}

#[tokio::test]
async fn add_to_agency_billing_moves_the_balance_and_forgets_the_card() {
    let office = Office::open().await;
    let (_, token) = office.ask().await;
    office.pay(&token, "visa").await.unwrap();
    let back = Command::AddToAgency { choice: ReturnChoice::Transfer, take_over_negative: false };
    office.order(back).await.unwrap();
    office.work().await;
    assert_eq!(office.balance(Book::Agency).await, usd(100));
    assert_eq!(office.own_balance().await, usd(0));
    let books = office.sandbox.books().await;
    assert!(books["payment_methods"][0]["customer"].is_null(), "{books:#}");
    let mails = office.mails().await;
    assert_eq!(mails.len(), 5, "request, receipt, notice, and both told of the end: {mails:#?}");
    office.assert_sound().await;
}

#[tokio::test]
async fn add_to_agency_billing_may_refund_to_the_card_instead() {
    let office = Office::open().await;
    let (_, token) = office.ask().await;
    office.pay(&token, "visa").await.unwrap();
    let back = Command::AddToAgency { choice: ReturnChoice::Refund, take_over_negative: false };
    office.sandbox.fault("POST", "/v1/refunds", "error_500_with_effect").await;
    office.order(back).await.unwrap();
    office.work_on().await;
    assert_eq!((office.balance(Book::Agency).await, office.own_balance().await), (usd(0), usd(0)));
    assert_eq!(office.sandbox.count("refunds").await, 1);
    office.assert_sound().await;
}

#[tokio::test]
async fn an_expired_request_is_dead_and_its_agency_is_told() {
    let office = Office::open().await;
    let (_, token) = office.ask().await;
    office.clock.forward(8 * 24 * 60 * 60);
    let refused = office.pay(&token, "visa").await;
    let expired = Refusal::LinkDead { why: DeadLink::Expired };
    assert!(matches!(&refused, Err(PayError::Refused(why)) if *why == expired), "{refused:?}");
    office.work().await;
    assert_eq!(office.funding().await.phase(), Phase::Agency);
    let view = server::pay::view(&office.deps, &token).await.unwrap();
    assert_eq!(view.state, PayState::Expired);
    assert_eq!(office.sandbox.count("payment_intents").await, 0);
}

#[tokio::test]
async fn whoever_comes_second_is_told_who_was_first() {
    let office = Office::open().await;
    let seen = office.funding().await.version;
    let (request, _) = office.ask().await;
    let tools = server::execute::Tools::of(&office.deps);
    let (scope, sub_account) = (office.scope, office.account);
    let order = server::execute::Order {
        sub_account,
        command: Command::RevokeRequest { request },
        seen: Some(seen),
        origin: server::execute::Origin::new(billing::funding::Actor::system("test"), "test"),
    };
    let second = office
        .deps
        .store
        .write(move |tx| server::execute::execute(tx, &tools, scope, &order))
        .await;
    let Err(error @ ExecuteError::VersionMismatch { .. }) = second else { panic!("{second:?}") };
    let told = "Sluice (test) sent a billing request to dana@brightwater.example meanwhile. \
                Look again before you go on.";
    assert_eq!(error.to_string(), told);
    assert_eq!(office.funding().await.phase(), Phase::Requested);
}

#[tokio::test]
async fn a_command_is_one_transaction() {
    let office = Office::open().await;
    let before = office.deps.store.commits();
    let request = billing::RequestId::new(office.deps.clock.now(), [1; 10]);
    office
        .order(Command::RequestBilling {
            request,
            email: billing::text::EmailAddress::parse("dana@brightwater.example").unwrap(),
            starting_balance: usd(25),
            message: billing::text::MessageText::parse("Hi").unwrap(),
        })
        .await
        .unwrap();
    assert_eq!(office.deps.store.commits() - before, 1);
}
