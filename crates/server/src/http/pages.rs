//! Pages and the files they are made of.

pub mod app;
pub mod asset;
pub mod docs;
pub mod embed;
pub mod pay;
