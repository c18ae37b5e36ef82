//! Links to top up a balance of a customer's own, made for whoever holds a widget's token.

use std::time::Duration;

use billing::{
    Policy, Timestamp,
    funding::{Actor, DeadLink, Funding, FundingState, Refusal},
};

use super::{ExecuteError, Origin, Tools, embed::Embedded, links};
use crate::storage::{Transaction, audit::AuditRow, top_ups::TopUpRow};

/// How long a link takes a payment: it is opened at once.
const TTL: Duration = Duration::from_secs(60 * 60);
/// How many links of one account take payments at once.
pub const LIVE_MAX: u32 = 50;

/// Makes a link for the account that the token shows; answers the link's own token, told this once, and when it dies. Nothing when
/// there are [`LIVE_MAX`] already.
///
/// # Errors
/// [`ExecuteError::Refused`] while the agency pays for the account, or is about to.
pub fn make_link(
    tx: &mut dyn Transaction,
    tools: &Tools,
    embedded: &Embedded,
    request_id: &str,
) -> Result<Option<(String, Timestamp)>, ExecuteError> {
    let (scope, sub_account) = (embedded.scope, embedded.session.account);
    let account = tx.account(scope, sub_account)?.ok_or(ExecuteError::NotFound)?;
    let email = match &account.funding.state {
        FundingState::Customer { customer, .. } => customer.email.clone(),
        _ => return Err(not_theirs(&account.funding).into()),
    };
    if tx.live_top_ups(scope, sub_account, tools.now)? >= LIVE_MAX {
        return Ok(None);
    }
    let token = links::new_token(tools.entropy.as_ref());
    let expires_at = tools.now.plus(TTL);
    let row = TopUpRow {
        token_hash: links::token_hash(&token),
        sub_account,
        email,
        created_at: tools.now,
        expires_at,
        payments: Vec::new(),
    };
    tx.insert_top_up(scope, &row)?;
    let origin = Origin::new(Actor::system("widget"), request_id.to_owned());
    let audit =
        AuditRow { sub_account: Some(sub_account), ..origin.did("make_link_to_top_up", tools.now) };
    tx.insert_audit(scope, &audit)?;
    Ok(Some((token, expires_at)))
}

/// Whether a payment may be tried by this link now. `paid` is what was paid by it.
///
/// # Errors
/// The refusal that says why not.
pub fn may_pay(
    row: &TopUpRow,
    funding: &Funding,
    policy: &Policy,
    paid: bool,
    now: Timestamp,
) -> Result<(), Refusal> {
    if paid {
        return Err(Refusal::LinkDead { why: DeadLink::AlreadyPaid });
    }
    if !matches!(funding.state, FundingState::Customer { .. }) {
        return Err(not_theirs(funding));
    }
    if now >= row.expires_at {
        return Err(Refusal::LinkDead { why: DeadLink::Expired });
    }
    let limit = policy.attempts_per_request;
    if row.payments.len() >= usize::try_from(limit).unwrap_or(usize::MAX) {
        return Err(Refusal::TooManyAttempts { limit });
    }
    Ok(())
}

fn not_theirs(funding: &Funding) -> Refusal {
    match funding.state {
        FundingState::Returning { .. } => Refusal::ReturnUnderWay,
        _ => Refusal::AlreadyOnAgencyBilling,
    }
}
