//! What `sluice verify` takes on a database of many events, and that it finds a byte that was changed in one of them.

use std::{
    path::Path,
    process::{Command, Stdio},
    rc::Rc,
    time::Duration,
};

use rusqlite::Connection;

use crate::{
    Outcome, arguments::Arguments, chance::Ids, clock, fill, memory::Watch, report::grouped, seed,
    serving,
};

/// Exit code of `sluice verify` when an invariant is broken.
const BROKEN: i32 = 3;

/// A change that no command makes, how it is taken back, and what it is to.
struct Tampering {
    what: &'static str,
    change: &'static str,
    undo: &'static str,
}

/// In the middle of each table; the parameter is the number of an event there.
const TAMPERINGS: [Tampering; 3] = [
    Tampering {
        what: "the amount of a draw, by a millionth",
        change: "UPDATE events SET amount_micros = amount_micros + 1 WHERE agency_id = ?2 AND number = ?1",
        undo: "UPDATE events SET amount_micros = amount_micros - 1 WHERE agency_id = ?2 AND number = ?1",
    },
    Tampering {
        what: "a letter of an event's source",
        change: "UPDATE events SET source = 'h' || substr(source, 2) WHERE agency_id = ?2 AND number = ?1",
        undo: "UPDATE events SET source = 'g' || substr(source, 2) WHERE agency_id = ?2 AND number = ?1",
    },
    Tampering {
        what: "a posting of a ledger line, by a millionth",
        change: "UPDATE postings SET amount_micros = amount_micros + 1 WHERE agency_id = ?2 AND leg = 0 AND number =
                 (SELECT entry FROM events WHERE agency_id = ?2 AND number = ?1)",
        undo: "UPDATE postings SET amount_micros = amount_micros - 1 WHERE agency_id = ?2 AND leg = 0 AND number =
               (SELECT entry FROM events WHERE agency_id = ?2 AND number = ?1)",
    },
];

/// One run of `sluice verify --json`.
struct Run {
    took: Duration,
    /// The most memory that it took, in KiB.
    resident: u64,
    /// Checks that found something, by name; none when all is well.
    found: Vec<String>,
}

/// Fills a database and verifies it, whole and tampered with. Answers Markdown.
pub async fn all(arguments: &Arguments) -> Outcome<String> {
    let path = arguments.folder.join("verified.db");
    let events = arguments.stored_events();
    eprintln!("an agency of 100,000 accounts, and {} events", grouped(events));
    let agency = seed::hot(&path).await?;
    fill::fill(&path, &agency, events, &Rc::new(Ids::new())).await?;
    eprintln!("verify");
    let whole = verify(&arguments.sluice, &path)?;
    if !whole.found.is_empty() {
        return Err(format!("verify found {}", whole.found.join("; ")).into());
    }
    let mut lines = vec![format!(
        "| nothing | {} s, {} MiB | nothing |",
        whole.took.as_secs(),
        whole.resident / 1024
    )];
    let owner = agency.scope.agency().to_string();
    let connection = Connection::open(&path)?;
    connection.execute_batch("DROP TRIGGER events_stay; DROP TRIGGER postings_stay;")?;
    for Tampering { what, change, undo } in TAMPERINGS {
        eprintln!("verify, after a change to {what}");
        let number = i64::try_from(events / 2)?;
        let touch = |sql| -> Outcome {
            let changed = connection.execute(sql, (number, &owner))?;
            if changed == 1 { Ok(()) } else { Err(format!("{changed} rows changed: {sql}").into()) }
        };
        touch(change)?;
        let run = verify(&arguments.sluice, &path)?;
        touch(undo)?;
        if run.found.is_empty() {
            return Err(format!("verify did not find a change to {what}").into());
        }
        let found = run.found.join("; ");
        lines.push(format!("| {what} | {} s | {found} |", run.took.as_secs()));
    }
    let commit = &arguments.commit;
    Ok(format!(
        "Commit {commit}, {} events of 100,000 accounts.\n\n| Changed | `sluice verify --json` took | Found |\n|---|--:|---|\n{}\n",
        grouped(events),
        lines.join("\n")
    ))
}

fn verify(sluice: &Path, path: &Path) -> Outcome<Run> {
    let begun = clock::now();
    let child = Command::new(sluice)
        .args(["--database-url", &serving::file(path), "verify", "--json"])
        .stdout(Stdio::piped())
        .spawn()?;
    let memory = Watch::start(child.id());
    let output = child.wait_with_output()?;
    let (took, resident) = (begun.elapsed(), memory.most().0);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let checks = report["checks"].as_array().ok_or("verify told of no checks")?;
    let failed = checks.iter().filter(|check| check["problems"] != serde_json::json!([]));
    let found: Vec<_> =
        failed.filter_map(|check| check["name"].as_str()).map(str::to_owned).collect();
    let expected = if found.is_empty() { 0 } else { BROKEN };
    match output.status.code() {
        Some(code) if code == expected => Ok(Run { took, resident, found }),
        code => Err(format!("verify ended with {code:?}, having found {found:?}").into()),
    }
}
