//! Endpoints that are told of changed standings.

use billing::api::{AddEndpointBody, EndpointList, NewEndpoint};
use serde_json::json;

use super::{API, Group};
use crate::http::openapi::{
    examples::ENDPOINT,
    operation::{JSON, Media, Operation, Parameter, Place, Shape, delete, get, post},
};

pub fn group() -> Group {
    Group {
        tag: "Webhooks",
        text: "Endpoints of the agency that are told of every change of standing, and what others tell us. What is sent out is signed \
               as Standard Webhooks say, and listed under `webhooks` in the document.",
        prefix: API,
        operations: vec![
            get("/webhook-endpoints", "list_endpoints", "List endpoints", "With what waits for each, and why the last try failed.")
                .answers::<EndpointList>(
                    "The endpoints.",
                    json!({ "endpoints": [{
                        "id": ENDPOINT,
                        "url": "https://hooks.northwind-media.example/sluice",
                        "created_at": "2026-07-01T08:20:00Z",
                        "delivered_at": "2026-11-22T16:10:10.002Z",
                        "error": null,
                        "waiting": 0,
                        "failed": 0,
                    }] }),
                ),
            post(
                "/webhook-endpoints",
                "add_endpoint",
                "Add an endpoint",
                "An https address that is public. Its secret is told this once: a repeat adds another endpoint. At most 10 an agency.",
            )
            .takes::<AddEndpointBody>(
                "Where to, at most 2,000 bytes.",
                json!({ "url": "https://hooks.northwind-media.example/sluice" }),
            )
            .answers_with::<NewEndpoint>(
                201,
                "The endpoint, with its secret.",
                json!({
                    "id": ENDPOINT,
                    "url": "https://hooks.northwind-media.example/sluice",
                    "secret": "whsec_Yt8vQ5rJ2mZ7xN4bC9dF1gH6sA0pE8uT5iO2qUw3l0k=",
                }),
            )
            .refuses(409, &["too_many_endpoints"], "The agency has 10 endpoints."),
            delete("/webhook-endpoints/{endpoint}", "remove_endpoint", "Remove an endpoint", "Nothing more is sent there.")
                .answers_nothing(204, "It is gone."),
            stripe(),
            csp(),
        ],
    }
}

fn stripe() -> Operation {
    let event = json!({ "type": "object" });
    post(
        "/webhooks/stripe",
        "take_gateway_event",
        "Hear from the payment gateway",
        "For the gateway alone, which signs what it sends. An event that is told again has no further effect.",
    )
    .header(Parameter {
        name: "Stripe-Signature",
        place: Place::Header,
        required: true,
        text: "`t=…,v1=…`: HMAC-SHA256 of time and body, at most 5 minutes old.",
        schema: json!({ "type": "string" }),
        example: Some(json!("t=1795363809,v1=5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd")),
    })
    .takes_one_of(
        "An event, as Stripe sends it.",
        vec![Media { kind: JSON, shape: Shape::Plain(event), example: json!({ "id": "evt_1", "type": "payment_intent.succeeded" }) }],
    )
    .answers_nothing(200, "Taken.")
    .refuses(400, &["bad_signature"], "The gateway did not send this.")
    .refuses(503, &["gateway_unavailable"], "")
    .without_sample("Only the gateway can sign it.")
}

fn csp() -> Operation {
    let report = |kind| Media {
        kind,
        shape: Shape::Plain(json!({})),
        example: json!({ "csp-report": {
            "violated-directive": "script-src-elem", "blocked-uri": "https://evil.example/x.js",
        } }),
    };
    post(
        "/csp-reports",
        "take_csp_report",
        "Hear of a violated content policy",
        "Browsers send these by themselves. They are counted and logged, never whole.",
    )
    .takes_one_of("The browser's report.", vec![report("application/csp-report"), report(JSON)])
    .answers_nothing(204, "Counted.")
}
