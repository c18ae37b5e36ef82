//! A statement, made of the ledger's entries.

use billing::{
    SubAccountId,
    api::{Statement, StatementAccount},
    ledger::{Book, EntryKind},
    statements::{self, Booked},
    usage::Day,
};

use super::damaged;
use crate::{
    storage::{
        Result as Stored, Scope, Transaction, agencies::AgencyRow, journal::EntryRow,
        statements::PeriodRow,
    },
    zone::Zone,
};

/// Entries read at once.
const CHUNK: u32 = 500;

/// Makes a statement of the ledger's entries, without a number; none for a customer's balance that there never was.
pub(super) fn make(
    tx: &mut dyn Transaction,
    scope: Scope,
    account: Option<SubAccountId>,
    period: &PeriodRow,
) -> Stored<Option<Statement>> {
    if !has_anything(tx, scope, account, period)? {
        return Ok(None);
    }
    let zone = Zone::parse(&period.zone).ok_or_else(|| damaged(period.zone.clone()))?;
    let agency = tx.agency(scope)?.ok_or_else(|| damaged("no agency".to_owned()))?;
    let named = match account {
        Some(id) => match name(tx, scope, id)? {
            Some(named) => Some(named),
            None => return Ok(None),
        },
        None => None,
    };
    finish(tx, scope, &agency, named, period, &zone).map(Some)
}

fn finish(
    tx: &mut dyn Transaction,
    scope: Scope,
    agency: &AgencyRow,
    account: Option<StatementAccount>,
    period: &PeriodRow,
    zone: &Zone,
) -> Stored<Statement> {
    let book = book(account.as_ref().map(|account| account.id));
    let opening = tx.balance_at(scope, book, period.after_entry)?;
    let mut booked = Vec::new();
    let mut after = period.after_entry;
    loop {
        let rows = tx.entries_on(scope, book, after, period.last_entry, CHUNK)?;
        let is_last = rows.len() < usize::try_from(CHUNK).unwrap_or(usize::MAX);
        after = rows.last().map_or(after, |row| row.number);
        for row in rows {
            booked.push(told(tx, scope, book, row, zone)?);
        }
        if is_last {
            break;
        }
    }
    let made =
        statements::lines(book, opening, booked).map_err(|error| damaged(error.to_string()))?;
    let kept = tx.balance_at(scope, book, period.last_entry)?;
    if made.closing != kept || !statements::adds_up(opening, &made.lines, kept) {
        return Err(damaged(format!(
            "{} ends with {kept}, its lines make {}",
            period.month.text(),
            made.closing
        )));
    }
    let last_day = Day(period.month.next().first_day().0.saturating_sub(1));
    Ok(Statement {
        number: None,
        issued_at: None,
        month: period.month.text(),
        time_zone: zone.name().to_owned(),
        offset: zone.offset(period.from, period.to),
        first_day: period.month.first_day().text(),
        last_day: last_day.text(),
        agency: agency.name.clone(),
        account,
        currency: agency.currency,
        opening,
        lines: made.lines,
        closing: made.closing,
    })
}

/// An entry with what its line says beside it. A customer is not told the agency's words for a correction.
fn told(
    tx: &mut dyn Transaction,
    scope: Scope,
    book: Book,
    row: EntryRow,
    zone: &Zone,
) -> Stored<Booked> {
    let entry = row.entry;
    let is_agencys = book == Book::Agency;
    let account =
        match entry.sub_account().filter(|_| is_agencys && entry.kind() != EntryKind::Draw) {
            Some(id) => name(tx, scope, id)?,
            None => None,
        };
    let detail = match entry.kind() {
        EntryKind::Adjustment if is_agencys => Some(entry.reference().to_owned()),
        EntryKind::TopUp if !is_agencys => match entry.reference().parse() {
            Ok(payment) => {
                let card = tx.payment(scope, payment)?.and_then(|row| row.payment.card);
                card.map(|card| card.label())
            }
            Err(_) => None,
        },
        _ => None,
    };
    Ok(Booked { day: zone.day(entry.at()), entry, account, detail })
}

fn book(account: Option<SubAccountId>) -> Book {
    account.map_or(Book::Agency, |sub_account| Book::Customer { sub_account })
}

/// The agency's balance always has a statement; a customer's when something was on it or moved.
pub(super) fn has_anything(
    tx: &mut dyn Transaction,
    scope: Scope,
    account: Option<SubAccountId>,
    period: &PeriodRow,
) -> Stored<bool> {
    let (book, after) = (book(account), period.after_entry);
    Ok(account.is_none()
        || !tx.balance_at(scope, book, after)?.is_zero()
        || !tx.entries_on(scope, book, after, period.last_entry, 1)?.is_empty())
}

/// An account by its name.
pub(in crate::execute) fn name(
    tx: &mut dyn Transaction,
    scope: Scope,
    id: SubAccountId,
) -> Stored<Option<StatementAccount>> {
    Ok(tx.account(scope, id)?.map(|row| StatementAccount { id, name: row.name }))
}
