//! Links to the page of a balance: they come by mail alone, to whoever pays, and are good for a day.

use std::time::Duration;

use billing::{
    JobId, SubAccountId, Timestamp,
    funding::{Effect, Event, Letter},
    text::EmailAddress,
};

use super::{Tools, links};
use crate::{
    deps::EntropyExt,
    storage::{Result, Scope, Transaction, accounts::AccountRow, wallets::BalanceLinkRow},
};

/// How long a link is good.
const TTL: Duration = Duration::from_secs(24 * 60 * 60);
/// One letter at most in this time for an account, however often somebody asks.
const LETTER_EVERY_MILLIS: i64 = 60 * 1000;
/// The accounts that one address is sent links to at once.
pub const ACCOUNTS_MAX: u32 = 20;

/// Makes a link; answers its token, told this once, and when it dies.
///
/// # Errors
/// When storage fails; so for every function here.
pub fn make(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    account: Option<SubAccountId>,
    email: &EmailAddress,
) -> Result<(String, Timestamp)> {
    let token = links::new_token(tools.entropy.as_ref());
    let expires_at = tools.now.plus(TTL);
    let row = BalanceLinkRow {
        token_hash: links::token_hash(&token),
        account,
        email: email.clone(),
        created_at: tools.now,
        expires_at,
    };
    tx.insert_balance_link(scope, &row)?;
    Ok((token, expires_at))
}

/// The address of a link.
pub fn url(public_url: &str, token: &str) -> String {
    format!("{public_url}/balance#t={token}")
}

/// Whether this address pays for the account.
pub fn pays(account: &AccountRow, email: &EmailAddress) -> bool {
    let payer = account.funding.customer().map(|customer| customer.email.as_str());
    payer.is_some_and(|payer| payer.eq_ignore_ascii_case(email.as_str()))
}

/// Queues a letter with a new link to whoever pays for the account, if this address does.
pub fn ask(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    account: SubAccountId,
    email: &EmailAddress,
) -> Result<()> {
    let Some(row) = tx.account(scope, account)? else { return Ok(()) };
    let payer = row.funding.customer().filter(|_| pays(&row, email));
    let Some(to) = payer.map(|customer| customer.email.clone()) else { return Ok(()) };
    let effect = Effect::Mail { letter: Letter::BalanceLink { to } };
    let id = JobId::new(tools.now, tools.entropy.id());
    let key = format!("mail/{account}/link/{}", tools.now.millis() / LETTER_EVERY_MILLIS);
    tx.insert_job(scope, id, Some(account), &key, &effect, tools.now, tools.now)
}

/// From when to when the holder of a link has paid for the account, last; nothing when they never have. Whoever pays still has
/// no end.
pub fn stint(
    tx: &mut dyn Transaction,
    scope: Scope,
    account: &AccountRow,
    email: &EmailAddress,
) -> Result<Option<(Timestamp, Option<Timestamp>)>> {
    if pays(account, email) {
        return Ok(Some((account.funding.since(), None)));
    }
    let (mut began, mut last) = (None, None);
    for recorded in tx.events(scope, account.id)? {
        match &recorded.event {
            Event::SwitchedToCustomer { email: payer, .. } => {
                let theirs = payer.as_str().eq_ignore_ascii_case(email.as_str());
                began = theirs.then_some(recorded.at);
            }
            Event::ReturnedToAgency { .. } => {
                last = began.take().map(|began| (began, Some(recorded.at))).or(last);
            }
            _ => {}
        }
    }
    Ok(last)
}
