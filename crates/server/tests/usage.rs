//! Usage: priced by the version of its time, drawn once from the payer of its time, whoever sends it how often and when.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    missing_docs,
    reason = "a test that cannot go on has failed; the support files serve several suites"
)]

#[path = "support/metering.rs"]
mod metering;
#[path = "support/office.rs"]
mod office;
#[path = "support/sandbox.rs"]
mod sandbox;

use std::time::Duration;

use billing::{
    Quantity, Timestamp,
    funding::{Command, Payer, ReturnChoice},
    ledger::Book,
    pricing::{Markup, PriceSubject, Setting, Terms, Tier},
    usage::Day,
};
use metering::{Usage, event, micros, price};
use office::{Office, usd};
use server::{
    metering::{Meter, MeterError, Refusal, draw, memory::Memory},
    storage::StorageError,
};

const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// At noon, whatever the time is, so that the hours around it are one day; and far enough from the clock's beginning that
/// days can be counted back.
async fn open() -> (Office, Timestamp) {
    let office = Office::open().await;
    let now = office.deps.clock.now();
    let noon = Day::of(now).start().plus(DAY * 90 + HOUR * 12);
    office.clock.forward(i64::try_from(noon.since(now).as_secs()).unwrap());
    let now = office.deps.clock.now();
    (office, now)
}

#[tokio::test]
async fn usage_draws_from_the_agency_exactly() {
    let (office, now) = open().await;
    office.set_price("sms.sent", "0.000033", Timestamp::from_millis(0)).await;
    let events: Vec<_> = (0..10_000).map(|n| event(&n.to_string(), "BW-0077", now)).collect();
    for batch in events.chunks(1_000) {
        office.record(batch.to_vec()).await.unwrap();
    }
    assert_eq!(office.balance(Book::Agency).await, micros(-330_000));
    assert_eq!(office.balance(Book::Revenue).await, micros(330_000));
    let day = office.day("sms.sent", Payer::Agency, now).await.unwrap();
    assert_eq!((day.events, day.amount_micros), (10_000, 330_000));
    office.assert_sound().await;
}

#[tokio::test]
async fn the_payer_is_whoever_paid_at_the_events_own_time() {
    let (office, begin) = open().await;
    office.set_price("sms.sent", "1", Timestamp::from_millis(0)).await;
    let (_, token) = office.ask().await;
    office.clock.forward(60);
    office.pay(&token, "visa").await.unwrap();
    let switched = office.timeline().await[1].from;
    office.clock.forward(7_200);
    let back = Command::AddToAgency { choice: ReturnChoice::Transfer, take_over_negative: false };
    let late_in_between = event("before the return", "BW-0077", switched.plus(HOUR));
    office.record(vec![late_in_between]).await.unwrap();
    assert_eq!(office.own_balance().await, usd(99));
    office.order(back).await.unwrap();
    office.work_on().await;
    let returned = office.timeline().await[2].from;
    let millisecond = Duration::from_millis(1);
    for (name, at, payer) in [
        ("while it was asked", begin.plus(millisecond), Payer::Agency),
        ("just before the switch", switched.minus(millisecond), Payer::Agency),
        ("at the switch", switched, Payer::Customer),
        ("after it", switched.plus(millisecond), Payer::Customer),
        ("just before the return", returned.minus(millisecond), Payer::Customer),
        ("at the return", returned, Payer::Agency),
        ("after it, too", returned.plus(millisecond), Payer::Agency),
    ] {
        let (agency, own) = (office.balance(Book::Agency).await, office.own_balance().await);
        office.record(vec![event(name, "BW-0077", at)]).await.unwrap();
        let agency = agency.minus(office.balance(Book::Agency).await).unwrap();
        let own = own.minus(office.own_balance().await).unwrap();
        let expected = if payer == Payer::Agency { (usd(1), usd(0)) } else { (usd(0), usd(1)) };
        assert_eq!((agency, own), expected, "{name}");
    }
    let day = office.day("sms.sent", Payer::Customer, switched).await.unwrap();
    assert_eq!(day.late_events, 3, "those that came after the return");
    office.assert_sound().await;
}

#[tokio::test]
async fn an_event_draws_once_however_often_it_comes() {
    let (office, now) = open().await;
    office.set_price("sms.sent", "1", Timestamp::from_millis(0)).await;
    let once = event("once", "BW-0077", now);
    office.record(vec![once.clone(), once.clone()]).await.unwrap();
    office.record(vec![once.clone()]).await.unwrap();
    let all = (0..50).map(|_| office.record(vec![once.clone()]));
    for result in futures_util::future::join_all(all).await {
        result.unwrap();
    }
    // Another server on the same database, or this one after a restart.
    let again = Meter::start(office.deps.store.clone(), office.deps.clock.clone());
    again.record(office.batch(vec![once.clone()])).await.unwrap();
    office.record(vec![event("twice", "BW-0077", now)]).await.unwrap();
    again.record(office.batch(vec![event("twice", "BW-0077", now)])).await.unwrap();
    assert_eq!(office.balance(Book::Agency).await, usd(-2));
    // The same identity with another content is a mistake that somebody should hear of.
    let other = event("once", "BW-0077", now.minus(HOUR));
    let refused = office.record(vec![event("new", "BW-0077", now), other]).await.unwrap_err();
    let MeterError::Refused(refused) = refused else { panic!("{refused:?}") };
    assert_eq!((refused.index, refused.why), (1, Refusal::OtherPayload));
    assert_eq!(office.balance(Book::Agency).await, usd(-2), "nothing of the batch is stored");
    office.assert_sound().await;
}

#[tokio::test]
async fn a_group_ends_early_for_somebody_who_waits() {
    let (office, now) = open().await;
    office.set_price("sms.sent", "0.01", Timestamp::from_millis(0)).await;
    let events: Vec<_> = (0..6_000).map(|n| event(&n.to_string(), "BW-0077", now)).collect();
    let mut batches: Vec<_> =
        events.chunks(1_000).map(|events| office.batch(events.to_vec())).collect();
    // What the first part has taken is known to the parts after it.
    let mut other = events[0].clone();
    other.payload = [0; 16];
    batches.push(office.batch(vec![events[0].clone(), events[5_999].clone()]));
    batches.push(office.batch(vec![other]));
    let draw = move |tx: &mut dyn server::storage::Transaction| {
        let mut memory = Memory::new(64);
        let begun = draw::group(tx, &mut memory, &batches, now, || true)?;
        assert!(begun.results[..4].iter().all(|result| *result == Some(Ok(()))));
        assert!(begun.results[4..].iter().all(Option::is_none), "a part is four thousand events");
        memory.keep(begun.learned);
        let rest = draw::group(tx, &mut memory, &batches[4..], now, || false)?;
        assert_eq!(rest.results[..3], [Some(Ok(())), Some(Ok(())), Some(Ok(()))]);
        assert!(matches!(rest.results[3], Some(Err(_))), "another content");
        Ok::<_, StorageError>(())
    };
    office.deps.store.write(draw).await.unwrap();
    assert_eq!(office.head().await.events, 6_000);
    assert_eq!(office.balance(Book::Agency).await, usd(-60));
    office.assert_sound().await;
}

#[tokio::test]
async fn usage_and_commands_in_each_others_way_are_all_answered() {
    let (office, now) = open().await;
    office.set_price("sms.sent", "0.01", Timestamp::from_millis(0)).await;
    let batch = |of: usize| {
        (0..700).map(move |n| event(&format!("{of}-{n}"), "BW-0077", now)).collect::<Vec<_>>()
    };
    let usage = (0..20).map(|of| office.record(batch(of)));
    let commands = (0..50).map(|_| {
        let scope = office.scope;
        office.deps.store.write(move |tx| tx.next_change(scope))
    });
    let (usage, commands) = futures_util::future::join(
        futures_util::future::join_all(usage),
        futures_util::future::join_all(commands),
    )
    .await;
    assert!(usage.iter().all(Result::is_ok) && commands.iter().all(Result::is_ok));
    assert_eq!(office.head().await.events, 14_000);
    assert_eq!(office.balance(Book::Agency).await, usd(-140));
    office.assert_sound().await;
}

#[tokio::test]
async fn old_identities_are_found_in_the_index() {
    let (office, now) = open().await;
    office.set_price("sms.sent", "0.01", Timestamp::from_millis(0)).await;
    let (store, clock) = (&office.deps.store, &office.deps.clock);
    let meter = Meter::with_segments_of(store.clone(), clock.clone(), 64);
    let events: Vec<_> = (0..1_000).map(|n| event(&n.to_string(), "BW-0077", now)).collect();
    for batch in events.chunks(37) {
        meter.record(office.batch(batch.to_vec())).await.unwrap();
    }
    assert_eq!(office.head().await.indexed, 1_000 / 64 * 64);
    let restarted = Meter::with_segments_of(store.clone(), clock.clone(), 64);
    for meter in [&meter, &restarted] {
        for batch in events.chunks(100) {
            meter.record(office.batch(batch.to_vec())).await.unwrap();
        }
    }
    assert_eq!(office.head().await.events, 1_000);
    assert_eq!(office.balance(Book::Agency).await, usd(-10));
    let mut other = event("5", "BW-0077", now);
    other.payload = [0; 16];
    assert!(restarted.record(office.batch(vec![other])).await.is_err());
    office.assert_sound().await;
}

#[tokio::test]
async fn included_units_tiers_overrides_and_markups_are_applied() {
    let (office, now) = open().await;
    let begin = Timestamp::from_millis(0);
    let quantity = |text| Quantity::parse(text).unwrap();
    let terms = Terms {
        included: quantity("10"),
        tiers: vec![Tier { above: quantity("20"), unit_price: price("0.5") }],
        ..Terms::flat(price("1"), None)
    };
    let subject = office.list("call");
    office.set(subject, Setting::Price { terms }, begin).await;
    let calls = |from: usize, to: usize| -> Vec<_> {
        (from..to).map(|n| metering::event_of("call", &n.to_string(), "BW-0077", now)).collect()
    };
    office.record(calls(0, 5)).await.unwrap();
    assert_eq!(office.balance(Book::Agency).await, usd(0));
    office.record(calls(5, 12)).await.unwrap();
    assert_eq!(office.balance(Book::Agency).await, usd(-2));
    office.record(calls(12, 22)).await.unwrap();
    assert_eq!(office.balance(Book::Agency).await, usd(-11));
    let account = office.account;
    let markup = Setting::Markup { markup: Markup::from_ppm(100_000).unwrap() };
    office.set(PriceSubject::Markup { account }, markup, begin).await;
    office.record(calls(22, 24)).await.unwrap();
    assert_eq!(office.balance(Book::Agency).await, micros(-12_100_000));
    let event_type = billing::usage::EventType::parse("call").unwrap();
    let own = PriceSubject::Override { account, event_type };
    let terms = Terms::flat(price("2"), None);
    office.set(own, Setting::Price { terms }, begin).await;
    office.record(calls(24, 25)).await.unwrap();
    assert_eq!(office.balance(Book::Agency).await, micros(-14_300_000));
    office.assert_sound().await;
}

#[tokio::test]
async fn what_has_no_price_waits_for_one() {
    let (office, now) = open().await;
    let events = (0..5).map(|n| event(&n.to_string(), "BW-0077", now.minus(DAY * n))).collect();
    office.record(events).await.unwrap();
    assert_eq!(office.balance(Book::Agency).await, usd(0));
    let waiting = office.unpriced().await;
    assert_eq!((waiting[0].events, waiting[0].first_at), (5, now.minus(DAY * 4)));
    office.assert_sound().await;
    // From the day before yesterday on: two of the five stay without one.
    office.set_price("sms.sent", "1", now.minus(DAY * 2)).await;
    office.deps.meter.price_waiting(office.scope).await.unwrap();
    assert_eq!(office.balance(Book::Agency).await, usd(-3));
    assert_eq!(office.unpriced().await[0].events, 2);
    office.assert_sound().await;
    office.set_price("sms.sent", "2", now.minus(DAY * 9)).await;
    office.deps.meter.price_waiting(office.scope).await.unwrap();
    assert_eq!(office.balance(Book::Agency).await, usd(-7), "what was drawn keeps its price");
    assert!(office.unpriced().await.is_empty());
    office.record(vec![event("0", "BW-0077", now)]).await.unwrap();
    assert_eq!(office.balance(Book::Agency).await, usd(-7), "and stays known");
    office.assert_sound().await;
}

#[tokio::test]
async fn a_single_changed_byte_of_a_draw_is_found() {
    let (office, now) = open().await;
    office.set_price("sms.sent", "0.25", Timestamp::from_millis(0)).await;
    let events = (0..20).map(|n| event(&n.to_string(), "BW-0077", now)).collect();
    office.record(events).await.unwrap();
    office.assert_sound().await;
    for (column, value) in [
        ("amount_micros", "amount_micros + 1"),
        ("id", "id || 'x'"),
        ("source", "'twilip'"),
        ("at", "at + 1"),
        ("data", "replace(data, '1', '2')"),
        ("quantity_micros", "quantity_micros + 1"),
        ("price", "price + 1"),
        ("payer", "'customer'"),
        ("type", "'sms.seny'"),
        ("entry", "entry + 1"),
        ("previous", "previous + 1"),
        ("account_id", "'sub_0000000000000000000000000z'"),
    ] {
        let problems =
            office.after(&format!("UPDATE events SET {column} = {value} WHERE number = 7")).await;
        assert!(!problems.is_empty(), "a changed {column} is not found");
    }
    for tampering in [
        "DELETE FROM events WHERE number = 7",
        "DELETE FROM events WHERE number = 20",
        "UPDATE usage_days SET amount_micros = amount_micros + 1",
        "UPDATE usage_days SET events = events + 1",
        "UPDATE usage_days SET late_events = 1",
        "UPDATE entries SET reference = replace(reference, '/1-', '/2-')",
        "UPDATE metering SET events = 19",
    ] {
        assert!(!office.after(tampering).await.is_empty(), "{tampering} is not found");
    }
    assert!(office.after("SELECT 1").await.is_empty());
}
