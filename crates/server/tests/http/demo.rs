//! What only a demo has.

use axum::{
    body::Body,
    http::{Method, Request},
};
use server::mail::Mail;

use crate::support::{DEMO_TOKEN, Server, nowhere};

fn demo() -> Server {
    Server::with("http://127.0.0.1:8080", nowhere(), true)
}

fn get(path: &str) -> Request<Body> {
    Request::builder().method(Method::GET).uri(path).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn its_link_signs_in_as_the_first_agencys_owner() {
    let server = demo();
    let mut owner = server.agency("Northwind").await;
    server.agency("Tidewater").await;
    let answer = server.send(get(&format!("/demo/sign-in?token={DEMO_TOKEN}"))).await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/settings/accounts"));
    owner.cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    let me = server.get(&owner, "/api/v1/me").await.json();
    assert_eq!(me["user"]["id"], owner.user.to_string());
    assert_eq!(me["demo"]["mailbox_url"], "http://127.0.0.1:8080/demo/mailbox");
    for wrong in ["", "?token=", "?token=a-demo-tokeN", "?token=a-demo-token-and-more"] {
        let answer = server.send(get(&format!("/demo/sign-in{wrong}"))).await;
        assert_eq!(answer.problem(), (404, "not_found".to_owned()), "{wrong}");
    }
}

#[tokio::test]
async fn its_mailbox_shows_each_letter_once_and_lets_it_run_nothing() {
    let server = demo();
    assert!(server.send(get("/demo/mailbox")).await.text.contains("No letters yet"));
    let mut mail = Mail {
        message_id: "one".to_owned(),
        from_name: "Northwind <b>".to_owned(),
        to: "dana@brightwater.co".to_owned(),
        subject: "Set up <script>".to_owned(),
        text: "Plain & simple".to_owned(),
        html: "<html><head></head><body><a href=\"/pay#t=x\">Pay</a></body></html>".to_owned(),
        logo: None,
    };
    server.deps.mailer.send(&mail).await.unwrap();
    server.deps.mailer.send(&mail).await.unwrap();
    server.clock.pass(std::time::Duration::from_secs(60));
    mail.message_id = "two".to_owned();
    mail.subject = "Newer".to_owned();
    server.deps.mailer.send(&mail).await.unwrap();

    let letters = server.send(get("/demo/mailbox.json")).await.json();
    let letters = letters.as_array().unwrap();
    let subjects: Vec<_> =
        letters.iter().map(|letter| letter["subject"].as_str().unwrap()).collect();
    assert_eq!(subjects, ["Newer", "Set up <script>"]);
    let page = server.send(get("/demo/mailbox")).await.text;
    assert!(page.find("Newer").unwrap() < page.find("Set up").unwrap(), "newest first");
    assert!(!page.contains("<script>") && !page.contains("<b>"), "{page}");

    let path = format!("/demo/mailbox/{}", letters[1]["id"].as_str().unwrap());
    let letter = server.send(get(&path)).await;
    assert!(letter.text.contains("Plain &#38; simple"), "{}", letter.text);
    let html = server.send(get(&format!("{path}/html"))).await;
    assert!(html.text.contains("<base target=\"_top\">"));
    let policy = html.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("sandbox allow-popups"));
    assert!(policy.contains("frame-ancestors 'self'") && !policy.contains("script"), "{policy}");
    let absent = server.send(get("/demo/mailbox/mail_01m0tbtx74k2a3fszbeds1w1fz")).await;
    assert_eq!(absent.problem().0, 404);
}

#[tokio::test]
async fn it_tells_what_browsers_reported() {
    let server = demo();
    assert_eq!(server.send(get("/demo/csp-reports")).await.json()["count"], 0);
    let report =
        r#"{"csp-report":{"violated-directive":"img-src","blocked-uri":"https://x.example/"}}"#;
    let request = Request::post("/api/v1/csp-reports").body(Body::from(report)).unwrap();
    assert_eq!(server.send(request).await.status, 204);
    let told = server.send(get("/demo/csp-reports")).await.json();
    assert_eq!(told["count"], 1);
    assert_eq!(told["newest"][0], "img-src https://x.example/ - -");
    let request = Request::post("/api/v1/csp-reports").body(Body::from("x")).unwrap();
    assert_eq!(server.send(request).await.problem().0, 400);
}
