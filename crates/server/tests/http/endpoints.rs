//! Endpoints of webhooks: a secret that is told once, addresses that are taken and refused, and nobody else's.

use axum::{body::Body, http::Method};
use serde_json::{Value, json};

use super::support::{Answer, Person, Server};

const PATH: &str = "/api/v1/webhook-endpoints";

async fn add(server: &Server, person: &Person, body: &Value) -> Answer {
    server.post(person, PATH, &[], body).await
}

async fn remove(server: &Server, person: &Person, id: &str) -> Answer {
    let request = person.request(Method::DELETE, &format!("{PATH}/{id}"));
    server.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_secret_is_told_once() {
    let server = Server::start();
    let robin = server.agency("Northwind").await;
    let added = add(&server, &robin, &json!({ "url": "https://Hooks.example/a?b=c" })).await;
    assert_eq!((added.status.as_u16(), added.header("cache-control")), (201, "no-store"));
    let added = added.json();
    let id = added["id"].as_str().unwrap();
    assert!(id.starts_with("whe_") && added["secret"].as_str().unwrap().starts_with("whsec_"));
    let listed = server.get(&robin, PATH).await;
    assert_eq!(
        listed.json(),
        json!({ "endpoints": [{
            "id": id, "url": "https://hooks.example/a?b=c", "created_at": "2026-11-22T16:10:09.25Z",
            "delivered_at": null, "error": null, "waiting": 0, "failed": 0,
        }] })
    );
    assert_eq!(remove(&server, &robin, id).await.status, 204);
    assert_eq!(remove(&server, &robin, id).await.problem(), (404, "not_found".to_owned()));
    assert_eq!(server.get(&robin, PATH).await.json(), json!({ "endpoints": [] }));
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_by_its_field() {
    let server = Server::start();
    let robin = server.agency("Northwind").await;
    for (url, code) in [
        ("hooks.example", "invalid"),
        ("ftp://hooks.example/", "invalid"),
        ("https://robin:secret@hooks.example/", "credentials"),
        ("https://hooks.example/#a", "fragment"),
    ] {
        let refused = add(&server, &robin, &json!({ "url": url })).await;
        assert_eq!(refused.fields(), [("/url".to_owned(), code.to_owned())], "{url}");
    }
    let unknown =
        add(&server, &robin, &json!({ "url": "https://a.example/", "secret": "x" })).await;
    assert_eq!(unknown.fields(), [("/secret".to_owned(), "unknown_field".to_owned())]);
    for _ in 0..10 {
        let url = json!({ "url": "https://hooks.example/" });
        assert_eq!(add(&server, &robin, &url).await.status, 201);
    }
    let eleventh = add(&server, &robin, &json!({ "url": "https://hooks.example/" })).await;
    assert_eq!(eleventh.problem(), (409, "too_many_endpoints".to_owned()));
}

#[tokio::test]
async fn another_agency_neither_sees_nor_removes_it() {
    let server = Server::start();
    let (robin, eve) = (server.agency("Northwind").await, server.agency("Eastwind").await);
    let added = add(&server, &robin, &json!({ "url": "https://hooks.example/" })).await.json();
    let id = added["id"].as_str().unwrap();
    assert_eq!(server.get(&eve, PATH).await.json(), json!({ "endpoints": [] }));
    assert_eq!(remove(&server, &eve, id).await.problem(), (404, "not_found".to_owned()));
    assert_eq!(server.get(&robin, PATH).await.json()["endpoints"].as_array().unwrap().len(), 1);
    let nobody = Person { cookie: "sluice=none".to_owned(), ..robin };
    let request = json!({ "url": "https://hooks.example/" });
    assert_eq!(add(&server, &nobody, &request).await.problem().0, 401);
}
