//! Headers, other sites, and what leaks nowhere.

use axum::{
    body::Body,
    http::{Method, Request},
};

use crate::support::{DEMO_TOKEN, Server, nowhere, terms};

#[tokio::test]
async fn every_answer_has_its_headers() {
    let server = Server::with("http://127.0.0.1:8080", nowhere(), true);
    let owner = server.agency("Northwind").await;
    for path in [
        "/",
        "/settings/accounts",
        "/pay",
        "/balance",
        "/settings/billing",
        "/client",
        "/client/usage",
        "/livez",
        "/readyz",
        "/nothing.txt",
        "/assets/none.js",
        "/api/v1/me",
        "/api/v1/none",
        "/demo/mailbox",
        "/demo/mailbox.css",
        "/demo/mailbox.json",
        "/demo/sign-in?token=wrong",
    ] {
        let answer = server.get(&owner, path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "{path}");
        assert!(answer.header("permissions-policy").contains("camera=()"), "{path}");
        assert!(answer.header("x-request-id").starts_with("rq_"), "{path}");
        assert_eq!(answer.header("strict-transport-security"), "", "{path}");
        assert!(["no-store", "no-cache"].contains(&answer.header("cache-control")), "{path}");
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; "), "{path}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert!(!policy.contains("'unsafe-inline'") && !policy.contains("'unsafe-eval'"), "{path}");
        let gateway = policy.contains("http://127.0.0.1:9");
        let takes_cards = ["/pay", "/balance", "/settings/billing"].contains(&path);
        assert_eq!(gateway, takes_cards, "{path}: {policy}");
        let kept = path.starts_with("/api/") || path.starts_with("/demo/mailbox.json");
        assert!(!kept || answer.header("cache-control") == "no-store", "{path}");
    }
}

#[tokio::test]
async fn a_page_that_the_browser_has_is_not_sent_again() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let page = server.get(&owner, "/settings/accounts").await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let request = owner
        .request(Method::GET, "/settings/accounts")
        .header("if-none-match", page.header("etag"));
    let again = server.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""));
    assert!(again.header("content-security-policy").contains("script-src 'self'"));
}

#[tokio::test]
async fn another_site_can_change_nothing() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let id = server.accounts(&owner, "A-1,Alder").await[0];
    let path = format!("/api/v1/accounts/{id}/billing-requests");
    let send = async |headers: &[(&str, &str)]| {
        let own = [("if-match", "\"0\""), ("idempotency-key", "k")];
        let headers: Vec<_> = headers.iter().chain(&own).copied().collect();
        server.post(&owner, &path, &headers, &terms()).await
    };
    for elsewhere in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", "http://127.0.0.1:8081")],
    ] {
        let answer = send(elsewhere).await;
        assert_eq!(answer.problem(), (403, "cross_origin".to_owned()), "{elsewhere:?}");
    }
    let ours = [("sec-fetch-site", "same-origin"), ("origin", "http://127.0.0.1:8080")];
    assert_eq!(send(&ours).await.status, 200);
    assert_eq!(send(&[("origin", "http://127.0.0.1:8080")]).await.status, 200);
    // The gateway's events and browsers' reports come from elsewhere by their nature.
    let report = Request::post("/api/v1/csp-reports")
        .header("sec-fetch-site", "cross-site")
        .header("content-type", "application/csp-report")
        .body(Body::from("{\"csp-report\":{}}"));
    assert_eq!(server.send(report.unwrap()).await.status, 204);
    let event = Request::post("/api/v1/webhooks/stripe").header("origin", "https://stripe.example");
    let answer = server.send(event.body(Body::from("{}")).unwrap()).await;
    assert_eq!(answer.problem(), (400, "bad_signature".to_owned()));
}

#[tokio::test]
async fn no_secret_is_in_the_database() {
    let server = Server::with("http://127.0.0.1:8080", nowhere(), true);
    let owner = server.agency_with_password("Northwind").await;
    let id = server.accounts(&owner, "A-1,Alder").await[0];
    let asked = server.request_billing(&owner, id).await.json();
    let request = asked["account"]["funding"]["request"]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/accounts/{id}/billing-requests/{request}/links");
    let link = server.post(&owner, &path, &[], &serde_json::json!({})).await.json();
    let token = link["url"].as_str().unwrap().split_once("#t=").unwrap().1.to_owned();
    let session = owner.cookie.split_once('=').unwrap().1;
    let stored = server.database.stored();
    assert!(stored.windows(5).any(|window| window == b"Alder"), "the right place is looked at");
    for secret in [&token, session, crate::support::PASSWORD, DEMO_TOKEN, "sk_test_x", "whsec_test"]
    {
        // Half of one would be too much already.
        let part = &secret.as_bytes()[..secret.len().min(16)];
        let found = stored.windows(part.len()).any(|window| window == part);
        assert!(!found, "{secret}");
    }
}
