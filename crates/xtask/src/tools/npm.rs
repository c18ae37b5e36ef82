//! The npm packages of `tests/`, exactly as locked.

use std::process::Command;

use crate::outcome::Outcome;
use crate::place::Place;
use crate::{process, stamp};

/// Installs the packages when the lock is another one than at the last install.
pub fn packages(place: &Place) -> Outcome {
    let tests = place.tests();
    let mark = tests.join("node_modules/.sluice-stamp");
    let wanted = stamp::of(&tests, &["package.json", "package-lock.json"], "")?;
    if stamp::is_fresh(&mark, &wanted) {
        return Ok(());
    }
    println!("      installing the npm packages of tests/ (a few seconds, once)");
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&tests);
    process::run(&mut npm)?;
    stamp::write(&mark, &wanted)
}
