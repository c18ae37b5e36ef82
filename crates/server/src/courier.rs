//! The courier: carries signed messages to endpoints that people of agencies named, by the rules of Standard Webhooks.
//!
//! Whoever can name an address can name one inside our own network: [`address`] says where messages may go, and it is asked about
//! the very address that is connected to. No redirect is followed, little of an answer is read, nothing of it is kept.

pub mod address;
mod signature;

use std::{net::IpAddr, sync::Arc, time::Duration};

use billing::{MessageId, Timestamp};
use reqwest::{
    Client, StatusCode,
    dns::{Addrs, Name, Resolve, Resolving},
    header::{CONTENT_TYPE, RETRY_AFTER},
    redirect::Policy,
};

use crate::config::Secret;
use address::{Reach, UrlError};

/// The longest that an endpoint may take to answer (the standard suggests 15 to 30 s).
const ANSWER_WITHIN: Duration = Duration::from_secs(15);
/// How much of an answer is read, in bytes: enough to use the connection again after an ordinary one.
const ANSWER_MAX_BYTES: usize = 4 * 1024;
/// The longest that an endpoint may ask us to wait.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(24 * 60 * 60);

/// What is carried.
#[derive(Clone, Debug)]
pub struct Parcel<'a> {
    /// The same for every try.
    pub id: MessageId,
    /// Where to.
    pub url: &'a str,
    /// What it is signed with.
    pub secret: &'a Secret,
    /// What it says, JSON.
    pub body: &'a str,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It has arrived.
    Taken,
    /// Nobody wants anything there any more.
    Gone,
    /// It has not arrived, or nobody knows.
    Failed {
        /// Why.
        error: String,
        /// How long the endpoint asks us to wait.
        retry_after: Option<Duration>,
    },
}

impl Answer {
    fn failed(error: impl Into<String>) -> Self {
        Self::Failed { error: error.into(), retry_after: None }
    }
}

/// Why there is no courier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the HTTP client for webhooks cannot be set up")]
pub struct SetupError;

/// Carries messages. Cheap to clone, keeps its connections.
#[derive(Clone, Debug)]
pub struct Courier {
    client: Client,
    reach: Reach,
}

impl Courier {
    /// One that goes as far as this.
    ///
    /// # Errors
    /// [`SetupError`] when TLS cannot be set up.
    pub fn new(reach: Reach) -> Result<Self, SetupError> {
        Self::with_patience(reach, ANSWER_WITHIN)
    }

    /// The same with another time-out.
    ///
    /// # Errors
    /// [`SetupError`] when TLS cannot be set up.
    pub fn with_patience(reach: Reach, answer_within: Duration) -> Result<Self, SetupError> {
        let client = Client::builder()
            .user_agent(concat!("Sluice/", env!("CARGO_PKG_VERSION")))
            .timeout(answer_within)
            .redirect(Policy::none())
            .dns_resolver(Arc::new(Resolver(reach)))
            // A proxy would look names up by itself, and connect to what it finds.
            .no_proxy()
            .build()
            .map_err(|_| SetupError)?;
        Ok(Self { client, reach })
    }

    /// An endpoint's address, as it will be used.
    ///
    /// # Errors
    /// [`UrlError`] when no message may go there.
    pub fn checked(&self, url: &str) -> Result<String, UrlError> {
        address::parse(url, self.reach).map(String::from)
    }

    /// Carries one message. Only a 2xx says that it has arrived.
    pub async fn carry(&self, parcel: &Parcel<'_>, now: Timestamp) -> Answer {
        // The settings may have become stricter since the endpoint was added.
        let url = match address::parse(parcel.url, self.reach) {
            Ok(url) => url,
            Err(error) => return Answer::failed(error.to_string()),
        };
        let (id, timestamp) = (parcel.id.to_string(), now.seconds().to_string());
        let signature = signature::sign(parcel.secret, &id, &timestamp, parcel.body);
        let Some(signature) = signature else {
            return Answer::failed("the endpoint's secret cannot be read");
        };
        let request = self
            .client
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signature)
            .body(parcel.body.to_owned());
        let mut answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) => return Answer::failed(lost(&error)),
        };
        let status = answer.status();
        let wait = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        let wait = wait.and_then(|text| text.trim().parse().ok()).map(Duration::from_secs);
        let mut read = 0;
        while read < ANSWER_MAX_BYTES
            && let Ok(Some(chunk)) = answer.chunk().await
        {
            read += chunk.len();
        }
        match status {
            StatusCode::GONE => Answer::Gone,
            status if status.is_success() => Answer::Taken,
            status => Answer::Failed {
                error: format!("it answered {}", status.as_u16()),
                retry_after: wait.map(|wait| wait.min(RETRY_AFTER_MAX)),
            },
        }
    }
}

/// Why there is no answer, without the words of the network, which may tell of ours.
fn lost(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "it did not answer in time"
    } else if error.is_connect() {
        "it cannot be reached"
    } else {
        "the connection was lost"
    }
}

/// Finds the addresses of a name, and forgets those that are out of reach.
struct Resolver(Reach);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<_> = found.filter(|address| reach.includes(address.ip())).collect();
            if allowed.is_empty() {
                return Err("no address within reach".into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

impl Reach {
    /// Whether this address may be connected to.
    fn includes(self, address: IpAddr) -> bool {
        self == Self::Everywhere || address::is_public(address)
    }
}
