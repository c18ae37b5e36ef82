//! Several servers on one database.

use std::{collections::BTreeSet, time::Duration};

use billing::{JobId, PaymentId, funding::Effect};
use futures_util::future::join_all;
use server::{
    deps::{EntropyExt as _, SystemEntropy},
    execute::{ExecuteError, books},
    storage::{DatabaseUrl, StorageError, Store, Transaction},
};

use crate::{
    database::statement,
    ground::{Ground, account, at, origin, usd},
};

fn another(ground: &Ground) -> Store {
    ground.database.open().store
}

async fn credit(store: &Store, scope: server::storage::Scope, reference: &str) {
    let reference = reference.to_owned();
    let write = move |tx: &mut dyn Transaction| {
        let whose = billing::ledger::rules::Adjusted::Agency;
        books::adjust(tx, scope, whose, usd(1), reference.clone(), at(0), &origin())?;
        Ok::<_, ExecuteError>(())
    };
    store.write(write).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn each_hears_at_once_what_the_other_commits() {
    let ground = Ground::open();
    let scope = ground.agency("Northwind").await;
    let (one, other) = (&ground.store, &another(&ground));
    for (writer, hearer) in [(one, other), (other, one)] {
        let (mut own, mut heard) = (writer.bell(), hearer.bell());
        let reference = format!("r-{:?}", SystemEntropy.id());
        credit(writer, scope, &reference).await;
        assert_eq!(own.try_recv().unwrap(), scope.agency(), "known before the answer");
        let rung = tokio::time::timeout(Duration::from_secs(4), heard.recv()).await;
        assert_eq!(rung.unwrap().unwrap(), scope.agency());
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert!(own.try_recv().is_err() && heard.try_recv().is_err(), "each change rings once");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn one_hot_balance_is_right_however_many_servers_draw_on_it() {
    let ground = Ground::open();
    let scope = ground.agency("Northwind").await;
    let stores = [ground.store.clone(), another(&ground), another(&ground)];
    join_all((0..150).map(|number| {
        let store = stores[number % 3].clone();
        async move { credit(&store, scope, &format!("r-{number}")).await }
    }))
    .await;
    let agency = ground.read(move |tx| Ok(tx.agency(scope)?.unwrap())).await;
    assert_eq!((agency.balance, agency.change_seq), (usd(150), 150));
    let rows = ground.read(move |tx| tx.entries_from(scope, 1, 1000)).await;
    let numbers: Vec<_> = rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, (1..=150).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn a_job_is_taken_by_one_server() {
    let ground = Ground::open();
    let scope = ground.agency("Northwind").await;
    let other = another(&ground);
    let about = account("x", "x").id;
    for number in 0..60 {
        let id = JobId::new(at(0), SystemEntropy.id());
        let effect = Effect::ConfirmPayment { payment: PaymentId::new(at(0), SystemEntropy.id()) };
        let key = format!("job-{number}");
        let add = ground
            .write(move |tx| tx.insert_job(scope, id, Some(about), &key, &effect, at(0), at(0)));
        add.await.unwrap();
    }
    let lease = |store: &Store| {
        let store = store.clone();
        async move {
            let lease = store.write(|tx: &mut dyn Transaction| tx.lease_jobs(at(1), at(100), 7));
            lease.await.map_err(|error: StorageError| error).unwrap()
        }
    };
    let stores = [&ground.store, &other];
    let taken = join_all((0..12).map(|number| lease(stores[number % 2]))).await;
    let ids: Vec<_> = taken.into_iter().flatten().map(|job| job.id).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "no job is taken twice");
    let left: usize = lease(&other).await.len();
    assert!(ids.len() + left >= 60, "{} and {left}", ids.len());
    // While another server is there, nobody knows that a lease is nobody's.
    assert_eq!(ground.write(|tx| tx.forget_leases()).await.unwrap(), 0);
    drop(other);
    for _ in 0..50 {
        if ground.write(|tx| tx.forget_leases()).await.unwrap() > 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the leases of a server that is gone are never freed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn servers_that_start_at_once_migrate_once_and_none_touches_a_newer_schema() {
    let ground = Ground::open();
    let url = url::Url::parse(ground.database.url()).unwrap();
    statement(&url, "DROP OWNED BY CURRENT_USER; CREATE SCHEMA IF NOT EXISTS public");
    let open = |url: &str| url.parse::<DatabaseUrl>().unwrap().open().map(|_| ());
    let nothing = ground.database.url().parse::<DatabaseUrl>().unwrap().open_existing();
    let told = nothing.map(|_| ()).unwrap_err().to_string();
    assert!(told.contains("sluice migrate"), "{told}");
    std::thread::scope(|scope| {
        let starting: Vec<_> =
            (0..4).map(|_| scope.spawn(|| open(ground.database.url()))).collect();
        for started in starting {
            started.join().unwrap().unwrap();
        }
    });
    statement(&url, "INSERT INTO schema_migrations (version) VALUES (999)");
    let told = open(ground.database.url()).unwrap_err().to_string();
    assert!(told.contains("newer version"), "{told}");
}
