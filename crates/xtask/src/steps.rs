//! Numbered steps with their times, and the summary at the end.

use std::time::{Duration, Instant};

use crate::outcome::{Failure, Outcome};

/// A run of steps that stops at the first failure.
pub struct Steps {
    total: usize,
    started: Instant,
    done: Vec<(&'static str, Duration)>,
}

impl Steps {
    /// Begins a run of so many steps.
    pub fn new(total: usize) -> Self {
        Self { total, started: now(), done: Vec::new() }
    }

    /// Does one step. On failure the summary is printed and the failure says which step it was.
    pub fn step(&mut self, title: &'static str, work: impl FnOnce() -> Outcome) -> Outcome {
        let number = self.done.len().saturating_add(1);
        println!("\n[{number}/{}] {title} (after {})", self.total, spoken(self.started.elapsed()));
        let begun = now();
        let result = work();
        let took = begun.elapsed();
        match result {
            Ok(()) => {
                println!("      {title}: done in {}", spoken(took));
                self.done.push((title, took));
                Ok(())
            }
            Err(failure) => {
                self.summary();
                println!("  FAILED  {title:<24} {}", spoken(took));
                Err(Failure::new(format!("{title}: {failure}")))
            }
        }
    }

    /// Prints what was done and how long it took.
    pub fn summary(&self) {
        println!("\nSteps, {} in all:", spoken(self.started.elapsed()));
        for (title, took) in &self.done {
            println!("  ok      {title:<24} {}", spoken(*took));
        }
    }
}

/// The one stopwatch: it is shown to people and decides nothing.
#[expect(
    clippy::disallowed_methods,
    reason = "progress lines show elapsed time; no logic reads it"
)]
fn now() -> Instant {
    Instant::now()
}

fn spoken(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..60 => format!("{seconds} s"),
        _ => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_step_fails_the_run_and_is_named() {
        let mut steps = Steps::new(2);
        steps.step("first", || Ok(())).unwrap();
        let failure = steps.step("second", || Err(Failure::new("no luck"))).unwrap_err();
        assert_eq!(failure.to_string(), "second: no luck");
        assert_eq!(steps.done.len(), 1);
    }

    #[test]
    fn times_are_spoken_in_minutes_from_one_minute_on() {
        assert_eq!(spoken(Duration::from_secs(59)), "59 s");
        assert_eq!(spoken(Duration::from_secs(61)), "1 min 1 s");
    }
}
