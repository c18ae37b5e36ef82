//! How much memory a process takes, looked at all the time.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

/// Between two looks.
const EVERY: Duration = Duration::from_millis(50);

/// Looks until it is dropped.
pub struct Watch {
    seen: Arc<Seen>,
}

#[derive(Default)]
struct Seen {
    over: AtomicBool,
    /// In KiB: all that is resident, and the part of it that is no file's page.
    resident: AtomicU64,
    own: AtomicU64,
}

impl Watch {
    /// Begins to look at a process.
    pub fn start(process: u32) -> Self {
        let seen = Arc::new(Seen::default());
        let looking = Arc::clone(&seen);
        thread::spawn(move || {
            let path = format!("/proc/{process}/status");
            while !looking.over.load(Ordering::Relaxed) {
                if let Ok(status) = fs::read_to_string(&path) {
                    looking.resident.fetch_max(line(&status, "VmRSS:"), Ordering::Relaxed);
                    looking.own.fetch_max(line(&status, "RssAnon:"), Ordering::Relaxed);
                }
                thread::sleep(EVERY);
            }
        });
        Self { seen }
    }

    /// The most that was resident, and the most of it that was the process's own, in KiB.
    pub fn most(&self) -> (u64, u64) {
        (self.seen.resident.load(Ordering::Relaxed), self.seen.own.load(Ordering::Relaxed))
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.seen.over.store(true, Ordering::Relaxed);
    }
}

fn line(status: &str, name: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}
