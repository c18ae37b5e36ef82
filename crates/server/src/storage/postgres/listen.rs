//! Hears of what other servers committed, and rings this server's bell.

use std::{
    sync::{Arc, atomic::Ordering, mpsc},
    thread,
    time::Duration,
};

use postgres::{Client, fallible_iterator::FallibleIterator as _};

use super::{CHANNEL, Shared, words};
use crate::storage::{Result, StorageError, store::Ringer};

/// How soon the thread notices that the store is gone.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// The pause before it connects again. Meanwhile clients look for themselves every few seconds.
const PAUSE: Duration = Duration::from_secs(1);

/// A thread that listens, and waits for a bell to ring.
pub(super) struct Listening {
    bell: mpsc::Sender<Ringer>,
}

impl Listening {
    /// Starts to listen; nothing that is committed from here on is missed.
    pub(super) fn start(shared: Arc<Shared>) -> Result<Self> {
        let client = listen(&shared).map_err(|error| StorageError::Database(words(&error)))?;
        let (bell, given) = mpsc::channel();
        let hear = move || {
            if let Ok(ringer) = given.recv() {
                hear_on(client, &shared, &ringer);
            }
        };
        let started = thread::Builder::new().name("sluice-listener".to_owned()).spawn(hear);
        started.map_err(|error| StorageError::Database(error.to_string()))?;
        Ok(Self { bell })
    }

    /// Rings this bell as long as its store is there.
    pub(super) fn ring_for(self, ringer: Ringer) -> Result<()> {
        self.bell.send(ringer).map_err(|_| StorageError::Closed)
    }
}

fn listen(shared: &Shared) -> std::result::Result<Client, postgres::Error> {
    let (mut client, backend) = shared.address.work("sluice-listener")?;
    // The lock tells other servers, when they start, that this one is there.
    let listen = format!("LISTEN {CHANNEL}; SELECT pg_advisory_lock_shared(7583, 2)");
    client.batch_execute(&listen)?;
    shared.listener.store(backend, Ordering::Relaxed);
    Ok(client)
}

fn hear_on(mut client: Client, shared: &Shared, ringer: &Ringer) {
    loop {
        let lost = hear(&mut client, shared, ringer);
        drop(client);
        client = loop {
            if !ringer.is_needed() {
                return;
            }
            if let Some(error) = &lost {
                tracing::warn!(error = %words(error), "changes of other servers are not heard");
            }
            thread::sleep(PAUSE);
            if let Ok(client) = listen(shared) {
                break client;
            }
        };
    }
}

/// Until the store is gone or the connection is lost.
fn hear(client: &mut Client, shared: &Shared, ringer: &Ringer) -> Option<postgres::Error> {
    while ringer.is_needed() && !client.is_closed() {
        let mut notifications = client.notifications();
        let mut waiting = notifications.timeout_iter(LOOK_EVERY);
        loop {
            match waiting.next() {
                Ok(Some(told)) => {
                    let own = shared.with_writers(|writers| writers.contains(&told.process_id()));
                    if let (false, Ok(agency)) = (own, told.payload().parse()) {
                        ringer.ring(agency);
                    }
                }
                Ok(None) => break,
                Err(error) => return Some(error),
            }
        }
    }
    None
}
