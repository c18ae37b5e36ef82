//! A balance and its wallet, as whoever pays sees them and acts on them: paying onto it with the card on file or a new one, saving
//! and removing cards, the auto-recharge, the alert. The customer comes by a link from a letter, people of the agency come to its own
//! balance by a session.
//!
//! What the gateway has a part in is intent → call → result, as in [`crate::pay`]: the intent is committed with a job that owns
//! the outcome before the gateway is asked; the request then waits for that very job a while.

mod alert;
mod view;

use std::time::Duration;

use billing::{
    Money, PaymentId, Policy, SetupId, SubAccountId,
    api::{FieldProblem, RechargeBody, SaveCardBody, TopUpBody, WalletView, Who},
    drafts::parse_payment_body,
    funding::{Actor, Command as FundingCommand, DeadLink, Refusal},
    money::WireMoney,
    text::EmailAddress,
    treasury::Command as TreasuryCommand,
    wallet::{
        self, CardRole, Command, RechargeSettings,
        recharge::{CONSENT_VERSION, Consent, RechargeCharge},
    },
};

pub use alert::set_alert;

use crate::{
    deps::{Deps, EntropyExt},
    execute::{
        ExecuteError, Order, Origin, Tools, balance_links, execute,
        idempotent::{self, Key, Seen},
        links::token_hash,
        treasury::execute_treasury,
        wallet::{Owner, beside, execute_wallet},
    },
    jobs,
    pay::{PayError, card_error},
    storage::{Scope, StorageError, Transaction, wallets::CardSetupRow},
};

/// How long a request waits for the gateway; past it the page asks again.
const WAIT: Duration = Duration::from_secs(25);

/// Somebody who may see a balance and act on it.
#[derive(Clone, Debug)]
pub struct Holder {
    /// Whose data.
    pub scope: Scope,
    /// Whose balance.
    pub owner: Owner,
    /// Their address: that the link was mailed to, or that they sign in with.
    pub email: EmailAddress,
    /// They may pay; others are shown no secrets of the gateway's.
    pub may_pay: bool,
    /// As whom they act.
    pub who: Who,
    /// Whose idempotency keys they use.
    pub key: String,
}

/// Whoever holds the link with this token.
///
/// # Errors
/// [`PayError::UnknownLink`] when it is none of ours; [`DeadLink::Expired`] when it is too old, or somebody else pays by now.
pub async fn by_link(deps: &Deps, token: &str) -> Result<Holder, PayError> {
    let (hash, now) = (token_hash(token), deps.clock.now());
    let look = move |tx: &mut dyn Transaction| {
        let (scope, link) = tx.balance_link(&hash)?.ok_or(PayError::UnknownLink)?;
        let expired = PayError::Refused(Refusal::LinkDead { why: DeadLink::Expired });
        let account = link.account.ok_or(PayError::UnknownLink)?;
        let row = tx.account(scope, account)?.ok_or(PayError::UnknownLink)?;
        let of_another =
            row.funding.customer().is_some() && !balance_links::pays(&row, &link.email);
        if now >= link.expires_at || of_another {
            return Err(expired);
        }
        Ok(Holder::of_customer(scope, account, link.email))
    };
    deps.store.read(look).await
}

/// What the page shows.
///
/// # Errors
/// Storage trouble.
pub async fn view(deps: &Deps, holder: &Holder) -> Result<WalletView, PayError> {
    view::view(deps, holder).await
}

impl Holder {
    /// The customer with this address.
    pub fn of_customer(scope: Scope, account: SubAccountId, email: EmailAddress) -> Self {
        Self {
            scope,
            owner: Owner::Customer(account),
            key: format!("balance {account} {email}"),
            who: Actor::Customer { email: email.clone() }.into(),
            email,
            may_pay: true,
        }
    }

    fn origin(&self, request_id: &str) -> Origin {
        Origin::new(self.who.clone(), request_id)
    }
}

/// Pays onto the balance, with the card on file or with a new one that takes its place. To be run to its end: who asks may be gone
/// before.
///
/// # Errors
/// [`PayError`]; nothing was charged unless it is [`PayError::IdempotencyInFlight`].
pub async fn top_up(
    deps: &Deps,
    holder: &Holder,
    key: &str,
    raw: &[u8],
    body: &TopUpBody,
    request_id: &str,
) -> Result<WalletView, PayError> {
    let key = Key::new(&holder.key, key, "POST top-ups", raw);
    if let Some(answered) = seen(deps, holder.scope, &key).await? {
        return Ok(answered);
    }
    let (scope, owner) = (holder.scope, holder.owner);
    let now = deps.store.read(move |tx| beside(tx, scope, owner)).await?;
    let policy = Policy::standard(now.balance.currency());
    let amount = parse_payment_body(&body.amount, &policy)
        .map_err(|problem| PayError::Fields(vec![problem]))?;
    let card = match &body.confirmation_token {
        Some(token) => deps.gateway.card_of(token).await.map_err(card_error)?,
        None => now.card.ok_or(ExecuteError::Wallet(wallet::Refusal::NoCard))?,
    };
    let payment = PaymentId::new(deps.clock.now(), deps.entropy.id());
    let (token, origin) = (body.confirmation_token.clone(), holder.origin(request_id));
    let email = holder.email.clone();
    let begin = move |tx: &mut dyn Transaction, tools: &Tools| {
        match owner {
            Owner::Customer(sub_account) => {
                let card = card.clone();
                let command = FundingCommand::StartTopUp { payment, amount, card };
                let order = Order { sub_account, command, seen: None, origin: origin.clone() };
                execute(tx, tools, scope, &order)?;
            }
            Owner::Agency => {
                let (card, email) = (card.clone(), email.clone());
                let command =
                    TreasuryCommand::StartTopUp { payment, amount, card, recharge: false, email };
                execute_treasury(tx, tools, scope, &command, &origin)?;
            }
        }
        tx.set_confirmation_token(scope, payment, token.as_deref())?;
        Ok(format!("confirm/{payment}"))
    };
    work(deps, holder, key, begin).await
}

/// Saves a card. To be run to its end, as [`top_up`].
///
/// # Errors
/// [`PayError`]
pub async fn save_card(
    deps: &Deps,
    holder: &Holder,
    key: &str,
    raw: &[u8],
    body: &SaveCardBody,
    request_id: &str,
) -> Result<WalletView, PayError> {
    let key = Key::new(&holder.key, key, "POST cards", raw);
    if let Some(answered) = seen(deps, holder.scope, &key).await? {
        return Ok(answered);
    }
    let card = deps.gateway.card_of(&body.confirmation_token).await.map_err(card_error)?;
    let setup = SetupId::new(deps.clock.now(), deps.entropy.id());
    let (scope, owner, origin) = (holder.scope, holder.owner, holder.origin(request_id));
    let row = CardSetupRow {
        id: setup,
        account: owner.account(),
        created_at: deps.clock.now(),
        customer: None,
        confirmation_token: Some(body.confirmation_token.clone()),
        intent: None,
    };
    let command = Command::StartSetup { setup, role: body.role, card };
    let begin = move |tx: &mut dyn Transaction, tools: &Tools| {
        execute_wallet(tx, tools, scope, owner, &command, &origin)?;
        tx.insert_card_setup(scope, &row)?;
        Ok(format!("save-card/{setup}"))
    };
    work(deps, holder, key, begin).await
}

/// Takes a card off file.
///
/// # Errors
/// [`PayError`]
pub async fn remove_card(
    deps: &Deps,
    holder: &Holder,
    role: CardRole,
    request_id: &str,
) -> Result<WalletView, PayError> {
    command(deps, holder, Command::RemoveCard { role }, request_id).await
}

/// Switches the auto-recharge on, or changes it: by the yes to the very sentence that the settings make.
///
/// # Errors
/// [`PayError::Fields`] with `consent_changed` when another was agreed to.
pub async fn set_recharge(
    deps: &Deps,
    holder: &Holder,
    body: &RechargeBody,
    address: String,
    request_id: &str,
) -> Result<WalletView, PayError> {
    let (scope, owner, tools) = (holder.scope, holder.owner, Tools::of(deps));
    let (origin, by, body) = (holder.origin(request_id), holder.email.clone(), body.clone());
    let write = move |tx: &mut dyn Transaction| {
        let agency = tx.agency(scope)?.ok_or(ExecuteError::NotFound)?;
        let settings = settings(&body, &Policy::standard(agency.currency))?;
        let card = beside(tx, scope, owner)?.card;
        let card = card.ok_or(ExecuteError::Wallet(wallet::Refusal::NoCard))?;
        let text = settings.consent_text(agency.name.as_str(), &card.label());
        if body.consent != text || body.consent_version != CONSENT_VERSION {
            let detail = "What is agreed to has changed since it was shown. Read it once more.";
            return Err(problem("/consent", "consent_changed", detail));
        }
        let consent = Consent {
            version: CONSENT_VERSION.to_owned(),
            text,
            at: tools.now,
            by: by.clone(),
            address: address.clone(),
            last4: card.last4,
        };
        let command = Command::SetRecharge { settings, consent };
        execute_wallet(tx, &tools, scope, owner, &command, &origin)?;
        Ok(())
    };
    deps.store.write(write).await?;
    view(deps, holder).await
}

/// Switches it off.
///
/// # Errors
/// [`PayError`]
pub async fn stop_recharge(
    deps: &Deps,
    holder: &Holder,
    request_id: &str,
) -> Result<WalletView, PayError> {
    command(deps, holder, Command::StopRecharge, request_id).await
}

async fn command(
    deps: &Deps,
    holder: &Holder,
    command: Command,
    request_id: &str,
) -> Result<WalletView, PayError> {
    let (scope, owner, tools) = (holder.scope, holder.owner, Tools::of(deps));
    let origin = holder.origin(request_id);
    let write =
        move |tx: &mut dyn Transaction| execute_wallet(tx, &tools, scope, owner, &command, &origin);
    deps.store.write(write).await?;
    view(deps, holder).await
}

/// Begins something that the gateway has a part in, waits for its job, and keeps the answer under the key.
async fn work(
    deps: &Deps,
    holder: &Holder,
    key: Key,
    begin: impl Fn(&mut dyn Transaction, &Tools) -> Result<String, PayError> + Send + 'static,
) -> Result<WalletView, PayError> {
    let (scope, tools, started) = (holder.scope, Tools::of(deps), key.clone());
    let begun = deps
        .store
        .write(move |tx| {
            // Two clicks race up to here; one transaction comes first.
            if let Some(answered) = repeat(idempotent::look(tx, scope, &started)?)? {
                return Ok(Err(Box::new(answered)));
            }
            let job = begin(tx, &tools)?;
            idempotent::start(tx, scope, &started, tools.now)?;
            // Before the loop can see it: then this request is the one that waits for the gateway.
            Ok::<_, PayError>(Ok(jobs::take(tx, scope, &job, tools.now)?))
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
    let view = view(deps, holder).await?;
    // As it is kept for repeats: the page fetches fresh secrets anyhow.
    let mut kept = view.clone();
    kept.setup_secret = None;
    kept.payment.iter_mut().for_each(|payment| payment.client_secret = None);
    let answer = serde_json::to_string(&kept).unwrap_or_default();
    let now = deps.clock.now();
    deps.store.write(move |tx| idempotent::answer(tx, scope, &key, 200, &answer, now)).await?;
    Ok(view)
}

async fn seen(deps: &Deps, scope: Scope, key: &Key) -> Result<Option<WalletView>, PayError> {
    let key = key.clone();
    repeat(deps.store.read(move |tx| idempotent::look(tx, scope, &key)).await?)
}

fn repeat(seen: Seen) -> Result<Option<WalletView>, PayError> {
    match seen {
        Seen::New => Ok(None),
        Seen::Mismatch => Err(PayError::IdempotencyMismatch),
        Seen::InFlight => Err(PayError::IdempotencyInFlight),
        Seen::Answered(_, body) => serde_json::from_str(&body)
            .map(Some)
            .map_err(|error| StorageError::Damaged(error.to_string()).into()),
    }
}

/// Reads what was chosen; what it may be, the wallet says.
fn settings(body: &RechargeBody, policy: &Policy) -> Result<RechargeSettings, PayError> {
    let read = |sent: &WireMoney, pointer: &str| amount(sent, pointer, policy.currency());
    let charge = match (&body.amount, &body.up_to) {
        (Some(fixed), None) => RechargeCharge::Fixed { amount: read(fixed, "/amount")? },
        (None, Some(target)) => RechargeCharge::UpTo { target: read(target, "/up_to")? },
        _ => {
            let detail = "Give either the amount to charge, or the balance to charge up to.";
            return Err(problem("/amount", "required", detail));
        }
    };
    let (below, daily_cap) = (read(&body.below, "/below")?, read(&body.daily_cap, "/daily_cap")?);
    Ok(RechargeSettings { below, charge, daily_cap })
}

fn amount(sent: &WireMoney, pointer: &str, currency: billing::Currency) -> Result<Money, PayError> {
    let wrong = |code: &str, detail: String| problem(pointer, code, &detail);
    let amount = sent.parse(currency).map_err(|error| wrong(error.code(), error.to_string()))?;
    Ok(amount)
}

fn problem(pointer: &str, code: &str, detail: &str) -> PayError {
    let (pointer, code, detail) = (pointer.to_owned(), code.to_owned(), detail.to_owned());
    PayError::Fields(vec![FieldProblem { pointer, code, detail }])
}
