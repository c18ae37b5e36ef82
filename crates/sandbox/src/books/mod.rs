//! The gateway's own books: what Stripe would remember. One kind of object per file.
//!
//! Nothing here decides; it keeps, and shows itself on the wire in Stripe's shape.

mod charge;
mod confirmation_token;
mod customer;
mod declines;
mod dispute;
mod event;
mod payment_intent;
mod payment_method;
mod refund;
mod setup_intent;
mod webhook_endpoint;

use std::collections::BTreeMap;

use serde_json::Value;

pub(crate) use charge::Charge;
pub(crate) use confirmation_token::ConfirmationToken;
pub(crate) use customer::Customer;
pub(crate) use declines::Declines;
pub(crate) use dispute::{Dispute, DisputeStatus};
pub(crate) use event::Event;
pub(crate) use payment_intent::{CardOptions, IntentStatus, PaymentIntent};
pub(crate) use payment_method::{Holder, PaymentMethod};
pub(crate) use refund::{Refund, RefundStatus};
pub(crate) use setup_intent::{SetupIntent, SetupStatus};
pub(crate) use webhook_endpoint::WebhookEndpoint;

use crate::shelf::{Record, Shelf};

/// Free key-value pairs of the caller.
pub(crate) type Metadata = BTreeMap<String, String>;

/// Everything the gateway knows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Books {
    pub customers: Shelf<Customer>,
    pub payment_methods: Shelf<PaymentMethod>,
    pub tokens: Shelf<ConfirmationToken>,
    pub intents: Shelf<PaymentIntent>,
    pub setups: Shelf<SetupIntent>,
    pub charges: Shelf<Charge>,
    pub refunds: Shelf<Refund>,
    pub disputes: Shelf<Dispute>,
    pub events: Shelf<Event>,
    pub endpoints: Shelf<WebhookEndpoint>,
    /// What banks were told to say.
    pub declines: Declines,
}

impl Books {
    /// The object behind an id, by the id's prefix: what `expand[]` puts in its place.
    pub fn object(&self, id: &str) -> Option<Value> {
        let (prefix, _) = id.split_once('_')?;
        match prefix {
            "cus" => self.customers.get(id).map(Record::json),
            "pm" => self.payment_methods.get(id).map(Record::json),
            "pi" => self.intents.get(id).map(Record::json),
            "seti" => self.setups.get(id).map(Record::json),
            "dp" => self.disputes.get(id).map(Record::json),
            "ch" => self.charges.get(id).map(Record::json),
            "re" => self.refunds.get(id).map(Record::json),
            _ => None,
        }
    }
}
