//! `GET /client/usage` and `GET /client/usage.csv`

use std::collections::BTreeMap;

use axum::{Json, extract::State, response::Response};
use billing::{
    Currency, Money, Quantity,
    api::{ClientReport, ClientReportRow},
};

use crate::{
    http::{
        App, Failure,
        api::usage::{Asked, add},
        csv,
        gate::{May, rights::SeeOwnAccounts},
        query::Query,
    },
    storage::{
        StorageError, Transaction,
        usage::{Segment, UsageQuery},
    },
};

/// The report as JSON.
pub async fn answer(
    caller: May<SeeOwnAccounts>,
    State(app): State<App>,
    query: Query,
) -> Result<Json<ClientReport>, Failure> {
    let asked = Asked::read(query, app.deps.clock.now())?;
    let (currency, segments) = segments(&app, caller, &asked).await?;
    let total = row(segments.iter().fold(Segment::default(), add), currency)?;
    let rows: Result<Vec<_>, _> = segments.into_iter().map(|one| row(one, currency)).collect();
    Ok(Json(ClientReport {
        from: asked.from.text(),
        to: asked.to.text(),
        by: asked.by,
        currency,
        rows: rows?,
        total,
    }))
}

/// The same as CSV.
pub async fn csv(
    caller: May<SeeOwnAccounts>,
    State(app): State<App>,
    query: Query,
) -> Result<Response, Failure> {
    let asked = Asked::read(query, app.deps.clock.now())?;
    let (currency, segments) = segments(&app, caller, &asked).await?;
    let mut rows = Vec::new();
    for segment in segments {
        let row = row(segment, currency)?;
        rows.push(vec![
            csv::defused(&row.key),
            csv::defused(&row.label),
            row.events.to_string(),
            row.quantity.to_string(),
            row.paid.amount(),
            currency.code().to_owned(),
        ]);
    }
    let columns = [asked.by.name(), "name", "events", "quantity", "paid", "currency"];
    csv::attachment(&asked.file_name(), &columns, rows)
}

/// The segments of all their sub-accounts together, in the order of their keys.
async fn segments(
    app: &App,
    caller: May<SeeOwnAccounts>,
    asked: &Asked,
) -> Result<(Currency, Vec<Segment>), Failure> {
    let (query, by, now) = (asked.query(), asked.by, app.deps.clock.now());
    let read = move |tx: &mut dyn Transaction| {
        let allowed = caller.identify(tx, now)?;
        let scope = allowed.scope;
        let currency = tx.agency(scope)?.ok_or_else(Failure::not_found)?.currency;
        let mut all: BTreeMap<String, Segment> = BTreeMap::new();
        for account in &allowed.person()?.accounts {
            let own = UsageQuery { account: Some(*account), ..query.clone() };
            for segment in tx.usage_report(scope, &own, by)? {
                let sum = all.entry(segment.key.clone()).or_insert_with(|| Segment {
                    key: segment.key.clone(),
                    label: segment.label.clone(),
                    ..Segment::default()
                });
                *sum = add(std::mem::take(sum), &segment);
            }
        }
        Ok::<_, Failure>((currency, all.into_values().collect()))
    };
    app.deps.store.read(read).await
}

fn row(segment: Segment, currency: Currency) -> Result<ClientReportRow, StorageError> {
    let quantity = Quantity::from_micros(segment.quantity_micros);
    Ok(ClientReportRow {
        key: segment.key,
        label: segment.label,
        events: segment.events,
        quantity: quantity.ok_or_else(|| StorageError::Damaged("a quantity".to_owned()))?,
        paid: Money::from_micros(segment.customer_micros, currency),
    })
}
