use super::Answer;
use crate::{
    books::{Refund, RefundStatus},
    desk::Desk,
    error::ApiError,
    form::Params,
    refunds,
    shelf::Record,
};

pub fn create(desk: &mut Desk<'_>, mut params: Params) -> Answer {
    let intent = params.text("payment_intent")?;
    let charge = params.text("charge")?;
    let amount = params.integer("amount")?;
    let reasons = ["duplicate", "fraudulent", "requested_by_customer"];
    let reason = params.choice("reason", &reasons)?;
    let mut metadata = Default::default();
    params.metadata(&mut metadata)?;
    params.finish()?;

    let charge_id = match (charge, intent) {
        (Some(charge), None) => charge,
        (None, Some(intent)) => {
            let intent = desk.books.intents.find(&intent)?;
            intent.latest_charge.clone().filter(|_| intent.amount_received() > 0).ok_or_else(
                || {
                    ApiError::invalid(format!(
                        "This PaymentIntent ({}) does not have a successful charge to refund.",
                        intent.id
                    ))
                    .param("payment_intent")
                },
            )?
        }
        _ => {
            return Err(ApiError::invalid(
                "One of the following params should be provided for this request: payment_intent \
                 or charge.",
            ));
        }
    };
    if amount.is_some_and(|amount| amount < 1) {
        return Err(ApiError::invalid("This value must be greater than or equal to 1.")
            .code("parameter_invalid_integer")
            .param("amount"));
    }
    let charge = desk.books.charges.find(&charge_id)?;
    let refund = Refund {
        id: String::new(),
        created: desk.now,
        amount: amount.unwrap_or_else(|| charge.remaining()),
        currency: charge.currency.clone(),
        payment_intent: charge.payment_intent.clone(),
        charge: charge_id,
        reason,
        metadata,
        status: RefundStatus::Succeeded,
    };
    let id = desk.new_id("re");
    refunds::refund(desk, Refund { id, ..refund }).map(|refund| refund.json())
}

pub fn retrieve(desk: &Desk<'_>, id: &str, params: Params) -> Answer {
    params.finish()?;
    desk.books.refunds.find(id).map(Record::json)
}

pub fn list(desk: &Desk<'_>, mut params: Params) -> Answer {
    let charge = params.text("charge")?;
    let intent = params.text("payment_intent")?;
    let page = desk.books.refunds.page("/v1/refunds", &mut params, |refund| {
        charge.as_ref().is_none_or(|charge| refund.charge == *charge)
            && intent.as_ref().is_none_or(|intent| refund.payment_intent == *intent)
    })?;
    params.finish()?;
    Ok(page)
}
