//! The door of a wallet: a command about the cards and the auto-recharge of a balance, carried out in one storage transaction
//! with what it orders of whoever owns the payments. [`follow`] is the way back: what happens to the payments concerns the wallet.

use billing::{
    JobId, Money, Policy, SubAccountId, Timestamp,
    funding::{
        Actor, Card, Command as FundingCommand, Effect, Event as FundingEvent, FundingState,
        Letter, Phase,
    },
    text::EmailAddress,
    treasury::Command as TreasuryCommand,
    wallet::{
        Command, Context, Decision, Event, Order as WalletOrder, RechargeLimits, Recorded, apply,
        decide, effects, expiry, orders,
    },
};

use sha2::{Digest as _, Sha256};

use super::{ExecuteError, Order, Origin, Tools, execute, people, treasury::execute_treasury};
use crate::{
    deps::EntropyExt,
    storage::{Result as Stored, Scope, StorageError, Transaction, audit::AuditRow},
};

/// Whose balance a wallet is beside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A sub-account's own, while a customer pays for it.
    Customer(SubAccountId),
    /// The agency's, which pays for all its other sub-accounts.
    Agency,
}

impl Owner {
    /// By how it is kept.
    pub fn of(account: Option<SubAccountId>) -> Self {
        account.map_or(Self::Agency, Self::Customer)
    }

    /// As it is kept.
    pub fn account(self) -> Option<SubAccountId> {
        match self {
            Self::Customer(account) => Some(account),
            Self::Agency => None,
        }
    }
}

/// What a decision about a wallet depends on, and who is written to about it.
pub struct Beside {
    /// The card that is charged first.
    pub card: Option<Card>,
    /// What is on the balance.
    pub balance: Money,
    /// Somebody pays for it, and goes on doing so.
    pub open: bool,
    /// A payment onto it is under way.
    pub payment_open: bool,
    /// What may be chosen.
    pub limits: RechargeLimits,
    /// Who is written to; nobody when its payer has gone.
    pub to: Option<EmailAddress>,
}

/// What there is beside a wallet.
///
/// # Errors
/// `NotFound` when there is no such balance; when storage fails.
pub fn beside(
    tx: &mut dyn Transaction,
    scope: Scope,
    owner: Owner,
) -> Result<Beside, ExecuteError> {
    match owner {
        Owner::Customer(account) => {
            let account = tx.account(scope, account)?.ok_or(ExecuteError::NotFound)?;
            let policy = Policy::standard(account.customer_balance.currency());
            let customer = account.funding.customer();
            Ok(Beside {
                card: customer.and_then(|customer| customer.card.clone()),
                balance: account.customer_balance,
                open: matches!(account.funding.state, FundingState::Customer { .. }),
                payment_open: account.funding.open_payments().next().is_some(),
                limits: RechargeLimits::customer(&policy),
                to: customer.map(|customer| customer.email.clone()),
            })
        }
        Owner::Agency => {
            let agency = tx.agency(scope)?.ok_or(ExecuteError::NotFound)?;
            let treasury = tx.treasury(scope)?;
            let payment_open = treasury.open_payments().next().is_some();
            Ok(Beside {
                payment_open,
                card: treasury.card,
                balance: agency.balance,
                open: true,
                limits: RechargeLimits::agency(&Policy::standard(agency.currency)),
                to: people::owner(tx, scope)?.map(|owner| owner.email),
            })
        }
    }
}

/// Carries out a command; answers what happened, nothing when it was so already.
///
/// # Errors
/// [`ExecuteError`]; the caller's transaction must be undone then.
pub fn execute_wallet(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    owner: Owner,
    command: &Command,
    origin: &Origin,
) -> Result<Vec<Event>, ExecuteError> {
    let before = tx.wallet(scope, owner.account())?;
    let Beside { card, balance, open, payment_open, limits, to } = beside(tx, scope, owner)?;
    let now = tools.now;
    let context =
        Context { now, limits: &limits, balance, card: card.as_ref(), open, payment_open };
    let events = match decide(&before, command, &context).map_err(ExecuteError::Wallet)? {
        Decision::AlreadyApplied => return Ok(Vec::new()),
        Decision::Events(events) => events,
    };
    let mut wallet = before.clone();
    for event in &events {
        let order = orders(event, card.as_ref(), wallet.backup.as_ref());
        let recorded = Recorded { at: now, event: event.clone() };
        wallet = apply(wallet, &recorded);
        // Before the order: what comes of it may come back here.
        tx.save_wallet(scope, owner.account(), &wallet)?;
        if let Some(order) = order {
            carry_out(tx, tools, scope, owner, order, origin)?;
        }
        for (index, (due, effect)) in effects(&recorded, to.as_ref()).into_iter().enumerate() {
            queue(tx, tools, scope, owner, &format!("{}/{index}", wallet.version), &effect, due)?;
        }
    }
    let json = |wallet: &billing::wallet::Wallet| {
        serde_json::to_string(wallet).map_err(|error| StorageError::Damaged(error.to_string()))
    };
    let row = AuditRow {
        sub_account: owner.account(),
        before: Some(json(&before)?),
        after: Some(json(&wallet)?),
        ..origin.did(command.name(), now)
    };
    tx.insert_audit(scope, &row)?;
    Ok(events)
}

/// What happened to a sub-account's payments, and to who pays for it, as far as its wallet is concerned; `phase` is how things
/// stand after it.
///
/// # Errors
/// [`ExecuteError`]; the caller's transaction must be undone then.
pub fn follow(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    order: &Order,
    events: &[billing::funding::Recorded],
    phase: Phase,
) -> Result<(), ExecuteError> {
    let owner = Owner::Customer(order.sub_account);
    let is_return = |event: &FundingEvent| matches!(event, FundingEvent::ReturnedToAgency { .. });
    if events.iter().any(|recorded| is_return(&recorded.event)) {
        // How the last payment ended is of no interest any more.
        return execute_wallet(tx, tools, scope, owner, &Command::Drop, &order.origin).map(|_| ());
    }
    for recorded in events {
        let command = match &recorded.event {
            FundingEvent::PaymentCredited { payment, card, email, .. } => {
                if let Some(card) = card.as_ref().filter(|_| phase == Phase::Customer) {
                    remind(tx, tools, scope, owner, card, email)?;
                }
                Command::Credited { payment: *payment }
            }
            FundingEvent::PaymentFailed { payment, failure } => {
                Command::ChargeFailed { payment: *payment, failure: failure.clone() }
            }
            // Nobody is to confirm what is being called off.
            FundingEvent::PaymentNeedsAction { payment } if phase == Phase::Customer => {
                Command::ChargeNeedsAction { payment: *payment }
            }
            FundingEvent::DisputeOpened { .. } => Command::Disputed,
            _ => continue,
        };
        execute_wallet(tx, tools, scope, owner, &command, &order.origin)?;
    }
    Ok(())
}

/// Queues the reminders that a card expires, once for each card.
///
/// # Errors
/// When storage fails.
pub fn remind(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    owner: Owner,
    card: &Card,
    to: &EmailAddress,
) -> Stored<()> {
    for (due, effect) in expiry(card, to, tools.now) {
        queue(tx, tools, scope, owner, "", &effect, due)?;
    }
    Ok(())
}

/// Queues a look at whether a balance is to be recharged; once for every `key`. The id follows from the key: who books knows no
/// chance.
///
/// # Errors
/// When storage fails.
pub fn ask_recharge(
    tx: &mut dyn Transaction,
    scope: Scope,
    account: Option<SubAccountId>,
    key: &str,
    now: Timestamp,
) -> Stored<()> {
    let key = job_key(account, key, &Effect::Recharge);
    let digest: [u8; 32] = Sha256::digest(format!("{} {key}", scope.agency()).as_bytes()).into();
    let mut random = [0; 10];
    random.iter_mut().zip(digest).for_each(|(byte, hashed)| *byte = hashed);
    let id = JobId::new(now, random);
    tx.insert_job(scope, id, account, &key, &Effect::Recharge, now, now)
}

/// What a wallet wants of whoever owns the payments.
fn carry_out(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    owner: Owner,
    order: WalletOrder,
    origin: &Origin,
) -> Result<(), ExecuteError> {
    match owner {
        Owner::Customer(sub_account) => {
            let command = match order {
                WalletOrder::ChangeCard { card } => FundingCommand::ChangeCard { card },
                WalletOrder::Charge { payment, amount, card } => {
                    FundingCommand::StartRecharge { payment, amount, card }
                }
            };
            let origin = origin.clone();
            let order = Order { sub_account, command, seen: None, origin };
            execute(tx, tools, scope, &order).map(|_| ())
        }
        Owner::Agency => {
            let command = match order {
                WalletOrder::ChangeCard { card } => TreasuryCommand::ChangeCard { card },
                WalletOrder::Charge { payment, amount, card } => {
                    // The receipt goes to the owner: nobody is there to ask for it.
                    let owner = people::owner(tx, scope)?.ok_or(ExecuteError::NotFound)?;
                    let email = owner.email;
                    TreasuryCommand::StartTopUp { payment, amount, card, recharge: true, email }
                }
            };
            execute_treasury(tx, tools, scope, &command, origin).map(|_| ())
        }
    }
}

fn queue(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    owner: Owner,
    place: &str,
    effect: &Effect,
    due: Timestamp,
) -> Stored<()> {
    let key = job_key(owner.account(), place, effect);
    let id = JobId::new(tools.now, tools.entropy.id());
    tx.insert_job(scope, id, owner.account(), &key, effect, due, tools.now)
}

/// Names an effect, so that it is queued once and can be found when there is news about it.
fn job_key(account: Option<SubAccountId>, place: &str, effect: &Effect) -> String {
    let whose = account.map_or_else(|| "agency".to_owned(), |account| account.to_string());
    match effect {
        Effect::SaveCard { setup } => format!("save-card/{setup}"),
        Effect::CancelSetup { setup } => format!("cancel-setup/{setup}"),
        Effect::Mail { letter: Letter::CardExpiring { card, days, .. } } => {
            let card = card.payment_method.as_deref().unwrap_or(&card.last4);
            // Not among the letters of an account: it lies ahead for years.
            format!("expiring/{whose}/{card}/{days}")
        }
        Effect::Mail { .. } => format!("mail/{whose}/wallet/{place}"),
        Effect::DetachCard { .. } => format!("detach/{whose}/wallet/{place}"),
        _ => format!("recharge/{whose}/{place}"),
    }
}

/// Who acts when nobody does.
pub fn by_itself(request_id: impl Into<String>) -> Origin {
    Origin::new(Actor::system("auto-recharge"), request_id)
}
