//! `sluice copy`

use super::{End, args::CopyArgs, database::DatabaseUrl, progress::Progress, verify};
use crate::{
    copy::{self, Compared, Copied, Step},
    deps::{Clock as _, SystemClock},
    storage::copy::CopyError,
};

/// Characters of a digest that are shown.
const DIGEST_SHOWN: usize = 12;

/// Copies one database into another and prints what arrived.
pub fn run(args: CopyArgs) -> Result<(), End> {
    let (from, to) = (args.from, DatabaseUrl::of_copy(args.to)?);
    let (source, target) = (from.clone(), to.clone());
    // Both databases' clients block, which the runtime's own thread must not.
    let copying = std::thread::spawn(move || copy(&source, &target));
    let done = copying.join().map_err(|_| End::Failed("copying it failed".to_owned()))?;
    let copied = done.map_err(|error| match error {
        CopyError::Direction => End::Usage(error.to_string()),
        _ => End::Failed(format!("{from} to {to}: {error}")),
    })?;
    print(&copied);
    if !copied.is_kept() {
        eprintln!("sluice: nothing was kept in {to}");
        return Err(End::Broken);
    }
    println!("{to} holds all of {from}");
    Ok(())
}

fn copy(from: &DatabaseUrl, to: &DatabaseUrl) -> Result<Copied, CopyError> {
    let (mut source, target) = from.copy_into(to)?;
    let mut shown: Option<(&str, Progress)> = None;
    let mut tell = |step: Step| {
        let (what, rows, of) = match step {
            Step::Copied { rows, of } => ("rows copied", rows, of),
            Step::Compared { rows, of } => ("rows compared", rows, of),
            Step::Verifying => {
                shown = None;
                return eprintln!("sluice: all rows are there; checking every invariant on them");
            }
        };
        let now = SystemClock.now();
        if shown.as_ref().is_none_or(|(before, _)| *before != what) {
            shown = Some((what, Progress::start(what, of, 0, now)));
        }
        if let Some((_, progress)) = &mut shown {
            progress.at(rows, rows, now);
        }
    };
    copy::copy(source.as_mut(), target, &mut tell)
}

/// Each table with its rows and digest, then the invariants.
fn print(copied: &Copied) {
    let widest = copied.tables.iter().map(|compared| compared.table.len()).max().unwrap_or(0);
    for compared in &copied.tables {
        let Compared { table, source, target } = compared;
        let there = format!("{:>10} rows  {}", source.rows, hex(&source.digest));
        if compared.is_same() {
            println!("ok    {table:widest$} {there}");
        } else {
            let arrived = format!("{:>10} rows  {}", target.rows, hex(&target.digest));
            println!("FAIL  {table:widest$} {there}\n      {:widest$} {arrived} in the target", "");
        }
    }
    if let Some(report) = &copied.report {
        verify::print(report);
    }
}

fn hex(digest: &[u8]) -> String {
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    hex.chars().take(DIGEST_SHOWN).collect()
}
