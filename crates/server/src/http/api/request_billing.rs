//! `POST /accounts/{id}/billing-requests`: *Remove from Agency Billing*.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
};
use billing::{
    Policy, RequestId, SubAccountId, api::BillingRequestBody, drafts::parse_billing_request,
    funding::Command,
};

use super::id;
use crate::{
    deps::EntropyExt as _,
    execute::{Order, Tools, execute, idempotent::Key},
    http::{
        App, Failure, RequestTag,
        body::Json,
        caller::Caller,
        conditions::{idempotency_key, if_match},
        once::{Answer, once},
    },
    storage::Transaction,
};

/// Asks a customer to take over billing. Replaces an open request.
pub async fn answer(
    State(app): State<App>,
    caller: Caller,
    tag: RequestTag,
    Path(sub_account): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    Json { value: body, raw }: Json<BillingRequestBody>,
) -> Result<Answer, Failure> {
    let sub_account: SubAccountId = id(&sub_account)?;
    let key = idempotency_key(&headers)?;
    let seen = if_match(&headers)?;
    let route = format!("POST {}", uri.path());
    let tools = Tools::of(&app.deps);
    let write = move |tx: &mut dyn Transaction| {
        let signed_in = caller.identify(tx, tools.now)?;
        let scope = signed_in.scope;
        let key = Key::new(signed_in.user.id.to_string(), key.clone(), &route, &raw);
        once(tx, scope, &key, tools.now, |tx| {
            let agency = tx.agency(scope)?.ok_or_else(Failure::not_found)?;
            // Before the fields are judged: what is not yours is not there, whatever you say about it.
            tx.account(scope, sub_account)?.ok_or_else(Failure::not_found)?;
            let terms = parse_billing_request(&body, &Policy::standard(agency.currency))
                .map_err(Failure::invalid)?;
            let command = Command::RequestBilling {
                request: RequestId::new(tools.now, tools.entropy.id()),
                email: terms.email,
                starting_balance: terms.starting_balance,
                message: terms.message,
            };
            let origin = signed_in.origin(&tag);
            let order = Order { sub_account, command, seen: Some(seen), origin };
            Ok(execute(tx, &tools, scope, &order)?.answer)
        })
    };
    app.deps.store.write(write).await
}
