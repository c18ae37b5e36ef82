//! What the gateway has written down, all of it: for `sluice reconcile`, which reads and never writes.

use super::{GatewayError, Intent, Stripe, decode, unreadable_for_now, wire, wire::Params};
use crate::gateway::{Dispute, Endpoint, RefundOutcome};
use billing::Money;
use serde_json::Value;

/// A refund, as much of it as we look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenRefund {
    /// The gateway's id, `re_…`.
    pub id: String,
    /// The PaymentIntent that is paid back, if the gateway tells.
    pub intent: Option<String>,
    /// How much.
    pub amount: Money,
    /// How far it is.
    pub outcome: RefundOutcome,
    /// Our name for it, from the metadata.
    pub refund: Option<String>,
}

impl Stripe {
    /// Every PaymentIntent, newest first.
    ///
    /// # Errors
    /// [`GatewayError`]; an object that cannot be read among them.
    pub async fn every_intent(&self) -> Result<Vec<Intent>, GatewayError> {
        self.every("/v1/payment_intents", &Params::new(), decode::intent).await
    }

    /// Every refund, newest first.
    ///
    /// # Errors
    /// As [`Self::every_intent`].
    pub async fn every_refund(&self) -> Result<Vec<SeenRefund>, GatewayError> {
        self.every("/v1/refunds", &Params::new(), refund).await
    }

    /// Every dispute of a PaymentIntent, newest first. Others, which no program of ours can have caused, are left out.
    ///
    /// # Errors
    /// As [`Self::every_intent`].
    pub async fn every_dispute(&self) -> Result<Vec<Dispute>, GatewayError> {
        let read = |row: &Value| match decode::reference(row, "payment_intent") {
            Some(_) => decode::dispute(row).map(Some),
            None => Some(None),
        };
        let all = self.every("/v1/disputes", &Params::new(), read).await?;
        Ok(all.into_iter().flatten().collect())
    }

    /// Every place where events are sent to, newest first.
    ///
    /// # Errors
    /// As [`Self::every_intent`]; 403 when the key may not read them.
    pub async fn every_endpoint(&self) -> Result<Vec<Endpoint>, GatewayError> {
        self.every("/v1/webhook_endpoints", &Params::new(), decode::endpoint).await
    }

    /// The ids of the cards that are kept of a customer. Nobody the gateway does not know has any.
    ///
    /// # Errors
    /// As [`Self::every_intent`].
    pub async fn cards_of(&self, customer: &str) -> Result<Vec<String>, GatewayError> {
        let path = wire::path("/v1/customers", customer, "/payment_methods")?;
        let id = |method: &Value| decode::text(method, "id").map(str::to_owned);
        match self.every(&path, &Params::new().with("type", "card"), id).await {
            Err(GatewayError::NotFound) => Ok(Vec::new()),
            answer => answer,
        }
    }

    async fn every<T>(
        &self,
        path: &str,
        filter: &Params,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Result<Vec<T>, GatewayError> {
        let mut all = Vec::new();
        self.each(path, filter, usize::MAX, |row| {
            all.push(read(row));
            true
        })
        .await?;
        all.into_iter().collect::<Option<_>>().ok_or_else(unreadable_for_now)
    }
}

fn refund(row: &Value) -> Option<SeenRefund> {
    Some(SeenRefund {
        id: decode::text(row, "id")?.to_owned(),
        intent: decode::reference(row, "payment_intent").map(str::to_owned),
        amount: decode::amount(row)?,
        outcome: decode::refund_outcome(row),
        refund: decode::metadata(row, "refund").map(str::to_owned),
    })
}
