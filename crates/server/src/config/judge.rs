//! Settings that can be read but must not be meant: weak or mixed-up keys, links in the clear, a live installation with test
//! keys. `sluice serve` refuses them, `sluice doctor` says what to do.

use std::{collections::BTreeSet, net::IpAddr};

use url::{Host, Url};

use super::GatewayConfig;

/// The fewest characters of a secret after its prefix (Stripe's have 24 and more).
const SECRET_MIN_CHARS: usize = 16;
/// The fewest different ones among them.
const SECRET_MIN_KINDS: usize = 8;

/// What is judged.
#[derive(Clone, Copy, Debug)]
pub struct Settings<'a> {
    /// The gateway.
    pub gateway: &'a GatewayConfig,
    /// What stands before every link.
    pub public_url: &'a str,
    /// Somebody said that real money is meant.
    pub is_live: bool,
    /// Mail leaves this machine.
    pub sends_mail: bool,
}

/// Something that must not be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What it is about: keys, webhook, URL or mail.
    pub about: About,
    /// What is wrong, with the setting's name. Never a secret.
    pub wrong: String,
    /// What to do.
    pub remedy: &'static str,
}

/// What a setting is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// The gateway's keys.
    Keys,
    /// The gateway's webhook.
    Webhook,
    /// What stands before every link.
    PublicUrl,
    /// The mail server.
    Mail,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}. {}", self.wrong, self.remedy)
    }
}

/// Whether a key moves real money, by its prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Real money.
    Live,
    /// None.
    Test,
}

/// The mode of a key with one of these first parts (`sk`, `rk`, `pk`); none if it is no such key.
pub fn mode(key: &str, kinds: &[&str]) -> Option<Mode> {
    let (kind, rest) = key.split_once('_')?;
    let (mode, rest) = rest.split_once('_')?;
    if !kinds.contains(&kind) || rest.is_empty() {
        return None;
    }
    match mode {
        "live" => Some(Mode::Live),
        "test" => Some(Mode::Test),
        _ => None,
    }
}

/// Everything that must not be meant, the gravest first.
pub fn problems(settings: &Settings<'_>) -> Vec<Problem> {
    let mut found = Vec::new();
    keys(settings, &mut found);
    webhook(settings, &mut found);
    public_url(settings, &mut found);
    if settings.is_live && !settings.sends_mail {
        found.push(Problem {
            about: About::Mail,
            wrong: "SLUICE_MAIL_URL is not set, so that letters reach nobody".to_owned(),
            remedy: "Name a mail server, or leave out --live.",
        });
    }
    found
}

fn keys(settings: &Settings<'_>, found: &mut Vec<Problem>) {
    let mut add = |wrong: &str, remedy| {
        found.push(Problem { about: About::Keys, wrong: wrong.to_owned(), remedy })
    };
    let (secret, publishable) = (&settings.gateway.secret_key.0, &settings.gateway.publishable_key);
    let (ours, theirs) = (mode(secret, &["sk", "rk"]), mode(publishable, &["pk"]));
    if mode(publishable, &["sk", "rk"]).is_some() {
        add(
            "SLUICE_STRIPE_PUBLISHABLE_KEY is a secret key, and every browser would be told it",
            "Put the key that begins with pk_ there, and replace the secret one: it may have been seen.",
        );
    } else if theirs.is_none() {
        add(
            "SLUICE_STRIPE_PUBLISHABLE_KEY is no publishable key",
            "It begins with pk_test_ or pk_live_.",
        );
    }
    if ours.is_none() {
        add(
            "SLUICE_STRIPE_SECRET_KEY is no secret key",
            "It begins with rk_test_, rk_live_, sk_test_ or sk_live_.",
        );
    }
    if ours.is_some() && theirs.is_some() && ours != theirs {
        add(
            "one of the gateway's two keys is a test key, and the other is not",
            "Take both from the same page of the gateway's dashboard.",
        );
    }
    if is_real(settings.gateway) && (is_weak(secret) || is_weak(publishable)) {
        add(
            "a key of the gateway's is a stand-in, not a key",
            "Copy both keys whole from the gateway's dashboard.",
        );
    }
    match (settings.is_live, ours) {
        (true, Some(Mode::Test)) => add(
            "--live is set, and the gateway's keys are test keys",
            "Put the live keys there, or leave out --live.",
        ),
        (false, Some(Mode::Live)) => add(
            "the gateway's keys move real money, and --live is not set",
            "Say --live (SLUICE_LIVE=true) when real money is meant; else take the test keys.",
        ),
        _ => {}
    }
}

fn webhook(settings: &Settings<'_>, found: &mut Vec<Problem>) {
    let secret = &settings.gateway.webhook_secret.0;
    let wrong = if !secret.starts_with("whsec_") {
        "SLUICE_STRIPE_WEBHOOK_SECRET is no webhook's secret: it begins with whsec_"
    } else if is_real(settings.gateway) && is_weak(secret) {
        "SLUICE_STRIPE_WEBHOOK_SECRET is a stand-in, and whoever guesses it can tell of payments"
    } else {
        return;
    };
    let remedy = "Copy the signing secret of the endpoint from the gateway's dashboard.";
    found.push(Problem { about: About::Webhook, wrong: wrong.to_owned(), remedy });
}

fn public_url(settings: &Settings<'_>, found: &mut Vec<Problem>) {
    let given = settings.public_url;
    let mut add = |wrong, remedy| found.push(Problem { about: About::PublicUrl, wrong, remedy });
    let Ok(url) = Url::parse(given) else {
        return add(format!("the public URL {given} is none"), "Say --public-url https://HOST.");
    };
    if url.scheme() != "https" && !is_loopback(&url) {
        add(
            format!(
                "the public URL {given} is not encrypted: links, sign-ins and cards' pages could be read on the way"
            ),
            "Put a proxy with TLS before the server, and say --public-url https://HOST.",
        );
    } else if settings.is_live && is_loopback(&url) {
        add(
            format!(
                "the public URL {given} leads to this machine alone, and customers get links to it"
            ),
            "Say --public-url https://HOST, or leave out --live.",
        );
    }
}

/// The gateway itself, not a sandbox on a line in the clear.
fn is_real(gateway: &GatewayConfig) -> bool {
    gateway.api_url.starts_with("https://")
}

/// Too short for a secret that nobody guesses, or nearly the same character throughout.
fn is_weak(secret: &str) -> bool {
    let rest = secret.rsplit('_').next().unwrap_or_default();
    let kinds: BTreeSet<char> = rest.chars().collect();
    rest.chars().count() < SECRET_MIN_CHARS || kinds.len() < SECRET_MIN_KINDS
}

/// Whether this leads no further than this machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => IpAddr::from(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::from(ip).is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests;
