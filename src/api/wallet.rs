//! A balance with its cards: a customer's, where the token of their link says who asks, or the agency's own.

use billing::{
    api::{AlertBody, AskBalanceLinkBody, RechargeBody, SaveCardBody, TopUpBody, WalletView},
    wallet::CardRole,
};

use super::{ApiError, Call};
use crate::browser::Json;

/// Whose balance is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WalletOf {
    /// The customer's whose link has this token.
    Customer(String),
    /// The agency's, of whoever is signed in.
    Agency,
}

type Answer = Result<WalletView, ApiError>;

/// `POST /balance/links`: whether or not anybody has such an address, the answer is the same.
///
/// # Errors
/// [`ApiError`]; with the field that is wrong.
pub async fn ask_balance_link(body: &AskBalanceLinkBody) -> Result<(), ApiError> {
    Call::post("/balance/links").json(body).send_empty().await
}

impl WalletOf {
    fn path(&self, below: &str) -> String {
        match self {
            Self::Customer(_) => format!("/balance/{below}"),
            Self::Agency => format!("/agency/{below}"),
        }
    }

    fn by(&self, call: Call) -> Call {
        match self {
            Self::Customer(token) => call.bearer(token),
            Self::Agency => call,
        }
    }

    /// How things stand.
    ///
    /// # Errors
    /// [`ApiError`]; 401, 404 or 410 when the link is dead.
    pub async fn view(&self) -> Answer {
        let path = match self {
            Self::Customer(_) => "/balance",
            Self::Agency => "/agency/wallet",
        };
        self.by(Call::get(path)).send().await
    }

    /// Pays onto the balance.
    ///
    /// # Errors
    /// [`ApiError`]; when the outcome is unknown, the same key and body must be used again.
    pub async fn top_up(&self, key: &str, body: &TopUpBody) -> Answer {
        self.by(Call::post(self.path("top-ups"))).idempotency_key(key).json(body).send().await
    }

    /// Saves a card.
    ///
    /// # Errors
    /// [`ApiError`]; when the outcome is unknown, the same key and body must be used again.
    pub async fn save_card(&self, key: &str, body: &SaveCardBody) -> Answer {
        self.by(Call::post(self.path("cards"))).idempotency_key(key).json(body).send().await
    }

    /// Takes a card off file.
    ///
    /// # Errors
    /// [`ApiError`]
    pub async fn remove_card(&self, role: CardRole) -> Answer {
        self.by(Call::delete(self.path(&format!("cards/{}", role.name())))).send().await
    }

    /// Switches the auto-recharge on, or changes it.
    ///
    /// # Errors
    /// [`ApiError`]; with the fields that are wrong.
    pub async fn set_recharge(&self, body: &RechargeBody) -> Answer {
        self.by(Call::put(self.path("recharge"))).json(body).send().await
    }

    /// Switches it off.
    ///
    /// # Errors
    /// [`ApiError`]
    pub async fn stop_recharge(&self) -> Answer {
        self.by(Call::delete(self.path("recharge"))).send().await
    }

    /// Says below which balance somebody is written to.
    ///
    /// # Errors
    /// [`ApiError`]; with the field that is wrong.
    pub async fn set_alert(&self, body: &AlertBody) -> Answer {
        self.by(Call::put(self.path("alert"))).json(body).send().await
    }

    /// Lines of the balance's book, newest first; `cursor` as the page before gave it.
    ///
    /// # Errors
    /// [`ApiError`]
    pub async fn ledger(&self, cursor: &str) -> Result<Json, ApiError> {
        self.by(Call::get(self.path("ledger"))).query("cursor", cursor).read().await
    }

    /// A receipt for each payment, newest first.
    ///
    /// # Errors
    /// [`ApiError`]
    pub async fn receipts(&self) -> Result<Json, ApiError> {
        self.by(Call::get(self.path("receipts"))).read().await
    }

    /// A receipt as a PDF: a customer's by its number, the agency's by its payment.
    ///
    /// # Errors
    /// [`ApiError`]
    pub async fn receipt_pdf(&self, key: &str) -> Result<Vec<u8>, ApiError> {
        self.by(Call::get(self.path(&format!("receipts/{key}.pdf")))).bytes().await
    }

    /// From now on the link is good for nothing.
    ///
    /// # Errors
    /// [`ApiError`]
    pub async fn end_link(&self) -> Result<(), ApiError> {
        self.by(Call::delete(self.path("link"))).send_empty().await
    }
}
