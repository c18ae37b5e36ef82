//! What only a demo has: a way in without a password, a mailbox, a look at what browsers reported.

pub mod csp_reports;
pub mod letter;
pub mod mailbox;
pub mod sign_in;

use askama::Template;
use axum::{
    http::{HeaderValue, header},
    response::{Html, IntoResponse as _, Response},
};

use super::{Failure, content_policy};

/// A page of the mailbox, under its policy.
fn page(template: &impl Template) -> Result<Response, Failure> {
    let html = template.render().map_err(|error| {
        tracing::error!(%error, "a page could not be made");
        Failure::internal()
    })?;
    let policy = HeaderValue::from_static(content_policy::MAILBOX);
    Ok(([(header::CONTENT_SECURITY_POLICY, policy)], Html(html)).into_response())
}
