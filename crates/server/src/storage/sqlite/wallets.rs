use billing::{SetupId, SubAccountId, Timestamp, text::EmailAddress, wallet::Wallet};
use rusqlite::params;

use super::{Sqlite, agency, get, json, notices, parsed, signed, timestamp, to_json};
use crate::storage::{
    Result, Scope,
    top_ups::email,
    wallets::{BalanceLinkRow, CardSetupRow, Wallets, recharge_below},
};

impl Wallets for Sqlite {
    fn wallet(&mut self, scope: Scope, account: Option<SubAccountId>) -> Result<Wallet> {
        let sql = "SELECT wallet FROM wallets WHERE agency_id = ?1 AND account_id = ?2";
        let key = params![agency(scope), notices::key(account)];
        Ok(self.one(sql, key, |row| json(row, 0))?.unwrap_or_default())
    }

    fn save_wallet(
        &mut self,
        scope: Scope,
        account: Option<SubAccountId>,
        wallet: &Wallet,
    ) -> Result<()> {
        self.execute(
            "INSERT INTO wallets (agency_id, account_id, wallet, version, recharge_below_micros)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (agency_id, account_id) DO UPDATE SET wallet = excluded.wallet,
                 version = excluded.version, recharge_below_micros = excluded.recharge_below_micros",
            params![
                agency(scope),
                notices::key(account),
                to_json(wallet)?,
                signed(wallet.version),
                recharge_below(wallet),
            ],
        )?;
        Ok(())
    }

    fn insert_balance_link(&mut self, scope: Scope, row: &BalanceLinkRow) -> Result<()> {
        self.execute(
            "INSERT INTO balance_links (agency_id, token_hash, account_id, email, created_at, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                agency(scope),
                row.token_hash,
                notices::key(row.account),
                row.email.as_str(),
                row.created_at.millis(),
                row.expires_at.millis(),
            ],
        )?;
        Ok(())
    }

    fn balance_link(&mut self, token_hash: &[u8; 32]) -> Result<Option<(Scope, BalanceLinkRow)>> {
        let sql =
            "SELECT agency_id, nullif(account_id, ''), email, created_at, expires_at FROM balance_links
                   WHERE token_hash = ?1";
        self.one(sql, [token_hash], |row| {
            let link = BalanceLinkRow {
                token_hash: *token_hash,
                account: notices::account(row, 1)?,
                email: email(&get::<String>(row, 2)?)?,
                created_at: timestamp(row, 3)?,
                expires_at: timestamp(row, 4)?,
            };
            Ok((Scope::of(parsed(row, 0)?), link))
        })
    }

    fn end_balance_link(
        &mut self,
        scope: Scope,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<()> {
        self.execute(
            "UPDATE balance_links SET expires_at = min(expires_at, ?3)
             WHERE agency_id = ?1 AND token_hash = ?2",
            params![agency(scope), token_hash, now.millis()],
        )?;
        Ok(())
    }

    fn paid_by(&mut self, email: &EmailAddress, limit: u32) -> Result<Vec<(Scope, SubAccountId)>> {
        let sql = "SELECT agency_id, id FROM accounts
                   WHERE lower(json_extract(funding, '$.customer.email')) = ?1
                       AND phase IN ('customer', 'returning')
                   ORDER BY agency_id, id LIMIT ?2";
        self.all(sql, params![email.as_str().to_ascii_lowercase(), limit], |row| {
            Ok((Scope::of(parsed(row, 0)?), parsed(row, 1)?))
        })
    }

    fn insert_card_setup(&mut self, scope: Scope, row: &CardSetupRow) -> Result<()> {
        self.execute(
            "INSERT INTO card_setups (agency_id, id, account_id, created_at, customer, confirmation_token, intent)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                agency(scope),
                row.id.to_string(),
                notices::key(row.account),
                row.created_at.millis(),
                row.customer,
                row.confirmation_token,
                row.intent,
            ],
        )?;
        Ok(())
    }

    fn card_setup(&mut self, scope: Scope, id: SetupId) -> Result<Option<CardSetupRow>> {
        let sql = "SELECT nullif(account_id, ''), created_at, customer, confirmation_token, intent
                   FROM card_setups WHERE agency_id = ?1 AND id = ?2";
        self.one(sql, params![agency(scope), id.to_string()], |row| {
            Ok(CardSetupRow {
                id,
                account: notices::account(row, 0)?,
                created_at: timestamp(row, 1)?,
                customer: get(row, 2)?,
                confirmation_token: get(row, 3)?,
                intent: get(row, 4)?,
            })
        })
    }

    fn card_setup_scope(&mut self, id: SetupId) -> Result<Option<Scope>> {
        let sql = "SELECT agency_id FROM card_setups WHERE id = ?1";
        self.one(sql, [id.to_string()], |row| parsed(row, 0).map(Scope::of))
    }

    fn save_card_setup(&mut self, scope: Scope, row: &CardSetupRow) -> Result<()> {
        self.execute(
            "UPDATE card_setups SET customer = ?3, confirmation_token = ?4, intent = ?5
             WHERE agency_id = ?1 AND id = ?2",
            params![
                agency(scope),
                row.id.to_string(),
                row.customer,
                row.confirmation_token,
                row.intent,
            ],
        )?;
        Ok(())
    }

    fn prune_wallets(&mut self, before: Timestamp) -> Result<u64> {
        let before = [before.millis()];
        let links = self.execute("DELETE FROM balance_links WHERE expires_at <= ?1", before)?;
        let setups = self.execute("DELETE FROM card_setups WHERE created_at <= ?1", before)?;
        Ok(u64::try_from(links + setups).unwrap_or(u64::MAX))
    }
}
