//! `POST /webhook-endpoints`

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use billing::api::AddEndpointBody;

use crate::{
    execute::{
        Tools,
        endpoints::{EndpointError, add_endpoint},
    },
    http::{
        App, Failure, RequestTag, body,
        gate::{May, rights::ManageEndpoints},
    },
    storage::Transaction,
};

impl From<EndpointError> for Failure {
    fn from(error: EndpointError) -> Self {
        match error {
            EndpointError::TooMany => {
                Self::new(StatusCode::CONFLICT, "too_many_endpoints", error.to_string())
            }
            EndpointError::Execute(error) => error.into(),
        }
    }
}

/// Adds an endpoint and tells its secret, once: that is why a repeat is not answered from memory, and adds another one.
pub async fn answer(
    caller: May<ManageEndpoints>,
    State(app): State<App>,
    tag: RequestTag,
    body::Json { value, .. }: body::Json<AddEndpointBody>,
) -> Result<Response, Failure> {
    let url = app.deps.courier.checked(&value.url);
    let url = url.map_err(|error| Failure::field("/url", error.code(), error.to_string()))?;
    let tools = Tools::of(&app.deps);
    let write = move |tx: &mut dyn Transaction| {
        let signed_in = caller.identify(tx, tools.now)?;
        let origin = signed_in.origin(&tag);
        Ok::<_, Failure>(add_endpoint(tx, &tools, signed_in.scope, &url, &origin)?)
    };
    let added = app.deps.store.write(write).await?;
    let never = [(header::CACHE_CONTROL, "no-store")];
    Ok((StatusCode::CREATED, never, axum::Json(added)).into_response())
}
