//! Every example of the document is run, by a shell and curl, and answers what the document says.

use std::{path::Path, process::Stdio};

use serde_json::Value;
use tempfile::TempDir;
use tokio::process::Command;

use super::stage::{Stage, text};

/// An example: what it is of, what a shell reads, what should come of it.
struct Example {
    id: String,
    line: String,
    status: String,
    /// The values that stand for parameters of the path in it.
    path: Vec<(String, String)>,
}

/// What stands in an example for something that is there, and the thing itself; the shell's variables.
#[derive(Default)]
struct Cast {
    instead: Vec<(String, String)>,
    variables: Vec<(&'static str, String)>,
}

impl Example {
    /// What stands in it for a parameter of its path.
    fn stands_for(&self, name: &str) -> String {
        let found = self.path.iter().find(|(parameter, _)| parameter == name);
        found.unwrap_or_else(|| panic!("{} has no {name}", self.id)).1.clone()
    }
}

fn examples(document: &Value) -> Vec<Example> {
    let mut all = Vec::new();
    for methods in document["paths"].as_object().unwrap().values() {
        for operation in methods.as_object().unwrap().values() {
            let Some(sample) = operation["x-codeSamples"].get(0) else { continue };
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let path = parameters.filter(|one| one["in"] == "path").map(|one| {
                let example = &one["example"];
                let example = example.as_str().map_or(example.to_string(), ToOwned::to_owned);
                (text(&one["name"]), example)
            });
            let responses = operation["responses"].as_object().unwrap();
            let status = responses.keys().find(|status| status.starts_with('2')).unwrap();
            all.push(Example {
                id: text(&operation["operationId"]),
                line: text(&sample["source"]),
                status: status.clone(),
                path: path.collect(),
            });
        }
    }
    all
}

/// The token of a link, in every example that has one.
const TOKEN: &str = "w3l0kYt8vQ5rJ2mZ7xN4bC9dF1gH6sA0pE8uT5iO2qU";

/// Makes what an example speaks of.
async fn cast(stage: &Stage, example: &Example) -> Cast {
    let mut cast = Cast::default();
    let mut instead = |from: String, to: String| cast.instead.push((from, to));
    let version = |version: u64| ("If-Match: \"3\"".to_owned(), format!("If-Match: \"{version}\""));
    match example.id.as_str() {
        "request_billing" | "add_to_agency" | "close_account" | "reopen_account" => {
            let state = if example.id == "add_to_agency" { "customer" } else { "agency" };
            let (account, seen) = stage.account(state).await;
            instead(example.stands_for("account"), account);
            let (from, to) = version(seen);
            instead(from, to);
        }
        "resend_request"
        | "revoke_request"
        | "make_link"
        | "ask_for_usage"
        | "ask_no_longer_for_usage" => {
            let asked = stage.asked().await;
            stage.used(&asked).await;
            instead(example.stands_for("account"), asked.account);
            instead(example.stands_for("request"), asked.request);
            let (from, to) = version(asked.version);
            instead(from, to);
        }
        "get_usage_draws" => {
            let (account, line) = stage.line("usage", |_| true).await;
            let [day, kind, payer] = ["day", "event_type", "payer"].map(|name| text(&line[name]));
            let from = format!("usage/{}/sms.sent/agency", example.stands_for("day"));
            instead(from, format!("usage/{day}/{kind}/{payer}"));
            instead(example.stands_for("account"), account);
        }
        "get_entry_draws" => {
            let is_draw = |line: &Value| line["kind"] == "draw";
            let (account, line) = stage.line("ledger", is_draw).await;
            let from = format!("ledger/{}/", example.stands_for("entry"));
            instead(from, format!("ledger/{}/", line["entry"]));
            instead(example.stands_for("account"), account);
        }
        "get_client_account" | "get_client_ledger" | "get_client_usage" => {
            let client = stage.demo.sign_in("amelia.finch@calderfinch.example").await;
            let list = stage.demo.get(&client, "/client/accounts").await;
            instead(example.stands_for("account"), text(&list["accounts"][0]["id"]));
        }
        "get_statement" | "list_statements" | "list_receipts" | "get_receipt" => {
            let (account, _) = stage.account("customer").await;
            let list = stage.demo.get(&stage.owner, &format!("/accounts/{account}/receipts")).await;
            if let Some((_, stands)) = example.path.iter().find(|(name, _)| name == "payment") {
                instead(stands.clone(), text(&list["receipts"][0]["payment"]));
            }
            if let Some((_, stands)) = example.path.iter().find(|(name, _)| name == "month") {
                let running =
                    stage.demo.get(&stage.owner, &format!("/accounts/{account}/statements")).await;
                instead(stands.clone(), text(&running["running"]));
            }
            instead(example.stands_for("account"), account);
        }
        "refund_payment" => {
            let (account, seen) = stage.account("customer").await;
            let path = format!("/accounts/{account}/payments");
            let list = stage.demo.get(&stage.owner, &path).await;
            let payments = list["payments"].as_array().unwrap();
            let can_be = |payment: &&Value| !payment["refundable"].is_null();
            let payment = payments.iter().find(can_be).expect("a payment that can be refunded");
            instead(example.stands_for("payment"), text(&payment["id"]));
            instead("40.00".to_owned(), text(&payment["refundable"]["amount"]));
            instead(example.stands_for("account"), account);
            let (from, to) = version(seen);
            instead(from, to);
        }
        "get_agency_statement" => {
            let list = stage.demo.get(&stage.owner, "/agency/statements").await;
            instead(example.stands_for("month"), text(&list["running"]));
        }
        "end_session" => {
            let elsewhere = stage.demo.sign_in("robin@northwind-media.example").await;
            let list = stage.demo.get(&elsewhere, "/sessions").await;
            let mut sessions = list["sessions"].as_array().unwrap().iter();
            let session = sessions.find(|session| session["is_current"] == true).unwrap();
            instead(example.stands_for("session"), text(&session["id"]));
        }
        "change_person" | "remove_person" | "sign_out_person" | "invite_again" => {
            let (person, _) = stage.invited(&example.id.replace('_', ".")).await;
            instead(example.stands_for("person"), person);
        }
        "revoke_key" => {
            let body = serde_json::json!({ "name": "Stage", "scopes": ["usage:write"] });
            instead(example.stands_for("key"), text(&stage.post("/api-keys", body).await["id"]));
        }
        "remove_endpoint" => {
            let body = serde_json::json!({ "url": "https://hooks.stage.example/in" });
            let made = stage.post("/webhook-endpoints", body).await;
            instead(example.stands_for("endpoint"), text(&made["id"]));
        }
        "open_invitation" | "accept_invitation" => {
            let (_, email) = stage.invited(&example.id.replace('_', ".")).await;
            instead(TOKEN.to_owned(), stage.letter_to(&email).await);
        }
        "accept_password_reset" => {
            let body = serde_json::json!({ "email": "imke@northwind-media.example" });
            let owner = &stage.owner;
            let path = "/password-resets";
            let asked = stage.demo.send(owner, reqwest::Method::POST, path, None, Some(body)).await;
            assert_eq!(asked.status, 202);
            instead(TOKEN.to_owned(), stage.letter_to("imke@northwind-media.example").await);
        }
        "open_link" | "get_link" | "pay" => {
            let asked = stage.asked().await;
            let link = stage.link(&asked).await;
            instead(TOKEN.to_owned(), link.clone());
            instead("ctoken_1QbXyZ2eZvKYlo2C".to_owned(), stage.card().await);
            cast.variables.push(("SLUICE_LINK_TOKEN", link));
        }
        "get_balance"
        | "top_up_balance"
        | "save_card"
        | "remove_card"
        | "set_recharge"
        | "stop_recharge"
        | "set_alert"
        | "get_balance_ledger"
        | "list_balance_receipts"
        | "get_balance_receipt"
        | "end_balance_link" => {
            let is_last = example.id == "end_balance_link";
            let (link, account) = stage.balance_link(is_last).await;
            instead("ctoken_1QbXyZ2eZvKYlo2C".to_owned(), stage.card().await);
            if let Some((_, stands)) = example.path.iter().find(|(name, _)| name == "receipt") {
                let path = format!("/accounts/{account}/receipts");
                let list = stage.demo.get(&stage.owner, &path).await;
                instead(stands.clone(), text(&list["receipts"][0]["number"]));
            }
            cast.variables.push(("SLUICE_LINK_TOKEN", link));
        }
        "save_agency_card" => instead("ctoken_1QbXyZ2eZvKYlo2C".to_owned(), stage.card().await),
        "remove_agency_card" => stage.backup_card().await,
        "get_agency_receipt" => {
            instead(example.stands_for("payment"), stage.agency_receipt().await);
        }
        "mint_embed_token" => drop(stage.embed_token().await),
        "get_embed_balance" | "make_embed_ticket" | "make_top_up_link" => {
            cast.variables.push(("SLUICE_EMBED_TOKEN", stage.embed_token().await));
        }
        "listen_embedded" => {
            let widget = super::demo::Credentials {
                name: "Authorization",
                value: format!("Bearer {}", stage.embed_token().await),
            };
            let path = "/embed/tickets";
            let ticket = stage.demo.send(&widget, reqwest::Method::POST, path, None, None).await;
            instead(TOKEN.to_owned(), text(&ticket.json()["ticket"]));
        }
        _ if example.path.iter().any(|(name, _)| name == "account")
            && example.id != "get_standing" =>
        {
            instead(example.stands_for("account"), stage.account("agency").await.0);
        }
        _ => {}
    }
    cast
}

/// What a shell and curl make of it: the status, and the answer.
async fn run(stage: &Stage, folder: &Path, example: &Example, cast: &Cast) -> (String, String) {
    let mut line = example.line.replace("https://billing.example", &stage.demo.url);
    for (from, to) in &cast.instead {
        line = line.replace(from, to);
    }
    // A stream does not end: what counts is how it begins.
    let options = "curl --silent --noproxy '*' --max-time 20 --write-out '\\n%{http_code}'";
    let options = match line.contains("curl -N") {
        true => options.replace("--max-time 20", "--max-time 2"),
        false => options.to_owned(),
    };
    let mut shell = Command::new("sh");
    shell
        .args(["-c", &line.replacen("curl", &options, 1)])
        .current_dir(folder)
        .env("SLUICE_API_KEY", &stage.demo.key)
        .envs(cast.variables.iter().map(|(name, value)| (*name, value)))
        .stdin(Stdio::null());
    let output = shell.output().await.unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    let (answer, status) = told.rsplit_once('\n').unwrap_or_else(|| {
        panic!("{line}: {} (is curl installed?)", String::from_utf8_lossy(&output.stderr))
    });
    (status.to_owned(), answer.to_owned())
}

#[tokio::test]
async fn every_example_of_the_document_does_what_it_says() {
    let stage = Stage::set().await;
    let document = stage.demo.document().await;
    let all = examples(&document);
    let [owner, client, visitor] = [(); 3].map(|()| TempDir::new().unwrap());
    // Signing in is an example, too: what it keeps in its folder is what the others come in with.
    let sign_in = all.iter().find(|example| example.id == "sign_in").unwrap();
    for (folder, email) in [
        (&owner, "robin@northwind-media.example"),
        (&client, "amelia.finch@calderfinch.example"),
        (&visitor, "theo@northwind-media.example"),
    ] {
        let instead = vec![("robin@northwind-media.example".to_owned(), email.to_owned())];
        let cast = Cast { instead, ..Cast::default() };
        let (status, answer) = run(&stage, folder.path(), sign_in, &cast).await;
        assert_eq!(status, "200", "{email}: {answer}");
    }
    let mut wrong = Vec::new();
    for example in &all {
        let folder = match example.id.as_str() {
            "sign_out" | "accept_invitation" => &visitor,
            id if id.contains("_client_") => &client,
            _ => &owner,
        };
        let cast = cast(&stage, example).await;
        let (status, answer) = run(&stage, folder.path(), example, &cast).await;
        if status != example.status {
            let Example { id, line, status: expected, .. } = example;
            wrong.push(format!("{id}: {status} instead of {expected}: {answer}\n{line}"));
        }
    }
    println!("{} examples were run", all.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(all.len() > 60, "{}", all.len());
}
