//! What a server is told: `serve`, and `doctor`, which looks at the same.

use std::{net::SocketAddr, path::PathBuf};

use billing::text::Name;
use clap::Args as Arguments;

use super::EmailAddressArg;
use crate::{cli::network::Network, config::Limits};

const SERVE_HELP: &str = "\
Secrets are variables, or files named by the variable with _FILE:
  SLUICE_STRIPE_SECRET_KEY      may move money
  SLUICE_STRIPE_WEBHOOK_SECRET  what the gateway signs its events with
  SLUICE_MAIL_URL               smtp://user:password@host:port (or smtps://); without it mail stays in the database
  SLUICE_OIDC_CLIENT_SECRET     what the OpenID provider knows this server by
Live keys need --live, and docs/going-live.md lists every variable; `sluice doctor` checks them.
SLUICE_LOG chooses what is logged: error, warn, info, debug. SLUICE_LOG_FORMAT=json writes one JSON object a line.";

pub(super) const DOCTOR_HELP: &str = "\
It reads the same options and variables as `sluice serve`, changes nothing, and is best run beside the running server, with
its environment. Exits with 1 when there is something to do.";

#[derive(Arguments, Debug)]
#[command(after_help = SERVE_HELP)]
pub struct ServeArgs {
    /// A fresh demo with a sandbox gateway and a mailbox beside it; no real money, no real mail
    #[arg(long, env = "SLUICE_DEMO")]
    pub demo: bool,
    /// Real money is meant: refuse anything but live keys, a public https URL and a mail server. Live keys need it
    #[arg(long, env = "SLUICE_LIVE", conflicts_with = "demo")]
    pub live: bool,
    /// Where to listen [default: 127.0.0.1:8080]
    #[arg(long, env = "SLUICE_LISTEN", value_name = "ADDR")]
    pub listen: Option<SocketAddr>,
    /// What stands before every link [default: http://ADDR]
    #[arg(long, env = "SLUICE_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Print one line of JSON once listening
    #[arg(long, env = "SLUICE_JSON")]
    pub json: bool,
    /// The address that mail comes from
    #[arg(long, env = "SLUICE_MAIL_FROM", value_name = "ADDRESS")]
    pub mail_from: Option<EmailAddressArg>,
    /// Certificates of the authorities, in PEM, that vouch for the mail server, in place of the public ones
    #[arg(long, env = "SLUICE_MAIL_CA_FILE", value_name = "FILE")]
    pub mail_ca_file: Option<PathBuf>,
    #[command(flatten)]
    pub gateway: GatewayArgs,
    /// Proxies before this server, as networks like 10.0.0.0/8 or addresses, with commas between: whom they name in
    /// X-Forwarded-For is believed
    #[arg(long, env = "SLUICE_TRUSTED_PROXIES", value_name = "NETWORKS", value_delimiter = ',')]
    pub trusted_proxies: Vec<Network>,
    /// Requests a second from one address, without credentials or with dead ones; ten times as many at once
    #[arg(long, env = "SLUICE_RATE_PEER", value_name = "NUMBER", default_value_t = Limits::STANDARD.peer.per_second)]
    pub rate_peer: u32,
    /// Requests a second of one person or API key, but for usage
    #[arg(long, env = "SLUICE_RATE_CALLER", value_name = "NUMBER", default_value_t = Limits::STANDARD.caller.per_second)]
    pub rate_caller: u32,
    /// Requests a second of all of one agency together, but for usage
    #[arg(long, env = "SLUICE_RATE_AGENCY", value_name = "NUMBER", default_value_t = Limits::STANDARD.agency.per_second)]
    pub rate_agency: u32,
    /// Connections of one address at the same time, unless it is such a proxy
    #[arg(long, env = "SLUICE_CONNECTIONS_PEER", value_name = "NUMBER", default_value_t = Limits::STANDARD.connections)]
    pub connections_peer: usize,
    /// After so many hours without use a session is over; after 14 days it is in any case
    #[arg(
        long, env = "SLUICE_SESSION_IDLE_HOURS", value_name = "NUMBER",
        default_value_t = Limits::STANDARD.session_idle.as_secs() / 3600,
        value_parser = clap::value_parser!(u64).range(1..=336)
    )]
    pub session_idle_hours: u64,
    /// Everybody of an agency who signs in with a password needs an authenticator app: without one they can set one up, and
    /// nothing else
    #[arg(long, env = "SLUICE_REQUIRE_SECOND_FACTOR")]
    pub require_second_factor: bool,
    /// An OpenID provider that people may sign in with, as it calls itself: https://accounts.example
    #[arg(long, env = "SLUICE_OIDC_ISSUER", value_name = "URL")]
    pub oidc_issuer: Option<String>,
    /// Who this server is to that provider
    #[arg(long, env = "SLUICE_OIDC_CLIENT_ID", value_name = "ID")]
    pub oidc_client_id: Option<String>,
    /// What people call that provider [default: the name of its host]
    #[arg(long, env = "SLUICE_OIDC_LABEL", value_name = "NAME", value_parser = Name::parse)]
    pub oidc_label: Option<Name>,
    /// Send webhooks to private addresses too, and without TLS: for development
    #[arg(long, env = "SLUICE_WEBHOOKS_ALLOW_PRIVATE")]
    pub webhooks_allow_private: bool,
}

/// Where the payment gateway is, and who we are to it. Its secrets are variables only.
#[derive(Arguments, Debug)]
pub struct GatewayArgs {
    /// The gateway's key that may only make tokens
    #[arg(long, env = "SLUICE_STRIPE_PUBLISHABLE_KEY", value_name = "KEY")]
    pub stripe_publishable_key: Option<String>,
    /// Base of the gateway's API
    #[arg(
        long,
        env = "SLUICE_STRIPE_API_URL",
        value_name = "URL",
        default_value = "https://api.stripe.com"
    )]
    pub stripe_api_url: String,
    /// The gateway's script with the card fields
    #[arg(
        long,
        env = "SLUICE_STRIPE_SCRIPT_URL",
        value_name = "URL",
        default_value = "https://js.stripe.com/endive/stripe.js"
    )]
    pub stripe_script_url: String,
}

#[derive(Arguments, Debug)]
pub struct DoctorArgs {
    #[command(flatten)]
    pub serve: ServeArgs,
    /// Send a test letter to this address
    #[arg(long, env = "SLUICE_MAIL_TO", value_name = "ADDRESS")]
    pub mail_to: Option<EmailAddressArg>,
}
