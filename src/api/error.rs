//! What can go wrong with a call.

use billing::api::{FieldProblem, Problem};

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApiError {
    /// No answer came: whether the server did anything is unknown. Repeat with the same `Idempotency-Key`.
    Unreachable,
    /// An answer came that we cannot read.
    Unreadable,
    /// The server's own words.
    Problem(Problem),
}

impl ApiError {
    /// The HTTP status, if there was an answer with one.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Problem(problem) => Some(problem.status),
            Self::Unreachable | Self::Unreadable => None,
        }
    }

    /// Nobody is signed in, or no longer.
    pub fn is_signed_out(&self) -> bool {
        self.status() == Some(401)
    }

    /// There is no such thing, or it belongs to somebody else.
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(404)
    }

    /// Somebody was faster, or the rules say no in the state that is now: load anew, then decide again.
    pub fn is_outdated(&self) -> bool {
        matches!(self.status(), Some(409 | 412))
    }

    /// The outcome is not known (no answer, or a server in trouble): the same key must be used again.
    pub fn is_unknown_outcome(&self) -> bool {
        self.status().is_none_or(|status| status >= 500)
    }

    /// A word for code, if the server gave one.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Problem(problem) => Some(&problem.code),
            Self::Unreachable | Self::Unreadable => None,
        }
    }

    /// The fields that the server found wrong.
    pub fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Problem(problem) => &problem.errors,
            Self::Unreachable | Self::Unreadable => &[],
        }
    }
}

impl std::fmt::Display for ApiError {
    /// A sentence for people.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreachable => {
                f.write_str("The server can't be reached. Check the connection and try again.")
            }
            Self::Unreadable => {
                f.write_str("The server gave an answer that this page can't read. Reload it.")
            }
            Self::Problem(problem) => f.write_str(&problem.detail),
        }
    }
}
