//! Starting other programs and reading how they ended; removing what they made.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::outcome::{Failure, Outcome};
use crate::place::{Place, set};

/// Cargo of this very toolchain, in the repository. `cargo` sets `CARGO` for what it runs.
pub fn cargo(place: &Place, subcommand: &str) -> Command {
    let mut command = Command::new(set("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .current_dir(&place.root)
        .arg(subcommand)
        .env("CARGO_TARGET_DIR", &place.target)
        // The same for every build, so that the server's build script runs again only when it must.
        .env("SLUICE_WEB_DIR", place.web());
    if locked() && !matches!(subcommand, "fmt" | "install") {
        command.arg("--locked");
    }
    command
}

/// On a build machine `Cargo.lock` is a fact; at a desk cargo may still write it.
pub fn locked() -> bool {
    set("CI").is_some()
}

/// Runs a program in sight of the person at the terminal.
pub fn run(command: &mut Command) -> Outcome {
    let status = command.status().map_err(|error| cannot_start(command, &error))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!("`{}` ended with {status}", line(command))))
}

/// Runs a program and takes what it prints; its errors stay visible.
pub fn output(command: &mut Command) -> Outcome<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| cannot_start(command, &error))?;
    if !output.status.success() {
        return Err(Failure::new(format!("`{}` ended with {}", line(command), output.status)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// What a program says about its version, or nothing when it does not run.
pub fn version_of(program: &Path) -> Option<String> {
    answer(program, &["--version"])
}

/// What a program answers to these arguments, or nothing when it does not run or fails.
pub fn answer<A: AsRef<OsStr>>(program: &Path, arguments: &[A]) -> Option<String> {
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The first of these programs that lies on the PATH.
pub fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = set("PATH")?;
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|program| program.is_file())
}

/// The PATH with these folders first.
pub fn path_with(folders: &[PathBuf]) -> Outcome<std::ffi::OsString> {
    let old = set("PATH").unwrap_or_default();
    env::join_paths(folders.iter().cloned().chain(env::split_paths(&old)))
        .map_err(|error| Failure::new(format!("a tools folder cannot be in PATH: {error}")))
}

/// Removes a folder that may not be there.
pub fn remove_folder(folder: &Path) -> Outcome {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Failure::file("remove", folder, &error))
        }
        _ => Ok(()),
    }
}

fn cannot_start(command: &Command, error: &std::io::Error) -> Failure {
    Failure::new(format!("cannot start `{}`: {error}", command.get_program().display()))
}

/// The command as one could type it, so that a failure can be tried by hand.
fn line(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let words = std::iter::once(program).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_program_is_a_failure_that_names_it() {
        let failure = run(Command::new("sh").args(["-c", "exit 3"])).unwrap_err();
        assert_eq!(failure.to_string(), "`sh -c exit 3` ended with exit status: 3");
        assert!(output(Command::new("sh").args(["-c", "echo half; exit 1"])).is_err());
    }

    #[test]
    fn a_missing_program_is_a_failure_that_names_it() {
        let failure = run(&mut Command::new("no-such-program")).unwrap_err();
        assert!(failure.to_string().starts_with("cannot start `no-such-program`"));
        assert_eq!(version_of(Path::new("no-such-program")), None);
        assert_eq!(answer(Path::new("sh"), &["-c", "echo half; exit 1"]), None);
        assert_eq!(answer(Path::new("sh"), &["-c", "echo whole"]).as_deref(), Some("whole"));
    }
}
