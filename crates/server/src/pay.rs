//! The customer's side of a secure link, to a billing request or to a balance that is to be topped up: what the pay page shows, and
//! the one-time act of paying.
//!
//! Paying is intent → call → result: the intent is committed with a job that owns the outcome before the gateway is asked; the
//! request then waits for that very job a while. Whoever hears of the outcome first (the answer, a webhook, the reconciler)
//! goes through the same door.

mod facts;

use std::time::Duration;

use billing::{
    PaymentId,
    api::{FieldProblem, PayBody, PayView},
    drafts::{parse_payment_body, parse_usage_body},
    funding::{Command, Refusal},
};
use facts::{About, find, load, remember};

use crate::{
    deps::{Deps, EntropyExt},
    execute::{
        ExecuteError, Order, Origin, RefusalError, Tools, execute,
        idempotent::{self, Key, Seen},
        links::token_hash,
    },
    gateway::GatewayError,
    jobs,
    storage::StorageError,
};

/// How long a customer's request waits for the gateway; past it the page asks again.
const WAIT: Duration = Duration::from_secs(25);

/// Why the customer's side says no.
#[derive(Debug, thiserror::Error)]
pub enum PayError {
    /// No link of ours.
    #[error(
        "This link is not known. Open it from the e-mail, or ask whoever sent it for a new one."
    )]
    UnknownLink,
    /// The rules say no.
    #[error("{0}")]
    Refused(Refusal),
    /// These fields are wrong.
    #[error("Some fields need another look.")]
    Fields(Vec<FieldProblem>),
    /// The key was used with another body.
    #[error("This Idempotency-Key was used with another request.")]
    IdempotencyMismatch,
    /// The first request with this key is still under way.
    #[error("This payment is under way.")]
    IdempotencyInFlight,
    /// The gateway could not be asked; nothing was charged.
    #[error("{0}")]
    Gateway(String),
    /// Something else.
    #[error(transparent)]
    Execute(ExecuteError),
}

impl From<ExecuteError> for PayError {
    fn from(error: ExecuteError) -> Self {
        match error {
            ExecuteError::Refused(RefusalError(refusal)) => Self::Refused(refusal),
            other => Self::Execute(other),
        }
    }
}

impl From<StorageError> for PayError {
    fn from(error: StorageError) -> Self {
        Self::Execute(error.into())
    }
}

/// Says that a link was opened, and answers what the page shows.
///
/// # Errors
/// [`PayError::UnknownLink`], or storage trouble.
pub async fn open(deps: &Deps, token: &str, request_id: &str) -> Result<PayView, PayError> {
    let (hash, tools) = (token_hash(token), Tools::of(deps));
    let request_id = request_id.to_owned();
    deps.store
        .write(move |tx| {
            let facts = find(tx, &hash, tools.now)?;
            let Some(command) = facts.about.opened() else { return Ok(()) };
            let order = Order {
                sub_account: facts.about.sub_account(),
                command,
                seen: None,
                origin: Origin::new(facts.about.customer(), request_id.clone()),
            };
            match execute(tx, &tools, facts.scope, &order) {
                // A dead link may be opened; the page says how it died.
                Ok(_) | Err(ExecuteError::Refused(_)) => Ok::<_, PayError>(()),
                Err(error) => Err(error.into()),
            }
        })
        .await?;
    view(deps, token).await
}

/// What the page shows.
///
/// # Errors
/// [`PayError::UnknownLink`], or storage trouble.
pub async fn view(deps: &Deps, token: &str) -> Result<PayView, PayError> {
    let facts = load(deps, token).await?;
    let Some((payment, Some(intent))) = &facts.authenticating else {
        return Ok(facts.view(deps, None));
    };
    // The secret is the gateway's to keep: it is asked for each time. What else the answer tells is taken in.
    let Ok(intent) = deps.gateway.intent(intent).await else {
        return Ok(facts.view(deps, None));
    };
    let secret = intent.client_secret.clone();
    if intent.status == crate::gateway::IntentStatus::RequiresAction {
        return Ok(facts.view(deps, secret));
    }
    jobs::outcome::learn(deps, facts.scope, *payment, intent, "pay page").await?;
    Ok(load(deps, token).await?.view(deps, None))
}

/// Pays. Answers what the page shows then: paid, declined, authentication needed, or still under way. To be run to its end: who
/// asks may be gone before.
///
/// # Errors
/// [`PayError`]; nothing was charged unless it is [`PayError::IdempotencyInFlight`].
pub async fn pay(
    deps: &Deps,
    token: &str,
    key: &str,
    raw_body: &[u8],
    body: &PayBody,
    request_id: &str,
) -> Result<PayView, PayError> {
    let facts = load(deps, token).await?;
    let scope = facts.scope;
    let key = Key::new(facts.about.key_holder(), key, "POST /pay/payments", raw_body);
    let look = key.clone();
    let seen = deps.store.read(move |tx| idempotent::look(tx, scope, &look)).await?;
    if let Some(answered) = repeat(seen)? {
        return Ok(answered);
    }
    facts.may_pay().map_err(PayError::Refused)?;
    let policy = &facts.policy;
    let problem = |problem| PayError::Fields(vec![problem]);
    let amount = parse_payment_body(&body.amount, policy).map_err(problem)?;
    let usage = parse_usage_body(body.usage.as_ref(), policy).map_err(problem)?;
    let card = deps.gateway.card_of(&body.confirmation_token).await.map_err(card_error)?;
    let payment = PaymentId::new(deps.clock.now(), deps.entropy.id());
    let command = match &facts.about {
        About::Request(row) => {
            Command::StartPayment { request: row.request.id, payment, amount, usage, card }
        }
        About::TopUp(_) if usage.is_some() => return Err(PayError::Refused(Refusal::TermsChanged)),
        About::TopUp(_) => Command::StartTopUp { payment, amount, card },
    };
    let order = Order {
        sub_account: facts.about.sub_account(),
        command,
        seen: None,
        origin: Origin::new(facts.about.customer(), request_id.to_owned()),
    };
    let (tools, started, confirmation, hash) =
        (Tools::of(deps), key.clone(), body.confirmation_token.clone(), token_hash(token));
    let begun = deps
        .store
        .write(move |tx| {
            // Two clicks race up to here; one transaction comes first.
            if let Some(answered) = repeat(idempotent::look(tx, scope, &started)?)? {
                return Ok(Err(Box::new(answered)));
            }
            let facts = find(tx, &hash, tools.now)?;
            facts.may_pay().map_err(PayError::Refused)?;
            execute(tx, &tools, scope, &order).map_err(PayError::from)?;
            remember(tx, scope, &facts.about, payment)?;
            tx.set_confirmation_token(scope, payment, Some(&confirmation))?;
            idempotent::start(tx, scope, &started, tools.now)?;
            // Before the loop can see it: then this request is the one that waits for the gateway.
            Ok::<_, PayError>(Ok(jobs::take(tx, scope, &format!("confirm/{payment}"), tools.now)?))
        })
        .await?;
    match begun {
        Err(answered) => return Ok(*answered),
        // Its own task: a gateway that takes longer than this request waits is heard all the same.
        Ok(job) => {
            let working = tokio::spawn(jobs::do_now(deps.clone(), job));
            let _ = tokio::time::timeout(WAIT, working).await;
        }
    }
    let view = view(deps, token).await?;
    let answer = serde_json::to_string(&view).unwrap_or_default();
    let now = deps.clock.now();
    deps.store
        .write(move |tx| idempotent::answer(tx, scope, &key, 200, &without_secret(&answer), now))
        .await?;
    Ok(view)
}

/// An answer as it is kept for repeats: the page fetches a fresh secret anyhow.
fn without_secret(answer: &str) -> String {
    let mut value: serde_json::Value = serde_json::from_str(answer).unwrap_or_default();
    if let Some(secret) = value.get_mut("client_secret") {
        *secret = serde_json::Value::String(String::new());
    }
    value.to_string()
}

fn repeat(seen: Seen) -> Result<Option<PayView>, PayError> {
    match seen {
        Seen::New => Ok(None),
        Seen::Mismatch => Err(PayError::IdempotencyMismatch),
        Seen::InFlight => Err(PayError::IdempotencyInFlight),
        Seen::Answered(_, body) => serde_json::from_str(&body)
            .map(Some)
            .map_err(|error| StorageError::Damaged(error.to_string()).into()),
    }
}

/// What went wrong when the gateway was asked about the card behind a token.
pub(crate) fn card_error(error: GatewayError) -> PayError {
    match error {
        GatewayError::NotFound | GatewayError::Rejected { .. } | GatewayError::Declined(..) => {
            PayError::Fields(vec![FieldProblem {
                pointer: "/confirmation_token".to_owned(),
                code: "unknown_token".to_owned(),
                detail: "The card details could not be read. Enter the card once more.".to_owned(),
            }])
        }
        GatewayError::TryLater(_) | GatewayError::Unknown(_) => PayError::Gateway(
            "The payment provider can't be reached right now. Nothing was charged; try again in a moment.".to_owned(),
        ),
    }
}
