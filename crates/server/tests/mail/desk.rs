//! The agency's side, over the API.

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use crate::process::{House, Server};

/// Somebody with an API key.
pub struct Desk {
    http: Client,
    url: String,
    key: String,
}

impl Desk {
    pub async fn of(house: &House, server: &Server) -> Self {
        let agency = house.agency.to_string();
        let create = ["key", "create", "--agency", &agency, "--name", "Desk"];
        let scope = ["--scope", "accounts:read,billing:write"];
        let key = house.done(&[&create[..], &scope].concat()).await;
        let http = Client::builder().no_proxy().build().unwrap();
        Self { http, url: server.url.clone(), key }
    }

    async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let mut request = self.http.request(method, format!("{}/api/v1{path}", self.url));
        request = request.bearer_auth(&self.key);
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
            request = request.header("idempotency-key", path).header("if-match", "\"0\"");
        }
        let answer = request.send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert_eq!(status, StatusCode::OK, "{path}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    pub async fn accounts(&self) -> Vec<String> {
        let page = self.send(Method::GET, "/accounts", None).await;
        let id = |row: &Value| row["id"].as_str().unwrap().to_owned();
        page["accounts"].as_array().unwrap().iter().map(id).collect()
    }

    /// *Email Client*.
    pub async fn ask(&self, account: &str, email: &str) {
        let terms = json!({
            "email": email, "message": "Hi",
            "starting_balance": {"amount": "100.00", "currency": "USD"},
        });
        let path = format!("/accounts/{account}/billing-requests");
        self.send(Method::POST, &path, Some(terms)).await;
    }

    /// What became of the letters about an account.
    pub async fn letters(&self, account: &str) -> Value {
        let path = format!("/accounts/{account}/funding-timeline");
        self.send(Method::GET, &path, None).await["letters"].clone()
    }
}
