//! Tools that are crates: trunk and wasm-bindgen. Built with settings that make the build short.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::install::{Tool, VERSION, ensure};
use crate::outcome::{Failure, Outcome};
use crate::place::Place;
use crate::process;

/// 0.22 wants a newer compiler than the one pinned here.
const TRUNK: &str = "0.21.14";

/// Answers the folder with `trunk` in it.
pub fn trunk(place: &Place) -> Outcome<PathBuf> {
    let tool = Tool {
        name: format!("trunk-{TRUNK}"),
        program: "bin/trunk",
        asked: VERSION,
        accepts: &|answer| answer == format!("trunk {TRUNK}"),
        takes: "about 3 minutes",
    };
    let folder = ensure(place, &tool, |folder| {
        let mut install = cargo_install(place, "trunk", TRUNK, folder);
        install.args(["--profile", "dev"]).env("CARGO_PROFILE_DEV_DEBUG", "0");
        finish(&mut install, folder)
    })?;
    Ok(folder.join("bin"))
}

/// Answers the folder with `wasm-bindgen` and its test runner in it, of the version in `Cargo.lock`: the
/// two halves must be equal to the last digit.
pub fn wasm_bindgen(place: &Place) -> Outcome<PathBuf> {
    let lock = place.root.join("Cargo.lock");
    let text =
        std::fs::read_to_string(&lock).map_err(|error| Failure::file("read", &lock, &error))?;
    let version = locked_version(&text, "wasm-bindgen")
        .ok_or_else(|| Failure::new("Cargo.lock names no wasm-bindgen"))?;
    let wanted = format!("wasm-bindgen {version}");
    let tool = Tool {
        name: format!("wasm-bindgen-{version}"),
        program: "bin/wasm-bindgen",
        asked: VERSION,
        accepts: &|answer| answer == wanted,
        takes: "about 3 minutes",
    };
    let folder = ensure(place, &tool, |folder| {
        let mut install = cargo_install(place, "wasm-bindgen-cli", version, folder);
        install
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
        finish(&mut install, folder)
    })?;
    Ok(folder.join("bin"))
}

fn cargo_install(place: &Place, name: &str, version: &str, folder: &Path) -> Command {
    let mut install = process::cargo(place, "install");
    install.args([name, "--locked", "--no-default-features", "--version", version]);
    install.arg("--root").arg(folder).env("CARGO_TARGET_DIR", folder.join("target"));
    install
}

fn finish(install: &mut Command, folder: &Path) -> Outcome {
    process::run(install)?;
    process::remove_folder(&folder.join("target"))
}

/// The version of a package in the text of a `Cargo.lock`.
fn locked_version<'a>(lock: &'a str, name: &str) -> Option<&'a str> {
    let named = format!("name = \"{name}\"");
    let mut lines = lock.lines().skip_while(|line| *line != named);
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locked_version_is_that_of_the_package_of_exactly_this_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.79\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.129\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.129"));
        assert_eq!(locked_version(lock, "trunk"), None);
    }
}
