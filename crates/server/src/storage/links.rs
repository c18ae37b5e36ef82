//! The secure links of billing requests: only the hash of a token is kept.

use billing::{RequestId, Timestamp};

use super::{Result, Scope};

/// What a link was made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkPurpose {
    /// To be mailed to the customer.
    Mail,
    /// Copied by the agency, to be handed over by other means.
    Copy,
}

impl LinkPurpose {
    /// The name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Copy => "copy",
        }
    }
}

/// The links.
pub trait Links {
    /// A new link to a request.
    ///
    /// # Errors
    /// When the database says no; so for every method here.
    fn insert_link(
        &mut self,
        scope: Scope,
        token_hash: &[u8; 32],
        request: RequestId,
        purpose: LinkPurpose,
        now: Timestamp,
    ) -> Result<()>;

    /// What a link leads to, and whose it is.
    fn link(&mut self, token_hash: &[u8; 32]) -> Result<Option<(Scope, RequestId)>>;
}
