//! Name, colour and logo: who sets them, what is refused, and what clients are shown.

use axum::{body::Body, http::Method};
use billing::{access::Role, brand::LOGO_MAX_BYTES};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};

use crate::support::{Answer, Person, Server};

const BRANDING: &str = "/api/v1/branding";
const LOGO: &str = "/api/v1/branding/logo";

/// A picture as far as its first and last bytes tell.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend(b"\x08\x06\0\0\0....\0\0\0\0IEND\xaeB`\x82");
    bytes
}

async fn put(server: &Server, person: &Person, body: Value) -> Answer {
    let request = person.request(Method::PUT, BRANDING).header("content-type", "application/json");
    server.send(request.body(Body::from(body.to_string())).unwrap()).await
}

async fn put_logo(server: &Server, person: &Person, kind: &str, bytes: Vec<u8>) -> Answer {
    let request = person.request(Method::PUT, LOGO).header("content-type", kind);
    server.send(request.body(Body::from(bytes)).unwrap()).await
}

/// What anybody is answered: status, headers by name, bytes.
async fn fetch(server: &Server, path: &str) -> (u16, axum::http::HeaderMap, Vec<u8>) {
    let request = axum::http::Request::builder().uri(path).header("host", "127.0.0.1:8080");
    let (parts, body) = server.open(request.body(Body::empty()).unwrap()).await.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes().to_vec();
    (parts.status.as_u16(), parts.headers, bytes)
}

#[tokio::test]
async fn what_was_chosen_is_told_and_shown_to_clients() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let ids = server.accounts(&owner, "A-1,Alder").await;
    let client = server.person(&owner, Role::Client, &ids).await;
    let plain = server.get(&owner, BRANDING).await.json();
    let nothing = json!({ "name": "Northwind", "accent": null, "logo": null, "stylesheet": null });
    assert_eq!(plain, nothing);
    assert_eq!(server.get(&client, "/api/v1/me").await.json()["agency"]["stylesheet"], Value::Null);

    let body = json!({ "name": " Northwind Media ", "accent": "#F2B705" });
    let set = put(&server, &owner, body).await;
    assert_eq!((set.status.as_u16(), &set.json()["name"]), (200, &json!("Northwind Media")));
    assert_eq!(set.json()["accent"], "#f2b705");
    let first = set.json()["stylesheet"].as_str().unwrap().to_owned();
    let branding = put_logo(&server, &owner, "image/png", png(400, 100)).await;
    assert_eq!(branding.status, 200, "{branding:?}");
    let branding = branding.json();
    let told = &branding["logo"];
    let facts = (&told["media_type"], &told["width"], &told["height"]);
    assert_eq!(facts, (&json!("image/png"), &json!(400), &json!(100)));
    let sheet = branding["stylesheet"].as_str().unwrap();
    assert_ne!(sheet, first, "another look has another address");

    let me = server.get(&client, "/api/v1/me").await.json();
    assert_eq!(
        (&me["agency"]["stylesheet"], &me["agency"]["name"]),
        (&json!(sheet), &json!("Northwind Media"))
    );
    let asked = server.request_billing(&owner, ids[0]).await.json();
    let request = asked["account"]["funding"]["request"]["id"].as_str().unwrap();
    let path = format!("/api/v1/accounts/{}/billing-requests/{request}/links", ids[0]);
    let link = server.post(&owner, &path, &[], &json!({})).await.json();
    let (_, token) = link["url"].as_str().unwrap().split_once("#t=").unwrap();
    let view =
        server.post(&owner, "/api/v1/pay/open", &[], &json!({ "token": token })).await.json();
    assert_eq!(
        (&view["stylesheet"], &view["agency_name"]),
        (&json!(sheet), &json!("Northwind Media"))
    );

    let (status, headers, text) = fetch(&server, sheet).await;
    let text = String::from_utf8(text).unwrap();
    let logo = told["url"].as_str().unwrap();
    assert_eq!(
        (status, &headers["content-type"]),
        (200, &"text/css; charset=utf-8".parse().unwrap())
    );
    assert!(text.contains("#f2b705") && text.contains(&format!("url(\"{logo}\")")), "{text}");
    assert_eq!(headers["cache-control"], "public, max-age=31536000, immutable");
    let (status, headers, bytes) = fetch(&server, logo).await;
    assert_eq!((status, bytes), (200, png(400, 100)));
    assert_eq!(headers["content-type"], "image/png");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert!(headers["content-security-policy"].to_str().unwrap().ends_with("; sandbox"));
    // A page that was told of the look before this one gets the newest, and keeps none.
    let (status, headers, newest) = fetch(&server, &first).await;
    assert_eq!((status, headers["cache-control"].to_str().unwrap()), (200, "no-store"));
    assert_eq!(newest, text.as_bytes());

    let remove = owner.request(Method::DELETE, LOGO).body(Body::empty()).unwrap();
    assert_eq!(server.send(remove).await.json()["logo"], Value::Null);
    assert_eq!(fetch(&server, logo).await.0, 404);
    let named = put(&server, &owner, json!({ "name": "Northwind Media" })).await.json();
    assert_eq!((&named["accent"], &named["stylesheet"]), (&Value::Null, &Value::Null));
    assert_eq!(fetch(&server, sheet).await.0, 404);

    let trail = server.get(&owner, "/api/v1/audit").await.json();
    let actions: Vec<_> =
        trail["lines"].as_array().unwrap().iter().map(|line| &line["action"]).collect();
    assert_eq!(actions[..2], ["set_branding", "remove_logo"]);
    assert!(actions.contains(&&json!("set_logo")), "{actions:?}");
}

#[tokio::test]
async fn what_is_wrong_is_told_field_by_field_and_changes_nothing() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let before = server.get(&owner, BRANDING).await.json();
    for (body, fields) in [
        (
            json!({ "name": "", "accent": "blue" }),
            vec![("/name", "required"), ("/accent", "invalid")],
        ),
        (json!({ "name": "a".repeat(201) }), vec![("/name", "too_long")]),
        (json!({ "name": "A\u{7}" }), vec![("/name", "control_character")]),
        (json!({ "name": "A", "accent": "#0b648" }), vec![("/accent", "invalid")]),
        (json!({ "name": "A", "accent": "url(x)" }), vec![("/accent", "invalid")]),
        (json!({ "name": "A", "logo": "x" }), vec![("/logo", "unknown_field")]),
        (json!({ "accent": "#0b6480" }), vec![("/name", "required")]),
    ] {
        let fields: Vec<_> =
            fields.iter().map(|(at, code)| ((*at).to_owned(), (*code).to_owned())).collect();
        assert_eq!(put(&server, &owner, body).await.fields(), fields);
    }
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>1</script></svg>".to_vec();
    for (kind, bytes, status, code) in [
        ("image/svg+xml", svg.clone(), 415, "unsupported_media_type"),
        ("text/html", png(1, 1), 415, "unsupported_media_type"),
        ("image/png", svg, 422, "invalid"),
        ("image/jpeg", png(1, 1), 422, "invalid"),
        ("image/png", png(1025, 1), 422, "invalid"),
        ("image/png", Vec::new(), 422, "invalid"),
        ("image/png", [png(1, 1), vec![0; LOGO_MAX_BYTES]].concat(), 413, "too_large"),
    ] {
        let answer = put_logo(&server, &owner, kind, bytes).await;
        assert_eq!(answer.problem(), (status, code.to_owned()), "{kind}");
    }
    assert_eq!(server.get(&owner, BRANDING).await.json(), before);
    for path in ["/brand/x", "/brand/agy_1/a.png", "/brand/agy_1/../a.css"] {
        assert_eq!(fetch(&server, path).await.0, 404, "{path}");
    }
    let nobodys = format!("/brand/{}/abc.css", owner.scope.agency());
    assert_eq!(fetch(&server, &nobodys).await.0, 404, "nothing was chosen");
}

#[tokio::test]
async fn the_owner_alone_changes_it_and_others_hear_of_a_name() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let manager = server.person(&owner, Role::BillingManager, &[]).await;
    let body = json!({ "name": "Other", "accent": null });
    assert_eq!(put(&server, &manager, body.clone()).await.problem(), (403, "forbidden".to_owned()));
    let refused = put_logo(&server, &manager, "image/png", png(1, 1)).await;
    assert_eq!(refused.problem(), (403, "forbidden".to_owned()));
    assert_eq!(server.get(&manager, BRANDING).await.status, 200);
    let seq = |me: Value| me["change_seq"].as_u64().unwrap();
    let before = seq(server.get(&manager, "/api/v1/me").await.json());
    assert_eq!(put(&server, &owner, body.clone()).await.status, 200);
    let me = server.get(&manager, "/api/v1/me").await.json();
    assert_eq!(me["agency"]["name"], "Other");
    assert_eq!(seq(me), before + 1);
    // The same again is no news, and leaves no line.
    assert_eq!(put(&server, &owner, body).await.status, 200);
    let trail = server.get(&owner, "/api/v1/audit?action=set_branding").await.json();
    assert_eq!(trail["lines"].as_array().unwrap().len(), 1);
}
