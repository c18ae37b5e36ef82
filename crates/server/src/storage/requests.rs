//! Billing requests, open and ended: what a link leads to.

use billing::{
    RequestId, SubAccountId, Timestamp,
    funding::{BillingRequest, Closure},
};

use super::{Result, Scope};

/// A billing request with how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRow {
    /// Of which sub-account.
    pub sub_account: SubAccountId,
    /// Its terms and how far it got.
    pub request: BillingRequest,
    /// How it ended and when; none while it is open.
    pub closed: Option<(Closure, Timestamp)>,
    /// The gateway's customer that was made for it.
    pub gateway_customer: Option<String>,
}

/// The billing requests of an agency.
pub trait Requests {
    /// Stores a request, new or changed. The gateway's customer is left as it is.
    ///
    /// # Errors
    /// When the database says no; so for every method here.
    fn save_request(&mut self, scope: Scope, row: &RequestRow) -> Result<()>;

    /// One of them.
    fn request(&mut self, scope: Scope, id: RequestId) -> Result<Option<RequestRow>>;

    /// Remembers the gateway's customer that was made for it.
    fn set_gateway_customer(&mut self, scope: Scope, id: RequestId, customer: &str) -> Result<()>;
}
