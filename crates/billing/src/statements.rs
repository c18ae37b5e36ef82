//! Monthly statements: opening balance, lines, closing balance, of one balance.
//!
//! A statement covers the entries that were booked from where the last one ended to where this one ends, so that no entry is
//! left out and none is told twice, whatever the clocks said: what comes late is a line of the month in which it is written
//! down, under its own day. Days are those of the agency's time zone; which day an entry lies in is said from outside.

use crate::{
    Currency, Money,
    api::{StatementAccount, StatementLine},
    ledger::{Book, EntryKind, JournalEntry},
    money::MoneyError,
    usage::Day,
};

/// The longest name of a time zone.
pub const TIME_ZONE_MAX_BYTES: usize = 64;

/// An entry that touched the balance, with what a statement says of it beyond the entry itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booked {
    /// The day on which it was booked, where the agency is.
    pub day: Day,
    /// The entry.
    pub entry: JournalEntry,
    /// Whom it is about, where that is to be told.
    pub account: Option<StatementAccount>,
    /// How it was paid, or why it was corrected.
    pub detail: Option<String>,
}

/// The lines of a statement and what they end with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lines {
    /// Oldest first; the usage of a day is one line, the last of its day.
    pub lines: Vec<StatementLine>,
    /// The balance after them.
    pub closing: Money,
}

/// The lines that entries, in their order, make on a book.
///
/// # Errors
/// [`MoneyError`] when a sum does not fit.
pub fn lines(
    book: Book,
    opening: Money,
    entries: impl IntoIterator<Item = Booked>,
) -> Result<Lines, MoneyError> {
    let mut writer = Writer { lines: Vec::new(), balance: opening, day: None, usage: None };
    for booked in entries {
        writer.turn_to(booked.day)?;
        match booked.entry.kind() {
            EntryKind::Draw => {
                let drawn = booked.entry.change_to(book);
                let sum = writer.usage.map_or(Ok(drawn), |sum| sum.plus(drawn))?;
                writer.usage = Some(sum);
            }
            _ => {
                for (what, amount) in parts(book, &booked)? {
                    writer.write(&booked, what, amount)?;
                }
            }
        }
    }
    writer.end_day()?;
    Ok(Lines { closing: writer.balance, lines: writer.lines })
}

/// Whether opening and lines make the closing, line by line.
pub fn adds_up(opening: Money, lines: &[StatementLine], closing: Money) -> bool {
    let mut balance = opening;
    for line in lines {
        match balance.plus(line.amount) {
            Ok(after) if after == line.balance_after => balance = after,
            _ => return false,
        }
    }
    balance == closing
}

/// What came onto a balance and what left it, in all.
pub fn totals(currency: Currency, lines: &[StatementLine]) -> (Money, Money) {
    let zero = Money::zero(currency);
    lines.iter().fold((zero, zero), |(came, left), line| match line.amount.micros() < 0 {
        true => (came, left.plus(line.amount).unwrap_or(left)),
        false => (came.plus(line.amount).unwrap_or(came), left),
    })
}

/// The number of a statement: gapless per agency, whatever the year.
pub fn statement_number(first_day: Day, serial: u64) -> String {
    number("S", first_day, serial)
}

/// The number of a receipt: gapless per agency, whatever the year.
pub fn receipt_number(day: Day, serial: u64) -> String {
    number("R", day, serial)
}

fn number(letter: &str, day: Day, serial: u64) -> String {
    let text = day.text();
    format!("{letter}-{}-{serial:06}", text.get(..4).unwrap_or_default())
}

struct Writer {
    lines: Vec<StatementLine>,
    balance: Money,
    day: Option<Day>,
    usage: Option<Money>,
}

impl Writer {
    /// Days never go back: an entry that was made a moment before midnight and written down after it stands on the new day.
    fn turn_to(&mut self, day: Day) -> Result<(), MoneyError> {
        if self.day.is_none_or(|current| current < day) {
            self.end_day()?;
            self.day = Some(day);
        }
        Ok(())
    }

    fn end_day(&mut self) -> Result<(), MoneyError> {
        match self.usage.take().filter(|usage| !usage.is_zero()) {
            Some(usage) => self.push(EntryKind::Draw, "Usage".to_owned(), None, usage),
            None => Ok(()),
        }
    }

    fn write(&mut self, booked: &Booked, what: &str, amount: Money) -> Result<(), MoneyError> {
        let what = match &booked.detail {
            Some(detail) => format!("{what}: {detail}"),
            None => what.to_owned(),
        };
        self.push(booked.entry.kind(), what, booked.account.clone(), amount)
    }

    fn push(
        &mut self,
        kind: EntryKind,
        what: String,
        account: Option<StatementAccount>,
        amount: Money,
    ) -> Result<(), MoneyError> {
        self.balance = self.balance.plus(amount)?;
        let day = self.day.map(Day::text).unwrap_or_default();
        let balance_after = self.balance;
        self.lines.push(StatementLine { day, kind, what, account, amount, balance_after });
        Ok(())
    }
}

/// What an entry other than usage did to the balance, in words: a return can be two things at once.
fn parts(book: Book, booked: &Booked) -> Result<Vec<(&'static str, Money)>, MoneyError> {
    let entry = &booked.entry;
    let change = entry.change_to(book);
    let is_agency = book == Book::Agency;
    let negative = |money: Money| money.micros() < 0;
    let parts = match entry.kind() {
        EntryKind::TopUp if is_agency && entry.sub_account().is_some() => {
            vec![("Usage paid back by the customer", change)]
        }
        EntryKind::TopUp => vec![("Payment", change)],
        EntryKind::Return if is_agency && negative(change) => {
            vec![("Debt taken over from the customer", change)]
        }
        EntryKind::Return if is_agency => vec![("Balance returned by the customer", change)],
        EntryKind::Return => {
            let moved = entry.change_to(Book::Agency).negated()?;
            let refunded = entry.change_to(Book::Refunds).negated()?;
            let returned = match negative(moved) {
                true => "Balance returned to the agency",
                false => "Debt taken over by the agency",
            };
            vec![(returned, moved), ("Refund to the card", refunded)]
        }
        EntryKind::RefundFailed => vec![("Refund that did not reach its card", change)],
        EntryKind::Refund => vec![("Refund to the card", change)],
        EntryKind::Dispute => vec![("Disputed payment taken back by the bank", change)],
        EntryKind::DisputeWon => vec![("Dispute won", change)],
        EntryKind::Adjustment if negative(change) => vec![("Correction", change)],
        EntryKind::Adjustment => vec![("Credit", change)],
        EntryKind::Draw | EntryKind::UnappliedPayment | EntryKind::RefundSettled => {
            vec![("Other", change)]
        }
    };
    Ok(parts.into_iter().filter(|(_, amount)| !amount.is_zero()).collect())
}

#[cfg(test)]
mod tests;
