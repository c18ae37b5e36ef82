//! Groups of commands: all of a command or nothing, whatever its neighbours do; snapshots; the bell.

use std::sync::mpsc;

use billing::ledger::Book;
use futures_util::future::join_all;
use server::{
    execute::{ExecuteError, books},
    storage::{StorageError, Transaction},
};

use crate::ground::{Ground, account, at, origin, usd};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_is_kept_wholly_or_not_at_all_whatever_its_neighbours_do() {
    let ground = Ground::open();
    let scopes = [ground.agency("Northwind").await, ground.agency("Contoso").await];
    let commands = (0..120).map(|number: usize| {
        let row = account(&format!("C-{number}"), "Client");
        let (scope, store) = (scopes[number % 2], ground.store.clone());
        async move {
            let write = store.write(move |tx: &mut dyn Transaction| {
                tx.insert_account(scope, &row)?;
                match number % 4 {
                    0 | 3 => Ok(()),
                    1 => Err(StorageError::Damaged("on purpose".to_owned())),
                    _ => panic!("on purpose"),
                }
            });
            (number, write.await)
        }
    });
    for (number, ended) in join_all(commands).await {
        assert_eq!(ended.is_ok(), matches!(number % 4, 0 | 3), "{number}: {ended:?}");
    }
    for (index, scope) in scopes.into_iter().enumerate() {
        let (ids, counts) = ground
            .read(move |tx| Ok((tx.account_ids(scope)?.len(), tx.agency(scope)?.unwrap().counts)))
            .await;
        assert_eq!((ids, counts.all), (30, 30), "agency {index}");
    }
}

#[tokio::test]
async fn a_command_that_goes_on_after_a_refused_statement_is_undone() {
    let ground = Ground::open();
    let scope = ground.agency("Northwind").await;
    let (first, twin) = (account("C-1", "Client"), account("C-1", "Twin"));
    ground.insert(scope, &first).await.unwrap();
    let stubborn = ground.write(move |tx| {
        let refused = tx.insert_account(scope, &twin);
        assert!(matches!(refused, Err(StorageError::Conflict(_))), "{refused:?}");
        Ok(())
    });
    // An embedded database can go on; another one undoes the command and says so. Neither keeps a half.
    let _either = stubborn.await;
    assert_eq!(ground.read(move |tx| tx.account_ids(scope)).await, [first.id]);
}

#[tokio::test]
async fn what_a_read_writes_is_refused() {
    let ground = Ground::open();
    let scope = ground.agency("Northwind").await;
    let row = account("C-1", "Client");
    let refused: Result<(), StorageError> =
        ground.store.read(move |tx: &mut dyn Transaction| tx.insert_account(scope, &row)).await;
    assert!(matches!(refused, Err(StorageError::Database(_))), "{refused:?}");
    assert_eq!(ground.read(move |tx| tx.account_ids(scope)).await, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_sees_one_instant() {
    let ground = Ground::open();
    let scope = ground.agency("Northwind").await;
    let (begun, wait_for_begin) = mpsc::channel();
    let (written, wait_for_write) = mpsc::channel::<()>();
    let store = ground.store.clone();
    let reading = tokio::spawn(async move {
        let read = move |tx: &mut dyn Transaction| {
            let before = tx.account_ids(scope)?.len();
            begun.send(()).unwrap();
            wait_for_write.recv().unwrap();
            Ok::<_, StorageError>((before, tx.account_ids(scope)?.len()))
        };
        store.read(read).await.unwrap()
    });
    tokio::task::spawn_blocking(move || wait_for_begin.recv().unwrap()).await.unwrap();
    ground.insert(scope, &account("C-1", "Client")).await.unwrap();
    written.send(()).unwrap();
    assert_eq!(reading.await.unwrap(), (0, 0));
    assert_eq!(ground.read(move |tx| tx.account_ids(scope)).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_at_once_on_one_balance_lose_nothing() {
    let ground = Ground::open();
    let scope = ground.agency("Northwind").await;
    let before = ground.store.commits();
    let mut bell = ground.store.bell();
    let credits = (0..200).map(|number| {
        let store = ground.store.clone();
        async move {
            let write = move |tx: &mut dyn Transaction| {
                let (whose, reference) =
                    (billing::ledger::rules::Adjusted::Agency, format!("r-{number}"));
                books::adjust(tx, scope, whose, usd(1), reference, at(0), &origin())?;
                Ok::<_, ExecuteError>(())
            };
            store.write(write).await.unwrap();
        }
    });
    join_all(credits).await;
    let (balance, last, changes) = ground
        .read(move |tx| {
            let changes = tx.changes_after(scope, 0, 1000)?;
            Ok((tx.balance(scope, Book::Agency)?, tx.last_change(scope)?, changes))
        })
        .await;
    assert_eq!(balance, usd(200));
    let numbers: Vec<_> = changes.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, (1..=last).collect::<Vec<_>>(), "gapless");
    assert!(ground.store.commits() - before < 200, "groups of commands are one commit");
    assert_eq!(bell.recv().await.unwrap(), scope.agency());
}
