//! Rules that a machine can check, so that nobody has to wish for them.
//!
//! The rules themselves are tables: [`directions`] says which part may know which, [`files`] what may be
//! committed where. [`source`] reads Rust only as far as the rules need it.

mod directions;
mod files;
mod packages;
mod security;
mod source;

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use crate::outcome::{Failure, Outcome};
use crate::place::Place;
use crate::{process, tools};

/// Runs in Node and names the scripts that do not parse.
const PARSE: &str = include_str!("tidy/parse.mjs");

/// A file of the repository: its path from the root, with `/`, and its text unless it is binary.
pub struct File {
    /// For example `src/ui/button.rs`.
    pub path: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// Its contents.
    pub text: Option<String>,
}

/// Checks everything; the quick rules first, and all of their complaints at once.
pub fn tidy(place: &Place) -> Outcome {
    let files = listed(place)?;
    println!("      files and directions ({} files)", files.len());
    let mut complaints = files::complaints(&files);
    complaints.extend(directions::complaints(&files));
    complaints.extend(security::complaints(&files));
    complaints.extend(packages::complaints(place)?);
    if !complaints.is_empty() {
        return Err(Failure::new(format!("not tidy:\n  {}", complaints.join("\n  "))));
    }
    println!("      scripts");
    scripts(place, &files)?;
    tools::lints()?;
    println!("      formatting");
    process::run(process::cargo(place, "fmt").args(["--all", "--check"]))?;
    println!("      lints");
    let native = ["--workspace", "--all-targets"];
    let deny = ["--", "-D", "warnings"];
    process::run(process::cargo(place, "clippy").args(native).args(deny))?;
    tools::wasm_target()?;
    println!("      lints in the browser's code");
    // In the profile that ships: its macros and build scripts are then compiled once for lints and pages.
    let browser = ["--package", "sluice-web", "--target", "wasm32-unknown-unknown"];
    let shipped = ["--profile", "wasm-release"];
    process::run(process::cargo(place, "clippy").args(browser).args(shipped).args(deny))
}

/// What is committed, and what would be with `git add --all`.
fn listed(place: &Place) -> Outcome<Vec<File>> {
    let mut git = Command::new("git");
    git.current_dir(&place.root);
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"]);
    let names = process::output(&mut git)?;
    let names = names.split('\0').filter(|name| !name.is_empty());
    // A file that is deleted but not yet committed so is listed all the same.
    let there = names.filter(|name| place.root.join(name).is_file());
    there.map(|name| read(place, name)).collect()
}

fn read(place: &Place, name: &str) -> Outcome<File> {
    let path = place.root.join(name);
    let content = fs::read(&path).map_err(|error| Failure::file("read", &path, &error))?;
    let bytes = content.len().try_into().unwrap_or(u64::MAX);
    Ok(File { path: name.to_owned(), bytes, text: String::from_utf8(content).ok() })
}

fn scripts(place: &Place, files: &[File]) -> Outcome {
    let scripts = files.iter().map(|file| file.path.as_str());
    let scripts: Vec<&str> =
        scripts.filter(|path| path.ends_with(".js") || path.ends_with(".mjs")).collect();
    let mut node = Command::new("node");
    node.current_dir(&place.root)
        .args([
            "--experimental-vm-modules",
            "--no-warnings",
            "--input-type=module",
            "--eval",
            PARSE,
        ])
        .stdin(Stdio::piped());
    let mut child =
        node.spawn().map_err(|error| Failure::new(format!("cannot start node: {error}")))?;
    if let Some(mut input) = child.stdin.take() {
        let list = scripts.join("\n");
        input
            .write_all(list.as_bytes())
            .map_err(|error| Failure::new(format!("node did not listen: {error}")))?;
    }
    let status = child.wait().map_err(|error| Failure::new(format!("node was lost: {error}")))?;
    if status.success() { Ok(()) } else { Err(Failure::new("a script does not parse")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_that_does_not_parse_fails() {
        let root = std::env::temp_dir().join(format!("xtask-scripts-{}", std::process::id()));
        fs::create_dir_all(&root).unwrap();
        let place = Place { root: root.clone(), target: root.clone(), tools: root.clone() };
        let check = |name: &str, text: &str| {
            fs::write(root.join(name), text).unwrap();
            scripts(&place, &[read(&place, name).unwrap()])
        };
        check("module.mjs", "import { a } from 'a'; export const b = await a();").unwrap();
        check("classic.js", "return_ = function () { return 1 }").unwrap();
        check("module.js", "export default 1").unwrap();
        check("broken.mjs", "const = 1").unwrap_err();
        check("broken.js", "function (").unwrap_err();
        fs::remove_dir_all(root).unwrap();
    }
}
