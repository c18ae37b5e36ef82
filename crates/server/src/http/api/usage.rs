//! `GET /usage` and `GET /usage.csv`: reports over the sums of days; no event is looked at.

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use billing::{
    Currency, Money, Quantity, Timestamp,
    api::{ReportBy, ReportRow, UsageReport},
    usage::Day,
};

use crate::{
    http::{App, Failure, caller::Caller, query::Query},
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
struct Asked {
    from: Day,
    to: Day,
    by: ReportBy,
}

impl Asked {
    fn read(mut query: Query, now: Timestamp) -> Result<Self, Failure> {
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

    fn query(&self) -> UsageQuery {
        UsageQuery { from: self.from, to: Day(self.to.0 + 1), account: None }
    }
}

/// The report as JSON.
pub async fn answer(
    State(app): State<App>,
    caller: Caller,
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
    State(app): State<App>,
    caller: Caller,
    query: Query,
) -> Result<Response, Failure> {
    let asked = Asked::read(query, app.deps.clock.now())?;
    let (currency, rows) = segments(&app, caller, &asked).await?;
    let text = to_csv(&asked, currency, rows)?;
    let (by, from, to) = (asked.by.name(), asked.from.text(), asked.to.text());
    let name = format!("attachment; filename=\"usage-by-{by}-{from}-{to}.csv\"");
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

async fn segments(
    app: &App,
    caller: Caller,
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

fn add(sum: Segment, row: &Segment) -> Segment {
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

fn to_csv(asked: &Asked, currency: Currency, rows: Vec<Segment>) -> Result<String, Failure> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let broken = |error: csv::Error| StorageError::Damaged(error.to_string());
    let by = asked.by.name();
    let header = [
        by,
        "name",
        "events",
        "late_events",
        "quantity",
        "agency_paid",
        "customer_paid",
        "currency",
    ];
    writer.write_record(header).map_err(broken)?;
    for segment in rows {
        let row = row(segment, currency)?;
        let record = [
            defused(&row.key),
            defused(&row.label),
            row.events.to_string(),
            row.late_events.to_string(),
            row.quantity.to_string(),
            row.agency_paid.amount(),
            row.customer_paid.amount(),
            currency.code().to_owned(),
        ];
        writer.write_record(record).map_err(broken)?;
    }
    let bytes = writer.into_inner().map_err(|error| StorageError::Damaged(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| StorageError::Damaged(error.to_string()).into())
}

/// A cell that a spreadsheet would take for a formula gets a quote before it (OWASP, "CSV Injection").
fn defused(cell: &str) -> String {
    match cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{cell}"),
        false => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_defused_and_a_comma_quoted() {
        let asked = Asked { from: Day(0), to: Day(0), by: ReportBy::Account };
        let segment = Segment {
            key: "sub_1".to_owned(),
            label: "=1+1, \"Finch\"".to_owned(),
            events: 2,
            quantity_micros: 2_500_000,
            agency_micros: 10_000,
            ..Segment::default()
        };
        let text = to_csv(&asked, Currency::Usd, vec![segment]).unwrap();
        let line = text.lines().nth(1).unwrap();
        assert_eq!(line, "sub_1,\"'=1+1, \"\"Finch\"\"\",2,0,2.5,0.01,0.00,USD");
    }
}
