//! An endpoint that takes webhooks, in Python, with the official library: others' code says whether ours is right.

use std::{process::Stdio, time::Duration};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
    time::timeout,
};

/// A running endpoint; it ends with this value.
pub struct Sink {
    port: u64,
    input: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
    _process: Child,
}

/// What has come.
#[derive(Debug)]
pub struct Hook {
    pub id: String,
    pub path: String,
    pub event: String,
    pub headers: Value,
    pub body: Value,
    pub bytes: usize,
    /// What the library says of the signature.
    pub genuine: Value,
}

impl Hook {
    /// Event, standing, payer.
    pub fn says(&self) -> (&str, &str, &str) {
        let text = |name: &str| self.body["data"][name].as_str().unwrap();
        (&self.event, text("standing"), text("payer"))
    }
}

impl Sink {
    pub async fn start() -> Self {
        let python = std::env::var_os("SLUICE_PYTHON").expect(
            "SLUICE_PYTHON is not set: it names a Python with crates/server/tests/requirements.txt installed",
        );
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/hook_sink.py");
        let mut process = Command::new(&python)
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let line =
            lines.next_line().await.unwrap().expect("standardwebhooks is not in this Python");
        let told: Value = serde_json::from_str(&line).unwrap();
        let (port, input) = (told["port"].as_u64().unwrap(), process.stdin.take().unwrap());
        Self { port, input, lines, _process: process }
    }

    /// An address where requests are answered as the script says, like `500,slow,200`.
    pub fn url(&self, script: &str) -> String {
        format!("http://127.0.0.1:{}/{script}", self.port)
    }

    /// From now on signatures are checked with this secret.
    pub async fn expect(&mut self, secret: &str) {
        self.input.write_all(format!("{secret}\n").as_bytes()).await.unwrap();
        assert_eq!(self.line().await["secret"], "taken");
    }

    async fn line(&mut self) -> Value {
        let line = timeout(Duration::from_secs(10), self.lines.next_line()).await;
        serde_json::from_str(&line.expect("nothing comes").unwrap().unwrap()).unwrap()
    }

    /// The next one.
    pub async fn next(&mut self) -> Hook {
        let told = self.line().await;
        let text = told["body"].as_str().unwrap();
        let body: Value = serde_json::from_str(text).unwrap();
        Hook {
            id: told["headers"]["webhook-id"].as_str().unwrap().to_owned(),
            path: told["path"].as_str().unwrap().to_owned(),
            event: body["type"].as_str().unwrap().to_owned(),
            headers: told["headers"].clone(),
            bytes: text.len(),
            body,
            genuine: told["genuine"].clone(),
        }
    }

    /// Nothing more has come.
    pub async fn assert_quiet(&mut self) {
        let line = timeout(Duration::from_millis(150), self.lines.next_line()).await;
        assert!(line.is_err(), "{line:?}");
    }
}
