//! Schemathesis sends what the document allows, and what it does not, as each role: no answer is a server's error, and none is
//! undocumented. What it sends follows from a fixed seed, but for the ids, which are the demo's.

use std::{io::Write as _, path::Path, process::Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;

use super::{
    demo::Credentials,
    stage::{Asked, Stage},
};

/// What is sent follows from it.
const SEED: &str = "20261123";
/// Requests made up per operation, beside those that follow from the schemas by rule.
const MADE_UP: &str = "6";
/// What every answer is held to.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_schema_conformance,response_headers_conformance,negative_data_rejection";

/// Operations that are not called, each with the reason.
const SKIPPED: [(&str, &str); 4] = [
    ("listen", "a stream of events does not end; tests/http/changes.rs listens"),
    ("listen_embedded", "a stream of events does not end; tests/http/embed.rs listens"),
    ("change_password", "whoever calls would have another cookie; tests/http changes one"),
    ("sign_out", "whoever calls would be nobody afterwards; called by nobody"),
];

/// The document, with ids of the demo as what may stand in a path: a made-up one is never there, and says little. Answers are left as
/// they are documented.
async fn with_ids(stage: &Stage, asked: &Asked) -> Value {
    let mut document = stage.demo.document().await;
    let list = stage.demo.get(&stage.owner, "/accounts?limit=100").await;
    let accounts = list["accounts"].as_array().unwrap();
    let mut ids: Vec<Value> = vec![json!(asked.account)];
    for state in ["agency", "customer", "requested", "paying", "returning"] {
        let mut found = accounts.iter().filter(|account| account["funding"]["state"] == state);
        ids.extend(found.next().map(|account| account["id"].clone()));
    }
    let page = stage.demo.get(&stage.owner, &format!("/accounts/{}/usage", asked.account)).await;
    let days = [page["lines"][0]["day"].clone(), json!("2026-01-01")];
    let (person, _) = stage.invited("Nobody").await;
    let key =
        stage.post("/api-keys", json!({ "name": "Nobody's", "scopes": ["usage:write"] })).await;
    let hook = stage.post("/webhook-endpoints", json!({ "url": "https://hooks.stage.example/in" }));
    let versions: Vec<_> = (0..8).map(|version| format!("\"{version}\"")).collect();
    let hook = hook.await["id"].clone();
    let paths = document["paths"].as_object_mut().unwrap().values_mut();
    for operation in paths.filter_map(Value::as_object_mut).flat_map(|path| path.values_mut()) {
        // Schemathesis writes no other bodies than those that call themselves JSON.
        let content = operation.pointer_mut("/requestBody/content").and_then(Value::as_object_mut);
        if let Some(content) = content {
            content.retain(|kind, _| kind.ends_with("json"));
        }
        let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten() {
            let is_in_path = parameter["in"] == "path";
            let possible = match parameter["name"].as_str().unwrap() {
                "account" if is_in_path => json!(ids),
                "request" => json!([asked.request, "req_00000000000000000000000000"]),
                "person" => json!([person, "usr_00000000000000000000000000"]),
                "key" => json!([key["id"], "key_00000000000000000000000000"]),
                "endpoint" => json!([hook, "whe_00000000000000000000000000"]),
                "day" => json!(days),
                "type" => json!(["sms.sent", "fax.sent"]),
                "If-Match" => json!(versions),
                _ => continue,
            };
            parameter["example"] = possible[0].clone();
            parameter["schema"]["enum"] = possible;
        }
    }
    document
}

/// How often somebody called, or what was wrong with the answers.
async fn call(
    stage: &Stage,
    folder: &Path,
    document: &Path,
    who: Option<&Credentials>,
    name: &str,
) -> Result<u64, String> {
    let report = folder.join(format!("{name}.json"));
    let mut python = Command::new(super::python());
    python
        .args(["-m", "schemathesis.cli", "--config-file"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/schemathesis.toml"))
        .arg("run")
        .arg(document)
        .args(["--url", &stage.demo.url, "--checks", CHECKS])
        .args(["--seed", SEED, "--max-examples", MADE_UP, "--phases", "examples,coverage,fuzzing"])
        .args(["--mode", "all", "--continue-on-failure", "--no-shrink", "--request-timeout", "30"])
        .args([
            "--generation-database",
            "none",
            "--suppress-health-check",
            "all",
            "--warnings",
            "off",
        ])
        .args(["--report", "json", "--report-json-path"])
        .arg(&report);
    for (operation, _) in SKIPPED.iter().filter(|(id, _)| who.is_some() || *id != "sign_out") {
        python.args(["--exclude-operation-id", operation]);
    }
    // What a link or a widget shows is dead everywhere else.
    let theirs = [("link", "Paying"), ("widget", "Embedding")];
    if let Some((_, tag)) = theirs.iter().find(|(caller, _)| *caller == name) {
        python.args(["--include-tag", tag]);
    }
    if let Some(Credentials { name, value }) = who {
        python.args(["--header", &format!("{name}: {value}")]);
    }
    // The server is on this machine, whatever stands between it and the world.
    python.env("NO_PROXY", "127.0.0.1").env("NO_COLOR", "1").current_dir(folder);
    let output = python.stdin(Stdio::null()).output().await.unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        let error = String::from_utf8_lossy(&output.stderr);
        return Err(format!("as {name}:\n{told}\n{error}"));
    }
    let report: Value = serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap();
    Ok(calls(&report).unwrap_or_else(|| panic!("how many calls? {report}")))
}

/// Also where the output of tests that pass is not shown.
fn say(what: &str) {
    let line = format!("schemathesis: {what}\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}

fn calls(report: &Value) -> Option<u64> {
    report["test_cases"]["generated"].as_u64()
}

#[tokio::test]
async fn nobody_gets_an_undocumented_answer_whatever_they_send() {
    let stage = Stage::set().await;
    let asked = stage.asked().await;
    stage.used(&asked).await;
    let document = with_ids(&stage, &asked).await;
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("openapi.json");
    std::fs::write(&path, document.to_string()).unwrap();
    let mut wrong = Vec::new();
    let mut callers = Vec::new();
    // Whoever may the most comes last: they leave the least as it was.
    for (name, email) in [
        ("client user", "amelia.finch@calderfinch.example"),
        ("viewer", "theo@northwind-media.example"),
        ("billing manager", "mara@northwind-media.example"),
    ] {
        callers.push((name, Some(stage.demo.sign_in(email).await)));
    }
    let link = Credentials {
        name: "Authorization",
        value: format!("Bearer {}", stage.link(&asked).await),
    };
    let widget = Credentials {
        name: "Authorization",
        value: format!("Bearer {}", stage.embed_token().await),
    };
    callers.push(("link", Some(link)));
    callers.push(("widget", Some(widget)));
    callers.push(("API key", Some(stage.demo.machine())));
    callers.push(("nobody", None));
    callers.push(("owner", Some(stage.demo.sign_in("robin@northwind-media.example").await)));
    for (name, credentials) in &callers {
        match call(&stage, folder.path(), &path, credentials.as_ref(), name).await {
            Ok(calls) => say(&format!("{calls} calls as {name}")),
            Err(why) => wrong.push(why),
        }
        // Whoever called is still who they were: the answers were not all 401.
        if let Some(cookie) = credentials.as_ref().filter(|one| one.name == "Cookie") {
            stage.demo.get(cookie, "/me").await;
        }
    }
    for (operation, why) in SKIPPED {
        say(&format!("{operation} is not called: {why}"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
