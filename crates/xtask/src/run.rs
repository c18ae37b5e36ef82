//! `cargo xtask run`: from a fresh clone to a page one can click through.

use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use crate::outcome::{Failure, Outcome};
use crate::place::Place;
use crate::{process, web};

/// Builds everything and becomes the demo server, so that Ctrl-C reaches it and what it started.
pub fn run(place: &Place, arguments: &[String]) -> Outcome {
    println!("[1/3] browser entries");
    web::build(place)?;
    println!("[2/3] server and sandbox");
    let sluice = build_server(place)?;
    println!("[3/3] starting the demo; Ctrl-C stops it\n");
    let mut serve = Command::new(&sluice);
    let error = serve.args(["serve", "--demo"]).args(arguments).exec();
    Err(Failure::new(format!("cannot start {}: {error}", sluice.display())))
}

/// Builds the two servers as people run them and answers where `sluice` is. `sluice-sandbox` is beside it.
pub fn build_server(place: &Place) -> Outcome<PathBuf> {
    let mut build = process::cargo(place, "build");
    build.args(["--release", "--package", "sluice-server", "--package", "sluice-sandbox"]);
    process::run(&mut build)?;
    Ok(place.target.join("release").join("sluice"))
}
