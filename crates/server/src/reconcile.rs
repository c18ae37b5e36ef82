//! `sluice reconcile`: every object of the gateway is in our books, and everything of our books is at the gateway. What is on its
//! way while one looks is no difference: both sides are read twice, and what stands both times is told.

mod compare;
mod disputes;

use std::{collections::BTreeSet, time::Duration};

use billing::SubAccountId;
use serde::Serialize;

pub use compare::Difference;
use compare::compare;

use crate::{
    gateway::{
        Dispute, GatewayError, Intent,
        stripe::{SeenRefund, Stripe},
    },
    storage::{StorageError, Store, Transaction, payments::PaymentRow},
};

/// Between two looks. What the gateway has done is known here within moments, unless something is wrong.
const PAUSE: Duration = Duration::from_secs(10);

/// What was compared and what differs.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Nothing differs.
    pub ok: bool,
    /// Payments in our books.
    pub payments: usize,
    /// PaymentIntents at the gateway.
    pub intents: usize,
    /// Refunds at the gateway.
    pub refunds: usize,
    /// Disputes at the gateway.
    pub disputes: usize,
    /// Cards that the gateway keeps.
    pub cards: usize,
    /// What is on one side only, or otherwise.
    pub differences: Vec<Difference>,
}

/// Why nothing could be compared.
#[derive(Debug, thiserror::Error)]
pub enum ReconcileError {
    /// The gateway gives no good answer.
    #[error("the gateway: {0}")]
    Gateway(#[from] GatewayError),
    /// Ours does not.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// What the gateway has.
#[derive(Clone, Debug, Default)]
struct Theirs {
    intents: Vec<Intent>,
    refunds: Vec<SeenRefund>,
    disputes: Vec<Dispute>,
    /// The customer, and the id of a card that is kept of them.
    cards: Vec<(String, String)>,
}

/// What we have.
#[derive(Clone, Debug, Default)]
struct Ours {
    payments: Vec<PaymentRow>,
    /// Whose balance it pays for, none for the agency's own, and the id of the card.
    cards: Vec<(Option<SubAccountId>, String)>,
}

/// Compares the two, of all agencies of an installation.
///
/// # Errors
/// [`ReconcileError`]; a difference is in the report, not an error.
pub async fn reconcile(store: &Store, gateway: &Stripe) -> Result<Report, ReconcileError> {
    let first = look(store, gateway).await?;
    if first.ok {
        return Ok(first);
    }
    tokio::time::sleep(PAUSE).await;
    let mut second = look(store, gateway).await?;
    second.differences.retain(|difference| first.differences.contains(difference));
    second.ok = second.differences.is_empty();
    Ok(second)
}

/// Theirs before ours: what we intend is in our books before the gateway hears of it.
async fn look(store: &Store, gateway: &Stripe) -> Result<Report, ReconcileError> {
    let known = store.read(|tx: &mut dyn Transaction| own_customers(tx)).await?;
    let theirs = theirs(gateway, known).await?;
    let ours = store.read(|tx: &mut dyn Transaction| ours(tx)).await?;
    let differences = compare(&ours, &theirs);
    Ok(Report {
        ok: differences.is_empty(),
        payments: ours.payments.len(),
        intents: theirs.intents.len(),
        refunds: theirs.refunds.len(),
        disputes: theirs.disputes.len(),
        cards: theirs.cards.len(),
        differences,
    })
}

/// Agencies as customers of the gateway: they may have a card there, and have paid nothing yet.
fn own_customers(tx: &mut dyn Transaction) -> Result<BTreeSet<String>, StorageError> {
    let mut known = BTreeSet::new();
    for scope in tx.agencies()? {
        known.extend(tx.treasury_customer(scope)?);
    }
    Ok(known)
}

async fn theirs(gateway: &Stripe, known: BTreeSet<String>) -> Result<Theirs, GatewayError> {
    let intents = gateway.every_intent().await?;
    let refunds = gateway.every_refund().await?;
    let disputes = gateway.every_dispute().await?;
    let mut customers = known;
    customers.extend(intents.iter().filter_map(|intent| intent.customer.clone()));
    let mut cards = Vec::new();
    for customer in customers {
        let kept = gateway.cards_of(&customer).await?;
        cards.extend(kept.into_iter().map(|card| (customer.clone(), card)));
    }
    Ok(Theirs { intents, refunds, disputes, cards })
}

fn ours(tx: &mut dyn Transaction) -> Result<Ours, StorageError> {
    let mut ours = Ours::default();
    for scope in tx.agencies()? {
        for id in tx.account_ids(scope)? {
            ours.payments.extend(tx.payments_of(scope, Some(id))?);
            let account = tx.account(scope, id)?;
            let main = account.and_then(|account| account.funding.customer()?.card.clone());
            let backup = tx.wallet(scope, Some(id))?.backup;
            let kept = [main, backup].into_iter().flatten();
            ours.cards.extend(kept.filter_map(|card| Some((Some(id), card.payment_method?))));
        }
        ours.payments.extend(tx.payments_of(scope, None)?);
        let (main, backup) = (tx.treasury(scope)?.card, tx.wallet(scope, None)?.backup);
        let kept = [main, backup].into_iter().flatten();
        ours.cards.extend(kept.filter_map(|card| Some((None, card.payment_method?))));
    }
    Ok(ours)
}
