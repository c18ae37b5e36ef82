//! What browsers reported about our content policy: counted, and the newest kept to look at.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

/// Reports that are kept.
const KEPT: usize = 20;

/// The reports since the start.
#[derive(Default)]
pub struct Reports(Mutex<(u64, VecDeque<String>)>);

impl Reports {
    /// Takes one.
    pub fn add(&self, report: String) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.0 = kept.0.saturating_add(1);
        if kept.1.len() == KEPT {
            kept.1.pop_front();
        }
        kept.1.push_back(report);
    }

    /// How many there were, and the newest.
    pub fn all(&self) -> (u64, Vec<String>) {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (kept.0, kept.1.iter().cloned().collect())
    }
}
