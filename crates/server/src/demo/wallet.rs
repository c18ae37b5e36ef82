//! The agency's card on file, and a customer who takes care: a second card, auto-recharge, and the link to their balance in the
//! mailbox. Done by the real code against the real sandbox, as they would on their pages.

use billing::{
    Money, Policy,
    api::{RechargeBody, SaveCardBody, WalletView, Who},
    funding::Card,
    text::Name,
    wallet::{
        CardRole, RechargeSettings,
        recharge::{CONSENT_VERSION, RechargeCharge},
    },
};

use super::{CURRENCY, SandboxAddress, SeedError, sandbox::confirmation_token};
use crate::{
    balance::{self, Holder},
    deps::Deps,
    execute::{ExecuteError, Tools, balance_links, people, wallet::Owner},
    pay::PayError,
    storage::{Scope, Transaction},
};

/// Whose account it is.
const EXTERNAL_ID: &str = "JS-0826";
/// The second card.
const BACKUP: &str = "5555555555554444";
/// The agency's.
const FIRST: &str = "4242424242424242";

pub(super) async fn fill(
    deps: &Deps,
    sandbox: &SandboxAddress,
    scope: Scope,
) -> Result<(), SeedError> {
    let find = move |tx: &mut dyn Transaction| {
        let id = tx.account_by_external_id(scope, EXTERNAL_ID)?.ok_or(ExecuteError::NotFound)?;
        let account = tx.account(scope, id)?.ok_or(ExecuteError::NotFound)?;
        let customer = account.funding.customer().cloned().ok_or(ExecuteError::NotFound)?;
        let agency = tx.agency(scope)?.ok_or(ExecuteError::NotFound)?;
        Ok::<_, ExecuteError>((id, customer, agency.name))
    };
    let (account, customer, agency) = deps.store.read(find).await?;
    let holder = Holder::of_customer(scope, account, customer.email.clone());
    save(deps, sandbox, &holder, BACKUP, CardRole::Backup).await?;
    let minimum = Policy::standard(CURRENCY).minimum;
    let charge = RechargeCharge::Fixed { amount: minimum };
    let settings = RechargeSettings { below: units(10), charge, daily_cap: units(100) };
    let card = customer.card.ok_or(ExecuteError::NotFound)?;
    recharge(deps, &holder, settings, &agency, &card).await?;
    let tools = Tools::of(deps);
    let ask = move |tx: &mut dyn Transaction| {
        balance_links::ask(tx, &tools, scope, account, &customer.email)
    };
    Ok(deps.store.write(ask).await?)
}

/// The agency has a card on file, and has tried the auto-recharge; it is off.
pub(super) async fn of_agency(
    deps: &Deps,
    sandbox: &SandboxAddress,
    scope: Scope,
) -> Result<(), SeedError> {
    let find = move |tx: &mut dyn Transaction| {
        let owner = people::owner(tx, scope)?.ok_or(ExecuteError::NotFound)?;
        let agency = tx.agency(scope)?.ok_or(ExecuteError::NotFound)?;
        Ok::<_, ExecuteError>((owner, agency.name))
    };
    let (owner, agency) = deps.store.read(find).await?;
    let holder = Holder {
        scope,
        owner: Owner::Agency,
        email: owner.email,
        may_pay: true,
        who: Who::User { id: owner.id, name: owner.name.to_string() },
        key: owner.id.to_string(),
    };
    let shown = save(deps, sandbox, &holder, FIRST, CardRole::Main).await?;
    let card = shown.card.ok_or(ExecuteError::NotFound)?;
    let charge = RechargeCharge::Fixed { amount: units(1_000) };
    let settings = RechargeSettings { below: units(500), charge, daily_cap: units(4_000) };
    recharge(deps, &holder, settings, &agency, &card).await?;
    balance::stop_recharge(deps, &holder, "demo").await.map_err(failed)?;
    Ok(())
}

async fn save(
    deps: &Deps,
    sandbox: &SandboxAddress,
    holder: &Holder,
    number: &str,
    role: CardRole,
) -> Result<WalletView, SeedError> {
    let confirmation_token = confirmation_token(sandbox, number).await?;
    let body = SaveCardBody { confirmation_token, role };
    let raw = serde_json::to_vec(&body).map_err(|error| SeedError::UnderWay(error.to_string()))?;
    balance::save_card(deps, holder, "demo", &raw, &body, "demo").await.map_err(failed)
}

async fn recharge(
    deps: &Deps,
    holder: &Holder,
    settings: RechargeSettings,
    agency: &Name,
    card: &Card,
) -> Result<(), SeedError> {
    let RechargeSettings { below, charge, daily_cap } = settings;
    let (amount, up_to) = match charge {
        RechargeCharge::Fixed { amount } => (Some(amount.into()), None),
        RechargeCharge::UpTo { target } => (None, Some(target.into())),
    };
    let body = RechargeBody {
        below: below.into(),
        amount,
        up_to,
        daily_cap: daily_cap.into(),
        consent: settings.consent_text(agency.as_str(), &card.label()),
        consent_version: CONSENT_VERSION.to_owned(),
    };
    let address = "127.0.0.1".to_owned();
    balance::set_recharge(deps, holder, &body, address, "demo").await.map_err(failed)?;
    Ok(())
}

fn units(units: i64) -> Money {
    Money::from_micros(units * 1_000_000, CURRENCY)
}

fn failed(error: PayError) -> SeedError {
    SeedError::UnderWay(error.to_string())
}
