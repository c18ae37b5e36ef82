//! `POST /accounts/{id}/payments/{payment}/refunds`

use axum::extract::Path;
use billing::{
    PaymentId, Policy, SubAccountId, api::RefundBody, drafts::parse_refund_body, funding::Command,
};

use super::{funding_request::FundingRequest, id};
use crate::{
    execute::Tools,
    http::{Failure, body::Json, once::Answer},
    storage::{Scope, Transaction},
};

/// Pays some of a payment back to its card, from the customer's balance.
pub async fn answer(
    asked: FundingRequest,
    Path((sub_account, payment)): Path<(String, String)>,
    Json { value: body, raw }: Json<RefundBody>,
) -> Result<Answer, Failure> {
    let sub_account: SubAccountId = id(&sub_account)?;
    let payment: PaymentId = id(&payment)?;
    let key = asked.key()?;
    let command = move |tx: &mut dyn Transaction, scope: Scope, _: &Tools| {
        let agency = tx.agency(scope)?.ok_or_else(Failure::not_found)?;
        // Before the amount is judged: what is not yours is not there, whatever you say about it.
        let row = tx.payment(scope, payment)?.filter(|row| row.account == Some(sub_account));
        row.ok_or_else(Failure::not_found)?;
        let amount = parse_refund_body(&body.amount, &Policy::standard(agency.currency));
        let amount = amount.map_err(|problem| Failure::invalid(vec![problem]))?;
        Ok::<_, Failure>(Command::RefundPayment { payment, amount })
    };
    asked.carry_out(sub_account, key, raw, command).await
}
