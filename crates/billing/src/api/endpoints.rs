//! Endpoints that outgoing webhooks are sent to, and what is sent.

use serde::{Deserialize, Serialize};

use crate::{EndpointId, Standing, SubAccountId, Timestamp, funding::Payer};

/// `POST /webhook-endpoints`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AddEndpointBody {
    /// Where to, `https://…`.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 2_000)))]
    pub url: String,
}

/// An endpoint that was just added, with its secret, which nobody is told again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewEndpoint {
    /// Its id.
    pub id: EndpointId,
    /// Where to.
    pub url: String,
    /// What everything sent there is signed with, `whsec_…`.
    pub secret: String,
}

/// An endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EndpointSnapshot {
    /// Its id.
    pub id: EndpointId,
    /// Where to.
    pub url: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When something last arrived there.
    pub delivered_at: Option<Timestamp>,
    /// Why the last try failed, if it did.
    pub error: Option<String>,
    /// Messages that are still tried.
    pub waiting: u64,
    /// Messages that were given up.
    pub failed: u64,
}

/// `GET /webhook-endpoints`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EndpointList {
    /// All of them, oldest first.
    pub endpoints: Vec<EndpointSnapshot>,
}

/// What is sent: the standing of a sub-account has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StandingMessage {
    /// `account.low`, `account.paused` or `account.resumed`.
    #[serde(rename = "type")]
    pub event: String,
    /// When it was found to have changed.
    pub timestamp: Timestamp,
    /// What it is now.
    pub data: StandingNews,
}

/// What the metered service should do from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StandingNews {
    /// Which sub-account.
    pub account: SubAccountId,
    /// The agency's own id for it.
    pub external_id: String,
    /// Go on, go on but warn, or stop.
    pub standing: Standing,
    /// Whose balance says so.
    pub payer: Payer,
}
