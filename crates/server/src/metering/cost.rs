//! What one event costs: the quantity that its price counts, and the amount.

use billing::{
    Quantity,
    pricing::{Quote, Terms},
};

use super::{Refusal, event::Fields};

/// The most that one event may cost, in millionths of the currency unit: a million.
pub const AMOUNT_MAX_MICROS: i64 = 1_000_000 * 1_000_000;

/// What one event costs.
#[derive(Clone, Copy)]
pub(super) struct Priced {
    pub(super) quantity: Quantity,
    pub(super) used_before: Quantity,
    pub(super) amount_micros: i64,
    pub(super) price: u64,
    pub(super) markup: Option<u64>,
}

/// What an event with these fields costs.
pub(super) fn price(
    fields: &Fields,
    quote: &Quote<'_>,
    used_before: Quantity,
) -> std::result::Result<Priced, Refusal> {
    let quantity = quantity(fields, quote.terms)?;
    let markup = quote.markup.map(|(_, markup)| markup);
    let amount_micros = quote
        .terms
        .amount_micros(quantity, used_before, markup)
        .ok()
        .filter(|amount| *amount <= AMOUNT_MAX_MICROS)
        .ok_or(Refusal::TooDear)?;
    let markup = quote.markup.map(|(number, _)| number);
    Ok(Priced { quantity, used_before, amount_micros, price: quote.price, markup })
}

/// What the price counts.
///
/// # Errors
/// [`Refusal`] when the data does not say it.
pub fn quantity(fields: &Fields, terms: &Terms) -> std::result::Result<Quantity, Refusal> {
    let Some(field) = &terms.quantity_field else { return Ok(Quantity::ONE) };
    let text = fields.get(field.as_str());
    let text = text.ok_or_else(|| Refusal::MissingQuantity(field.to_string()))?;
    // Some senders write numbers as texts, and so do OpenMeter's examples.
    let bare = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    Quantity::parse(bare).map_err(|error| Refusal::Quantity(field.to_string(), error))
}
