use super::Answer;
use crate::{books::DisputeStatus, desk::Desk, disputes, form::Params, shelf::Record};

pub fn retrieve(desk: &Desk<'_>, id: &str, params: Params) -> Answer {
    params.finish()?;
    desk.books.disputes.find(id).map(Record::json)
}

pub fn list(desk: &Desk<'_>, mut params: Params) -> Answer {
    let charge = params.text("charge")?;
    let intent = params.text("payment_intent")?;
    let page = desk.books.disputes.page("/v1/disputes", &mut params, |dispute| {
        charge.as_ref().is_none_or(|charge| dispute.charge == *charge)
            && intent.as_ref().is_none_or(|intent| dispute.payment_intent == *intent)
    })?;
    params.finish()?;
    Ok(page)
}

/// The merchant gives in.
pub fn close(desk: &mut Desk<'_>, id: &str, params: Params) -> Answer {
    params.finish()?;
    disputes::advance(desk, id, DisputeStatus::Lost).map(|dispute| dispute.json())
}
