//! What is there before anything is measured: two agencies of 100,000 sub-accounts each, made through the server's library.
//!
//! *Hot*: all accounts are agency-funded, so that every draw takes from one balance. *Spread*: every account is
//! customer-funded. A real switch needs a payment at a gateway each; here the switched state, the event that made it and an
//! opening balance are stored as they would be after one.

use std::{collections::BTreeMap, fmt::Write as _, path::Path, sync::Arc};

use billing::{
    Currency, Money, PaymentId, RequestId, SubAccountId,
    funding::{Actor, CustomerBilling, Event, Funding, FundingState, Recorded},
    ledger::rules::{Adjusted, adjustment},
    pricing::{Price, PriceSubject, Setting, Terms},
    text::{EmailAddress, Name},
    usage::{EventType, FieldName},
};
use server::{
    deps::{Clock as _, EntropyExt as _, SystemClock, SystemEntropy},
    execute::{
        ExecuteError, Origin, Tools,
        import::{self, ImportError, NewAccount},
        keys,
        people::{self, NewPerson},
        prices,
    },
    storage::{Scope, Transaction, accounts::AccountRow, keys::KeyScope, sqlite},
};

use crate::Outcome;

/// Sub-accounts that usage is drawn for, per agency.
pub const ACCOUNTS: u64 = 100_000;
/// What is used.
pub const EVENT_TYPE: &str = "tokens.used";
/// The field that says how much.
pub const FIELD: &str = "tokens";
/// Customer-funded accounts of the hot agency, to be switched back under load.
const SWITCHING: usize = 1_000;
/// What one unit costs.
const UNIT_PRICE: &str = "0.000033";
/// On a customer's own balance at first, in millionths.
const OPENING_MICROS: i64 = 100_000_000;

/// The external id of an account.
pub fn subject(number: u64) -> String {
    format!("client-{number:06}")
}

/// An agency to send usage to.
#[derive(Clone, Debug)]
pub struct Agency {
    /// The right to its data.
    pub scope: Scope,
    /// A key that may send usage.
    pub key: String,
}

/// What was made.
#[derive(Clone, Debug)]
pub struct Seeded {
    /// All usage draws from its own balance.
    pub hot: Agency,
    /// Each account draws from its customer's.
    pub spread: Agency,
    /// Customer-funded accounts of the hot agency.
    pub switching: Vec<SubAccountId>,
    /// The session of a person of the hot agency.
    pub session: String,
}

/// Makes the database.
pub async fn seed(path: &Path) -> Outcome<Seeded> {
    let store = sqlite::open(path)?.store;
    let tools = Tools { now: SystemClock.now(), entropy: Arc::new(SystemEntropy) };
    let parts = Parts::read()?;
    let write = move |tx: &mut dyn Transaction| {
        let hot = parts.agency(tx, &tools, "Hot")?;
        import::import(tx, &tools, hot.scope, &parts.accounts, &operator())?;
        let mut switching = Vec::with_capacity(SWITCHING);
        for number in 0..SWITCHING {
            let row = parts.customer_funded(&tools, &format!("switch-{number:06}"));
            switching.push(insert_customer_funded(tx, &tools, hot.scope, row)?);
        }
        let spread = parts.agency(tx, &tools, "Spread")?;
        for account in &parts.accounts {
            let row = parts.customer_funded(&tools, &account.external_id);
            insert_customer_funded(tx, &tools, spread.scope, row)?;
        }
        let email = parts.email.clone();
        let user = people::create_user(
            tx,
            &tools,
            hot.scope,
            NewPerson::owner(&parts.name, &email, "none".to_owned()),
        )?;
        let (session, _) = people::start_session(tx, &tools, hot.scope, user.id, "")?;
        Ok::<_, ImportError>(Seeded { hot, spread, switching, session })
    };
    Ok(store.write(write).await?)
}

/// Makes a database of the hot agency alone, without accounts to switch: all that moves to PostgreSQL, through `sluice copy`,
/// which takes only what a real installation could hold.
pub async fn hot(path: &Path) -> Outcome<Agency> {
    let store = sqlite::open(path)?.store;
    let tools = Tools { now: SystemClock.now(), entropy: Arc::new(SystemEntropy) };
    let parts = Parts::read()?;
    let write = move |tx: &mut dyn Transaction| {
        let hot = parts.agency(tx, &tools, "Hot")?;
        import::import(tx, &tools, hot.scope, &parts.accounts, &operator())?;
        Ok::<_, ImportError>(hot)
    };
    Ok(store.write(write).await?)
}

/// Texts that were checked before the transaction.
struct Parts {
    accounts: Vec<NewAccount>,
    name: Name,
    email: EmailAddress,
    price: (PriceSubject, Setting),
}

impl Parts {
    fn read() -> Outcome<Self> {
        let mut csv = "external_id,name\n".to_owned();
        for number in 0..ACCOUNTS {
            writeln!(csv, "{},Client {number}", subject(number))?;
        }
        let accounts = import::parse(csv.as_bytes(), Currency::Usd)
            .map_err(|errors| format!("{} accounts are wrong", errors.len()))?;
        let wrong = |error: &dyn std::fmt::Debug| format!("{error:?}");
        let name = Name::parse("Bench").map_err(|error| wrong(&error))?;
        let email = EmailAddress::parse("bench@sluice.example").map_err(|error| wrong(&error))?;
        let event_type = EventType::parse(EVENT_TYPE).map_err(|error| wrong(&error))?;
        let field = FieldName::parse(FIELD).map_err(|error| wrong(&error))?;
        let terms = Terms::flat(Price::parse(UNIT_PRICE)?, Some(field));
        let price = (PriceSubject::List { event_type }, Setting::Price { terms });
        Ok(Self { accounts, name, email, price })
    }

    /// An agency with a price and a key.
    fn agency(
        &self,
        tx: &mut dyn Transaction,
        tools: &Tools,
        key: &str,
    ) -> Result<Agency, ImportError> {
        let scope = people::create_agency(tx, tools, &self.name, Currency::Usd, tools.now)?;
        let (subject, setting) = &self.price;
        let from = billing::Timestamp::from_millis(0);
        prices::set_price(tx, scope, subject, from, setting, tools.now, &operator())?;
        let name = Name::parse(key).unwrap_or_else(|_| self.name.clone());
        let key = keys::create_key(tx, tools, scope, &name, &[KeyScope::UsageWrite], &operator())?;
        Ok(Agency { scope, key })
    }

    fn customer_funded(&self, tools: &Tools, external_id: &str) -> AccountRow {
        let request = RequestId::new(tools.now, tools.entropy.id());
        let customer = CustomerBilling { email: self.email.clone(), request, card: None };
        let state = FundingState::Customer { since: tools.now, customer };
        AccountRow {
            id: SubAccountId::new(tools.now, tools.entropy.id()),
            name: self.name.clone(),
            external_id: external_id.to_owned(),
            created_at: tools.now,
            created_by: operator().who.actor(),
            low_below: Money::from_micros(OPENING_MICROS, Currency::Usd),
            funding: Funding { version: 1, closed: None, state, payments: BTreeMap::new() },
            customer_balance: Money::zero(Currency::Usd),
        }
    }
}

fn insert_customer_funded(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    row: AccountRow,
) -> Result<SubAccountId, ImportError> {
    tx.insert_account(scope, &row)?;
    if let FundingState::Customer { customer, .. } = row.funding.state {
        let event = Event::SwitchedToCustomer {
            request: customer.request,
            payment: PaymentId::new(tools.now, tools.entropy.id()),
            email: customer.email,
            card: None,
            late: false,
        };
        let recorded = Recorded { at: tools.now, actor: operator().who.actor(), event };
        tx.append_event(scope, row.id, &recorded)?;
    }
    let whose = Adjusted::Customer(row.id);
    let opening = Money::from_micros(OPENING_MICROS, Currency::Usd);
    let entry = adjustment(tools.now, whose, opening, format!("opening {}", row.external_id));
    tx.append(scope, &entry.map_err(ExecuteError::from)?)?;
    Ok(row.id)
}

fn operator() -> Origin {
    Origin::new(Actor::system("benchmark"), "benchmark")
}
