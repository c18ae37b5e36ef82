//! The widget: sites that may show it, tokens that are minted for it, and what a token shows of its account.

use std::time::Duration;

use billing::{
    Money, Standing, SubAccountId, Timestamp,
    api::{
        EmbedBalance, EmbedComponent, EmbedFunding, EmbedLine, EmbedTicket, EmbedTopUp,
        NewEmbedSession,
    },
    embed::SiteOrigin,
    funding::{Card, Funding, Payer},
    ledger::Book,
    runway,
    usage::Day,
};

use super::{ExecuteError, Origin, Tools, branding, links, snapshots};
use crate::storage::{
    Result as Stored, Scope, StorageError, Transaction,
    accounts::AccountRow,
    audit::AuditRow,
    embed::EmbedSessionRow,
    usage::{DayKey, UsageQuery},
};

/// What every token starts with, so that scanners of leaked secrets know it.
const TOKEN_PREFIX: &str = "sluice_embed_";
/// The site of a token for Sluice's own pages: no site of anybody's is called so ([`SiteOrigin`]), and none is needed among those
/// allowed.
pub const PREVIEW_SITE: &str = "self";
/// How long a ticket to a live stream is good for.
const TICKET_TTL: Duration = Duration::from_secs(30);
/// Lines of the account's own balance that are shown.
const LINES: usize = 8;
/// Entries that are read for them: while the agency pays, an account's entries are the agency's.
const ENTRIES_READ: u32 = 64;
/// The days whose usage tells how long a balance lasts.
const RUNWAY_DAYS: i64 = 30;
/// Lines of days read at once.
const PAGE: u32 = 1_000;

/// A token that is alive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Embedded {
    /// The right to the data of its account's agency.
    pub scope: Scope,
    /// What it is good for; of its sites those that are still allowed.
    pub session: EmbedSessionRow,
}

/// Replaces the sites that may show the widget; answers them in order.
///
/// # Errors
/// When storage fails.
pub fn set_origins(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    origins: &[SiteOrigin],
    origin: &Origin,
) -> Result<Vec<String>, StorageError> {
    let before = tx.embed_origins(scope)?;
    let mut after: Vec<_> = origins.iter().map(|site| site.as_str().to_owned()).collect();
    after.sort_unstable();
    if before == after {
        return Ok(after);
    }
    tx.save_embed_origins(scope, &after)?;
    let row = AuditRow {
        before: Some(serde_json::json!({ "origins": before }).to_string()),
        after: Some(serde_json::json!({ "origins": after }).to_string()),
        ..origin.did("set_embed_origins", tools.now)
    };
    tx.insert_audit(scope, &row)?;
    Ok(after)
}

/// Mints a token for an account of the agency; its sites are among those allowed, or [`PREVIEW_SITE`].
///
/// # Errors
/// When storage fails.
pub fn mint(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    account: SubAccountId,
    components: Vec<EmbedComponent>,
    origins: Vec<String>,
    ttl: Duration,
) -> Result<NewEmbedSession, StorageError> {
    let token = format!("{TOKEN_PREFIX}{}", links::new_token(tools.entropy.as_ref()));
    let session = EmbedSessionRow {
        token_hash: links::token_hash(&token),
        account,
        components,
        origins,
        expires_at: tools.now.plus(ttl),
    };
    tx.insert_embed_session(scope, &session)?;
    let EmbedSessionRow { components, origins, expires_at, .. } = session;
    Ok(NewEmbedSession { token, expires_at, account, components, origins })
}

/// What the token with this hash is good for now: nothing once it has expired, or none of its sites is allowed any more.
///
/// # Errors
/// When storage fails.
pub fn identify(
    tx: &mut dyn Transaction,
    token_hash: &[u8; 32],
    now: Timestamp,
) -> Stored<Option<Embedded>> {
    let Some((scope, mut session)) = tx.embed_session(token_hash, now)? else { return Ok(None) };
    let allowed = tx.embed_origins(scope)?;
    session.origins.retain(|origin| origin == PREVIEW_SITE || allowed.contains(origin));
    Ok((!session.origins.is_empty()).then_some(Embedded { scope, session }))
}

/// Makes a ticket that opens one live stream of the token.
///
/// # Errors
/// When storage fails.
pub fn make_ticket(
    tx: &mut dyn Transaction,
    tools: &Tools,
    embedded: &Embedded,
) -> Result<EmbedTicket, StorageError> {
    let ticket = links::new_token(tools.entropy.as_ref());
    let expires_at = tools.now.plus(TICKET_TTL);
    let token_hash = &embedded.session.token_hash;
    tx.insert_embed_ticket(embedded.scope, &links::token_hash(&ticket), token_hash, expires_at)?;
    Ok(EmbedTicket { ticket, expires_at })
}

/// What the token shows.
///
/// # Errors
/// `NotFound` when the account is gone; when storage fails.
pub fn balance(
    tx: &mut dyn Transaction,
    embedded: &Embedded,
    now: Timestamp,
) -> Result<EmbedBalance, ExecuteError> {
    let Embedded { scope, session } = embedded;
    let agency = tx.agency(*scope)?.ok_or(ExecuteError::NotFound)?;
    let row = tx.account(*scope, session.account)?.ok_or(ExecuteError::NotFound)?;
    let payer = row.funding.payer();
    let own = (payer == Payer::Customer).then_some(row.customer_balance);
    let runway_days = match own {
        Some(balance) => runway_days(tx, *scope, &row, balance, now)?,
        None => None,
    };
    let shows = |component| session.components.contains(&component);
    Ok(EmbedBalance {
        account: row.id,
        agency_name: agency.name.clone(),
        stylesheet: branding::address(tx, *scope)?,
        payer,
        standing: match (payer, snapshots::standing(&row, &agency)) {
            (Payer::Agency, Standing::Low) => Standing::Active,
            (_, standing) => standing,
        },
        balance: own,
        low_below: own.map(|_| row.low_below),
        runway_days,
        last_top_up: own.and_then(|_| last_top_up(&row.funding)),
        ledger: match shows(EmbedComponent::Ledger) {
            true => Some(lines(tx, *scope, row.id)?),
            false => None,
        },
        funding: shows(EmbedComponent::Funding).then(|| EmbedFunding {
            state: row.funding.phase(),
            since: row.funding.since(),
            card: row.funding.customer().and_then(|it| it.card.as_ref()).map(Card::label),
        }),
        name: row.name,
    })
}

/// Every payment that is on the balance is one that can still be paid back.
fn last_top_up(funding: &Funding) -> Option<EmbedTopUp> {
    let lots = funding.lots();
    let newest = lots.first()?;
    let nothing = Money::zero(newest.amount.currency());
    let amount = newest.amount.minus(newest.usage().unwrap_or(nothing)).ok()?;
    Some(EmbedTopUp { at: newest.settled_at?, amount })
}

/// By what the customer has paid for in the last 30 days, or since they pay.
fn runway_days(
    tx: &mut dyn Transaction,
    scope: Scope,
    row: &AccountRow,
    balance: Money,
    now: Timestamp,
) -> Stored<Option<u32>> {
    let today = Day::of(now).0;
    let first = Day::of(row.funding.since()).0.max(today - RUNWAY_DAYS + 1).min(today);
    let query = UsageQuery { from: Day(first), to: Day(today + 1), account: Some(row.id) };
    let mut drawn: i64 = 0;
    let mut after: Option<DayKey> = None;
    loop {
        let rows = tx.usage_days(scope, &query, after.as_ref(), PAGE)?;
        let full = rows.len() == PAGE as usize;
        after = rows.last().map(|(key, _)| key.clone());
        for (_, sum) in rows.iter().filter(|(key, _)| key.payer == Payer::Customer) {
            drawn = drawn.saturating_add(sum.amount_micros);
        }
        if !full {
            let days = u32::try_from(today - first + 1).unwrap_or(1);
            return Ok(runway::days_left(balance, drawn, days));
        }
    }
}

/// What was booked on the account's own balance, newest first.
fn lines(
    tx: &mut dyn Transaction,
    scope: Scope,
    sub_account: SubAccountId,
) -> Stored<Vec<EmbedLine>> {
    let own = Book::Customer { sub_account };
    let rows = tx.entries_of(scope, sub_account, None, ENTRIES_READ)?;
    let lines = rows.iter().flat_map(|row| {
        let postings = row.entry.postings().iter().zip(&row.balances_after);
        postings.filter(|(posting, _)| posting.book == own).map(|(posting, after)| EmbedLine {
            at: row.entry.at(),
            kind: row.entry.kind(),
            amount: posting.amount,
            balance_after: *after,
        })
    });
    Ok(lines.take(LINES).collect())
}
