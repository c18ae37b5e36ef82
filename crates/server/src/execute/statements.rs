//! Statements: a month of a balance, closed when it is over, issued once, and the same for ever after.
//!
//! A month that is over is *closed* first, for all balances at once: from then on it is known which entries are in it. Then the
//! statements are issued, by a job or for whoever asks first. What is written into the ledger later is in a later month.

mod make;

use billing::{
    SubAccountId, Timestamp,
    api::{Statement, StatementList, StatementSummary},
    statements::statement_number,
    usage::Month,
};
use serde_json::json;

pub(super) use make::name;
use make::{has_anything, make};

use super::{ExecuteError, Origin, Tools};
use crate::{
    storage::{
        Result as Stored, Scope, StorageError, Transaction,
        audit::AuditRow,
        statements::{PeriodRow, Progress, StatementRow, digest},
    },
    zone::{self, Zone},
};

/// Balances looked at in one transaction: the writer is never held long, however many there are.
const PAGE: u32 = 50;

/// The agency's time zone.
///
/// # Errors
/// When storage fails, or holds a zone that is none.
pub fn zone(tx: &mut dyn Transaction, scope: Scope) -> Stored<Zone> {
    let name = tx.time_zone(scope)?;
    let name = name.as_deref().unwrap_or(zone::DEFAULT);
    Zone::parse(name).ok_or_else(|| damaged(format!("the time zone {name:?}")))
}

/// Chooses another time zone, for the months that are not closed yet.
///
/// # Errors
/// When storage fails.
pub fn set_zone(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    zone: &Zone,
    origin: &Origin,
) -> Result<(), ExecuteError> {
    let before = self::zone(tx, scope)?;
    // Months that are over are those of the zone that was in force.
    close(tx, scope, tools.now)?;
    if before.name() == zone.name() {
        return Ok(());
    }
    tx.save_time_zone(scope, zone.name())?;
    let row = AuditRow {
        before: Some(json!({ "time_zone": before.name() }).to_string()),
        after: Some(json!({ "time_zone": zone.name() }).to_string()),
        ..origin.did("set_time_zone", tools.now)
    };
    Ok(tx.insert_audit(scope, &row)?)
}

/// What there is of a balance's month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A statement, issued or of the running month.
    Shown(Box<Statement>),
    /// The month is over, and its statement is yet to be issued: [`issue`] does.
    Due,
    /// Nothing was ever on that balance, or the month has not begun.
    Nothing,
}

/// What there is of a balance's month, without changing anything.
///
/// # Errors
/// When storage fails.
pub fn find(
    tx: &mut dyn Transaction,
    scope: Scope,
    account: Option<SubAccountId>,
    month: Month,
    now: Timestamp,
) -> Stored<Found> {
    if let Some(row) = tx.statement(scope, account, month)? {
        return Ok(Found::Shown(Box::new(read(&row)?)));
    }
    let calendar = Calendar::read(tx, scope)?;
    if let Some(period) = calendar.closed(month) {
        let any = has_anything(tx, scope, account, period)?;
        return Ok(if any { Found::Due } else { Found::Nothing });
    }
    let running = calendar.running(now);
    let open = calendar.open(tx, scope)?.unwrap_or(running);
    if month < open || month > running {
        return Ok(Found::Nothing);
    }
    if open < running {
        return Ok(Found::Due);
    }
    let period = calendar.so_far(tx, scope, month, now)?;
    let made = make(tx, scope, account, &period)?;
    Ok(made.map_or(Found::Nothing, |made| Found::Shown(Box::new(made))))
}

/// The same, issuing what is due.
///
/// # Errors
/// When storage fails.
pub fn issue(
    tx: &mut dyn Transaction,
    scope: Scope,
    account: Option<SubAccountId>,
    month: Month,
    now: Timestamp,
) -> Stored<Option<Statement>> {
    close(tx, scope, now)?;
    if let Found::Shown(shown) = find(tx, scope, account, month, now)? {
        return Ok(Some(*shown));
    }
    let calendar = Calendar::read(tx, scope)?;
    match calendar.closed(month) {
        Some(period) => issue_one(tx, scope, account, period, now),
        None => Ok(None),
    }
}

/// The statements of a balance that were issued.
///
/// # Errors
/// When storage fails.
pub fn list(
    tx: &mut dyn Transaction,
    scope: Scope,
    account: Option<SubAccountId>,
    now: Timestamp,
) -> Stored<StatementList> {
    let calendar = Calendar::read(tx, scope)?;
    let summary = |row: StatementRow| StatementSummary {
        number: statement_number(row.month.first_day(), row.serial),
        month: row.month.text(),
        issued_at: row.issued_at,
        opening: row.opening,
        closing: row.closing,
    };
    Ok(StatementList {
        time_zone: calendar.zone.name().to_owned(),
        running: calendar.running(now).text(),
        statements: tx.statements_of(scope, account)?.into_iter().map(summary).collect(),
    })
}

/// Closes the months that are over, oldest first.
///
/// # Errors
/// When storage fails.
pub fn close(tx: &mut dyn Transaction, scope: Scope, now: Timestamp) -> Stored<()> {
    let mut calendar = Calendar::read(tx, scope)?;
    while let Some(month) = calendar.open(tx, scope)? {
        let to = calendar.zone.start(month.next());
        if to > now {
            break;
        }
        let mut period = calendar.so_far(tx, scope, month, now)?;
        period.to = to;
        if let Some(first) = tx.entry_since(scope, period.after_entry, to)? {
            period.last_entry = first.saturating_sub(1);
        }
        tx.insert_period(scope, &period)?;
        calendar.closed.push(period);
    }
    Ok(())
}

/// Whether [`issue_page`] has something to do.
///
/// # Errors
/// When storage fails.
pub fn is_due(tx: &mut dyn Transaction, scope: Scope, now: Timestamp) -> Stored<bool> {
    if tx.unissued(scope)?.is_some() {
        return Ok(true);
    }
    let calendar = Calendar::read(tx, scope)?;
    Ok(calendar.open(tx, scope)?.is_some_and(|open| calendar.zone.start(open.next()) <= now))
}

/// Issues statements of the oldest month that lacks any, a page of balances; answers how many, or nothing when all are issued.
///
/// # Errors
/// When storage fails.
pub fn issue_page(tx: &mut dyn Transaction, scope: Scope, now: Timestamp) -> Stored<Option<usize>> {
    close(tx, scope, now)?;
    let Some((period, Progress::Upto(upto))) = tx.unissued(scope)? else { return Ok(None) };
    let page = tx.with_own_balance(scope, upto, PAGE)?;
    let is_last = page.len() < usize::try_from(PAGE).unwrap_or(usize::MAX);
    let last = page.last().copied();
    let agency = upto.is_none().then_some(None);
    let mut issued = 0;
    for account in agency.into_iter().chain(page.into_iter().map(Some)) {
        if tx.statement(scope, account, period.month)?.is_none() {
            issued += usize::from(issue_one(tx, scope, account, &period, now)?.is_some());
        }
    }
    let progress = if is_last { Progress::Done } else { Progress::Upto(last) };
    tx.save_progress(scope, period.month, progress)?;
    Ok(Some(issued))
}

/// Reads an issued statement.
///
/// # Errors
/// When it is not what was issued.
pub fn read(row: &StatementRow) -> Stored<Statement> {
    if digest(&row.content) != row.digest {
        return Err(damaged(format!("statement {} was changed", row.serial)));
    }
    serde_json::from_str(&row.content).map_err(|error| damaged(error.to_string()))
}

/// The agency's months.
struct Calendar {
    zone: Zone,
    closed: Vec<PeriodRow>,
}

impl Calendar {
    fn read(tx: &mut dyn Transaction, scope: Scope) -> Stored<Self> {
        Ok(Self { zone: zone(tx, scope)?, closed: tx.periods(scope)? })
    }

    fn closed(&self, month: Month) -> Option<&PeriodRow> {
        self.closed.iter().find(|period| period.month == month)
    }

    /// The oldest month that is not closed; none while nothing was ever booked.
    fn open(&self, tx: &mut dyn Transaction, scope: Scope) -> Stored<Option<Month>> {
        if let Some(last) = self.closed.last() {
            return Ok(Some(last.month.next()));
        }
        let first = tx.entries_from(scope, 1, 1)?;
        Ok(first.first().map(|row| self.zone.month(row.entry.at())))
    }

    /// The month that is going on. Another time zone does not open a month again that is closed.
    fn running(&self, now: Timestamp) -> Month {
        let month = self.zone.month(now);
        self.closed.last().map_or(month, |last| last.month.next().max(month))
    }

    /// A month that is not closed: from the end of the last one to everything that is booked.
    fn so_far(
        &self,
        tx: &mut dyn Transaction,
        scope: Scope,
        month: Month,
        now: Timestamp,
    ) -> Stored<PeriodRow> {
        let last = self.closed.last();
        Ok(PeriodRow {
            month,
            zone: self.zone.name().to_owned(),
            from: last.map_or_else(|| self.zone.start(month), |last| last.to),
            to: self.zone.start(month.next()),
            after_entry: last.map_or(0, |last| last.last_entry),
            last_entry: tx.entry_count(scope)?,
            closed_at: now,
        })
    }
}

fn issue_one(
    tx: &mut dyn Transaction,
    scope: Scope,
    account: Option<SubAccountId>,
    period: &PeriodRow,
    now: Timestamp,
) -> Stored<Option<Statement>> {
    let Some(made) = make(tx, scope, account, period)? else { return Ok(None) };
    let serial = tx.next_statement(scope)?;
    let number = statement_number(period.month.first_day(), serial);
    let statement = Statement { number: Some(number), issued_at: Some(now), ..made };
    let content = serde_json::to_string(&statement).map_err(|error| damaged(error.to_string()))?;
    let row = StatementRow {
        serial,
        account,
        month: period.month,
        issued_at: now,
        opening: statement.opening,
        closing: statement.closing,
        digest: digest(&content),
        content,
    };
    tx.insert_statement(scope, &row)?;
    Ok(Some(statement))
}

fn damaged(what: String) -> StorageError {
    StorageError::Damaged(what)
}
