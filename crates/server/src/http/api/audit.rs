//! `GET /audit`, `GET /audit.csv` and `GET /accounts/{account}/audit`: who did what.

use axum::{
    Json,
    extract::{Path, State},
    response::Response,
};
use billing::{
    SubAccountId, Timestamp,
    api::{AuditLine, AuditPage, Who},
    usage::Day,
};

use super::id;
use crate::{
    http::{
        App, Failure, csv, cursor,
        gate::{May, rights::ReadAudit},
        query::Query,
    },
    storage::{
        Transaction,
        audit::{AuditQuery, AuditRow},
    },
};

/// Lines read at once for the CSV.
const CHUNK: u32 = 500;
/// Lines in the CSV at most: the newest.
const CSV_LINES_MAX: usize = 50_000;
const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;
const COLUMNS: [&str; 9] =
    ["number", "at", "kind", "who", "action", "account", "before", "after", "request_id"];

/// The agency's trail, newest first.
pub async fn answer(
    caller: May<ReadAudit>,
    State(app): State<App>,
    mut query: Query,
) -> Result<Json<AuditPage>, Failure> {
    let account = account(&mut query);
    let asked = AuditQuery { account, ..asked(query, true)? };
    page(&app, caller, asked, None).await
}

/// What was done to one account.
pub async fn of_account(
    caller: May<ReadAudit>,
    State(app): State<App>,
    Path(account): Path<String>,
    query: Query,
) -> Result<Json<AuditPage>, Failure> {
    let account: SubAccountId = id(&account)?;
    let asked = AuditQuery { account: Some(account), ..asked(query, true)? };
    page(&app, caller, asked, Some(account)).await
}

/// The same as CSV (RFC 4180), without pages.
pub async fn csv(
    caller: May<ReadAudit>,
    State(app): State<App>,
    mut query: Query,
) -> Result<Response, Failure> {
    let account = account(&mut query);
    let asked = AuditQuery { account, limit: CHUNK, ..asked(query, false)? };
    let now = app.deps.clock.now();
    let read = move |tx: &mut dyn Transaction| {
        let scope = caller.identify(tx, now)?.scope;
        let mut all: Vec<(u64, AuditRow)> = Vec::new();
        loop {
            let before = all.last().map(|(number, _)| *number);
            let rows = tx.audit(scope, &AuditQuery { before, ..asked.clone() })?;
            let is_last = rows.len() < CHUNK as usize;
            all.extend(rows);
            if is_last || all.len() >= CSV_LINES_MAX {
                return Ok::<_, Failure>(all);
            }
        }
    };
    let rows = app.deps.store.read(read).await?;
    let day = Day::of(now).text();
    csv::attachment(&format!("audit-{day}"), &COLUMNS, rows.into_iter().map(cells))
}

async fn page(
    app: &App,
    caller: May<ReadAudit>,
    asked: AuditQuery,
    must_be: Option<SubAccountId>,
) -> Result<Json<AuditPage>, Failure> {
    let now = app.deps.clock.now();
    let read = move |tx: &mut dyn Transaction| {
        let scope = caller.identify(tx, now)?.scope;
        if let Some(account) = must_be {
            tx.account(scope, account)?.ok_or_else(Failure::not_found)?;
        }
        let limit = asked.limit;
        let more = AuditQuery { limit: limit.saturating_add(1), ..asked };
        let mut rows = tx.audit(scope, &more)?;
        let next_cursor = cursor::next(&mut rows, limit, |(number, _)| cursor::of_audit(*number));
        Ok::<_, Failure>(AuditPage { lines: rows.into_iter().map(line).collect(), next_cursor })
    };
    Ok(Json(app.deps.store.read(read).await?))
}

fn account(query: &mut Query) -> Option<SubAccountId> {
    query.read("account", "an account's id", |text| text.parse().ok())
}

fn asked(mut query: Query, paged: bool) -> Result<AuditQuery, Failure> {
    let start = |day: Day| Timestamp::from_millis(day.0.saturating_mul(DAY_MILLIS));
    let from = query.read("from", "a day like 2026-11-01", Day::parse).map(start);
    let to = query.read("to", "a day like 2026-11-30", Day::parse);
    let to = to.map(|day| start(Day(day.0.saturating_add(1))));
    // No stored text holds this character, and PostgreSQL takes none that does.
    let word = |text: &str| (!text.contains('\0')).then(|| text.to_owned());
    let actor = query.read("actor", "an id, an e-mail address or a kind", word);
    let action = query.read("action", "an action", word);
    let (mut before, mut limit) = (None, CHUNK);
    if paged {
        before = query.read("cursor", "a next_cursor of this trail", cursor::audit);
        limit = query.limit();
    }
    query.finish()?;
    Ok(AuditQuery { account: None, actor, action, from, to, before, limit })
}

fn line((number, row): (u64, AuditRow)) -> AuditLine {
    AuditLine {
        number,
        at: row.at,
        who: row.who,
        action: row.action,
        account: row.sub_account,
        before: row.before,
        after: row.after,
        request_id: row.request_id,
    }
}

fn cells((number, row): (u64, AuditRow)) -> Vec<String> {
    let (kind, who) = match &row.who {
        Who::User { id, name } => ("user", format!("{name} ({id})")),
        Who::Key { id, name } => ("key", format!("{name} ({id})")),
        Who::Customer { email } => ("customer", email.to_string()),
        Who::System { part } => ("system", part.clone()),
    };
    vec![
        number.to_string(),
        row.at.to_string(),
        kind.to_owned(),
        csv::defused(&who),
        row.action,
        row.sub_account.map(|id| id.to_string()).unwrap_or_default(),
        csv::defused(&row.before.unwrap_or_default()),
        csv::defused(&row.after.unwrap_or_default()),
        row.request_id,
    ]
}
