//! `GET` and `PUT /agency/time-zone`: where the agency's months begin.

use axum::{Json, extract::State};
use billing::api::{FieldProblem, TimeZone};

use crate::{
    execute::{Tools, statements},
    http::{
        App, Failure, RequestTag, body,
        gate::{
            May,
            rights::{ReadAccounts, SetTimeZone},
        },
    },
    storage::Transaction,
    zone::Zone,
};

/// The time zone.
pub async fn show(
    caller: May<ReadAccounts>,
    State(app): State<App>,
) -> Result<Json<TimeZone>, Failure> {
    let now = app.deps.clock.now();
    let read = move |tx: &mut dyn Transaction| {
        let scope = caller.identify(tx, now)?.scope;
        Ok::<_, Failure>(statements::zone(tx, scope)?)
    };
    Ok(Json(TimeZone { time_zone: app.deps.store.read(read).await?.name().to_owned() }))
}

/// Another one, from the running month on.
pub async fn set(
    caller: May<SetTimeZone>,
    State(app): State<App>,
    tag: RequestTag,
    body::Json { value, .. }: body::Json<TimeZone>,
) -> Result<Json<TimeZone>, Failure> {
    let zone = Zone::parse(&value.time_zone).ok_or_else(unknown)?;
    let tools = Tools::of(&app.deps);
    let chosen = zone.clone();
    let write = move |tx: &mut dyn Transaction| {
        let signed_in = caller.identify(tx, tools.now)?;
        let by = signed_in.origin(&tag);
        Ok::<_, Failure>(statements::set_zone(tx, &tools, signed_in.scope, &chosen, &by)?)
    };
    app.deps.store.write(write).await?;
    Ok(Json(TimeZone { time_zone: zone.name().to_owned() }))
}

fn unknown() -> Failure {
    Failure::invalid(vec![FieldProblem {
        pointer: "/time_zone".to_owned(),
        code: "unknown_time_zone".to_owned(),
        detail: "Enter a time zone by its IANA name, like Europe/Berlin or UTC.".to_owned(),
    }])
}
