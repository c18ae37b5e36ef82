//! The ledger: numbered, chained, balanced, never half-written.

use billing::{
    Currency, Money,
    ledger::{
        Book, JournalEntry,
        chain::{GENESIS, link},
        rules::{Adjusted, adjustment},
    },
};
use server::storage::StorageError;

use crate::ground::{Ground, account, at, usd};

fn entry(amount: Money, reference: &str) -> JournalEntry {
    adjustment(at(1), Adjusted::Agency, amount, reference.to_owned()).unwrap()
}

#[tokio::test]
async fn entries_are_numbered_chained_and_balanced() {
    let ground = Ground::open();
    let scope = ground.agency("Northwind").await;
    for (number, units) in (1u64..).zip([5, -2, 40]) {
        let entry = entry(usd(units), &format!("r-{number}"));
        assert_eq!(ground.write(move |tx| tx.append(scope, &entry)).await.unwrap(), number);
    }
    let rows = ground.read(move |tx| tx.entries_from(scope, 1, 10)).await;
    let mut last = GENESIS;
    for row in &rows {
        last = link(&last, row.number, &row.entry);
        assert_eq!(row.link, last);
    }
    let of_agency: Vec<_> = rows.iter().map(|row| row.entry.change_to(Book::Agency)).collect();
    assert_eq!(of_agency, [usd(5), usd(-2), usd(40)]);
    let (balance, balances) =
        ground.read(move |tx| Ok((tx.balance(scope, Book::Agency)?, tx.balances(scope)?))).await;
    assert_eq!(balance, usd(43));
    assert_eq!(balances.iter().map(|(_, money)| money.micros()).sum::<i64>(), 0);
    assert!(balances.contains(&(Book::Agency, usd(43))));
    let rest = ground.read(move |tx| tx.entries_from(scope, 3, 10)).await;
    assert_eq!(rest, rows[2..]);
}

#[tokio::test]
async fn an_entry_is_booked_once_and_wholly() {
    let ground = Ground::open();
    let scope = ground.agency("Northwind").await;
    let first = entry(usd(5), "opening");
    let again = first.clone();
    ground.write(move |tx| tx.append(scope, &first)).await.unwrap();
    let refused = ground.write(move |tx| tx.append(scope, &again)).await;
    assert!(matches!(refused, Err(StorageError::Conflict(_))), "{refused:?}");
    let all = Money::from_micros(i64::MAX - 1, Currency::Usd);
    let too_much = ground.write(move |tx| tx.append(scope, &entry(all, "too much"))).await;
    assert!(matches!(too_much, Err(StorageError::Damaged(_))), "{too_much:?}");
    let (balance, entries) = ground
        .read(move |tx| {
            Ok((tx.balance(scope, Book::Agency)?, tx.entries_from(scope, 1, 10)?.len()))
        })
        .await;
    assert_eq!((balance, entries), (usd(5), 1));
}

#[tokio::test]
async fn entries_of_a_sub_account_come_newest_first() {
    let ground = Ground::open();
    let scope = ground.agency("Northwind").await;
    let row = account("C-1", "Client");
    let id = row.id;
    ground.insert(scope, &row).await.unwrap();
    for number in 0..5 {
        let whose = Adjusted::Customer(id);
        let entry = adjustment(at(number), whose, usd(1), format!("r-{number}")).unwrap();
        ground.write(move |tx| tx.append(scope, &entry)).await.unwrap();
    }
    ground.write(move |tx| tx.append(scope, &entry(usd(1), "not theirs"))).await.unwrap();
    let page = async |before| {
        let rows = ground.read(move |tx| tx.entries_of(scope, id, before, 2)).await;
        rows.into_iter().map(|row| row.number).collect::<Vec<_>>()
    };
    assert_eq!(page(None).await, [5, 4]);
    assert_eq!(page(Some(4)).await, [3, 2]);
    assert_eq!(page(Some(2)).await, [1]);
    let balance = ground.read(move |tx| tx.balance(scope, Book::Customer { sub_account: id }));
    assert_eq!(balance.await, usd(5));
}
