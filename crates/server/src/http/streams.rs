//! How many change streams each agency has open.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use billing::AgencyId;

/// Streams that one agency may have open.
pub const PER_AGENCY: usize = 64;

/// The open streams.
#[derive(Clone, Default)]
pub struct Streams(Arc<Mutex<BTreeMap<AgencyId, usize>>>);

/// One open stream; closed when dropped.
pub struct Open {
    streams: Streams,
    agency: AgencyId,
}

impl Streams {
    /// Opens one; nothing when the agency has enough.
    pub fn open(&self, agency: AgencyId) -> Option<Open> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(agency).or_default();
        if *count >= PER_AGENCY {
            return None;
        }
        *count += 1;
        Some(Open { streams: self.clone(), agency })
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut open = self.streams.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.agency) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.agency);
            }
        }
    }
}
