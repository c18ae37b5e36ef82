//! The customer's side of a secure link: what the pay page shows, and the one-time act of paying.
//!
//! Paying is intent → call → result: the intent is committed with a job that owns the outcome before the gateway is asked; the
//! request then waits for that very job a while. Whoever hears of the outcome first (the answer, a webhook, the reconciler)
//! goes through the same door.

use std::time::Duration;

use billing::{
    Money, PaymentId, Policy, RequestId, SubAccountId, Timestamp,
    api::{FieldProblem, GatewayInfo, PayBody, PayState, PayView},
    drafts::{parse_payment_body, parse_usage_body},
    funding::{
        Actor, Closure, Command, DeadLink, Funding, Payer, Payment, PaymentStatus, Purpose, Refusal,
    },
};

use crate::{
    deps::{Deps, EntropyExt},
    execute::{
        ExecuteError, Order, Origin, RefusalError, Tools, branding, execute,
        idempotent::{self, Key, Seen},
        links::token_hash,
    },
    gateway::GatewayError,
    jobs,
    storage::{Scope, StorageError, Transaction, requests::RequestRow},
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
            let (scope, request) = tx.link(&hash)?.ok_or(PayError::UnknownLink)?;
            let row = tx.request(scope, request)?.ok_or(PayError::UnknownLink)?;
            let order = Order {
                sub_account: row.sub_account,
                command: Command::OpenRequest { request },
                seen: None,
                origin: Origin::new(customer(&row), request_id.clone()),
            };
            match execute(tx, &tools, scope, &order) {
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

/// Pays. Answers what the page shows then: paid, declined, authentication needed, or still under way.
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
    let key = Key::new(facts.row.request.id.to_string(), key, "POST /pay/payments", raw_body);
    let look = key.clone();
    let seen = deps.store.read(move |tx| idempotent::look(tx, scope, &look)).await?;
    if let Some(answered) = repeat(seen)? {
        return Ok(answered);
    }
    if let Some((closure, _)) = facts.row.closed {
        // Before the gateway is asked about the card: it may be away, and the link is dead whatever it says.
        return Err(PayError::Refused(Refusal::LinkDead { why: closure.into() }));
    }
    let policy = &facts.policy;
    let problem = |problem| PayError::Fields(vec![problem]);
    let amount = parse_payment_body(&body.amount, policy).map_err(problem)?;
    let usage = parse_usage_body(body.usage.as_ref(), policy).map_err(problem)?;
    let card = deps.gateway.card_of(&body.confirmation_token).await.map_err(card_error)?;
    let payment = PaymentId::new(deps.clock.now(), deps.entropy.id());
    let request = facts.row.request.id;
    let order = Order {
        sub_account: facts.row.sub_account,
        command: Command::StartPayment { request, payment, amount, usage, card },
        seen: None,
        origin: Origin::new(customer(&facts.row), request_id.to_owned()),
    };
    let (tools, started, confirmation) =
        (Tools::of(deps), key.clone(), body.confirmation_token.clone());
    let first = deps
        .store
        .write(move |tx| {
            // Two clicks race up to here; one transaction comes first.
            if let Some(answered) = repeat(idempotent::look(tx, scope, &started)?)? {
                return Ok(Some(answered));
            }
            execute(tx, &tools, scope, &order).map_err(PayError::from)?;
            tx.set_confirmation_token(scope, payment, Some(&confirmation))?;
            idempotent::start(tx, scope, &started, tools.now)?;
            Ok::<_, PayError>(None)
        })
        .await?;
    if let Some(answered) = first {
        return Ok(answered);
    }
    // Its own task: a customer who closes the page must not stop their payment half-way.
    let working = tokio::spawn(jobs::run_now(deps.clone(), scope, format!("confirm/{payment}")));
    let _ = tokio::time::timeout(WAIT, working).await;
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

fn customer(row: &RequestRow) -> Actor {
    Actor::Customer { email: row.request.email.clone() }
}

fn card_error(error: GatewayError) -> PayError {
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

/// What is known about a link.
struct Facts {
    scope: Scope,
    row: RequestRow,
    policy: Policy,
    agency_name: billing::text::Name,
    stylesheet: Option<String>,
    account_name: billing::text::Name,
    funding: Funding,
    payments: Vec<Payment>,
    /// The payment that waits for the customer, with the gateway's id for it.
    authenticating: Option<(PaymentId, Option<String>)>,
    now: Timestamp,
}

async fn load(deps: &Deps, token: &str) -> Result<Facts, PayError> {
    let (hash, now) = (token_hash(token), deps.clock.now());
    deps.store
        .read(move |tx| {
            let (scope, request) = tx.link(&hash)?.ok_or(PayError::UnknownLink)?;
            facts(tx, scope, request, now)
        })
        .await
}

fn facts(
    tx: &mut dyn Transaction,
    scope: Scope,
    request: RequestId,
    now: Timestamp,
) -> Result<Facts, PayError> {
    let row = tx.request(scope, request)?.ok_or(PayError::UnknownLink)?;
    let agency = tx.agency(scope)?.ok_or(PayError::UnknownLink)?;
    let account = tx.account(scope, row.sub_account)?.ok_or(PayError::UnknownLink)?;
    let rows = payments_for(tx, scope, row.sub_account, request)?;
    let waits = |payment: &&(Payment, Option<String>)| {
        payment.0.status == PaymentStatus::ActionRequired && row.closed.is_none()
    };
    let authenticating =
        rows.iter().rev().find(waits).map(|(payment, intent)| (payment.id, intent.clone()));
    Ok(Facts {
        scope,
        policy: Policy::standard(agency.currency),
        agency_name: agency.name,
        stylesheet: branding::address(tx, scope)?,
        account_name: account.name,
        funding: account.funding,
        payments: rows.into_iter().map(|(payment, _)| payment).collect(),
        authenticating,
        row,
        now,
    })
}

fn payments_for(
    tx: &mut dyn Transaction,
    scope: Scope,
    sub_account: SubAccountId,
    request: RequestId,
) -> Result<Vec<(Payment, Option<String>)>, StorageError> {
    let rows = tx.payments_of(scope, sub_account)?;
    let answers =
        |purpose: &Purpose| matches!(purpose, Purpose::Switch { request: r, .. } if *r == request);
    Ok(rows
        .into_iter()
        .filter(|row| answers(&row.payment.purpose))
        .map(|row| (row.payment, row.intent))
        .collect())
}

impl Facts {
    fn view(&self, deps: &Deps, client_secret: Option<String>) -> PayView {
        let request = &self.row.request;
        PayView {
            agency_name: self.agency_name.clone(),
            stylesheet: self.stylesheet.clone(),
            account_name: self.account_name.clone(),
            email: request.email.clone(),
            message: request.message.clone(),
            starting_balance: request.starting_balance,
            usage: self.usage(),
            requested_at: request.requested_at,
            minimum: self.policy.minimum,
            maximum: self.policy.maximum,
            presets: self.policy.presets(),
            expires_at: request.expires_at,
            gateway: GatewayInfo {
                script_url: deps.config.gateway.script_url.clone(),
                publishable_key: deps.config.gateway.publishable_key.clone(),
                test_mode: deps.config.is_test_mode(),
            },
            state: self.state(client_secret),
        }
    }

    /// What is asked for on top, or was paid on top: the agency may have asked for something else since.
    fn usage(&self) -> Option<Money> {
        let asked = self.row.request.usage.map(|asked| asked.amount);
        self.payments.iter().rev().find(|paid| paid.credited).map_or(asked, Payment::usage)
    }

    fn state(&self, client_secret: Option<String>) -> PayState {
        let with = |status| self.payments.iter().rev().find(move |p| p.status == status);
        if let Some(paid) = self.payments.iter().rev().find(|payment| payment.credited) {
            return PayState::Paid {
                amount: paid.amount,
                paid_at: paid.settled_at.unwrap_or(paid.started_at),
                card: paid.card.clone(),
            };
        }
        if let Some(back) = with(PaymentStatus::Settled) {
            return PayState::PaidBack { amount: back.amount };
        }
        if let Some(started) = with(PaymentStatus::Started) {
            return PayState::Processing { amount: started.amount };
        }
        match self.dead() {
            Some(DeadLink::AlreadyPaid) => return PayState::AlreadyPaid,
            Some(DeadLink::Expired) => return PayState::Expired,
            Some(DeadLink::Revoked) => return PayState::Revoked,
            Some(DeadLink::Replaced) => return PayState::Replaced,
            None => {}
        }
        match (with(PaymentStatus::ActionRequired), client_secret) {
            (Some(payment), Some(client_secret)) => {
                PayState::ActionRequired { amount: payment.amount, client_secret }
            }
            // The gateway cannot be asked for the secret right now.
            (Some(payment), None) => PayState::Processing { amount: payment.amount },
            (None, _) => PayState::Open { last_failure: self.row.request.last_failure.clone() },
        }
    }

    /// How the link died, if it did.
    fn dead(&self) -> Option<DeadLink> {
        match self.row.closed {
            // Replaced by a payment that came for another request.
            Some((Closure::Replaced, _)) if self.funding.payer() == Payer::Customer => {
                Some(DeadLink::AlreadyPaid)
            }
            Some((closure, _)) => Some(closure.into()),
            None if self.now >= self.row.request.expires_at => Some(DeadLink::Expired),
            None => None,
        }
    }
}
