use billing::{
    Currency, Money, SubAccountId,
    ledger::{
        Book, EntryKind, JournalEntry, Posting,
        chain::{Link, link},
    },
};
use rusqlite::{Row, params};

use super::{Sqlite, agency, get, money, number, parsed, signed, timestamp};
use crate::storage::{
    Result, Scope, StorageError,
    journal::{EntryRow, Journal},
};

impl Journal for Sqlite {
    fn append(&mut self, scope: Scope, entry: &JournalEntry) -> Result<u64> {
        let sql = "SELECT entry_count, last_link FROM agencies WHERE id = ?1";
        let last =
            self.one(sql, [agency(scope)], |row| Ok((number(row, 0)?, get::<Link>(row, 1)?)))?;
        let (count, last) =
            last.ok_or_else(|| StorageError::Damaged("no such agency".to_owned()))?;
        let entry_number = count + 1;
        let next = link(&last, entry_number, entry);
        self.execute(
            "INSERT INTO entries (agency_id, number, at, kind, account_id, reference, link)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                agency(scope),
                signed(entry_number),
                entry.at().millis(),
                entry.kind().name(),
                entry.sub_account().map(|id| id.to_string()),
                entry.reference(),
                next,
            ],
        )?;
        for (leg, posting) in entry.postings().iter().enumerate() {
            let after = self.add_to_balance(scope, posting)?;
            self.execute(
                "INSERT INTO postings (agency_id, number, leg, book, account_id, amount_micros,
                                       balance_after_micros)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    agency(scope),
                    signed(entry_number),
                    signed(leg as u64),
                    posting.book.name(),
                    posting.book.sub_account().map(|id| id.to_string()),
                    posting.amount.micros(),
                    after,
                ],
            )?;
        }
        self.execute(
            "UPDATE agencies SET entry_count = ?2, last_link = ?3 WHERE id = ?1",
            params![agency(scope), signed(entry_number), next],
        )?;
        Ok(entry_number)
    }

    fn balance(&mut self, scope: Scope, book: Book) -> Result<Money> {
        let currency = self.currency(scope)?;
        let micros = self.balance_micros(scope, book)?;
        Ok(Money::from_micros(micros, currency))
    }

    fn balances(&mut self, scope: Scope) -> Result<Vec<(Book, Money)>> {
        let currency = self.currency(scope)?;
        let sql =
            "SELECT book, nullif(account_id, ''), amount_micros FROM balances WHERE agency_id = ?1";
        self.all(sql, [agency(scope)], |row| Ok((book(row, 0, 1)?, money(row, 2, currency)?)))
    }

    fn entries_from(&mut self, scope: Scope, from: u64, limit: u32) -> Result<Vec<EntryRow>> {
        let sql = "SELECT number, at, kind, account_id, reference, link FROM entries
                   WHERE agency_id = ?1 AND number >= ?2 ORDER BY number LIMIT ?3";
        let heads = self.all(sql, params![agency(scope), signed(from), limit], head)?;
        self.with_postings(scope, heads)
    }

    fn entries_of(
        &mut self,
        scope: Scope,
        sub_account: SubAccountId,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<EntryRow>> {
        let sql = "SELECT number, at, kind, account_id, reference, link FROM entries
                   WHERE agency_id = ?1 AND account_id = ?2 AND number < ?3
                   ORDER BY number DESC LIMIT ?4";
        let before = before.map_or(i64::MAX, signed);
        let values = params![agency(scope), sub_account.to_string(), before, limit];
        let heads = self.all(sql, values, head)?;
        self.with_postings(scope, heads)
    }
}

pub(super) struct Head {
    number: u64,
    at: billing::Timestamp,
    kind: EntryKind,
    sub_account: Option<SubAccountId>,
    reference: String,
    link: Link,
}

pub(super) fn head(row: &Row<'_>) -> Result<Head> {
    let kind: String = get(row, 2)?;
    let kind = EntryKind::from_name(&kind);
    Ok(Head {
        number: number(row, 0)?,
        at: timestamp(row, 1)?,
        kind: kind.ok_or_else(|| StorageError::Damaged("an unknown kind of entry".to_owned()))?,
        sub_account: sub_account(row, 3)?,
        reference: get(row, 4)?,
        link: get(row, 5)?,
    })
}

fn sub_account(row: &Row<'_>, index: usize) -> Result<Option<SubAccountId>> {
    match get::<Option<String>>(row, index)? {
        Some(_) => parsed(row, index).map(Some),
        None => Ok(None),
    }
}

fn book(row: &Row<'_>, name: usize, account: usize) -> Result<Book> {
    let text: String = get(row, name)?;
    let book = Book::from_parts(&text, sub_account(row, account)?);
    book.ok_or_else(|| StorageError::Damaged(format!("book {text:?}")))
}

impl Sqlite {
    fn balance_micros(&self, scope: Scope, book: Book) -> Result<i64> {
        let account = book.sub_account().map(|id| id.to_string()).unwrap_or_default();
        let sql = "SELECT amount_micros FROM balances
                   WHERE agency_id = ?1 AND book = ?2 AND account_id = ?3";
        let balance =
            self.one(sql, params![agency(scope), book.name(), account], |row| get(row, 0))?;
        Ok(balance.unwrap_or(0))
    }

    fn add_to_balance(&self, scope: Scope, posting: &Posting) -> Result<i64> {
        let balance = self.balance_micros(scope, posting.book)?;
        let after = balance.checked_add(posting.amount.micros());
        let after = after.ok_or_else(|| StorageError::Damaged("a balance overflows".to_owned()))?;
        let account = posting.book.sub_account().map(|id| id.to_string()).unwrap_or_default();
        self.execute(
            "INSERT INTO balances (agency_id, book, account_id, amount_micros) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (agency_id, book, account_id) DO UPDATE SET amount_micros = excluded.amount_micros",
            params![agency(scope), posting.book.name(), account, after],
        )?;
        Ok(after)
    }

    /// Reads the postings of entries that stand next to one another in one statement.
    pub(super) fn with_postings(&self, scope: Scope, heads: Vec<Head>) -> Result<Vec<EntryRow>> {
        let currency = self.currency(scope)?;
        let mut rows = Vec::with_capacity(heads.len());
        for head in heads {
            rows.push(self.with_legs(scope, head, currency)?);
        }
        Ok(rows)
    }

    fn with_legs(&self, scope: Scope, head: Head, currency: Currency) -> Result<EntryRow> {
        let sql = "SELECT book, account_id, amount_micros, balance_after_micros FROM postings
                   WHERE agency_id = ?1 AND number = ?2 ORDER BY leg";
        let legs = self.all(sql, params![agency(scope), signed(head.number)], |row| {
            let amount = money(row, 2, currency)?;
            Ok((Posting { book: book(row, 0, 1)?, amount }, money(row, 3, currency)?))
        })?;
        let (postings, balances_after) = legs.into_iter().unzip();
        let entry =
            JournalEntry::new(head.kind, head.at, head.sub_account, head.reference, postings)
                .map_err(|error| {
                    StorageError::Damaged(format!("entry {}: {error}", head.number))
                })?;
        Ok(EntryRow { number: head.number, entry, link: head.link, balances_after })
    }
}
