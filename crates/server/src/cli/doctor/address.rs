//! What the world reaches us by: the public URL, and the gateway's way to our webhook behind it.

use std::time::Duration;

use reqwest::{Client, Response, redirect::Policy};
use url::Url;

use super::finding::Finding;
use crate::config::judge::{Problem, is_loopback};

/// The longest that an answer may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// What to do when nobody is there.
const REACH_IT: &str = "Start the server; else look at the name's address, the proxy before the server and its certificate.";

/// Whether the server is there, by its public URL.
pub async fn public_url(url: &str, problems: impl Iterator<Item = &Problem>) -> Finding {
    const SUBJECT: &str = "public URL";
    if let Some(problem) = problems.into_iter().next() {
        return Finding::of(SUBJECT, problem);
    }
    let asked = match client(url) {
        Ok(client) => client.get(format!("{url}/readyz")).send().await,
        Err(error) => Err(error),
    };
    match asked {
        Ok(answer) if answer.status().is_success() => {
            Finding::fine(SUBJECT, format!("{url} answers and is ready"))
        }
        Ok(answer) => {
            let detail = format!("{url}/readyz answers {}", answer.status().as_u16());
            Finding::wrong(SUBJECT, detail, REACH_IT)
        }
        Err(error) => Finding::wrong(SUBJECT, format!("{url}: {}", why(&error)), REACH_IT),
    }
}

/// Whether the secret looks like one, and the endpoint is there: it refuses what nobody signed.
pub async fn webhook(url: &str, problems: impl Iterator<Item = &Problem>) -> Finding {
    const SUBJECT: &str = "webhook";
    if let Some(problem) = problems.into_iter().next() {
        return Finding::of(SUBJECT, problem);
    }
    let endpoint = endpoint(url);
    let asked = match client(url) {
        Ok(client) => client.post(&endpoint).send().await,
        Err(error) => Err(error),
    };
    match asked {
        Ok(answer) => match told(answer).await {
            (400, code) if code == "bad_signature" => Finding::fine(
                SUBJECT,
                format!("{endpoint} takes events that are signed, and no other"),
            ),
            (status, _) => Finding::wrong(
                SUBJECT,
                format!("{endpoint} answers {status}, which is not how Sluice answers"),
                "Let the proxy pass this path on unchanged.",
            ),
        },
        Err(error) => Finding::wrong(SUBJECT, format!("{endpoint}: {}", why(&error)), REACH_IT),
    }
}

/// Where the gateway's events are taken in, behind a public URL.
pub fn endpoint(url: &str) -> String {
    format!("{url}/api/v1/webhooks/stripe")
}

/// Whether this machine alone can reach it.
pub fn is_here(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| is_loopback(&url))
}

fn client(url: &str) -> reqwest::Result<Client> {
    let client = Client::builder()
        .user_agent(concat!("Sluice/", env!("CARGO_PKG_VERSION")))
        .timeout(ANSWER_WITHIN)
        .redirect(Policy::none());
    if is_here(url) { client.no_proxy() } else { client }.build()
}

/// The status, and the code of the problem that was told.
async fn told(answer: Response) -> (u16, String) {
    let status = answer.status().as_u16();
    let body = answer.bytes().await.unwrap_or_default();
    let problem: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    let code = problem.get("code").and_then(serde_json::Value::as_str);
    (status, code.unwrap_or_default().to_owned())
}

fn why(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "nobody answered in time"
    } else if error.is_connect() {
        "nobody is there, or their certificate is not trusted"
    } else {
        "the connection was lost"
    }
}
