//! How far something long is, on standard error: a bar for people, a plain line now and then for logs.

use std::{
    io::{self, IsTerminal as _, Write as _},
    time::Duration,
};

use billing::Timestamp;

/// How often the bar moves.
const BAR_EVERY: Duration = Duration::from_millis(100);
/// How often a log gets a line.
const LINE_EVERY: Duration = Duration::from_secs(5);
/// The length of the bar, in characters.
const BAR: u64 = 24;

/// How far it is.
pub struct Progress {
    what: &'static str,
    total: u64,
    begin: u64,
    started: Timestamp,
    told: Timestamp,
    terminal: bool,
}

impl Progress {
    /// Of so much in `total`, from `begin` on; `what` is counted on the way.
    pub fn start(what: &'static str, total: u64, begin: u64, now: Timestamp) -> Self {
        let terminal = io::stderr().is_terminal();
        Self { what, total, begin, started: now, told: now, terminal }
    }

    /// It is done up to `offset`; that were so many in this run.
    pub fn at(&mut self, offset: u64, count: u64, now: Timestamp) {
        let every = if self.terminal { BAR_EVERY } else { LINE_EVERY };
        if now.since(self.told) < every {
            return;
        }
        self.told = now;
        let elapsed = now.since(self.started);
        let line = line(self.what, self.begin, offset, self.total, count, elapsed);
        if self.terminal {
            eprint!("\r\x1b[K{} {line}", bar(offset, self.total));
            // A bar that cannot be shown is no reason to stop.
            let _unseen = io::stderr().flush();
        } else {
            eprintln!("sluice: {line}");
        }
    }
}

impl Drop for Progress {
    /// Leaves no bar behind.
    fn drop(&mut self) {
        if self.terminal {
            eprint!("\r\x1b[K");
        }
    }
}

fn bar(offset: u64, total: u64) -> String {
    let full = (offset * BAR).checked_div(total).unwrap_or(BAR).min(BAR);
    (0..BAR).map(|place| if place < full { '█' } else { '░' }).collect()
}

/// `43 %, 430000 events, 52000 a second, 11 s left`
fn line(what: &str, begin: u64, offset: u64, total: u64, count: u64, elapsed: Duration) -> String {
    let percent = (offset * 100).checked_div(total).unwrap_or(100);
    let millis = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX).max(1);
    let rate = count.saturating_mul(1_000) / millis;
    let (done, left) = (offset.saturating_sub(begin).max(1), total.saturating_sub(offset));
    let left = u128::from(left) * u128::from(millis) / u128::from(done) / 1_000;
    format!("{percent} %, {count} {what}, {rate} a second, {left} s left")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_how_far_it_is_and_how_long_it_will_take() {
        let second = Duration::from_secs(1);
        let line = |begin, offset, total, count, elapsed| {
            line("events", begin, offset, total, count, elapsed)
        };
        assert_eq!(line(0, 25, 100, 500, second), "25 %, 500 events, 500 a second, 3 s left");
        // What an earlier run has done says nothing about this one's speed.
        let resumed = line(50, 75, 100, 500, second * 10);
        assert_eq!(resumed, "75 %, 500 events, 50 a second, 10 s left");
        assert_eq!(line(0, 0, 0, 0, Duration::ZERO), "100 %, 0 events, 0 a second, 0 s left");
        assert_eq!(bar(50, 100), format!("{}{}", "█".repeat(12), "░".repeat(12)));
        assert_eq!(bar(200, 100), "█".repeat(24), "a file may grow meanwhile");
        assert_eq!(bar(0, 0), "█".repeat(24));
    }
}
