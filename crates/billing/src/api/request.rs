//! Commands about a sub-account's funding. Each takes `Idempotency-Key` and `If-Match`.

use serde::{Deserialize, Serialize};

use super::{AccountSnapshot, AgencySnapshot};
use crate::{Timestamp, funding::ReturnChoice, money::WireMoney};

/// `POST /accounts/{id}/billing-requests`: *Remove from Agency Billing*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BillingRequestBody {
    /// Customer's email address.
    #[cfg_attr(feature = "schema", schemars(with = "crate::text::EmailAddress"))]
    pub email: String,
    /// Starting balance.
    pub starting_balance: WireMoney,
    /// Email message text.
    #[cfg_attr(feature = "schema", schemars(with = "crate::text::MessageText"))]
    pub message: String,
}

/// `POST /accounts/{id}/agency-billing`: *Add to Agency Billing*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AgencyBillingBody {
    /// Where the balance goes.
    pub choice: ReturnChoice,
    /// The agency takes over a negative balance; needed when there is one.
    #[serde(default)]
    pub take_over_negative: bool,
}

/// `POST /accounts/{id}/closure`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ClosureBody {
    /// Where a customer's balance goes.
    pub balance: ReturnChoice,
    /// The agency takes over a negative balance; needed when there is one.
    #[serde(default)]
    pub take_over_negative: bool,
}

/// What every command about funding answers: the same snapshots that the change stream carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FundingAnswer {
    /// The sub-account after the command.
    pub account: AccountSnapshot,
    /// The agency after the command.
    pub agency: AgencySnapshot,
    /// The change sequence after the command.
    pub change_seq: u64,
}

/// `POST /accounts/{id}/billing-requests/{rid}/links`: a fresh secure link to hand over by other means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LinkAnswer {
    /// The link, told this once: only its hash is kept.
    pub url: String,
    /// From when it is dead.
    pub expires_at: Timestamp,
}
