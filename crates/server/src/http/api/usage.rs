//! `GET /usage` and `GET /usage.csv`: reports over the sums of days; no event is looked at.

use axum::{Json, extract::State, response::Response};
use billing::{
    Currency, Money, Quantity, Timestamp,
    api::{ReportBy, ReportRow, UsageReport},
    usage::Day,
};

use crate::{
    http::{
        App, Failure, csv,
        gate::{May, rights::ReadAccounts},
        query::Query,
    },
    storage::{
        StorageError, Transaction,
        usage::{Segment, UsageQuery},
    },
};

/// Days of a report when nobody says.
const DAYS: i64 = 30;
/// The longest report, in days.
const DAYS_MAX: i64 = 400;
/// Segments in a JSON answer.
const ROWS_MAX: usize = 1_000;

/// What is asked for.
pub(super) struct Asked {
    pub(super) from: Day,
    pub(super) to: Day,
    pub(super) by: ReportBy,
}

impl Asked {
    pub(super) fn read(mut query: Query, now: Timestamp) -> Result<Self, Failure> {
        let today = Day::of(now);
        let from = query.read("from", "a day like 2026-11-01", Day::parse);
        let to = query.read("to", "a day like 2026-11-30", Day::parse).unwrap_or(today);
        let by = query.read("by", "account, type, day or payer", ReportBy::from_name);
        query.finish()?;
        let from = from.unwrap_or(Day(to.0 - DAYS + 1));
        if from > to || to.0 - from.0 >= DAYS_MAX {
            let detail =
                format!("A report is over 1 to {DAYS_MAX} days, from the earlier to the later.");
            return Err(Failure::field("from", "invalid", detail));
        }
        Ok(Self { from, to, by: by.unwrap_or_default() })
    }

    pub(super) fn query(&self) -> UsageQuery {
        UsageQuery { from: self.from, to: Day(self.to.0 + 1), account: None }
    }

    /// What the CSV is called.
    pub(super) fn file_name(&self) -> String {
        format!("usage-by-{}-{}-{}", self.by.name(), self.from.text(), self.to.text())
    }
}

/// The report as JSON.
pub async fn answer(
    caller: May<ReadAccounts>,
    State(app): State<App>,
    query: Query,
) -> Result<Json<UsageReport>, Failure> {
    let asked = Asked::read(query, app.deps.clock.now())?;
    let (currency, mut rows) = segments(&app, caller, &asked).await?;
    let segments = rows.len() as u64;
    let total = rows.iter().fold(Segment::default(), add);
    if asked.by != ReportBy::Day {
        rows.sort_by_key(|row| {
            std::cmp::Reverse(row.agency_micros.saturating_add(row.customer_micros))
        });
    }
    rows.truncate(ROWS_MAX);
    let rows: Result<Vec<_>, _> = rows.into_iter().map(|segment| row(segment, currency)).collect();
    Ok(Json(UsageReport {
        from: asked.from.text(),
        to: asked.to.text(),
        by: asked.by,
        currency,
        rows: rows?,
        total: row(total, currency)?,
        segments,
    }))
}

/// The whole report as CSV (RFC 4180).
pub async fn csv(
    caller: May<ReadAccounts>,
    State(app): State<App>,
    query: Query,
) -> Result<Response, Failure> {
    let asked = Asked::read(query, app.deps.clock.now())?;
    let (currency, rows) = segments(&app, caller, &asked).await?;
    let mut lines = Vec::new();
    for segment in rows {
        let row = row(segment, currency)?;
        lines.push(vec![
            csv::defused(&row.key),
            csv::defused(&row.label),
            row.events.to_string(),
            row.late_events.to_string(),
            row.quantity.to_string(),
            row.agency_paid.amount(),
            row.customer_paid.amount(),
            currency.code().to_owned(),
        ]);
    }
    let columns = [
        asked.by.name(),
        "name",
        "events",
        "late_events",
        "quantity",
        "agency_paid",
        "customer_paid",
        "currency",
    ];
    csv::attachment(&asked.file_name(), &columns, lines)
}

async fn segments(
    app: &App,
    caller: May<ReadAccounts>,
    asked: &Asked,
) -> Result<(Currency, Vec<Segment>), Failure> {
    let (query, by, now) = (asked.query(), asked.by, app.deps.clock.now());
    let read = move |tx: &mut dyn Transaction| {
        let scope = caller.identify(tx, now)?.scope;
        let agency = tx.agency(scope)?.ok_or_else(Failure::not_found)?;
        Ok::<_, Failure>((agency.currency, tx.usage_report(scope, &query, by)?))
    };
    app.deps.store.read(read).await
}

pub(super) fn add(sum: Segment, row: &Segment) -> Segment {
    Segment {
        events: sum.events + row.events,
        late_events: sum.late_events + row.late_events,
        quantity_micros: sum.quantity_micros.saturating_add(row.quantity_micros),
        agency_micros: sum.agency_micros.saturating_add(row.agency_micros),
        customer_micros: sum.customer_micros.saturating_add(row.customer_micros),
        ..sum
    }
}

fn row(segment: Segment, currency: Currency) -> Result<ReportRow, StorageError> {
    let quantity = Quantity::from_micros(segment.quantity_micros);
    Ok(ReportRow {
        key: segment.key,
        label: segment.label,
        events: segment.events,
        late_events: segment.late_events,
        quantity: quantity.ok_or_else(|| StorageError::Damaged("a quantity".to_owned()))?,
        agency_paid: Money::from_micros(segment.agency_micros, currency),
        customer_paid: Money::from_micros(segment.customer_micros, currency),
    })
}
