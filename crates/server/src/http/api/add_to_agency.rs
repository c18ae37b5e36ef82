//! `POST /accounts/{id}/agency-billing`: *Add to Agency Billing*.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
};
use billing::{SubAccountId, api::AgencyBillingBody, funding::Command};

use super::id;
use crate::{
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

/// Drops the customer's billing information and takes what is left on the balance.
pub async fn answer(
    State(app): State<App>,
    caller: Caller,
    tag: RequestTag,
    Path(sub_account): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    Json { value: body, raw }: Json<AgencyBillingBody>,
) -> Result<Answer, Failure> {
    let sub_account: SubAccountId = id(&sub_account)?;
    let key = idempotency_key(&headers)?;
    let seen = if_match(&headers)?;
    let route = format!("POST {}", uri.path());
    let tools = Tools::of(&app.deps);
    let write = move |tx: &mut dyn Transaction| {
        let signed_in = caller.identify(tx, tools.now)?;
        let key = Key::new(signed_in.user.id.to_string(), key.clone(), &route, &raw);
        once(tx, signed_in.scope, &key, tools.now, |tx| {
            let AgencyBillingBody { choice, take_over_negative } = body;
            let command = Command::AddToAgency { choice, take_over_negative };
            let origin = signed_in.origin(&tag);
            let order = Order { sub_account, command, seen: Some(seen), origin };
            Ok(execute(tx, &tools, signed_in.scope, &order)?.answer)
        })
    };
    app.deps.store.write(write).await
}
