//! The webhooks of one payment in every order, each delivered one to three times, each of them lost once in a while: with the
//! reconciler behind them there is one end. The events are the sandbox's own; every case starts from a copy of one database.

use std::sync::Arc;

use reqwest::Method;
use serde_json::Value;
use server::jobs;

use super::{
    office::{Office, database::Database, usd},
    scene::{disarm, open},
};

/// How an arrangement of events is delivered.
#[derive(Clone, Copy, Debug)]
enum Times {
    Once,
    /// The first once, the second twice, the third three times, and so on, without a pause.
    OneTwoThree,
    /// All of them in their order, three times over.
    ThreeRounds,
}

/// What became of the payment at the gateway, while nobody told us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// Charged, and answered with 500.
    Unheard,
    Authenticated,
    NotAuthenticated,
}

/// The payment's events that may come, as the sandbox wrote them down, and the installation as it is before.
async fn scene(fate: Fate) -> (Office, Vec<Value>) {
    let office = open().await;
    let (_, token) = office.ask().await;
    if fate == Fate::Unheard {
        office.sandbox.fault("POST", "/v1/payment_intents", "error_500_with_effect").await;
        office.pay(&token, "visa").await.unwrap();
        assert_eq!(disarm(&office).await, 1);
    } else {
        office.pay(&token, "authenticationRequired").await.unwrap();
        let intent = office.payments().await[0].intent.clone().unwrap();
        office.sandbox.authenticate(&intent, fate == Fate::Authenticated).await;
    }
    let told = office.sandbox.send(Method::GET, "/v1/events?limit=100", String::new()).await;
    let about = |event: &&Value| {
        let kind = event["type"].as_str().unwrap();
        kind.starts_with("payment_intent.") || kind.starts_with("charge.")
    };
    let events: Vec<_> = told["data"].as_array().unwrap().iter().filter(about).cloned().collect();
    assert!(events.len() >= 3, "{events:#?}");
    (office, events)
}

/// Every arrangement of some of `count` things, of none and of all.
fn arrangements(count: usize) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    let mut from = 0;
    while from < all.len() {
        let longer = (0..count).filter(|next| !all[from].contains(next));
        let longer: Vec<_> = longer.map(|next| [&all[from][..], &[next]].concat()).collect();
        all.extend(longer);
        from += 1;
    }
    all
}

fn delivered(order: &[usize], times: Times) -> Vec<usize> {
    match times {
        Times::Once => order.to_vec(),
        Times::OneTwoThree => {
            let each = order.iter().enumerate();
            each.flat_map(|(place, event)| std::iter::repeat_n(*event, 1 + place % 3)).collect()
        }
        Times::ThreeRounds => order.repeat(3),
    }
}

/// What must be the same in the end, whatever happened on the way.
async fn end(office: &Office) -> (Vec<&'static str>, usize, i64) {
    let events = office.events().await;
    let events = events.iter().map(|recorded| recorded.event.name()).collect();
    (events, office.mails().await.len(), office.own_balance().await.micros())
}

/// Plays every case; answers how many.
async fn play(fate: Fate) -> usize {
    let (mut office, events) = scene(fate).await;
    let base: Database = office.database.copy();
    let (mut count, mut first) = (0, None);
    for order in arrangements(events.len()) {
        let ways = if order.is_empty() {
            &[Times::Once][..]
        } else {
            &[Times::Once, Times::OneTwoThree, Times::ThreeRounds]
        };
        for times in ways {
            let what = format!("{fate:?} {order:?} {times:?}");
            office = office.moved_to(base.copy());
            office.deps.gateway = Arc::new(office.sandbox.stripe());
            for event in delivered(&order, *times) {
                let (header, body) = office.sign(&events[event]);
                let taken = jobs::take_webhook(&office.deps, &header, &body).await;
                taken.unwrap_or_else(|error| panic!("{what}: {error}"));
            }
            office.work_on().await;
            let paid = fate != Fate::NotAuthenticated;
            assert_eq!(office.switches().await, usize::from(paid), "{what}");
            assert_eq!(office.own_balance().await, usd(if paid { 100 } else { 0 }), "{what}");
            let end = end(&office).await;
            assert_eq!(*first.get_or_insert_with(|| end.clone()), end, "{what}");
            office.assert_sound().await;
            // Every case begins when the first one did.
            office.clock.forward(-8 * 120);
            count += 1;
        }
    }
    count
}

#[tokio::test]
async fn every_order_of_a_payments_webhooks_comes_to_one_end() {
    let (unheard, passed, failed) =
        tokio::join!(play(Fate::Unheard), play(Fate::Authenticated), play(Fate::NotAuthenticated),);
    let all = unheard + passed + failed;
    assert!(all >= 3 * 46, "{unheard} {passed} {failed}");
    super::say(&format!("orders of a payment's webhooks: {all}, one end each"));
}
