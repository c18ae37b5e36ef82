//! The auto-recharge: what was agreed, how far it is, and what a decline means for it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{CardRole, Refusal};
use crate::{Money, PaymentId, Policy, Timestamp, funding::PaymentFailure, text::EmailAddress};

/// The text that a person agrees to; another text is another version.
pub const CONSENT_VERSION: &str = "2026-11";
/// The time over which charges are counted against the limits.
pub const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// How long after a decline that may pass the card is tried again; after the last of them no more (PAYMENTS §4).
pub const RETRY_AFTER: [Duration; 3] = [
    Duration::from_secs(60 * 60),
    Duration::from_secs(24 * 60 * 60),
    Duration::from_secs(72 * 60 * 60),
];

/// What a person chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RechargeSettings {
    /// The balance is recharged when it falls below this.
    pub below: Money,
    /// How much is charged.
    pub charge: RechargeCharge,
    /// The most that is charged within 24 hours.
    pub daily_cap: Money,
}

/// How much is charged at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RechargeCharge {
    /// Always the same.
    Fixed {
        /// How much.
        amount: Money,
    },
    /// What is missing for the balance to be this, at least the smallest payment.
    UpTo {
        /// The balance afterwards.
        target: Money,
    },
}

/// What a deployment allows; whose balance it is makes the difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RechargeLimits {
    /// The smallest charge.
    pub minimum: Money,
    /// The largest charge.
    pub maximum: Money,
    /// The largest cap.
    pub daily_max: Money,
    /// How many charges there are in 24 hours at most.
    pub charges_per_day: u32,
    /// A recharge takes no balance above this.
    pub balance_max: Money,
    /// What a new set-up suggests.
    pub suggested: RechargeSettings,
}

impl RechargeLimits {
    /// For a customer's balance: 200.00 and 4 charges a day, a balance of 2,000.00 (PAYMENTS §4), times 100 in yen.
    pub fn customer(policy: &Policy) -> Self {
        Self::of(policy, 200, 2_000, [10, 25, 200])
    }

    /// For the agency's own, which pays for all its clients: four of the largest payments a day.
    pub fn agency(policy: &Policy) -> Self {
        Self::of(policy, 40_000, 100_000, [100, 500, 2_000])
    }

    /// The most in a day and on the balance, and what is suggested: from where on, how much, the most in a day.
    fn of(policy: &Policy, daily: i64, balance: i64, [below, amount, daily_cap]: [i64; 3]) -> Self {
        // The policy's minimum is 25 units of account: all other sums follow its scale.
        let unit = policy.minimum.micros() / 25;
        let units = |units: i64| Money::from_micros(unit.saturating_mul(units), policy.currency());
        let suggested = RechargeSettings {
            below: units(below),
            charge: RechargeCharge::Fixed { amount: units(amount) },
            daily_cap: units(daily_cap),
        };
        Self {
            minimum: policy.minimum,
            maximum: policy.maximum.min(units(daily)),
            daily_max: units(daily),
            charges_per_day: 4,
            balance_max: units(balance),
            suggested,
        }
    }
}

/// A person's yes: what they read, when, from where, and for which card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Consent {
    /// Which text ([`CONSENT_VERSION`]).
    pub version: String,
    /// The sentence itself, with its sums.
    pub text: String,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: EmailAddress,
    /// From which network address.
    pub address: String,
    /// The card that was on file then.
    pub last4: String,
}

/// The standing order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Recharge {
    /// What was chosen.
    pub settings: RechargeSettings,
    /// The yes to it.
    pub consent: Consent,
    /// How far it is.
    pub state: RechargeState,
    /// What was charged within the last 24 hours, oldest first; one that is under way counts.
    pub charges: Vec<RechargeMade>,
}

/// One charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RechargeMade {
    /// The payment.
    pub payment: PaymentId,
    /// When it was asked for.
    pub at: Timestamp,
    /// How much.
    pub amount: Money,
}

/// How far the auto-recharge is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum RechargeState {
    /// It waits for the balance to fall below the threshold.
    On,
    /// A charge is at the gateway.
    Charging {
        /// The payment.
        payment: PaymentId,
        /// Which card.
        card: CardRole,
        /// How often a try has failed since one has worked.
        tries: u32,
        /// Why the first card was declined, when it is the second one's turn.
        declined: Option<PaymentFailure>,
    },
    /// A card was declined; it is tried again.
    Waiting {
        /// When.
        until: Timestamp,
        /// Which card then.
        card: CardRole,
        /// How often a try has failed since one has worked.
        tries: u32,
        /// Why the last.
        failure: PaymentFailure,
    },
    /// The most of a day has been charged.
    Capped {
        /// When the next may be.
        until: Timestamp,
    },
    /// The cardholder's bank wants them to confirm: a payment made by hand.
    NeedsYou {
        /// How much was to be charged.
        amount: Money,
        /// Since when.
        since: Timestamp,
    },
    /// It charges nothing any more.
    Off {
        /// Why.
        why: OffReason,
        /// Since when.
        at: Timestamp,
        /// What the card's bank had said.
        failure: Option<PaymentFailure>,
    },
}

/// Why an auto-recharge is off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum OffReason {
    /// Somebody has switched it off.
    ByPerson,
    /// The card cannot be charged any more, or was declined again and again.
    Declined,
    /// There is no card on file.
    NoCard,
    /// A payment was disputed.
    Disputed,
}

/// What a decline means for the next try (PAYMENTS §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// This card will not do: no more tries.
    Stop,
    /// The cardholder has to authenticate.
    Authenticate,
    /// It may pass later.
    Later,
}

impl Advice {
    /// By the network's advice, else by the decline's code (<https://docs.stripe.com/declines/codes>).
    pub fn of(failure: &PaymentFailure) -> Self {
        match failure.code.as_str() {
            "authentication_required" | "authentication_failed" => return Self::Authenticate,
            _ if failure.advice.as_deref() == Some("do_not_try_again") => return Self::Stop,
            _ => {}
        }
        match failure.code.as_str() {
            "lost_card"
            | "stolen_card"
            | "pickup_card"
            | "expired_card"
            | "restricted_card"
            | "revocation_of_authorization"
            | "revocation_of_all_authorizations"
            | "stop_payment_order"
            | "invalid_account"
            | "incorrect_number"
            | "card_not_supported"
            | "do_not_honor_permanently"
            | "fraudulent"
            | "payment_method_missing" => Self::Stop,
            _ => Self::Later,
        }
    }
}

impl Recharge {
    /// Whether it may still charge.
    pub fn is_on(&self) -> bool {
        !matches!(self.state, RechargeState::Off { .. })
    }

    /// The charges that count at `now`.
    pub fn recent(&self, now: Timestamp) -> impl Iterator<Item = &RechargeMade> {
        self.charges.iter().filter(move |charge| now.since(charge.at) < DAY)
    }
}

impl RechargeSettings {
    /// Whether these settings can be agreed to.
    ///
    /// # Errors
    /// The first that is not allowed, by its place in `PUT …/recharge`.
    pub fn check(&self, limits: &RechargeLimits) -> Result<(), Refusal> {
        let zero = Money::zero(limits.minimum.currency());
        let within = |pointer: &str, amount: Money, minimum: Money, maximum: Money| {
            let pointer = pointer.to_owned();
            if amount.currency() != limits.minimum.currency() {
                return Err(Refusal::WrongCurrency { pointer });
            }
            if amount.minor().is_none() {
                return Err(Refusal::FractionOfACoin { pointer });
            }
            if amount < minimum {
                return Err(Refusal::Below { pointer, minimum });
            }
            if amount > maximum {
                return Err(Refusal::Above { pointer, maximum });
            }
            Ok(())
        };
        let least = match self.charge {
            RechargeCharge::Fixed { amount } => {
                within("/amount", amount, limits.minimum, limits.maximum)?;
                amount
            }
            RechargeCharge::UpTo { target } => {
                // Otherwise the smallest charge would overshoot it.
                let lowest = self.below.plus(limits.minimum).map_err(|_| Refusal::Overflow)?;
                within("/up_to", target, lowest, limits.balance_max)?;
                limits.minimum
            }
        };
        let highest = limits.balance_max.minus(least).map_err(|_| Refusal::Overflow)?;
        within("/below", self.below, zero, highest)?;
        within("/daily_cap", self.daily_cap, least, limits.daily_max)
    }

    /// What a balance would be charged now, were there no limit of the day; nothing at or above the threshold.
    pub fn wanted(&self, balance: Money, limits: &RechargeLimits) -> Option<Money> {
        if balance >= self.below {
            return None;
        }
        let amount = match self.charge {
            RechargeCharge::Fixed { amount } => amount,
            RechargeCharge::UpTo { target } => {
                let missing = target.minus(balance).ok()?.ceil_to_minor().ok()?;
                missing.max(limits.minimum).min(limits.maximum)
            }
        };
        let room = limits.balance_max.minus(balance).ok()?.floor_to_minor();
        Some(amount.min(room)).filter(|amount| *amount >= limits.minimum)
    }

    /// The sentence that a person agrees to: trigger, amount, daily cap, how to stop.
    pub fn consent_text(&self, agency: &str, card: &str) -> String {
        let Self { below, charge, daily_cap } = self;
        let amount = match charge {
            RechargeCharge::Fixed { amount } => format!("{amount}"),
            RechargeCharge::UpTo { target } => format!("what brings the balance up to {target}"),
        };
        format!(
            "I allow {agency} to charge {card} {amount} whenever this balance falls below {below}, at most {daily_cap} within 24 hours and \
             four times, until I switch it off on this page. I get a receipt for every charge."
        )
    }
}
