use std::collections::BTreeMap;

use billing::{
    Money, SubAccountId,
    ledger::{
        Book, EntryKind, JournalEntry, Posting,
        chain::{Link, link},
    },
};
use postgres::Row;

use super::{
    Postgres, agency,
    values::{bytes, get, money, number, parsed, signed, timestamp},
};
use crate::storage::{
    Result, Scope, StorageError,
    journal::{EntryRow, Journal},
};

impl Journal for Postgres {
    fn append(&mut self, scope: Scope, entry: &JournalEntry) -> Result<u64> {
        let sql = "SELECT entry_count, last_link FROM agencies WHERE id = $1";
        let last = self
            .within(scope)?
            .one(sql, params![agency(scope)], |row| Ok((number(row, 0)?, bytes::<32>(row, 1)?)))?;
        let (count, last) =
            last.ok_or_else(|| StorageError::Damaged("no such agency".to_owned()))?;
        let entry_number = count + 1;
        let next = link(&last, entry_number, entry);
        self.execute(
            "INSERT INTO entries (agency_id, number, at, kind, account_id, reference, link)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            params![
                agency(scope),
                signed(entry_number),
                entry.at().millis(),
                entry.kind().name(),
                entry.sub_account().map(|id| id.to_string()),
                entry.reference(),
                &next[..],
            ],
        )?;
        for (leg, posting) in entry.postings().iter().enumerate() {
            self.post(scope, entry_number, leg as u64, posting)?;
        }
        self.execute(
            "UPDATE agencies SET entry_count = $2, last_link = $3 WHERE id = $1",
            params![agency(scope), signed(entry_number), &next[..]],
        )?;
        Ok(entry_number)
    }

    fn balance(&mut self, scope: Scope, book: Book) -> Result<Money> {
        let currency = self.currency(scope)?;
        let account = book.sub_account().map(|id| id.to_string()).unwrap_or_default();
        let sql = "SELECT amount_micros FROM balances
                   WHERE agency_id = $1 AND book = $2 AND account_id = $3";
        let values = params![agency(scope), book.name(), account];
        let balance = self.one(sql, values, |row| money(row, 0, currency))?;
        Ok(balance.unwrap_or(Money::zero(currency)))
    }

    fn balances(&mut self, scope: Scope) -> Result<Vec<(Book, Money)>> {
        let currency = self.currency(scope)?;
        let sql =
            "SELECT book, nullif(account_id, ''), amount_micros FROM balances WHERE agency_id = $1";
        self.all(sql, params![agency(scope)], |row| {
            Ok((book(row, 0, 1)?, money(row, 2, currency)?))
        })
    }

    fn entries_from(&mut self, scope: Scope, from: u64, limit: u32) -> Result<Vec<EntryRow>> {
        let sql = "SELECT number, at, kind, account_id, reference, link FROM entries
                   WHERE agency_id = $1 AND number >= $2 ORDER BY number LIMIT $3";
        let values = params![agency(scope), signed(from), i64::from(limit)];
        let heads = self.within(scope)?.all(sql, values, head)?;
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
                   WHERE agency_id = $1 AND account_id = $2 AND number < $3
                   ORDER BY number DESC LIMIT $4";
        let before = before.map_or(i64::MAX, signed);
        let values = params![agency(scope), sub_account.to_string(), before, i64::from(limit)];
        let heads = self.within(scope)?.all(sql, values, head)?;
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

pub(super) fn head(row: &Row) -> Result<Head> {
    let kind: String = get(row, 2)?;
    let kind = EntryKind::from_name(&kind);
    Ok(Head {
        number: number(row, 0)?,
        at: timestamp(row, 1)?,
        kind: kind.ok_or_else(|| StorageError::Damaged("an unknown kind of entry".to_owned()))?,
        sub_account: sub_account(row, 3)?,
        reference: get(row, 4)?,
        link: bytes(row, 5)?,
    })
}

fn sub_account(row: &Row, index: usize) -> Result<Option<SubAccountId>> {
    match get::<Option<String>>(row, index)? {
        Some(_) => parsed(row, index).map(Some),
        None => Ok(None),
    }
}

fn book(row: &Row, name: usize, account: usize) -> Result<Book> {
    let text: String = get(row, name)?;
    let book = Book::from_parts(&text, sub_account(row, account)?);
    book.ok_or_else(|| StorageError::Damaged(format!("book {text:?}")))
}

impl Postgres {
    /// Changes the balance and writes the leg with what it is then, in one round trip.
    fn post(&mut self, scope: Scope, entry: u64, leg: u64, posting: &Posting) -> Result<()> {
        let account = posting.book.sub_account().map(|id| id.to_string());
        self.execute(
            "WITH balance AS (
                 INSERT INTO balances AS b (agency_id, book, account_id, amount_micros)
                 VALUES ($1, $4, coalesce($5, ''), $6)
                 ON CONFLICT (agency_id, book, account_id)
                 DO UPDATE SET amount_micros = b.amount_micros + excluded.amount_micros
                 RETURNING amount_micros
             )
             INSERT INTO postings (agency_id, number, leg, book, account_id, amount_micros,
                                   balance_after_micros)
             SELECT $1, $2, $3, $4, $5, $6, amount_micros FROM balance",
            params![
                agency(scope),
                signed(entry),
                signed(leg),
                posting.book.name(),
                account,
                posting.amount.micros(),
            ],
        )?;
        Ok(())
    }

    /// Reads the postings of entries in one statement.
    pub(super) fn with_postings(
        &mut self,
        scope: Scope,
        heads: Vec<Head>,
    ) -> Result<Vec<EntryRow>> {
        let currency = self.currency(scope)?;
        let numbers: Vec<i64> = heads.iter().map(|head| signed(head.number)).collect();
        let sql =
            "SELECT number, book, account_id, amount_micros, balance_after_micros FROM postings
                   WHERE agency_id = $1 AND number = ANY ($2) ORDER BY number, leg";
        let legs = self.all(sql, params![agency(scope), numbers], |row| {
            let posting = Posting { book: book(row, 1, 2)?, amount: money(row, 3, currency)? };
            Ok((number(row, 0)?, posting, money(row, 4, currency)?))
        })?;
        let mut of_entry: BTreeMap<u64, (Vec<Posting>, Vec<Money>)> = BTreeMap::new();
        for (number, posting, after) in legs {
            let (postings, balances_after) = of_entry.entry(number).or_default();
            postings.push(posting);
            balances_after.push(after);
        }
        let whole = heads.into_iter().map(|head| {
            let (postings, balances_after) = of_entry.remove(&head.number).unwrap_or_default();
            let entry =
                JournalEntry::new(head.kind, head.at, head.sub_account, head.reference, postings)
                    .map_err(|error| {
                    StorageError::Damaged(format!("entry {}: {error}", head.number))
                })?;
            Ok(EntryRow { number: head.number, entry, link: head.link, balances_after })
        });
        whole.collect()
    }
}
