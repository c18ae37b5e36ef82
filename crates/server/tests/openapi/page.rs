//! The page for people.

use std::collections::BTreeSet;

use super::demo::Demo;

#[tokio::test]
async fn the_page_shows_every_operation_and_loads_nothing_from_elsewhere() {
    let demo = Demo::start().await;
    let (headers, html) = demo.page("/api/docs").await;
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'self'; img-src 'self';"),
        "{policy}"
    );
    assert!(!policy.contains("script"), "{policy}");
    assert!(!html.contains("<script") && !html.contains("style=\""), "a script or a style");
    let document = demo.document().await;
    let ids: BTreeSet<&str> =
        html.split("id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let mut shown = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(ids.contains(id), "{method} {path} is not shown");
            shown += 1;
        }
    }
    assert!(shown > 60, "{shown}");
    let links = html.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    for link in links {
        match link.strip_prefix('#') {
            Some(id) => assert!(ids.contains(id), "{link} leads nowhere on the page"),
            None => {
                assert!(link.starts_with('/') && !link.starts_with("//"), "{link} leads elsewhere")
            }
        }
    }
    let (headers, style) = demo.page("/api/docs.css").await;
    assert_eq!(headers["content-type"], "text/css; charset=utf-8");
    assert!(!style.contains("url("), "a style that loads something");
}
