//! `PATCH /people/{person}`

use axum::{
    Json,
    extract::{Path, State},
};
use billing::{
    UserId,
    api::{ChangePersonBody, PersonSnapshot},
};

use crate::{
    execute::{Tools, staff},
    http::{
        App, Failure, RequestTag,
        api::id,
        body,
        gate::{May, rights::ManagePeople},
    },
    storage::Transaction,
};

/// Changes what somebody is called, is, or belongs to; it holds from their next request on.
pub async fn answer(
    caller: May<ManagePeople>,
    State(app): State<App>,
    tag: RequestTag,
    Path(person): Path<String>,
    body::Json { value, .. }: body::Json<ChangePersonBody>,
) -> Result<Json<PersonSnapshot>, Failure> {
    let person: UserId = id(&person)?;
    let tools = Tools::of(&app.deps);
    let write = move |tx: &mut dyn Transaction| {
        let allowed = caller.identify(tx, tools.now)?;
        let origin = allowed.origin(&tag);
        Ok::<_, Failure>(staff::change(tx, &tools, allowed.scope, person, &value, &origin)?)
    };
    Ok(Json(app.deps.store.write(write).await?))
}
