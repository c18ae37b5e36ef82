//! Every route of the API, described; a file a subject. `openapi/tests.rs` walks the router's table and these side by side:
//! neither may have what the other lacks.
//!
//! A new route takes these steps:
//! 1. its line in `http/routes.rs`; a page or a file goes to [`super::LEFT_OUT`], with the reason, and that is all;
//! 2. `#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]` on each new wire type in `billing`, with its limits as
//!    `schemars(length(…))`, `range(…)` or `with = "Name"`; a type that reads itself gets a line in `billing/src/schema.rs`;
//! 3. its description in a file beside this one: `get("/path", "its_name", "Its title", "What it does.")`, then `.takes::<Body>(…)`,
//!    `.in_pages()`, `.needs_version()`, `.needs_key()`, and `.answers::<Type>("What that is.", example)`, where the example says every
//!    field; only those refusals that [`super::refusals`] does not know by rule are told by `.refuses(409, &["code"], "Why.")`;
//! 4. a new `{parameter}` of a path: its meaning, pattern and example in `parameters.rs`;
//! 5. `SLUICE_BLESS=1 cargo test -p sluice-server --lib openapi`, and a look at what has changed in `docs/openapi.json`;
//! 6. if its example needs something that is not in every demo, what makes it, in `tests/openapi/samples.rs` (`cast`).

mod accounts;
mod balance;
mod branding;
mod clients;
mod embedding;
mod funding;
mod health;
mod keys;
mod pay;
mod people;
mod second_factor;
mod sessions;
mod statements;
mod trail;
mod usage;
mod wallet;
mod webhooks;

use super::operation::Operation;

/// Routes about one thing.
pub struct Group {
    /// What they are about.
    pub tag: &'static str,
    /// What there is to know about all of them.
    pub text: &'static str,
    /// What stands before their paths.
    pub prefix: &'static str,
    /// Them.
    pub operations: Vec<Operation>,
}

/// What stands before most paths.
const API: &str = "/api/v1";

/// All of them, in the order to read them.
pub fn groups() -> Vec<Group> {
    vec![
        sessions::group(),
        second_factor::group(),
        accounts::group(),
        funding::group(),
        usage::group(),
        usage::prices(),
        wallet::group(),
        statements::group(),
        webhooks::group(),
        embedding::group(),
        branding::group(),
        pay::group(),
        balance::group(),
        clients::group(),
        people::group(),
        keys::group(),
        trail::group(),
        health::group(),
    ]
}
