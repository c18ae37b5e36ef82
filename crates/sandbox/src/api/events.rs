use super::Answer;
use crate::{desk::Desk, form::Params, shelf::Record};

pub fn retrieve(desk: &Desk<'_>, id: &str, params: Params) -> Answer {
    params.finish()?;
    desk.books.events.find(id).map(Record::json)
}

pub fn list(desk: &Desk<'_>, mut params: Params) -> Answer {
    let kind = params.text("type")?;
    let kinds = params.texts("types")?;
    let page = desk.books.events.page("/v1/events", &mut params, |event| {
        kind.as_ref().is_none_or(|kind| matches(kind, event.kind))
            && kinds.as_ref().is_none_or(|kinds| kinds.iter().any(|kind| matches(kind, event.kind)))
    })?;
    params.finish()?;
    Ok(page)
}

/// Whether `kind` is `wanted`, which may end in `.*`.
fn matches(wanted: &str, kind: &str) -> bool {
    match wanted.strip_suffix('*') {
        Some(start) => kind.starts_with(start),
        None => kind == wanted,
    }
}
