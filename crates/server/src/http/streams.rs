//! How many streams each agency, each client user and each agency's widgets have open.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use billing::{AgencyId, UserId};

/// Whose streams are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Listener {
    /// An agency's people.
    People,
    /// One client user: theirs take none from the agency's.
    Client(UserId),
    /// An agency's widgets.
    Widgets,
}

impl Listener {
    /// How many streams they may have open together.
    pub const fn most(self) -> usize {
        match self {
            Self::People => 64,
            Self::Client(_) => 8,
            Self::Widgets => 1_000,
        }
    }
}

/// The open streams.
#[derive(Clone, Default)]
pub struct Streams(Arc<Mutex<BTreeMap<(AgencyId, Listener), usize>>>);

/// One open stream; closed when dropped.
pub struct Open {
    streams: Streams,
    whose: (AgencyId, Listener),
}

impl Streams {
    /// Opens one; nothing when they have enough.
    pub fn open(&self, agency: AgencyId, listener: Listener) -> Option<Open> {
        let whose = (agency, listener);
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(whose).or_default();
        if *count >= listener.most() {
            return None;
        }
        *count += 1;
        Some(Open { streams: self.clone(), whose })
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut open = self.streams.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.whose) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.whose);
            }
        }
    }
}
