//! What can be typed.

mod serve;

use std::path::PathBuf;

use billing::{
    AgencyId, Currency, EndpointId, PaymentId, SubAccountId,
    access::Role,
    text::{EmailAddress, Name},
};
use clap::{Args as Arguments, Parser, Subcommand};

use super::database::DatabaseUrl;
use crate::storage::keys::KeyScope;
use serve::DOCTOR_HELP;
pub use serve::{DoctorArgs, GatewayArgs, ServeArgs};

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
    /// Payments that are put aside
    #[command(subcommand)]
    Payment(PaymentCommand),
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
pub enum PaymentCommand {
    /// Ask the gateway once more about a payment that was put aside, its refunds and its disputes. What still does not fit is put
    /// aside again
    LookAgain(LookAgainArgs),
}

#[derive(Arguments, Debug)]
pub struct LookAgainArgs {
    /// Which one
    #[arg(value_name = "ID")]
    pub payment: PaymentId,
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
