//! `GET /accounts/{id}/payments`

use axum::{
    Json,
    extract::{Path, State},
};
use billing::{
    Policy, SubAccountId, Timestamp,
    api::{PaymentPage, PaymentView},
    funding::{Actor, Context, refundable},
};

use super::id;
use crate::{
    http::{
        App, Failure, cursor,
        gate::{May, rights::ReadAccounts},
        query::Query,
    },
    storage::{Transaction, accounts::AccountRow, payments::PaymentRow},
};

/// The payments of an account, newest first, with what went back of each and what still can.
pub async fn answer(
    caller: May<ReadAccounts>,
    State(app): State<App>,
    Path(sub_account): Path<String>,
    mut query: Query,
) -> Result<Json<PaymentPage>, Failure> {
    let sub_account: SubAccountId = id(&sub_account)?;
    let before = query.read("cursor", "a next_cursor of these payments", cursor::payment);
    let limit = query.limit();
    query.finish()?;
    let now = app.deps.clock.now();
    let read = move |tx: &mut dyn Transaction| {
        let scope = caller.identify(tx, now)?.scope;
        let account = tx.account(scope, sub_account)?.ok_or_else(Failure::not_found)?;
        let mut rows =
            tx.payments_page(scope, Some(sub_account), before, limit.saturating_add(1))?;
        Ok::<_, Failure>(PaymentPage {
            next_cursor: cursor::next(&mut rows, limit, |row| cursor::of_payment(row.payment.id)),
            payments: rows.into_iter().map(|row| view(&account, row, now)).collect(),
        })
    };
    Ok(Json(app.deps.store.read(read).await?))
}

/// A payment as the rules see it at this moment.
fn view(account: &AccountRow, row: PaymentRow, now: Timestamp) -> PaymentView {
    let PaymentRow { payment, quarantined, .. } = row;
    let mut funding = account.funding.clone();
    funding.payments.insert(payment.id, payment.clone());
    let policy = Policy::standard(account.customer_balance.currency());
    let actor = Actor::system("preview");
    let customer_balance = account.customer_balance;
    let context = Context { now, actor: &actor, policy: &policy, customer_balance };
    let refundable = refundable(&funding, payment.id, &context);
    PaymentView::new(payment, refundable, quarantined)
}
