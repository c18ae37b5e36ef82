//! How fast usage is drawn. `cargo xtask bench draws` builds and starts this; it prints a table of rates, ratios and goals.
//! `cargo xtask bench verify` fills a database and has it verified ([`verified`]).
//!
//! Start reading at [`measure`]: what is measured, in which order. The server is the release binary in a process of its own
//! ([`serving`]), the load ([`load`]) comes over loopback, the limits it is compared with are a plain loop of inserts ([`bare`],
//! [`bare_postgres`]) and PostgreSQL with a transaction per draw ([`postgres`]). What never appears here: anything that the server does only for
//! a measurement.

mod arguments;
mod bare;
mod bare_postgres;
mod chance;
mod clock;
mod facts;
mod fill;
mod load;
mod measure;
mod memory;
mod postgres;
mod report;
mod seed;
mod serving;
mod switches;
mod verified;
mod wire;

use std::process::ExitCode;

/// What anything here ends with: a sentence for the person at the terminal.
pub type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sluice-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome {
    let arguments = arguments::read(std::env::args().skip(1))?;
    // The load has one thread: the server needs the other core.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    if let Some(only) = arguments.only {
        return runtime.block_on(measure::only(&arguments, only));
    }
    let (place, text) = if arguments.verify {
        ("verified", runtime.block_on(verified::all(&arguments))?)
    } else {
        let measured = runtime.block_on(measure::all(&arguments))?;
        ("measured", report::markdown(&measured, &facts::gather(&arguments)?))
    };
    println!("\n{text}");
    match &arguments.write {
        Some(page) => report::write(page, place, &text),
        None => Ok(()),
    }
}
