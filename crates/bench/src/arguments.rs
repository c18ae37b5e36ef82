//! What xtask says on the command line.

use std::{path::PathBuf, time::Duration};

use crate::Outcome;

/// What to measure with, and how long.
#[derive(Debug, Default)]
pub struct Arguments {
    /// The release server.
    pub sluice: PathBuf,
    /// An empty folder on the disk to measure.
    pub folder: PathBuf,
    /// The programs of PostgreSQL.
    pub postgres_programs: PathBuf,
    /// Where it listens and as whom: `HOST PORT USER`.
    pub postgres: String,
    /// The commit that is measured.
    pub commit: String,
    /// The page to put the table on.
    pub write: Option<PathBuf>,
    /// Not how fast usage is drawn, but that a large database is verified.
    pub verify: bool,
    /// One kind of load alone, with nothing to compare it with: to look at the server with a profiler meanwhile.
    pub only: Option<Only>,
    /// Shorter spans and a smaller table: for trying, not for comparing.
    pub quick: bool,
}

/// A kind of load that can run alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Only {
    /// Batches on one hot balance.
    Batches,
    /// Single events on it.
    Singles,
    /// Switches of funding, while batches are drawn at half of the rate at which they can be.
    Switches,
}

impl Arguments {
    /// How often each span is measured; the median counts.
    pub const ROUNDS: usize = 3;

    /// How long a span of load is.
    pub fn span(&self) -> Duration {
        if self.quick { Duration::from_millis(1_200) } else { Duration::from_secs(4) }
    }

    /// How long a span of the first baseline is, in whole seconds.
    pub fn postgres_seconds(&self) -> u32 {
        if self.quick { 1 } else { 3 }
    }

    /// Events that are stored before the last scenario.
    pub fn stored_events(&self) -> u64 {
        if self.quick { 1_000_000 } else { 10_000_000 }
    }

    /// Switches of funding measured idle, and as many under load.
    pub fn switches(&self) -> usize {
        if self.quick { 150 } else { 400 }
    }
}

/// Reads them.
pub fn read(mut words: impl Iterator<Item = String>) -> Outcome<Arguments> {
    let mut arguments = Arguments::default();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--quick" => arguments.quick = true,
            "--verify" => arguments.verify = true,
            _ => value_of(&mut arguments, &word, words.next())?,
        }
    }
    if arguments.sluice.as_os_str().is_empty() || arguments.folder.as_os_str().is_empty() {
        return Err("start me with cargo xtask bench".into());
    }
    Ok(arguments)
}

fn value_of(arguments: &mut Arguments, word: &str, value: Option<String>) -> Outcome {
    let value = value.ok_or_else(|| format!("{word} needs a value"))?;
    match word {
        "--sluice" => arguments.sluice = value.into(),
        "--folder" => arguments.folder = value.into(),
        "--postgres-programs" => arguments.postgres_programs = value.into(),
        "--postgres" => arguments.postgres = value,
        "--commit" => arguments.commit = value,
        "--only" => {
            arguments.only = Some(match value.as_str() {
                "batches" => Only::Batches,
                "singles" => Only::Singles,
                "switches" => Only::Switches,
                _ => return Err("--only takes batches, singles or switches".into()),
            });
        }
        "--write" => arguments.write = Some(value.into()),
        _ => {
            return Err(format!("{word} is not expected; start me with cargo xtask bench").into());
        }
    }
    Ok(())
}
