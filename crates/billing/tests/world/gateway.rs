//! The gateway: it decides what becomes of payments and refunds, keeps its own books, and tells of all that ever was true,
//! in any order, any number of times, however late.

use std::collections::BTreeMap;

use billing::{
    Currency, Money, PaymentId,
    funding::{Card, Command, PaymentFailure, RefundKey},
};

use super::{Checked, ensure};
use billing::Timestamp;

/// What was true of a payment at some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// The customer has to authenticate.
    Action,
    /// Declined, or cancelled.
    Failed,
    /// Charged.
    Settled,
}

/// A payment as the gateway has it.
#[derive(Clone, Debug)]
pub struct Intent {
    pub account: usize,
    pub amount: Money,
    /// All that was true of it, in order. The last is true now.
    pub words: Vec<Word>,
}

/// A refund as the gateway has it. As in life it may succeed first and fail later, when the card's bank sends it back.
#[derive(Clone, Debug)]
pub struct Repayment {
    pub account: usize,
    pub amount: Money,
    /// All that was true of it, in order: did it arrive?
    pub words: Vec<bool>,
}

/// A dispute as the gateway has it: the money is gone until it is decided, and comes back when it is won.
#[derive(Clone, Debug)]
pub struct Complaint {
    pub account: usize,
    pub payment: PaymentId,
    pub amount: Money,
    /// Won or lost, once that is known.
    pub won: Option<bool>,
}

/// The gateway.
#[derive(Clone, Debug, Default)]
pub struct Gateway {
    pub intents: BTreeMap<PaymentId, Intent>,
    pub repayments: BTreeMap<RefundKey, Repayment>,
    pub complaints: BTreeMap<String, Complaint>,
}

impl Gateway {
    /// We ask for a payment: once.
    pub fn ask(&mut self, payment: PaymentId, account: usize, amount: Money) -> Checked {
        let intent = Intent { account, amount, words: Vec::new() };
        ensure!(self.intents.insert(payment, intent).is_none(), "{payment} was asked for twice");
        Ok(())
    }

    /// We ask to pay back: once for each key, never more than was charged.
    pub fn refund(&mut self, key: RefundKey, account: usize, amount: Money) -> Checked {
        let charged = self.intents.get(&key.payment).ok_or("a refund of nothing")?;
        ensure!(charged.words.contains(&Word::Settled), "{key} pays back what was never charged");
        ensure!(charged.account == account, "{key} pays back another account's payment");
        let out = |(other, repayment): (&RefundKey, &Repayment)| {
            let out = other.payment == key.payment && repayment.words.last() != Some(&false);
            if out { repayment.amount.micros() } else { 0 }
        };
        let already: i64 = self.repayments.iter().map(out).sum();
        ensure!(already + amount.micros() <= charged.amount.micros(), "{key} pays back too much");
        ensure!(amount.minor().is_some() && amount.is_positive(), "{key} pays back {amount}");
        let repayment = Repayment { account, amount, words: Vec::new() };
        ensure!(self.repayments.insert(key, repayment).is_none(), "{key} was asked for twice");
        Ok(())
    }

    /// Something becomes true of a payment, if it still can: what is charged stays charged.
    pub fn becomes(&mut self, payment: PaymentId, word: Word) {
        if let Some(intent) = self.intents.get_mut(&payment) {
            let can = matches!(
                (intent.words.last(), word),
                (None, _)
                    | (Some(Word::Action), Word::Failed | Word::Settled)
                    | (Some(Word::Failed), Word::Settled)
            );
            if can {
                intent.words.push(word);
            }
        }
    }

    /// Something becomes true of a refund, if it still can: what came back stays here.
    pub fn repays(&mut self, key: RefundKey, arrives: bool) {
        if let Some(repayment) = self.repayments.get_mut(&key) {
            let can = matches!((repayment.words.last(), arrives), (None, _) | (Some(true), false));
            if can {
                repayment.words.push(arrives);
            }
        }
    }

    /// A cardholder disputes a charge, if there is one that is not disputed; answers its name.
    pub fn disputes(&mut self, payment: PaymentId, micros: i64) -> Option<String> {
        let intent = self.intents.get(&payment)?;
        if intent.words.last() != Some(&Word::Settled) {
            return None;
        }
        let name = format!("dp_{payment}");
        let amount = usd(micros.min(intent.amount.micros()));
        let (account, won) = (intent.account, None);
        self.complaints.entry(name.clone()).or_insert(Complaint { account, payment, amount, won });
        Some(name)
    }

    /// It is decided, if it was not.
    pub fn decides(&mut self, dispute: &str, won: bool) {
        if let Some(complaint) = self.complaints.get_mut(dispute) {
            complaint.won.get_or_insert(won);
        }
    }

    /// News of a dispute: that it was opened, or how it ended.
    pub fn tells_of_dispute(&self, name: &str, end: bool) -> Option<(usize, Command)> {
        let complaint = self.complaints.get(name)?;
        let (payment, dispute) = (complaint.payment, name.to_owned());
        let command = match complaint.won.filter(|_| end) {
            Some(won) => Command::CloseDispute { payment, dispute, won },
            None => {
                let (amount, reason) = (complaint.amount, "fraudulent".to_owned());
                Command::OpenDispute { payment, dispute, amount, reason, answer_by: None }
            }
        };
        Some((complaint.account, command))
    }

    /// News of a payment: anything that was ever true of it.
    pub fn tells(&self, payment: PaymentId, pick: u8, at: Timestamp) -> Option<(usize, Command)> {
        let intent = self.intents.get(&payment)?;
        let word = intent.words.get(usize::from(pick) % intent.words.len().max(1))?;
        Some((intent.account, news(payment, *word, intent.amount, at)))
    }

    /// News of a refund: anything that was ever true of it.
    pub fn tells_of_refund(&self, key: RefundKey, pick: u8) -> Option<(usize, Command)> {
        let repayment = self.repayments.get(&key)?;
        let arrived = repayment.words.get(usize::from(pick) % repayment.words.len().max(1))?;
        let command = if *arrived {
            Command::SettleRefund { refund: key }
        } else {
            Command::FailRefund { refund: key }
        };
        Some((repayment.account, command))
    }

    /// What the gateway holds for us, in millionths: charged less paid back and less what is disputed.
    pub fn holds(&self) -> i64 {
        let charged =
            self.intents.values().filter(|intent| intent.words.last() == Some(&Word::Settled));
        let repaid =
            self.repayments.values().filter(|repayment| repayment.words.last() == Some(&true));
        charged.map(|intent| intent.amount.micros()).sum::<i64>()
            - repaid.map(|repayment| repayment.amount.micros()).sum::<i64>()
            - self
                .complaints
                .values()
                .filter(|complaint| complaint.won != Some(true))
                .map(|complaint| complaint.amount.micros())
                .sum::<i64>()
    }
}

/// A word as the command it comes in as.
pub fn news(payment: PaymentId, word: Word, amount: Money, at: Timestamp) -> Command {
    match word {
        Word::Action => Command::RequireAction { payment },
        Word::Failed => Command::FailPayment {
            payment,
            failure: PaymentFailure {
                code: "card_declined".to_owned(),
                message: "Your card was declined.".to_owned(),
                advice: None,
                at,
            },
        },
        Word::Settled => Command::SettlePayment { payment, amount, card: Some(card(4242)) },
    }
}

/// A card, by its last four digits.
pub fn card(last4: u16) -> Card {
    Card {
        payment_method: Some(format!("pm_{last4}")),
        brand: "visa".to_owned(),
        last4: format!("{last4:04}"),
        exp_month: 12,
        exp_year: 2031,
    }
}

/// An amount of dollars, in millionths.
pub fn usd(micros: i64) -> Money {
    Money::from_micros(micros, Currency::Usd)
}
