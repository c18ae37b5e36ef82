//! A database in which many events are stored already: drawn like any other, through the server's own meter, in this process.

use std::path::Path;

use billing::usage::EventType;
use server::{
    deps::{Clock as _, SystemClock},
    metering::{Batch, Meter, NewEvent, data_fields},
    storage::sqlite,
};

use crate::{
    Outcome,
    chance::{ID_LETTERS, Ids},
    clock,
    load::BATCH,
    seed::{ACCOUNTS, Agency, EVENT_TYPE, FIELD, subject},
};

/// Batches on their way at the same time.
const AT_ONCE: usize = 24;

/// Stores so many events with random identities; answers how many per second.
pub async fn fill(path: &Path, agency: &Agency, events: u64, ids: &Ids) -> Outcome<u64> {
    let store = sqlite::open(path)?.store;
    let meter = Meter::start(store, std::sync::Arc::new(SystemClock));
    let event_type = EventType::parse(EVENT_TYPE).map_err(|error| format!("{error:?}"))?;
    let begun = clock::now();
    let mut under_way = tokio::task::JoinSet::new();
    let mut left = events;
    while left > 0 || !under_way.is_empty() {
        if left > 0 && under_way.len() < AT_ONCE {
            let size = left.min(BATCH as u64);
            left -= size;
            let batch = batch(agency, &event_type, size, ids)?;
            let meter = meter.clone();
            under_way.spawn(async move { meter.record(batch).await });
        } else if let Some(done) = under_way.join_next().await {
            done??;
        }
        // The batches that wait are sent, and those that are done are heard of, between two that are made.
        tokio::task::yield_now().await;
    }
    Ok(clock::per_second(events, begun.elapsed().as_micros()))
}

fn batch(agency: &Agency, event_type: &EventType, size: u64, ids: &Ids) -> Outcome<Batch> {
    let at = SystemClock.now();
    let mut events = Vec::with_capacity(BATCH);
    for _ in 0..size {
        let mut id = [0; ID_LETTERS];
        let random = ids.next(&mut id);
        let data = format!("{{\"{FIELD}\":{}}}", 100 + (random >> 32) % 900);
        let fields = data_fields(&data)?;
        events.push(NewEvent::new(
            "gateway-eu-1".to_owned(),
            String::from_utf8_lossy(&id).into_owned(),
            subject(random % ACCOUNTS),
            event_type.clone(),
            Some(at),
            (data, fields),
        ));
    }
    Ok(Batch { scope: agency.scope, events, any_age: true })
}
