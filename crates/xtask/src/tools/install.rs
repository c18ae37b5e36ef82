//! A folder that appears whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use crate::outcome::{Failure, Outcome};
use crate::place::Place;
use crate::process;

/// How most programs are asked what they are.
pub const VERSION: &[&str] = &["--version"];

/// A tool as it lies in the tools folder.
pub struct Tool<'a> {
    /// The folder's name: the tool's name and version.
    pub name: String,
    /// The program within the folder that is asked what it is.
    pub program: &'a str,
    /// How it is asked, mostly [`VERSION`].
    pub asked: &'a [&'a str],
    /// Whether what it answers is what we want.
    pub accepts: &'a dyn Fn(&str) -> bool,
    /// For the person waiting.
    pub takes: &'a str,
}

/// Answers the tool's folder, after installing it with `fill` (which gets an empty folder) if need be.
pub fn ensure(
    place: &Place,
    tool: &Tool<'_>,
    fill: impl FnOnce(&Path) -> Outcome,
) -> Outcome<PathBuf> {
    let folder = place.tools.join(&tool.name);
    if is_good(&folder, tool) {
        return Ok(folder);
    }
    println!("      installing {} ({}, once)", tool.name, tool.takes);
    let unfinished = place.tools.join(format!(".{}.{}", tool.name, std::process::id()));
    process::remove_folder(&unfinished)?;
    fs::create_dir_all(&unfinished).map_err(|error| Failure::file("make", &unfinished, &error))?;
    fill(&unfinished)?;
    if !is_good(&unfinished, tool) {
        let answer = answer(&unfinished, tool).unwrap_or_else(|| "nothing".into());
        process::remove_folder(&unfinished)?;
        let name = &tool.name;
        return Err(Failure::new(format!("{name} was installed, but says that it is {answer:?}")));
    }
    // Another checkout may have been faster: what it made is as good as ours.
    if !is_good(&folder, tool) {
        process::remove_folder(&folder)?;
        fs::rename(&unfinished, &folder).map_err(|error| Failure::file("make", &folder, &error))?;
    }
    process::remove_folder(&unfinished)?;
    println!("      installed {}", tool.name);
    Ok(folder)
}

fn is_good(folder: &Path, tool: &Tool<'_>) -> bool {
    answer(folder, tool).is_some_and(|answer| (tool.accepts)(&answer))
}

fn answer(folder: &Path, tool: &Tool<'_>) -> Option<String> {
    process::answer(&folder.join(tool.program), tool.asked)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn place(name: &str) -> Place {
        let root = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
        process::remove_folder(&root).unwrap();
        Place { root: root.clone(), target: root.clone(), tools: root }
    }

    fn tool() -> Tool<'static> {
        Tool {
            name: "gate-2".into(),
            program: "gate",
            asked: VERSION,
            accepts: &|answer| answer == "gate 2",
            takes: "no time",
        }
    }

    fn program(folder: &Path, version: &str) -> Outcome {
        let path = folder.join("gate");
        fs::write(&path, format!("#!/bin/sh\necho gate {version}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        Ok(())
    }

    #[test]
    fn a_good_tool_is_installed_once() {
        let place = place("once");
        ensure(&place, &tool(), |folder| program(folder, "2")).unwrap();
        let again = |_: &Path| Err(Failure::new("installed twice"));
        assert_eq!(ensure(&place, &tool(), again).unwrap(), place.tools.join("gate-2"));
        process::remove_folder(&place.root).unwrap();
    }

    #[test]
    fn a_wrong_or_half_made_tool_is_replaced() {
        let place = place("replaced");
        fs::create_dir_all(place.tools.join("gate-2")).unwrap();
        program(&place.tools.join("gate-2"), "1").unwrap();
        let folder = ensure(&place, &tool(), |folder| program(folder, "2")).unwrap();
        assert_eq!(process::version_of(&folder.join("gate")).as_deref(), Some("gate 2"));
        process::remove_folder(&place.root).unwrap();
    }

    #[test]
    fn an_install_that_fails_or_gives_another_version_leaves_no_tool() {
        let place = place("none");
        ensure(&place, &tool(), |_| Err(Failure::new("no network"))).unwrap_err();
        let failure = ensure(&place, &tool(), |folder| program(folder, "1")).unwrap_err();
        assert!(failure.to_string().contains("\"gate 1\""), "{failure}");
        assert!(!place.tools.join("gate-2").exists());
        process::remove_folder(&place.root).unwrap();
    }
}
