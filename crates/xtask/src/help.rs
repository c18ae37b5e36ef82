//! What `cargo xtask` answers when it is asked for nothing.

use crate::test::STEPS;

/// The text of `cargo xtask help`.
pub const TEXT: &str = "\
cargo xtask COMMAND

  run [ARGUMENTS…]   build everything, start the demo and print where to go; Ctrl-C stops it
                     (arguments go to `sluice serve --demo`, for example --listen 127.0.0.1:8080)
  test [--only STEP [FILTER…]]
                     every check there is, in order, stopping at the first that fails
                     (FILTER: part of a journey's file name, or of a native or postgres test's name; for native tests
                     also the name of one of the server's suites)
  ci                 what .ci/run does: `test`, with the settings of a build machine
  tidy               directions between the parts, formatting, lints, stray files
  web                build the browser entries and compress them
  screens [FILTER…]  run the journeys and write docs/screens/
  bench draws [--quick] [--write]
                     how fast usage is drawn, against two baselines and the goals of the project
                     (--quick: short spans, for trying; --write: the table goes into docs/benchmarks.md)
  bench verify [--quick] [--write]
                     that 10,000,000 events (--quick: a tenth) are verified, and a changed byte is found
  advisories         ask whether a hole is known in what is locked (needs a network, cargo-audit and pip-audit); fails when
                     there is one, and when something could not be asked
  tools              install what is missing, and nothing else

Set-up is part of every command: what is missing is installed once, outside the repository
($SLUICE_TOOLS, else $XDG_CACHE_HOME/sluice-tools, else ~/.cache/sluice-tools).
A browser of your own: $CHROME. Build output: $CARGO_TARGET_DIR, else ./target.";

/// The names that `--only` takes, as a person would read them.
pub fn step_names() -> String {
    STEPS.map(|step| step.name()).join(", ")
}
