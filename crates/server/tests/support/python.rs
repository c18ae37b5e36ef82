//! Programs in Python that tests talk to: what others wrote, each as a process of its own.
//!
//! `SLUICE_PYTHON` names a Python that has what `requirements.txt` says; `cargo xtask test` makes one.

use std::{process::Stdio, time::Duration};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
    time::timeout,
};

/// The longest that a program may be silent.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running script of `tests/support`; it ends with this value.
pub struct Python {
    /// Its end is the program's end.
    _input: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
    _process: Child,
}

impl Python {
    pub fn start(script: &str, arguments: &[&str]) -> Self {
        let Some(python) = std::env::var_os("SLUICE_PYTHON") else {
            panic!(
                "SLUICE_PYTHON is not set: it names a Python with crates/server/tests/requirements.txt \
                 installed (python3 -m venv V && V/bin/pip install -r …; SLUICE_PYTHON=V/bin/python)"
            );
        };
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support");
        let mut process = Command::new(&python)
            .arg(format!("{folder}/{script}"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("{} does not start: {error}", python.display()));
        let input = process.stdin.take().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        Self { _input: input, lines, _process: process }
    }

    /// Its next line, which is JSON.
    pub async fn told(&mut self) -> Value {
        let line = timeout(PATIENCE, self.lines.next_line()).await;
        let line = line.expect("it says nothing").unwrap().expect("it has ended");
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("this is not JSON: {line}"))
    }

    /// The port that its first line names.
    pub async fn port(&mut self) -> u64 {
        self.told().await["port"].as_u64().unwrap()
    }
}
