use billing::{Currency, Money, Standing, SubAccountId, Timestamp};
use rusqlite::{Row, params};

use super::{Sqlite, agency, get, money, parsed};
use crate::storage::{
    Result, Scope, StorageError,
    notices::{Level, NoticeRow, Notices, PaidFor},
};

impl Notices for Sqlite {
    fn level(&mut self, scope: Scope, account: Option<SubAccountId>) -> Result<Option<Level>> {
        let read = |row: &Row<'_>| {
            let currency: Currency = parsed(row, 2)?;
            let recharge_below = get::<Option<i64>>(row, 3)?;
            Ok(Level {
                balance: money(row, 0, currency)?,
                low_below: money(row, 1, currency)?,
                recharge_below: recharge_below.map(|micros| Money::from_micros(micros, currency)),
            })
        };
        let Some(account) = account else {
            let sql = "SELECT coalesce(b.amount_micros, 0), a.low_below_micros, a.currency,
                              w.recharge_below_micros
                       FROM agencies a
                       LEFT JOIN balances b ON b.agency_id = a.id AND b.book = 'agency' AND b.account_id = ''
                       LEFT JOIN wallets w ON w.agency_id = a.id AND w.account_id = ''
                       WHERE a.id = ?1";
            return self.one(sql, [agency(scope)], read);
        };
        let sql = "SELECT coalesce(b.amount_micros, 0), a.low_below_micros, g.currency,
                          w.recharge_below_micros
                   FROM accounts a
                   JOIN agencies g ON g.id = a.agency_id
                   LEFT JOIN balances b
                       ON b.agency_id = a.agency_id AND b.book = 'customer' AND b.account_id = a.id
                   LEFT JOIN wallets w ON w.agency_id = a.agency_id AND w.account_id = a.id
                   WHERE a.agency_id = ?1 AND a.id = ?2 AND a.phase IN ('customer', 'returning')";
        self.one(sql, params![agency(scope), account.to_string()], read)
    }

    fn insert_notice(
        &mut self,
        scope: Scope,
        account: Option<SubAccountId>,
        from: Standing,
        now: Timestamp,
    ) -> Result<()> {
        self.execute(
            "INSERT INTO notices (agency_id, account_id, from_standing, at, after)
             VALUES (?1, ?2, ?3, ?4, '')
             ON CONFLICT (agency_id, account_id) DO UPDATE SET after = ''",
            params![agency(scope), key(account), from.name(), now.millis()],
        )?;
        Ok(())
    }

    fn notices(&mut self, limit: u32) -> Result<Vec<NoticeRow>> {
        let sql = "SELECT agency_id, nullif(account_id, ''), from_standing, nullif(after, '')
                   FROM notices ORDER BY at LIMIT ?1";
        self.all(sql, [limit], |row| {
            Ok(NoticeRow {
                scope: Scope::of(parsed(row, 0)?),
                account: account(row, 1)?,
                from: standing(row, 2)?,
                after: account(row, 3)?,
            })
        })
    }

    fn move_notice(
        &mut self,
        notice: &NoticeRow,
        after: SubAccountId,
        now: Timestamp,
    ) -> Result<()> {
        self.execute(
            "UPDATE notices SET after = ?3, at = ?4 WHERE agency_id = ?1 AND account_id = ?2",
            params![agency(notice.scope), key(notice.account), after.to_string(), now.millis()],
        )?;
        Ok(())
    }

    fn finish_notice(&mut self, notice: &NoticeRow) -> Result<()> {
        let sql = "DELETE FROM notices WHERE agency_id = ?1 AND account_id = ?2";
        self.execute(sql, params![agency(notice.scope), key(notice.account)])?;
        Ok(())
    }

    fn drop_notices(&mut self, scope: Scope) -> Result<()> {
        self.execute("DELETE FROM notices WHERE agency_id = ?1", [agency(scope)])?;
        Ok(())
    }

    fn dip(&mut self, scope: Scope, account: Option<SubAccountId>) -> Result<Option<Standing>> {
        let sql = "SELECT worst FROM dips WHERE agency_id = ?1 AND account_id = ?2";
        self.one(sql, params![agency(scope), key(account)], |row| standing(row, 0))
    }

    fn save_dip(
        &mut self,
        scope: Scope,
        account: Option<SubAccountId>,
        worst: Option<Standing>,
    ) -> Result<()> {
        let Some(worst) = worst else {
            let sql = "DELETE FROM dips WHERE agency_id = ?1 AND account_id = ?2";
            self.execute(sql, params![agency(scope), key(account)])?;
            return Ok(());
        };
        self.execute(
            "INSERT INTO dips (agency_id, account_id, worst) VALUES (?1, ?2, ?3)
             ON CONFLICT (agency_id, account_id) DO UPDATE SET worst = excluded.worst",
            params![agency(scope), key(account), worst.name()],
        )?;
        Ok(())
    }

    fn paid_for(
        &mut self,
        scope: Scope,
        after: Option<SubAccountId>,
        limit: u32,
    ) -> Result<Vec<PaidFor>> {
        let sql = "SELECT a.id, a.external_id, t.standing
                   FROM accounts a
                   LEFT JOIN standings_told t ON t.agency_id = a.agency_id AND t.account_id = a.id
                   WHERE a.agency_id = ?1 AND a.id > ?2 AND a.phase IN ('agency', 'requested', 'paying')
                   ORDER BY a.id LIMIT ?3";
        self.all(sql, params![agency(scope), key(after), limit], |row| {
            let told = match get::<Option<String>>(row, 2)? {
                Some(_) => Some(standing(row, 2)?),
                None => None,
            };
            Ok(PaidFor { id: parsed(row, 0)?, external_id: get(row, 1)?, told })
        })
    }

    fn told(&mut self, scope: Scope, account: SubAccountId) -> Result<Option<Standing>> {
        let sql = "SELECT standing FROM standings_told WHERE agency_id = ?1 AND account_id = ?2";
        self.one(sql, params![agency(scope), account.to_string()], |row| standing(row, 0))
    }

    fn save_told(&mut self, scope: Scope, account: SubAccountId, standing: Standing) -> Result<()> {
        self.execute(
            "INSERT INTO standings_told (agency_id, account_id, standing) VALUES (?1, ?2, ?3)
             ON CONFLICT (agency_id, account_id) DO UPDATE SET standing = excluded.standing",
            params![agency(scope), account.to_string(), standing.name()],
        )?;
        Ok(())
    }

    fn forget_told(&mut self, scope: Scope) -> Result<()> {
        self.execute("DELETE FROM standings_told WHERE agency_id = ?1", [agency(scope)])?;
        Ok(())
    }
}

/// An account's id, or nothing, as a part of a key.
pub(super) fn key(account: Option<SubAccountId>) -> String {
    account.map(|id| id.to_string()).unwrap_or_default()
}

/// The other way.
pub(super) fn account(row: &Row<'_>, index: usize) -> Result<Option<SubAccountId>> {
    match get::<Option<String>>(row, index)? {
        Some(_) => parsed(row, index).map(Some),
        None => Ok(None),
    }
}

fn standing(row: &Row<'_>, index: usize) -> Result<Standing> {
    let name: String = get(row, index)?;
    Standing::from_name(&name).ok_or_else(|| StorageError::Damaged(format!("standing {name:?}")))
}
