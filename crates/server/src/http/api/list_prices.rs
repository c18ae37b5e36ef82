//! `GET /prices`

use axum::{Json, extract::State};
use billing::api::{PriceList, WaitingType};

use crate::{
    execute::explain::version,
    http::{
        App, Failure,
        gate::{May, rights::ReadSettings},
    },
    storage::Transaction,
};

/// Every version of every price, and what waits for one.
pub async fn answer(
    caller: May<ReadSettings>,
    State(app): State<App>,
) -> Result<Json<PriceList>, Failure> {
    let now = app.deps.clock.now();
    let read = move |tx: &mut dyn Transaction| {
        let scope = caller.identify(tx, now)?.scope;
        let agency = tx.agency(scope)?.ok_or_else(Failure::not_found)?;
        let waiting = tx.unpriced_types(scope)?.into_iter().map(|waiting| WaitingType {
            event_type: waiting.event_type,
            events: waiting.events,
            first_at: waiting.first_at,
        });
        Ok::<_, Failure>(PriceList {
            currency: agency.currency,
            versions: tx.prices(scope)?.iter().map(version).collect(),
            waiting: waiting.collect(),
        })
    };
    Ok(Json(app.deps.store.read(read).await?))
}
