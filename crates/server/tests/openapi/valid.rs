//! The document as others judge it: OpenAPI's own rules, and its examples by its own schemas.

use std::process::Stdio;

use tokio::{io::AsyncWriteExt as _, process::Command};

#[tokio::test]
async fn the_document_is_openapi_and_its_examples_are_what_its_schemas_say() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/openapi_valid.py");
    let mut python = Command::new(super::python())
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let document = server::http::openapi::text();
    python.stdin.take().unwrap().write_all(document.as_bytes()).await.unwrap();
    let output = python.wait_with_output().await.unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    let told = String::from_utf8(output.stdout).unwrap();
    println!("{}", told.trim_end());
    let examples: usize = told.split_whitespace().next().unwrap().parse().unwrap();
    assert!(examples > 300, "{told}");
}

#[tokio::test]
async fn the_command_line_prints_the_document_that_is_kept() {
    let sluice = Command::new(env!("CARGO_BIN_EXE_sluice")).arg("openapi").output();
    let printed = String::from_utf8(sluice.await.unwrap().stdout).unwrap();
    let kept = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
    assert!(printed == std::fs::read_to_string(kept).unwrap(), "docs/openapi.json is another one");
}
