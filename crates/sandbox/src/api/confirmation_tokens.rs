use super::{Answer, payment_methods};
use crate::{
    books::ConfirmationToken, cards::Card, desk::Desk, error::ApiError, form::Params, payments,
    shelf::Record,
};

pub fn create(desk: &mut Desk<'_>, mut params: Params) -> Answer {
    let (card, billing_details) = match params.text("payment_method")? {
        Some(name) => {
            let card = Card::named(&name, desk.now)
                .ok_or_else(|| ApiError::missing("PaymentMethod", &name, "payment_method"))?;
            (card, payments::no_billing_details())
        }
        None => {
            let mut data = params
                .nested("payment_method_data")?
                .ok_or_else(|| params.missing("payment_method_data"))?;
            let taken = payment_methods::take_card(&mut data, desk.now)?;
            data.finish()?;
            taken
        }
    };
    let setup_future_usage = params.choice("setup_future_usage", &["off_session", "on_session"])?;
    let return_url = params.text("return_url")?;
    let mut currency = None;
    if let Some(mut context) = params.nested("client_context")? {
        context.choice("mode", &["payment", "setup"])?;
        currency = context.text("currency")?;
        context.ignore(&["amount", "allowed_payment_method_types", "setup_future_usage"]);
        context.finish()?;
    }
    params.finish()?;
    let token = ConfirmationToken {
        id: desk.new_id("ctoken"),
        created: desk.now,
        card,
        billing_details,
        return_url,
        setup_future_usage,
        currency,
        used_by: None,
    };
    let json = token.json();
    desk.books.tokens.put(token);
    Ok(json)
}

pub fn retrieve(desk: &Desk<'_>, id: &str, params: Params) -> Answer {
    params.finish()?;
    desk.books.tokens.find(id).map(Record::json)
}
