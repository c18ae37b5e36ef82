//! Ninety days of an agency, day by day: usage is drawn each evening, requests go out and are paid, balances run low.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use billing::{
    Money, PaymentId, RequestId, SubAccountId, Timestamp,
    funding::{Actor, Card, Command, Event, Funding, ReturnChoice},
    ledger::rules::Adjusted,
    text::MessageText,
};

use super::{
    CURRENCY, SeedError,
    cast::{AccountPart, AgencyPart, Story},
    chance::Chance,
    email, letters, name,
    sandbox::{Books, Holder},
    usage::{self, Evening},
};
use crate::{
    deps::{Entropy, EntropyExt},
    execute::{
        Order, Origin, Tools, books, execute,
        people::{self, NewPerson},
    },
    metering::{known::SEGMENT_EVENTS, memory::Memory},
    storage::{Scope, Transaction, accounts::AccountRow},
};

/// How far back the story goes.
const DAYS: i64 = 90;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const HOUR: Duration = Duration::from_secs(60 * 60);
/// Below this a customer who takes care adds funds, in units.
const TOPS_UP_BELOW: i64 = 15;
/// How often the agency pays in by bank, in days, and how much, in units.
const TRANSFER: (i64, i64) = (21, 1_500);
/// A kind of usage without a price came up so many days ago, with some of the clients.
const NEW_KIND_SINCE: i64 = 4;
const NEW_KIND_EVERY: usize = 9;

struct Actress {
    part: AccountPart,
    id: SubAccountId,
    request: Option<RequestId>,
    holder: Option<Holder>,
    intents: BTreeMap<PaymentId, String>,
}

/// What came of an agency's ninety days.
pub(super) struct Told {
    /// The right to its data.
    pub(super) scope: Scope,
    /// What the gateway has seen.
    pub(super) books: Books,
    /// When the letters were due that are still to be written.
    pub(super) letters: Vec<Timestamp>,
}

/// Tells an agency's ninety days.
pub(super) fn tell(
    tx: &mut dyn Transaction,
    part: AgencyPart,
    seed: u64,
    now: Timestamp,
    password_hash: String,
    books: Books,
) -> Result<Told, SeedError> {
    let chance = Arc::new(Chance::new(seed));
    let begin = now.minus(DAY * u32::try_from(DAYS).unwrap_or(0));
    let tools = |at| Tools { now: at, entropy: Arc::clone(&chance) as Arc<dyn Entropy> };
    let scope = people::create_agency(tx, &tools(begin), &name(part.name)?, CURRENCY, begin)?;
    let (owner, address) = part.owner;
    let user = people::create_user(
        tx,
        &tools(begin),
        scope,
        NewPerson::owner(&name(owner)?, &email(address)?, password_hash.clone()),
    )?;
    let owner = Actor::User { id: user.id, name: user.name.to_string() };
    usage::set_prices(tx, scope, &owner, begin)?;
    let memory = Memory::new(SEGMENT_EVENTS);
    let chance = Arc::clone(&chance);
    let mut stage = Stage { tx: &mut *tx, scope, chance, owner, books, memory, now };
    stage.pay_in(begin, part.opening_units, "Balance brought forward")?;
    let mut actresses = Vec::new();
    for account in part.accounts {
        actresses.push(stage.enter(account, begin)?);
    }
    for day in (0..DAYS).rev() {
        stage.day(day, &mut actresses)?;
    }
    for actress in &mut actresses {
        stage.last_hours(actress)?;
    }
    let (books, chance) = (stage.books, stage.chance);
    // Younger than the owner, who answers for the agency as its first.
    let tools = Tools { now: begin.plus(HOUR), entropy: chance };
    super::people::enter(tx, &tools, scope, &part.people, &password_hash)?;
    // Balances went down long ago: nobody writes of that today.
    tx.drop_notices(scope)?;
    Ok(Told { scope, books, letters: letters::leave(tx, now)? })
}

struct Stage<'a> {
    tx: &'a mut dyn Transaction,
    scope: Scope,
    chance: Arc<Chance>,
    owner: Actor,
    books: Books,
    memory: Memory,
    now: Timestamp,
}

impl Stage<'_> {
    fn tools(&self, at: Timestamp) -> Tools {
        Tools { now: at, entropy: Arc::clone(&self.chance) as Arc<dyn Entropy> }
    }

    fn units(units: i64) -> Money {
        Money::from_micros(units.saturating_mul(1_000_000), CURRENCY)
    }

    fn ago(&self, days: i64, hours: i64) -> Timestamp {
        let hours = u32::try_from(days * 24 + hours).unwrap_or(0);
        self.now.minus(HOUR * hours)
    }

    fn pay_in(&mut self, at: Timestamp, units: i64, what: &str) -> Result<(), SeedError> {
        let origin = Origin::new(self.owner.clone(), "demo".to_owned());
        let (whose, amount) = (Adjusted::Agency, Self::units(units));
        books::adjust(self.tx, self.scope, whose, amount, what.to_owned(), at, &origin)?;
        Ok(())
    }

    fn enter(&mut self, part: AccountPart, begin: Timestamp) -> Result<Actress, SeedError> {
        let older = Duration::from_secs(self.chance.between(1, 500).unsigned_abs() * 24 * 60 * 60);
        let created_at = begin.minus(older);
        let id = SubAccountId::new(created_at, self.chance.id());
        let row = AccountRow {
            id,
            name: name(part.name)?,
            external_id: part.external_id.to_owned(),
            created_at,
            created_by: self.owner.clone(),
            low_below: Self::units(10),
            funding: Funding::new(created_at),
            customer_balance: Money::zero(CURRENCY),
        };
        self.tx.insert_account(self.scope, &row)?;
        Ok(Actress { part, id, request: None, holder: None, intents: BTreeMap::new() })
    }

    /// `day` counts back: 89 is the first, 0 today.
    fn day(&mut self, day: i64, actresses: &mut [Actress]) -> Result<(), SeedError> {
        if day > 0 && day % TRANSFER.0 == 0 {
            let what = format!("Bank transfer {}", 1 + (DAYS - day) / TRANSFER.0);
            self.pay_in(self.ago(day, 5), TRANSFER.1, &what)?;
        }
        for actress in actresses.iter_mut() {
            self.morning(day, actress)?;
        }
        self.evening(day, actresses)
    }

    /// What people do.
    fn morning(&mut self, day: i64, actress: &mut Actress) -> Result<(), SeedError> {
        match actress.part.story {
            Story::Customer { day: switch, start, card, .. }
            | Story::Forgotten { day: switch, start, card }
                if switch == day =>
            {
                self.switch(actress, day, start, card)
            }
            Story::Returned { day: switch, start, .. }
            | Story::Returning { day: switch, start }
                if switch == day =>
            {
                self.switch(actress, day, start, "pm_card_visa")
            }
            Story::Returned { back, refund, .. } if back == day => self.back(actress, day, refund),
            Story::Customer { top_up, .. } => self.top_up_when_low(actress, day, top_up),
            Story::Returning { .. } => self.top_up_when_low(actress, day, 150),
            Story::Revoked { day: asked } if asked == day => {
                let request = self.ask(actress, self.ago(day, 3), 100)?;
                let owner = self.owner.clone();
                self.carry_out(
                    actress.id,
                    self.ago(day, 1),
                    owner,
                    Command::RevokeRequest { request },
                )
            }
            Story::Expired { day: asked } if asked == day => {
                let request = self.ask(actress, self.ago(day, 3), 50)?;
                let (timer, at) = (Actor::system("timer"), self.ago(day - 7, 3));
                self.carry_out(actress.id, at, timer, Command::ExpireRequest { request })
            }
            _ => Ok(()),
        }
    }

    /// The day's usage, as every client's telephone system reports it.
    fn evening(&mut self, day: i64, actresses: &[Actress]) -> Result<(), SeedError> {
        // The last evening is yet to come; yesterday's usage is reported in the night before it.
        let at = self.ago(day, 0);
        let weekend = (at.seconds() / 86_400 + 4) % 7;
        let share = if weekend == 0 || weekend == 6 { 35 } else { 100 };
        let chance = Arc::clone(&self.chance);
        let mut evening = Evening::new(&chance, at);
        for (index, actress) in actresses.iter().enumerate() {
            let swing = chance.between(70, 130);
            evening.used(actress.id, actress.part.daily_cents * share * swing / 10_000)?;
            if day < NEW_KIND_SINCE && index % NEW_KIND_EVERY == 0 {
                evening.used_new_kind(actress.id)?;
            }
        }
        evening.report(self.tx, self.scope, &mut self.memory)
    }

    /// What happened within the last hours, in the order of the clock.
    fn last_hours(&mut self, actress: &mut Actress) -> Result<(), SeedError> {
        match actress.part.story {
            Story::Requested { hours, opened, start } => {
                let request = self.ask(actress, self.ago(0, hours), start)?;
                let Some(opened) = opened else { return Ok(()) };
                let customer = Actor::Customer { email: email(actress.part.email)? };
                let at = self.ago(0, opened);
                self.carry_out(actress.id, at, customer, Command::OpenRequest { request })
            }
            Story::Declined => self.ask(actress, self.ago(0, 26), 75).map(|_| ()),
            Story::Authenticating => self.ask(actress, self.ago(0, 5), 200).map(|_| ()),
            Story::Returning { .. } => {
                let at = self.now.minus(Duration::from_secs(600));
                let payment = PaymentId::new(at, self.chance.id());
                let card = card(actress.holder.as_ref(), "pm_card_visa");
                let amount = Self::units(150);
                let customer = Actor::Customer { email: email(actress.part.email)? };
                let start = Command::StartTopUp { payment, amount, card };
                self.carry_out(actress.id, at, customer, start)?;
                let choice = ReturnChoice::Transfer;
                let back = Command::AddToAgency { choice, take_over_negative: false };
                let at = self.now.minus(Duration::from_secs(420));
                let owner = self.owner.clone();
                self.carry_out(actress.id, at, owner, back)
            }
            _ => Ok(()),
        }
    }

    fn ask(
        &mut self,
        actress: &mut Actress,
        at: Timestamp,
        start: i64,
    ) -> Result<RequestId, SeedError> {
        let request = RequestId::new(at, self.chance.id());
        let address = email(actress.part.email)?;
        let account = name(actress.part.name)?;
        let agency = self.tx.agency(self.scope)?.map(|agency| agency.name);
        let agency = agency.ok_or_else(|| SeedError::Text("no agency".to_owned()))?;
        let message = billing::letters::default_message(Some(&address), &account, &agency);
        let message =
            MessageText::parse(&message).map_err(|error| SeedError::Text(error.to_string()))?;
        let command = Command::RequestBilling {
            request,
            email: address,
            starting_balance: Self::units(start),
            message,
        };
        let owner = self.owner.clone();
        self.carry_out(actress.id, at, owner, command)?;
        actress.request = Some(request);
        Ok(request)
    }

    /// A request in the morning, its payment two hours later.
    fn switch(
        &mut self,
        actress: &mut Actress,
        day: i64,
        start: i64,
        token: &str,
    ) -> Result<(), SeedError> {
        let request = self.ask(actress, self.ago(day, 4), start)?;
        let customer = Actor::Customer { email: email(actress.part.email)? };
        let opened = self.ago(day, 2);
        self.carry_out(actress.id, opened, customer.clone(), Command::OpenRequest { request })?;
        let at = opened.plus(Duration::from_secs(140));
        let (address, title) = (actress.part.email, actress.part.name);
        let holder = self.books.customer(request, actress.id, address, title, token, at);
        self.tx.set_gateway_customer(self.scope, request, &holder.customer)?;
        let payment = PaymentId::new(at, self.chance.id());
        let (amount, card) = (Self::units(start), card(Some(&holder), token));
        actress.holder = Some(holder);
        let begin =
            Command::StartPayment { request, payment, amount, usage: None, card: card.clone() };
        self.carry_out(actress.id, at, customer, begin)?;
        self.paid(actress, payment, amount, card, at)
    }

    fn top_up_when_low(
        &mut self,
        actress: &mut Actress,
        day: i64,
        units: i64,
    ) -> Result<(), SeedError> {
        let Some(account) = self.tx.account(self.scope, actress.id)? else { return Ok(()) };
        let low = account.customer_balance < Self::units(TOPS_UP_BELOW);
        if account.funding.customer().is_none() || !low || day == 0 {
            return Ok(());
        }
        let at = self.ago(day, 3);
        let payment = PaymentId::new(at, self.chance.id());
        let card = account.funding.customer().and_then(|customer| customer.card.clone());
        let card = card.unwrap_or_else(|| self::card(actress.holder.as_ref(), "pm_card_visa"));
        let customer = Actor::Customer { email: email(actress.part.email)? };
        let amount = Self::units(units);
        let begin = Command::StartTopUp { payment, amount, card: card.clone() };
        self.carry_out(actress.id, at, customer, begin)?;
        self.paid(actress, payment, amount, card, at)
    }

    fn paid(
        &mut self,
        actress: &mut Actress,
        payment: PaymentId,
        amount: Money,
        card: Card,
        at: Timestamp,
    ) -> Result<(), SeedError> {
        let Some(holder) = actress.holder.clone() else { return Ok(()) };
        let intent = self.books.payment(payment, actress.id, &holder, amount, at);
        self.tx.set_intent(self.scope, payment, &intent)?;
        actress.intents.insert(payment, intent);
        let settle = Command::SettlePayment { payment, amount, card: Some(card) };
        let customer = Actor::Customer { email: email(actress.part.email)? };
        let at = at.plus(Duration::from_secs(3));
        self.carry_out(actress.id, at, customer, settle)
    }

    fn back(&mut self, actress: &mut Actress, day: i64, refund: bool) -> Result<(), SeedError> {
        let choice = if refund { ReturnChoice::Refund } else { ReturnChoice::Transfer };
        let command = Command::AddToAgency { choice, take_over_negative: true };
        let (owner, at) = (self.owner.clone(), self.ago(day, 3));
        self.carry_out(actress.id, at, owner, command)?;
        let log = self.tx.events(self.scope, actress.id)?;
        let refunds = log.iter().rev().find_map(|recorded| match &recorded.event {
            Event::ReturnedToAgency { refunds, .. } => Some(refunds.clone()),
            _ => None,
        });
        for (refund, amount) in refunds.unwrap_or_default() {
            let Some(intent) = actress.intents.get(&refund.payment) else { continue };
            self.books.refund(refund, intent, amount, at);
            let at = at.plus(Duration::from_secs(4));
            let gateway = Actor::system("gateway");
            self.carry_out(actress.id, at, gateway, Command::SettleRefund { refund })?;
        }
        if let Some(holder) = &actress.holder {
            self.books.detach(holder);
        }
        Ok(())
    }

    fn carry_out(
        &mut self,
        sub_account: SubAccountId,
        at: Timestamp,
        actor: Actor,
        command: Command,
    ) -> Result<(), SeedError> {
        let origin = Origin::new(actor, "demo".to_owned());
        let order = Order { sub_account, command, seen: None, origin };
        let tools = self.tools(at);
        execute(self.tx, &tools, self.scope, &order)?;
        Ok(())
    }
}

/// The card behind one of the sandbox's tokens, with the gateway's id for it.
fn card(holder: Option<&Holder>, token: &str) -> Card {
    let (brand, last4) = match token {
        "pm_card_mastercard" => ("mastercard", "4444"),
        "pm_card_amex" => ("amex", "0005"),
        _ => ("visa", "4242"),
    };
    Card {
        payment_method: holder.map(|holder| holder.payment_method.clone()),
        brand: brand.to_owned(),
        last4: last4.to_owned(),
        exp_month: 8,
        exp_year: 2029,
    }
}
