//! What can be asked of a wallet, and what it needs to know to judge.

use serde::{Deserialize, Serialize};

use super::{CardRole, RechargeLimits, RechargeSettings, recharge::Consent};
use crate::{
    Money, PaymentId, SetupId, Timestamp,
    funding::{Card, PaymentFailure},
};

/// What can be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are named like the state they become")]
pub enum Command {
    /// Save a card: the intent, before the gateway is asked.
    StartSetup { setup: SetupId, role: CardRole, card: Card },
    /// The gateway: the cardholder has to authenticate.
    RequireSetupAction { setup: SetupId },
    /// The gateway: the card is saved. Told in any order, any number of times.
    SettleSetup { setup: SetupId, card: Card },
    /// The gateway: it is not.
    FailSetup { setup: SetupId, failure: PaymentFailure },
    /// Take a card off file.
    RemoveCard { role: CardRole },
    /// Switch the auto-recharge on, or change it.
    SetRecharge { settings: RechargeSettings, consent: Consent },
    /// Switch it off.
    StopRecharge,
    /// Look whether the balance is to be recharged; by this payment, if so.
    Check { payment: PaymentId },
    /// The recharge's payment waits for the cardholder.
    ChargeNeedsAction { payment: PaymentId },
    /// The recharge's payment failed.
    ChargeFailed { payment: PaymentId, failure: PaymentFailure },
    /// A payment reached the balance, a recharge's or one made by hand.
    Credited { payment: PaymentId },
    /// A payment of this balance was disputed.
    Disputed,
    /// The balance has no payer of its own any more: everything is dropped.
    Drop,
}

impl Command {
    /// The name in the audit trail.
    pub fn name(&self) -> &'static str {
        match self {
            Self::StartSetup { .. } => "save_card",
            Self::RequireSetupAction { .. } => "require_card_action",
            Self::SettleSetup { .. } => "settle_card",
            Self::FailSetup { .. } => "fail_card",
            Self::RemoveCard { .. } => "remove_card",
            Self::SetRecharge { .. } => "set_recharge",
            Self::StopRecharge => "stop_recharge",
            Self::Check { .. } => "recharge",
            Self::ChargeNeedsAction { .. } => "recharge_needs_action",
            Self::ChargeFailed { .. } => "recharge_failed",
            Self::Credited { .. } => "credited",
            Self::Disputed => "disputed",
            Self::Drop => "drop_wallet",
        }
    }
}

/// What a decision depends on besides the wallet.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    /// The time of the decision.
    pub now: Timestamp,
    /// Whose balance it is decides on the limits.
    pub limits: &'a RechargeLimits,
    /// What is on the balance.
    pub balance: Money,
    /// The card that is charged first.
    pub card: Option<&'a Card>,
    /// The balance is one that its owner pays for: not a customer's whose account the agency pays for, or is about to.
    pub open: bool,
    /// A payment onto the balance is under way.
    pub payment_open: bool,
}
