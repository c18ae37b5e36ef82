//! What usage costs: prices by type of event, versioned by effective time, with overrides and a markup per sub-account.
//!
//! An event is priced by the version in force at its own time. All arithmetic is on integers; an amount is rounded once, at
//! the end, half to even, to a millionth of the currency unit. Nothing in here knows where versions are kept.

mod book;
mod terms;

pub use book::{PriceBook, PriceChange, PriceSubject, Quote, Setting};
pub use terms::{
    MARKUP_MAX_PPM, Markup, Price, PriceError, TIERS_MAX, Terms, Tier, UNIT_PRICE_MAX_MICROS,
};
