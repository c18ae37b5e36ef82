//! Endpoints: where outgoing webhooks of an agency are sent. Their secrets are kept as they are, since signing needs them; they
//! open nothing here.

use billing::{EndpointId, Timestamp};

use super::{Result, Scope};
use crate::config::Secret;

/// An endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointRow {
    /// Its id.
    pub id: EndpointId,
    /// Where to.
    pub url: String,
    /// What everything sent there is signed with, `whsec_…`.
    pub secret: Secret,
    /// Since when.
    pub created_at: Timestamp,
    /// When something last arrived there. Read only; deliveries change it.
    pub delivered_at: Option<Timestamp>,
    /// Why the last try failed, if it did. Read only; deliveries change it.
    pub error: Option<String>,
}

/// The endpoints of an agency.
pub trait Endpoints {
    /// A new one.
    ///
    /// # Errors
    /// When the database says no; so for every method here.
    fn insert_endpoint(&mut self, scope: Scope, endpoint: &EndpointRow) -> Result<()>;

    /// All of them, oldest first.
    fn endpoints(&mut self, scope: Scope) -> Result<Vec<EndpointRow>>;

    /// Takes one away with all that was to be sent there; answers whether it was there.
    fn remove_endpoint(&mut self, scope: Scope, id: EndpointId) -> Result<bool>;
}
