//! How many streams each agency has open.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use billing::AgencyId;

/// Change streams that one agency may have open.
pub const CHANGES_PER_AGENCY: usize = 64;
/// Widgets of one agency that may listen.
pub const EMBEDDED_PER_AGENCY: usize = 1_000;

/// The open streams of a kind.
#[derive(Clone)]
pub struct Streams {
    open: Arc<Mutex<BTreeMap<AgencyId, usize>>>,
    per_agency: usize,
}

/// One open stream; closed when dropped.
pub struct Open {
    streams: Streams,
    agency: AgencyId,
}

impl Streams {
    /// None yet, and so many at most for each agency.
    pub fn at_most(per_agency: usize) -> Self {
        Self { open: Arc::default(), per_agency }
    }

    /// Opens one; nothing when the agency has enough.
    pub fn open(&self, agency: AgencyId) -> Option<Open> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(agency).or_default();
        if *count >= self.per_agency {
            return None;
        }
        *count += 1;
        Some(Open { streams: self.clone(), agency })
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut open = self.streams.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.agency) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.agency);
            }
        }
    }
}
