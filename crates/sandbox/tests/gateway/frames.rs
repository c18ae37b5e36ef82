use std::process::Command;

use reqwest::Method;

use crate::support::{Gateway, send};

#[tokio::test]
async fn the_script_is_served_under_every_name_it_has_had() {
    let gateway = Gateway::start();
    for path in ["/stripe.js", "/endive/stripe.js", "/v3/"] {
        let script = send(gateway.request(Method::GET, path)).await;
        assert_eq!(script.status, 200, "{path}");
        assert_eq!(script.headers["content-type"], "text/javascript; charset=utf-8");
        assert!(script.body.as_str().unwrap().contains("window.Stripe"));
    }
}

#[tokio::test]
async fn the_frames_allow_nothing_but_their_own_files() {
    let gateway = Gateway::start();
    for path in ["/elements/card", "/elements/challenge", "/elements/controller"] {
        let frame = send(gateway.request(Method::GET, path)).await;
        let policy = frame.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        let html = frame.body.as_str().unwrap();
        for banned in [" style=", "<style", " onclick=", "javascript:", "http://", "https://"] {
            assert!(!html.contains(banned), "{path} has {banned}");
        }
        for name in html.split('"').filter(|word| word.starts_with("/elements/")) {
            assert_eq!(send(gateway.request(Method::GET, name)).await.status, 200, "{name}");
        }
    }
    let nothing = send(gateway.request(Method::GET, "/elements/none")).await;
    assert_eq!(nothing.status, 404);
}

/// The pure part of the card frame, run by Node as a browser would.
#[test]
fn what_is_typed_is_written_and_checked_as_on_a_card() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/format.mjs");
    let output = Command::new("node").arg(script).output().expect("Node.js is needed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
