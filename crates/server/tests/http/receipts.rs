//! Receipts, and what payments, refunds and returns are on statements; against the real sandbox.

use axum::{body::Body, http::Method};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use server::{jobs, verify::verify};

use crate::{
    customers::{link, pay, payment},
    sandbox::Sandbox,
    support::Server,
};

#[tokio::test]
async fn a_payment_has_a_receipt_and_what_is_paid_back_stands_beside_it() {
    let sandbox = Sandbox::start().await;
    let server = Server::with("http://127.0.0.1:8080", sandbox.config.clone(), false);
    let owner = server.agency("Northwind").await;
    let account = server.accounts(&owner, "A-1,Alder & Ash").await[0];
    let receipts = format!("/api/v1/accounts/{account}/receipts");
    assert_eq!(server.get(&owner, &receipts).await.json(), json!({ "receipts": [] }));
    let token = link(&server, &owner, account).await;
    let paid = pay(&server, &token, "first", &payment("40.00", &sandbox.token("visa").await)).await;
    assert_eq!(paid.json()["state"], "paid", "{paid:?}");

    let list = server.get(&owner, &receipts).await.json();
    let receipt = &list["receipts"][0];
    assert_eq!(list["receipts"].as_array().unwrap().len(), 1);
    let id = receipt["payment"].as_str().unwrap();
    assert_eq!(server.get(&owner, &format!("{receipts}/{id}")).await.json(), *receipt);
    assert_eq!(
        (&receipt["number"], &receipt["card"], &receipt["email"], &receipt["amount"]["amount"]),
        (
            &json!("R-2026-000001"),
            &json!("Visa ···· 4242"),
            &json!("dana@brightwater.co"),
            &json!("40.00")
        )
    );
    assert_eq!((&receipt["day"], &receipt["refunds"]), (&json!("2026-11-22"), &json!([])));

    let detail = server.get(&owner, &format!("/api/v1/accounts/{account}")).await.json();
    let tag = format!("\"{}\"", detail["account"]["funding"]["version"]);
    let headers = [("if-match", tag.as_str()), ("idempotency-key", "back")];
    let path = format!("/api/v1/accounts/{account}/agency-billing");
    let back = server.post(&owner, &path, &headers, &json!({ "choice": "refund" })).await;
    assert_eq!(back.status, 200, "{back:?}");
    let under_way = server.get(&owner, &format!("{receipts}/{id}")).await.json();
    assert_eq!(under_way["refunds"][0]["status"], "pending", "{under_way}");
    while jobs::tick(&server.deps).await.unwrap() > 0 {}
    let refunded = server.get(&owner, &format!("{receipts}/{id}")).await.json();
    let refund = &refunded["refunds"][0];
    assert_eq!(
        (&refund["status"], &refund["day"], &refund["amount"]["amount"]),
        (&json!("succeeded"), &json!("2026-11-22"), &json!("40.00"))
    );
    assert_eq!(refunded["number"], receipt["number"]);

    let month = format!("/api/v1/accounts/{account}/statements/2026-11");
    let statement = server.get(&owner, &month).await.json();
    let what = |line: &Value| {
        format!("{} {}", line["what"].as_str().unwrap(), line["amount"]["amount"].as_str().unwrap())
    };
    let lines: Vec<_> = statement["lines"].as_array().unwrap().iter().map(what).collect();
    assert_eq!(lines, ["Payment: Visa ···· 4242 40.00", "Refund to the card -40.00"]);
    assert_eq!(statement["closing"]["amount"], "0.00");

    let page = server.get(&owner, &format!("/receipts/{account}/{id}")).await.text;
    for part in
        ["R-2026-000001", "Visa ···· 4242", "Refund to the card", "−40.00", "Alder &#38; Ash"]
    {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    let pdf = owner.request(Method::GET, &format!("{receipts}/{id}.pdf")).body(Body::empty());
    let pdf = server.open(pdf.unwrap()).await;
    assert_eq!(
        pdf.headers()["content-disposition"],
        "attachment; filename=\"receipt-R-2026-000001.pdf\""
    );
    assert!(pdf.into_body().collect().await.unwrap().to_bytes().starts_with(b"%PDF-"));
    for wrong in [format!("{id}.csv"), "pay_x".to_owned(), format!("{id}.pdf.pdf")] {
        assert_eq!(
            server.get(&owner, &format!("{receipts}/{wrong}")).await.problem().0,
            404,
            "{wrong}"
        );
    }
    let report = server.deps.store.read(|tx| verify(tx)).await.unwrap();
    assert!(report.ok, "{report:?}");
}
