//! The API, described: an OpenAPI 3.1 document made from the router's own table, the wire types, and what [`routes`] says of each
//! route. `GET /api/openapi.json` and `sluice openapi` tell it, `/api/docs` shows it, `docs/openapi.json` keeps it.
//!
//! Start reading at [`document`]. [`operation`] is how a route is described, [`refusals`] what follows from what it needs and takes,
//! [`schemas`] the types, [`samples`] the example requests.

pub mod document;
mod examples;
pub mod operation;
pub mod page;
mod parameters;
pub mod refusals;
pub mod routes;
pub mod samples;
mod schemas;

#[cfg(test)]
mod tests;

pub use document::{Entry, contents, document, text};

/// Routes of the router's table that are no part of the API, each with the reason.
pub const LEFT_OUT: &[(&str, &str)] = &[
    ("/assets/{*path}", "files of the pages"),
    ("/favicon.ico", "a file of the pages"),
    ("/pay", "a page"),
    ("/balance", "a page"),
    ("/settings/billing", "a page"),
    ("/client", "a page"),
    ("/client/{*path}", "pages"),
    ("/brand/{*path}", "files of the pages: an agency's logo and the style sheet with its colour"),
    ("/sign-in/oidc", "a page"),
    ("/statements/agency", "a page"),
    ("/statements/agency/{month}", "a page"),
    ("/statements/{account}", "a page"),
    ("/statements/{account}/{month}", "a page"),
    ("/receipts/agency/{payment}", "a page"),
    ("/receipts/{account}/{payment}", "a page"),
    ("/api/v1/session/oidc", "a browser's way to the OpenID provider, by redirects"),
    ("/api/v1/session/oidc/callback", "its way back"),
    ("/embed/frame", "a page"),
    ("/embed/preview", "a page"),
    ("/embed/allowed", "the loader's own question; its version goes with the loader's"),
    ("/embed/v1.js", "the loader"),
    ("/embed/v1.d.ts", "the loader's types"),
    ("/api/openapi.json", "the document itself"),
    ("/api/docs", "a page"),
    ("/api/docs.css", "a file of a page"),
    ("/demo/sign-in", "the demo's own; /demo/… is there in a demo only"),
    ("/demo/mailbox", "the demo's own, and everything under it"),
    ("/demo/csp-reports", "the demo's own"),
];

/// Why a path is no part of the document, if it is none.
pub fn left_out(path: &str) -> Option<&'static str> {
    let is = |left: &str| path == left || left == "/demo/mailbox" && path.starts_with(left);
    LEFT_OUT.iter().find(|(left, _)| is(left)).map(|(_, why)| *why)
}
