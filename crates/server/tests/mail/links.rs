//! A link in a letter that came over SMTP opens what it is for: to pay, to set a new password, to join.

use reqwest::{Client, StatusCode, header::SET_COOKIE};
use serde_json::{Value, json};

use crate::{
    process::House,
    sink::{FROM, Sink, part, recipient},
};

/// What stands after `#t=` in the one link of a letter to this page.
fn token(letter: &Value, page: &str) -> String {
    let text = part(letter, "text/plain");
    let mark = format!("/{page}#t=");
    let found: Vec<_> = text.lines().filter_map(|line| line.split_once(&mark)).collect();
    let [(_, token)] = found[..] else { panic!("{text}") };
    assert!(
        token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte)),
        "{token}"
    );
    token.to_owned()
}

#[tokio::test]
async fn the_link_of_every_letter_that_has_one_works() {
    let mut sink = Sink::start(&[]).await;
    let house = House::build().await;
    house.add_person("robin@northwind.example", "correct horse battery").await;
    let mail = sink.url();
    let settings = [("SLUICE_MAIL_URL", mail.as_str()), ("SLUICE_MAIL_FROM", FROM)];
    let server = house.serve_with(&settings).await;
    let http = Client::builder().no_proxy().build().unwrap();
    let at = |path: &str| format!("{}/api/v1{path}", server.url);
    let post = |path: &str, body: Value| {
        let request = http.post(at(path)).header("content-type", "application/json");
        request.header("idempotency-key", path.to_owned()).body(body.to_string())
    };

    // To pay.
    let login = json!({"email": "robin@northwind.example", "password": "correct horse battery"});
    let answer = post("/session", login).send().await.unwrap();
    let cookie = answer.headers()[SET_COOKIE].to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let accounts = http.get(at("/accounts")).header("cookie", &cookie).send().await.unwrap();
    let accounts: Value = serde_json::from_str(&accounts.text().await.unwrap()).unwrap();
    let path =
        format!("/accounts/{}/billing-requests", accounts["accounts"][0]["id"].as_str().unwrap());
    let terms = json!({
        "email": "dana@brightwater.co", "message": "Hi Dana",
        "starting_balance": {"amount": "100.00", "currency": "USD"},
    });
    let asked = post(&path, terms).header("cookie", &cookie).header("if-match", "\"0\"");
    assert_eq!(asked.send().await.unwrap().status(), StatusCode::OK);
    let letter = sink.told().await;
    assert_eq!(recipient(&letter), "dana@brightwater.co");
    let opened = post("/pay/open", json!({"token": token(&letter, "pay")})).send().await.unwrap();
    assert_eq!(opened.status(), StatusCode::OK);

    // To join.
    let person = json!({"name": "Kim Vos", "email": "kim@northwind.example", "role": "viewer"});
    let invited = post("/people", person).header("cookie", &cookie).send().await.unwrap();
    assert!(invited.status().is_success(), "{}", invited.text().await.unwrap());
    let letter = sink.told().await;
    assert_eq!(recipient(&letter), "kim@northwind.example");
    let password = "seven quiet stones";
    let body = json!({"token": token(&letter, "join"), "password": password});
    let joined = post("/invitations/accept", body).send().await.unwrap();
    assert!(joined.status().is_success(), "{}", joined.text().await.unwrap());

    // To set a new password.
    let asked = post("/password-resets", json!({"email": "robin@northwind.example"}));
    assert_eq!(asked.send().await.unwrap().status(), StatusCode::ACCEPTED);
    let letter = sink.told().await;
    assert_eq!(recipient(&letter), "robin@northwind.example");
    let body = json!({"token": token(&letter, "reset"), "password": password});
    let reset = post("/password-resets/accept", body).send().await.unwrap();
    assert_eq!(reset.status(), StatusCode::NO_CONTENT);
}
