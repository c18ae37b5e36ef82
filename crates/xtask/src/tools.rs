//! Everything a fresh machine lacks, installed once and kept outside the repository.
//!
//! A tool lies in a folder of its name and version, which appears by a rename when it is complete and
//! says of itself that it is the right one: an interrupted install leaves nothing that looks like a good one.

mod apt;
mod browser;
mod crates;
mod install;
mod npm;
mod postgres;
mod python;
mod toolchain;
mod wasm_opt;

use std::ffi::OsString;
use std::path::PathBuf;

use crate::outcome::Outcome;
use crate::place::Place;
use crate::process;

pub use apt::install as debian_packages;
pub use browser::with_interface_font;
pub use toolchain::{lints, wasm_target};

/// All tools, for `cargo xtask tools` and the tests.
pub fn all(place: &Place) -> Outcome {
    lints()?;
    for_web(place)?;
    for_server_tests(place)?;
    for_postgres_tests()?;
    for_wasm_tests(place)?;
    for_journeys(place)?;
    println!("      tools are ready in {}", place.tools.display());
    Ok(())
}

/// What building the browser entries takes. Answers the PATH to build with.
pub fn for_web(place: &Place) -> Outcome<OsString> {
    toolchain::wasm_target()?;
    let trunk = crates::trunk(place)?;
    let wasm_bindgen = crates::wasm_bindgen(place)?;
    let wasm_opt = wasm_opt::folder(place)?;
    process::path_with(&[trunk, wasm_bindgen, wasm_opt])
}

/// What the server's own tests take: programs that others wrote, to talk to. Answers the Python that has them.
pub fn for_server_tests(place: &Place) -> Outcome<PathBuf> {
    python::with_peers(place)
}

/// What running the server's tests on PostgreSQL takes. Answers the folder of its programs.
pub fn for_postgres_tests() -> Outcome<PathBuf> {
    postgres::programs()
}

/// What running `billing`'s tests as wasm takes. Answers the runner.
pub fn for_wasm_tests(place: &Place) -> Outcome<PathBuf> {
    toolchain::wasm_target()?;
    Ok(crates::wasm_bindgen(place)?.join("wasm-bindgen-test-runner"))
}

/// What the journeys take: the npm packages of `tests/`, and a browser. Answers the browser.
pub fn for_journeys(place: &Place) -> Outcome<PathBuf> {
    npm::packages(place)?;
    browser::chromium()
}
