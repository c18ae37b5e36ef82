//! `DELETE /people/{person}/sessions`

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use billing::UserId;

use crate::{
    execute::{Tools, staff},
    http::{
        App, Failure, RequestTag,
        api::id,
        gate::{May, rights::ManagePeople},
    },
    storage::Transaction,
};

/// Signs somebody out everywhere: a machine was lost, or something looks odd.
pub async fn answer(
    caller: May<ManagePeople>,
    State(app): State<App>,
    tag: RequestTag,
    Path(person): Path<String>,
) -> Result<StatusCode, Failure> {
    let person: UserId = id(&person)?;
    let tools = Tools::of(&app.deps);
    let write = move |tx: &mut dyn Transaction| {
        let allowed = caller.identify(tx, tools.now)?;
        let origin = allowed.origin(&tag);
        Ok::<_, Failure>(staff::sign_out(tx, &tools, allowed.scope, person, &origin)?)
    };
    app.deps.store.write(write).await?;
    Ok(StatusCode::NO_CONTENT)
}
