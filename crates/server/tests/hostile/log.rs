//! What a server tells whoever runs it, as machines read it.

use std::{fs, process::Stdio};

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};

use crate::{process::House, wire::ask};

const PASSWORD: &str = "seven quiet lanterns";

#[tokio::test]
async fn a_log_in_json_is_one_object_a_line() {
    let house = House::build().await;
    let owner = "robin@northwind.example";
    house.add_person(owner, PASSWORD).await;
    let file = house.folder.path().join("log");
    let mut process = house
        .command(&["serve", "--json", "--listen", "127.0.0.1:0"])
        .envs([
            ("SLUICE_LOG", "info"),
            ("SLUICE_LOG_FORMAT", "json"),
            ("SLUICE_STRIPE_API_URL", "http://127.0.0.1:9"),
            ("SLUICE_STRIPE_SECRET_KEY", "sk_test_x"),
            ("SLUICE_STRIPE_PUBLISHABLE_KEY", "pk_test_x"),
            ("SLUICE_STRIPE_WEBHOOK_SECRET", "whsec_test"),
            // Nobody is there.
            ("SLUICE_OIDC_ISSUER", "http://127.0.0.1:9"),
            ("SLUICE_OIDC_CLIENT_ID", "sluice"),
            ("SLUICE_OIDC_CLIENT_SECRET", "a secret of the provider's"),
        ])
        .stdout(Stdio::piped())
        .stderr(fs::File::create(&file).unwrap())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).await.unwrap();
    let told: Value = serde_json::from_str(&line).unwrap();
    let url = told["url"].as_str().unwrap();
    let head = "POST /api/v1/session HTTP/1.1\r\nContent-Type: application/json";
    let body = |password: &str| json!({ "email": owner, "password": password }).to_string();
    assert_eq!(ask(url, head, &body(PASSWORD)).await, 200);
    for _ in 0..10 {
        assert_eq!(ask(url, head, &body("not the password")).await, 401);
    }
    assert_eq!(ask(url, head, &body(PASSWORD)).await, 429);
    assert_eq!(ask(url, "GET /api/v1/session/oidc HTTP/1.1", "").await, 303);
    // Text that would begin a line of its own, were it written as it is.
    assert_eq!(ask(url, "GET /%0a%7b%22level%22:%22INFO%22%7d HTTP/1.1", "").await, 200);
    process.kill().await.unwrap();

    let text = fs::read_to_string(&file).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let said = |message: &str| {
        lines.iter().filter(|line| line["fields"]["message"] == message).collect::<Vec<_>>()
    };
    let good = said("somebody signed in with their password");
    let bad = said("a sign-in failed");
    assert_eq!((good.len(), bad.len()), (1, 10));
    assert!(good[0]["fields"]["user"].as_str().unwrap().starts_with("usr_"));
    assert_eq!(good[0]["fields"]["user"], bad[0]["fields"]["user"]);
    assert_eq!(said("a sign-in was refused: too many have failed").len(), 1);
    assert_eq!(said("the OpenID provider cannot be asked").len(), 1);
    for line in said("answered") {
        let span = &line["span"];
        assert!(span["id"].as_str().unwrap().starts_with("rq_"), "{line}");
        assert_eq!(span["from"], "127.0.0.1", "{line}");
        assert!(span["method"].is_string() && span["path"].is_string(), "{line}");
        assert!(line["timestamp"].as_str().unwrap().ends_with('Z'), "{line}");
    }
    for secret in [PASSWORD, "not the password", "a secret of the provider's", owner] {
        assert!(!text.contains(secret), "{secret}");
    }
}
