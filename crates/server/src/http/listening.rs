//! Waiting for something to say on an event stream: until the agency's bell rings, time is up, or the server stops.

use std::time::Duration;

use billing::AgencyId;
use tokio::sync::{
    broadcast::{self, error::RecvError},
    watch,
};

use super::App;

/// An ear on one agency's bell. The bell is a hint to look at once; the rows are the truth.
pub struct Listening {
    agency: AgencyId,
    bell: broadcast::Receiver<AgencyId>,
    stop: watch::Receiver<bool>,
}

impl Listening {
    /// From now on.
    pub fn to(app: &App, bell: broadcast::Receiver<AgencyId>, agency: AgencyId) -> Self {
        Self { agency, bell, stop: app.stop.clone() }
    }

    /// Whether the server stops, and with it every stream.
    pub fn is_over(&self) -> bool {
        *self.stop.borrow()
    }

    /// Until there may be something to say.
    pub async fn wait(&mut self, at_most: Duration) {
        let deadline = tokio::time::sleep(at_most);
        tokio::pin!(deadline);
        loop {
            tokio::select! {
                () = &mut deadline => return,
                rung = self.bell.recv() => match rung {
                    Ok(whose) if whose != self.agency => {}
                    Ok(_) | Err(RecvError::Lagged(_)) => return,
                    // Nobody rings any more: the rows are looked at nevertheless.
                    Err(RecvError::Closed) => return deadline.await,
                },
                changed = self.stop.changed() => match changed {
                    Ok(()) => return,
                    Err(_) => self.stop = forever(),
                },
            }
        }
    }
}

/// News that never comes, from a sender that never goes.
fn forever() -> watch::Receiver<bool> {
    static NEVER: std::sync::LazyLock<watch::Sender<bool>> =
        std::sync::LazyLock::new(|| watch::Sender::new(false));
    NEVER.subscribe()
}
