//! `GET /accounts/{id}/standing`: may the metered service go on? Asked often, by machines.

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use billing::{Standing, api::StandingAnswer, funding::Payer};

use super::account_named;
use crate::{
    execute::snapshots,
    http::{
        App, Failure,
        gate::{May, rights::ReadAccounts},
    },
    storage::{Scope, Transaction},
};

/// How long an answer is good for, in seconds.
const GOOD_FOR: &str = "private, max-age=2";

/// What the metered service should do with an account. Takes an API key or a session; the account by its id or the agency's
/// own id for it.
pub async fn answer(
    caller: May<ReadAccounts>,
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let now = app.deps.clock.now();
    let read = move |tx: &mut dyn Transaction| {
        let scope = caller.identify(tx, now)?.scope;
        standing(tx, scope, &name)
    };
    let standing = app.deps.store.read(read).await?;
    let tag = etag(&standing);
    let unchanged = headers.get(header::IF_NONE_MATCH).is_some_and(|seen| *seen == tag);
    let mut response = match unchanged {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => Json(standing).into_response(),
    };
    response.headers_mut().insert(header::ETAG, tag);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(GOOD_FOR));
    Ok(response)
}

fn standing(tx: &mut dyn Transaction, scope: Scope, name: &str) -> Result<StandingAnswer, Failure> {
    let account = account_named(tx, scope, name)?.ok_or_else(Failure::not_found)?;
    let agency = tx.agency(scope)?.ok_or_else(Failure::not_found)?;
    let standing = snapshots::account(&account, &agency).standing;
    Ok(StandingAnswer { account: account.id, standing, payer: account.funding.payer() })
}

/// Everything the answer says but whose it is, which the address says.
fn etag(answer: &StandingAnswer) -> HeaderValue {
    HeaderValue::from_static(match (answer.standing, answer.payer) {
        (Standing::Active, Payer::Agency) => "\"active-agency\"",
        (Standing::Low, Payer::Agency) => "\"low-agency\"",
        (Standing::Paused, Payer::Agency) => "\"paused-agency\"",
        (Standing::Active, Payer::Customer) => "\"active-customer\"",
        (Standing::Low, Payer::Customer) => "\"low-customer\"",
        (Standing::Paused, Payer::Customer) => "\"paused-customer\"",
    })
}
