//! What happens next, from four bytes: kind, whose, which, how much. Any bytes mean something, so any sequence can be tried,
//! cut short and tried again.

use std::time::Duration;

use billing::{
    Currency, Money, PaymentId, RequestId, Timestamp,
    funding::{Command, Payer, RefundKey, ReturnChoice},
    ledger::{
        Book,
        rules::{Adjusted, adjustment, usage::draws},
    },
    text::MessageText,
    timeline::{intervals, payer_at},
};

use super::{
    ACCOUNTS, Checked, Word, World, email,
    gateway::{card, usd},
};

/// Kind, whose, which, how much.
pub type Step = [u8; 4];

impl World {
    /// Does what four bytes say.
    pub fn step(&mut self, [kind, whose, which, much]: Step) -> Checked {
        let index = usize::from(whose) % ACCOUNTS;
        let message = || MessageText::parse("Please take over.").unwrap();
        match kind % 80 {
            0..6 => {
                let request = match which % 8 {
                    0 => self.latest_request(index),
                    _ => RequestId::new(self.now, self.fresh()),
                };
                let starting_balance = amount(much);
                self.command(
                    index,
                    Command::RequestBilling {
                        request,
                        email: email(whose / 2),
                        starting_balance,
                        message: message(),
                    },
                )
            }
            6 => {
                let request = self.request(index, which);
                // Some that are taken, some fractions of a cent, nothing, and no longer.
                let amount = [Some(3_500_000), Some(120_010_000), Some(333), Some(0), None]
                    [usize::from(much % 5)];
                self.command(index, Command::AskForUsage { request, amount: amount.map(usd) })
            }
            7 => {
                self.command(index, Command::ResendRequest { request: self.request(index, which) })
            }
            8..10 => {
                self.command(index, Command::RevokeRequest { request: self.request(index, which) })
            }
            10..12 => {
                self.command(index, Command::ExpireRequest { request: self.request(index, which) })
            }
            12..14 => {
                self.command(index, Command::OpenRequest { request: self.request(index, which) })
            }
            14..22 => {
                let request = self.request(index, which);
                let payment = self.new_payment(index, which);
                let usage = self.accounts[index].asked_usage(request);
                self.command(
                    index,
                    Command::StartPayment {
                        request,
                        payment,
                        amount: amount(much),
                        // Now and then a page that was loaded before the agency changed its mind.
                        usage: if which.is_multiple_of(11) { None } else { usage },
                        card: card(u16::from(which)),
                    },
                )
            }
            22..26 => {
                let payment = self.new_payment(index, which);
                self.command(
                    index,
                    Command::StartTopUp {
                        payment,
                        amount: amount(much),
                        card: card(u16::from(which)),
                    },
                )
            }
            26..34 => {
                let payment = self.payment(index, which);
                let word = [Word::Settled, Word::Settled, Word::Failed, Word::Action]
                    [usize::from(much % 4)];
                self.gateway.becomes(payment, word);
                self.tell(payment, much / 4)
            }
            34..44 => self.tell(self.payment(index, which), much),
            44..48 => match much % 8 {
                // Made-up news: a payment that is not this account's, or another amount than was charged.
                0 => self.command(
                    index,
                    Command::FailPayment {
                        payment: self.payment(index + 1, which),
                        failure: failure(self.now),
                    },
                ),
                1 => self.command(
                    index,
                    Command::SettlePayment {
                        payment: self.payment(index, which),
                        amount: usd(1_000_000),
                        card: None,
                    },
                ),
                _ => self.refund_news(index, which, much),
            },
            48..52 => self.refund_news(index, which, much),
            52..56 => {
                let choice = if which.is_multiple_of(3) {
                    ReturnChoice::Refund
                } else {
                    ReturnChoice::Transfer
                };
                self.command(
                    index,
                    Command::AddToAgency { choice, take_over_negative: much.is_multiple_of(2) },
                )
            }
            56..59 => self.usage(index, which, much),
            59 => self.adjust(index, much),
            60 => {
                self.wait(Duration::from_secs(u64::from(much)));
                Ok(())
            }
            61 => {
                self.wait(Duration::from_secs(86_400 * u64::from(much % 9)));
                Ok(())
            }
            62..66 => {
                let payment = self.payment(index, which);
                // Some in whole coins, some not; some more than is left.
                let amount =
                    usd(i64::from(much) * [10_000, 1_000_000, 1_111][usize::from(which % 3)]);
                self.command(index, Command::RefundPayment { payment, amount })
            }
            66..70 => {
                let payment = self.payment(index, which);
                let cents = 1 + i64::from(much) * 13;
                match self.gateway.disputes(payment, cents * 10_000) {
                    Some(dispute) => self.tell_of_dispute(&dispute, false),
                    None => Ok(()),
                }
            }
            70..74 => {
                let dispute = format!("dp_{}", self.payment(index, which));
                if much % 4 < 2 {
                    self.gateway.decides(&dispute, much.is_multiple_of(2));
                }
                self.tell_of_dispute(&dispute, much.is_multiple_of(3))
            }
            74 => {
                let choice = if which.is_multiple_of(3) {
                    ReturnChoice::Refund
                } else {
                    ReturnChoice::Transfer
                };
                let take_over_negative = much.is_multiple_of(2);
                self.command(index, Command::CloseAccount { choice, take_over_negative })
            }
            75..77 => self.command(index, Command::ReopenAccount),
            77 => {
                let payment = self.new_payment(index, which);
                let (amount, card) = (amount(much), card(9_999));
                self.command(index, Command::StartRecharge { payment, amount, card })
            }
            78 => {
                let card = (!much.is_multiple_of(4)).then(|| card(u16::from(much)));
                self.command(index, Command::ChangeCard { card })
            }
            _ => self.timers(),
        }
    }

    /// Everything comes to rest: the gateway decides what is open and tells all of it, timers ring.
    pub fn settle_down(&mut self) -> Checked {
        for _ in 0..3 {
            for payment in self.gateway.intents.keys().copied().collect::<Vec<_>>() {
                let odd = payment.to_string().bytes().last().is_some_and(|byte| byte % 2 == 1);
                let intent = &self.gateway.intents[&payment];
                if intent.words.iter().all(|word| *word == Word::Action) {
                    self.gateway.becomes(payment, if odd { Word::Settled } else { Word::Failed });
                }
                let last = self.gateway.intents[&payment].words.len() - 1;
                self.tell(payment, u8::try_from(last).unwrap())?;
            }
            for dispute in self.gateway.complaints.keys().cloned().collect::<Vec<_>>() {
                self.tell_of_dispute(&dispute, false)?;
                self.tell_of_dispute(&dispute, true)?;
            }
            for key in self.gateway.repayments.keys().copied().collect::<Vec<_>>() {
                self.gateway.repays(key, key.number % 2 == 1);
                let last = self.gateway.repayments[&key].words.len() - 1;
                if let Some((index, command)) =
                    self.gateway.tells_of_refund(key, u8::try_from(last).unwrap())
                {
                    self.command(index, command)?;
                }
            }
        }
        super::check::at_rest(self)
    }

    /// The gateway tells something that is or was true of a payment, if anything is.
    pub fn tell(&mut self, payment: PaymentId, pick: u8) -> Checked {
        match self.gateway.tells(payment, pick, self.now) {
            Some((index, command)) => self.command(index, command),
            None => Ok(()),
        }
    }

    fn tell_of_dispute(&mut self, dispute: &str, end: bool) -> Checked {
        match self.gateway.tells_of_dispute(dispute, end) {
            Some((index, command)) => self.command(index, command),
            None => Ok(()),
        }
    }

    fn refund_news(&mut self, index: usize, which: u8, much: u8) -> Checked {
        let keys: Vec<RefundKey> = self.gateway.repayments.keys().copied().collect();
        if keys.is_empty() {
            let refund = RefundKey { payment: self.payment(index, which), number: 1 };
            return self.command(index, Command::SettleRefund { refund });
        }
        let key = keys[keys.len() - 1 - usize::from(which) % keys.len()];
        self.gateway.repays(key, !much.is_multiple_of(3));
        match self.gateway.tells_of_refund(key, much / 3) {
            Some((index, command)) => self.command(index, command),
            None => Ok(()),
        }
    }

    /// Usage is metered now, or was some time ago and arrives late: drawn from the payer of its own time.
    fn usage(&mut self, index: usize, which: u8, much: u8) -> Checked {
        let account = &self.accounts[index];
        let at = if which.is_multiple_of(3) {
            self.now.minus(Duration::from_secs(3_600 * u64::from(which)))
        } else {
            self.now
        };
        let timeline = intervals(account.created_at, super::Actor::system("import"), &account.log);
        let payer = payer_at(&timeline, at);
        // A third of a cent and a bit more for each unit: balances get fractions, and go below zero.
        let amount = usd(3_333 + i64::from(much) * 333_333);
        if payer == Payer::Customer && account.funding.payer() == Payer::Agency {
            self.accounts[index].aside -= amount.micros();
        }
        let reference = format!("usage {:?}", self.fresh());
        let book = match payer {
            Payer::Agency => Book::Agency,
            Payer::Customer => Book::Customer { sub_account: self.accounts[index].id },
        };
        let entry = draws(self.now, book, amount, reference);
        self.books.book(&entry.map_err(|error| error.to_string())?)
    }

    fn adjust(&mut self, index: usize, much: u8) -> Checked {
        let amount = usd((i64::from(much) - 128) * 100_000 + 50_000);
        let account = &mut self.accounts[index];
        let whose =
            if much.is_multiple_of(4) { Adjusted::Agency } else { Adjusted::Customer(account.id) };
        if whose != Adjusted::Agency && account.funding.payer() == Payer::Agency {
            account.aside += amount.micros();
        }
        let reference = format!("because {:?}", self.fresh());
        let entry = adjustment(self.now, whose, amount, reference);
        self.books.book(&entry.map_err(|error| error.to_string())?)
    }

    /// Every timer that is due rings.
    pub fn timers(&mut self) -> Checked {
        for index in 0..ACCOUNTS {
            let open = self.accounts[index].funding.open_request();
            if let Some(request) =
                open.filter(|open| open.expires_at <= self.now).map(|open| open.id)
            {
                self.command(index, Command::ExpireRequest { request })?;
            }
        }
        Ok(())
    }

    fn latest_request(&self, index: usize) -> RequestId {
        // Only the open one: names of requests are given out once.
        let open = self.accounts[index].funding.open_request().map(|open| open.id);
        open.unwrap_or(RequestId::new(self.now, [255; 10]))
    }

    /// Most often the latest request, sometimes an older one, or nobody's.
    fn request(&self, index: usize, which: u8) -> RequestId {
        pick(&self.accounts[index].requests, which)
            .unwrap_or(RequestId::new(Timestamp::from_millis(1), [9; 10]))
    }

    /// Most often the latest payment, sometimes an older one, or nobody's.
    pub fn payment(&self, index: usize, which: u8) -> PaymentId {
        let none = PaymentId::new(Timestamp::from_millis(1), [9; 10]);
        pick(&self.accounts[index % ACCOUNTS].paid, which).unwrap_or(none)
    }

    /// A new name for a payment, or by a repeated click the last one.
    fn new_payment(&mut self, index: usize, which: u8) -> PaymentId {
        match self.accounts[index].paid.last() {
            Some(last) if which % 16 == 15 => *last,
            _ => PaymentId::new(self.now, self.fresh()),
        }
    }
}

fn pick<T: Copy>(all: &[T], which: u8) -> Option<T> {
    let back = if which < 160 { 0 } else { usize::from(which) % 4 };
    all.iter().rev().nth(back).copied()
}

fn failure(at: Timestamp) -> billing::funding::PaymentFailure {
    billing::funding::PaymentFailure {
        code: "canceled".to_owned(),
        message: "It was cancelled.".to_owned(),
        advice: None,
        at,
    }
}

/// Mostly amounts that are taken, some that are not.
fn amount(much: u8) -> Money {
    match much % 32 {
        0 => usd(24_990_000),
        1 => usd(10_000_010_000),
        2 => usd(30_001_000),
        3 => Money::from_micros(30_000_000, Currency::Eur),
        4 => usd(-30_000_000),
        5 => usd(10_000_000_000),
        6..16 => usd(25_000_000),
        more => usd(25_000_000 + i64::from(more) * 1_310_000),
    }
}
