use billing::{PaymentId, SubAccountId, funding::Payment};
use rusqlite::{Row, params};

use super::{Sqlite, agency, get, json, notices, parsed, to_json};
use crate::storage::{
    Result, Scope,
    payments::{PaymentRow, Payments},
};

const COLUMNS: &str = "nullif(account_id, ''), payment, confirmation_token, intent_id, quarantined";

impl Payments for Sqlite {
    fn save_payment(
        &mut self,
        scope: Scope,
        account: Option<SubAccountId>,
        payment: &Payment,
    ) -> Result<()> {
        self.execute(
            "INSERT INTO payments (agency_id, id, account_id, status, payment)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (agency_id, id) DO UPDATE SET status = excluded.status, payment = excluded.payment",
            params![
                agency(scope),
                payment.id.to_string(),
                notices::key(account),
                payment.status.name(),
                to_json(payment)?,
            ],
        )?;
        Ok(())
    }

    fn payment(&mut self, scope: Scope, id: PaymentId) -> Result<Option<PaymentRow>> {
        let sql = format!("SELECT {COLUMNS} FROM payments WHERE agency_id = ?1 AND id = ?2");
        self.one(&sql, params![agency(scope), id.to_string()], read)
    }

    fn payment_scope(&mut self, id: PaymentId) -> Result<Option<Scope>> {
        let sql = "SELECT agency_id FROM payments WHERE id = ?1";
        self.one(sql, [id.to_string()], |row| parsed(row, 0).map(Scope::of))
    }

    fn payment_by_intent(&mut self, intent: &str) -> Result<Option<(Scope, PaymentId)>> {
        let sql = "SELECT agency_id, id FROM payments WHERE intent_id = ?1";
        self.one(sql, [intent], |row| Ok((Scope::of(parsed(row, 0)?), parsed(row, 1)?)))
    }

    fn payments_of(
        &mut self,
        scope: Scope,
        account: Option<SubAccountId>,
    ) -> Result<Vec<PaymentRow>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM payments WHERE agency_id = ?1 AND account_id = ?2 ORDER BY id"
        );
        self.all(&sql, params![agency(scope), notices::key(account)], read)
    }

    fn payments_page(
        &mut self,
        scope: Scope,
        account: Option<SubAccountId>,
        before: Option<PaymentId>,
        limit: u32,
    ) -> Result<Vec<PaymentRow>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM payments
             WHERE agency_id = ?1 AND account_id = ?2 AND (?3 IS NULL OR id < ?3)
             ORDER BY id DESC LIMIT ?4"
        );
        let before = before.map(|id| id.to_string());
        self.all(&sql, params![agency(scope), notices::key(account), before, limit], read)
    }

    fn set_confirmation_token(
        &mut self,
        scope: Scope,
        id: PaymentId,
        token: Option<&str>,
    ) -> Result<()> {
        self.execute(
            "UPDATE payments SET confirmation_token = ?3 WHERE agency_id = ?1 AND id = ?2",
            params![agency(scope), id.to_string(), token],
        )?;
        Ok(())
    }

    fn set_intent(&mut self, scope: Scope, id: PaymentId, intent: &str) -> Result<()> {
        self.execute(
            "UPDATE payments SET intent_id = ?3 WHERE agency_id = ?1 AND id = ?2",
            params![agency(scope), id.to_string(), intent],
        )?;
        Ok(())
    }

    fn quarantine(&mut self, scope: Scope, id: PaymentId, why: Option<&str>) -> Result<()> {
        self.execute(
            "UPDATE payments SET quarantined = ?3 WHERE agency_id = ?1 AND id = ?2",
            params![agency(scope), id.to_string(), why],
        )?;
        Ok(())
    }
}

fn read(row: &Row<'_>) -> Result<PaymentRow> {
    Ok(PaymentRow {
        account: notices::account(row, 0)?,
        payment: json(row, 1)?,
        confirmation_token: get(row, 2)?,
        intent: get(row, 3)?,
        quarantined: get(row, 4)?,
    })
}
