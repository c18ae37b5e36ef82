use std::fmt::Write as _;

use billing::{
    Currency, Money, Standing, SubAccountId,
    api::{AccountSort, PayerFilter},
    funding::Funding,
    text::Name,
};
use postgres::{Row, types::ToSql};

use super::{
    Postgres, agency,
    values::{get, json, money, parsed, timestamp, to_json},
};
use crate::storage::{
    Result, Scope, StorageError,
    accounts::{AccountQuery, AccountRow, Accounts, search_text},
};

const COLUMNS: &str = "a.id, a.name, a.external_id, a.created_at, a.created_by, \
     a.low_below_micros, a.funding, coalesce(b.amount_micros, 0), g.currency";
/// What belongs to an account `a`.
const JOINED: &str = "JOIN agencies g ON g.id = a.agency_id \
     LEFT JOIN balances b ON b.agency_id = a.agency_id AND b.book = 'customer' AND b.account_id = a.id \
     LEFT JOIN balances s ON s.agency_id = a.agency_id AND s.book = 'agency' AND s.account_id = ''";
/// The balance an account draws from.
const BALANCE: &str = "CASE WHEN a.phase IN ('customer', 'returning') \
     THEN coalesce(b.amount_micros, 0) ELSE coalesce(s.amount_micros, 0) END";
const LOW_BELOW: &str = "CASE WHEN a.phase IN ('customer', 'returning') THEN a.low_below_micros ELSE g.low_below_micros END";

impl Accounts for Postgres {
    fn insert_account(&mut self, scope: Scope, account: &AccountRow) -> Result<()> {
        self.within(scope)?.execute(
            "INSERT INTO accounts (agency_id, id, name, name_key, external_id, search_text, created_at,
                                   created_by, low_below_micros, phase, since, funding)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            params![
                agency(scope),
                account.id.to_string(),
                account.name.as_str(),
                account.name.as_str().to_lowercase(),
                account.external_id,
                search_text(account.name.as_str(), &account.external_id, &account.funding),
                account.created_at.millis(),
                to_json(&account.created_by)?,
                account.low_below.micros(),
                account.funding.phase().name(),
                account.funding.since().millis(),
                to_json(&account.funding)?,
            ],
        )?;
        self.count_phase(account.funding.phase().name(), 1)
    }

    fn account(&mut self, scope: Scope, id: SubAccountId) -> Result<Option<AccountRow>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM accounts a {JOINED} WHERE a.agency_id = $1 AND a.id = $2"
        );
        self.within(scope)?.one(&sql, params![agency(scope), id.to_string()], read)
    }

    fn account_ids(&mut self, scope: Scope) -> Result<Vec<SubAccountId>> {
        let sql = "SELECT id FROM accounts WHERE agency_id = $1 ORDER BY id";
        self.within(scope)?.all(sql, params![agency(scope)], |row| parsed(row, 0))
    }

    fn account_by_external_id(&mut self, scope: Scope, id: &str) -> Result<Option<SubAccountId>> {
        let sql = "SELECT id FROM accounts WHERE agency_id = $1 AND external_id = $2";
        self.within(scope)?.one(sql, params![agency(scope), id], |row| parsed(row, 0))
    }

    fn save_funding(&mut self, scope: Scope, id: SubAccountId, funding: &Funding) -> Result<()> {
        let sql = "SELECT name, external_id, phase FROM accounts WHERE agency_id = $1 AND id = $2";
        let key = params![agency(scope), id.to_string()];
        let old = self.within(scope)?.one(sql, key, |row| {
            Ok((get::<String>(row, 0)?, get::<String>(row, 1)?, get::<String>(row, 2)?))
        })?;
        let (name, external_id, phase) =
            old.ok_or_else(|| StorageError::Damaged(format!("no sub-account {id}")))?;
        self.execute(
            "UPDATE accounts SET phase = $3, since = $4, funding = $5, search_text = $6
             WHERE agency_id = $1 AND id = $2",
            params![
                agency(scope),
                id.to_string(),
                funding.phase().name(),
                funding.since().millis(),
                to_json(funding)?,
                search_text(&name, &external_id, funding),
            ],
        )?;
        if phase != funding.phase().name() {
            self.count_phase(&phase, -1)?;
            self.count_phase(funding.phase().name(), 1)?;
        }
        Ok(())
    }

    fn save_low_below(&mut self, scope: Scope, id: SubAccountId, low_below: Money) -> Result<()> {
        let sql = "UPDATE accounts SET low_below_micros = $3 WHERE agency_id = $1 AND id = $2";
        self.within(scope)?
            .execute(sql, params![agency(scope), id.to_string(), low_below.micros()])?;
        Ok(())
    }

    fn list_accounts(
        &mut self,
        scope: Scope,
        query: &AccountQuery,
    ) -> Result<Vec<(AccountRow, String)>> {
        // No stored text holds this character, and PostgreSQL takes none that does.
        if query.text.as_ref().is_some_and(|text| text.contains('\0')) {
            return Ok(Vec::new());
        }
        let (sql, values, is_text) = list_sql(scope, query);
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(AsRef::as_ref).collect();
        self.within(scope)?.all(&sql, &values, |row| {
            // The key goes out as text whatever it is: it comes back in the cursor.
            let key = if is_text { get(row, 9)? } else { get::<i64>(row, 9)?.to_string() };
            Ok((read(row)?, key))
        })
    }
}

type Value = Box<dyn ToSql + Sync>;

fn list_sql(scope: Scope, query: &AccountQuery) -> (String, Vec<Value>, bool) {
    let mut values: Vec<Value> = vec![Box::new(agency(scope))];
    let (key, is_text, descending) = match query.sort {
        AccountSort::Name => ("a.name_key", true, false),
        AccountSort::NameDescending => ("a.name_key", true, true),
        AccountSort::ExternalId => ("a.external_id", true, false),
        AccountSort::ExternalIdDescending => ("a.external_id", true, true),
        AccountSort::Balance => (BALANCE, false, false),
        AccountSort::BalanceDescending => (BALANCE, false, true),
        AccountSort::Since => ("a.since", false, false),
        AccountSort::SinceDescending => ("a.since", false, true),
    };
    // Balances are looked up for the rows of the page alone, unless they decide which those are.
    let page_first = key != BALANCE && query.standing.is_none();
    let mut sql = match page_first {
        true => "SELECT a.* FROM accounts a WHERE a.agency_id = $1".to_owned(),
        false => format!("SELECT {COLUMNS}, {key} FROM accounts a {JOINED} WHERE a.agency_id = $1"),
    };
    match query.payer {
        PayerFilter::All => {}
        PayerFilter::Agency => sql.push_str(" AND a.phase IN ('agency', 'requested', 'paying')"),
        PayerFilter::Customer => sql.push_str(" AND a.phase IN ('customer', 'returning')"),
        PayerFilter::Between => {
            sql.push_str(" AND a.phase IN ('requested', 'paying', 'returning')");
        }
    }
    match query.standing {
        None => {}
        Some(Standing::Paused) => {
            let _ = write!(sql, " AND ({BALANCE}) <= 0");
        }
        Some(Standing::Low) => {
            let _ = write!(sql, " AND ({BALANCE}) > 0 AND ({BALANCE}) < ({LOW_BELOW})");
        }
        Some(Standing::Active) => {
            let _ = write!(sql, " AND ({BALANCE}) > 0 AND ({BALANCE}) >= ({LOW_BELOW})");
        }
    }
    if let Some(text) = &query.text {
        values.push(Box::new(text.to_lowercase()));
        let _ = write!(sql, " AND strpos(a.search_text, ${}) > 0", values.len());
    }
    let (after, order) = if descending { ("<", "DESC") } else { (">", "ASC") };
    if let Some((last, id)) = &query.after {
        if is_text {
            values.push(Box::new(last.replace('\0', "")));
        } else {
            values.push(Box::new(last.parse::<i64>().unwrap_or(0)));
        }
        values.push(Box::new(id.to_string()));
        let (last, id) = (values.len() - 1, values.len());
        let _ = write!(sql, " AND ({key}, a.id) {after} (${last}, ${id})");
    }
    values.push(Box::new(i64::from(query.limit)));
    let order = format!("ORDER BY {key} {order}, a.id {order}");
    let _ = write!(sql, " {order} LIMIT ${}", values.len());
    if page_first {
        sql = format!("SELECT {COLUMNS}, {key} FROM ({sql}) AS a {JOINED} {order}");
    }
    (sql, values, is_text)
}

fn read(row: &Row) -> Result<AccountRow> {
    let currency: Currency = parsed(row, 8)?;
    let name: String = get(row, 1)?;
    Ok(AccountRow {
        id: parsed(row, 0)?,
        name: Name::parse(&name).map_err(|error| StorageError::Damaged(error.to_string()))?,
        external_id: get(row, 2)?,
        created_at: timestamp(row, 3)?,
        created_by: json(row, 4)?,
        low_below: money(row, 5, currency)?,
        funding: json(row, 6)?,
        customer_balance: money(row, 7, currency)?,
    })
}
