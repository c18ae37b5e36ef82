//! Every route of the router's table, asked for by everybody, for what is theirs, another agency's, and nobody's. What each
//! should hear follows from what the route needs, by rule: a route that is added is in here by itself.

use std::io::Write as _;

use axum::http::Method;
use billing::access::{KeyScope, Right, Role, may};
use serde_json::Value;
use server::http::{
    gate::Needs,
    routes::{Route, table},
};

use crate::{
    support::Answer,
    world::{Asks, World},
};

/// Whose the object is that a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    Own,
    Other,
    Absent,
}

/// What should come of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    /// The handler's own answer: not a refusal of whoever asks.
    LetIn,
    Refused(u16),
}

/// Parameters that name an object of an agency's.
const OBJECTS: [&str; 5] = ["{account}", "{endpoint}", "{person}", "{key}", "{session}"];

fn names_an_object(route: &Route) -> bool {
    OBJECTS.iter().any(|object| route.path.contains(object))
}

fn expected(route: &Route, asks: Asks, whose: Whose) -> Expected {
    use Expected::{LetIn, Refused};
    let is_key = matches!(asks, Asks::Key | Asks::OtherKey | Asks::RevokedKey);
    let right = match route.needs {
        Needs::Nothing => return LetIn,
        // A key is no link's token.
        Needs::Link => return Refused(if is_key { 404 } else { 401 }),
        // Nobody here is a widget.
        Needs::Embedded => return Refused(401),
        Needs::Right(right) => right,
    };
    let has_it = match asks {
        Asks::Nobody | Asks::DeadSession | Asks::RevokedKey => return Refused(401),
        Asks::Person(_) if matches!(right, Right::SendUsage | Right::MintEmbedded) => {
            return Refused(401);
        }
        Asks::Person(role) => may(role, right),
        Asks::Key => right.scope().is_some(),
        Asks::OtherKey => right.scope() == Some(KeyScope::EmbedMint),
    };
    let theirs = match asks {
        // Of what is not an account's a client user knows nothing.
        Asks::Person(Role::Client) => {
            !["{endpoint}", "{person}", "{key}"].iter().any(|object| route.path.contains(object))
        }
        // A key has no sessions.
        Asks::Key | Asks::OtherKey => !route.path.contains("{session}"),
        _ => true,
    };
    match (names_an_object(route), whose) {
        (true, Whose::Other | Whose::Absent) => Refused(404),
        (true, Whose::Own) if !theirs => Refused(404),
        _ if has_it => LetIn,
        _ => Refused(403),
    }
}

/// What routes that need nothing answer to a request without sense.
fn open_answer(route: &Route) -> &'static [u16] {
    match (route.method.as_str(), route.path.trim_start_matches("/api/v1")) {
        ("POST", "/session") => &[401],
        ("DELETE", "/session") => &[204],
        ("POST", "/invitations/open" | "/invitations/accept" | "/password-resets/accept")
        | ("POST", "/pay/open")
        | ("GET", "/assets/{*path}" | "/brand/{*path}" | "/demo/sign-in" | "/demo/mailbox/{id}")
        | ("GET", "/demo/mailbox/{id}/html") => &[404],
        ("POST", "/password-resets" | "/balance/links") => &[202],
        ("POST", "/webhooks/stripe") => &[400],
        ("POST", "/csp-reports") => &[204],
        // Nobody has named an OpenID provider.
        ("GET", "/session/oidc" | "/session/oidc/callback" | "/sign-in/oidc") => &[404],
        ("GET", "/favicon.ico") => &[200, 404],
        ("GET", _) => &[200],
        other => panic!("what does {other:?} answer to anybody?"),
    }
}

/// An error without what differs from answer to answer.
fn words(answer: &Answer) -> Value {
    let mut json = answer.json();
    json.as_object_mut().unwrap().remove("request_id");
    json
}

#[tokio::test]
async fn everybody_hears_what_the_table_says() {
    let world = World::make("NORTH", "TIDE").await;
    let routes = table(true);
    let (mut asked, mut let_in) = (0, 0);
    for route in &routes {
        for asks in Asks::ALL {
            let mut absent_words = None;
            let all = [Whose::Absent, Whose::Other, Whose::Own];
            let targets = if names_an_object(route) { &all[..] } else { &all[2..] };
            for whose in targets {
                let what = format!("{} {} by {asks:?}, {whose:?}", route.method, route.path);
                let ids = match whose {
                    Whose::Own => world.ids(route, &world.own, asks).await,
                    Whose::Other => world.ids(route, &world.other, asks).await,
                    Whose::Absent => World::absent(),
                };
                let request = world.request(asks, route, &ids).await;
                let before = world.fingerprint().await;
                let rule = expected(route, asks, *whose);
                asked += 1;
                if route.path.ends_with("/changes") && rule == Expected::LetIn {
                    // It does not end.
                    assert_eq!(world.server.open(request).await.status(), 200, "{what}");
                    let_in += 1;
                    continue;
                }
                let answer = world.server.send(request).await;
                let status = answer.status.as_u16();
                match rule {
                    Expected::Refused(refused) => {
                        assert_eq!(status, refused, "{what}: {answer:?}");
                        assert_eq!(world.fingerprint().await, before, "{what} changes something");
                    }
                    Expected::LetIn if route.needs == Needs::Nothing => {
                        assert!(open_answer(route).contains(&status), "{what}: {answer:?}");
                    }
                    Expected::LetIn => {
                        let_in += 1;
                        // There is no gateway here to ask about a card.
                        let no_gateway = status == 503 && route.path.ends_with("/agency/cards");
                        let no = [401, 403, 404, 405].contains(&status)
                            || (status >= 500 && !no_gateway);
                        assert!(!no, "{what}: {answer:?}");
                        let reads = route.method != Method::GET || status == 200;
                        assert!(reads, "{what}: {answer:?}");
                    }
                }
                match whose {
                    Whose::Absent => absent_words = Some(words(&answer)),
                    Whose::Other => {
                        assert_eq!(
                            Some(words(&answer)),
                            absent_words,
                            "{what} tells that it is there"
                        );
                    }
                    Whose::Own => {}
                }
            }
        }
    }
    let callers = Asks::ALL.len();
    let count = routes.len();
    say(&format!(
        "access matrix: {count} routes, {callers} callers, {asked} requests, {let_in} let in by a right"
    ));
    assert!(asked > 1_000 && let_in > 100, "{asked} {let_in}");
    // Nothing that is documented was left out.
    let document = server::http::openapi::document();
    let mut documented = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let is = |route: &&Route| {
                route.path == *path && route.method.as_str() == method.to_uppercase()
            };
            assert!(routes.iter().any(|route| is(&route)), "{method} {path} is not in the matrix");
            documented += 1;
        }
    }
    say(&format!("access matrix: {documented} operations of the OpenAPI document, all asked for"));
    assert!(documented > 60, "{documented}");
}

/// Past the capture of the test harness: the size of the matrix is to be seen when all is well, too.
fn say(line: &str) {
    std::io::stderr().write_all(format!("{line}\n").as_bytes()).unwrap();
}
