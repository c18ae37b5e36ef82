//! The words about money that goes back to a card: refunded by hand, or disputed.

use billing::{
    Money, PaymentId, Timestamp,
    funding::Card,
    text::EmailAddress,
    timeline::{reason_words, whose_loss},
};

use super::{LetterContent, dates::moment, sheet::Sheet};

/// The facts of such a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MoneyBack {
    /// To the customer: some of what they paid is on its way back.
    Refund {
        /// Of which payment.
        payment: PaymentId,
        /// How much.
        amount: Money,
        /// To which card.
        card: Option<Card>,
    },
    /// To the agency: a payment is disputed.
    DisputeOpened {
        /// Which one, and by whom.
        of: Disputed,
        /// The gateway's word for why.
        reason: String,
        /// Until when it can be answered; none when the gateway does not say.
        answer_by: Option<Timestamp>,
        /// What of it the customer's balance has lost; the rest is the agency's.
        from_customer: Money,
    },
    /// To the agency: the dispute is decided.
    DisputeClosed {
        /// Which one, and by whom.
        of: Disputed,
        /// The money came back.
        won: bool,
        /// What of it is on the customer's balance again; the rest is on the agency's.
        to_customer: Money,
    },
}

/// A disputed payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disputed {
    /// Our payment.
    pub payment: PaymentId,
    /// How much of it is disputed.
    pub amount: Money,
    /// Who paid it: a customer, or somebody of the agency for its own balance.
    pub payer: EmailAddress,
    /// The card.
    pub card: Option<Card>,
    /// The payments of its account.
    pub payments_url: String,
}

impl MoneyBack {
    /// Where the agency looks at it; none for a customer's letter.
    pub fn url(&self) -> Option<&String> {
        match self {
            Self::Refund { .. } => None,
            Self::DisputeOpened { of, .. } | Self::DisputeClosed { of, .. } => {
                Some(&of.payments_url)
            }
        }
    }
}

pub fn sheet(letter: &LetterContent, back: &MoneyBack) -> Sheet {
    match back {
        MoneyBack::Refund { payment, amount, card } => {
            refund(letter, *payment, *amount, card.as_ref())
        }
        MoneyBack::DisputeOpened { of, reason, answer_by, from_customer } => {
            opened(letter, of, reason, *answer_by, *from_customer)
        }
        MoneyBack::DisputeClosed { of, won: true, to_customer } => won(letter, of, *to_customer),
        MoneyBack::DisputeClosed { of, won: false, .. } => lost(letter, of),
    }
}

fn refund(letter: &LetterContent, payment: PaymentId, amount: Money, card: Option<&Card>) -> Sheet {
    let (agency, account) = (&letter.agency, &letter.account);
    let card = card.map_or("the card it came from".to_owned(), Card::label);
    let sheet = Sheet {
        heading: format!("{amount} is on its way back to you"),
        lead: vec![format!(
            "{agency} has refunded {amount} of what you paid for {account}. It was taken from your \
             balance and goes back to {card}."
        )],
        next: vec![
            "You do not have to do anything. Banks usually take 5 to 10 business days to show it."
                .to_owned(),
            format!("If it has not come by then, show this letter to {agency}."),
        ],
        ..Sheet::default()
    };
    sheet
        .fact("Goes back", amount)
        .fact("To", card)
        .fact("Account", account)
        .fact("Payment", payment)
}

fn opened(
    letter: &LetterContent,
    of: &Disputed,
    reason: &str,
    answer_by: Option<Timestamp>,
    from_customer: Money,
) -> Sheet {
    let account = &letter.account;
    let Disputed { amount, payer, .. } = of;
    let lost = whose_loss(*amount, from_customer);
    let until = answer_by.map_or_else(|| "in time".to_owned(), |at| format!("by {}", moment(at)));
    let sheet = Sheet {
        heading: format!("A payment of {account} is disputed: {amount}"),
        lead: vec![format!(
            "The bank of {payer} has taken {amount} back: {}. Until it has decided, the \
                 money is gone: {lost}.",
            reason_words(reason)
        )],
        next: vec![
            format!(
                "Answer it in your payment provider's dashboard {until}: whoever does not answer \
                 loses it. Sluice sends no evidence."
            ),
            format!(
                "Asking {payer} often helps: they can withdraw the dispute at their bank. If it is \
                 won, the money comes back here by itself."
            ),
        ],
        ..Sheet::default()
    };
    facts(letter, of, sheet.fact("Disputed", amount).fact("Taken", lost))
}

fn won(letter: &LetterContent, of: &Disputed, to_customer: Money) -> Sheet {
    let amount = of.amount;
    let place = match amount.minus(to_customer) {
        Ok(agencys) if to_customer.is_zero() => format!("{agencys} is on your balance"),
        Ok(agencys) if !agencys.is_zero() => {
            format!("{to_customer} is on the customer's balance, {agencys} on yours")
        }
        _ => format!("{to_customer} is on the customer's balance"),
    };
    let sheet = Sheet {
        heading: format!("A dispute of {} was won: {amount} came back", letter.account),
        lead: vec![format!("The bank has decided in your favour. The money is back: {place}.")],
        next: vec!["You do not have to do anything.".to_owned()],
        ..Sheet::default()
    };
    facts(letter, of, sheet.fact("Came back", amount).fact("Now on", place))
}

fn lost(letter: &LetterContent, of: &Disputed) -> Sheet {
    let Disputed { amount, payer, .. } = of;
    let sheet = Sheet {
        heading: format!("A dispute of {} was lost: {amount} is gone", letter.account),
        lead: vec![format!(
            "The bank has decided for the cardholder. {amount} stays with {payer}; no balance \
             changes by this."
        )],
        next: vec![format!(
            "If {payer} owes it all the same, please settle it in another way, by bank transfer \
             for instance."
        )],
        ..Sheet::default()
    };
    facts(letter, of, sheet.fact("Gone", amount))
}

fn facts(letter: &LetterContent, of: &Disputed, sheet: Sheet) -> Sheet {
    sheet
        .fact("Paid by", &of.payer)
        .fact_if("Card", of.card.as_ref().map(Card::label))
        .fact("Account", &letter.account)
        .fact("Payment", of.payment)
}
