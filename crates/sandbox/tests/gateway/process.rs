use std::{
    io::{BufRead, BufReader},
    process::Stdio,
    time::Duration,
};

use serde_json::Value;

use crate::support::{Gateway, command};

#[test]
fn it_says_where_it_is_and_ends_with_its_parent() {
    let mut child = command()
        .args(["--json", "--exit-with-stdin", "--secret-key", "sk_test_mine"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let announced: Value = serde_json::from_str(&line).unwrap();
    let url = announced["url"].as_str().unwrap();
    assert!(url.starts_with("http://127.0.0.1:"));
    assert_eq!(announced["secret_key"], "sk_test_mine");
    assert_eq!(announced["publishable_key"], "pk_test_sandbox");
    assert_eq!(announced["script_url"], format!("{url}/stripe.js"));
    drop(child.stdin.take());
    let ended = (0..100).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        child.try_wait().unwrap().is_some()
    });
    assert!(ended, "it outlived its standard input");
}

#[test]
fn what_it_cannot_mean_is_refused_at_the_start() {
    for arguments in [
        &["--listen", "0.0.0.0:0"][..],
        &["--listen", "somewhere"],
        &["--secret-key", "sk_live_1"],
        &["--secret-key", "pk_test_1"],
        &["--seed"],
        &["--fast"],
    ] {
        let output = command().args(arguments).stdin(Stdio::null()).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(String::from_utf8(output.stderr).unwrap().contains("usage:"));
    }
}

#[tokio::test]
async fn a_seed_makes_the_same_ids_again() {
    let mut ids = Vec::new();
    for _ in 0..2 {
        let gateway = Gateway::start();
        let customer = gateway.customer().await;
        ids.push((gateway.pay(&customer, "4242424242424242").await.id(), customer));
    }
    assert_eq!(ids[0], ids[1]);
}
