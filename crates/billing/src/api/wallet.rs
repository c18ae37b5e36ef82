//! A balance with its cards and its auto-recharge: the customer's page by a magic link (`/balance…`, the token in
//! `Authorization: Bearer`), and the same for the agency's own balance (`/agency/wallet…`).

use serde::{Deserialize, Serialize};

use super::GatewayInfo;
use crate::{
    Money, PaymentId, Standing, Timestamp,
    funding::{Card, PaymentFailure},
    money::WireMoney,
    text::{EmailAddress, Name},
    wallet::{CardRole, CardSetup, DaySpent, Recharge, RechargeLimits},
};

/// `GET /balance` and `GET /agency/wallet`, and the answer of everything that changes them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WalletView {
    /// Whose balance it is.
    pub agency_name: Name,
    /// The address of a style sheet with the agency's colour and logo; only its customers see them.
    pub stylesheet: Option<String>,
    /// The account whose balance it is; none for the agency's own.
    pub account_name: Option<Name>,
    /// Who is written to about it.
    pub email: EmailAddress,
    /// How things stand with it.
    pub state: WalletState,
    /// What is on it.
    pub balance: Money,
    /// Below this it is low, and whoever pays is written to.
    pub low_below: Money,
    /// What the balance says about the service.
    pub standing: Standing,
    /// The card that is charged first.
    pub card: Option<Card>,
    /// The card that the auto-recharge tries second.
    pub backup: Option<Card>,
    /// A card that is being saved.
    pub setup: Option<CardSetup>,
    /// What the gateway's script needs while the cardholder has to authenticate that card.
    pub setup_secret: Option<String>,
    /// Why the last card was not saved.
    pub setup_failure: Option<PaymentFailure>,
    /// The payment that is under way, or was the last.
    pub payment: Option<WalletPayment>,
    /// The auto-recharge; none when it was never set up.
    pub recharge: Option<Recharge>,
    /// What can be chosen for it.
    pub limits: RechargeLimits,
    /// The text that is agreed to, by its version.
    pub consent_version: String,
    /// The least that can be paid at once.
    pub minimum: Money,
    /// The most.
    pub maximum: Money,
    /// Round amounts to offer.
    pub presets: Vec<Money>,
    /// What each of the last 30 days has cost, oldest first; today is the last.
    pub days: Vec<DaySpent>,
    /// The gateway whose card fields are shown.
    pub gateway: GatewayInfo,
}

/// How things stand with a balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WalletState {
    /// It can be paid onto.
    Open,
    /// The agency takes billing back as soon as a payment under way has ended.
    Returning,
    /// The agency pays; only what was is shown.
    AgencyPays,
}

/// A payment onto a balance, as its payer sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WalletPayment {
    /// Its id.
    pub id: PaymentId,
    /// How much.
    pub amount: Money,
    /// Since when.
    pub started_at: Timestamp,
    /// Charged by the auto-recharge.
    pub is_recharge: bool,
    /// How far it is.
    pub status: WalletPaymentStatus,
    /// For the gateway's script, while the payer has to authenticate.
    pub client_secret: Option<String>,
    /// Why it failed, if it did.
    pub failure: Option<PaymentFailure>,
}

/// How far a payment onto a balance is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WalletPaymentStatus {
    /// At the gateway.
    Processing,
    /// The payer has to authenticate.
    ActionRequired,
    /// It is on the balance.
    Paid,
    /// No money moved.
    Failed,
}

/// `POST /balance/links`: asks for the magic link by mail. Exactly one of the two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AskBalanceLinkBody {
    /// Where receipts go: a link for each account that this address pays for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// A link that has expired: a new one goes where that one went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

/// `POST /balance/top-ups` and `POST /agency/top-ups`, with an `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TopUpBody {
    /// How much is paid onto the balance.
    pub amount: WireMoney,
    /// What the gateway's script made of the fields for a new card, which takes the place of the one on file; without it that one is
    /// charged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmation_token: Option<String>,
}

/// `POST /balance/cards` and `POST /agency/cards`, with an `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SaveCardBody {
    /// What the gateway's script made of the card fields.
    pub confirmation_token: String,
    /// In whose place.
    pub role: CardRole,
}

/// `PUT /balance/recharge` and `PUT /agency/recharge`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RechargeBody {
    /// The balance is recharged when it falls below this.
    pub below: WireMoney,
    /// How much is charged each time. Either this or `up_to`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<WireMoney>,
    /// What the balance is brought up to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to: Option<WireMoney>,
    /// The most that is charged within 24 hours.
    pub daily_cap: WireMoney,
    /// The sentence that was agreed to, as it was shown; another than these settings make is refused (`consent_changed`).
    pub consent: String,
    /// Its version.
    pub consent_version: String,
}

/// `PUT /balance/alert`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AlertBody {
    /// Below this the balance is low, and whoever pays is written to.
    pub low_below: WireMoney,
}
