//! `PUT` and `DELETE /branding/logo`

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
};
use billing::{
    api::Branding,
    brand::{Image, ImageError, ImageKind},
};

use crate::{
    execute::{Tools, branding},
    http::{
        App, Failure, RequestTag,
        body::Raw,
        gate::{May, rights::ManageBranding},
    },
    storage::Transaction,
};

/// Takes the body as the logo: a picture, and the kind of picture that it says it is.
pub async fn put(
    caller: May<ManageBranding>,
    State(app): State<App>,
    tag: RequestTag,
    headers: HeaderMap,
    Raw(bytes): Raw,
) -> Result<Json<Branding>, Failure> {
    let tools = Tools::of(&app.deps);
    let write = move |tx: &mut dyn Transaction| {
        let signed_in = caller.identify(tx, tools.now)?;
        let (by, scope) = (signed_in.origin(&tag), signed_in.scope);
        let image = inspected(&headers, &bytes)?;
        Ok::<_, Failure>(branding::set_logo(tx, &tools, scope, Some((image, &bytes)), &by)?)
    };
    Ok(Json(app.deps.store.write(write).await?))
}

/// The name alone, from now on.
pub async fn remove(
    caller: May<ManageBranding>,
    State(app): State<App>,
    tag: RequestTag,
) -> Result<Json<Branding>, Failure> {
    let tools = Tools::of(&app.deps);
    let write = move |tx: &mut dyn Transaction| {
        let signed_in = caller.identify(tx, tools.now)?;
        let by = signed_in.origin(&tag);
        Ok::<_, Failure>(branding::set_logo(tx, &tools, signed_in.scope, None, &by)?)
    };
    Ok(Json(app.deps.store.write(write).await?))
}

fn inspected(headers: &HeaderMap, bytes: &[u8]) -> Result<Image, Failure> {
    let named = headers.get(header::CONTENT_TYPE).and_then(|name| name.to_str().ok());
    let Some(kind) = named.and_then(ImageKind::from_media_type) else {
        let detail = "Send the logo as image/png, image/jpeg or image/webp.";
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(Failure::new(status, "unsupported_media_type", detail));
    };
    let image = Image::inspect(bytes).and_then(|image| match image.kind == kind {
        true => Ok(image),
        false => Err(ImageError::NotAnImage),
    });
    image.map_err(|error| match error {
        ImageError::TooLarge => {
            Failure::new(StatusCode::PAYLOAD_TOO_LARGE, error.code(), error.to_string())
        }
        _ => Failure::field("", error.code(), error.to_string()),
    })
}
