//! A real server process, driven by OpenMeter's own client as others published it.
//!
//! `SLUICE_PYTHON` names a Python that has what `requirements.txt` says; `cargo xtask test` makes one.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    missing_docs,
    reason = "a test that cannot go on has failed; the support files serve several suites"
)]

#[path = "support/database.rs"]
mod database;
#[path = "support/process.rs"]
mod process;

use std::process::Stdio;

use billing::{Currency, Money};
use process::House;
use serde_json::{Value, json};
use server::deps::{Clock as _, SystemClock};
use tokio::process::Command;

#[tokio::test]
async fn openmeters_client_works_by_changing_its_url() {
    let Some(python) = std::env::var_os("SLUICE_PYTHON") else {
        panic!(
            "SLUICE_PYTHON is not set: it names a Python with crates/server/tests/requirements.txt \
             installed (python3 -m venv V && V/bin/pip install -r …; SLUICE_PYTHON=V/bin/python)"
        );
    };
    let house = House::build().await;
    let server = house.serve().await;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/openmeter_client.py");
    let now = SystemClock.now().to_string().replace('Z', "+00:00");
    let output = Command::new(python)
        .args([script, &server.url, &house.key, &now])
        // The server is on this machine, whatever stands between it and the world.
        .env("NO_PROXY", "127.0.0.1")
        .stdin(Stdio::null())
        .output()
        .await
        .unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{error}");
    let answers: Value = serde_json::from_slice(&output.stdout).unwrap();
    let expected = json!({
        "one": 204,
        "one again": 204,
        "one, but other": 409,
        "a batch": 204,
        "the batch again": 204,
        "too large a batch": 413,
        "a batch with a mistake": 422,
        "an unknown subject": 422,
        "with a price": 204,
        "without a time": 204,
        "without a living key": 401,
        "binary": 204,
        "structured": 204,
    });
    assert_eq!(answers, expected, "{error}");
    // One, a thousand, the one with a price of its own and the one in two modes cost 2.00; the one without a time 1.00.
    let balance = Money::from_micros(-(2 * 1_003 + 1) * 1_000_000, Currency::Usd);
    assert_eq!(house.books().await, (1_004, balance));
    server.kill().await;
    house.assert_sound().await;
}
