//! `cargo xtask test`: every check there is, one after the other, stopping at the first that fails.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::options::Options;
use crate::outcome::{Failure, Outcome};
use crate::place::Place;
use crate::steps::Steps;
use crate::{budgets, cluster::Cluster, process, run, tidy, tools, web};

/// One check, or what the next ones need.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Step {
    /// Install what is missing.
    Tools,
    /// Directions, formatting, lints, stray files.
    Tidy,
    /// The browser entries.
    Web,
    /// Their sizes.
    Budgets,
    /// Rust tests on this machine.
    Native,
    /// The server's tests on PostgreSQL, and those that only PostgreSQL has.
    Postgres,
    /// `billing`'s tests as wasm, in Node.
    Wasm,
    /// The servers as people run them.
    Server,
    /// A real browser on the real server.
    Journeys,
    /// Some of the same with the server on PostgreSQL.
    JourneysOnPostgres,
}

/// The steps in their order. The servers embed the browser entries, so these come before any server test:
/// all tests see the pages that people see.
pub const STEPS: [Step; 10] = [
    Step::Tools,
    Step::Tidy,
    Step::Web,
    Step::Budgets,
    Step::Native,
    Step::Postgres,
    Step::Wasm,
    Step::Server,
    Step::Journeys,
    Step::JourneysOnPostgres,
];

impl Step {
    /// What `--only` calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tools => "tools",
            Self::Tidy => "tidy",
            Self::Web => "web",
            Self::Budgets => "budgets",
            Self::Native => "native",
            Self::Postgres => "postgres",
            Self::Wasm => "wasm",
            Self::Server => "server",
            Self::Journeys => "journeys",
            Self::JourneysOnPostgres => "journeys-postgres",
        }
    }

    /// The step of this name.
    pub fn named(name: &str) -> Option<Self> {
        STEPS.into_iter().find(|step| step.name() == name)
    }

    /// Whether it can be narrowed to some of its tests.
    pub fn takes_filters(self) -> bool {
        matches!(self, Self::Native | Self::Postgres | Self::Journeys | Self::JourneysOnPostgres)
    }

    fn title(self) -> &'static str {
        match self {
            Self::Tools => "tools",
            Self::Tidy => "tidiness",
            Self::Web => "browser entries",
            Self::Budgets => "byte budgets",
            Self::Native => "native tests",
            Self::Postgres => "tests on PostgreSQL",
            Self::Wasm => "state hash in wasm",
            Self::Server => "release server",
            Self::Journeys => "browser journeys",
            Self::JourneysOnPostgres => "browser journeys on PostgreSQL",
        }
    }

    /// What has to be done before it, when it is the only one asked for.
    fn needs(self) -> &'static [Self] {
        match self {
            Self::Tools | Self::Tidy | Self::Web | Self::Wasm => &[],
            Self::Budgets | Self::Native | Self::Postgres | Self::Server => &[Self::Web],
            Self::Journeys | Self::JourneysOnPostgres => &[Self::Web, Self::Server],
        }
    }

    fn work(self, place: &Place, filters: &[String]) -> Outcome {
        match self {
            Self::Tools => tools::all(place),
            Self::Tidy => tidy::tidy(place),
            Self::Web => web::build(place),
            Self::Budgets => budgets::check(place),
            Self::Native => native(place, filters),
            Self::Postgres => postgres(place, filters),
            Self::Wasm => wasm(place),
            Self::Server => run::build_server(place).map(drop),
            Self::Journeys => journeys(place, filters, None),
            Self::JourneysOnPostgres => journeys_on_postgres(place, filters),
        }
    }
}

/// Does the steps asked for.
pub fn test(place: &Place, options: &Options) -> Outcome {
    let chosen: Vec<Step> = match options.only {
        None => STEPS.to_vec(),
        Some(step) => step.needs().iter().copied().chain([step]).collect(),
    };
    let mut steps = Steps::new(chosen.len());
    for step in chosen {
        steps.step(step.title(), || step.work(place, &options.filters))?;
    }
    steps.summary();
    Ok(())
}

/// The same on a build machine: nothing kept between compilations, no colours, `Cargo.lock` as it is.
pub fn ci(place: &Place, options: &Options) -> Outcome {
    let mut again = Command::new(
        env::current_exe()
            .map_err(|error| Failure::new(format!("cannot find the running xtask: {error}")))?,
    );
    again.arg("test").stdin(Stdio::null());
    if let Some(step) = options.only {
        again.args(["--only", step.name()]).args(&options.filters);
    }
    again.env("CI", "true").env("CARGO_INCREMENTAL", "0").env("CARGO_TERM_COLOR", "never");
    process::run(again.current_dir(&place.root))
}

/// Runs the journeys and keeps what they show in `docs/screens/`.
pub fn screens(place: &Place, filters: &[String]) -> Outcome {
    tools::with_interface_font()?;
    web::build(place)?;
    run::build_server(place)?;
    journeys(place, filters, Some(place.root.join("docs/screens")))
}

fn native(place: &Place, filters: &[String]) -> Outcome {
    let mut test = cargo_test(place)?;
    // Whatever is set here, these run on SQLite.
    test.arg("--workspace").env_remove("SLUICE_TEST_DATABASE_URL");
    let (suites, names): (Vec<_>, Vec<_>) =
        filters.iter().partition(|filter| is_suite(place, filter));
    for suite in suites {
        test.args(["--test", suite]);
    }
    process::run(test.arg("--").args(names))
}

/// Whether the server has a suite of this name.
fn is_suite(place: &Place, name: &str) -> bool {
    let tests = place.root.join("crates/server/tests");
    tests.join(name).join("main.rs").exists() || tests.join(format!("{name}.rs")).exists()
}

/// Suites of the server that run on either database.
const ON_BOTH: [&str; 14] = [
    "storage",
    "http",
    "settle",
    "money_back",
    "usage",
    "usage_import",
    "usage_crash",
    "openmeter",
    "webhooks",
    "cli",
    "scale",
    "hostile",
    "wallet",
    "treasury",
];

/// Suites that only PostgreSQL has; the last one kills the server, so it comes when nobody else needs it.
const ON_POSTGRES: [&str; 2] = ["postgres", "postgres_restart"];

/// Tests that see what only the code beside them sees: how statements are carried out.
const BESIDE_THE_CODE: &str = "storage::postgres::tests::";

fn postgres(place: &Place, filters: &[String]) -> Outcome {
    let cluster = Cluster::start(&tools::for_postgres_tests()?)?;
    // In this order: cargo itself runs them in that of their names.
    for suite in ON_BOTH.into_iter().chain(ON_POSTGRES) {
        let mut test = cargo_test(place)?;
        // As the native tests are built: nothing is compiled twice.
        test.args(["--workspace", "--test", suite])
            .env("SLUICE_TEST_DATABASE_URL", cluster.url())
            .env("SLUICE_TEST_POSTGRES_DATA", cluster.data());
        process::run(test.args(["--", "--include-ignored"]).args(filters))?;
    }
    let mut plans = cargo_test(place)?;
    plans.args(["--workspace", "--lib"]).env("SLUICE_TEST_DATABASE_URL", cluster.url());
    let chosen = if filters.is_empty() { &[BESIDE_THE_CODE.to_owned()] } else { filters };
    process::run(plans.args(["--", "--include-ignored"]).args(chosen))
}

/// `cargo test` with what the server's tests start.
fn cargo_test(place: &Place) -> Outcome<Command> {
    let python = tools::for_server_tests(place)?;
    // The server's tests start the sandbox as a process of its own: it must be there before them.
    process::run(process::cargo(place, "build").args(["--package", "sluice-sandbox"]))?;
    let mut test = process::cargo(place, "test");
    test.env("SLUICE_PYTHON", python)
        .env("SLUICE_SANDBOX_BIN", place.target.join("debug").join("sluice-sandbox"))
        .stdin(Stdio::null());
    Ok(test)
}

/// The same log gives the same state hash as wasm: the test is `crates/billing/tests/wasm.rs`.
fn wasm(place: &Place) -> Outcome {
    let runner = tools::for_wasm_tests(place)?;
    let mut test = process::cargo(place, "test");
    test.args(["--package", "sluice-billing", "--target", "wasm32-unknown-unknown"])
        .args(["--test", "wasm"])
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner);
    let told = process::output(&mut test)?;
    print!("{told}");
    if ran_tests(&told) { Ok(()) } else { Err(Failure::new("tests/wasm.rs ran no test as wasm")) }
}

/// A file that is compiled away for wasm ends well, too.
fn ran_tests(told: &str) -> bool {
    told.lines().any(|line| line.starts_with("test result: ok.") && !line.contains(" 0 passed"))
}

fn journeys(place: &Place, filters: &[String], screens: Option<PathBuf>) -> Outcome {
    let mut node = node(place, filters)?;
    // Whatever is set here, these run on SQLite.
    node.env_remove("SLUICE_JOURNEYS_POSTGRES");
    match screens {
        Some(folder) => node.env("SLUICE_SCREENS", folder),
        None => node.env_remove("SLUICE_SCREENS"),
    };
    process::run(&mut node)
}

/// Journeys in which much is stored and told; what the others show does not depend on the database.
const ON_POSTGRES_TOO: [&str; 4] = ["add", "prices", "remove", "usage"];

fn journeys_on_postgres(place: &Place, filters: &[String]) -> Outcome {
    let all: Vec<_> = ON_POSTGRES_TOO.iter().map(|name| format!("{name}.test.mjs")).collect();
    let mut node = node(place, if filters.is_empty() { &all } else { filters })?;
    let cluster = Cluster::start(&tools::for_postgres_tests()?)?;
    node.env_remove("SLUICE_SCREENS")
        .env("SLUICE_JOURNEYS_POSTGRES", cluster.url())
        .env("SLUICE_PSQL", cluster.client());
    process::run(&mut node)
}

/// The journeys' own program, with what they need whatever the database.
fn node(place: &Place, filters: &[String]) -> Outcome<Command> {
    let chrome = tools::for_journeys(place)?;
    let mut node = Command::new("node");
    node.current_dir(place.tests())
        .args(["--test", "--test-reporter", "spec"])
        .args(journey_files(place, filters)?)
        .env("SLUICE_BIN", place.target.join("release").join("sluice"))
        .env("CHROME", chrome)
        .stdin(Stdio::null());
    Ok(node)
}

/// The journeys' files, named one by one: what `node --test` makes of a folder differs by version.
fn journey_files(place: &Place, filters: &[String]) -> Outcome<Vec<PathBuf>> {
    let folder = place.tests().join("journeys");
    let entries = fs::read_dir(&folder).map_err(|error| Failure::file("list", &folder, &error))?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.ends_with(".test.mjs") && matches(&name, filters)
        })
        .collect();
    files.sort();
    if files.is_empty() {
        return Err(Failure::new(format!("no journey matches {filters:?}")));
    }
    Ok(files)
}

fn matches(name: &str, filters: &[String]) -> bool {
    filters.is_empty() || filters.iter().any(|filter| name.contains(filter.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_can_be_named_and_needs_only_earlier_ones() {
        for (index, step) in STEPS.into_iter().enumerate() {
            assert_eq!(Step::named(step.name()), Some(step));
            for needed in step.needs() {
                assert!(STEPS[..index].contains(needed), "{step:?} needs {needed:?}");
            }
        }
    }

    #[test]
    fn a_wasm_run_without_tests_is_no_pass() {
        assert!(ran_tests("running 1 test\ntest result: ok. 1 passed; 0 failed\n"));
        assert!(!ran_tests("no tests to run!\n"));
        assert!(!ran_tests("test result: ok. 0 passed; 0 failed\n"));
    }

    #[test]
    fn a_filter_that_matches_no_journey_fails() {
        let place = Place::find().unwrap();
        assert!(!journey_files(&place, &[]).unwrap().is_empty());
        assert!(journey_files(&place, &["no such journey".into()]).is_err());
    }
}
