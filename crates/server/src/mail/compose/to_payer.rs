//! The words to whoever pays a balance about their cards and their auto-recharge: a customer, to whom their agency speaks, or the
//! agency's owner about its own balance, to whom the product speaks.

use billing::{
    Money, PaymentId, Timestamp,
    funding::{Card, PaymentFailure},
    wallet::{Advice, CardRole, recharge::OffReason},
};

use super::{
    Facts, LetterContent, PRODUCT, Wallet,
    dates::moment,
    sheet::{Button, Sheet},
};

/// What is told of a wallet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// A payment has arrived: the receipt. Customers have one of their own words ([`Facts::Receipt`]).
    Paid {
        /// Our payment.
        payment: PaymentId,
        /// What the card was charged.
        amount: Money,
        /// The card.
        card: Option<Card>,
        /// When it settled.
        paid_at: Timestamp,
        /// It was charged by the auto-recharge.
        is_recharge: bool,
    },
    /// A card is on file from now on.
    CardSaved {
        /// Which.
        card: Card,
        /// What for.
        role: CardRole,
    },
    /// A card is no longer on file.
    CardRemoved {
        /// Which.
        card: Card,
    },
    /// So many days, and a card on file expires.
    CardExpiring {
        /// Which.
        card: Card,
        /// How many.
        days: u32,
    },
    /// The auto-recharge is on.
    RechargeOn {
        /// What was agreed.
        text: String,
    },
    /// It is off.
    RechargeOff {
        /// Why.
        why: OffReason,
        /// What the card's bank had said.
        failure: Option<PaymentFailure>,
    },
    /// The card was declined, and is tried again.
    RechargeDeclined {
        /// Why.
        failure: PaymentFailure,
        /// When.
        retry_at: Timestamp,
    },
    /// The most of a day has been charged.
    RechargeCapped {
        /// When the next may be.
        until: Timestamp,
    },
    /// The card's bank wants them to confirm.
    ConfirmRecharge {
        /// How much is to be paid.
        amount: Money,
    },
    /// The link that was asked for.
    BalanceLink {
        /// Until when it is good.
        expires_at: Timestamp,
    },
}

pub fn sheet(letter: &LetterContent) -> Sheet {
    // Other letters are not worded here.
    let Facts::Wallet { wallet, note } = &letter.facts else { return Sheet::default() };
    let said = Said { letter, wallet };
    let mut sheet = match note {
        Note::Paid { payment, amount, card, paid_at, is_recharge } => {
            let sheet = said.paid(*amount, card.as_ref(), *paid_at, *is_recharge);
            sheet.fact("Payment", payment)
        }
        Note::CardSaved { card, role } => said.saved(card, *role),
        Note::CardRemoved { card } => said.removed(card),
        Note::CardExpiring { card, days } => said.expiring(card, *days),
        Note::RechargeOn { text } => said.on(text),
        Note::RechargeOff { why, failure } => said.off(*why, failure.as_ref()),
        Note::RechargeDeclined { failure, retry_at } => said.declined(failure, *retry_at),
        Note::RechargeCapped { until } => said.capped(*until),
        Note::ConfirmRecharge { amount } => said.confirm(*amount),
        Note::BalanceLink { expires_at } => said.link(*expires_at),
    };
    let (agency, to) = (&letter.agency, &letter.to);
    if wallet.is_own {
        sheet.sender = PRODUCT.to_owned();
        sheet.small.push(format!("Sent to {to} by Sluice, for {agency}."));
    } else {
        sheet.sender = agency.to_string();
        sheet.look = letter.look.for_mail();
        sheet.small.push(
            "The link is yours alone and good for 24 hours; the page sends you a new one."
                .to_owned(),
        );
        sheet.small.push(format!("Sent to {to} by {agency} with Sluice, its billing system."));
    }
    sheet
}

/// What a bank's no means, for people.
pub fn reason(failure: &PaymentFailure) -> &'static str {
    match failure.code.as_str() {
        "insufficient_funds" | "card_velocity_exceeded" | "withdrawal_count_limit_exceeded" => {
            "there was not enough money on the card, or its limit was reached"
        }
        "expired_card" => "the card has expired",
        "lost_card" | "stolen_card" | "pickup_card" => "the card can no longer be used",
        _ => match Advice::of(failure) {
            Advice::Stop => "the bank does not allow charges to this card any more",
            Advice::Authenticate => "the bank wants you to confirm it yourself",
            Advice::Later => "the bank did not say why",
        },
    }
}

struct Said<'a> {
    letter: &'a LetterContent,
    wallet: &'a Wallet,
}

impl Said<'_> {
    /// `your balance for Brightwater Plumbing`, or the agency's own.
    fn balance(&self) -> String {
        match self.wallet.is_own {
            true => format!("the balance of {}", self.letter.agency),
            false => format!("your balance for {}", self.letter.account),
        }
    }

    fn whom_to_ask(&self) -> String {
        match self.wallet.is_own {
            true => "whoever runs Sluice for you".to_owned(),
            false => self.letter.agency.to_string(),
        }
    }

    fn sheet(&self, heading: String, lead: Vec<String>, label: &'static str) -> Sheet {
        let button = Button { label, url: self.wallet.link.clone() };
        let sheet = Sheet { heading, lead, button: Some(button), ..Sheet::default() };
        match self.wallet.is_own {
            true => sheet.fact("Agency", &self.letter.agency),
            false => sheet.fact("Account", &self.letter.account),
        }
    }

    fn paid(
        &self,
        amount: Money,
        card: Option<&Card>,
        paid_at: Timestamp,
        is_recharge: bool,
    ) -> Sheet {
        let balance = self.balance();
        let arrived = format!("The payment of {amount} has arrived and is on {balance}.");
        let mut lead = vec![arrived];
        if is_recharge {
            lead.push(
                "It was charged by auto-recharge, as was agreed: the balance had fallen below the threshold."
                    .to_owned(),
            );
        }
        let heading = format!("Receipt: {amount} for {}", self.letter.agency);
        let sheet = self.sheet(heading, lead, SEE).fact("Paid", amount);
        sheet
            .fact_if("Card", card.map(Card::label))
            .fact("Date", moment(paid_at))
            .fact("On the balance", self.wallet.balance)
    }

    fn saved(&self, card: &Card, role: CardRole) -> Sheet {
        let (card, balance) = (card.label(), self.balance());
        let what = match role {
            CardRole::Main => "You can pay with it from now on without entering it again.",
            CardRole::Backup => {
                "It is tried when an auto-recharge with your first card is declined."
            }
        };
        let lead = vec![format!("{card} is on file for {balance}. {what}")];
        let sheet = self.sheet(format!("{card} is on file"), lead, SEE);
        let mut sheet = sheet.fact("Card", card).fact("On your balance", self.wallet.balance);
        sheet.next = vec![
            "The payment provider keeps the card; its number is known to nobody else.".to_owned(),
            format!("If it was not you, remove the card and tell {}.", self.whom_to_ask()),
        ];
        sheet
    }

    fn removed(&self, card: &Card) -> Sheet {
        let (card, balance) = (card.label(), self.balance());
        let lead = vec![format!(
            "{card} is no longer on file for {balance}; the payment provider is told to forget it. \
             Nothing will be charged to it any more."
        )];
        let mut sheet = self.sheet(format!("{card} was removed"), lead, SEE).fact("Card", card);
        sheet.next = vec![format!("If it was not you, tell {}.", self.whom_to_ask())];
        sheet
    }

    fn expiring(&self, card: &Card, days: u32) -> Sheet {
        let (label, balance) = (card.label(), self.balance());
        let lead = vec![format!(
            "{label}, which is on file for {balance}, expires at the end of \
             {:02}/{}. Put another in its place, so that payments go on.",
            card.exp_month, card.exp_year
        )];
        let sheet = self.sheet(format!("{label} expires in {days} days"), lead, "Replace the card");
        sheet.fact("Card", label).fact("On your balance", self.wallet.balance)
    }

    fn on(&self, text: &str) -> Sheet {
        let lead = vec![
            format!("Auto-recharge is on for {}. This is what you agreed to:", self.balance()),
            format!("\u{201c}{text}\u{201d}"),
        ];
        let sheet = self.sheet("Auto-recharge is on".to_owned(), lead, SEE);
        let mut sheet = sheet.fact("On your balance", self.wallet.balance);
        sheet.next = vec![
            "You get a receipt for every charge, and switch it off on that page whenever you like."
                .to_owned(),
        ];
        sheet
    }

    fn off(&self, why: OffReason, failure: Option<&PaymentFailure>) -> Sheet {
        let because = match (why, failure) {
            (OffReason::ByPerson, _) => "you have switched it off".to_owned(),
            (OffReason::Declined, Some(failure)) => {
                format!("your card was declined: {}", reason(failure))
            }
            (OffReason::Declined, None) => "your card was declined".to_owned(),
            (OffReason::NoCard, _) => "there is no card on file".to_owned(),
            (OffReason::Disputed, _) => "a payment was disputed with the card's bank".to_owned(),
        };
        let balance = self.balance();
        let lead = vec![format!(
            "Auto-recharge is off for {balance}, since {because}. Nothing is charged by itself any more."
        )];
        let (label, next) = match why {
            OffReason::ByPerson => {
                (SEE, "When the balance is low you get a letter, and can top it up by hand.")
            }
            OffReason::Declined | OffReason::NoCard => (
                "Add a card",
                "To go on, add another card, top the balance up, and switch auto-recharge on again.",
            ),
            OffReason::Disputed => (
                SEE,
                "Once that is settled you can switch it on again; until then you can top up by hand.",
            ),
        };
        let sheet = self.sheet("Auto-recharge is off".to_owned(), lead, label);
        let mut sheet = sheet.fact("On your balance", self.wallet.balance);
        sheet.next = vec![next.to_owned()];
        sheet
    }

    fn declined(&self, failure: &PaymentFailure, retry_at: Timestamp) -> Sheet {
        let (balance, reason, again) = (self.balance(), reason(failure), moment(retry_at));
        let lead = vec![format!(
            "An auto-recharge of {balance} did not go through: {reason}. No money moved. It is tried \
             again on {again}."
        )];
        let sheet = self.sheet("Your card was declined".to_owned(), lead, "Pay now");
        let sheet = sheet.fact("On your balance", self.wallet.balance);
        let mut sheet = sheet.fact("Tried again", again);
        sheet.next =
            vec!["If you would rather not wait, pay by hand or use another card.".to_owned()];
        sheet
    }

    fn capped(&self, until: Timestamp) -> Sheet {
        let (balance, again) = (self.balance(), moment(until));
        let lead = vec![format!(
            "{balance} is low again, and the most that you allowed auto-recharge within 24 hours has \
             been charged. It goes on by itself on {again}, if it is still needed then."
        )];
        let lead = lead.into_iter().map(capitalised).collect();
        let sheet = self.sheet("Auto-recharge has reached its limit".to_owned(), lead, "Top up");
        let sheet = sheet.fact("On your balance", self.wallet.balance);
        let mut sheet = sheet.fact("Goes on", again);
        sheet.next = vec!["You can top up by hand until then, or raise the limit.".to_owned()];
        sheet
    }

    fn confirm(&self, amount: Money) -> Sheet {
        let balance = self.balance();
        let lead = vec![format!(
            "{balance} is low, and an auto-recharge of {amount} did not go through: your card's bank \
             wants you to confirm it yourself. No money moved yet."
        )];
        let lead = lead.into_iter().map(capitalised).collect();
        let heading = format!("Please confirm a payment of {amount}");
        let sheet = self.sheet(heading, lead, "Confirm the payment");
        let sheet = sheet.fact("To pay", amount);
        let mut sheet = sheet.fact("On your balance", self.wallet.balance);
        sheet.next =
            vec!["Auto-recharge waits until then, and goes on by itself afterwards.".to_owned()];
        sheet
    }

    fn link(&self, expires_at: Timestamp) -> Sheet {
        let (account, until) = (&self.letter.account, moment(expires_at));
        let lead = vec![format!(
            "This is the link to {}: what was used and paid, your card, and topping up.",
            self.balance()
        )];
        let mut sheet = self
            .sheet(format!("Your balance for {account}"), lead, SEE)
            .fact("Link good until", until);
        sheet.next = vec!["If you did not ask for it, you can ignore this letter.".to_owned()];
        sheet
    }
}

/// On the button of letters that only inform.
pub const SEE: &str = "See your balance";

fn capitalised(mut text: String) -> String {
    text.get_mut(..1).into_iter().for_each(str::make_ascii_uppercase);
    text
}
