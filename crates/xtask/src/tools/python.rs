//! A Python with the packages that the server's tests talk to, exactly as listed.
//!
//! It is a venv, named by what the list says: a changed list makes a new one. The scripts in a venv's `bin/`
//! hold the path it was made under, so only `python -m …` works after the move to its place.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::apt;
use super::install::{Tool, ensure};
use crate::outcome::{Failure, Outcome};
use crate::place::Place;
use crate::{process, stamp};

/// What the tests need, each package with its version; theirs too, so that every machine gets the same.
const LIST: &str = "crates/server/tests/requirements.txt";

/// Says what is installed of the packages named: `a==1 b==2`. Fails when one is missing.
const INSTALLED: &str = "\
import sys
from importlib.metadata import version
print(*(f'{name}=={version(name)}' for name in sys.argv[1:]))";

/// Answers the Python that has all of the list.
pub fn with_peers(place: &Place) -> Outcome<PathBuf> {
    let list = place.root.join(LIST);
    let text =
        std::fs::read_to_string(&list).map_err(|error| Failure::file("read", &list, &error))?;
    let wanted = pinned(&text)?;
    let names = wanted.iter().filter_map(|pin| pin.split("==").next());
    let asked: Vec<&str> = ["-c", INSTALLED].into_iter().chain(names).collect();
    let answer = wanted.join(" ");
    let tool = Tool {
        name: format!("python-{}", stamp::of(&place.root, &[LIST], "")?),
        program: "bin/python",
        asked: &asked,
        accepts: &|found| found == answer,
        takes: "a few seconds",
    };
    let folder = ensure(place, &tool, |folder| fill(folder, &list))?;
    Ok(folder.join(tool.program))
}

fn fill(folder: &Path, list: &Path) -> Outcome {
    if !makes_venvs() {
        println!("      installing Python with apt (under a minute, once)");
        apt::install(&["python3", "python3-venv"]).map_err(|failure| {
            Failure::new(format!(
                "{failure}\nThe server's tests need a python3 with its venv module. Install it and try again."
            ))
        })?;
    }
    process::run(Command::new("python3").args(["-m", "venv"]).arg(folder))?;
    let mut pip = Command::new(folder.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]);
    // The list is complete: what it does not name is not wanted.
    process::run(pip.args(["--no-deps", "--requirement"]).arg(list))
}

/// Debian's python3 lacks what a venv is filled with, until its package is installed.
fn makes_venvs() -> bool {
    process::answer(Path::new("python3"), &["-c", "import ensurepip, venv"]).is_some()
}

/// The lines `name==version` of the list, without comments. Another kind of line is a failure.
fn pinned(list: &str) -> Outcome<Vec<&str>> {
    let lines = list.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    lines
        .filter(|line| !line.is_empty())
        .map(|line| match line.split_once("==") {
            Some((name, version)) if is_plain(name) && is_plain(version) => Ok(line),
            _ => Err(Failure::new(format!("{LIST}: {line:?} is not name==version"))),
        })
        .collect()
}

fn is_plain(word: &str) -> bool {
    let fits = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_' | '.' | '+');
    !word.is_empty() && word.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_read_without_its_comments() {
        let list = "# Why.\n\naiosmtpd==1.4.6\nattrs==26.1.0  # of aiosmtpd\n";
        assert_eq!(pinned(list).unwrap(), ["aiosmtpd==1.4.6", "attrs==26.1.0"]);
    }

    #[test]
    fn a_package_without_a_version_is_told() {
        for line in ["aiosmtpd", "aiosmtpd>=1.4", "aiosmtpd==", "a==1; python_version>'3'", "-r b"]
        {
            let failure = pinned(line).unwrap_err();
            assert!(failure.to_string().contains(line), "{failure}");
        }
    }

    #[test]
    fn the_list_in_the_repository_can_be_installed() {
        let place = Place::find().unwrap();
        let list = std::fs::read_to_string(place.root.join(LIST)).unwrap();
        assert!(!pinned(&list).unwrap().is_empty());
    }
}
