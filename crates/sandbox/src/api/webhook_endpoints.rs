use super::Answer;
use crate::{
    books::WebhookEndpoint, desk::Desk, entropy::base62, error::ApiError, form::Params,
    shelf::Record,
};

pub fn create(desk: &mut Desk<'_>, mut params: Params) -> Answer {
    let url = params.required("url")?;
    let enabled_events =
        params.texts("enabled_events")?.ok_or_else(|| params.missing("enabled_events"))?;
    let description = params.clearable("description")?.flatten();
    let mut metadata = Default::default();
    params.metadata(&mut metadata)?;
    params.ignore(&["api_version"]);
    params.finish()?;
    if !url.starts_with("http://") || url.parse::<axum::http::Uri>().is_err() {
        return Err(ApiError::invalid("Invalid URL: the sandbox delivers to http:// only.")
            .code("url_invalid")
            .param("url"));
    }
    let endpoint = WebhookEndpoint {
        id: desk.new_id("we"),
        created: desk.now,
        url,
        enabled_events,
        secret: format!("whsec_{}", base62(desk.entropy, 32)),
        description,
        metadata,
        deleted: false,
    };
    let mut json = endpoint.json();
    if let Some(json) = json.as_object_mut() {
        // Only the answer to its creation tells the secret.
        json.insert("secret".to_owned(), endpoint.secret.clone().into());
    }
    desk.books.endpoints.put(endpoint);
    Ok(json)
}

pub fn retrieve(desk: &Desk<'_>, id: &str, params: Params) -> Answer {
    params.finish()?;
    desk.books.endpoints.find(id).map(Record::json)
}

pub fn list(desk: &Desk<'_>, mut params: Params) -> Answer {
    let page = desk
        .books
        .endpoints
        .page("/v1/webhook_endpoints", &mut params, |endpoint| !endpoint.deleted)?;
    params.finish()?;
    Ok(page)
}

pub fn delete(desk: &mut Desk<'_>, id: &str, params: Params) -> Answer {
    params.finish()?;
    let endpoint = desk.books.endpoints.find_mut(id)?;
    if endpoint.deleted {
        return Err(ApiError::missing("webhook endpoint", id, "id"));
    }
    endpoint.deleted = true;
    Ok(endpoint.json())
}
