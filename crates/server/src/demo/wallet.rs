//! A customer who takes care: a second card, auto-recharge, and the link to their balance in the mailbox. Done by the real code
//! against the real sandbox, as the customer would on the page of their balance.

use billing::{
    Money, Policy,
    api::{RechargeBody, SaveCardBody},
    wallet::{CardRole, RechargeSettings, recharge::CONSENT_VERSION},
};

use super::{CURRENCY, SandboxAddress, SeedError, sandbox::confirmation_token};
use crate::{
    balance::{self, Holder},
    deps::Deps,
    execute::{ExecuteError, Tools, balance_links},
    pay::PayError,
    storage::Scope,
};

/// Whose account it is.
const EXTERNAL_ID: &str = "JS-0826";
/// The second card.
const BACKUP: &str = "5555555555554444";

pub(super) async fn fill(
    deps: &Deps,
    sandbox: &SandboxAddress,
    scope: Scope,
) -> Result<(), SeedError> {
    let find = move |tx: &mut dyn crate::storage::Transaction| {
        let id = tx.account_by_external_id(scope, EXTERNAL_ID)?.ok_or(ExecuteError::NotFound)?;
        let account = tx.account(scope, id)?.ok_or(ExecuteError::NotFound)?;
        let customer = account.funding.customer().cloned().ok_or(ExecuteError::NotFound)?;
        let agency = tx.agency(scope)?.ok_or(ExecuteError::NotFound)?;
        Ok::<_, ExecuteError>((id, customer, agency.name))
    };
    let (account, customer, agency) = deps.store.read(find).await?;
    let holder = Holder::of_customer(scope, account, customer.email.clone());
    let token = confirmation_token(sandbox, BACKUP).await?;
    let body = SaveCardBody { confirmation_token: token, role: CardRole::Backup };
    let raw = serde_json::to_vec(&body).map_err(|error| SeedError::UnderWay(error.to_string()))?;
    balance::save_card(deps, &holder, "demo", &raw, &body, "demo").await.map_err(failed)?;
    let card = customer.card.ok_or(ExecuteError::NotFound)?;
    let minimum = Policy::standard(CURRENCY).minimum;
    let units = |units: i64| Money::from_micros(units * 1_000_000, CURRENCY);
    let (below, daily_cap) = (units(10), units(100));
    let charge = billing::wallet::recharge::RechargeCharge::Fixed { amount: minimum };
    let settings = RechargeSettings { below, charge, daily_cap };
    let body = RechargeBody {
        below: below.into(),
        amount: Some(minimum.into()),
        up_to: None,
        daily_cap: daily_cap.into(),
        consent: settings.consent_text(agency.as_str(), &card.label()),
        consent_version: CONSENT_VERSION.to_owned(),
    };
    let address = "127.0.0.1".to_owned();
    balance::set_recharge(deps, &holder, &body, address, "demo").await.map_err(failed)?;
    let tools = Tools::of(deps);
    let ask = move |tx: &mut dyn crate::storage::Transaction| {
        balance_links::ask(tx, &tools, scope, account, &customer.email)
    };
    Ok(deps.store.write(ask).await?)
}

fn failed(error: PayError) -> SeedError {
    SeedError::UnderWay(format!("{EXTERNAL_ID}: {error}"))
}
