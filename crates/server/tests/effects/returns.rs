//! The way back: the refund, by a return or by hand, the look for a refund that nobody heard of, and the card that is forgotten.

use billing::funding::{Command, Phase, ReturnChoice};
use reqwest::Method;
use serde_json::json;
use server::reconcile;

use super::{
    cells::{Cell, Crash, Effect},
    hold::{Call, Hold, Side},
    office::{Office, usd},
    scene::{almost, arm, disarm, forget_the_end, given_up, hold_gateway, open, paid, start_again},
};

const REFUNDS: &str = "/v1/refunds";
const DETACH: &str = "/v1/payment_methods/*/detach";

pub async fn run(cell: Cell) -> u32 {
    let mut office = open().await;
    paid(&office).await;
    let (call, job, choice) = match cell.effect {
        Effect::Detach => (Call::Detach, "detach", ReturnChoice::Transfer),
        _ => (Call::Refund, "refund", ReturnChoice::Refund),
    };
    let back = match cell.effect {
        Effect::RefundByHand => {
            let payment = office.payments().await[0].payment.id;
            Command::RefundPayment { payment, amount: usd(40) }
        }
        _ => Command::AddToAgency { choice, take_over_negative: false },
    };
    match cell.effect {
        Effect::Refund | Effect::RefundByHand => arm(&office, cell, "POST", REFUNDS).await,
        Effect::Detach => arm(&office, cell, "POST", DETACH).await,
        _ => {
            refund_unheard(&office, &back).await;
            arm(&office, cell, "GET", REFUNDS).await;
        }
    }

    if cell.crash == Crash::BeforeIntent {
        almost(&office, back.clone()).await;
        office = start_again(office).await;
        assert_eq!(office.own_balance().await, usd(100), "{cell:?}");
    }
    if !cell.is_look_up() {
        office.order(back).await.unwrap();
    }
    let hold = match cell.crash {
        Crash::AfterIntent => Hold::at(call, Side::Before),
        Crash::AfterCall => Hold::at(call, Side::After),
        _ => Hold::nowhere(),
    };
    hold_gateway(&mut office, cell, call, &hold);
    office.clock.forward(120);
    match cell.crash {
        Crash::AfterIntent | Crash::AfterCall => hold.kill_at_it(office.work()).await,
        _ => office.work().await,
    }
    if cell.crash == Crash::AfterResult {
        forget_the_end(&office, job);
    }
    if !matches!(cell.crash, Crash::Never | Crash::BeforeIntent) {
        office = start_again(office).await;
        hold_gateway(&mut office, cell, call, &Hold::nowhere());
    }
    office.work_on().await;
    let fired = disarm(&office).await;
    assert_eq!(fired, cell.expected_faults(), "{cell:?}: faults");
    match cell.effect {
        Effect::Detach => assert_forgotten(&office, cell).await,
        Effect::RefundByHand => assert_refunded(&office, cell).await,
        _ => assert_returned(&office, cell).await,
    }
    fired
}

/// A refund that was made, answered with 500, and could not be looked up: its job will look first.
async fn refund_unheard(office: &Office, back: &Command) {
    // The look before the refund is a plain one.
    for (method, fault) in
        [("GET", "slow"), ("POST", "error_500_with_effect"), ("GET", "rate_limited")]
    {
        let fault = json!({ "method": method, "path": REFUNDS, "fault": fault, "delay_ms": 0 });
        office.sandbox.send(Method::POST, "/_sandbox/faults", fault.to_string()).await;
    }
    office.order(back.clone()).await.unwrap();
    office.work().await;
    assert_eq!(disarm(office).await, 3);
    assert_eq!(office.sandbox.count("refunds").await, 1);
}

async fn assert_returned(office: &Office, cell: Cell) {
    let refunded = !cell.is_refused();
    assert_eq!(office.sandbox.count("refunds").await, usize::from(refunded), "{cell:?}");
    // What no card takes goes to whoever pays now.
    assert_eq!(office.own_balance().await, usd(0), "{cell:?}");
    let agency = office.balance(billing::ledger::Book::Agency).await;
    assert_eq!(agency, usd(if refunded { 0 } else { 100 }), "{cell:?}");
    office.assert_sound().await;
}

/// Who asked for none of it goes on paying.
async fn assert_refunded(office: &Office, cell: Cell) {
    let refunded = !cell.is_refused();
    let books = office.sandbox.books().await;
    assert_eq!(books["refunds"].as_array().unwrap().len(), usize::from(refunded), "{cell:?}");
    let back = if refunded { 40 } else { 0 };
    assert_eq!(books["totals"]["usd"]["refunded"].as_i64().unwrap_or(0), back * 100, "{cell:?}");
    assert_eq!(office.own_balance().await, usd(100 - back), "{cell:?}");
    assert_eq!(office.funding().await.phase(), Phase::Customer, "{cell:?}");
    assert_eq!(given_up(office).await, 0, "{cell:?}");
    office.assert_sound().await;
}

async fn assert_forgotten(office: &Office, cell: Cell) {
    assert_eq!(office.balance(billing::ledger::Book::Agency).await, usd(100), "{cell:?}");
    let books = office.sandbox.books().await;
    let forgotten = books["payment_methods"][0]["customer"].is_null();
    assert_eq!(forgotten, !cell.is_refused(), "{cell:?}: {books:#}");
    let told = office.sandbox.send(Method::GET, "/v1/events?limit=100", String::new()).await;
    let told = told["data"].as_array().unwrap().iter();
    let detached = told.filter(|event| event["type"] == "payment_method.detached").count();
    assert_eq!(detached, usize::from(forgotten), "{cell:?}");
    if forgotten {
        return office.assert_sound().await;
    }
    // The gateway keeps the card whatever we do: a person is told, and the money is right all the same.
    office.assert_money().await;
    assert_eq!(given_up(office).await, 1, "{cell:?}");
    let stripe = office.sandbox.stripe();
    let report = reconcile::reconcile(&office.deps.store, &stripe).await.unwrap();
    assert_eq!(report.differences.len(), 1, "{cell:?}: {report:#?}");
}
