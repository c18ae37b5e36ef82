//! The state × command table, its page in the docs, and all orders in which news of a payment can come. The random walks are
//! in the crate's `tests/`.

mod commands;
mod docs;
mod news;
mod situations;
mod table;
