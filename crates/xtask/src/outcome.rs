//! How a command ends: well, or with a sentence that says what to do.

use std::fmt;
use std::path::Path;

/// The result of every fallible thing in xtask.
pub type Outcome<T = ()> = Result<T, Failure>;

/// Why a command stopped, in words for the person at the terminal.
#[derive(Debug)]
pub struct Failure {
    message: String,
    usage: bool,
}

impl Failure {
    /// Something did not work out.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), usage: false }
    }

    /// The command line was wrong (exit code 2).
    pub fn usage(message: impl Into<String>) -> Self {
        Self { message: message.into(), usage: true }
    }

    /// A file operation failed; the system's own words alone never say which file.
    pub fn file(verb: &str, path: &Path, error: &std::io::Error) -> Self {
        Self::new(format!("cannot {verb} {}: {error}", path.display()))
    }

    /// Whether the command line was at fault.
    pub fn is_usage(&self) -> bool {
        self.usage
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}
