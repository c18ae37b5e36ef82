//! Whether somebody has found a hole in what is locked: asks the scanners of the three package worlds, with what network there
//! is, and says what could not be asked. Not part of `test`: what is known changes by the day, and needs a network.
//!
//! A run that asked for everything and heard of nothing ends well; any other fails, so that a timer notices both.

use std::process::Command;

use crate::outcome::{Failure, Outcome};
use crate::place::Place;
use crate::process;

/// What is looked through, and by whom.
struct Scan {
    /// The file with the exact versions.
    lock: &'static str,
    /// How its scanner is got, where it is missing.
    get: &'static str,
    /// Runs the scanner, which prints JSON.
    command: fn(&Place) -> Command,
    /// How many holes a report tells of; nothing when it is no report.
    count: fn(&str) -> Option<u64>,
}

/// All there are.
const SCANS: [Scan; 3] = [
    Scan {
        lock: "Cargo.lock",
        get: "cargo install cargo-audit --locked",
        command: cargo_audit,
        count: of_cargo,
    },
    Scan {
        lock: "tests/package-lock.json",
        get: "it comes with Node.js",
        command: npm_audit,
        count: of_npm,
    },
    Scan {
        lock: "crates/server/tests/requirements.txt",
        get: "python3 -m pip install pip-audit",
        command: pip_audit,
        count: of_pip,
    },
];

/// What came of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    /// Nothing is known against what is locked.
    Nothing,
    /// So many holes.
    Holes(u64),
    /// Nobody could be asked.
    NotAsked,
}

/// Asks them all.
pub fn advisories(place: &Place) -> Outcome {
    let mut found = Vec::new();
    for scan in &SCANS {
        let output = (scan.command)(place).output();
        let text = output.map(|output| {
            eprint!("{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8_lossy(&output.stdout).into_owned()
        });
        let result = judge(text.as_deref().unwrap_or_default(), scan.count);
        println!("{}", sentence(scan, result));
        if let (Found::Holes(_), Ok(report)) = (result, &text) {
            println!("{report}");
        }
        found.push(result);
    }
    verdict(&found)
}

fn judge(report: &str, count: fn(&str) -> Option<u64>) -> Found {
    match count(report) {
        None => Found::NotAsked,
        Some(0) => Found::Nothing,
        Some(holes) => Found::Holes(holes),
    }
}

fn sentence(scan: &Scan, found: Found) -> String {
    let Scan { lock, get, .. } = scan;
    match found {
        Found::Nothing => format!("{lock}: nothing is known against what it locks"),
        Found::Holes(holes) => format!("{lock}: {holes} advisories"),
        Found::NotAsked => {
            format!("{lock}: NOT CHECKED: its scanner is missing ({get}), or has no network")
        }
    }
}

fn verdict(found: &[Found]) -> Outcome {
    if found.iter().any(|found| matches!(found, Found::Holes(_))) {
        return Err(Failure::new(
            "there are advisories; docs/security.md says how soon they are acted upon",
        ));
    }
    if found.contains(&Found::NotAsked) {
        return Err(Failure::new("not everything could be checked"));
    }
    Ok(())
}

fn cargo_audit(place: &Place) -> Command {
    let mut audit = process::cargo(place, "audit");
    audit.args(["--json"]);
    audit
}

fn npm_audit(place: &Place) -> Command {
    let mut audit = Command::new("npm");
    audit.args(["audit", "--json", "--package-lock-only"]).current_dir(place.tests());
    audit
}

fn pip_audit(place: &Place) -> Command {
    let mut audit = Command::new("python3");
    let list = place.root.join("crates/server/tests/requirements.txt");
    audit.args([
        "-m",
        "pip_audit",
        "--format",
        "json",
        "--no-deps",
        "--disable-pip",
        "--requirement",
    ]);
    audit.arg(list);
    audit
}

/// Advisories, and versions that were taken back.
fn of_cargo(report: &str) -> Option<u64> {
    let holes = number(report, &["\"vulnerabilities\"", "\"count\""])?;
    let yanked = report.matches("\"kind\":\"yanked\"").count();
    Some(holes.saturating_add(yanked as u64))
}

fn of_npm(report: &str) -> Option<u64> {
    number(report, &["\"auditReportVersion\"", "\"metadata\"", "\"vulnerabilities\"", "\"total\""])
}

/// One list of holes for each package; none where that is empty.
fn of_pip(report: &str) -> Option<u64> {
    let report: String = report.chars().filter(|char| !char.is_whitespace()).collect();
    let lists = report.contains("\"dependencies\":[").then(|| report.matches("\"vulns\":["))?;
    let (all, empty) = (lists.count(), report.matches("\"vulns\":[]").count());
    // A list without packages has looked at nothing.
    (all > 0).then(|| all.saturating_sub(empty) as u64)
}

/// The number after the last of these names, which follow one another.
fn number(report: &str, names: &[&str]) -> Option<u64> {
    let mut rest = report;
    for name in names {
        rest = rest.split_once(name)?.1;
    }
    let rest = rest.trim_start().strip_prefix(':')?.trim_start();
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CARGO: &str = r#"{"database":{"advisory-count":901},"lockfile":{"dependency-count":412},
        "settings":{},"vulnerabilities":{"found":false,"count":0,"list":[]},"warnings":{}}"#;
    const NPM: &str = r#"{ "auditReportVersion": 2, "vulnerabilities": {}, "metadata": {
        "vulnerabilities": { "info": 0, "low": 0, "moderate": 0, "high": 0, "critical": 0, "total": 0 },
        "dependencies": { "prod": 1, "dev": 73, "total": 73 } } }"#;
    const PIP: &str = r#"{"dependencies": [{"name": "attrs", "version": "26.1.0", "vulns": []},
        {"name": "atpublic", "version": "9.0.0", "vulns": []}], "fixes": []}"#;

    #[test]
    fn a_report_without_holes_is_nothing_and_all_three_end_well() {
        let found = [judge(CARGO, of_cargo), judge(NPM, of_npm), judge(PIP, of_pip)];
        assert_eq!(found, [Found::Nothing; 3]);
        assert!(verdict(&found).is_ok());
    }

    #[test]
    fn an_advisory_in_a_report_fails_the_run() {
        let cargo = CARGO.replace(r#""found":false,"count":0"#, r#""found":true,"count":2"#);
        let yanked =
            CARGO.replace(r#""warnings":{}"#, r#""warnings":{"yanked":[{"kind":"yanked"}]}"#);
        let npm = NPM.replace(
            r#""high": 0, "critical": 0, "total": 0"#,
            r#""high": 3, "critical": 0, "total": 3"#,
        );
        let pip = PIP.replacen("[]", r#"[{"id": "PYSEC-2026-1"}]"#, 1);
        for (found, holes) in [
            (judge(&cargo, of_cargo), 2),
            (judge(&yanked, of_cargo), 1),
            (judge(&npm, of_npm), 3),
            (judge(&pip, of_pip), 1),
        ] {
            assert_eq!(found, Found::Holes(holes));
            let why = verdict(&[Found::Nothing, found, Found::NotAsked]).unwrap_err();
            assert!(why.to_string().contains("there are advisories"), "{why}");
        }
    }

    #[test]
    fn what_could_not_be_asked_is_said_and_does_not_end_well() {
        let refused = r#"{ "message": "405 Method Not Allowed", "statusCode": 405, "error": { "summary": "" } }"#;
        for count in [of_cargo, of_npm, of_pip] {
            for report in ["", "{}", refused, r#"{"dependencies": []}"#] {
                assert_eq!(judge(report, count), Found::NotAsked, "{report}");
            }
        }
        let [scan, ..] = &SCANS;
        let said = sentence(scan, Found::NotAsked);
        assert!(said.starts_with("Cargo.lock: NOT CHECKED"), "{said}");
        assert!(verdict(&[Found::Nothing, Found::NotAsked]).is_err());
    }

    /// What a scanner reads is there, names each version exactly, and vouches for it where its world can.
    #[test]
    fn the_locks_are_complete_and_pinned() {
        let root = Place::find().unwrap().root;
        let read = |scan: &Scan| std::fs::read_to_string(root.join(scan.lock)).unwrap();
        let [cargo, npm, pip] = SCANS.each_ref().map(read);
        let from_registry = cargo.matches("source = \"registry").count();
        assert!(from_registry > 100, "{from_registry}");
        assert_eq!(cargo.matches("checksum = ").count(), from_registry);
        assert_eq!(cargo.matches("source = ").count(), from_registry, "nothing from elsewhere");
        let fetched = npm.matches("\"node_modules/").count();
        assert!(fetched > 2, "{fetched}");
        assert_eq!(npm.matches("\"integrity\": \"sha512-").count(), fetched);
        let lines = pip.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        assert!(lines.clone().count() > 2 && lines.into_iter().all(|line| line.contains("==")));
    }
}
