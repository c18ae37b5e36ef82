//! The state × command table, its page in the docs, and all orders in which news of a payment can come. The random walks are
//! in the crate's `tests/`.

#![allow(clippy::inconsistent_digit_grouping, reason = "dollars and cents: 10_000_01")]

mod cards;
mod commands;
mod docs;
mod news;
mod situations;
mod table;
