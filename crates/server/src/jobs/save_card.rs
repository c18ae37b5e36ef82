//! Owns the saving of a card from its committed intent until its outcome is known, as [`super::confirm_payment`] owns a payment.

use std::time::Duration;

use billing::{
    SetupId,
    funding::{Actor, PaymentFailure},
    wallet::{CardSetup, Command},
};

use super::{OWN_PAGE, keeper::Keeper, retry};
use crate::{
    deps::Deps,
    execute::{
        ExecuteError, Origin, Tools,
        wallet::{Owner, execute_wallet},
    },
    gateway::{Decline, GatewayError, SaveCard, Setup, SetupStatus},
    storage::{
        Scope, StorageError, Transaction,
        jobs::{JobOutcome, JobRow},
        wallets::CardSetupRow,
    },
};

/// Within it the gateway knows our idempotency key (PAYMENTS §1, 5).
const KEY_LIFE: Duration = Duration::from_secs(23 * 60 * 60);
/// Whoever has not authenticated by then will not.
const AUTHENTICATE_WITHIN: Duration = Duration::from_secs(60 * 60);
/// How often to look whether they have, when no webhook says so.
const LOOK_EVERY: Duration = Duration::from_secs(20);

struct Facts {
    row: CardSetupRow,
    /// While the wallet waits for it.
    open: Option<CardSetup>,
    keeper: Option<Keeper>,
}

pub(super) async fn save(
    deps: &Deps,
    job: &JobRow,
    setup: SetupId,
) -> Result<JobOutcome, ExecuteError> {
    let scope = job.scope;
    let Some(facts) = load(deps, scope, setup).await? else { return Ok(JobOutcome::Done) };
    let mut is_left = false;
    match ask(deps, scope, facts).await {
        Ok(Some(told)) => {
            is_left = told.status == SetupStatus::RequiresAction;
            learn(deps, scope, setup, &told).await?;
        }
        Ok(None) => {
            let message = "The card was not saved in time.".to_owned();
            fail(deps, scope, setup, "canceled".to_owned(), message, None).await?;
        }
        Err(GatewayError::Declined(Decline { code, message, advice }, _)) => {
            fail(deps, scope, setup, code, message, advice).await?;
        }
        Err(GatewayError::Rejected { code, message, .. }) => {
            fail(deps, scope, setup, code, message, None).await?;
        }
        // Ask again; what we asked for carries the same key.
        Err(error) => return Ok(retry(deps, job, error)),
    }
    let facts = load(deps, scope, setup).await?;
    Ok(match facts.and_then(|facts| facts.open) {
        // Called off while the gateway was asked: it is to be called off there, too.
        None if is_left => retry(deps, job, "nobody waits for it any more"),
        None => JobOutcome::Done,
        Some(open) if open.needs_action => {
            let error = "the cardholder has to authenticate".to_owned();
            JobOutcome::Retry { at: deps.clock.now().plus(LOOK_EVERY), error }
        }
        Some(_) => retry(deps, job, "the outcome is not known yet"),
    })
}

/// The SetupIntent, if there is one: by what we know it as, or by its customer.
pub(super) async fn find(deps: &Deps, row: &CardSetupRow) -> Result<Option<Setup>, GatewayError> {
    if let Some(intent) = &row.intent {
        return deps.gateway.setup(intent).await.map(Some).map_err(GatewayError::of_a_look);
    }
    match &row.customer {
        Some(customer) => {
            let found = deps.gateway.find_setup(customer, row.id).await;
            found.map_err(GatewayError::of_a_look)
        }
        None => Ok(None),
    }
}

/// What has become of it, made if need be; nothing when there is none and nobody wants one any more.
async fn ask(deps: &Deps, scope: Scope, facts: Facts) -> Result<Option<Setup>, GatewayError> {
    let Facts { mut row, open, keeper, .. } = facts;
    let age = deps.clock.now().since(row.created_at);
    if let Some(found) = find(deps, &row).await? {
        let waits = open.as_ref().is_none_or(|open| open.needs_action && age > AUTHENTICATE_WITHIN);
        if waits && found.status != SetupStatus::Succeeded {
            let gone = deps.gateway.cancel_setup(&found.id).await;
            return gone.map(Some).map_err(GatewayError::of_a_look);
        }
        return Ok(Some(found));
    }
    let Some(confirmation_token) = row.confirmation_token.clone() else { return Ok(None) };
    if open.is_none() || age > KEY_LIFE {
        return Ok(None);
    }
    let customer = match (&row.customer, keeper) {
        (Some(customer), _) => customer.clone(),
        (None, Some(keeper)) => keeper.id(deps, scope).await?,
        (None, None) => return Ok(None),
    };
    // Before the call: whoever comes after a crash looks for it there.
    if row.customer.is_none() {
        row.customer = Some(customer.clone());
        let known = row.clone();
        keep(deps, move |tx| tx.save_card_setup(scope, &known)).await?;
    }
    let page = if row.account.is_some() { "/balance" } else { OWN_PAGE };
    let return_url = format!("{}{page}", deps.config.public_url);
    let save = SaveCard { setup: row.id, customer, confirmation_token, return_url };
    deps.gateway.save_card(&save).await.map(Some)
}

async fn keep(
    deps: &Deps,
    write: impl Fn(&mut dyn Transaction) -> Result<(), StorageError> + Send + 'static,
) -> Result<(), GatewayError> {
    let kept = deps.store.write(move |tx| write(tx)).await;
    kept.map_err(|error: StorageError| GatewayError::TryLater(error.to_string()))
}

/// Takes in what the gateway says of it, whoever brings the news.
///
/// # Errors
/// When storage fails.
pub async fn learn(
    deps: &Deps,
    scope: Scope,
    setup: SetupId,
    told: &Setup,
) -> Result<(), ExecuteError> {
    if told.live == deps.config.is_test_mode() {
        tracing::error!(%setup, "the gateway tells of the other mode, live or test");
        return Ok(());
    }
    let now = deps.clock.now();
    let command = match (&told.status, &told.card) {
        (SetupStatus::Succeeded, Some(card)) => Command::SettleSetup { setup, card: card.clone() },
        (SetupStatus::RequiresAction, _) => Command::RequireSetupAction { setup },
        (SetupStatus::RequiresPaymentMethod | SetupStatus::Canceled, _) => {
            let failure = match (&told.decline, &told.status) {
                (Some(decline), _) => PaymentFailure {
                    code: decline.code.clone(),
                    message: decline.message.clone(),
                    advice: decline.advice.clone(),
                    at: now,
                },
                (None, status) => {
                    let gone = *status == SetupStatus::Canceled;
                    let code = if gone { "canceled" } else { "card_declined" };
                    let message = "The card was not saved.".to_owned();
                    PaymentFailure { code: code.to_owned(), message, advice: None, at: now }
                }
            };
            Command::FailSetup { setup, failure }
        }
        // Not known yet: whoever asked will ask again.
        _ => return Ok(()),
    };
    tell(deps, scope, setup, command, Some(told.id.clone())).await
}

async fn fail(
    deps: &Deps,
    scope: Scope,
    setup: SetupId,
    code: String,
    message: String,
    advice: Option<String>,
) -> Result<(), ExecuteError> {
    let failure = PaymentFailure { code, message, advice, at: deps.clock.now() };
    tell(deps, scope, setup, Command::FailSetup { setup, failure }, None).await
}

async fn tell(
    deps: &Deps,
    scope: Scope,
    setup: SetupId,
    command: Command,
    intent: Option<String>,
) -> Result<(), ExecuteError> {
    let tools = Tools::of(deps);
    deps.store
        .write(move |tx| {
            let row = tx.card_setup(scope, setup)?.ok_or(ExecuteError::NotFound)?;
            let owner = Owner::of(row.account);
            let origin = Origin::new(Actor::system("gateway"), setup.to_string());
            execute_wallet(tx, &tools, scope, owner, &command, &origin)?;
            let is_over = !matches!(command, Command::RequireSetupAction { .. });
            let confirmation_token = row.confirmation_token.clone().filter(|_| !is_over);
            let intent = row.intent.clone().or_else(|| intent.clone());
            tx.save_card_setup(scope, &CardSetupRow { confirmation_token, intent, ..row })?;
            if is_over {
                tx.wake_job(scope, &format!("save-card/{setup}"), tools.now)?;
            }
            Ok(())
        })
        .await
}

async fn load(deps: &Deps, scope: Scope, setup: SetupId) -> Result<Option<Facts>, ExecuteError> {
    deps.store
        .read(move |tx: &mut dyn Transaction| {
            let Some(row) = tx.card_setup(scope, setup)? else { return Ok(None) };
            let open = tx.wallet(scope, row.account)?.setup.filter(|open| open.id == setup);
            let keeper = Keeper::of(tx, scope, Owner::of(row.account))?;
            Ok::<_, ExecuteError>(Some(Facts { row, open, keeper }))
        })
        .await
}
