//! API keys.

use billing::api::{CreateKeyBody, KeyList, NewKey};
use serde_json::json;

use super::{API, Group};
use crate::http::openapi::{
    examples::KEY,
    operation::{delete, get, post},
};

pub fn group() -> Group {
    Group {
        tag: "API keys",
        text: "How machines come in: `Authorization: Bearer sluice_…`. A key has scopes, and no more.",
        prefix: API,
        operations: vec![
            get(
                "/api-keys",
                "list_keys",
                "List keys",
                "All that live, oldest first, with when each was last used.",
            )
            .answers::<KeyList>(
                "The keys.",
                json!({ "keys": [{
                        "id": KEY,
                        "name": "Metering",
                        "scopes": ["usage:write"],
                        "created_at": "2026-07-01T08:12:55.01Z",
                        "used_at": "2026-11-22T16:10:00Z",
                    }] }),
            ),
            post(
                "/api-keys",
                "create_key",
                "Make a key",
                "It is told this once: a repeat makes another one. At most 100 an agency.",
            )
            .takes::<CreateKeyBody>(
                "What to call it, and what it allows; at least one scope.",
                json!({ "name": "Metering", "scopes": ["usage:write"] }),
            )
            .answers_with::<NewKey>(
                201,
                "The key.",
                json!({
                    "id": KEY,
                    "name": "Metering",
                    "scopes": ["usage:write"],
                    "key": "sluice_Yt8vQ5rJ2mZ7xN4bC9dF1gH6sA0pE8uT5iO2qUw3l0k",
                }),
            )
            .refuses(409, &["too_many_keys"], "The agency has 100 keys."),
            delete(
                "/api-keys/{key}",
                "revoke_key",
                "Revoke a key",
                "It is dead within 5 seconds, on every server.",
            )
            .answers_nothing(204, "It is revoked."),
        ],
    }
}
