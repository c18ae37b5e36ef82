//! PostgreSQL's programs.

use std::fs;
use std::path::{Path, PathBuf};

use super::apt;
use crate::outcome::{Failure, Outcome};
use crate::process;

/// Row-level security with the functions that we use, and `CREATE DATABASE` in milliseconds.
const OLDEST: u32 = 15;

/// Where Debian keeps them, by version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// What Debian asks when the server's package is installed: whether to make and start a cluster. We make our own.
const NO_CLUSTER: &str = "s/^#?create_main_cluster.*/create_main_cluster = false/";
const CLUSTERS: &str = "/etc/postgresql-common/createcluster.conf";

/// Answers the folder with `initdb`, `postgres` and `psql` in it.
pub fn programs() -> Outcome<PathBuf> {
    if let Some(folder) = found() {
        return Ok(folder);
    }
    println!("      installing PostgreSQL with apt (under a minute, once)");
    let installed = apt::install(&["postgresql-common"])
        .and_then(|()| process::run(apt::as_root("sed")?.args(["-ri", NO_CLUSTER, CLUSTERS])))
        .and_then(|()| apt::install(&["postgresql"]));
    installed.map_err(|failure| {
        Failure::new(format!(
            "{failure}\nThe server's tests need PostgreSQL {OLDEST} or newer. Install it and try again."
        ))
    })?;
    found()
        .ok_or_else(|| Failure::new(format!("there is no PostgreSQL of version {OLDEST} or newer")))
}

/// The newest that is here.
fn found() -> Option<PathBuf> {
    let told = process::answer(Path::new("pg_config"), &["--bindir"]).map(PathBuf::from);
    let installed = fs::read_dir(DEBIAN).into_iter().flatten();
    let installed = installed.filter_map(|entry| Some(entry.ok()?.path().join("bin")));
    let good = told.into_iter().chain(installed).filter_map(|folder| {
        let version = process::version_of(&folder.join("postgres"))?;
        let complete = folder.join("initdb").is_file() && folder.join("psql").is_file();
        Some((major(&version)?, folder)).filter(|(major, _)| complete && *major >= OLDEST)
    });
    good.max().map(|(_, folder)| folder)
}

/// Reads `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`, and `17beta1` as well.
fn major(version: &str) -> Option<u32> {
    let number = version.split_whitespace().nth(2)?;
    let end = number.find(|char: char| !char.is_ascii_digit()).unwrap_or(number.len());
    number[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_number_before_the_first_point() {
        assert_eq!(major("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"), Some(15));
        assert_eq!(major("postgres (PostgreSQL) 17beta1"), Some(17));
        assert_eq!(major("bash: postgres: not found"), None);
    }
}
