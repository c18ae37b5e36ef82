use billing::funding::{Command, DeadLink, Refusal, ReturnChoice};
use server::{
    balance,
    execute::{Tools, balance_links},
    pay::PayError,
};

use crate::scene::{Customer, newest_link};

fn is_expired(result: &Result<balance::Holder, PayError>) -> bool {
    let expired = Refusal::LinkDead { why: DeadLink::Expired };
    matches!(result, Err(PayError::Refused(refusal)) if *refusal == expired)
}

#[tokio::test]
async fn a_link_is_good_for_a_day_and_its_token_is_kept_nowhere() {
    let customer = Customer::paying_with("visa").await;
    let office = &customer.office;
    let token = newest_link(office).await;
    let mailed = office.mails().await.iter().filter(|mail| mail.contains(&token)).count();
    assert_eq!(mailed, 1);
    // This test's letters stay in a table of the demo's mailbox, and no other has it.
    assert_eq!(office.database.tables_with(&token), ["mailbox"]);
    office.clock.forward(23 * 3_600);
    balance::by_link(&office.deps, &token).await.unwrap();
    office.clock.forward(2 * 3_600);
    assert!(is_expired(&balance::by_link(&office.deps, &token).await));
    let unknown = balance::by_link(&office.deps, "nobody's").await;
    assert!(matches!(unknown, Err(PayError::UnknownLink)), "{unknown:?}");
}

#[tokio::test]
async fn whoever_pays_gets_a_link_and_nobody_else() {
    let customer = Customer::paying_with("visa").await;
    let office = &customer.office;
    let before = customer.letters("Your balance for").await;
    for (address, letters) in [("nobody@brightwater.example", 0), ("DANA@brightwater.example", 1)] {
        let address = billing::text::EmailAddress::parse(address).unwrap();
        let (asked, tools) = (address.clone(), Tools::of(&office.deps));
        let paid = office.deps.store.read(move |tx| tx.paid_by(&asked, 20)).await;
        let paid = paid.map_err(|error: server::storage::StorageError| error).unwrap();
        assert_eq!(paid.len(), letters, "{address}");
        for (scope, account) in paid {
            let (asked, tools) = (address.clone(), tools.clone());
            let write = move |tx: &mut dyn server::storage::Transaction| {
                balance_links::ask(tx, &tools, scope, account, &asked)
            };
            office.deps.store.write(write).await.unwrap();
        }
        office.work().await;
        assert_eq!(customer.letters("Your balance for").await, before + letters, "{address}");
    }
}

#[tokio::test]
async fn once_somebody_else_pays_an_old_link_shows_nothing() {
    let customer = Customer::paying_with("visa").await;
    let office = &customer.office;
    let token = newest_link(office).await;
    let choice = ReturnChoice::Transfer;
    office.order(Command::AddToAgency { choice, take_over_negative: false }).await.unwrap();
    office.work().await;
    balance::by_link(&office.deps, &token).await.unwrap();
    let request = billing::RequestId::new(office.deps.clock.now(), [7; 10]);
    office
        .order(Command::RequestBilling {
            request,
            email: billing::text::EmailAddress::parse("kim@brightwater.example").unwrap(),
            starting_balance: crate::office::usd(100),
            message: billing::text::MessageText::parse("Hi Kim").unwrap(),
        })
        .await
        .unwrap();
    office.work().await;
    let mails = office.mails().await;
    let (_, pay) = mails.iter().find_map(|mail| mail.split_once("/pay#t=")).unwrap();
    let pay = pay.split_whitespace().next().unwrap();
    office.pay(pay, "mastercard").await.unwrap();
    office.work().await;
    assert!(is_expired(&balance::by_link(&office.deps, &token).await));
    office.assert_sound().await;
}
