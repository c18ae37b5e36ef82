//! The settings of a running server, after flags and environment have been read.

pub mod judge;

use std::time::Duration;

use ipnet::IpNet;

/// A string that must not be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// How the gateway is reached.
#[derive(Clone, Debug)]
pub struct GatewayConfig {
    /// Base of the API, without a slash at the end: `https://api.stripe.com`, or a sandbox.
    pub api_url: String,
    /// The script with the card fields: `https://js.stripe.com/endive/stripe.js`, or a sandbox's.
    pub script_url: String,
    /// May move money.
    pub secret_key: Secret,
    /// May only make tokens.
    pub publishable_key: String,
    /// What webhooks are signed with.
    pub webhook_secret: Secret,
}

/// What only a demo has.
#[derive(Clone, Debug)]
pub struct DemoConfig {
    /// Whoever knows it is signed in as the demo agency's owner.
    pub sign_in_token: Secret,
}

/// How often somebody may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// After a rest.
    pub at_once: u32,
    /// And so many more with each second.
    pub per_second: u32,
}

impl Rate {
    /// Ten seconds' worth at once.
    pub const fn per_second(per_second: u32) -> Self {
        Self { at_once: per_second.saturating_mul(10), per_second }
    }
}

/// How often who may ask, and what a session has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Each address, without credentials or with dead ones.
    pub peer: Rate,
    /// Each person and each API key.
    pub caller: Rate,
    /// All of an agency together.
    pub agency: Rate,
    /// Connections of one address at the same time. A proxy that is trusted speaks for many, and may have all.
    pub connections: usize,
    /// How long a session may go unused before it is over.
    pub session_idle: Duration,
    /// Whether people of agencies who have shown a password alone may do nothing but set up a second factor.
    pub second_factor: bool,
}

impl Limits {
    /// Far above what people and their programs do, far below what one of them could do to the others.
    pub const STANDARD: Self = Self {
        peer: Rate::per_second(100),
        caller: Rate::per_second(500),
        agency: Rate::per_second(2_000),
        connections: 1_024,
        session_idle: Duration::from_secs(72 * 60 * 60),
        second_factor: false,
    };
}

/// An OpenID provider that people may sign in with.
#[derive(Clone, Debug)]
pub struct OidcConfig {
    /// Who it is, as it calls itself: `https://accounts.example`.
    pub issuer: String,
    /// Who we are to it.
    pub client_id: String,
    /// How it knows that we are.
    pub client_secret: Secret,
    /// What people call it.
    pub label: String,
}

/// The settings.
#[derive(Clone, Debug)]
pub struct Config {
    /// What stands before every link, without a slash at the end: `https://billing.example`.
    pub public_url: String,
    /// The gateway.
    pub gateway: GatewayConfig,
    /// The address that mail comes from.
    pub mail_from: String,
    /// Present in a demo only.
    pub demo: Option<DemoConfig>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// How often who may ask.
    pub limits: Limits,
    /// Whom people may sign in with, beside their password.
    pub oidc: Option<OidcConfig>,
}

impl Config {
    /// Served over TLS: cookies are `Secure` and HSTS is sent.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// Against a sandbox or with test keys: no real money moves.
    pub fn is_test_mode(&self) -> bool {
        self.gateway.publishable_key.starts_with("pk_test_")
    }
}
