//! A charge that waits for its cardholder, called off because the agency has revoked its request.

use billing::funding::{Command, PaymentStatus, Phase};

use super::{
    cells::{Cell, Crash},
    hold::{Call, Hold, Side},
    scene::{almost, arm, disarm, forget_the_end, given_up, hold_gateway, open, start_again},
};

const CANCEL: &str = "/v1/payment_intents/*/cancel";

pub async fn run(cell: Cell) -> u32 {
    let mut office = open().await;
    let (request, token) = office.ask().await;
    office.pay(&token, "authenticationRequired").await.unwrap();
    let revoke = || Command::RevokeRequest { request };
    arm(&office, cell, "POST", CANCEL).await;
    if cell.crash == Crash::BeforeIntent {
        almost(&office, revoke()).await;
        office = start_again(office).await;
        assert_eq!(office.funding().await.phase(), Phase::Paying);
    }
    let hold = match cell.crash {
        Crash::AfterIntent => Hold::at(Call::Cancel, Side::Before),
        Crash::AfterCall => Hold::at(Call::Cancel, Side::After),
        Crash::Never | Crash::BeforeIntent | Crash::AfterResult => Hold::nowhere(),
    };
    hold_gateway(&mut office, cell, Call::Cancel, &hold);
    let act = async {
        office.order(revoke()).await.unwrap();
        office.work().await;
    };
    match cell.crash {
        Crash::AfterIntent | Crash::AfterCall => hold.kill_at_it(act).await,
        _ => act.await,
    }
    if cell.crash == Crash::AfterResult {
        forget_the_end(&office, "cancel");
    }
    if !matches!(cell.crash, Crash::Never | Crash::BeforeIntent) {
        office = start_again(office).await;
        hold_gateway(&mut office, cell, Call::Cancel, &Hold::nowhere());
    }
    office.work_on().await;

    let fired = disarm(&office).await;
    assert_eq!(fired, cell.expected_faults(), "{cell:?}: faults");
    assert_eq!(office.funding().await.phase(), Phase::Agency, "{cell:?}");
    let payments = office.payments().await;
    let ends: Vec<_> = payments.iter().map(|row| row.payment.status).collect();
    assert_eq!(ends, [PaymentStatus::Failed], "{cell:?}");
    let books = office.sandbox.books().await;
    let intents = books["payment_intents"].as_array().unwrap();
    assert_eq!((intents.len(), &intents[0]["status"]), (1, &"canceled".into()), "{cell:?}");
    let letters = office.mails().await;
    assert_eq!(letters.len(), 1, "the request, and no receipt: {cell:?}: {letters:#?}");
    assert_eq!(given_up(&office).await, 0, "{cell:?}");
    office.assert_sound().await;
    fired
}
