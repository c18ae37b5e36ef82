//! `wasm-opt`, from npm's binaryen.

use std::path::PathBuf;
use std::process::Command;

use super::install::{self, Tool, ensure};
use crate::outcome::Outcome;
use crate::place::Place;
use crate::process;

const VERSION: &str = "132.0.0";

/// Older ones, Debian's among them, end well and make pages that die at their start.
const OLDEST: u32 = 120;

/// Answers the folder with `wasm-opt` in it.
pub fn folder(place: &Place) -> Outcome<PathBuf> {
    let tool = Tool {
        name: format!("binaryen-{VERSION}"),
        program: "node_modules/.bin/wasm-opt",
        asked: install::VERSION,
        accepts: &is_new_enough,
        takes: "a few seconds",
    };
    let folder = ensure(place, &tool, |folder| {
        let package = format!("binaryen@{VERSION}");
        let mut npm = Command::new("npm");
        npm.args(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"]);
        process::run(npm.arg(folder).arg(package))
    })?;
    Ok(folder.join("node_modules/.bin"))
}

/// Reads `wasm-opt version 132 (version_132)`.
fn is_new_enough(answer: &str) -> bool {
    let mut words = answer.split_whitespace().skip_while(|word| *word != "version");
    words.nth(1).and_then(|word| word.parse().ok()).is_some_and(|version: u32| version >= OLDEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_wasm_opt_is_refused() {
        assert!(is_new_enough("wasm-opt version 132 (version_132)"));
        assert!(is_new_enough("wasm-opt version 120"));
        assert!(!is_new_enough("wasm-opt version 108"));
        assert!(!is_new_enough("wasm-opt"));
    }
}
