//! Issued statements and receipts: numbered without gaps, unchanged, and what the books say.

use billing::{
    api::Statement,
    funding::PaymentStatus,
    ledger::Book,
    statements::{adds_up, receipt_number, statement_number},
    usage::Day,
};

use super::Check;
use crate::{
    execute::{receipts, statements},
    storage::{
        Scope, StorageError, Transaction,
        statements::{PeriodRow, ReceiptRow, StatementRow},
    },
};

/// Rows read at once.
const PAGE: u32 = 200;

pub(super) struct StatementChecks {
    months: Check,
    issued: Check,
    books: Check,
    receipts: Check,
}

impl StatementChecks {
    pub(super) fn new() -> Self {
        Self {
            months: Check::new("closed months follow on one another, and no entry is between them"),
            issued: Check::new("statements are numbered without gaps, unchanged, and add up"),
            books: Check::new("a statement begins and ends with what the ledger says"),
            receipts: Check::new(
                "receipts are numbered without gaps, unchanged, and of settled payments",
            ),
        }
    }

    pub(super) fn finish(self) -> [Check; 4] {
        [self.months, self.issued, self.books, self.receipts]
    }
}

pub(super) fn verify(
    tx: &mut dyn Transaction,
    scope: Scope,
    checks: &mut StatementChecks,
) -> Result<(), StorageError> {
    let periods = tx.periods(scope)?;
    verify_months(scope, &periods, &mut checks.months);
    let mut next = 1;
    loop {
        let page = tx.statements_from(scope, next, PAGE)?;
        if page.is_empty() {
            break;
        }
        for row in page {
            let gapless = row.serial == next;
            next = row.serial.saturating_add(1);
            let statement = unchanged(&row).filter(|_| gapless);
            checks.issued.see(statement.is_some(), || {
                format!("{}: statement {} is not what was issued", scope.agency(), row.serial)
            });
            verify_against_books(tx, scope, &row, &periods, &mut checks.books)?;
        }
    }
    let mut next = 1;
    loop {
        let page = tx.receipts_from(scope, next, PAGE)?;
        if page.is_empty() {
            return Ok(());
        }
        for row in page {
            let gapless = row.serial == next;
            next = row.serial.saturating_add(1);
            let fine = gapless && is_of_its_payment(tx, scope, &row)?;
            checks.receipts.see(fine, || {
                format!("{}: receipt {} is not what was issued", scope.agency(), row.serial)
            });
        }
    }
}

fn verify_months(scope: Scope, periods: &[PeriodRow], check: &mut Check) {
    let mut last: Option<&PeriodRow> = None;
    for period in periods {
        let follows = last.map_or(period.after_entry == 0, |last| {
            last.month.next() == period.month
                && last.last_entry == period.after_entry
                && last.to == period.from
        });
        let fine = follows && period.after_entry <= period.last_entry && period.from < period.to;
        check.see(fine, || {
            format!("{}: {} does not follow on", scope.agency(), period.month.text())
        });
        last = Some(period);
    }
}

/// The statement, if it is what its row says and adds up.
fn unchanged(row: &StatementRow) -> Option<Statement> {
    let statement = statements::read(row).ok()?;
    let number = statement_number(row.month.first_day(), row.serial);
    let same = statement.number.as_deref() == Some(number.as_str())
        && statement.month == row.month.text()
        && statement.account.as_ref().map(|account| account.id) == row.account
        && (statement.opening, statement.closing) == (row.opening, row.closing)
        && adds_up(statement.opening, &statement.lines, statement.closing);
    same.then_some(statement)
}

fn verify_against_books(
    tx: &mut dyn Transaction,
    scope: Scope,
    row: &StatementRow,
    periods: &[PeriodRow],
    check: &mut Check,
) -> Result<(), StorageError> {
    let book = row.account.map_or(Book::Agency, |sub_account| Book::Customer { sub_account });
    let period = periods.iter().find(|period| period.month == row.month);
    let told = match period {
        Some(period) => Some((
            tx.balance_at(scope, book, period.after_entry)?,
            tx.balance_at(scope, book, period.last_entry)?,
        )),
        None => None,
    };
    check.see(told == Some((row.opening, row.closing)), || {
        format!(
            "{}: statement {} goes from {} to {}, the ledger says {told:?}",
            scope.agency(),
            row.serial,
            row.opening,
            row.closing
        )
    });
    Ok(())
}

fn is_of_its_payment(
    tx: &mut dyn Transaction,
    scope: Scope,
    row: &ReceiptRow,
) -> Result<bool, StorageError> {
    let Ok(receipt) = receipts::read(row) else { return Ok(false) };
    let Some(paid) = tx.payment(scope, row.payment)? else { return Ok(false) };
    let number = Day::parse(&receipt.day).map(|day| receipt_number(day, row.serial));
    Ok(number.as_ref() == Some(&receipt.number)
        && receipt.payment == row.payment
        && receipt.account.map(|account| account.id) == row.account
        && paid.account == row.account
        && paid.payment.status == PaymentStatus::Settled
        && paid.payment.amount == receipt.amount)
}
