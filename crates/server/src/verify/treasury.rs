//! The agency's own balance: what is kept beside it can be read, and is what its payments say.

use std::collections::{BTreeMap, BTreeSet};

use billing::PaymentId;

use super::{Booked, Checks, see_booked, wallets};
use crate::storage::{Scope, StorageError, Transaction};

/// Looks at its state, its payments and its wallet; answers which payments have settled.
pub(super) fn verify(
    tx: &mut dyn Transaction,
    scope: Scope,
    booked: &mut Booked,
    checks: &mut Checks,
) -> Result<BTreeSet<PaymentId>, StorageError> {
    let agency = scope.agency();
    let mut settled = BTreeSet::new();
    let treasury = match tx.treasury(scope) {
        Ok(treasury) => treasury,
        Err(StorageError::Damaged(what)) => {
            checks.states.see(false, || format!("{agency}: the treasury cannot be read: {what}"));
            return Ok(settled);
        }
        Err(error) => return Err(error),
    };
    let mut live = BTreeMap::new();
    for row in tx.payments_of(scope, None)? {
        let payment = row.payment;
        checks.money_back.payment(&payment, &mut booked.disputes);
        see_booked(&payment, &booked.payments, &mut settled, checks);
        if payment.is_live() {
            live.insert(payment.id, payment);
        }
    }
    checks.payments.see(live == treasury.payments, || {
        format!("{agency}: the treasury waits for other payments than are under way")
    });
    wallets::of_agency(tx, scope, &mut checks.wallets)?;
    Ok(settled)
}
