//! Payments: the gateway's customer, the charge, and the look for a charge that nobody heard of.

use super::{
    cells::{Answer, Cell, Crash, Effect},
    hold::{Call, Hold, Side},
    office::{Office, usd},
    scene::{arm, disarm, forget_the_end, hold_gateway, open, start_again},
};

const INTENTS: &str = "/v1/payment_intents";

pub async fn run(cell: Cell) -> u32 {
    let mut office = open().await;
    let (_, token) = office.ask().await;
    let (call, path) = match cell.effect {
        Effect::Customer => (Call::CreateCustomer, "/v1/customers"),
        Effect::Charge => (Call::Charge, INTENTS),
        _ => {
            charge_unheard(&office, &token).await;
            (Call::FindIntent, INTENTS)
        }
    };
    let method = if cell.is_look_up() { "GET" } else { "POST" };
    arm(&office, cell, method, path).await;

    let result_is_a_step = cell.effect == Effect::Customer && cell.answer == Answer::Ok;
    let hold = match cell.crash {
        Crash::BeforeIntent => Hold::at(Call::CardOf, Side::Before),
        Crash::AfterIntent => Hold::at(call, Side::Before),
        Crash::AfterCall => Hold::at(call, Side::After),
        Crash::AfterResult if result_is_a_step => Hold::at(Call::Charge, Side::Before),
        Crash::AfterResult | Crash::Never => Hold::nowhere(),
    };
    hold_gateway(&mut office, cell, call, &hold);
    let held = !matches!(cell.crash, Crash::AfterResult | Crash::Never)
        || (cell.crash == Crash::AfterResult && result_is_a_step);
    if held {
        hold.kill_at_it(act(&office, cell, &token)).await;
    } else {
        act(&office, cell, &token).await;
    }
    if cell.crash == Crash::AfterResult {
        forget_the_end(&office, "confirm");
    }
    if cell.crash != Crash::Never {
        office = start_again(office).await;
        hold_gateway(&mut office, cell, call, &Hold::nowhere());
    }
    if cell.crash == Crash::BeforeIntent {
        assert!(office.payments().await.is_empty());
        act(&office, cell, &token).await;
    }
    office.work_on().await;
    assert_paid(&office, cell).await
}

/// A charge that was made and answered with 500.
async fn charge_unheard(office: &Office, token: &str) {
    office.sandbox.fault("POST", INTENTS, "error_500_with_effect").await;
    office.pay(token, "visa").await.unwrap();
    assert_eq!(disarm(office).await, 1);
    assert_eq!((office.switches().await, office.sandbox.count("payment_intents").await), (0, 1));
}

async fn act(office: &Office, cell: Cell, token: &str) {
    if cell.is_look_up() {
        office.clock.forward(120);
        office.work().await;
    } else {
        // The same key: the page sends what it got no answer to once more.
        office.pay_with(token, "visa", "key").await.unwrap();
    }
}

async fn assert_paid(office: &Office, cell: Cell) -> u32 {
    let fired = disarm(office).await;
    assert_eq!(fired, cell.expected_faults(), "{cell:?}: faults");
    let paid = !cell.is_refused();
    assert_eq!(office.switches().await, usize::from(paid), "{cell:?}");
    assert_eq!(office.own_balance().await, usd(if paid { 100 } else { 0 }), "{cell:?}");
    let books = office.sandbox.books().await;
    let count = |kind: &str| books[kind].as_array().unwrap().len();
    assert_eq!(count("payment_intents"), usize::from(paid), "{cell:?}: {books:#}");
    assert_eq!(
        books["totals"]["usd"]["captured"].as_i64().unwrap_or(0),
        if paid { 10_000 } else { 0 }
    );
    let customers = match (cell.effect, cell.answer) {
        (Effect::Customer, Answer::Refused) => 0,
        // The key repeats its 500 for ever; a customer whom nobody knows costs nothing.
        (Effect::Customer, Answer::FailedWithEffect) => 2,
        _ => 1,
    };
    assert_eq!(count("customers"), customers, "{cell:?}: {books:#}");
    // The request; the receipt and the notice.
    let letters = office.mails().await;
    assert_eq!(letters.len(), if paid { 3 } else { 1 }, "{cell:?}: {letters:#?}");
    office.assert_sound().await;
    fired
}
