//! Transactions that the database undoes, connections that are lost: the store runs the group again, nothing is half-done.

use std::{
    sync::{
        Arc, Barrier,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use server::{
    deps::{Clock as _, SystemClock},
    storage::{StorageError, Transaction},
};
use url::Url;

use crate::{
    database::statement,
    ground::{Ground, account},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn two_commands_that_lock_one_another_out_are_both_done() {
    let ground = Ground::open();
    let (first, second) = (ground.agency("Northwind").await, ground.agency("Contoso").await);
    let (runs, met) = (Arc::new(AtomicUsize::new(0)), Arc::new(Barrier::new(2)));
    let mut crossing = Vec::new();
    for (near, far, id) in [(first, second, "A"), (second, first, "B")] {
        let (runs, met, row) = (runs.clone(), met.clone(), account(id, "Client"));
        let store = ground.store.clone();
        let (begun, has_begun) = tokio::sync::oneshot::channel();
        let mut begun = Some(begun);
        crossing.push(tokio::spawn(async move {
            let mut tries = 0;
            let write = move |tx: &mut dyn Transaction| {
                runs.fetch_add(1, Ordering::SeqCst);
                tries += 1;
                tx.insert_account(near, &row)?;
                if let Some(begun) = begun.take() {
                    begun.send(()).unwrap();
                }
                if tries == 1 {
                    // Each has its own agency now, and goes on to the other's.
                    met.wait();
                }
                tx.insert_account(far, &row)
            };
            store.write(write).await.map_err(|error: StorageError| error)
        }));
        // One writer that took both in one group would wait for itself.
        has_begun.await.unwrap();
    }
    for crossed in crossing {
        crossed.await.unwrap().unwrap();
    }
    assert_eq!(runs.load(Ordering::SeqCst), 3, "one of the two ran again, once");
    for scope in [first, second] {
        assert_eq!(ground.read(move |tx| tx.account_ids(scope)).await.len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn a_group_does_not_wait_for_a_second_agency_while_it_holds_a_first() {
    let ground = Ground::open();
    let (first, second) = (ground.agency("Northwind").await, ground.agency("Contoso").await);
    // Forty commands on both in turn, while somebody else keeps taking the second: a circle would cost a second each.
    let begun = SystemClock.now();
    let url: Url = ground.database.url().parse().unwrap();
    let holding = std::thread::spawn(move || {
        for _ in 0..20 {
            let hold = format!(
                "BEGIN; SET LOCAL sluice.agency = '{0}'; SELECT FROM agencies WHERE id = '{0}' FOR UPDATE;
                 SELECT pg_sleep(0.02); COMMIT",
                second.agency()
            );
            statement(&url, &hold);
        }
    });
    let commands =
        (0..40).map(|number| {
            let scope = if number % 2 == 0 { first } else { second };
            let row = account(&format!("C-{number}"), "Client");
            let store = ground.store.clone();
            async move {
                store.write(move |tx: &mut dyn Transaction| tx.insert_account(scope, &row)).await
            }
        });
    let ended: Vec<Result<(), StorageError>> = futures_util::future::join_all(commands).await;
    assert!(ended.iter().all(Result::is_ok), "{ended:?}");
    holding.join().unwrap();
    assert!(SystemClock.now().since(begun) < Duration::from_secs(10));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn a_connection_lost_in_the_middle_costs_nothing() {
    let ground = Ground::open();
    let scope = ground.agency("Northwind").await;
    let url: Url = ground.database.url().parse().unwrap();
    let row = account("C-1", "Client");
    let mut tries = 0;
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE datname = current_database() AND application_name LIKE 'sluice-%'";
    let here = url.clone();
    let write = move |tx: &mut dyn Transaction| {
        tries += 1;
        tx.insert_account(scope, &row)?;
        if tries == 1 {
            statement(&here, cut);
        }
        tx.account_by_external_id(scope, "C-1").map(|found| (found.is_some(), tries))
    };
    let done = ground.write(write).await.unwrap();
    assert_eq!(done, (true, 2), "the second try did it");
    assert_eq!(ground.read(move |tx| tx.account_ids(scope)).await.len(), 1);
    // Between transactions nobody notices.
    statement(&url, cut);
    assert_eq!(ground.read(move |tx| tx.account_ids(scope)).await.len(), 1);
    ground.insert(scope, &account("C-2", "Client")).await.unwrap();
    // The one that listens comes back as well.
    let other = ground.database.open().store;
    for number in 0..50 {
        let mut bell = ground.store.bell();
        let (row, tools) = (account(&format!("D-{number}"), "Client"), crate::ground::tools());
        let write = move |tx: &mut dyn Transaction| {
            tx.insert_account(scope, &row)?;
            server::execute::tell_agency(tx, scope, tools.now)?;
            Ok::<_, server::execute::ExecuteError>(())
        };
        other.write(write).await.unwrap();
        if tokio::time::timeout(Duration::from_millis(100), bell.recv()).await.is_ok() {
            return;
        }
    }
    panic!("changes of other servers are no longer heard");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn a_lock_that_is_held_too_long_is_told_as_busy() {
    let ground = Ground::open();
    let scope = ground.agency("Northwind").await;
    let url: Url = ground.database.url().parse().unwrap();
    let hold = format!(
        "BEGIN; SET LOCAL sluice.agency = '{0}'; SELECT FROM agencies WHERE id = '{0}' FOR UPDATE;
         SELECT pg_sleep(12); COMMIT",
        scope.agency()
    );
    let holding = std::thread::spawn(move || statement(&url, &hold));
    tokio::time::sleep(Duration::from_millis(500)).await;
    let refused = ground.insert(scope, &account("C-1", "Client")).await;
    assert!(matches!(refused, Err(StorageError::Busy)), "{refused:?}");
    assert_eq!(ground.read(move |tx| tx.account_ids(scope)).await, [], "reading goes on");
    tokio::task::spawn_blocking(move || holding.join().unwrap()).await.unwrap();
    ground.insert(scope, &account("C-1", "Client")).await.unwrap();
}
