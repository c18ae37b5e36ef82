//! What goes wrong on demand: faults wait in a queue for the request they are meant for.

use serde::{Deserialize, Serialize};

/// What happens instead of a plain answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FaultKind {
    /// Done, but the answer never comes: the connection is held, then closed.
    TimeoutWithEffect,
    /// Not done, and no answer: the connection is held, then closed.
    TimeoutWithoutEffect,
    /// Done, but answered with 500.
    #[serde(rename = "error_500_with_effect")]
    Error500WithEffect,
    /// Not done, and answered with 500.
    #[serde(rename = "error_500_without_effect")]
    Error500WithoutEffect,
    /// Not done, and answered with 429.
    RateLimited,
    /// Not done, and answered with 409: somebody else is at it.
    Conflict,
    /// Not done, and answered with 400: a definite no.
    Refused,
    /// Done, after a wait.
    Slow,
}

/// A fault to come.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    pub method: String,
    /// `*` stands for one segment.
    pub path: String,
    pub fault: FaultKind,
    /// How long a time-out holds the connection, or a slow answer waits.
    #[serde(default = "default_delay_ms")]
    pub delay_ms: u64,
    /// How many more requests it will hit.
    #[serde(default = "once")]
    pub times: u32,
    /// How many requests it has hit.
    #[serde(default, skip_deserializing)]
    pub fired: u32,
}

fn default_delay_ms() -> u64 {
    60_000
}

fn once() -> u32 {
    1
}

impl Fault {
    fn is_for(&self, method: &str, path: &str) -> bool {
        self.times > 0
            && self.method.eq_ignore_ascii_case(method)
            && self.path.split('/').count() == path.split('/').count()
            && self
                .path
                .split('/')
                .zip(path.split('/'))
                .all(|(ours, theirs)| ours == "*" || ours == theirs)
    }
}

/// Every fault since the start or the last clearing, also those used up.
#[derive(Debug, Default)]
pub(crate) struct FaultQueue {
    faults: Vec<Fault>,
}

impl FaultQueue {
    pub fn push(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    pub fn clear(&mut self) {
        self.faults.clear();
    }

    pub fn all(&self) -> &[Fault] {
        &self.faults
    }

    /// The first fault that waits for such a request; it is one nearer to its end.
    pub fn take(&mut self, method: &str, path: &str) -> Option<Fault> {
        let fault = self.faults.iter_mut().find(|fault| fault.is_for(method, path))?;
        fault.times -= 1;
        fault.fired += 1;
        Some(fault.clone())
    }
}
