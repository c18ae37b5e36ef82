//! PostgreSQL killed in the middle of a transaction: nothing is half-done, and the store goes on by itself. A suite of its own,
//! because whoever else works on the cluster would be hit as well. `cargo xtask test --only postgres` starts one, and starts its
//! server again whenever it ends.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test that cannot go on has failed"
)]

#[path = "support/database.rs"]
#[allow(dead_code, reason = "other suites use the rest")]
mod database;
#[path = "storage/ground.rs"]
#[allow(dead_code, reason = "other suites use the rest")]
mod ground;

use std::{path::PathBuf, process::Command, time::Duration};

use billing::ledger::{Book, rules::Adjusted};
use ground::{Ground, account, at, origin, usd};
use server::{
    execute::{ExecuteError, books},
    storage::{StorageError, Transaction},
    verify,
};

/// One test at a time: each kills the server under the other.
static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// Kills the cluster's server as a power cut would, and waits until it is gone.
fn kill_server() {
    let data = std::env::var_os("SLUICE_TEST_POSTGRES_DATA").expect("the cluster's data");
    let pid_file = PathBuf::from(data).join("postmaster.pid");
    let pid = || std::fs::read_to_string(&pid_file).ok()?.lines().next().map(str::to_owned);
    let old = pid().unwrap();
    // An immediate shutdown: no checkpoint, no goodbye. What was committed comes back from the log.
    assert!(Command::new("kill").args(["-QUIT", &old]).status().unwrap().success());
    for _ in 0..200 {
        if pid().as_ref() != Some(&old) {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("the server does not end");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn a_server_killed_in_the_middle_leaves_nothing_half_done() {
    let _alone = ALONE.lock().await;
    let ground = Ground::open();
    let scope = ground.agency("Northwind").await;
    ground.insert(scope, &account("before", "Client")).await.unwrap();
    let row = account("in the middle", "Client");
    let mut tries = 0;
    let write = move |tx: &mut dyn Transaction| {
        tries += 1;
        tx.insert_account(scope, &row)?;
        if tries == 1 {
            kill_server();
        }
        let whose = Adjusted::Agency;
        books::adjust(tx, scope, whose, usd(5), "once".to_owned(), at(0), &origin())?;
        Ok::<_, ExecuteError>(tries)
    };
    let done = ground.store.write(write).await;
    match &done {
        // It came back soon enough: the command ran again, wholly.
        Ok(tries) => assert!(*tries > 1),
        // It did not: the caller was told so, and may ask again.
        Err(ExecuteError::Storage(StorageError::Busy)) => {}
        Err(error) => panic!("{error}"),
    }
    let expected = if done.is_ok() { (2, usd(5)) } else { (1, usd(0)) };
    let seen = recovered(&ground, move |tx| {
        Ok((tx.account_ids(scope)?.len(), tx.balance(scope, Book::Agency)?))
    });
    assert_eq!(seen.await, expected);
    let report = ground.read(|tx| verify::verify(tx)).await;
    assert!(report.ok, "{report:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn what_was_answered_is_there_however_often_the_server_is_killed() {
    let _alone = ALONE.lock().await;
    let ground = Ground::open();
    let scope = ground.agency("Northwind").await;
    let mut answered = 0;
    for round in 0..5 {
        let writing: Vec<_> = (0..40)
            .map(|number| {
                let (store, reference) = (ground.store.clone(), format!("{round}-{number}"));
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_millis(number * 10)).await;
                    let write = move |tx: &mut dyn Transaction| {
                        let (whose, reference) = (Adjusted::Agency, reference.clone());
                        books::adjust(tx, scope, whose, usd(1), reference, at(0), &origin())?;
                        Ok::<_, ExecuteError>(())
                    };
                    store.write(write).await.is_ok()
                })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(50 + round * 70)).await;
        tokio::task::spawn_blocking(kill_server).await.unwrap();
        for written in writing {
            answered += i64::from(written.await.unwrap());
        }
    }
    let (balance, report) =
        recovered(&ground, move |tx| Ok((tx.balance(scope, Book::Agency)?, verify::verify(tx)?)))
            .await;
    assert!(report.ok, "{report:#?}");
    // At most the commits whose answers were lost with their connections are there as well.
    assert!(balance >= usd(answered), "{balance} of {answered}");
    assert!(balance <= usd(200) && answered >= 100, "{balance} of {answered}");
}

/// Asks until the server is back.
async fn recovered<R: Send + 'static>(
    ground: &Ground,
    work: impl Fn(&mut dyn Transaction) -> Result<R, StorageError> + Clone + Send + 'static,
) -> R {
    for _ in 0..100 {
        let work = work.clone();
        match ground.store.read(move |tx: &mut dyn Transaction| work(tx)).await {
            Ok(seen) => return seen,
            Err(StorageError::Busy) => tokio::time::sleep(Duration::from_millis(100)).await,
            Err(error) => panic!("{error}"),
        }
    }
    panic!("the store does not come back");
}
