//! `cargo xtask bench draws`: the release server against its baselines, in one run. `cargo xtask bench verify`: a large
//! database, verified.
//!
//! What is measured, and how, is in `crates/bench`; here it gets what it needs: the builds, an empty folder on the real disk, a
//! PostgreSQL of its own.

mod cluster;

use std::fs;
use std::process::Command;

use cluster::Cluster;

use crate::outcome::{Failure, Outcome};
use crate::place::Place;
use crate::process;

/// The page with the table.
const PAGE: &str = "docs/benchmarks.md";

/// Builds, measures and prints the table; `--write` puts it on its page. `--only batches|singles|switches` runs that load alone
/// and prints its rate, for whoever looks at the server with a profiler meanwhile.
pub fn bench(place: &Place, arguments: &[String]) -> Outcome {
    let mut words = arguments.iter().map(String::as_str);
    let verify = match words.next() {
        Some("draws") => false,
        Some("verify") => true,
        _ => return Err(Failure::usage("what can be measured is `draws` and `verify`")),
    };
    let (mut quick, mut write, mut only) = (false, false, None);
    while let Some(word) = words.next() {
        match word {
            "--only" if !verify => only = words.next().or(Some("")),
            "--quick" => quick = true,
            "--write" => write = true,
            other => return Err(Failure::usage(format!("`{other}` is not expected here"))),
        }
    }
    println!("release server and its load");
    let mut build = process::cargo(place, "build");
    build.args(["--release", "--package", "sluice-server", "--package", "sluice-bench"]);
    process::run(&mut build)?;
    let folder = place.target.join("bench");
    process::remove_folder(&folder)?;
    fs::create_dir_all(&folder).map_err(|error| Failure::file("make", &folder, &error))?;
    let release = place.target.join("release");
    let mut measure = Command::new(release.join("sluice-bench"));
    measure.arg("--sluice").arg(release.join("sluice")).arg("--folder").arg(&folder);
    measure.arg("--commit").arg(commit(place)?);
    let cluster = if let Some(kind) = only {
        measure.arg("--only").arg(kind);
        None
    } else if verify {
        measure.arg("--verify");
        None
    } else {
        println!("PostgreSQL, for comparison");
        let cluster = Cluster::start(&folder)?;
        measure.arg("--postgres-programs").arg(cluster.programs());
        measure.arg("--postgres").arg(cluster.place());
        Some(cluster)
    };
    println!("measuring (some minutes)");
    if quick {
        measure.arg("--quick");
    }
    if write {
        measure.arg("--write").arg(place.root.join(PAGE));
    }
    let measured = process::run(&mut measure);
    drop(cluster);
    // Some gigabytes.
    process::remove_folder(&folder)?;
    measured
}

/// The commit that is measured, and whether the sources are still those.
fn commit(place: &Place) -> Outcome<String> {
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        process::output(git.current_dir(&place.root).args(arguments))
    };
    let commit = git(&["rev-parse", "--short=10", "HEAD"])?;
    let changed =
        git(&["status", "--porcelain", "--untracked-files=no", "--", "crates", "Cargo.lock"])?;
    let changes = if changed.is_empty() { "" } else { " with changes" };
    Ok(format!("{}{changes}", commit.trim()))
}
