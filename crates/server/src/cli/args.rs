//! What can be typed.

use std::{net::SocketAddr, path::PathBuf};

use billing::{
    AgencyId, Currency, EndpointId, SubAccountId,
    access::Role,
    text::{EmailAddress, Name},
};
use clap::{Args as Arguments, Parser, Subcommand};

use super::{database::DatabaseUrl, network::Network};
use crate::{config::Limits, storage::keys::KeyScope};

/// Decides whose balance a client's usage draws from.
#[derive(Parser, Debug)]
#[command(name = "sluice", version, arg_required_else_help = true)]
#[command(after_help = "Exit codes: 0 done, 1 failed, 2 usage, 3 an invariant is broken.")]
pub struct Args {
    /// Where the data is: sqlite:PATH or postgres://USER@HOST/NAME [default: sqlite:sluice.db]. A URL with a password belongs
    /// in the variable, or in the file named by SLUICE_DATABASE_URL_FILE
    #[arg(long, env = "SLUICE_DATABASE_URL", value_name = "URL", global = true)]
    pub database_url: Option<DatabaseUrl>,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Answer HTTP. Makes and migrates the database when there is none
    Serve(Box<ServeArgs>),
    /// Make the database, or bring its schema up to date
    Migrate,
    /// Move an installation from SQLite to PostgreSQL, all or nothing, and prove that all of it arrived
    #[command(after_help = COPY_HELP)]
    Copy(CopyArgs),
    /// Bring accounts in from a CSV file, all or none
    #[command(after_help = IMPORT_HELP)]
    Import(ImportArgs),
    /// The agencies
    #[command(subcommand)]
    Agency(AgencyCommand),
    /// The people of agencies
    #[command(subcommand)]
    User(UserCommand),
    /// The API keys of agencies
    #[command(subcommand)]
    Key(KeyCommand),
    /// What sub-accounts have used
    #[command(subcommand)]
    Usage(UsageCommand),
    /// Where outgoing webhooks of agencies are sent
    #[command(subcommand)]
    Endpoint(EndpointCommand),
    /// Print the OpenAPI document of the HTTP API
    Openapi,
    /// Check every invariant on the data. Exits with 3 when one is broken
    Verify(VerifyArgs),
    /// Check the settings of `serve` and whom they name: gateway, webhook, mail, public URL, database, clock. Says what to do
    #[command(after_help = DOCTOR_HELP)]
    Doctor(Box<DoctorArgs>),
    /// Compare the books with the payment gateway's, object by object. Exits with 3 when something differs
    Reconcile(ReconcileArgs),
}

const COPY_HELP: &str = "\
Stop every server that works on the source first: what is written while it is copied would be missing from the copy. When
something was written all the same, the copy is undone and says so.
The target is a PostgreSQL database that holds nothing; its schema is made as by `sluice migrate`, so its user owns the
database. Everything happens in one transaction. It is kept when every table has the same rows and the same digest on
both sides and every invariant that `sluice verify` checks holds in the target; otherwise the target stays empty.
The source is never changed. Start the servers with the target as their --database-url then, and keep the source as a
backup that no server works on any more.
Exits with 3 when the two sides differ or an invariant is broken.";

const IMPORT_HELP: &str = "\
The file is UTF-8 with a header line. Columns, in any order:
  external_id  your own id of the account, 1 to 64 characters, unique
  name         1 to 200 characters
  low_below    optional: below this its own balance counts as low, like 25.00 (10.00 when empty)
A row that is wrong is told by line and column, and nothing is imported.";

const USAGE_IMPORT_HELP: &str = "\
FILE is one of two, both UTF-8:
  *.csv         with a header line. Columns, in any order:
                  id, source   what the event is known by: the same id of the same source is drawn once
                  type         what was used; its price is the one in force at the event's time
                  subject      the sub-account's id, or your own id for it
                  time         when it happened, like 2026-11-22T16:10:09Z
                Every other column is a field of the event's data. A number is one, anything else is a text,
                and an empty cell is no field.
  another name  one CloudEvent in JSON on each line, as POST /api/v1/events takes them; each says its time
Events go in by batches of up to 1000 lines or 1 MiB. A line that is wrong is told by its number and field; then the
batches before it are in, and nothing of its own. How far the import is stands in FILE.sluice-position until it is
done: the same command goes on there. Events that are in already are not drawn again, with or without that file.
--dry-run tells every line that is wrong, but two lines that contradict each other only when they are in one batch.";

const SERVE_HELP: &str = "\
Secrets are variables, or files named by the variable with _FILE:
  SLUICE_STRIPE_SECRET_KEY      may move money
  SLUICE_STRIPE_WEBHOOK_SECRET  what the gateway signs its events with
  SLUICE_MAIL_URL               smtp://user:password@host:port (or smtps://); without it mail stays in the database
  SLUICE_OIDC_CLIENT_SECRET     what the OpenID provider knows this server by
Live keys need --live, and docs/going-live.md lists every variable; `sluice doctor` checks them.
SLUICE_LOG chooses what is logged: error, warn, info, debug. SLUICE_LOG_FORMAT=json writes one JSON object a line.";

const DOCTOR_HELP: &str = "\
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

#[derive(Arguments, Debug)]
pub struct CopyArgs {
    /// What is copied: sqlite:PATH
    #[arg(long, env = "SLUICE_FROM", value_name = "URL")]
    pub from: DatabaseUrl,
    /// Where to: postgres://USER@HOST/NAME. A URL with a password belongs in the variable, or in the file named by
    /// SLUICE_TO_FILE
    #[arg(long, env = "SLUICE_TO", value_name = "URL")]
    pub to: Option<DatabaseUrl>,
}

#[derive(Arguments, Debug)]
pub struct ImportArgs {
    /// The CSV file
    #[arg(value_name = "accounts.csv")]
    pub file: PathBuf,
    /// Whose accounts they will be
    #[arg(long, env = "SLUICE_AGENCY", value_name = "ID")]
    pub agency: AgencyId,
    /// Check everything, store nothing
    #[arg(long, env = "SLUICE_DRY_RUN")]
    pub dry_run: bool,
}

#[derive(Subcommand, Debug)]
pub enum AgencyCommand {
    /// Make one; prints its id
    Add(AgencyAddArgs),
    /// Correct its balance by hand: one balanced entry in its books
    Credit(AgencyCreditArgs),
}

#[derive(Arguments, Debug)]
pub struct AgencyAddArgs {
    /// Its name, as customers read it
    #[arg(long, env = "SLUICE_NAME", value_parser = Name::parse)]
    pub name: Name,
    /// What it is billed in
    #[arg(long, env = "SLUICE_CURRENCY", default_value = "USD")]
    pub currency: Currency,
}

#[derive(Arguments, Debug)]
pub struct AgencyCreditArgs {
    /// Which agency
    #[arg(long, env = "SLUICE_AGENCY", value_name = "ID")]
    pub agency: AgencyId,
    /// How much, like 500.00; negative takes away
    #[arg(long, env = "SLUICE_AMOUNT", allow_hyphen_values = true)]
    pub amount: String,
    /// Why; each only once, so that a repeat is refused
    #[arg(long, env = "SLUICE_REFERENCE")]
    pub reference: String,
}

#[derive(Subcommand, Debug)]
pub enum UserCommand {
    /// Make one; prints their id. The password is read from the file in SLUICE_PASSWORD_FILE, else from standard input
    Add(UserAddArgs),
}

#[derive(Arguments, Debug)]
pub struct UserAddArgs {
    /// Of which agency
    #[arg(long, env = "SLUICE_AGENCY", value_name = "ID")]
    pub agency: AgencyId,
    /// Their name
    #[arg(long, env = "SLUICE_NAME", value_parser = Name::parse)]
    pub name: Name,
    /// Where they sign in and get notices
    #[arg(long, env = "SLUICE_EMAIL")]
    pub email: EmailAddressArg,
    /// What they may do: owner, billing_manager, viewer or client
    #[arg(long, env = "SLUICE_ROLE", value_parser = role, default_value = "owner")]
    pub role: Role,
    /// An account that a client user sees; may be given again
    #[arg(long, env = "SLUICE_ACCOUNT", value_name = "ID", value_delimiter = ',')]
    pub account: Vec<SubAccountId>,
}

fn role(text: &str) -> Result<Role, String> {
    let known = || Role::ALL.map(Role::name).join(", ");
    Role::from_name(text).ok_or_else(|| format!("expected one of {}", known()))
}

#[derive(Subcommand, Debug)]
pub enum KeyCommand {
    /// Make one; prints it, once and for all
    Create(KeyCreateArgs),
}

#[derive(Arguments, Debug)]
pub struct KeyCreateArgs {
    /// Of which agency
    #[arg(long, env = "SLUICE_AGENCY", value_name = "ID")]
    pub agency: AgencyId,
    /// What people call it
    #[arg(long, env = "SLUICE_NAME", value_parser = Name::parse)]
    pub name: Name,
    /// What it allows; may be given again
    #[arg(
        long, env = "SLUICE_SCOPE", value_parser = key_scope, value_delimiter = ',',
        default_value = "usage:write,accounts:read"
    )]
    pub scope: Vec<KeyScope>,
}

fn key_scope(text: &str) -> Result<KeyScope, String> {
    let known = || KeyScope::ALL.map(KeyScope::name).join(", ");
    KeyScope::from_name(text).ok_or_else(|| format!("expected one of {}", known()))
}

#[derive(Subcommand, Debug)]
pub enum UsageCommand {
    /// Bring usage of the past in from a file, of whatever age
    #[command(after_help = USAGE_IMPORT_HELP)]
    Import(UsageImportArgs),
}

#[derive(Arguments, Debug)]
pub struct UsageImportArgs {
    /// The events
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Whose sub-accounts' usage it is
    #[arg(long, env = "SLUICE_AGENCY", value_name = "ID")]
    pub agency: AgencyId,
    /// Check everything, store nothing
    #[arg(long, env = "SLUICE_DRY_RUN")]
    pub dry_run: bool,
}

#[derive(Subcommand, Debug)]
pub enum EndpointCommand {
    /// Add one; prints its id and its secret, once and for all
    Add(EndpointAddArgs),
    /// Print an agency's: id, address, and how it goes
    List(EndpointListArgs),
    /// Remove one, with all that was to be sent there
    Remove(EndpointRemoveArgs),
}

#[derive(Arguments, Debug)]
pub struct EndpointAddArgs {
    /// Of which agency
    #[arg(long, env = "SLUICE_AGENCY", value_name = "ID")]
    pub agency: AgencyId,
    /// Where to, like https://example.com/hooks
    #[arg(long, env = "SLUICE_URL")]
    pub url: String,
    /// Take a private address too, or one without TLS: for development
    #[arg(long, env = "SLUICE_WEBHOOKS_ALLOW_PRIVATE")]
    pub webhooks_allow_private: bool,
}

#[derive(Arguments, Debug)]
pub struct EndpointListArgs {
    /// Of which agency
    #[arg(long, env = "SLUICE_AGENCY", value_name = "ID")]
    pub agency: AgencyId,
}

#[derive(Arguments, Debug)]
pub struct EndpointRemoveArgs {
    /// Of which agency
    #[arg(long, env = "SLUICE_AGENCY", value_name = "ID")]
    pub agency: AgencyId,
    /// Which one
    #[arg(value_name = "ID")]
    pub endpoint: EndpointId,
}

#[derive(Arguments, Debug)]
pub struct VerifyArgs {
    /// Print the report as one line of JSON
    #[arg(long, env = "SLUICE_JSON")]
    pub json: bool,
}

#[derive(Arguments, Debug)]
#[command(after_help = RECONCILE_HELP)]
pub struct ReconcileArgs {
    #[command(flatten)]
    pub gateway: GatewayArgs,
    /// Print the report as one line of JSON
    #[arg(long, env = "SLUICE_JSON")]
    pub json: bool,
}

const RECONCILE_HELP: &str = "\
Needs SLUICE_STRIPE_SECRET_KEY, or a file named by SLUICE_STRIPE_SECRET_KEY_FILE; a restricted key that may read payment
intents, refunds and customers is enough. Nothing is written on either side, and a server may run beside it: what differs is
looked at twice, ten seconds apart, and told when it stands both times.";

/// An e-mail address, checked.
#[derive(Clone, Debug)]
pub struct EmailAddressArg(pub EmailAddress);

impl std::str::FromStr for EmailAddressArg {
    type Err = billing::text::TextError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        EmailAddress::parse(text).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Args::command().debug_assert();
    }

    #[test]
    fn every_flag_has_its_variable() {
        fn check(command: &clap::Command) {
            for argument in command.get_arguments().filter(|argument| !argument.is_positional()) {
                let id = argument.get_id().as_str();
                if !["help", "version"].contains(&id) {
                    let variable =
                        argument.get_env().map(|name| name.to_string_lossy().into_owned());
                    assert_eq!(variable, Some(format!("SLUICE_{}", id.to_uppercase())), "{id}");
                }
            }
            command.get_subcommands().for_each(check);
        }
        check(&Args::command());
    }
}
