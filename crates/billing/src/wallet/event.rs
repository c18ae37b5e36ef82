//! What can happen to a wallet, and what it orders of whoever owns the payments.

use serde::{Deserialize, Serialize};

use super::{
    CardRole, RechargeSettings,
    recharge::{Consent, OffReason},
};
use crate::{
    Money, PaymentId, SetupId, Timestamp,
    funding::{Card, PaymentFailure},
};

/// An event with its time. By whom it was done says the audit trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// When it happened.
    pub at: Timestamp,
    /// What.
    #[serde(flatten)]
    pub event: Event,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are named like the state they become")]
pub enum Event {
    /// A card is to be saved; one that was being saved no longer is.
    SetupStarted { setup: SetupId, role: CardRole, card: Card, replaces: Option<SetupId> },
    /// The cardholder has to authenticate.
    SetupNeedsAction { setup: SetupId },
    /// The card was not saved.
    SetupFailed { setup: SetupId, failure: PaymentFailure },
    /// A card is on file, in the place of another.
    CardSaved { setup: SetupId, role: CardRole, card: Card, dropped: Option<Card> },
    /// A card was saved that nobody waits for any more.
    StrayCard { setup: SetupId, card: Card },
    /// A card is no longer on file; another may take its place.
    CardRemoved { role: CardRole, card: Card, promoted: Option<Card> },
    /// The auto-recharge is on, as agreed.
    RechargeSet { settings: RechargeSettings, consent: Consent },
    /// It is off.
    RechargeStopped { why: OffReason, failure: Option<PaymentFailure> },
    /// It charges.
    ChargeAsked { payment: PaymentId, amount: Money, card: CardRole },
    /// The charge was declined; `card` is tried then.
    ChargePutOff { until: Timestamp, card: CardRole, failure: PaymentFailure },
    /// No more today.
    ChargeCapped { until: Timestamp },
    /// The cardholder has to pay by hand, or to confirm what is under way.
    ConfirmationAsked { amount: Money },
    /// It waits for the balance to fall again.
    RechargeReady,
    /// Everything is dropped.
    Dropped { backup: Option<Card>, setup: Option<SetupId> },
}

/// What a wallet wants of whoever owns the payments; in the same transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are named like the events they come from")]
pub enum Order {
    /// From now on this card is charged first.
    ChangeCard { card: Option<Card> },
    /// Charge this card, nobody being there.
    Charge { payment: PaymentId, amount: Money, card: Card },
}
