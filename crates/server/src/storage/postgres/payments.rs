use billing::{PaymentId, SubAccountId, funding::Payment};
use postgres::Row;

use super::{
    Postgres, agency, notices,
    values::{get, json, parsed, to_json},
};
use crate::storage::{
    Result, Scope,
    payments::{PaymentRow, Payments},
};

const COLUMNS: &str = "nullif(account_id, ''), payment, confirmation_token, intent_id, quarantined";

impl Payments for Postgres {
    fn save_payment(
        &mut self,
        scope: Scope,
        account: Option<SubAccountId>,
        payment: &Payment,
    ) -> Result<()> {
        self.within(scope)?.execute(
            "INSERT INTO payments (agency_id, id, account_id, status, payment)
             VALUES ($1, $2, $3, $4, $5)
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
        let sql = format!("SELECT {COLUMNS} FROM payments WHERE agency_id = $1 AND id = $2");
        self.within(scope)?.one(&sql, params![agency(scope), id.to_string()], read)
    }

    fn payment_scope(&mut self, id: PaymentId) -> Result<Option<Scope>> {
        let sql = "SELECT agency_id FROM sluice_payment($1)";
        self.one(sql, params![id.to_string()], |row| parsed(row, 0).map(Scope::of))
    }

    fn payment_by_intent(&mut self, intent: &str) -> Result<Option<(Scope, PaymentId)>> {
        let sql = "SELECT agency_id, id FROM sluice_payment_by_intent($1)";
        self.one(sql, params![intent], |row| Ok((Scope::of(parsed(row, 0)?), parsed(row, 1)?)))
    }

    fn payments_of(
        &mut self,
        scope: Scope,
        account: Option<SubAccountId>,
    ) -> Result<Vec<PaymentRow>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM payments WHERE agency_id = $1 AND account_id = $2 ORDER BY id"
        );
        self.within(scope)?.all(&sql, params![agency(scope), notices::key(account)], read)
    }

    fn payments_page(
        &mut self,
        scope: Scope,
        account: Option<SubAccountId>,
        before: Option<PaymentId>,
        limit: u32,
    ) -> Result<Vec<PaymentRow>> {
        // Above every id there is, when none is named.
        let before = before.map_or_else(|| "pay_~".to_owned(), |id| id.to_string());
        let sql = format!(
            "SELECT {COLUMNS} FROM payments
             WHERE agency_id = $1 AND account_id = $2 AND id < $3
             ORDER BY id DESC LIMIT $4"
        );
        let limit = i64::from(limit);
        let key = params![agency(scope), notices::key(account), before, limit];
        self.within(scope)?.all(&sql, key, read)
    }

    fn set_confirmation_token(
        &mut self,
        scope: Scope,
        id: PaymentId,
        token: Option<&str>,
    ) -> Result<()> {
        self.within(scope)?.execute(
            "UPDATE payments SET confirmation_token = $3 WHERE agency_id = $1 AND id = $2",
            params![agency(scope), id.to_string(), token],
        )?;
        Ok(())
    }

    fn set_intent(&mut self, scope: Scope, id: PaymentId, intent: &str) -> Result<()> {
        self.within(scope)?.execute(
            "UPDATE payments SET intent_id = $3 WHERE agency_id = $1 AND id = $2",
            params![agency(scope), id.to_string(), intent],
        )?;
        Ok(())
    }

    fn quarantine(&mut self, scope: Scope, id: PaymentId, why: Option<&str>) -> Result<()> {
        self.within(scope)?.execute(
            "UPDATE payments SET quarantined = $3 WHERE agency_id = $1 AND id = $2",
            params![agency(scope), id.to_string(), why],
        )?;
        Ok(())
    }
}

fn read(row: &Row) -> Result<PaymentRow> {
    Ok(PaymentRow {
        account: notices::account(row, 0)?,
        payment: json(row, 1)?,
        confirmation_token: get(row, 2)?,
        intent: get(row, 3)?,
        quarantined: get(row, 4)?,
    })
}
