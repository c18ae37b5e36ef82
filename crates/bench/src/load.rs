//! Load: connections that send events one request after the other, as fast as they are answered or at a given rate.

use std::{net::SocketAddr, rc::Rc, time::Duration};

use server::deps::{Clock as _, SystemClock};
use tokio::{task::LocalSet, time::MissedTickBehavior};

use crate::{
    Outcome,
    chance::Ids,
    clock,
    seed::{ACCOUNTS, Agency},
    wire::{Connection, EventsRequest},
};

/// Events of a batch.
pub const BATCH: usize = 1_000;
/// Connections that send batches: enough that some are read while others are committed.
pub const BATCH_CONNECTIONS: usize = 16;
/// Connections that send single events.
pub const SINGLE_CONNECTIONS: usize = 256;

/// What a request carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A thousand events.
    Batch,
    /// One.
    Single,
}

impl Kind {
    fn events(self) -> usize {
        if self == Self::Batch { BATCH } else { 1 }
    }

    fn connections(self) -> usize {
        if self == Self::Batch { BATCH_CONNECTIONS } else { SINGLE_CONNECTIONS }
    }
}

/// What a span of load led to.
#[derive(Clone, Debug)]
pub struct Taken {
    /// Events that were answered: stored and drawn.
    pub events: u64,
    /// Per second.
    pub rate: u64,
    /// How long each request took, in microseconds, sorted.
    pub micros: Vec<u64>,
}

/// Sends as fast as it goes.
pub async fn full(
    address: SocketAddr,
    agency: &Agency,
    kind: Kind,
    span: Duration,
    ids: &Rc<Ids>,
) -> Outcome<Taken> {
    run(address, agency, kind, span, ids, None).await
}

/// Sends batches at so many events per second.
pub async fn paced(
    address: SocketAddr,
    agency: &Agency,
    rate: u64,
    span: Duration,
    ids: &Rc<Ids>,
) -> Outcome<Taken> {
    let all = (BATCH * BATCH_CONNECTIONS) as u64;
    let every = Duration::from_nanos(all * 1_000_000_000 / rate.max(1));
    run(address, agency, Kind::Batch, span, ids, Some(every)).await
}

async fn run(
    address: SocketAddr,
    agency: &Agency,
    kind: Kind,
    span: Duration,
    ids: &Rc<Ids>,
    every: Option<Duration>,
) -> Outcome<Taken> {
    let local = LocalSet::new();
    let at = SystemClock.now();
    let mut sending = Vec::new();
    let mut senders = Vec::new();
    // Everything is there before the span begins.
    for _ in 0..kind.connections() {
        let request = EventsRequest::new(&agency.key, kind.events(), at);
        senders.push((Connection::open(address).await?, request));
    }
    let begun = clock::now();
    for (number, (mut connection, mut request)) in senders.into_iter().enumerate() {
        let ids = Rc::clone(ids);
        let stagger = every.map(|every| every * u32::try_from(number).unwrap_or(0));
        let stagger = stagger.unwrap_or_default() / u32::try_from(kind.connections()).unwrap_or(1);
        sending.push(local.spawn_local(async move {
            let mut micros = Vec::with_capacity(1 << 14);
            tokio::time::sleep(stagger).await;
            let mut pace = every.map(tokio::time::interval);
            if let Some(pace) = &mut pace {
                pace.set_missed_tick_behavior(MissedTickBehavior::Burst);
            }
            while begun.elapsed() < span {
                if let Some(pace) = &mut pace {
                    pace.tick().await;
                }
                request.renew(&ids);
                let sent = clock::now();
                connection.send_events(&request).await?;
                micros.push(u64::try_from(sent.elapsed().as_micros()).unwrap_or(u64::MAX));
            }
            Outcome::Ok((micros, request.events()))
        }));
    }
    let mut taken = Taken { events: 0, rate: 0, micros: Vec::new() };
    local
        .run_until(async {
            for sender in sending {
                let (micros, events) = sender.await??;
                taken.events += events * micros.len() as u64;
                taken.micros.extend(micros);
            }
            Outcome::Ok(())
        })
        .await?;
    // Until the last answer: what was under way at the end of the span counts, and so does its time.
    taken.rate = clock::per_second(taken.events, begun.elapsed().as_micros());
    taken.micros.sort_unstable();
    Ok(taken)
}

/// Sends one request.
pub async fn once(address: SocketAddr, agency: &Agency, kind: Kind, ids: &Ids) -> Outcome {
    let mut request = EventsRequest::new(&agency.key, kind.events(), SystemClock.now());
    request.renew(ids);
    Connection::open(address).await?.send_events(&request).await
}

/// Sends an event for each account, so that no measured span is about the first sight of one.
pub async fn warm_up(address: SocketAddr, agency: &Agency, ids: &Ids) -> Outcome<u64> {
    let mut connection = Connection::open(address).await?;
    let mut request = EventsRequest::new(&agency.key, BATCH, SystemClock.now());
    let mut next = 0;
    while next < ACCOUNTS {
        request.renew_in_order(ids, &mut next);
        connection.send_events(&request).await?;
    }
    Ok(next)
}

/// The request that so many of a hundred are not slower than.
pub fn percentile(sorted: &[u64], percent: usize) -> u64 {
    let last = sorted.len().saturating_sub(1);
    sorted.get((sorted.len() * percent / 100).min(last)).copied().unwrap_or(0)
}
