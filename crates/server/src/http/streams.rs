//! How many change streams each agency and each client user has open.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use billing::{AgencyId, UserId};

/// Streams that the people of one agency may have open together.
pub const PER_AGENCY: usize = 64;
/// Streams that one client user may have open: theirs take none from the agency's.
const PER_CLIENT: usize = 8;

/// Whose streams are counted together: those of an agency's people, or of one client user.
type Whose = (AgencyId, Option<UserId>);

/// The open streams.
#[derive(Clone, Default)]
pub struct Streams(Arc<Mutex<BTreeMap<Whose, usize>>>);

/// One open stream; closed when dropped.
pub struct Open {
    streams: Streams,
    whose: Whose,
}

impl Streams {
    /// Opens one, of an agency's people or of a client user; nothing when they have enough.
    pub fn open(&self, agency: AgencyId, client: Option<UserId>) -> Option<Open> {
        let whose = (agency, client);
        let most = if client.is_some() { PER_CLIENT } else { PER_AGENCY };
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(whose).or_default();
        if *count >= most {
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
