//! What is under way when the demo opens: brought there by the real code against the real sandbox.

use billing::{
    api::{PayBody, PayState},
    funding::Actor,
};

use super::{SandboxAddress, SeedError, cast, sandbox::confirmation_token};
use crate::{
    deps::Deps,
    execute::{ExecuteError, Origin, Tools, links},
    pay,
    storage::{Scope, links::LinkPurpose},
};

/// Declined for insufficient funds.
const DECLINED: &str = "4000000000009995";
/// Asks for authentication.
const AUTHENTICATES: &str = "4000002500003155";

/// Lets the customers whose story says so try to pay.
pub(super) async fn begin(
    deps: &Deps,
    sandbox: &SandboxAddress,
    scope: Scope,
) -> Result<(), SeedError> {
    for agency in cast::agencies() {
        for account in agency.accounts {
            let number = match account.story {
                cast::Story::Declined => DECLINED,
                cast::Story::Authenticating => AUTHENTICATES,
                _ => continue,
            };
            pay_with(deps, sandbox, scope, account.external_id, number).await?;
        }
    }
    Ok(())
}

async fn pay_with(
    deps: &Deps,
    sandbox: &SandboxAddress,
    scope: Scope,
    external_id: &'static str,
    number: &str,
) -> Result<(), SeedError> {
    let tools = Tools::of(deps);
    let (token, amount) = deps
        .store
        .write(move |tx| {
            let id = tx.account_by_external_id(scope, external_id)?;
            let account = match id {
                Some(id) => tx.account(scope, id)?.ok_or(ExecuteError::NotFound)?,
                None => return Err(ExecuteError::NotFound),
            };
            let open = account.funding.open_request().ok_or(ExecuteError::NotFound)?;
            let origin = Origin::new(Actor::system("demo"), "demo");
            let purpose = LinkPurpose::Copy;
            let (token, _) =
                links::create(tx, &tools, scope, account.id, open.id, purpose, &origin)?;
            Ok((token, open.starting_balance))
        })
        .await?;
    let body = PayBody {
        amount: amount.into(),
        usage: None,
        confirmation_token: confirmation_token(sandbox, number).await?,
    };
    let raw = serde_json::to_vec(&body).map_err(|error| SeedError::UnderWay(error.to_string()))?;
    let failed = |error: pay::PayError| SeedError::UnderWay(format!("{external_id}: {error}"));
    pay::open(deps, &token, "demo").await.map_err(failed)?;
    let view = pay::pay(deps, &token, "demo", &raw, &body, "demo").await.map_err(failed)?;
    match view.state {
        PayState::Open { last_failure: Some(_) } | PayState::ActionRequired { .. } => Ok(()),
        state => Err(SeedError::UnderWay(format!("{external_id} ended as {state:?}"))),
    }
}
