//! Statements and receipts as they are kept: numbered, one of each, each agency's own; and the ledger as they read it.

use billing::{
    PaymentId,
    ledger::{
        Book, EntryKind,
        rules::{Adjusted, adjustment},
    },
    usage::Month,
};
use server::{
    execute::statements,
    storage::{
        StorageError,
        statements::{PeriodRow, Progress, ReceiptRow, StatementRow, digest},
    },
};

use crate::ground::{Ground, account, at, usd};

const NOVEMBER: Month = Month(56 * 12 + 10);

fn period(month: Month, after_entry: u64, last_entry: u64) -> PeriodRow {
    PeriodRow {
        month,
        zone: "Europe/Berlin".to_owned(),
        from: at(0),
        to: at(10),
        after_entry,
        last_entry,
        closed_at: at(20),
    }
}

fn statement(serial: u64, month: Month) -> StatementRow {
    let content = format!("{{\"serial\":{serial}}}");
    StatementRow {
        serial,
        account: None,
        month,
        issued_at: at(5),
        opening: usd(0),
        closing: usd(7),
        digest: digest(&content),
        content,
    }
}

#[tokio::test]
async fn a_statement_is_kept_once_under_its_number_and_each_agencys_own() {
    let ground = Ground::open();
    let (scope, other) = (ground.agency("Northwind").await, ground.agency("Contoso").await);
    let next = async |scope| ground.read(move |tx| tx.next_statement(scope)).await;
    assert_eq!(next(scope).await, 1);
    let first = statement(1, NOVEMBER);
    let row = first.clone();
    ground.write(move |tx| tx.insert_statement(scope, &row)).await.unwrap();
    assert_eq!((next(scope).await, next(other).await), (2, 1));
    // Neither the number nor the balance's month is used again.
    for taken in [statement(1, NOVEMBER.next()), statement(2, NOVEMBER)] {
        let refused = ground.write(move |tx| tx.insert_statement(scope, &taken)).await;
        assert!(matches!(refused, Err(StorageError::Conflict(_))), "{refused:?}");
    }
    let alder = account("A-1", "Alder");
    let (id, of_account) =
        (alder.id, StatementRow { account: Some(alder.id), ..statement(2, NOVEMBER) });
    let row = of_account.clone();
    ground.write(move |tx| tx.insert_statement(scope, &row)).await.unwrap();
    let one =
        async |scope, whose| ground.read(move |tx| tx.statement(scope, whose, NOVEMBER)).await;
    assert_eq!(one(scope, None).await, Some(first.clone()));
    assert_eq!(one(scope, Some(id)).await, Some(of_account.clone()));
    assert_eq!(one(other, None).await, None);
    let list = ground.read(move |tx| tx.statements_of(scope, None)).await;
    assert_eq!(list, [StatementRow { content: String::new(), ..first.clone() }]);
    let from = async |serial| ground.read(move |tx| tx.statements_from(scope, serial, 10)).await;
    assert_eq!(from(1).await, [first, of_account.clone()]);
    assert_eq!(from(2).await, [of_account]);
}

#[tokio::test]
async fn a_receipt_is_kept_once_for_its_payment() {
    let ground = Ground::open();
    let scope = ground.agency("Northwind").await;
    let receipt = |serial, payment| ReceiptRow {
        serial,
        payment: PaymentId::new(at(0), [payment; 10]),
        account: Some(account("A-1", "Alder").id),
        issued_at: at(5),
        content: "{}".to_owned(),
        digest: digest("{}"),
    };
    let first = receipt(1, 7);
    let row = first.clone();
    ground.write(move |tx| tx.insert_receipt(scope, &row)).await.unwrap();
    for taken in [receipt(1, 8), receipt(2, 7)] {
        let refused = ground.write(move |tx| tx.insert_receipt(scope, &taken)).await;
        assert!(matches!(refused, Err(StorageError::Conflict(_))), "{refused:?}");
    }
    let payment = first.payment;
    assert_eq!(ground.read(move |tx| tx.receipt(scope, payment)).await, Some(first.clone()));
    assert_eq!(ground.read(move |tx| tx.next_receipt(scope)).await, 2);
    assert_eq!(ground.read(move |tx| tx.receipts_from(scope, 1, 10)).await, [first]);
}

#[tokio::test]
async fn months_are_closed_once_and_remember_how_far_they_are_issued() {
    let ground = Ground::open();
    let (scope, other) = (ground.agency("Northwind").await, ground.agency("Contoso").await);
    let (november, december) = (period(NOVEMBER, 0, 4), period(NOVEMBER.next(), 4, 9));
    let rows = [november.clone(), december.clone()];
    let insert = rows.clone();
    ground
        .write(move |tx| insert.iter().try_for_each(|row| tx.insert_period(scope, row)))
        .await
        .unwrap();
    let again = november.clone();
    let refused = ground.write(move |tx| tx.insert_period(scope, &again)).await;
    assert!(matches!(refused, Err(StorageError::Conflict(_))), "{refused:?}");
    assert_eq!(ground.read(move |tx| tx.periods(scope)).await, rows);
    assert_eq!(ground.read(move |tx| tx.periods(other)).await, []);
    let id = account("A-1", "Alder").id;
    for (progress, expected) in [
        (None, Some((november.clone(), Progress::Upto(None)))),
        (Some(Progress::Upto(Some(id))), Some((november.clone(), Progress::Upto(Some(id))))),
        (Some(Progress::Done), Some((december.clone(), Progress::Upto(None)))),
    ] {
        if let Some(progress) = progress {
            ground.write(move |tx| tx.save_progress(scope, NOVEMBER, progress)).await.unwrap();
        }
        assert_eq!(ground.read(move |tx| tx.unissued(scope)).await, expected);
    }
    let last = NOVEMBER.next();
    ground.write(move |tx| tx.save_progress(scope, last, Progress::Done)).await.unwrap();
    assert_eq!(ground.read(move |tx| tx.unissued(scope)).await, None);
}

#[tokio::test]
async fn the_ledger_is_read_by_balance_and_by_time() {
    let ground = Ground::open();
    let scope = ground.agency("Northwind").await;
    let (alder, bay) = (account("A-1", "Alder"), account("A-2", "Bay"));
    for row in [&alder, &bay] {
        ground.insert(scope, row).await.unwrap();
    }
    let (own, others) = (Adjusted::Customer(alder.id), Adjusted::Customer(bay.id));
    let booked = [
        (1, Adjusted::Agency, 5),
        (2, own, 10),
        (30, others, 100),
        (20, own, -3),
        (40, Adjusted::Agency, 2),
    ];
    for (number, (millis, whose, units)) in booked.into_iter().enumerate() {
        let entry = adjustment(at(millis), whose, usd(units), format!("r-{number}")).unwrap();
        ground.write(move |tx| tx.append(scope, &entry)).await.unwrap();
    }
    let book = Book::Customer { sub_account: alder.id };
    let numbers = async |book, after, upto, limit| -> Vec<u64> {
        let rows = ground.read(move |tx| tx.entries_on(scope, book, after, upto, limit)).await;
        rows.iter().map(|row| row.number).collect()
    };
    assert_eq!(numbers(book, 0, 9, 10).await, [2, 4]);
    assert_eq!(numbers(book, 2, 9, 10).await, [4]);
    assert_eq!(numbers(book, 0, 3, 10).await, [2]);
    assert_eq!(numbers(Book::Agency, 0, 9, 10).await, [1, 5]);
    assert_eq!(numbers(Book::Agency, 0, 9, 1).await, [1]);
    let balance =
        async |book, entry| ground.read(move |tx| tx.balance_at(scope, book, entry)).await;
    for (entry, agencys, customers) in [(0, 0, 0), (1, 5, 0), (3, 5, 10), (4, 5, 7), (9, 7, 7)] {
        assert_eq!(balance(Book::Agency, entry).await, usd(agencys), "{entry}");
        assert_eq!(balance(book, entry).await, usd(customers), "{entry}");
    }
    // Of two that stand the wrong way round the first ends the month.
    let since =
        async |after, millis| ground.read(move |tx| tx.entry_since(scope, after, at(millis))).await;
    assert_eq!(since(0, 25).await, Some(3));
    assert_eq!(since(3, 25).await, Some(5));
    assert_eq!(since(0, 41).await, None);
    assert_eq!(ground.read(move |tx| tx.entry_count(scope)).await, 5);
    let named = ground
        .read(move |tx| tx.entry_named(scope, EntryKind::Adjustment, "r-3"))
        .await
        .map(|row| row.number);
    assert_eq!(named, Some(4));
    let none = ground.read(move |tx| tx.entry_named(scope, EntryKind::Draw, "r-3")).await;
    assert_eq!(none, None);
    let mut both = [alder.id, bay.id];
    both.sort_by_key(ToString::to_string);
    let owners = async |after| ground.read(move |tx| tx.with_own_balance(scope, after, 10)).await;
    assert_eq!(owners(None).await, both);
    assert_eq!(owners(Some(both[0])).await, both[1..]);
}

#[tokio::test]
async fn a_time_zone_is_each_agencys_own() {
    let ground = Ground::open();
    let (scope, other) = (ground.agency("Northwind").await, ground.agency("Contoso").await);
    let name = async |scope| ground.read(move |tx| tx.time_zone(scope)).await;
    assert_eq!(name(scope).await, None);
    ground.write(move |tx| tx.save_time_zone(scope, "Asia/Tokyo")).await.unwrap();
    assert_eq!((name(scope).await, name(other).await), (Some("Asia/Tokyo".to_owned()), None));
    let zone = ground.read(move |tx| statements::zone(tx, scope)).await;
    assert_eq!(zone.name(), "Asia/Tokyo");
}
