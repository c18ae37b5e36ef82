//! The customer's side of the secure link. The link's token goes in `Authorization: Bearer`.

use serde::{Deserialize, Serialize};

use crate::{
    Money, Timestamp,
    funding::{Card, PaymentFailure},
    money::WireMoney,
    text::{EmailAddress, MessageText, Name},
};

/// `POST /pay/open`: says that the link was opened. Changes nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OpenLinkBody {
    /// What stands after `#t=` in the link.
    pub token: String,
}

/// Where the gateway's own card fields come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GatewayInfo {
    /// The script to load; its origin is the one the page's CSP allows.
    pub script_url: String,
    /// The key that may only make tokens.
    pub publishable_key: String,
    /// A sandbox: no real money moves.
    pub test_mode: bool,
}

/// What the pay page shows. Answer of `POST /pay/open`, `GET /pay` and `POST /pay/payments`, whatever became of the request:
/// a link that is dead but ours says how it died.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "FlatPayView")]
pub struct PayView {
    /// Who asks.
    pub agency_name: Name,
    /// The address of a style sheet with their colour and logo, if they have chosen some.
    pub stylesheet: Option<String>,
    /// For which account.
    pub account_name: Name,
    /// Whom the link was mailed to; who pays for the account, when it is to top up.
    pub email: EmailAddress,
    /// What the agency wrote; nothing when the link is to top up a balance.
    pub message: Option<MessageText>,
    /// What is on the customer's balance, when the link is to top it up.
    pub balance: Option<Money>,
    /// What the agency asked for, or what was paid last: where the amount starts.
    pub starting_balance: Money,
    /// What usage has cost the agency since it asked, to be paid on top; the amount paid does not include it.
    pub usage: Option<Money>,
    /// Since when: when the agency asked, or the link was made.
    pub requested_at: Timestamp,
    /// The least that may be paid.
    pub minimum: Money,
    /// The most that may be paid.
    pub maximum: Money,
    /// Round amounts to offer.
    pub presets: Vec<Money>,
    /// From when the link is dead.
    pub expires_at: Timestamp,
    /// The gateway.
    pub gateway: GatewayInfo,
    /// How things stand.
    #[serde(flatten)]
    pub state: PayState,
}

/// How things stand with a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum PayState {
    /// It can be paid.
    Open {
        /// Why the last try failed, if there was one.
        last_failure: Option<PaymentFailure>,
    },
    /// A payment is at the gateway; ask again in a moment.
    Processing {
        /// How much.
        amount: Money,
    },
    /// The customer has to authenticate: hand the secret to the gateway's script.
    ActionRequired {
        /// How much.
        amount: Money,
        /// For `stripe.handleNextAction`.
        client_secret: String,
    },
    /// Paid by this link.
    Paid {
        /// How much.
        amount: Money,
        /// When.
        paid_at: Timestamp,
        /// With what.
        card: Option<Card>,
    },
    /// Paid by this link, but another payment had come first: the money is on its way back.
    PaidBack {
        /// How much.
        amount: Money,
    },
    /// Somebody else has paid for this account meanwhile.
    AlreadyPaid,
    /// Nobody paid in time.
    Expired,
    /// The agency called it off.
    Revoked,
    /// A request with other terms took its place.
    Replaced,
    /// The balance cannot be topped up any more: the agency has taken billing back, or is about to.
    AgencyPays,
}

/// How a [`PayView`] is read: all fields side by side, as they stand on the wire. Reading a flattened enum would first
/// buffer everything in a tree, and the code for that is a fifth of what the pay page may weigh.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct FlatPayView {
    agency_name: Name,
    stylesheet: Option<String>,
    account_name: Name,
    email: EmailAddress,
    message: Option<MessageText>,
    balance: Option<Money>,
    starting_balance: Money,
    usage: Option<Money>,
    requested_at: Timestamp,
    minimum: Money,
    maximum: Money,
    presets: Vec<Money>,
    expires_at: Timestamp,
    gateway: GatewayInfo,
    state: PayStateName,
    last_failure: Option<PaymentFailure>,
    amount: Option<Money>,
    client_secret: Option<String>,
    paid_at: Option<Timestamp>,
    card: Option<Card>,
}

/// The names of [`PayState`] on the wire.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
enum PayStateName {
    Open,
    Processing,
    ActionRequired,
    Paid,
    PaidBack,
    AlreadyPaid,
    Expired,
    Revoked,
    Replaced,
    AgencyPays,
}

impl TryFrom<FlatPayView> for PayView {
    type Error = &'static str;

    fn try_from(flat: FlatPayView) -> Result<Self, Self::Error> {
        let amount = flat.amount.ok_or("missing field `amount`");
        let state = match flat.state {
            PayStateName::Open => PayState::Open { last_failure: flat.last_failure },
            PayStateName::Processing => PayState::Processing { amount: amount? },
            PayStateName::ActionRequired => PayState::ActionRequired {
                amount: amount?,
                client_secret: flat.client_secret.ok_or("missing field `client_secret`")?,
            },
            PayStateName::Paid => PayState::Paid {
                amount: amount?,
                paid_at: flat.paid_at.ok_or("missing field `paid_at`")?,
                card: flat.card,
            },
            PayStateName::PaidBack => PayState::PaidBack { amount: amount? },
            PayStateName::AlreadyPaid => PayState::AlreadyPaid,
            PayStateName::Expired => PayState::Expired,
            PayStateName::Revoked => PayState::Revoked,
            PayStateName::Replaced => PayState::Replaced,
            PayStateName::AgencyPays => PayState::AgencyPays,
        };
        Ok(Self {
            agency_name: flat.agency_name,
            stylesheet: flat.stylesheet,
            account_name: flat.account_name,
            email: flat.email,
            message: flat.message,
            balance: flat.balance,
            starting_balance: flat.starting_balance,
            usage: flat.usage,
            requested_at: flat.requested_at,
            minimum: flat.minimum,
            maximum: flat.maximum,
            presets: flat.presets,
            expires_at: flat.expires_at,
            gateway: flat.gateway,
            state,
        })
    }
}

/// `POST /pay/payments`, with an `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PayBody {
    /// What the customer pays onto their balance.
    pub amount: WireMoney,
    /// What they were shown on top for usage; another sum than is asked for is refused (`terms_changed`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<WireMoney>,
    /// What the gateway's script made of the card fields.
    pub confirmation_token: String,
}

#[cfg(test)]
mod tests;
