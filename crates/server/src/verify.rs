//! `sluice verify`: checks the invariants of DESIGN §5 on a real database, from the rows alone.

mod money_back;
mod statements;
mod treasury;
mod usage;
mod wallets;

use std::collections::{BTreeMap, BTreeSet};

use billing::{
    Money, PaymentId, RequestId, SubAccountId,
    funding::{Event, Funding, Payer, Payment, PaymentStatus, fold},
    ledger::{Book, EntryKind, chain},
};
use serde::Serialize;

use crate::storage::{Scope, StorageError, Transaction, accounts::AccountRow};
use money_back::{BookedDisputes, MoneyBackChecks};
use statements::StatementChecks;
use usage::{UsageChecks, Vouching};

/// Problems that are told for one check; more help nobody.
const PROBLEMS_MAX: usize = 20;
/// Entries read at once.
const PAGE: u32 = 1000;

/// What was checked and what is wrong.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Nothing is wrong.
    pub ok: bool,
    /// Each invariant.
    pub checks: Vec<Check>,
}

/// One invariant.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    /// What must hold.
    pub name: &'static str,
    /// How many things were looked at.
    pub checked: u64,
    /// What does not hold; at most twenty.
    pub problems: Vec<String>,
}

impl Check {
    fn new(name: &'static str) -> Self {
        Self { name, checked: 0, problems: Vec::new() }
    }

    fn see(&mut self, holds: bool, problem: impl FnOnce() -> String) {
        self.checked += 1;
        if !holds && self.problems.len() < PROBLEMS_MAX {
            self.problems.push(problem());
        }
    }
}

/// The checks, as they fill while agencies are walked through.
struct Checks {
    chain: Check,
    balances: Check,
    zero: Check,
    states: Check,
    switches: Check,
    payments: Check,
    top_ups: Check,
    counts: Check,
    wallets: Check,
    money_back: MoneyBackChecks,
    usage: UsageChecks,
    statements: StatementChecks,
}

/// Checks a whole database.
///
/// # Errors
/// When storage fails; a broken invariant is in the report, not an error.
pub fn verify(tx: &mut dyn Transaction) -> Result<Report, StorageError> {
    let mut checks = Checks {
        chain: Check::new("the ledger is numbered without gaps and hash-chained"),
        balances: Check::new("a stored balance is the fold of its postings"),
        zero: Check::new("the books of an agency sum to zero"),
        states: Check::new("a stored state is the fold of its events"),
        switches: Check::new("one funding switch per settled request, none without"),
        payments: Check::new("a stored payment is as its events say"),
        top_ups: Check::new("every settled payment is booked once, and nothing else is"),
        counts: Check::new("the counts of sub-accounts are right"),
        wallets: Check::new("a wallet is whole, and what it waits for is under way"),
        money_back: MoneyBackChecks::new(),
        usage: UsageChecks::new(),
        statements: StatementChecks::new(),
    };
    for scope in tx.agencies()? {
        let (mut booked, vouching) = verify_books(tx, scope, &mut checks)?;
        let mut settled = treasury::verify(tx, scope, &mut booked, &mut checks)?;
        verify_accounts(tx, scope, &mut booked, &mut settled, &mut checks)?;
        usage::verify(tx, scope, &vouching, &mut checks.usage)?;
        statements::verify(tx, scope, &mut checks.statements)?;
    }
    let mut all = vec![
        checks.chain,
        checks.balances,
        checks.zero,
        checks.states,
        checks.switches,
        checks.payments,
        checks.top_ups,
        checks.counts,
        checks.wallets,
    ];
    all.extend(checks.money_back.finish());
    all.extend(checks.usage.finish());
    all.extend(checks.statements.finish());
    Ok(Report { ok: all.iter().all(|check| check.problems.is_empty()), checks: all })
}

/// What the ledger books: payments, each for how much, and disputes.
#[derive(Default)]
struct Booked {
    payments: BTreeMap<PaymentId, Money>,
    disputes: BookedDisputes,
}

/// Walks through the ledger; answers what it books, and which draws it vouches for.
fn verify_books(
    tx: &mut dyn Transaction,
    scope: Scope,
    checks: &mut Checks,
) -> Result<(Booked, Vouching), StorageError> {
    let mut balances: BTreeMap<Book, i128> = BTreeMap::new();
    let mut booked = Booked::default();
    let mut vouching = Vouching::default();
    let mut last = chain::GENESIS;
    let mut next = 1;
    loop {
        let page = match tx.entries_from(scope, next, PAGE) {
            Ok(page) => page,
            Err(StorageError::Damaged(what)) => {
                checks.chain.see(false, || format!("{}: {what}", scope.agency()));
                break;
            }
            Err(error) => return Err(error),
        };
        if page.is_empty() {
            break;
        }
        for row in page {
            let whole = row.number == next && row.link == chain::link(&last, next, &row.entry);
            checks.chain.see(whole, || {
                format!(
                    "{}: entry {} does not follow from the one before",
                    scope.agency(),
                    row.number
                )
            });
            last = row.link;
            next = row.number + 1;
            vouching.entry(tx, scope, &row, &mut checks.usage)?;
            booked.disputes.entry(&row.entry, &mut checks.money_back);
            for (posting, after) in row.entry.postings().iter().zip(&row.balances_after) {
                let balance = balances.entry(posting.book).or_default();
                *balance += i128::from(posting.amount.micros());
                let told = i128::from(after.micros());
                checks.balances.see(*balance == told, || {
                    format!(
                        "{}: entry {} says {after} is on {:?}",
                        scope.agency(),
                        row.number,
                        posting.book
                    )
                });
            }
            if matches!(row.entry.kind(), EntryKind::TopUp | EntryKind::UnappliedPayment)
                && let Ok(payment) = row.entry.reference().parse()
            {
                let amount = row.entry.change_to(Book::Clearing);
                let twice = booked.payments.insert(payment, amount).is_some();
                checks.top_ups.see(!twice, || format!("{payment} is booked twice"));
            }
        }
    }
    let sum: i128 = balances.values().sum();
    checks.zero.see(sum == 0, || format!("{}: {sum} millionths too many", scope.agency()));
    let stored: BTreeMap<_, _> = tx
        .balances(scope)?
        .into_iter()
        .map(|(book, money)| (book, i128::from(money.micros())))
        .collect();
    let books: BTreeSet<_> = stored.keys().chain(balances.keys()).copied().collect();
    for book in books {
        let (folded, kept) = (balances.get(&book).unwrap_or(&0), stored.get(&book).unwrap_or(&0));
        checks.balances.see(folded == kept, || {
            format!(
                "{}: {book:?} is stored as {kept}, its postings make {folded} millionths",
                scope.agency()
            )
        });
    }
    Ok((booked, vouching))
}

/// Walks through the sub-accounts.
fn verify_accounts(
    tx: &mut dyn Transaction,
    scope: Scope,
    booked: &mut Booked,
    settled: &mut BTreeSet<PaymentId>,
    checks: &mut Checks,
) -> Result<(), StorageError> {
    let mut by_payer = [0u64; 2];
    for id in tx.account_ids(scope)? {
        let account = match tx.account(scope, id) {
            Ok(Some(account)) => account,
            Ok(None) => continue,
            Err(StorageError::Damaged(what)) => {
                checks.states.see(false, || format!("{id}: {what}"));
                continue;
            }
            Err(error) => return Err(error),
        };
        by_payer[usize::from(account.funding.payer() == Payer::Customer)] += 1;
        verify_account(tx, scope, &account, booked, settled, checks)?;
        wallets::of_account(tx, scope, &account, &mut checks.wallets)?;
    }
    checks.money_back.end(&booked.disputes);
    for payment in booked.payments.keys() {
        checks
            .top_ups
            .see(settled.contains(payment), || format!("{payment} is booked but not settled"));
    }
    if let Some(agency) = tx.agency(scope)? {
        let counted = [agency.counts.agency, agency.counts.customer];
        checks.counts.see(counted == by_payer, || {
            format!("{}: stored {counted:?}, there are {by_payer:?}", scope.agency())
        });
    }
    Ok(())
}

fn verify_account(
    tx: &mut dyn Transaction,
    scope: Scope,
    account: &AccountRow,
    booked: &mut Booked,
    settled: &mut BTreeSet<PaymentId>,
    checks: &mut Checks,
) -> Result<(), StorageError> {
    let id = account.id;
    let log = tx.events(scope, id)?;
    let folded = fold(Funding::new(account.created_at), &log);
    checks.states.see(folded.clone().trimmed() == account.funding, || {
        format!(
            "{id} is stored as {}, its events make {}",
            account.funding.phase().name(),
            folded.phase().name()
        )
    });
    checks.money_back.log(Funding::new(account.created_at), &log);
    let events = log.iter().map(|recorded| &recorded.event);
    verify_switches(id, events, checks);
    for row in tx.payments_of(scope, Some(id))? {
        let payment = &row.payment;
        let same = folded.payments.get(&payment.id) == Some(payment);
        checks.payments.see(same, || format!("{} differs from its events", payment.id));
        see_booked(payment, booked, settled, checks);
    }
    Ok(())
}

/// What has settled is booked, for as much; what went back or was disputed, too.
fn see_booked(
    payment: &Payment,
    booked: &mut Booked,
    settled: &mut BTreeSet<PaymentId>,
    checks: &mut Checks,
) {
    checks.money_back.payment(payment, &mut booked.disputes);
    if payment.status != PaymentStatus::Settled {
        return;
    }
    settled.insert(payment.id);
    let right = booked.payments.get(&payment.id).and_then(|amount| amount.negated().ok());
    checks.top_ups.see(right == Some(payment.amount), || {
        format!("{} settled with {}, booked is {right:?}", payment.id, payment.amount)
    });
}

fn verify_switches<'a>(
    id: SubAccountId,
    events: impl Iterator<Item = &'a Event>,
    checks: &mut Checks,
) {
    let mut credited = BTreeSet::new();
    let mut switched: BTreeMap<RequestId, u32> = BTreeMap::new();
    for event in events {
        match event {
            Event::PaymentCredited { payment, .. } => {
                let once = credited.insert(*payment);
                checks.switches.see(once, || format!("{id}: {payment} is credited twice"));
            }
            Event::SwitchedToCustomer { request, payment, .. } => {
                let times = switched.entry(*request).or_default();
                *times += 1;
                let fine = *times == 1 && credited.contains(payment);
                checks.switches.see(fine, || format!("{id}: {request} switched {times} times"));
            }
            _ => {}
        }
    }
}
