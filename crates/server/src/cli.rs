//! The command line: `sluice serve`, and what an operator does without a browser.
//!
//! Exit codes: 0 done, 1 failed, 2 usage, 3 an invariant is broken. Every flag has its `SLUICE_` variable; secrets are variables
//! only, or files named by a `_FILE` variable: what stands in `argv` can be read by everybody on the machine.

mod agency;
mod args;
mod copy;
mod database;
mod demo;
mod doctor;
mod endpoint;
mod environment;
mod gateway;
mod import;
mod key;
mod mail_server;
mod migrate;
mod network;
mod openapi;
mod payment;
mod progress;
mod reconcile;
mod sandbox;
mod serve;
mod usage;
mod user;
mod verify;

use std::process::ExitCode;

use clap::Parser as _;

use args::{
    AgencyCommand, Args, Command, EndpointCommand, KeyCommand, PaymentCommand, UsageCommand,
    UserCommand,
};

/// Why a command did not do what it was told.
#[derive(Clone, Debug, PartialEq, Eq)]
enum End {
    /// It did not work.
    Failed(String),
    /// It was not meant that way.
    Usage(String),
    /// The data is not as it must be; the report has been printed.
    Broken,
}

impl End {
    fn failed(error: impl std::fmt::Display) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Runs the command in the process's arguments.
pub fn run() -> ExitCode {
    let args = Args::parse();
    environment::warn_of_unknown();
    environment::start_log(&args.command);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return end(Err(End::failed(error))),
    };
    end(runtime.block_on(command(args)))
}

async fn command(args: Args) -> Result<(), End> {
    let database = database::DatabaseUrl::of(args.database_url)?;
    match args.command {
        Command::Serve(args) => serve::run(*args, database).await,
        Command::Migrate => migrate::run(&database),
        Command::Copy(args) => copy::run(args),
        Command::Import(args) => import::run(&args, &database).await,
        Command::Agency(AgencyCommand::Add(args)) => agency::add(args, &database).await,
        Command::Agency(AgencyCommand::Credit(args)) => agency::credit(args, &database).await,
        Command::User(UserCommand::Add(args)) => user::add(args, &database).await,
        Command::Key(KeyCommand::Create(args)) => key::create(args, &database).await,
        Command::Usage(UsageCommand::Import(args)) => usage::import(&args, &database).await,
        Command::Endpoint(EndpointCommand::Add(args)) => endpoint::add(args, &database).await,
        Command::Endpoint(EndpointCommand::List(args)) => endpoint::list(&args, &database).await,
        Command::Endpoint(EndpointCommand::Remove(args)) => endpoint::remove(args, &database).await,
        Command::Payment(PaymentCommand::LookAgain(args)) => {
            payment::look_again(args, &database).await
        }
        Command::Openapi => openapi::run(),
        Command::Verify(args) => verify::run(&args, &database).await,
        Command::Doctor(args) => doctor::run(&args, &database).await,
        Command::Reconcile(args) => reconcile::run(&args, &database).await,
    }
}

fn end(result: Result<(), End>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(End::Failed(why)) => {
            eprintln!("sluice: {why}");
            ExitCode::from(1)
        }
        Err(End::Usage(why)) => {
            eprintln!("sluice: {why}");
            ExitCode::from(2)
        }
        Err(End::Broken) => ExitCode::from(3),
    }
}
