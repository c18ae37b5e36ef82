//! `PUT` and `DELETE /accounts/{id}/billing-requests/{rid}/usage`

use axum::body::Bytes;
use billing::{Money, funding::Command};

use super::funding_request::{FundingRequest, RequestPath};
use crate::{
    execute::usage_since::cost_to_agency_since,
    http::{Failure, once::Answer},
};

/// Asks the customer to pay on top what usage has cost the agency since the request was made, as of now, in whole coins.
pub async fn answer(
    asked: FundingRequest,
    RequestPath(sub_account, request): RequestPath,
) -> Result<Answer, Failure> {
    let key = asked.optional_key()?;
    asked
        .carry_out(sub_account, key, Bytes::new(), move |tx, scope, _| {
            let agency = tx.agency(scope)?.ok_or_else(Failure::not_found)?;
            let account = tx.account(scope, sub_account)?.ok_or_else(Failure::not_found)?;
            // One that is no longer open costs nothing to refuse: that is the machine's to say.
            let open = account.funding.open_request();
            let cost = match open.filter(|open| open.id == request) {
                Some(open) => cost_to_agency_since(tx, scope, sub_account, open.requested_at)?,
                None => 0,
            };
            let amount = Money::from_micros(cost, agency.currency).floor_to_minor();
            Ok(Command::AskForUsage { request, amount: Some(amount) })
        })
        .await
}

/// Asks for the starting balance alone.
pub async fn no_longer(
    asked: FundingRequest,
    RequestPath(sub_account, request): RequestPath,
) -> Result<Answer, Failure> {
    let key = asked.optional_key()?;
    let command = Command::AskForUsage { request, amount: None };
    asked.carry_out(sub_account, key, Bytes::new(), move |_, _, _| Ok(command.clone())).await
}
