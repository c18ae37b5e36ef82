//! The situations of the table: each a state that real commands led to, with the same names in all of them.
//!
//! A sub-account has asked Dana twice (request *old*, replaced by the *open* one). Her first card was *declined*; the
//! *current* payment is the one after it; a *top-up* comes later.

use std::time::Duration;

use crate::{
    Currency, Money, PaymentId, Policy, RequestId, Timestamp,
    funding::{
        Actor, Card, Command, Context, Decision, Funding, PaymentFailure, Phase, Recorded,
        RefundKey, ReturnChoice, apply, decide,
    },
    text::{EmailAddress, MessageText},
};

/// Where a sub-account can be, as far as it makes a difference to a command.
#[derive(Clone)]
pub struct Situation {
    pub title: &'static str,
    /// As stored: trimmed.
    pub funding: Funding,
    /// Every payment there was.
    pub table: Funding,
    pub now: Timestamp,
    /// On the customer's balance.
    pub balance: Money,
}

pub const OLD_REQUEST: u8 = 1;
pub const OPEN_REQUEST: u8 = 2;
pub const NO_REQUEST: u8 = 9;
pub const DECLINED: u8 = 11;
pub const CURRENT: u8 = 12;
pub const TOP_UP: u8 = 13;
pub const WAITING: u8 = 14;
pub const NO_PAYMENT: u8 = 19;

pub fn usd(cents: i64) -> Money {
    Money::from_minor(cents, Currency::Usd).unwrap()
}

pub fn request(number: u8) -> RequestId {
    RequestId::new(Timestamp::from_millis(0), [number; 10])
}

pub fn payment(number: u8) -> PaymentId {
    PaymentId::new(Timestamp::from_millis(0), [number; 10])
}

pub fn card() -> Card {
    Card {
        payment_method: Some("pm_1".to_owned()),
        brand: "visa".to_owned(),
        last4: "4242".to_owned(),
        exp_month: 12,
        exp_year: 2031,
    }
}

pub fn declined() -> PaymentFailure {
    PaymentFailure {
        code: "card_declined".to_owned(),
        message: "Your card was declined.".to_owned(),
        advice: None,
        at: Timestamp::from_millis(0),
    }
}

pub fn ask(number: u8, starting_balance: Money) -> Command {
    Command::RequestBilling {
        request: request(number),
        email: EmailAddress::parse("dana@brightwater.co").unwrap(),
        starting_balance,
        message: MessageText::parse("Please take over.").unwrap(),
    }
}

pub fn start(on: u8, number: u8, amount: Money) -> Command {
    start_with(on, number, amount, None)
}

pub fn start_with(on: u8, number: u8, amount: Money, usage: Option<Money>) -> Command {
    let (request, payment) = (request(on), payment(number));
    Command::StartPayment { request, payment, amount, usage, card: card() }
}

pub fn ask_for_usage(on: u8, amount: Option<Money>) -> Command {
    Command::AskForUsage { request: request(on), amount }
}

pub fn top_up(number: u8, amount: Money) -> Command {
    Command::StartTopUp { payment: payment(number), amount, card: card() }
}

pub fn needs_action(number: u8) -> Command {
    Command::RequireAction { payment: payment(number) }
}

pub fn fail(number: u8) -> Command {
    Command::FailPayment { payment: payment(number), failure: declined() }
}

pub fn settle(number: u8) -> Command {
    Command::SettlePayment { payment: payment(number), amount: usd(25_00), card: Some(card()) }
}

pub fn to_agency(choice: ReturnChoice, take_over_negative: bool) -> Command {
    Command::AddToAgency { choice, take_over_negative }
}

pub fn refund_by_hand(number: u8, amount: Money) -> Command {
    Command::RefundPayment { payment: payment(number), amount }
}

pub fn dispute(number: u8, amount: Money) -> Command {
    let (dispute, reason) = ("dp_1".to_owned(), "fraudulent".to_owned());
    Command::OpenDispute { payment: payment(number), dispute, amount, reason, answer_by: None }
}

pub fn decided(number: u8, won: bool) -> Command {
    Command::CloseDispute { payment: payment(number), dispute: "dp_1".to_owned(), won }
}

pub fn close(choice: ReturnChoice, take_over_negative: bool) -> Command {
    Command::CloseAccount { choice, take_over_negative }
}

pub fn refund(number: u8, which: u32) -> RefundKey {
    RefundKey { payment: payment(number), number: which }
}

impl Situation {
    pub fn new(title: &'static str) -> Self {
        let now = Timestamp::from_millis(1_795_000_000_000);
        let funding = Funding::new(now);
        Self { title, funding: funding.clone(), table: funding, now, balance: usd(0) }
    }

    pub fn phase(&self) -> Phase {
        self.funding.phase()
    }

    /// What the machine says to a command here.
    pub fn decide(&self, command: &Command) -> Result<Decision, crate::funding::Refusal> {
        let policy = Policy::standard(Currency::Usd);
        let context = Context {
            now: self.now,
            actor: &Actor::system("test"),
            policy: &policy,
            customer_balance: self.balance,
        };
        decide(&self.loaded(command), command, &context)
    }

    /// The state with the payment that the command names.
    pub fn loaded(&self, command: &Command) -> Funding {
        let mut loaded = self.funding.clone();
        if let Some(known) = command.payment().and_then(|id| self.table.payments.get(&id)) {
            loaded.payments.insert(known.id, known.clone());
        }
        loaded
    }

    /// The situation after a command; one that is refused or repeated leaves it as it is. Then a second passes.
    #[must_use]
    pub fn then(mut self, command: &Command) -> Self {
        if let Ok(Decision::Events(events)) = self.decide(command) {
            for event in events {
                let recorded = Recorded { at: self.now, actor: Actor::system("test"), event };
                self.table = apply(self.table, &recorded);
                self.funding = apply(self.funding, &recorded);
                for (id, known) in &self.table.payments {
                    self.funding.payments.insert(*id, known.clone());
                }
            }
            self.funding = self.funding.trimmed();
        }
        self.now = self.now.plus(Duration::from_secs(1));
        self
    }

    fn holding(self, balance: Money) -> Self {
        Self { balance, ..self }
    }

    fn named(self, title: &'static str) -> Self {
        Self { title, ..self }
    }
}

/// Every situation of the table.
pub fn all() -> Vec<Situation> {
    let never_asked = Situation::new("Agency: never asked anybody");
    let asked = never_asked
        .clone()
        .then(&ask(OLD_REQUEST, usd(25_00)))
        .then(&ask(OPEN_REQUEST, usd(25_00)));
    let requested = asked
        .clone()
        .then(&start(OPEN_REQUEST, DECLINED, usd(25_00)))
        .then(&fail(DECLINED))
        .named("Requested: a first card was declined");
    let mut timed_out =
        requested.clone().named("Requested: the time is over, the timer has not rung");
    timed_out.now = timed_out.now.plus(Duration::from_secs(8 * 86_400));
    let with_usage = asked
        .clone()
        .then(&ask_for_usage(OPEN_REQUEST, Some(usd(3_50))))
        .named("Requested: $3.50 of usage is asked for on top");
    let paying = requested
        .clone()
        .then(&start(OPEN_REQUEST, CURRENT, usd(25_00)))
        .named("Paying: the payment is at the gateway");
    let action = paying
        .clone()
        .then(&needs_action(CURRENT))
        .named("Paying: the customer has to authenticate");
    let revoke = Command::RevokeRequest { request: request(OPEN_REQUEST) };
    let expire = Command::ExpireRequest { request: request(OPEN_REQUEST) };
    let second_card = requested
        .clone()
        .then(&start(OPEN_REQUEST, WAITING, usd(25_00)))
        .then(&needs_action(WAITING))
        .then(&start(OPEN_REQUEST, CURRENT, usd(25_00)))
        .named("Paying: a second card, the first waits for authentication");
    let customer = paying
        .clone()
        .then(&settle(CURRENT))
        .holding(usd(25_00))
        .named("Customer: $25.00 on the balance");
    let topping_up = customer
        .clone()
        .then(&top_up(TOP_UP, usd(25_00)))
        .named("Customer: a top-up at the gateway");
    vec![
        never_asked,
        requested.clone().then(&revoke).named("Agency: the request was revoked"),
        timed_out.clone().then(&expire).named("Agency: the request expired"),
        paying.clone().then(&revoke).named("Agency: the request was revoked while being paid"),
        requested,
        timed_out,
        with_usage,
        paying.clone(),
        action,
        second_card.clone(),
        customer.clone(),
        customer.clone().holding(usd(-3_00)).named("Customer: $3.00 below zero"),
        topping_up.clone(),
        second_card
            .then(&settle(CURRENT))
            .holding(usd(25_00))
            .named("Customer: the first card's payment is still open"),
        topping_up
            .clone()
            .then(&to_agency(ReturnChoice::Transfer, false))
            .named("Returning: waits for a top-up, the balance to the agency"),
        topping_up
            .clone()
            .then(&to_agency(ReturnChoice::Refund, false))
            .named("Returning: waits for a top-up, the balance to the card"),
        customer
            .clone()
            .then(&Command::StartRecharge {
                payment: payment(TOP_UP),
                amount: usd(25_00),
                card: Card { payment_method: Some("pm_backup".to_owned()), ..card() },
            })
            .named("Customer: a recharge at the gateway"),
        customer
            .clone()
            .then(&dispute(CURRENT, usd(20_00)))
            .holding(usd(5_00))
            .named("Customer: $20.00 of the payment are disputed"),
        customer
            .clone()
            .then(&dispute(CURRENT, usd(20_00)))
            .holding(usd(5_00))
            .then(&to_agency(ReturnChoice::Transfer, false))
            .holding(usd(0))
            .named("Agency: billing came back while the payment is disputed"),
        topping_up
            .then(&close(ReturnChoice::Transfer, false))
            .named("Returning: waits for a top-up, then the account is closed"),
        paying
            .then(&close(ReturnChoice::Transfer, false))
            .named("Agency: the account was closed while being paid"),
        customer
            .then(&to_agency(ReturnChoice::Refund, false))
            .holding(usd(0))
            .named("Agency: billing came back, a refund is on its way"),
    ]
}
