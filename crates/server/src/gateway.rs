//! The payment gateway's port. [`stripe`] is the one client; what it talks to (Stripe, the sandbox, a peer) is a matter of its
//! base URL. Nothing of the wire's shape leaves this module, and no body is ever logged.

pub mod stripe;
pub mod webhook;

use async_trait::async_trait;
use billing::{
    Money, PaymentId, RequestId, SetupId, SubAccountId, Timestamp,
    funding::{Card, RefundKey},
};

/// How far a PaymentIntent is; Stripe's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IntentStatus {
    /// The money moved.
    Succeeded,
    /// The customer has to authenticate.
    RequiresAction,
    /// Declined, or authentication failed: this attempt is over.
    RequiresPaymentMethod,
    /// Not known yet.
    Processing,
    /// Called off.
    Canceled,
    /// A word we do not know: to be asked about again.
    Unknown(String),
}

/// Why a card was declined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decline {
    /// `decline_code` if there is one, else `code`.
    pub code: String,
    /// The gateway's sentence for the cardholder.
    pub message: String,
    /// What the card's bank advises, if it does: `do_not_try_again`, `try_again_later` or `confirm_card_data`.
    pub advice: Option<String>,
}

/// A PaymentIntent, as much of it as we look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// The gateway's id, `pi_…`.
    pub id: String,
    /// How far it is.
    pub status: IntentStatus,
    /// How much.
    pub amount: Money,
    /// The gateway's customer.
    pub customer: Option<String>,
    /// Lets the gateway's script finish authentication. Never stored, never logged.
    pub client_secret: Option<String>,
    /// The card, with the payment method's id.
    pub card: Option<Card>,
    /// Why the last attempt failed.
    pub decline: Option<Decline>,
    /// Our payment, from the metadata.
    pub payment: Option<PaymentId>,
    /// Real money.
    pub live: bool,
}

/// How far a refund is at the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundOutcome {
    /// On its way or there.
    Succeeded,
    /// Not known yet.
    Pending,
    /// It came back.
    Failed,
}

/// What is charged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// What the gateway's script made of the card fields; the card is kept for later.
    Token(String),
    /// A card that the gateway keeps of this customer.
    Saved {
        /// `pm_…`.
        payment_method: String,
        /// Nobody is there who could authenticate.
        off_session: bool,
    },
}

/// A customer to make at the gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCustomer {
    /// The idempotency key: `customer-<request>`, or `customer-<agency>` for the agency's own.
    pub key: String,
    /// The request by which they became one; none for the agency.
    pub request: Option<RequestId>,
    /// Whose balance they fund; none for the agency.
    pub sub_account: Option<SubAccountId>,
    /// Where the gateway may write to them.
    pub email: String,
    /// What they are called there.
    pub name: String,
}

impl NewCustomer {
    /// Who answers this request for this sub-account.
    #[must_use]
    pub fn of_request(
        request: RequestId,
        sub_account: SubAccountId,
        email: &str,
        name: &str,
    ) -> Self {
        Self {
            key: format!("customer-{request}"),
            request: Some(request),
            sub_account: Some(sub_account),
            email: email.to_owned(),
            name: name.to_owned(),
        }
    }
}

/// A charge to make, with everything that makes a repeat of it the same charge.
#[derive(Clone, Debug)]
pub struct Charge {
    /// Ours.
    pub payment: PaymentId,
    /// The request it answers, or by which whoever tops up became a customer; none for the agency's own balance.
    pub request: Option<RequestId>,
    /// Whose balance it will fund; none for the agency's own.
    pub sub_account: Option<SubAccountId>,
    /// How much; whole coins.
    pub amount: Money,
    /// The gateway's customer.
    pub customer: String,
    /// What is charged.
    pub source: Source,
    /// Where the gateway may send the customer back to; not sent when nobody is there.
    pub return_url: String,
}

/// How far the saving of a card (a SetupIntent) is; Stripe's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetupStatus {
    /// The card is kept and may be charged while nobody is there.
    Succeeded,
    /// The customer has to authenticate.
    RequiresAction,
    /// Declined, or authentication failed: this attempt is over.
    RequiresPaymentMethod,
    /// Not known yet.
    Processing,
    /// Called off.
    Canceled,
    /// A word we do not know: to be asked about again.
    Unknown(String),
}

/// A card to keep, without a payment.
#[derive(Clone, Debug)]
pub struct SaveCard {
    /// Ours.
    pub setup: SetupId,
    /// The gateway's customer.
    pub customer: String,
    /// What the gateway's script made of the card fields.
    pub confirmation_token: String,
    /// Where the gateway may send the customer back to.
    pub return_url: String,
}

/// A SetupIntent, as much of it as we look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// The gateway's id, `seti_…`.
    pub id: String,
    /// How far it is.
    pub status: SetupStatus,
    /// Lets the gateway's script finish authentication. Never stored, never logged.
    pub client_secret: Option<String>,
    /// The card, with the payment method's id.
    pub card: Option<Card>,
    /// Why the last attempt failed.
    pub decline: Option<Decline>,
    /// The gateway's customer.
    pub customer: Option<String>,
    /// Our name for it, from the metadata.
    pub setup: Option<SetupId>,
    /// A real card.
    pub live: bool,
}

/// How a dispute stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DisputeStatus {
    /// The money is taken back until the bank decides, and the bank waits for evidence.
    NeedsResponse,
    /// The money is taken back until the bank decides.
    UnderReview,
    /// The money is ours again.
    Won,
    /// The money is the cardholder's.
    Lost,
    /// The bank only asks; no money was taken.
    Inquiry,
    /// Over without money having been taken (`warning_closed`, `prevented`): the gateway's word.
    Closed(String),
    /// A word we do not know: to be asked about again.
    Unknown(String),
}

/// A cardholder's complaint about a payment, as much of it as we look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispute {
    /// The gateway's id, `dp_…`.
    pub id: String,
    /// The PaymentIntent that is disputed.
    pub intent: String,
    /// How much of it.
    pub amount: Money,
    /// The gateway's word for why, `fraudulent` and the like.
    pub reason: String,
    /// Until when it takes an answer; none when it takes none.
    pub answer_by: Option<Timestamp>,
    /// How it stands.
    pub status: DisputeStatus,
    /// Real money.
    pub live: bool,
}

/// Where the gateway sends its events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The address.
    pub url: String,
    /// Events are sent there; the gateway stops by itself when nobody answers for days.
    pub is_enabled: bool,
    /// Their types; `*` for all.
    pub events: Vec<String>,
}

/// Why the gateway gave no good answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GatewayError {
    /// A definite no to this card (HTTP 402, or a decline's `code`).
    Declined(Decline, Option<Box<Intent>>),
    /// A definite no to this request; asking again is no use. The code and the sentence are the gateway's.
    Rejected {
        /// HTTP status.
        status: u16,
        /// The gateway's word.
        code: String,
        /// The gateway's sentence.
        message: String,
    },
    /// There is no such object.
    NotFound,
    /// It did not happen and may be asked again: the gateway could not be reached, or said 429 or 409 "in progress".
    TryLater(String),
    /// It may have happened: timed out, connection lost, or a 5xx. Only looking tells.
    Unknown(String),
}

impl GatewayError {
    /// The same from a look at what became of a write: that the look was refused (a key that may not read, say) tells nothing of
    /// the write, and must not pass for its answer.
    #[must_use]
    pub fn of_a_look(self) -> Self {
        match self {
            Self::Rejected { .. } | Self::Declined(..) => {
                Self::TryLater(format!("not known yet: {self}"))
            }
            error => error,
        }
    }
}

impl std::fmt::Display for GatewayError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Declined(decline, _) => write!(f, "declined: {}", decline.code),
            Self::Rejected { status, code, .. } => write!(f, "rejected with {status} {code}"),
            Self::NotFound => f.write_str("no such object"),
            Self::TryLater(why) => write!(f, "try later: {why}"),
            Self::Unknown(why) => write!(f, "outcome unknown: {why}"),
        }
    }
}

impl std::error::Error for GatewayError {}

/// What we ask of a payment gateway.
#[async_trait]
pub trait Gateway: Send + Sync {
    /// The card behind a confirmation token: brand, last four, expiry. Its payment method has no id yet.
    async fn card_of(&self, confirmation_token: &str) -> Result<Card, GatewayError>;

    /// A new customer, under an idempotency key of its own.
    async fn create_customer(&self, customer: &NewCustomer) -> Result<String, GatewayError>;

    /// Create and confirm a PaymentIntent (PAYMENTS §1, §4). Idempotency key `switch-<request>-<payment>`, or `top-up-<payment>`
    /// without a request, so that a repeat within 23 hours is the same charge. A saved card is never charged under a second
    /// key: where the gateway only repeats that it failed, the outcome stays unknown until it is found or given up.
    async fn charge(&self, charge: &Charge) -> Result<Intent, GatewayError>;

    /// The PaymentIntent of this id.
    async fn intent(&self, id: &str) -> Result<Intent, GatewayError>;

    /// The PaymentIntent of this customer that carries our payment in its metadata.
    async fn find_intent(
        &self,
        customer: &str,
        payment: PaymentId,
    ) -> Result<Option<Intent>, GatewayError>;

    /// Cancel a PaymentIntent that is not over. One that is over answers as it is.
    async fn cancel(&self, id: &str) -> Result<Intent, GatewayError>;

    /// Pay back. Idempotency key `refund-<refund>`; a repeat that the gateway has forgotten is looked up among the intent's
    /// refunds by metadata first.
    async fn refund(
        &self,
        intent: &str,
        refund: RefundKey,
        amount: Money,
    ) -> Result<RefundOutcome, GatewayError>;

    /// Forget a card. One that is forgotten already is fine.
    async fn detach(&self, payment_method: &str) -> Result<(), GatewayError>;

    /// Create and confirm a SetupIntent: the card is kept for charges while nobody is there. Idempotency key `setup-<setup>`. A
    /// declined card is [`GatewayError::Declined`], without an intent.
    async fn save_card(&self, save: &SaveCard) -> Result<Setup, GatewayError>;

    /// The SetupIntent of this id.
    async fn setup(&self, id: &str) -> Result<Setup, GatewayError>;

    /// The SetupIntent of this customer that carries our name for it in its metadata.
    async fn find_setup(
        &self,
        customer: &str,
        setup: SetupId,
    ) -> Result<Option<Setup>, GatewayError>;

    /// Cancel a SetupIntent that is not over. One that is over answers as it is.
    async fn cancel_setup(&self, id: &str) -> Result<Setup, GatewayError>;

    /// The dispute of this id. One about what is no PaymentIntent is none of ours, and not found.
    async fn dispute(&self, id: &str) -> Result<Dispute, GatewayError>;
}
