//! What letters say. [`compose`] turns the facts of a letter into a [`Mail`]; the words to customers are in [`to_customer`], those
//! to agencies in [`to_agency`], those to people about themselves in [`to_person`], and all become text and HTML from the one [`sheet`].
//!
//! What never appears here: the database, a decision, a card number. Whoever calls has gathered the facts.

mod dates;
mod money_back;
mod sheet;
mod to_agency;
mod to_customer;
mod to_payer;
mod to_person;

use billing::{
    Money, PaymentId, Standing, Timestamp,
    access::Role,
    brand::{Image, ImageKind, Palette},
    funding::{Card, Payer, ReturnChoice},
    text::{EmailAddress, MessageText, Name},
};

pub use money_back::{Disputed, MoneyBack};
pub use to_payer::Note;

use super::{Mail, MailError, Picture};

/// Who letters to an agency are from.
const PRODUCT: &str = "Sluice";

/// A letter's facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterContent {
    /// The left half of its Message-ID, the same for every try.
    pub message_id: String,
    /// Whom it goes to.
    pub to: EmailAddress,
    /// The agency.
    pub agency: Name,
    /// The sub-account; the agency again, when it is about no sub-account.
    pub account: Name,
    /// What it says of them.
    pub facts: Facts,
    /// How the agency shows itself; letters to its own people are in the product's colours.
    pub look: Look,
}

/// How an agency shows itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Its colours.
    pub palette: Option<Palette>,
    /// Its logo, with its bytes.
    pub logo: Option<(Image, Vec<u8>)>,
}

impl Look {
    /// For a letter: some mail programs cannot show WebP, and show a gap in its place.
    fn for_mail(&self) -> Self {
        let logo = self.logo.clone().filter(|(image, _)| image.kind != ImageKind::Webp);
        Self { palette: self.palette, logo }
    }
}

/// The facts of each kind of letter; the kinds are those of [`billing::funding::Letter`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Facts {
    /// To the customer: the secure link.
    BillingRequest {
        /// What the agency writes.
        message: MessageText,
        /// What it suggests to pay first.
        starting_balance: Money,
        /// What is asked for on top, for usage that the agency has paid.
        usage: Option<Money>,
        /// The least that can be paid.
        minimum: Money,
        /// The secure link, token included.
        link: String,
        /// Until when the link is good.
        expires_at: Timestamp,
    },
    /// To the customer: what they paid.
    Receipt {
        /// Our payment.
        payment: PaymentId,
        /// What the card was charged.
        amount: Money,
        /// What of it pays the agency for usage.
        usage: Option<Money>,
        /// The card.
        card: Option<Card>,
        /// When it settled.
        paid_at: Timestamp,
        /// What is on the customer's balance with it.
        balance: Money,
        /// Since when the customer pays, if this payment brought it about.
        switched_at: Option<Timestamp>,
        /// It was charged by the auto-recharge.
        is_recharge: bool,
        /// Leads to the balance, while they pay for it.
        link: Option<String>,
    },
    /// To the agency: the customer pays from now on.
    NowOnCustomerBilling {
        /// Who pays.
        customer: EmailAddress,
        /// The first payment.
        amount: Money,
        /// What of it is on the agency's balance, for usage.
        usage: Option<Money>,
        /// Since when.
        since: Timestamp,
        /// The payment landed after its request had ended.
        late: bool,
        /// The account's page.
        account_url: String,
    },
    /// To the agency: nobody paid in time.
    RequestExpired {
        /// Who was asked.
        customer: EmailAddress,
        /// Until when the link was good.
        expired_at: Timestamp,
        /// The account's page.
        account_url: String,
    },
    /// To the customer: the money goes back, another payment had come first.
    PaymentReturned {
        /// Our payment.
        payment: PaymentId,
        /// What goes back.
        amount: Money,
        /// To which card.
        card: Option<Card>,
    },
    /// To the agency: the same.
    LatePaymentReturned {
        /// Who paid.
        customer: EmailAddress,
        /// What goes back.
        amount: Money,
        /// The account's page.
        account_url: String,
    },
    /// To the customer: the agency pays from now on, and what became of the balance.
    BillingEnded {
        /// What the agency chose.
        choice: ReturnChoice,
        /// Went to the agency's balance; negative when the agency took over what was owed.
        moved: Money,
        /// Goes back to the card.
        refunded: Money,
        /// The card that is no longer on file.
        card: Option<Card>,
        /// Since when the agency pays.
        since: Timestamp,
    },
    /// To the agency: the same.
    NowOnAgencyBilling {
        /// Who had paid.
        customer: EmailAddress,
        /// What was chosen.
        choice: ReturnChoice,
        /// Added to the agency's balance; negative when it took over what was owed.
        moved: Money,
        /// Goes back to the customer's card.
        refunded: Money,
        /// Since when the agency pays.
        since: Timestamp,
        /// The account's page.
        account_url: String,
    },
    /// To the agency: a card could not be paid back.
    RefundFailed {
        /// Whose card it was.
        customer: EmailAddress,
        /// How much.
        amount: Money,
        /// The card.
        card: Option<Card>,
        /// Whose balance the amount is on.
        on_balance_of: Payer,
        /// The account's page.
        account_url: String,
    },
    /// To the customer: their balance is low, or used up.
    BalanceDown {
        /// How far.
        down: Down,
        /// Leads to the balance, while they pay for it.
        link: Option<String>,
    },
    /// To whoever pays: something about their cards or their auto-recharge.
    Wallet {
        /// Of which balance.
        wallet: Wallet,
        /// What.
        note: Note,
    },
    /// To the agency: the same.
    CustomerBalanceDown {
        /// Whose balance.
        customer: EmailAddress,
        /// How far.
        down: Down,
        /// The account's page.
        account_url: String,
    },
    /// To the agency: its own balance is.
    AgencyBalanceDown {
        /// How far.
        down: Down,
        /// The agency's page.
        url: String,
    },
    /// Money that goes back to a card: to the customer whom it is refunded to, to the agency whose payment is disputed.
    MoneyBack(MoneyBack),
    /// To somebody who is to join.
    Invitation {
        /// Their name.
        name: Name,
        /// Who invites.
        by: String,
        /// What they will be.
        role: Role,
        /// The sub-accounts that a client user will see.
        accounts: Vec<Name>,
        /// The secure link, token included.
        link: String,
        /// Until when the link is good.
        expires_at: Timestamp,
    },
    /// To somebody who has forgotten their password.
    PasswordReset {
        /// The secure link, token included.
        link: String,
        /// Until when the link is good.
        expires_at: Timestamp,
    },
}

/// A balance whose wallet is written about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wallet {
    /// It is the agency's own.
    pub is_own: bool,
    /// What was on it when the letter was worded.
    pub balance: Money,
    /// Leads to it: a customer's link has a token.
    pub link: String,
}

/// A balance that has gone down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Down {
    /// Low, or used up.
    pub standing: Standing,
    /// What was on it when that was noticed.
    pub balance: Money,
    /// Below this it is low.
    pub low_below: Money,
}

impl From<(Standing, Money, Money)> for Down {
    fn from((standing, balance, low_below): (Standing, Money, Money)) -> Self {
        Self { standing, balance, low_below }
    }
}

impl Down {
    /// `low`, or `used up`.
    fn word(self) -> &'static str {
        if self.standing == Standing::Paused { "used up" } else { "low" }
    }
}

/// The letter, worded.
///
/// # Errors
/// [`MailError::Refused`] when a template cannot be filled in.
pub fn compose(letter: &LetterContent) -> Result<Mail, MailError> {
    let sheet = match &letter.facts {
        Facts::BillingRequest { .. }
        | Facts::Receipt { .. }
        | Facts::PaymentReturned { .. }
        | Facts::BillingEnded { .. }
        | Facts::BalanceDown { .. }
        | Facts::MoneyBack(MoneyBack::Refund { .. }) => to_customer::sheet(letter),
        Facts::NowOnCustomerBilling { .. }
        | Facts::RequestExpired { .. }
        | Facts::LatePaymentReturned { .. }
        | Facts::NowOnAgencyBilling { .. }
        | Facts::RefundFailed { .. }
        | Facts::CustomerBalanceDown { .. }
        | Facts::AgencyBalanceDown { .. }
        | Facts::MoneyBack(_) => to_agency::sheet(letter),
        Facts::Wallet { .. } => to_payer::sheet(letter),
        Facts::Invitation { .. } | Facts::PasswordReset { .. } => to_person::sheet(letter),
    };
    let broken = |error: askama::Error| MailError::Refused(format!("template: {error}"));
    Ok(Mail {
        message_id: letter.message_id.clone(),
        from_name: sheet.sender.clone(),
        to: letter.to.as_str().to_owned(),
        subject: sheet.heading.clone(),
        text: sheet.text().map_err(broken)?,
        html: sheet.html().map_err(broken)?,
        logo: sheet
            .look
            .logo
            .map(|(image, bytes)| Picture { media_type: image.kind.media_type(), bytes }),
    })
}

#[cfg(test)]
mod tests;
