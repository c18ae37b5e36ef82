//! `POST /events`: usage, as CloudEvents. 204 once it is durable and drawn; a batch is taken whole or not at all.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
};
use billing::api::FieldProblem;

use crate::{
    http::{
        App, Failure,
        body::Raw,
        cloud_events,
        gate::{May, rights::SendUsage},
    },
    metering::{Batch, MeterError, Refusal, Refused},
};

/// Takes a request's events.
pub async fn answer(
    machine: May<SendUsage>,
    State(app): State<App>,
    headers: HeaderMap,
    Raw(body): Raw,
) -> Result<StatusCode, Failure> {
    let scope = machine.at_once()?.scope;
    let events = cloud_events::read(&headers, &body)?;
    let is_batch = cloud_events::is_batch(&headers);
    let batch = Batch { scope, events, any_age: false };
    app.deps.meter.record(batch).await.map_err(|error| failure(error, is_batch))?;
    Ok(StatusCode::NO_CONTENT)
}

fn failure(error: MeterError, is_batch: bool) -> Failure {
    let MeterError::Refused(Refused { index, why }) = error else { return Failure::overloaded() };
    let place = if is_batch { format!("/{index}") } else { String::new() };
    let problem = FieldProblem {
        pointer: format!("{place}{}", why.pointer()),
        code: why.code().to_owned(),
        detail: why.to_string(),
    };
    match why {
        Refusal::OtherPayload => Failure {
            errors: vec![problem],
            ..Failure::new(StatusCode::CONFLICT, "other_payload", why.to_string())
        },
        _ => Failure::invalid(vec![problem]),
    }
}
