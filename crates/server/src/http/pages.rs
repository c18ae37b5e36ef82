//! Pages and the files they are made of.

pub mod app;
pub mod asset;
pub mod brand;
pub mod docs;
pub mod embed;
pub mod oidc;
pub mod pay;
pub mod portal;
pub mod statements;
pub mod wallet;
