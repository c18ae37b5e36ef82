//! The gateway's word by webhook: verified, then fetched afresh, then through the one settle function. The event's id is
//! stored in the transaction that has its effect.

use billing::funding::RefundStatus;

use super::{disputes, outcome::learn_in};
use crate::{
    deps::Deps,
    execute::{ExecuteError, Tools},
    gateway::{
        GatewayError,
        webhook::{WebhookError, WebhookEvent, verify},
    },
    storage::{Scope, StorageError, Transaction},
};

/// The types of events that tell of something new; without one of them its news is found out later, by looking.
pub const EVENTS: [&str; 13] = [
    "payment_intent.succeeded",
    "payment_intent.payment_failed",
    "payment_intent.processing",
    "payment_intent.requires_action",
    "payment_intent.canceled",
    "setup_intent.succeeded",
    "setup_intent.setup_failed",
    "setup_intent.canceled",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
];

/// Why a webhook was not taken: the gateway sends it again.
#[derive(Debug, thiserror::Error)]
pub enum WebhookRefused {
    /// Not signed by the gateway.
    #[error("{0}")]
    Signature(#[from] WebhookError),
    /// The gateway cannot be asked for the object.
    #[error("the gateway can't be asked: {0}")]
    Gateway(GatewayError),
    /// Storage failed.
    #[error("{0}")]
    Execute(#[from] ExecuteError),
}

impl From<StorageError> for WebhookRefused {
    fn from(error: StorageError) -> Self {
        Self::Execute(error.into())
    }
}

/// Takes in an event. One that was taken before, or is about nothing of ours, is fine.
///
/// # Errors
/// [`WebhookRefused`]; nothing is stored then.
pub async fn take_webhook(deps: &Deps, header: &str, body: &[u8]) -> Result<(), WebhookRefused> {
    let now = deps.clock.now();
    let event = verify(&deps.config.gateway.webhook_secret.0, header, body, now)?;
    if event.kind.starts_with("setup_intent.") {
        return wake_setup(deps, event).await;
    }
    if event.kind.starts_with("charge.dispute.") {
        return take_dispute(deps, &event).await;
    }
    let Some((scope, payment)) = whose(deps, &event).await? else { return Ok(()) };
    let tools = Tools::of(deps);
    if event.kind.starts_with("payment_intent.") {
        let intent = deps.gateway.intent(&event.object_id).await;
        let intent = match intent {
            Ok(intent) => intent,
            Err(GatewayError::NotFound) => return Ok(()),
            Err(error) => return Err(WebhookRefused::Gateway(error)),
        };
        let test_mode = deps.config.is_test_mode();
        deps.store
            .write(move |tx| {
                if tx.take_webhook(&event.id, tools.now)? {
                    learn_in(tx, &tools, scope, payment, &intent, test_mode, &event.id)?;
                }
                Ok::<_, WebhookRefused>(())
            })
            .await
    } else if event.kind.starts_with("refund.") || event.kind.starts_with("charge.refund") {
        deps.store
            .write(move |tx| {
                if tx.take_webhook(&event.id, tools.now)? {
                    wake_refunds(tx, scope, payment, tools.now)?;
                }
                Ok::<_, WebhookRefused>(())
            })
            .await
    } else {
        Ok(())
    }
}

/// There is news about a card that is being saved: its job looks at once.
async fn wake_setup(deps: &Deps, event: WebhookEvent) -> Result<(), WebhookRefused> {
    let Some(setup) = event.setup else { return Ok(()) };
    let now = deps.clock.now();
    let wake = move |tx: &mut dyn Transaction| {
        if let Some(scope) = tx.card_setup_scope(setup)?
            && tx.take_webhook(&event.id, now)?
        {
            tx.wake_job(scope, &format!("save-card/{setup}"), now)?;
        }
        Ok::<_, WebhookRefused>(())
    };
    deps.store.write(wake).await
}

/// A dispute: it and its payment are fetched, the payment first, since what has not settled here cannot be disputed here.
async fn take_dispute(deps: &Deps, event: &WebhookEvent) -> Result<(), WebhookRefused> {
    let dispute = match deps.gateway.dispute(&event.object_id).await {
        Ok(dispute) => dispute,
        Err(GatewayError::NotFound) => return Ok(()),
        Err(error) => return Err(WebhookRefused::Gateway(error)),
    };
    let intent = match deps.gateway.intent(&dispute.intent).await {
        Ok(intent) => intent,
        Err(GatewayError::NotFound) => return Ok(()),
        Err(error) => return Err(WebhookRefused::Gateway(error)),
    };
    // The answer to the charge may be lost: then only the gateway knows which payment of ours that is.
    let named = WebhookEvent {
        payment: intent.payment,
        intent_id: Some(intent.id.clone()),
        ..event.clone()
    };
    let Some((scope, payment)) = whose(deps, &named).await? else { return Ok(()) };
    let (tools, test_mode, id) = (Tools::of(deps), deps.config.is_test_mode(), event.id.clone());
    deps.store
        .write(move |tx| {
            if tx.take_webhook(&id, tools.now)? {
                let row = tx.payment(scope, payment)?;
                if row.is_some_and(|row| row.payment.status.is_open()) {
                    learn_in(tx, &tools, scope, payment, &intent, test_mode, &id)?;
                }
                disputes::learn_in(tx, &tools, scope, payment, &dispute, test_mode, &id)?;
            }
            Ok::<_, WebhookRefused>(())
        })
        .await
}

async fn whose(
    deps: &Deps,
    event: &WebhookEvent,
) -> Result<Option<(Scope, billing::PaymentId)>, StorageError> {
    let (payment, intent) = (event.payment, event.intent_id.clone());
    deps.store
        .read(move |tx: &mut dyn Transaction| {
            if let Some(payment) = payment
                && let Some(scope) = tx.payment_scope(payment)?
            {
                return Ok(Some((scope, payment)));
            }
            match intent {
                Some(intent) => tx.payment_by_intent(&intent),
                None => Ok(None),
            }
        })
        .await
}

/// There is news about a payment's refunds: their jobs look at once.
fn wake_refunds(
    tx: &mut dyn Transaction,
    scope: Scope,
    payment: billing::PaymentId,
    now: billing::Timestamp,
) -> Result<(), StorageError> {
    let Some(row) = tx.payment(scope, payment)? else { return Ok(()) };
    for refund in row.payment.refunds {
        if refund.status == RefundStatus::Pending {
            tx.wake_job(scope, &format!("refund/{}", refund.key), now)?;
        }
    }
    Ok(())
}
