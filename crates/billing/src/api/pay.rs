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
#[serde(deny_unknown_fields)]
pub struct OpenLinkBody {
    /// What stands after `#t=` in the link.
    pub token: String,
}

/// Where the gateway's own card fields come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
pub struct PayView {
    /// Who asks.
    pub agency_name: Name,
    /// For which account.
    pub account_name: Name,
    /// Whom the link was mailed to.
    pub email: EmailAddress,
    /// What the agency wrote.
    pub message: MessageText,
    /// What the agency asked for.
    pub starting_balance: Money,
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
}

/// `POST /pay/payments`, with an `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PayBody {
    /// What the customer pays.
    pub amount: WireMoney,
    /// What the gateway's script made of the card fields.
    pub confirmation_token: String,
}
