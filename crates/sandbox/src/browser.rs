//! What runs in a browser: the stand-in for Stripe.js and the frames it opens, from this origin.
//!
//! A card number is typed into the card frame and goes from there to this gateway's API, nowhere
//! else.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use crate::{
    control,
    error::ApiError,
    http::{Sandbox, plain, refusal},
};

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// Nothing but this origin's own files; to be framed by anybody, as Stripe's frames are.
const FRAME_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *";

/// What lies under `/elements/`.
static FILES: &[(&str, &str, &str)] = &[
    ("card", HTML, include_str!("../browser/card.html")),
    ("card.css", CSS, include_str!("../browser/card.css")),
    ("card.js", SCRIPT, include_str!("../browser/card.js")),
    ("format.js", SCRIPT, include_str!("../browser/format.js")),
    ("challenge", HTML, include_str!("../browser/challenge.html")),
    ("challenge.css", CSS, include_str!("../browser/challenge.css")),
    ("challenge.js", SCRIPT, include_str!("../browser/challenge.js")),
    ("controller", HTML, include_str!("../browser/controller.html")),
    ("controller.js", SCRIPT, include_str!("../browser/controller.js")),
    ("theme.css", CSS, include_str!("../browser/theme.css")),
    ("wire.js", SCRIPT, include_str!("../browser/wire.js")),
];

/// `GET /stripe.js`: runs on the page that takes the payment.
pub(crate) async fn script() -> Response {
    send(SCRIPT, include_str!("../browser/stripe.js"))
}

/// `GET /elements/…`: the frames and their parts.
pub(crate) async fn file(Path(name): Path<String>) -> Response {
    FILES
        .iter()
        .find(|(file, _, _)| *file == name)
        .map_or_else(|| StatusCode::NOT_FOUND.into_response(), |(_, kind, text)| send(kind, text))
}

/// `GET /`: for the person who opens the printed address.
pub(crate) async fn welcome() -> Response {
    send(HTML, include_str!("../browser/welcome.html"))
}

fn send(kind: &'static str, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONTENT_SECURITY_POLICY, FRAME_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        // For pages that embed nothing without its leave.
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ];
    (headers, text).into_response()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Challenge {
    client_secret: String,
    success: bool,
}

/// `POST /elements/authenticate`: the challenge frame's answer.
pub(crate) async fn authenticate(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Response {
    let Ok(challenge) = serde_json::from_slice::<Challenge>(&body) else {
        return refusal(&ApiError::invalid("Invalid JSON."));
    };
    let result = sandbox.work(|desk| {
        let (id, _) = challenge.client_secret.split_once("_secret_").unwrap_or_default();
        let secret = match desk.books.setups.get(id) {
            Some(setup) => &setup.client_secret,
            None => &desk.books.intents.find(id)?.client_secret,
        };
        if *secret != challenge.client_secret {
            return Err(ApiError::missing("intent", id, "client_secret"));
        }
        control::answer_challenge(desk, id, challenge.success)
    });
    match result {
        // The frame asks for the intent with its own key; this only says that it is done.
        Ok(_) => plain(200, &serde_json::json!({ "done": true })),
        Err(error) => refusal(&error),
    }
}
