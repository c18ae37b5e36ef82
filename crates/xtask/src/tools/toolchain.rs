//! The parts of the Rust toolchain that rustup knows to add.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::outcome::Outcome;
use crate::process;

const WASM: &str = "wasm32-unknown-unknown";

/// The standard library for the browser.
pub fn wasm_target() -> Outcome {
    if sysroot()?.join("lib/rustlib").join(WASM).join("lib").is_dir() {
        return Ok(());
    }
    println!("      installing the {WASM} target (a few seconds, once)");
    process::run(Command::new("rustup").args(["target", "add", WASM]))
}

/// rustfmt and clippy.
pub fn lints() -> Outcome {
    let programs = sysroot()?.join("bin");
    for (program, component) in [("rustfmt", "rustfmt"), ("cargo-clippy", "clippy")] {
        if !is_program(&programs.join(program)) {
            println!("      installing {component} (a few seconds, once)");
            process::run(Command::new("rustup").args(["component", "add", component]))?;
        }
    }
    Ok(())
}

fn is_program(path: &Path) -> bool {
    path.is_file() || path.with_extension("exe").is_file()
}

fn sysroot() -> Outcome<PathBuf> {
    let printed = process::output(Command::new("rustc").args(["--print", "sysroot"]))?;
    Ok(PathBuf::from(printed.trim()))
}
