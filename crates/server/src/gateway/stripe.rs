//! The thin client of Stripe's API: the calls we make, and nothing else of it. Start reading at the `impl Gateway` below;
//! [`wire`] is the HTTP underneath, [`decode`] what we look at in an answer.
//!
//! What never appears here: a card number, a body in a log, a retry. Whoever calls decides what a failure means.

mod books;
mod charge;
mod decode;
mod saved;
mod wire;

use std::time::Duration;

use async_trait::async_trait;
use billing::{
    Money, PaymentId, SetupId, Timestamp,
    funding::{Card, RefundKey},
};
use chrono::DateTime;
use serde_json::Value;

use super::{
    Charge, Dispute, Gateway, GatewayError, Intent, NewCustomer, RefundOutcome, SaveCard, Setup,
};
use crate::config::GatewayConfig;
pub use books::SeenRefund;
pub use wire::SetupError;
use wire::{Failure, Params, Wire};

/// The version of the API whose shapes [`decode`] knows.
pub const API_VERSION: &str = "2026-10-28.endive";

/// As many objects as Stripe puts on a page.
const PAGE: &str = "100";
/// A customer of ours has a handful of payments: this many pages are never read but by mistake.
const PAGES_MAX: usize = 5;

/// A gateway that speaks Stripe's API. Cheap to share, keeps its connections.
#[derive(Debug)]
pub struct Stripe {
    wire: Wire,
}

/// How long a [`Stripe`] waits.
#[derive(Clone, Debug)]
pub struct StripeBuilder<'a> {
    config: &'a GatewayConfig,
    connect_timeout: Duration,
    total_timeout: Duration,
}

impl StripeBuilder<'_> {
    /// How long until a connection stands (10 s).
    #[must_use]
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// How long until an answer has been read whole (30 s).
    #[must_use]
    pub fn total_timeout(mut self, limit: Duration) -> Self {
        self.total_timeout = limit;
        self
    }

    /// The client.
    ///
    /// # Errors
    /// When the settings cannot be meant.
    pub fn build(self) -> Result<Stripe, SetupError> {
        let wire = Wire::new(self.config, self.connect_timeout, self.total_timeout)?;
        Ok(Stripe { wire })
    }
}

impl Stripe {
    /// A client with the usual time-outs.
    ///
    /// # Errors
    /// When the settings cannot be meant.
    pub fn new(config: &GatewayConfig) -> Result<Self, SetupError> {
        Self::builder(config).build()
    }

    /// A client whose time-outs are to be chosen.
    pub fn builder(config: &GatewayConfig) -> StripeBuilder<'_> {
        StripeBuilder {
            config,
            connect_timeout: Duration::from_secs(10),
            total_timeout: Duration::from_secs(30),
        }
    }

    /// Asks for something that every key of ours may read; answers what time the gateway has, if it says so.
    ///
    /// # Errors
    /// Why there is no answer: 401 when the key is none, 403 when it may not.
    pub async fn look(&self) -> Result<Option<Timestamp>, GatewayError> {
        let date = self.wire.date("/v1/events", &Params::new().with("limit", "1")).await?;
        let date = date.and_then(|date| DateTime::parse_from_rfc2822(&date).ok());
        Ok(date.map(|date| Timestamp::from_millis(date.timestamp_millis())))
    }

    /// The objects of a list, newest first, as long as `wanted` asks for more; at most so many pages of them.
    async fn each(
        &self,
        path: &str,
        filter: &Params,
        pages_max: usize,
        mut wanted: impl FnMut(&Value) -> bool,
    ) -> Result<(), GatewayError> {
        let mut after: Option<String> = None;
        for _ in 0..pages_max {
            let mut query = filter.clone().with("limit", PAGE);
            if let Some(after) = after.take() {
                query = query.with("starting_after", after);
            }
            let page = self.wire.get(path, &query).await?;
            let rows = page.get("data").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            if !rows.iter().all(&mut wanted) {
                return Ok(());
            }
            let last = rows.last().and_then(|row| decode::text(row, "id"));
            match last.filter(|_| page.get("has_more").and_then(Value::as_bool) == Some(true)) {
                None => return Ok(()),
                Some(last) => after = Some(last.to_owned()),
            }
        }
        // "Not among them" would be a lie now.
        Err(GatewayError::TryLater("the gateway's list does not end".to_owned()))
    }

    /// The object of this customer with our name for it in its metadata.
    async fn find(
        &self,
        path: &str,
        customer: &str,
        field: &str,
        name: &str,
    ) -> Result<Option<Value>, GatewayError> {
        let filter =
            Params::new().with("customer", customer).with("expand[]", "data.payment_method");
        let mut found: Option<Value> = None;
        let read = self
            .each(path, &filter, PAGES_MAX, |row| {
                if decode::metadata(row, field) == Some(name) {
                    found = Some(row.clone());
                }
                found.is_none()
            })
            .await;
        match read {
            // Who has no customer has nothing.
            Err(GatewayError::NotFound) => Ok(None),
            Err(error) => Err(error.of_a_look()),
            Ok(()) => Ok(found),
        }
    }

    /// The refund of ours among those of this intent.
    async fn find_refund(
        &self,
        intent: &str,
        refund: RefundKey,
    ) -> Result<Option<RefundOutcome>, GatewayError> {
        let (name, mut found) = (refund.to_string(), None);
        let filter = Params::new().with("payment_intent", intent);
        self.each("/v1/refunds", &filter, PAGES_MAX, |row| {
            if decode::metadata(row, "refund") == Some(&name) {
                found = Some(decode::refund_outcome(row));
            }
            found.is_none()
        })
        .await
        .map_err(GatewayError::of_a_look)?;
        Ok(found)
    }
}

/// The smallest coins of an amount that has no fraction of one.
fn coins(amount: Money) -> Result<String, GatewayError> {
    amount.minor().map(|minor| minor.to_string()).ok_or_else(|| GatewayError::Rejected {
        status: 400,
        code: "amount_not_in_coins".to_owned(),
        message: format!("{amount} has a fraction of the smallest coin."),
    })
}

#[async_trait]
impl Gateway for Stripe {
    async fn card_of(&self, confirmation_token: &str) -> Result<Card, GatewayError> {
        let path = wire::path("/v1/confirmation_tokens", confirmation_token, "")?;
        let token = self.wire.get(&path, &Params::new()).await?;
        let preview = token.get("payment_method_preview").and_then(decode::card);
        preview.map(|card| Card { payment_method: None, ..card }).ok_or_else(|| {
            GatewayError::Rejected {
                status: 400,
                code: "not_a_card".to_owned(),
                message: "This is not a card.".to_owned(),
            }
        })
    }

    async fn create_customer(&self, customer: &NewCustomer) -> Result<String, GatewayError> {
        let form = Params::new()
            .with("email", &customer.email)
            .with("name", &customer.name)
            .with_some("metadata[request_id]", customer.request)
            .with_some("metadata[sub_account_id]", customer.sub_account);
        let key = &customer.key;
        let made = match self.wire.post("/v1/customers", &form, Some(key)).await {
            // The key only ever answers with its old failure again. A customer nobody knows costs nothing, so: another one.
            Err(Failure { remembered: true, error: GatewayError::Unknown(_) }) => {
                self.wire.post("/v1/customers", &form, Some(&format!("{key}-2"))).await
            }
            made => made,
        };
        let made = made.map_err(|failure| failure.error)?;
        decode::text(&made, "id").map(str::to_owned).ok_or_else(unreadable)
    }

    async fn charge(&self, charge: &Charge) -> Result<Intent, GatewayError> {
        self.make_charge(charge).await
    }

    async fn intent(&self, id: &str) -> Result<Intent, GatewayError> {
        let path = wire::path("/v1/payment_intents", id, "")?;
        let found = self.wire.get(&path, &Params::new().with("expand[]", "payment_method")).await?;
        decode::intent(&found).ok_or_else(unreadable_for_now)
    }

    async fn find_intent(
        &self,
        customer: &str,
        payment: PaymentId,
    ) -> Result<Option<Intent>, GatewayError> {
        let name = payment.to_string();
        let found = self.find("/v1/payment_intents", customer, "payment_id", &name).await?;
        found.map(|row| decode::intent(&row).ok_or_else(unreadable_for_now)).transpose()
    }

    async fn cancel(&self, id: &str) -> Result<Intent, GatewayError> {
        let path = wire::path("/v1/payment_intents", id, "/cancel")?;
        let form = Params::new().with("expand[]", "payment_method");
        match self.wire.post(&path, &form, None).await.map_err(|failure| failure.error) {
            Ok(canceled) => decode::intent(&canceled).ok_or_else(unreadable),
            // Over already: how it ended is what the caller wants to know.
            Err(GatewayError::Rejected { status: 400, .. }) => self.intent(id).await,
            Err(error) => Err(error),
        }
    }

    async fn refund(
        &self,
        intent: &str,
        refund: RefundKey,
        amount: Money,
    ) -> Result<RefundOutcome, GatewayError> {
        // The gateway forgets a key after a day; what it did under it stays on its list.
        if let Some(outcome) = self.find_refund(intent, refund).await? {
            return Ok(outcome);
        }
        let form = Params::new()
            .with("payment_intent", intent)
            .with("amount", coins(amount)?)
            .with("metadata[refund]", refund);
        let key = format!("refund-{refund}");
        let failure = match self.wire.post("/v1/refunds", &form, Some(&key)).await {
            Ok(made) => return Ok(decode::refund_outcome(&made)),
            Err(failure) => failure,
        };
        let looking_helps =
            matches!(failure.error, GatewayError::Rejected { .. } | GatewayError::Unknown(_));
        if !looking_helps {
            return Err(failure.error);
        }
        match self.find_refund(intent, refund).await {
            Ok(Some(outcome)) => Ok(outcome),
            // The key only ever answers with its old failure again, and that had no effect.
            Ok(None) if failure.remembered && matches!(failure.error, GatewayError::Unknown(_)) => {
                let again = self.wire.post("/v1/refunds", &form, Some(&format!("{key}-2"))).await;
                again.map(|made| decode::refund_outcome(&made)).map_err(|failure| failure.error)
            }
            Ok(None) => Err(failure.error),
            // A no to this request, when an earlier one may have been done, is none to the refund.
            Err(_) => Err(failure.error.of_a_look()),
        }
    }

    async fn detach(&self, payment_method: &str) -> Result<(), GatewayError> {
        let path = wire::path("/v1/payment_methods", payment_method, "/detach")?;
        let done = self.wire.post(&path, &Params::new(), None).await;
        match done.map_err(|failure| failure.error) {
            Ok(_) | Err(GatewayError::NotFound) => Ok(()),
            Err(GatewayError::Rejected { status: 400, code, message }) => {
                let path = wire::path("/v1/payment_methods", payment_method, "")?;
                match self.wire.get(&path, &Params::new()).await {
                    Ok(method) if decode::reference(&method, "customer").is_none() => Ok(()),
                    Err(GatewayError::NotFound) => Ok(()),
                    Ok(_) => Err(GatewayError::Rejected { status: 400, code, message }),
                    Err(error) => Err(error.of_a_look()),
                }
            }
            Err(error) => Err(error),
        }
    }

    async fn save_card(&self, save: &SaveCard) -> Result<Setup, GatewayError> {
        self.make_setup(save).await
    }

    async fn setup(&self, id: &str) -> Result<Setup, GatewayError> {
        self.look_at_setup(id).await
    }

    async fn find_setup(
        &self,
        customer: &str,
        setup: SetupId,
    ) -> Result<Option<Setup>, GatewayError> {
        self.look_for_setup(customer, setup).await
    }

    async fn cancel_setup(&self, id: &str) -> Result<Setup, GatewayError> {
        self.call_setup_off(id).await
    }

    async fn dispute(&self, id: &str) -> Result<Dispute, GatewayError> {
        let path = wire::path("/v1/disputes", id, "")?;
        let found = self.wire.get(&path, &Params::new()).await?;
        decode::dispute(&found).ok_or(GatewayError::NotFound)
    }
}

/// After a write: it may have happened.
fn unreadable() -> GatewayError {
    GatewayError::Unknown("the gateway's answer cannot be read".to_owned())
}

/// After a read: nothing has happened.
fn unreadable_for_now() -> GatewayError {
    GatewayError::TryLater("the gateway's answer cannot be read".to_owned())
}
