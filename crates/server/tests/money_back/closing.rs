//! Accounts that are closed, with money in them or without, and what comes after.

use billing::funding::{Actor, Command, Funding, Phase, RefundStatus, Refusal, ReturnChoice};
use server::{
    execute::{ExecuteError, Origin, Tools},
    storage::Transaction,
};

use crate::{
    cents,
    office::{Office, usd},
    refused,
};

/// The account is closed and paused, nobody can be asked to pay for it, and it can be opened again.
async fn assert_closed(office: &Office) {
    let funding: Funding = office.funding().await;
    assert!(funding.closed.is_some() && funding.phase() == Phase::Agency, "{funding:?}");
    let (scope, id) = (office.scope, office.account);
    let read = move |tx: &mut dyn Transaction| {
        let (agency, account) = (tx.agency(scope)?.unwrap(), tx.account(scope, id)?.unwrap());
        Ok::<_, ExecuteError>(server::execute::snapshots::account(&account, &agency))
    };
    let snapshot = office.deps.store.read(read).await.unwrap();
    assert_eq!(snapshot.standing, billing::Standing::Paused);
    let refusal = refused(
        office
            .order(Command::RequestBilling {
                request: billing::RequestId::new(office.deps.clock.now(), [3; 10]),
                email: billing::text::EmailAddress::parse("kim@brightwater.example").unwrap(),
                starting_balance: usd(50),
                message: billing::text::MessageText::parse("Hi").unwrap(),
            })
            .await,
    );
    assert_eq!(refusal, Refusal::Closed);
    let again = office.close(ReturnChoice::Transfer, false).await.unwrap();
    assert!(again.events.is_empty(), "closing it again changes nothing");
}

#[tokio::test]
async fn an_account_is_closed_with_its_money_moved_refunded_or_owed() {
    for (choice, spent, own, agencys, back) in [
        (ReturnChoice::Transfer, 3_000, 0, 7_000, 0),
        (ReturnChoice::Refund, 3_000, 0, 0, 7_000),
        (ReturnChoice::Transfer, 10_250, 0, -250, 0),
    ] {
        let office = Office::open().await;
        office.paid().await;
        office.spend(cents(spent)).await;
        if agencys < 0 {
            let refusal = refused(office.close(choice, false).await);
            assert_eq!(refusal, Refusal::NegativeBalance { balance: cents(agencys) });
        }
        office.close(choice, true).await.unwrap();
        office.work().await;
        assert_closed(&office).await;
        assert_eq!(
            (office.own_balance().await, office.agencys().await),
            (cents(own), cents(agencys))
        );
        let refunded: i64 =
            office.refunds().await.iter().map(|(amount, _)| amount.micros() / 10_000).sum();
        assert_eq!(refunded, back);
        office.assert_sound().await;
        office.order(Command::ReopenAccount).await.unwrap();
        office.ask().await;
        assert_eq!(office.funding().await.phase(), Phase::Requested);
    }
}

#[tokio::test]
async fn a_payment_that_comes_after_the_closing_is_paid_back() {
    let office = Office::open().await;
    let (_, token) = office.ask().await;
    office.sandbox.fault("POST", "/v1/payment_intents", "timeout_with_effect").await;
    office.pay(&token, "visa").await.unwrap();
    assert_eq!(office.funding().await.phase(), Phase::Paying);
    office.close(ReturnChoice::Transfer, false).await.unwrap();
    assert_closed(&office).await;
    office.work_on().await;
    assert_closed(&office).await;
    assert_eq!(office.switches().await, 0);
    assert_eq!(office.refunds().await, [(usd(100), RefundStatus::Succeeded)]);
    assert_eq!((office.own_balance().await, office.agencys().await), (usd(0), usd(0)));
    office.assert_sound().await;
}

#[tokio::test]
async fn an_account_that_is_imported_once_more_stays_closed() {
    let office = Office::open().await;
    office.close(ReturnChoice::Transfer, false).await.unwrap();
    let (tools, scope) = (Tools::of(&office.deps), office.scope);
    let write = move |tx: &mut dyn Transaction| {
        let csv = b"external_id,name\nBW-0077,Brightwater Plumbing Ltd\n";
        let rows = server::execute::import::parse(csv, billing::Currency::Usd).unwrap();
        let origin = Origin::new(Actor::system("test"), "test");
        let _ = server::execute::import::import(tx, &tools, scope, &rows, &origin);
        Ok::<_, ExecuteError>(())
    };
    office.deps.store.write(write).await.unwrap();
    assert_closed(&office).await;
    office.assert_sound().await;
}
