//! Every kind of no, in one shape.

use axum::{
    body::Body,
    http::{Method, Request},
};
use serde_json::json;

use crate::support::{Server, terms};

const SUB: &str = "sub_01m0tbtx74k2a3fszbeds1w1fz";
const REQ: &str = "req_01m0tbtx74k2a3fszbeds1w1fz";

#[tokio::test]
async fn whoever_is_not_signed_in_is_told_so_everywhere() {
    let server = Server::start();
    let reads = ["/me", "/agency", "/accounts", "/changes"]
        .map(str::to_owned)
        .into_iter()
        .chain(["", "/ledger", "/funding-timeline"].map(|path| format!("/accounts/{SUB}{path}")));
    let commands = [
        format!("/accounts/{SUB}/billing-requests"),
        format!("/accounts/{SUB}/billing-requests/{REQ}/resend"),
        format!("/accounts/{SUB}/billing-requests/{REQ}/links"),
        format!("/accounts/{SUB}/agency-billing"),
        format!("/accounts/{SUB}/closure"),
        "/pay/payments".to_owned(),
    ];
    let reads = reads.map(|path| (Method::GET, path));
    let commands = commands.into_iter().map(|path| (Method::POST, path));
    let ends = [(Method::DELETE, format!("/accounts/{SUB}/billing-requests/{REQ}"))];
    let pay = [(Method::GET, "/pay".to_owned())];
    for (method, path) in reads.chain(commands).chain(ends).chain(pay) {
        for cookie in ["", "sluice=made-up"] {
            let request = Request::builder()
                .method(method.clone())
                .uri(format!("/api/v1{path}"))
                .header("cookie", cookie)
                .header("if-match", "\"0\"")
                .header("idempotency-key", "k")
                .header("content-type", "application/json");
            let body = match path.as_str() {
                path if path.ends_with("/closure") => json!({ "balance": "transfer" }),
                path if path.ends_with("/agency-billing") => json!({ "choice": "transfer" }),
                _ => terms(),
            };
            let answer = server.send(request.body(Body::from(body.to_string())).unwrap()).await;
            let expected = (401, "unauthenticated".to_owned());
            assert_eq!(answer.problem(), expected, "{method} {path} {cookie}");
        }
    }
}

#[tokio::test]
async fn what_is_not_there_or_not_taken_is_a_problem_too() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    for (method, path, expected) in [
        (Method::GET, "/api/v1/nowhere", (404, "not_found")),
        (Method::GET, "/api/v1", (404, "not_found")),
        (Method::GET, "/api/v2/me", (404, "not_found")),
        (Method::GET, "/assets/app/nothing.js", (404, "not_found")),
        (Method::GET, "/assets/app/index.html", (404, "not_found")),
        (Method::GET, "/robots.txt", (404, "not_found")),
        (Method::GET, "/demo/mailbox", (404, "not_found")),
        (Method::GET, "/demo/sign-in?token=a-demo-token", (404, "not_found")),
        (Method::GET, "/api/v1/accounts/7", (404, "not_found")),
        (Method::GET, "/api/v1/accounts/%FF", (400, "malformed")),
        (Method::PUT, "/api/v1/me", (405, "method_not_allowed")),
        (Method::DELETE, "/livez", (405, "method_not_allowed")),
        (Method::POST, "/settings/accounts", (405, "method_not_allowed")),
        (Method::POST, "/api/v1/webhooks/stripe", (400, "bad_signature")),
    ] {
        let request = owner.request(method.clone(), path).body(Body::empty()).unwrap();
        let answer = server.send(request).await;
        let (status, code) = answer.problem();
        assert_eq!((status, code.as_str()), expected, "{method} {path}");
    }
    let put = owner.request(Method::PUT, "/api/v1/session").body(Body::empty()).unwrap();
    let mut allowed: Vec<_> =
        server.send(put).await.header("allow").split(',').map(str::to_owned).collect();
    allowed.sort();
    assert_eq!(allowed, ["DELETE", "POST"]);
}

#[tokio::test]
async fn a_body_is_json_of_its_shape_and_not_too_large() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let account = server.accounts(&owner, "A-1,Alder").await[0];
    let path = format!("/api/v1/accounts/{account}/billing-requests");
    let send = async |content_type: &str, body: Vec<u8>| {
        let request = owner
            .request(Method::POST, &path)
            .header("if-match", "\"0\"")
            .header("idempotency-key", "k")
            .header("content-type", content_type);
        server.send(request.body(Body::from(body)).unwrap()).await
    };
    let json = "application/json; charset=utf-8";
    let problem = |status: u16, code: &str| (status, code.to_owned());
    let twice = format!("{} {{}}", terms());
    for broken in ["", "{", "{\"email\":}", &twice] {
        let answer = send(json, broken.into()).await;
        assert_eq!(answer.problem(), problem(400, "malformed"), "{broken}");
    }
    for other in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""] {
        let answer = send(other, terms().to_string().into()).await;
        assert_eq!(answer.problem(), problem(415, "unsupported_media_type"), "{other}");
    }
    let full = |size: usize| {
        let mut body = br#"{"email":""#.to_vec();
        body.resize(size - 2, b'a');
        body.extend(br#""}"#);
        body
    };
    let most = 1024 * 1024;
    assert_eq!(send(json, full(most + 1)).await.problem(), problem(413, "too_large"));
    let required = ("/starting_balance".to_owned(), "required".to_owned());
    assert_eq!(send(json, full(most)).await.fields(), [required]);
    let mut more = terms();
    more["cc"] = json!("x@y.co");
    let unknown = ("/cc".to_owned(), "unknown_field".to_owned());
    assert_eq!(send(json, more.to_string().into()).await.fields(), [unknown]);
    let mut more = terms();
    more["starting_balance"]["cents"] = json!(1);
    let unknown = ("/starting_balance/cents".to_owned(), "unknown_field".to_owned());
    assert_eq!(send(json, more.to_string().into()).await.fields(), [unknown]);
}
