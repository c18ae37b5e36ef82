use serde_json::{Value, json};

use super::{Answer, customers};
use crate::{
    books::{Holder, PaymentMethod},
    cards::{Behaviour, Card},
    desk::Desk,
    error::ApiError,
    form::Params,
    payments,
    shelf::Record,
};

pub fn create(desk: &mut Desk<'_>, mut params: Params) -> Answer {
    let (card, billing_details) = take_card(&mut params, desk.now)?;
    let mut metadata = Default::default();
    params.metadata(&mut metadata)?;
    params.finish()?;
    let method = PaymentMethod {
        id: desk.new_id("pm"),
        created: desk.now,
        card,
        holder: Holder::Nobody,
        billing_details,
        metadata,
    };
    let json = method.json();
    desk.books.payment_methods.put(method);
    Ok(json)
}

/// Takes `type`, `card` and `billing_details`, as they stand at the top of a payment method's
/// request or inside `payment_method_data`.
pub fn take_card(params: &mut Params, now: i64) -> Result<(Card, Value), ApiError> {
    params.choice("type", &["card"])?;
    let mut details = params.nested("card")?.ok_or_else(|| params.missing("card"))?;
    let card = match details.text("token")? {
        Some(token) => Card::named(&token, now)
            .ok_or_else(|| ApiError::missing("token", &token, "card[token]"))?,
        None => {
            let number = details.required("number")?;
            let month =
                details.integer("exp_month")?.ok_or_else(|| details.missing("exp_month"))?;
            let year = details.integer("exp_year")?.ok_or_else(|| details.missing("exp_year"))?;
            let cvc = details.text("cvc")?;
            Card::typed(&number, month, year, cvc.as_deref(), now)?
        }
    };
    details.finish()?;
    let mut billing = payments::no_billing_details();
    if let Some(mut given) = params.nested("billing_details")? {
        for name in ["email", "name", "phone"] {
            if let (Some(Some(text)), Some(billing)) =
                (given.clearable(name)?, billing.as_object_mut())
            {
                billing.insert(name.to_owned(), Value::String(text));
            }
        }
        if let (Some(mut address), Some(billing)) =
            (given.nested("address")?, billing.as_object_mut())
        {
            let mut parts = serde_json::Map::new();
            for name in ["city", "country", "line1", "line2", "postal_code", "state"] {
                parts.insert(name.to_owned(), json!(address.clearable(name)?.flatten()));
            }
            address.finish()?;
            billing.insert("address".to_owned(), Value::Object(parts));
        }
        given.finish()?;
    }
    params.ignore(&["allow_redisplay"]);
    Ok((card, billing))
}

/// The payment method of this id; Stripe's `pm_card_…` names make one on the spot.
pub fn named(desk: &mut Desk<'_>, id: &str) -> Result<String, ApiError> {
    let Some(card) = Card::named(id, desk.now).filter(|_| id.starts_with("pm_card_")) else {
        return desk.books.payment_methods.find(id).map(|method| method.id.clone());
    };
    let method = PaymentMethod {
        id: desk.new_id("pm"),
        created: desk.now,
        card,
        holder: Holder::Nobody,
        billing_details: payments::no_billing_details(),
        metadata: Default::default(),
    };
    let id = method.id.clone();
    desk.books.payment_methods.put(method);
    Ok(id)
}

pub fn retrieve(desk: &Desk<'_>, id: &str, params: Params) -> Answer {
    params.finish()?;
    desk.books.payment_methods.find(id).map(Record::json)
}

pub fn list(desk: &Desk<'_>, mut params: Params) -> Answer {
    let customer = params.required("customer")?;
    list_of(desk, &customer, "/v1/payment_methods", params)
}

pub fn list_of(desk: &Desk<'_>, customer: &str, url: &str, mut params: Params) -> Answer {
    customers::living(desk, customer, "customer")?;
    params.choice("type", &["card"])?;
    let page = desk
        .books
        .payment_methods
        .page(url, &mut params, |method| method.customer() == Some(customer))?;
    params.finish()?;
    Ok(page)
}

pub fn attach(desk: &mut Desk<'_>, id: &str, mut params: Params) -> Answer {
    let customer = params.required("customer")?;
    params.finish()?;
    customers::living(desk, &customer, "customer")?;
    let id = named(desk, id)?;
    let method = desk.books.payment_methods.find_mut(&id)?;
    match &method.holder {
        Holder::Nobody => {}
        Holder::Customer(holder) if *holder == customer => return Ok(method.json()),
        Holder::Customer(_) => {
            return Err(ApiError::invalid(
                "The payment method you provided has already been attached to a customer.",
            )
            .param("payment_method"));
        }
        Holder::Spent => {
            return Err(ApiError::invalid(
                "This PaymentMethod was previously used without being attached to a Customer or \
                 was detached from a Customer, and may not be used again.",
            )
            .param("payment_method"));
        }
    }
    if let Behaviour::Declines(reason) = &method.card.kind.behaviour {
        return Err(payments::declined(reason));
    }
    method.holder = Holder::Customer(customer);
    let json = method.json();
    desk.emit("payment_method.attached", json.clone());
    Ok(json)
}

pub fn detach(desk: &mut Desk<'_>, id: &str, params: Params) -> Answer {
    params.finish()?;
    let method = desk.books.payment_methods.find_mut(id)?;
    if method.customer().is_none() {
        return Err(ApiError::invalid(
            "The payment method you provided is not attached to a customer so detachment is \
             impossible.",
        )
        .param("payment_method"));
    }
    method.holder = Holder::Spent;
    let json = method.json();
    desk.emit("payment_method.detached", json.clone());
    Ok(json)
}
