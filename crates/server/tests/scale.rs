//! An agency of 100,000 accounts (5,000 on PostgreSQL, where each is a round trip): the file is taken whole, lists, searches and switches, and verifies.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test that cannot go on has failed"
)]

use std::{fmt::Write as _, sync::Arc, sync::atomic::Ordering};

use billing::{
    Currency, Money, RequestId,
    api::{AccountSort, PayerFilter},
    funding::{Actor, Command, Phase},
    text::{EmailAddress, MessageText, Name},
};
use server::{
    deps::{Clock as _, EntropyExt as _, SystemClock, SystemEntropy},
    execute::{ExecuteError, Order, Origin, Tools, execute, import, people},
    storage::{StorageError, accounts::AccountQuery},
    verify,
};

#[path = "support/database.rs"]
#[allow(dead_code, reason = "other suites use the rest")]
mod database;

use database::Database;

fn origin() -> Origin {
    Origin::new(Actor::system("test"), "test")
}

#[tokio::test]
async fn very_many_accounts_list_search_switch_and_verify() {
    let database = Database::fresh();
    let count = if database.is_postgres() { 5_000 } else { 100_000 };
    let mut csv = "external_id,name\n".to_owned();
    for number in 0..count {
        let _ = writeln!(csv, "X-{number:06},Client {number:06} of many");
    }
    let rows = import::parse(csv.as_bytes(), Currency::Usd).unwrap();
    assert_eq!(rows.len(), count);

    let opened = database.open();
    let (store, statements) = (opened.store, opened.statements);
    let tools = Tools { now: SystemClock.now(), entropy: Arc::new(SystemEntropy) };
    let given = tools.clone();
    let scope = store
        .write(move |tx| {
            let name = Name::parse("Many").unwrap();
            let scope = people::create_agency(tx, &given, &name, Currency::Usd, given.now)?;
            let imported = import::import(tx, &given, scope, &rows, &origin()).unwrap();
            assert_eq!(imported, count);
            Ok::<_, ExecuteError>(scope)
        })
        .await
        .unwrap();
    assert_eq!(store.commits(), 1, "all or none: one transaction");

    let page = |query: AccountQuery| {
        let store = store.clone();
        async move {
            let rows = store.read(move |tx| tx.list_accounts(scope, &query)).await;
            rows.map_err(|error: StorageError| error).unwrap()
        }
    };
    let first = AccountQuery { limit: 50, ..AccountQuery::default() };
    let before = statements.load(Ordering::Relaxed);
    let listed = page(first.clone()).await;
    assert_eq!(statements.load(Ordering::Relaxed) - before, 1, "a page is one statement");
    assert_eq!((listed.len(), listed[0].0.external_id.as_str()), (50, "X-000000"));
    let (last, key) = listed[49].clone();
    let next = page(AccountQuery { after: Some((key, last.id)), ..first.clone() }).await;
    assert_eq!(next[0].0.external_id, "X-000050");
    for sort in AccountSort::ALL {
        assert_eq!(page(AccountQuery { sort, ..first.clone() }).await.len(), 50, "{sort:?}");
    }
    let found = page(AccountQuery { text: Some("cliENT 0017".to_owned()), ..first.clone() }).await;
    assert!(
        found.len() == 50 && found.iter().all(|(row, _)| row.external_id.starts_with("X-0017"))
    );

    let id = found[7].0.id;
    let command = Command::RequestBilling {
        request: RequestId::new(tools.now, SystemEntropy.id()),
        email: EmailAddress::parse("dana@brightwater.example").unwrap(),
        starting_balance: Money::from_micros(25_000_000, Currency::Usd),
        message: MessageText::parse("Hi").unwrap(),
    };
    let order = Order { sub_account: id, command, seen: Some(0), origin: origin() };
    store.write(move |tx| execute(tx, &tools, scope, &order)).await.unwrap();
    let between = AccountQuery { payer: PayerFilter::Between, ..first };
    let between = page(between).await;
    assert_eq!((between.len(), between[0].0.funding.phase()), (1, Phase::Requested));

    let report = store.read(|tx| verify::verify(tx)).await;
    let report = report.map_err(|error: StorageError| error).unwrap();
    assert!(report.ok, "{report:#?}");
}
