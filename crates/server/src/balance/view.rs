//! What the page of a balance shows.

use std::collections::BTreeMap;

use billing::{
    Currency, Money, PaymentId, Policy, SetupId, Standing, SubAccountId, Timestamp,
    api::{GatewayInfo, ReportBy, WalletPayment, WalletPaymentStatus, WalletState, WalletView},
    funding::{Card, Funding, Payer, PaymentStatus, Phase, Purpose},
    text::{EmailAddress, Name},
    usage::Day,
    wallet::{DaySpent, RechargeLimits, recharge::CONSENT_VERSION},
};

use super::Holder;
use crate::{
    deps::Deps,
    execute::{ExecuteError, balance_links, branding, people, wallet::Owner},
    gateway::{IntentStatus, SetupStatus},
    jobs,
    pay::PayError,
    storage::{
        Result as Stored, Scope, Transaction,
        payments::PaymentRow,
        usage::{DayKey, UsageQuery},
    },
};

/// How many days of usage are shown.
const DAYS: i64 = 30;
/// Lines of days read at once.
const PAGE: u32 = 1_000;

/// What is known, but for what the gateway keeps.
struct Found {
    view: WalletView,
    /// The payment that waits for its payer, with the gateway's id for it.
    authenticating: Option<(PaymentId, String)>,
    /// The card that waits for its holder, with the gateway's id for that.
    confirming: Option<(SetupId, String)>,
}

/// What the page shows. The secrets are the gateway's to keep: they are asked for each time, and what else the answers tell is
/// taken in.
pub(super) async fn view(deps: &Deps, holder: &Holder) -> Result<WalletView, PayError> {
    let mut found = load(deps, holder).await?;
    let scope = holder.scope;
    let mut is_news = false;
    if let Some((payment, intent)) = &found.authenticating
        && let Ok(intent) = deps.gateway.intent(intent).await
    {
        if intent.status == IntentStatus::RequiresAction {
            let shown = found.view.payment.iter_mut();
            for payment in shown {
                let secret = intent.client_secret.clone();
                payment.client_secret = secret.filter(|_| holder.may_pay);
                payment.status = WalletPaymentStatus::ActionRequired;
            }
        } else {
            jobs::outcome::learn(deps, scope, *payment, intent, "balance page").await?;
            is_news = true;
        }
    }
    if let Some((setup, intent)) = &found.confirming
        && let Ok(told) = deps.gateway.setup(intent).await
    {
        if told.status == SetupStatus::RequiresAction {
            found.view.setup_secret = told.client_secret.filter(|_| holder.may_pay);
        } else {
            jobs::save_card::learn(deps, scope, *setup, &told).await?;
            is_news = true;
        }
    }
    match is_news {
        true => Ok(load(deps, holder).await?.view),
        false => Ok(found.view),
    }
}

async fn load(deps: &Deps, holder: &Holder) -> Result<Found, PayError> {
    let (holder, now) = (holder.clone(), deps.clock.now());
    let gateway = GatewayInfo {
        script_url: deps.config.gateway.script_url.clone(),
        publishable_key: deps.config.gateway.publishable_key.clone(),
        test_mode: deps.config.is_test_mode(),
    };
    let look = move |tx: &mut dyn Transaction| {
        let about = match holder.owner {
            Owner::Customer(account) => of_customer(tx, &holder, account, now)?,
            Owner::Agency => of_agency(tx, &holder, now)?,
        };
        found(tx, &holder, about, gateway.clone())
    };
    Ok(deps.store.read(look).await?)
}

/// What is not the same for a customer's balance and the agency's own.
struct About {
    agency_name: Name,
    stylesheet: Option<String>,
    account_name: Option<Name>,
    email: EmailAddress,
    state: WalletState,
    balance: Money,
    low_below: Money,
    card: Option<Card>,
    limits: RechargeLimits,
    presets: Vec<Money>,
    last: Option<PaymentRow>,
    days: Vec<DaySpent>,
}

fn of_customer(
    tx: &mut dyn Transaction,
    holder: &Holder,
    account: SubAccountId,
    now: Timestamp,
) -> Result<About, ExecuteError> {
    let scope = holder.scope;
    let agency = tx.agency(scope)?.ok_or(ExecuteError::NotFound)?;
    let row = tx.account(scope, account)?.ok_or(ExecuteError::NotFound)?;
    let stint = balance_links::stint(tx, scope, &row, &holder.email)?;
    let theirs = |payment: &PaymentRow| {
        let at = payment.payment.settled_at.unwrap_or(payment.payment.started_at);
        stint.is_some_and(|(from, to)| at >= from && to.is_none_or(|to| at <= to))
    };
    let payments = tx.payments_of(scope, Some(account))?;
    let policy = Policy::standard(agency.currency);
    Ok(About {
        stylesheet: branding::address(tx, scope)?,
        account_name: Some(row.name.clone()),
        email: holder.email.clone(),
        state: state_of(&row.funding),
        balance: row.customer_balance,
        low_below: row.low_below,
        card: row.funding.customer().and_then(|customer| customer.card.clone()),
        limits: RechargeLimits::customer(&policy),
        presets: policy.presets(),
        last: payments.into_iter().rfind(theirs),
        days: days(tx, scope, account, stint.map(|(from, _)| from), now, agency.currency)?,
        agency_name: agency.name,
    })
}

fn of_agency(
    tx: &mut dyn Transaction,
    holder: &Holder,
    now: Timestamp,
) -> Result<About, ExecuteError> {
    let scope = holder.scope;
    let agency = tx.agency(scope)?.ok_or(ExecuteError::NotFound)?;
    let owner = people::owner(tx, scope)?;
    let last = tx.payments_page(scope, None, None, 1)?.pop();
    let policy = Policy::standard(agency.currency);
    Ok(About {
        stylesheet: None,
        account_name: None,
        email: owner.map_or_else(|| holder.email.clone(), |owner| owner.email),
        state: WalletState::Open,
        balance: agency.balance,
        low_below: agency.low_below,
        card: tx.treasury(scope)?.card,
        limits: RechargeLimits::agency(&policy),
        presets: policy.agency_presets(),
        last,
        days: own_days(tx, scope, now, agency.currency)?,
        agency_name: agency.name,
    })
}

fn found(
    tx: &mut dyn Transaction,
    holder: &Holder,
    about: About,
    gateway: GatewayInfo,
) -> Result<Found, ExecuteError> {
    let scope = holder.scope;
    let wallet = tx.wallet(scope, holder.owner.account())?;
    let policy = Policy::standard(about.balance.currency());
    let setup = wallet.setup.clone();
    let mut confirming = None;
    if let Some(setup) = setup.as_ref().filter(|setup| setup.needs_action) {
        let known = tx.card_setup(scope, setup.id)?.and_then(|row| row.intent);
        confirming = known.map(|intent| (setup.id, intent));
    }
    let waits = |row: &&PaymentRow| {
        row.payment.status == PaymentStatus::ActionRequired && about.state == WalletState::Open
    };
    let waiting = about.last.as_ref().filter(waits);
    let authenticating = waiting.and_then(|row| Some((row.payment.id, row.intent.clone()?)));
    let view = WalletView {
        agency_name: about.agency_name,
        stylesheet: about.stylesheet,
        account_name: about.account_name,
        email: about.email,
        state: about.state,
        balance: about.balance,
        low_below: about.low_below,
        standing: Standing::of(about.balance, about.low_below),
        card: about.card,
        backup: wallet.backup,
        setup,
        setup_secret: None,
        setup_failure: wallet.setup_failure,
        payment: about.last.map(payment),
        recharge: wallet.recharge,
        limits: about.limits,
        consent_version: CONSENT_VERSION.to_owned(),
        minimum: policy.minimum,
        maximum: policy.maximum,
        presets: about.presets,
        days: about.days,
        gateway,
    };
    Ok(Found { view, authenticating, confirming })
}

fn payment(row: PaymentRow) -> WalletPayment {
    let payment = row.payment;
    WalletPayment {
        id: payment.id,
        amount: payment.amount,
        started_at: payment.started_at,
        is_recharge: payment.purpose == Purpose::Recharge,
        status: match payment.status {
            // Until the gateway has told the secret there is nothing to be done about it.
            PaymentStatus::Started | PaymentStatus::ActionRequired => {
                WalletPaymentStatus::Processing
            }
            PaymentStatus::Settled => WalletPaymentStatus::Paid,
            PaymentStatus::Failed => WalletPaymentStatus::Failed,
        },
        client_secret: None,
        failure: payment.failure,
    }
}

/// What each of the last days has cost the customer, oldest first.
fn days(
    tx: &mut dyn Transaction,
    scope: Scope,
    account: SubAccountId,
    from: Option<Timestamp>,
    now: Timestamp,
    currency: Currency,
) -> Stored<Vec<DaySpent>> {
    let today = Day::of(now).0;
    let first = today - DAYS + 1;
    let since = from.map_or(today + 1, |from| Day::of(from).0).max(first);
    let mut spent = vec![0_i64; usize::try_from(DAYS).unwrap_or_default()];
    let query = UsageQuery { from: Day(since), to: Day(today + 1), account: Some(account) };
    let mut after: Option<DayKey> = None;
    loop {
        let rows = tx.usage_days(scope, &query, after.as_ref(), PAGE)?;
        let full = rows.len() == PAGE as usize;
        after = rows.last().map(|(key, _)| key.clone());
        for (key, sum) in rows.iter().filter(|(key, _)| key.payer == Payer::Customer) {
            let slot = usize::try_from(key.day.0 - first).ok().and_then(|day| spent.get_mut(day));
            slot.into_iter().for_each(|slot| *slot = slot.saturating_add(sum.amount_micros));
        }
        if !full {
            break;
        }
    }
    let day = |(day, micros): (i64, i64)| DaySpent {
        day: Day(day).text(),
        amount: Money::from_micros(micros, currency),
    };
    Ok((first..).zip(spent).map(day).collect())
}

/// What each of the last days has cost the agency, for all sub-accounts that it paid for, oldest first.
fn own_days(
    tx: &mut dyn Transaction,
    scope: Scope,
    now: Timestamp,
    currency: Currency,
) -> Stored<Vec<DaySpent>> {
    let today = Day::of(now).0;
    let first = today - DAYS + 1;
    let query = UsageQuery { from: Day(first), to: Day(today + 1), account: None };
    let spent = tx.usage_report(scope, &query, ReportBy::Day)?;
    let spent: BTreeMap<_, _> = spent.into_iter().map(|day| (day.key, day.agency_micros)).collect();
    let day = |day: i64| {
        let day = Day(day).text();
        let micros = spent.get(&day).copied().unwrap_or_default();
        DaySpent { day, amount: Money::from_micros(micros, currency) }
    };
    Ok((first..=today).map(day).collect())
}

/// Whether a balance can be paid onto.
fn state_of(funding: &Funding) -> WalletState {
    match funding.phase() {
        Phase::Customer => WalletState::Open,
        Phase::Returning => WalletState::Returning,
        _ => WalletState::AgencyPays,
    }
}
