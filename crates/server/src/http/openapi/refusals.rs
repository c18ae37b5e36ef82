//! What a route answers when it does not do what was asked. Most of it follows by rule from what the route needs and takes;
//! the rest stands with its description.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::Method;
use billing::access::Right;

use super::operation::{Operation, Place, Shape};
use crate::http::gate::{Needs, rights::is_for_machines_alone};

/// The ways in which a status says no.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct No {
    /// What it means here, if there is more to say than the status does.
    pub text: &'static str,
    /// The words that its `code` may be.
    pub codes: BTreeSet<&'static str>,
}

/// Every refusal of an operation, by status.
pub fn of(operation: &Operation, needs: Needs) -> BTreeMap<u16, No> {
    let mut all: BTreeMap<u16, No> = BTreeMap::new();
    let mut may_be = |status: u16, codes: &[&'static str]| {
        all.entry(status).or_default().codes.extend(codes);
    };
    match needs {
        Needs::Nothing => {}
        Needs::Link => {
            may_be(401, &["unauthenticated"]);
            may_be(404, &["link_unknown"]);
        }
        Needs::Embedded => {
            may_be(401, &["unauthenticated"]);
            if !operation.takes_parameter(Place::Query, "ticket") {
                may_be(403, &["origin_not_allowed"]);
            }
        }
        Needs::Right(right) => {
            may_be(401, &["unauthenticated"]);
            may_be(403, forbidden(right));
            if right != Right::BeSignedIn && !is_for_machines_alone(right) {
                may_be(403, &["second_factor_needed"]);
            }
        }
    }
    if operation.method != Method::GET {
        may_be(403, &["cross_origin"]);
    }
    if operation.path.contains('{') {
        may_be(400, &["malformed"]);
        may_be(404, &["not_found"]);
    }
    if operation.parameters.iter().any(|one| one.place == Place::Query) {
        may_be(422, &["invalid"]);
    }
    if operation.takes_parameter(Place::Header, "If-Match") {
        may_be(400, &["if_match_invalid"]);
        may_be(412, &["version_mismatch"]);
        may_be(428, &["if_match_required"]);
    }
    if let Some(key) = operation.parameters.iter().find(|one| one.name == "Idempotency-Key") {
        may_be(400, &["idempotency_key_invalid"]);
        if key.required {
            may_be(400, &["idempotency_key_required"]);
        }
        may_be(409, &["idempotency_in_flight"]);
        may_be(422, &["idempotency_mismatch"]);
    }
    if let Some(body) = &operation.body {
        may_be(400, &["malformed"]);
        may_be(408, &["too_slow"]);
        may_be(413, &["too_large"]);
        if body.media.iter().any(|media| matches!(media.shape, Shape::Of(_))) {
            may_be(415, &["unsupported_media_type"]);
            may_be(422, &["invalid"]);
        }
    }
    may_be(429, &["rate_limited"]);
    may_be(500, &["internal"]);
    may_be(503, &["overloaded", "storage_trouble"]);
    for refusal in &operation.refusals {
        let no = all.entry(refusal.status).or_default();
        no.codes.extend(refusal.codes);
        no.text = refusal.text;
    }
    all
}

fn forbidden(right: Right) -> &'static [&'static str] {
    match right.scope() {
        Some(_) if is_for_machines_alone(right) => &["scope_missing"],
        Some(_) => &["forbidden", "scope_missing"],
        None => &["forbidden"],
    }
}

/// What a status means wherever it comes.
pub fn meaning(status: u16) -> &'static str {
    match status {
        400 => "What came cannot be read, or lacks a header.",
        401 => "No credentials, or dead ones.",
        403 => "Beyond the right of whoever asks, or asked for by another site's page.",
        404 => "It is not there, or somebody else's: nobody is told which.",
        408 => "The body took longer than 30 seconds to arrive.",
        409 => "Not in this state.",
        410 => "The link is dead.",
        412 => "Somebody else has changed the account meanwhile; `detail` says who did what.",
        413 => "The body is larger than 1 MiB.",
        415 => "Another media type than those taken.",
        422 => "Well-formed, but not allowed; `errors` names each field.",
        428 => "`If-Match` is missing.",
        429 => "Too many. Come back after `Retry-After` seconds.",
        500 => "Our fault; it has been logged under `request_id`.",
        503 => {
            "Too much is going on, or the data cannot be reached. Come back after `Retry-After` seconds."
        }
        _ => "",
    }
}

/// A sentence such as stands in `detail` beside a code.
pub fn sentence(code: &str) -> &'static str {
    match code {
        "unauthenticated" => "Sign in to go on.",
        "bad_credentials" => "Email address and password don't belong together.",
        "forbidden" => "Only the agency's owner and billing managers may do this.",
        "scope_missing" => "This key lacks the scope billing:write.",
        "cross_origin" => "This request came from another site.",
        "origin_not_allowed" => "This token was minted for another site.",
        "not_found" => "There is no such thing here.",
        "link_unknown" => "This link leads nowhere. Check that you have copied all of it.",
        "link_expired" => "This link has expired.",
        "malformed" => "This is not JSON (line 1, column 2).",
        "bad_signature" => "The signature does not fit.",
        "if_match_invalid" => "If-Match takes one version in quotes, as the ETag gives it.",
        "if_match_required" => "Say with If-Match which version of the account you have seen.",
        "idempotency_in_flight" => {
            "The first request with this Idempotency-Key is still under way."
        }
        "idempotency_mismatch" => "This Idempotency-Key was used with another request.",
        "idempotency_key_invalid" => "An Idempotency-Key is 1 to 255 visible ASCII characters.",
        "version_mismatch" => "Robin Hale revoked the request meanwhile.",
        "too_slow" => "The body took too long to arrive.",
        "too_large" => "A body is at most 1 MiB.",
        "unsupported_media_type" => "Send the body as application/json.",
        "invalid" => "Some fields are wrong.",
        "internal" => "Something went wrong on our side. It has been logged.",
        "overloaded" => "The server is busy. Try again in a moment.",
        "gateway_unavailable" => "The payment gateway does not answer.",
        "rate_limited" => "Too many requests. Wait a moment, then try again.",
        _ => "That is not possible now.",
    }
}
