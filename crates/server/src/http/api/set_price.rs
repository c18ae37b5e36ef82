//! `POST /prices`

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
};
use billing::{
    Quantity,
    api::{FieldProblem, SetPriceBody},
    pricing::{Markup, Price, PriceSubject, Setting},
    usage::{EventType, FieldName},
};
use serde_json::Value;

use crate::{
    execute::{Tools, explain::version, idempotent::Key, prices},
    http::{
        App, Failure, RequestTag,
        body::{self, Json},
        conditions::idempotency_key,
        gate::{May, rights::SetPrices},
        once::{Answer, once},
    },
    storage::Transaction,
};

/// Sets a price, an override or a markup from a time on. Usage that waited for it is drawn soon after.
pub async fn answer(
    caller: May<SetPrices>,
    State(app): State<App>,
    tag: RequestTag,
    uri: Uri,
    headers: HeaderMap,
    Json { value, raw }: Json<Value>,
) -> Result<Answer, Failure> {
    let key = idempotency_key(&headers)?;
    let wrong = wrong_fields(&value);
    if !wrong.is_empty() {
        return Err(Failure::invalid(wrong));
    }
    let body: SetPriceBody = body::parse(&raw)?;
    let setting = checked(&body)?;
    let route = format!("POST {}", uri.path());
    let tools = Tools::of(&app.deps);
    let write = move |tx: &mut dyn Transaction| {
        let signed_in = caller.identify(tx, tools.now)?;
        let scope = signed_in.scope;
        let key = Key::new(signed_in.name(), key.clone(), &route, &raw);
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

/// The texts that are no price, quantity or name, each at its place. The body's tagged parts are read as a whole: what is wrong
/// within one would be told at the whole of it.
fn wrong_fields(body: &Value) -> Vec<FieldProblem> {
    let mut wrong = Vec::new();
    let mut look = |pointer: &str, read: fn(&str) -> Option<(&'static str, String)>| {
        let text = body.pointer(pointer).and_then(Value::as_str);
        if let Some((code, detail)) = text.and_then(read) {
            let (pointer, code) = (pointer.to_owned(), code.to_owned());
            wrong.push(FieldProblem { pointer, code, detail });
        }
    };
    let price = |text: &str| Price::parse(text).err().map(|no| (no.code(), no.to_string()));
    let quantity = |text: &str| Quantity::parse(text).err().map(|no| (no.code(), no.to_string()));
    look("/subject/event_type", |text| {
        EventType::parse(text).err().map(|no| (no.code(), no.to_string()))
    });
    look("/setting/terms/unit_price", price);
    look("/setting/terms/quantity_field", |text| {
        FieldName::parse(text).err().map(|no| (no.code(), no.to_string()))
    });
    look("/setting/terms/included", quantity);
    let tiers = body.pointer("/setting/terms/tiers").and_then(Value::as_array);
    for tier in 0..tiers.map_or(0, Vec::len) {
        look(&format!("/setting/terms/tiers/{tier}/above"), quantity);
        look(&format!("/setting/terms/tiers/{tier}/unit_price"), price);
    }
    look("/setting/markup/percent", |text| {
        let markup = serde_json::from_value::<Markup>(serde_json::json!({ "percent": text }));
        markup.err().map(|no| ("markup", no.to_string()))
    });
    wrong
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_wrong_text_is_told_at_its_own_place() {
        let tier = json!({ "above": "1,000", "unit_price": "cheap" });
        let terms = json!({
            "unit_price": "free", "quantity_field": "a b", "included": "-1", "tiers": [tier],
        });
        let body = json!({
            "subject": { "of": "list", "event_type": "" },
            "setting": { "set": "price", "terms": terms },
        });
        let places: Vec<_> = wrong_fields(&body).into_iter().map(|wrong| wrong.pointer).collect();
        let expected = [
            "/subject/event_type",
            "/setting/terms/unit_price",
            "/setting/terms/quantity_field",
            "/setting/terms/included",
            "/setting/terms/tiers/0/above",
            "/setting/terms/tiers/0/unit_price",
        ];
        assert_eq!(places, expected);
        let markup = json!({ "setting": { "set": "markup", "markup": { "percent": "1000.1" } } });
        let wrong = wrong_fields(&markup);
        assert_eq!(wrong.len(), 1);
        assert_eq!(wrong[0].pointer, "/setting/markup/percent");
        assert_eq!(wrong[0].detail, "A markup is from -100 to 1000 percent.");
        let fine = json!({ "setting": { "terms": { "unit_price": "0.0079" } } });
        assert_eq!(wrong_fields(&fine), []);
    }
}
