//! `sluice import accounts.csv`

use std::sync::Arc;

use billing::{Currency, funding::Actor};

use super::{End, args::ImportArgs, database::DatabaseUrl};
use crate::{
    deps::{Clock as _, SystemClock, SystemEntropy},
    execute::{
        Origin, Tools,
        import::{self, ImportError, RowError},
    },
    storage::{Scope, StorageError, Transaction},
};

/// Why an import's transaction was undone.
enum Undone {
    /// It was only a try; so many rows are fine.
    DryRun(usize),
    /// The import itself.
    Import(ImportError),
}

impl From<StorageError> for Undone {
    fn from(error: StorageError) -> Self {
        Self::Import(error.into())
    }
}

/// Imports a file, or checks whether it could be.
pub async fn run(args: &ImportArgs, database: &DatabaseUrl) -> Result<(), End> {
    let file = args.file.display().to_string();
    let csv = std::fs::read(&args.file).map_err(|error| End::Failed(format!("{file}: {error}")))?;
    let store = database.open_existing()?;
    let scope = Scope::of(args.agency);
    let agency = store.read(move |tx: &mut dyn Transaction| tx.agency(scope)).await;
    let Some(agency) = agency.map_err(|error: StorageError| End::failed(error))? else {
        return Err(End::Failed(format!("there is no agency {}", args.agency)));
    };
    let rows = parse(&csv, agency.currency, &file)?;
    let tools = Tools { now: SystemClock.now(), entropy: Arc::new(SystemEntropy) };
    let dry_run = args.dry_run;
    let write = move |tx: &mut dyn Transaction| {
        let origin = operator();
        let count = import::import(tx, &tools, scope, &rows, &origin).map_err(Undone::Import)?;
        // The same checks as in earnest, undone at the end.
        if dry_run { Err(Undone::DryRun(count)) } else { Ok(count) }
    };
    match store.write(write).await {
        Ok(count) => {
            println!("imported {count} accounts");
            Ok(())
        }
        Err(Undone::DryRun(count)) => {
            println!("{count} accounts could be imported; nothing was stored");
            Ok(())
        }
        Err(Undone::Import(ImportError::Rows(errors))) => Err(wrong(&file, &errors)),
        Err(Undone::Import(error)) => Err(End::failed(error)),
    }
}

/// The one who types commands.
pub fn operator() -> Origin {
    Origin::new(Actor::system("command line"), "command line")
}

fn parse(csv: &[u8], currency: Currency, file: &str) -> Result<Vec<import::NewAccount>, End> {
    import::parse(csv, currency).map_err(|errors| wrong(file, &errors))
}

fn wrong(file: &str, errors: &[RowError]) -> End {
    let lines: Vec<_> = errors.iter().map(|error| format!("{file}: {error}")).collect();
    End::Failed(format!("nothing was imported\n{}", lines.join("\n")))
}
