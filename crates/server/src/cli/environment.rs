//! Variables: secrets, what is logged, and those that nobody knows.

use std::{
    collections::BTreeSet,
    env::{self, VarError},
    fs,
    io::{self, IsTerminal as _},
};

use clap::CommandFactory as _;
use tracing_subscriber::EnvFilter;

use super::{
    End,
    args::{Args, Command},
};
use crate::config::Secret;

/// Secrets, each also as a file.
const SECRETS: [&str; 7] = [
    "SLUICE_DATABASE_URL",
    "SLUICE_TO",
    "SLUICE_STRIPE_SECRET_KEY",
    "SLUICE_STRIPE_WEBHOOK_SECRET",
    "SLUICE_MAIL_URL",
    "SLUICE_OIDC_CLIENT_SECRET",
    "SLUICE_PASSWORD",
];
/// An operator's, but not flags.
const NO_FLAGS: [&str; 3] = ["SLUICE_LOG", "SLUICE_LOG_FORMAT", "SLUICE_SANDBOX_BIN"];
/// Ours, but not this program's: for its development.
const OTHERS: [&str; 8] = [
    "SLUICE_TEST_POSTGRES_DATA",
    "SLUICE_TEST_DATABASE_URL",
    "SLUICE_TOOLS",
    "SLUICE_BIN",
    "SLUICE_SCREENS",
    "SLUICE_WEB_DIR",
    "SLUICE_PYTHON",
    "SLUICE_BLESS",
];

/// A secret, from its variable or from the file that its `_FILE` variable names.
///
/// # Errors
/// When both are set, or the file cannot be read.
pub fn secret(name: &str) -> Result<Option<Secret>, End> {
    let direct = variable(name)?;
    let file = format!("{name}_FILE");
    let value = match (direct, variable(&file)?) {
        (Some(_), Some(_)) => return Err(End::Usage(format!("set {name} or {file}, not both"))),
        (None, Some(path)) => {
            let text = fs::read_to_string(&path);
            let text = text.map_err(|error| End::Failed(format!("{file}: {path}: {error}")))?;
            Some(text.trim_end_matches(['\r', '\n']).to_owned())
        }
        (direct, None) => direct,
    };
    Ok(value.filter(|value| !value.is_empty()).map(Secret))
}

fn variable(name: &str) -> Result<Option<String>, End> {
    match env::var(name) {
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(End::Usage(format!("{name} is not UTF-8"))),
    }
}

/// A variable that is misspelt would be a setting that silently does not hold.
pub fn warn_of_unknown() {
    let names = env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    for name in unknown(names) {
        eprintln!("sluice: warning: nothing here is called {name}");
    }
}

fn unknown(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut known = operators();
    known.extend(SECRETS.map(|secret| format!("{secret}_FILE")));
    known.extend(OTHERS.map(str::to_owned));
    names.filter(|name| name.starts_with("SLUICE_") && !known.contains(name)).collect()
}

/// What an operator may set; the `_FILE` of a secret that is also a variable is left out.
fn operators() -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    collect(&Args::command(), &mut known);
    known.extend(SECRETS.into_iter().chain(NO_FLAGS).map(str::to_owned));
    // A password in a variable is seen by every child; only its file is read.
    known.remove("SLUICE_PASSWORD");
    known.insert("SLUICE_PASSWORD_FILE".to_owned());
    known
}

fn collect(command: &clap::Command, known: &mut BTreeSet<String>) {
    for argument in command.get_arguments() {
        known.extend(argument.get_env().map(|name| name.to_string_lossy().into_owned()));
    }
    for command in command.get_subcommands() {
        collect(command, known);
    }
}

/// Logs to standard error. A demo says little: its user reads where to go.
pub fn start_log(command: &Command) {
    let quiet = !matches!(command, Command::Serve(args) if !args.demo);
    let default = if quiet { "warn" } else { "info" };
    let filter = env::var("SLUICE_LOG").ok().and_then(|filter| EnvFilter::try_new(filter).ok());
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter.unwrap_or_else(|| EnvFilter::new(default)))
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr);
    if env::var("SLUICE_LOG_FORMAT").is_ok_and(|format| format == "json") {
        log.json().init();
    } else {
        log.init();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_variable_is_noticed() {
        let names = [
            "PATH",
            "SLUICE_LISTEN",
            "SLUICE_LISTN",
            "SLUICE_STRIPE_SECRET_KEY_FILE",
            "SLUICE_PASSWORD",
            "SLUICE_PASSWORD_FILE",
            "SLUICE_WEB_DIR",
        ];
        let unknown = unknown(names.into_iter().map(str::to_owned));
        assert_eq!(unknown, ["SLUICE_LISTN", "SLUICE_PASSWORD"]);
    }

    #[test]
    fn going_live_lists_every_variable_and_no_other() {
        let page = include_str!("../../../../docs/going-live.md");
        let rows = page.lines().filter_map(|line| line.strip_prefix("| `SLUICE_"));
        let (mut listed, mut as_files) = (Vec::new(), BTreeSet::new());
        for row in rows {
            let (name, rest) = row.split_once('`').unwrap();
            let [_, commands, file, text, _] = rest.split('|').collect::<Vec<_>>()[..] else {
                panic!("{row}");
            };
            assert!(!commands.trim().is_empty() && !text.trim().is_empty(), "{row}");
            let name = format!("SLUICE_{name}");
            if file.trim() == "file" {
                as_files.insert(name.clone());
            }
            listed.push(name);
        }
        assert_eq!(listed.iter().cloned().collect::<BTreeSet<_>>(), operators());
        assert_eq!(listed.len(), operators().len(), "one row each");
        let secrets = SECRETS.into_iter().filter(|name| *name != "SLUICE_PASSWORD");
        assert_eq!(as_files, secrets.map(str::to_owned).collect());
    }
}
