//! Outgoing webhooks that have not arrived. There is at most one per endpoint and sub-account, the newest: what a standing was
//! before is no news to anybody. That also keeps them in order: a newer one waits until a try of the older one has ended.

use billing::{EndpointId, MessageId, SubAccountId, Timestamp};

use super::{Result, Scope};
use crate::config::Secret;

/// A message to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDelivery {
    /// The same for every try.
    pub id: MessageId,
    /// Where to.
    pub endpoint: EndpointId,
    /// About which sub-account.
    pub account: SubAccountId,
    /// What it says, JSON.
    pub body: String,
}

/// A message that somebody has taken to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryRow {
    /// Of which agency.
    pub scope: Scope,
    /// The message.
    pub message: NewDelivery,
    /// Where to.
    pub url: String,
    /// What it is signed with.
    pub secret: Secret,
    /// How often it was tried before.
    pub attempts: u32,
    /// How often nothing has arrived at this endpoint, one try after the other.
    pub failures: u32,
}

/// How a try ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliveryOutcome {
    /// It has arrived.
    Delivered {
        /// When.
        at: Timestamp,
    },
    /// It has not.
    Failed {
        /// Why.
        error: String,
        /// When to try this message again; never, when absent.
        again_at: Option<Timestamp>,
        /// Until when to send nothing there.
        quiet_until: Timestamp,
    },
}

/// How many messages are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeliveryCounts {
    /// Still tried.
    pub waiting: u64,
    /// Given up.
    pub failed: u64,
}

/// The outgoing webhooks.
pub trait Deliveries {
    /// Adds a message, due now, in place of an older one about the same sub-account.
    ///
    /// # Errors
    /// When the database says no; so for every method here.
    fn put_delivery(&mut self, scope: Scope, message: &NewDelivery, now: Timestamp) -> Result<()>;

    /// Takes messages that are due, so that nobody else does before `leased_until`: at most `limit`, at most `per_endpoint` at a
    /// time of one endpoint, of those first that were served least lately.
    fn lease_deliveries(
        &mut self,
        now: Timestamp,
        leased_until: Timestamp,
        limit: u32,
        per_endpoint: u32,
    ) -> Result<Vec<DeliveryRow>>;

    /// Says how a try ended. When a newer message has taken its place meanwhile, that one is free to go.
    fn finish_delivery(&mut self, delivery: &DeliveryRow, outcome: &DeliveryOutcome) -> Result<()>;

    /// Frees what a process that is gone had taken. Only for whoever knows that no other process works on this database.
    fn forget_delivery_leases(&mut self) -> Result<u64>;

    /// How many there are for an endpoint.
    fn delivery_counts(&mut self, scope: Scope, endpoint: EndpointId) -> Result<DeliveryCounts>;

    /// Forgets messages that were given up before this.
    fn prune_deliveries(&mut self, before: Timestamp) -> Result<u64>;
}
