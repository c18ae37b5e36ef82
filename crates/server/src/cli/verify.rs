//! `sluice verify`

use super::{End, args::VerifyArgs, database::DatabaseUrl};
use crate::{storage::Transaction, verify};

/// Checks the data and prints what was found.
pub async fn run(args: &VerifyArgs, database: &DatabaseUrl) -> Result<(), End> {
    let store = database.open_existing()?;
    let report = store.read(|tx: &mut dyn Transaction| verify::verify(tx)).await;
    let report = report.map_err(End::failed)?;
    if args.json {
        println!("{}", serde_json::to_string(&report).map_err(End::failed)?);
    } else {
        print(&report);
    }
    if report.ok { Ok(()) } else { Err(End::Broken) }
}

/// Prints a report for people.
pub fn print(report: &verify::Report) {
    for check in &report.checks {
        let mark = if check.problems.is_empty() { "ok  " } else { "FAIL" };
        println!("{mark}  {} ({} checked)", check.name, check.checked);
        for problem in &check.problems {
            println!("      {problem}");
        }
    }
}
