//! Jobs: added once, taken by one, tried again, forgotten.

use billing::{
    JobId, PaymentId, SubAccountId, Timestamp,
    funding::{Effect, Letter},
};
use server::{
    deps::{EntropyExt as _, SystemEntropy},
    storage::{
        Scope,
        jobs::{JobCounts, JobOutcome, JobRow, JobState},
    },
};

use crate::ground::{Ground, account, at};

async fn add(ground: &Ground, scope: Scope, key: &str, run_at: Timestamp) -> JobId {
    let id = JobId::new(at(0), SystemEntropy.id());
    let about = account("x", "x").id;
    let effect = Effect::ConfirmPayment { payment: PaymentId::new(at(0), SystemEntropy.id()) };
    let key = key.to_owned();
    let write =
        ground.write(move |tx| tx.insert_job(scope, id, Some(about), &key, &effect, run_at, at(0)));
    write.await.unwrap();
    id
}

async fn lease(ground: &Ground, now: Timestamp, until: Timestamp) -> Vec<JobRow> {
    ground.write(move |tx| tx.lease_jobs(now, until, 10)).await.unwrap()
}

async fn finish(ground: &Ground, job: &JobRow, outcome: JobOutcome) {
    let (scope, id) = (job.scope, job.id);
    ground.write(move |tx| tx.finish_job(scope, id, &outcome)).await.unwrap();
}

#[tokio::test]
async fn a_job_is_added_once_and_taken_by_one() {
    let ground = Ground::open();
    let scope = ground.agency("Northwind").await;
    let late = add(&ground, scope, "late", at(20)).await;
    let early = add(&ground, scope, "early", at(10)).await;
    add(&ground, scope, "early", at(0)).await;
    assert_eq!(lease(&ground, at(9), at(100)).await, []);
    let taken = lease(&ground, at(30), at(100)).await;
    assert_eq!(taken.iter().map(|job| job.id).collect::<Vec<_>>(), [early, late]);
    assert_eq!(lease(&ground, at(99), at(200)).await, []);
    assert_eq!(lease(&ground, at(100), at(200)).await.len(), 2, "the lease has run out");
}

#[tokio::test]
async fn a_try_ends_in_one_of_three_ways() {
    let ground = Ground::open();
    let scope = ground.agency("Northwind").await;
    for key in ["a", "b", "c"] {
        add(&ground, scope, key, at(0)).await;
    }
    let taken = lease(&ground, at(1), at(100)).await;
    let error = || "no".to_owned();
    finish(&ground, &taken[0], JobOutcome::Done).await;
    finish(&ground, &taken[1], JobOutcome::Failed { error: error() }).await;
    finish(&ground, &taken[2], JobOutcome::Retry { at: at(50), error: error() }).await;
    let counts = ground.read(|tx| tx.job_counts()).await;
    assert_eq!(counts, JobCounts { open: 1, failed: 1 });
    assert_eq!(lease(&ground, at(49), at(100)).await, []);
    let again = lease(&ground, at(50), at(100)).await;
    assert_eq!((again[0].id, again[0].attempts), (taken[2].id, 1));
    let pruned = ground.write(|tx| tx.prune_jobs(at(1000))).await.unwrap();
    assert_eq!(pruned, 1, "what failed stays for a person to see");
}

#[tokio::test]
async fn one_job_can_be_taken_by_its_key_or_woken() {
    let ground = Ground::open();
    let scope = ground.agency("Northwind").await;
    let stranger = ground.agency("Contoso").await;
    let id = add(&ground, scope, "confirm", at(500)).await;
    let by_key = async |whose| {
        let taken = ground.write(move |tx| tx.lease_job(whose, "confirm", at(0), at(10))).await;
        taken.unwrap().map(|job| job.id)
    };
    assert_eq!(by_key(stranger).await, None);
    assert_eq!(by_key(scope).await, Some(id));
    assert_eq!(by_key(scope).await, None);
    ground.write(move |tx| tx.wake_job(scope, "confirm", at(20))).await.unwrap();
    assert_eq!(lease(&ground, at(20), at(30)).await[0].id, id);
}

#[tokio::test]
async fn a_server_that_is_alone_frees_what_the_last_one_had_taken() {
    let ground = Ground::open();
    let scope = ground.agency("Northwind").await;
    add(&ground, scope, "a", at(0)).await;
    assert_eq!(lease(&ground, at(1), at(1000)).await.len(), 1);
    assert_eq!(ground.write(|tx| tx.forget_leases()).await.unwrap(), 1);
    assert_eq!(lease(&ground, at(2), at(1000)).await.len(), 1);
}

#[tokio::test]
async fn the_letters_about_an_account_say_how_far_they_got() {
    let ground = Ground::open();
    let (scope, stranger) = (ground.agency("Northwind").await, ground.agency("Contoso").await);
    let (ours, other) = (SubAccountId::new(at(0), [1; 10]), SubAccountId::new(at(0), [2; 10]));
    let letter = |number: u8| Effect::Mail {
        letter: Letter::LatePaymentReturned { payment: PaymentId::new(at(0), [number; 10]) },
    };
    for (number, whose, about) in [
        (1, scope, ours),
        (2, scope, ours),
        (3, scope, ours),
        (4, scope, other),
        (5, stranger, ours),
    ] {
        let (id, effect) = (JobId::new(at(0), [number; 10]), letter(number));
        let (key, now) = (format!("mail/{about}/{number}/0"), at(i64::from(number)));
        let write =
            ground.write(move |tx| tx.insert_job(whose, id, Some(about), &key, &effect, now, now));
        write.await.unwrap();
    }
    let again = JobOutcome::Retry { at: at(50), error: "later".to_owned() };
    for (number, outcome) in [(1, JobOutcome::Dropped), (2, again)] {
        let id = JobId::new(at(0), [number; 10]);
        ground.write(move |tx| tx.finish_job(scope, id, &outcome)).await.unwrap();
    }
    let told = ground.read(move |tx| tx.letters(scope, ours, 10)).await;
    let told: Vec<_> = told
        .into_iter()
        .map(|row| (row.effect, row.state, row.run_at, row.attempts, row.error))
        .collect();
    let error = |text: &str| Some(text.to_owned());
    assert_eq!(
        told,
        [
            (letter(3), JobState::Open, at(3), 0, None),
            (letter(2), JobState::Open, at(50), 1, error("later")),
            (letter(1), JobState::Done, at(1), 1, error("dropped")),
        ]
    );
    let newest = ground.read(move |tx| tx.letters(scope, ours, 1)).await;
    assert_eq!(newest[0].effect, letter(3));
}
