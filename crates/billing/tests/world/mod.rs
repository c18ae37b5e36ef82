//! A small world around the pure crate: two sub-accounts of one agency, the agency's books, a gateway with outcomes of its
//! own that tells of them any number of times in any order, usage, and time that moves. Every transition is checked against
//! DESIGN §5 as soon as it has happened.
//!
//! Start at [`World::step`]: four bytes say what happens next, so that proptest, a generator of our own and wasm can all
//! drive the same world. What never appears in here: a rule of the crate under test. What the world expects it counts itself.

mod books;
mod check;
pub mod gateway;
pub mod step;

use std::{collections::BTreeMap, time::Duration};

use billing::{
    Currency, Money, PaymentId, Policy, RequestId, SubAccountId, Timestamp, UserId,
    funding::{
        Actor, Command, Context, Decision, Effect, Event, Funding, Payment, Recorded, apply, can,
        decide, effects,
    },
    ledger::{Book, entry_for},
    text::EmailAddress,
};

pub use books::Books;
pub use gateway::{Gateway, Word};

/// What went wrong, in a sentence.
pub type Checked = Result<(), String>;

/// Fails with a sentence unless the condition holds.
macro_rules! ensure {
    ($holds:expr, $($sentence:tt)+) => {
        if !$holds {
            return Err(format!($($sentence)+));
        }
    };
}
pub(crate) use ensure;

/// How many sub-accounts a world has.
pub const ACCOUNTS: usize = 2;

/// One sub-account as a server keeps it, and what only the tests remember.
#[derive(Clone)]
pub struct Account {
    pub id: SubAccountId,
    pub created_at: Timestamp,
    /// The stored state: trimmed.
    pub funding: Funding,
    /// The table of every payment there ever was: those a command names are loaded from it.
    pub payments: BTreeMap<PaymentId, Payment>,
    /// Every event.
    pub log: Vec<Recorded>,
    /// The fold of `log`, never trimmed.
    pub folded: Funding,
    /// Requests, oldest first.
    pub requests: Vec<RequestId>,
    /// Payments, oldest first.
    pub paid: Vec<PaymentId>,
    /// What late usage and corrections put on the customer's book while the agency pays: the only things that may.
    pub aside: i64,
    /// How often each request switched the payer.
    pub switches: BTreeMap<RequestId, u32>,
    /// How often each payment was credited, and how often it was sent back on arrival.
    pub landed: BTreeMap<PaymentId, (u32, u32)>,
}

impl Account {
    /// What the customer is shown on top of a request.
    pub fn asked_usage(&self, request: RequestId) -> Option<Money> {
        let open = self.funding.open_request().filter(|open| open.id == request)?;
        open.usage.map(|asked| asked.amount)
    }
}

/// How much has happened.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// Commands that were taken and changed something.
    pub transitions: u64,
    /// Commands that found everything done.
    pub repeats: u64,
    /// Commands that were refused.
    pub refusals: u64,
}

/// The world.
#[derive(Clone)]
pub struct World {
    pub now: Timestamp,
    /// Milliseconds that pass with every command; none while states are enumerated.
    pub tick: u64,
    pub policy: Policy,
    pub accounts: Vec<Account>,
    pub books: Books,
    pub gateway: Gateway,
    pub tally: Tally,
    /// Names what is made: requests, payments, usage.
    pub made: u32,
    /// The commands that changed something, for the report of a failure.
    pub story: Vec<(usize, Command)>,
}

impl World {
    /// Two new sub-accounts, nothing on any balance.
    pub fn new() -> Self {
        let now = Timestamp::from_millis(1_795_000_000_000);
        let account = |number: u8| Account {
            id: SubAccountId::new(now, [number; 10]),
            created_at: now,
            funding: Funding::new(now),
            payments: BTreeMap::new(),
            log: Vec::new(),
            folded: Funding::new(now),
            requests: Vec::new(),
            paid: Vec::new(),
            aside: 0,
            switches: BTreeMap::new(),
            landed: BTreeMap::new(),
        };
        let policy = Policy {
            attempts_per_request: 4,
            sends_per_request: 3,
            ..Policy::standard(Currency::Usd)
        };
        Self {
            now,
            tick: 1,
            policy,
            accounts: (1..).take(ACCOUNTS).map(account).collect(),
            books: Books::default(),
            gateway: Gateway::default(),
            tally: Tally::default(),
            made: 0,
            story: Vec::new(),
        }
    }

    /// What happened, a line a command.
    pub fn story(&self) -> String {
        self.story
            .iter()
            .map(|(index, command)| format!("account {index}: {command:?}\n"))
            .collect()
    }

    /// A name nobody has had.
    pub fn fresh(&mut self) -> [u8; 10] {
        self.made += 1;
        let mut name = [0; 10];
        name[6..].copy_from_slice(&self.made.to_be_bytes());
        name
    }

    /// Time passes.
    pub fn wait(&mut self, span: Duration) {
        self.now = self.now.plus(span);
    }

    /// The state as a server loads it for a command: with the payment that the command names.
    fn load(&self, index: usize, command: &Command) -> Funding {
        let account = &self.accounts[index];
        let mut loaded = account.funding.clone();
        if let Some(payment) = command.payment().and_then(|id| account.payments.get(&id)) {
            loaded.payments.entry(payment.id).or_insert_with(|| payment.clone());
        }
        loaded
    }

    /// What `decide` says to a command now; `can` must agree.
    pub fn judge(
        &self,
        index: usize,
        command: &Command,
        actor: &Actor,
    ) -> Result<(Funding, Option<Vec<Event>>), String> {
        let loaded = self.load(index, command);
        let own = Book::Customer { sub_account: self.accounts[index].id };
        let context = Context {
            now: self.now,
            actor,
            policy: &self.policy,
            customer_balance: Money::from_micros(self.books.balance(own), Currency::Usd),
        };
        let decided = decide(&loaded, command, &context);
        ensure!(
            can(&loaded, command, &context).err() == decided.as_ref().err().cloned(),
            "the dry run disagrees with the decision"
        );
        match decided {
            Ok(Decision::Events(events)) => {
                ensure!(!events.is_empty(), "a decision without events");
                Ok((loaded, Some(events)))
            }
            Ok(Decision::AlreadyApplied) => Ok((loaded, None)),
            Err(_) => Err(String::new()),
        }
    }

    /// A command comes in through the one door.
    pub fn command(&mut self, index: usize, command: Command) -> Checked {
        self.now = self.now.plus(Duration::from_millis(self.tick));
        let actor = actor(&command);
        let (mut state, events) = match self.judge(index, &command, &actor) {
            Ok((_, None)) => {
                self.tally.repeats += 1;
                return Ok(());
            }
            Ok((loaded, Some(events))) => (loaded, events),
            Err(broken) if broken.is_empty() => {
                self.tally.refusals += 1;
                return Ok(());
            }
            Err(broken) => return Err(broken),
        };
        self.story.push((index, command.clone()));
        let before = state.clone();
        let first_new = self.accounts[index].log.len();
        for event in events {
            let recorded = Recorded { at: self.now, actor: actor.clone(), event };
            state = apply(state, &recorded);
            self.happened(index, &state, recorded)?;
        }
        let account = &mut self.accounts[index];
        for payment in state.payments.values() {
            account.payments.insert(payment.id, payment.clone());
        }
        account.funding = state.trimmed();
        self.tally.transitions += 1;
        check::after(self, index, &before, &command, first_new)?;
        self.repeat(index, &command, &actor)?;
        // Nobody takes billing back in the millisecond in which the customer paid.
        let new = &self.accounts[index].log[first_new..];
        if new.iter().any(|r| matches!(r.event, Event::SwitchedToCustomer { .. })) {
            self.now = self.now.plus(Duration::from_millis(1));
        }
        Ok(())
    }

    /// A double click: whatever was done is not done twice. Only a letter may be sent again on purpose.
    fn repeat(&self, index: usize, command: &Command, actor: &Actor) -> Checked {
        // Nor is a second refund of the same amount a mistake.
        if matches!(command, Command::ResendRequest { .. } | Command::RefundPayment { .. }) {
            return Ok(());
        }
        match self.judge(index, command, actor) {
            Ok((_, Some(events))) => Err(format!("done twice: {command:?} → {events:?}")),
            Err(broken) if !broken.is_empty() => Err(broken),
            _ => Ok(()),
        }
    }

    /// One event: the books, the gateway's work and the tests' own counts follow.
    fn happened(&mut self, index: usize, state: &Funding, recorded: Recorded) -> Checked {
        let account = &mut self.accounts[index];
        match &recorded.event {
            Event::BillingRequested { request, .. } => account.requests.push(*request),
            Event::PaymentStarted { payment, .. } => account.paid.push(*payment),
            Event::PaymentCredited { payment, .. } => {
                account.landed.entry(*payment).or_default().0 += 1
            }
            Event::PaymentRejected { payment, .. } => {
                account.landed.entry(*payment).or_default().1 += 1
            }
            Event::SwitchedToCustomer { request, .. } => {
                *account.switches.entry(*request).or_default() += 1
            }
            Event::ReturnedToAgency { .. } => account.aside = 0,
            _ => {}
        }
        if let Some(entry) = entry_for(account.id, &recorded).map_err(|error| error.to_string())? {
            self.books.book(&entry)?;
        }
        let sends = state.open_request().map_or(0, |request| request.sends);
        let work = effects(&recorded, sends);
        check::effects_of(&recorded.event, &work, sends)?;
        for effect in work {
            match effect {
                Effect::ConfirmPayment { payment } => {
                    let amount = state.payments[&payment].amount;
                    self.gateway.ask(payment, index, amount)?;
                }
                Effect::RefundPayment { refund, amount } => {
                    self.gateway.refund(refund, index, amount)?
                }
                _ => {}
            }
        }
        account.folded = apply(account.folded.clone(), &recorded);
        account.log.push(recorded);
        Ok(())
    }
}

/// Who would send such a command.
fn actor(command: &Command) -> Actor {
    match command {
        Command::RequestBilling { .. }
        | Command::AskForUsage { .. }
        | Command::ResendRequest { .. }
        | Command::RevokeRequest { .. }
        | Command::RefundPayment { .. }
        | Command::CloseAccount { .. }
        | Command::ReopenAccount
        | Command::AddToAgency { .. } => Actor::User {
            id: UserId::new(Timestamp::from_millis(1), [1; 10]),
            name: "Ada".to_owned(),
        },
        Command::OpenRequest { .. } | Command::StartPayment { .. } | Command::StartTopUp { .. } => {
            Actor::Customer { email: email(0) }
        }
        Command::ExpireRequest { .. } => Actor::system("timer"),
        _ => Actor::system("gateway"),
    }
}

/// One of two customers.
pub fn email(number: u8) -> EmailAddress {
    let text = if number.is_multiple_of(2) { "dana@brightwater.co" } else { "omar@brightwater.co" };
    EmailAddress::parse(text).unwrap()
}
