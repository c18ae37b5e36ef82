//! Statements and receipts on paper, or on a screen: what they say ([`view`]), as a page ([`page`]) and as PDF
//! ([`pdf`]). Nothing is computed here but how it is written.

pub mod page;
pub mod pdf;
pub mod view;
