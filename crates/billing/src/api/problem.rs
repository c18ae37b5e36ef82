//! Errors, as `application/problem+json` (RFC 9457).

use serde::{Deserialize, Serialize};

/// One field that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FieldProblem {
    /// A JSON pointer into the body, `/starting_balance`, or a query parameter's or header's name.
    pub pointer: String,
    /// A word for code.
    pub code: String,
    /// A sentence for people, naming the rule.
    pub detail: String,
}

/// What an error answer says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Problem {
    /// The HTTP status.
    pub status: u16,
    /// A word for code: a refusal's ([`crate::funding::Refusal::code`]), or `invalid`, `not_found`, `unauthenticated`,
    /// `version_mismatch`, `idempotency_in_flight`, `idempotency_mismatch`, `rate_limited`, `overloaded`, …
    pub code: String,
    /// A sentence for people.
    pub detail: String,
    /// Names this answer in the server's log.
    pub request_id: String,
    /// The fields that are wrong, if the trouble is with fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
}
