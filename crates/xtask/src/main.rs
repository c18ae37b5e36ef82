//! `cargo xtask`: the only tool to know.
//!
//! Start reading at [`main`]; each command is a module of its own. The standard library is enough here: xtask has
//! to compile in a second, because every first run on a new machine waits for it. What never appears here: anything
//! of the product itself. xtask only starts other programs and reads files.

mod advisories;
mod bench;
mod budgets;
mod cluster;
mod help;
mod options;
mod outcome;
mod place;
mod process;
mod run;
mod stamp;
mod steps;
mod test;
mod tidy;
mod tools;
mod web;

use std::process::ExitCode;

use outcome::{Failure, Outcome};
use place::Place;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nxtask: {failure}");
            if failure.is_usage() { ExitCode::from(2) } else { ExitCode::FAILURE }
        }
    }
}

fn dispatch(arguments: &[String]) -> Outcome {
    let Some((command, rest)) = arguments.split_first() else {
        println!("{}", help::TEXT);
        return Ok(());
    };
    let place = Place::find()?;
    match command.as_str() {
        "run" => run::run(&place, rest),
        "test" => test::test(&place, &options::parse(rest)?),
        "ci" => test::ci(&place, &options::parse(rest)?),
        "screens" => test::screens(&place, rest),
        "bench" => bench::bench(&place, rest),
        "advisories" => none(rest).and_then(|()| advisories::advisories(&place)),
        "tidy" => none(rest).and_then(|()| tidy::tidy(&place)),
        "web" => none(rest).and_then(|()| web::build(&place)),
        "tools" => none(rest).and_then(|()| tools::all(&place)),
        "help" | "--help" | "-h" => {
            println!("{}", help::TEXT);
            Ok(())
        }
        other => Err(Failure::usage(format!("there is no command `{other}`\n\n{}", help::TEXT))),
    }
}

/// Commands without arguments say so, instead of ignoring a typing error.
fn none(rest: &[String]) -> Outcome {
    match rest.first() {
        None => Ok(()),
        Some(extra) => Err(Failure::usage(format!("`{extra}` is not expected here"))),
    }
}
