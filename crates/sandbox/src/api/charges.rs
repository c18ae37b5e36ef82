use super::Answer;
use crate::{desk::Desk, form::Params, shelf::Record};

pub fn retrieve(desk: &Desk<'_>, id: &str, params: Params) -> Answer {
    params.finish()?;
    desk.books.charges.find(id).map(Record::json)
}

pub fn list(desk: &Desk<'_>, mut params: Params) -> Answer {
    let customer = params.text("customer")?;
    let intent = params.text("payment_intent")?;
    let page = desk.books.charges.page("/v1/charges", &mut params, |charge| {
        (customer.is_none() || charge.customer == customer)
            && intent.as_ref().is_none_or(|intent| charge.payment_intent == *intent)
    })?;
    params.finish()?;
    Ok(page)
}
