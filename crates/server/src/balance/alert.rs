//! From where on a balance is low.

use billing::{
    Standing,
    api::{AlertBody, WalletView},
    wallet::Refusal,
};

use super::{Holder, amount, problem, view};
use crate::{
    deps::Deps,
    execute::{
        ExecuteError, Tools, tell, tell_agency,
        wallet::{Owner, beside},
    },
    pay::PayError,
    storage::{Transaction, audit::AuditRow},
};

/// Says from where on the balance is low.
///
/// # Errors
/// [`PayError`]
pub async fn set_alert(
    deps: &Deps,
    holder: &Holder,
    body: &AlertBody,
    request_id: &str,
) -> Result<WalletView, PayError> {
    let (scope, owner, tools) = (holder.scope, holder.owner, Tools::of(deps));
    let (origin, sent) = (holder.origin(request_id), body.low_below.clone());
    let write = move |tx: &mut dyn Transaction| {
        let now = beside(tx, scope, owner)?;
        if !now.open {
            return Err(ExecuteError::Wallet(Refusal::NotOpen).into());
        }
        let maximum = now.limits.balance_max;
        let low_below = amount(&sent, "/low_below", now.balance.currency())?;
        if low_below.is_negative() || low_below > maximum {
            let detail = format!("The amount must be between zero and {maximum}.");
            return Err(problem("/low_below", "out_of_range", &detail));
        }
        let before = match owner {
            Owner::Customer(id) => tx.account(scope, id)?.map(|row| row.low_below),
            Owner::Agency => tx.agency(scope)?.map(|row| row.low_below),
        };
        let before = before.ok_or(ExecuteError::NotFound)?;
        if before == low_below {
            return Ok(());
        }
        let from = Standing::of(now.balance, before);
        if from != Standing::of(now.balance, low_below) {
            tx.insert_notice(scope, owner.account(), from, tools.now)?;
        }
        let json = |low_below| serde_json::json!({ "low_below": low_below }).to_string();
        let audit = AuditRow {
            sub_account: owner.account(),
            before: Some(json(before)),
            after: Some(json(low_below)),
            ..origin.did("set_alert", tools.now)
        };
        tx.insert_audit(scope, &audit)?;
        match owner {
            Owner::Customer(id) => {
                tx.save_low_below(scope, id, low_below)?;
                tell(tx, scope, id, tools.now)?;
            }
            Owner::Agency => {
                tx.save_agency_low_below(scope, low_below)?;
                tell_agency(tx, scope, tools.now)?;
            }
        }
        Ok(())
    };
    deps.store.write(write).await?;
    view(deps, holder).await
}
