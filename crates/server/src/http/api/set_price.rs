//! `POST /prices`

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
};
use billing::{
    api::SetPriceBody,
    pricing::{PriceSubject, Setting},
};

use crate::{
    execute::{Tools, explain::version, idempotent::Key, prices},
    http::{
        App, Failure, RequestTag,
        body::Json,
        caller::Caller,
        conditions::idempotency_key,
        once::{Answer, once},
    },
    storage::Transaction,
};

/// Sets a price, an override or a markup from a time on. Usage that waited for it is drawn soon after.
pub async fn answer(
    State(app): State<App>,
    caller: Caller,
    tag: RequestTag,
    uri: Uri,
    headers: HeaderMap,
    Json { value: body, raw }: Json<SetPriceBody>,
) -> Result<Answer, Failure> {
    let key = idempotency_key(&headers)?;
    let setting = checked(&body)?;
    let route = format!("POST {}", uri.path());
    let tools = Tools::of(&app.deps);
    let write = move |tx: &mut dyn Transaction| {
        let signed_in = caller.identify(tx, tools.now)?;
        let scope = signed_in.scope;
        let key = Key::new(signed_in.user.id.to_string(), key.clone(), &route, &raw);
        let answer = once(tx, scope, &key, tools.now, |tx| {
            let (from, origin) = (body.from.unwrap_or(tools.now), signed_in.origin(&tag));
            let subject = &body.subject;
            let set = prices::set_price(tx, scope, subject, from, &setting, tools.now, &origin);
            Ok(version(&set?))
        })?;
        Ok::<_, Failure>((scope, answer))
    };
    let (scope, answer) = app.deps.store.write(write).await?;
    let meter = app.deps.meter.clone();
    tokio::spawn(async move {
        if let Err(error) = meter.price_waiting(scope).await {
            tracing::error!(%error, "usage that waits for a price could not be drawn");
        }
    });
    Ok(answer)
}

/// A setting that fits its subject.
fn checked(body: &SetPriceBody) -> Result<Setting, Failure> {
    match (&body.subject, body.setting.clone()) {
        (PriceSubject::Markup { .. }, Setting::Price { .. }) => {
            Err(Failure::field("/setting", "invalid", "A markup is not a price."))
        }
        (PriceSubject::List { .. } | PriceSubject::Override { .. }, Setting::Markup { .. }) => {
            Err(Failure::field("/setting", "invalid", "A price is not a markup."))
        }
        (_, Setting::Price { terms }) => match terms.checked() {
            Ok(terms) => Ok(Setting::Price { terms }),
            Err(error) => {
                Err(Failure::field("/setting/terms/tiers", error.code(), error.to_string()))
            }
        },
        (_, setting) => Ok(setting),
    }
}
