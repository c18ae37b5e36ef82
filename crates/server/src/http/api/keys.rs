//! API keys: listed, made, revoked.

pub mod create;
pub mod list;
pub mod revoke;
