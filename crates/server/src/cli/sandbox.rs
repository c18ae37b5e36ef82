//! The sandbox gateway beside a demo: its own process, which ends with us.

use std::{path::PathBuf, process::Stdio, time::Duration};

use serde::Deserialize;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, ChildStdin, Command},
};

use super::End;
use crate::{
    config::{GatewayConfig, Secret},
    demo::SandboxAddress,
};

/// The longest that it may take to say where it listens.
const START_WITHIN: Duration = Duration::from_secs(10);
/// The same ids in every demo.
const SEED: &str = "20261122";

/// A running sandbox.
pub struct Sandbox {
    /// Where it is, without a slash at the end.
    pub url: String,
    facts: Facts,
    /// Ended when dropped.
    _child: Child,
    /// Its end is the sandbox's end, also when we are killed.
    _stdin: Option<ChildStdin>,
}

/// The line it prints.
#[derive(Deserialize)]
struct Facts {
    url: String,
    secret_key: String,
    publishable_key: String,
    script_url: String,
}

#[derive(Deserialize)]
struct Endpoint {
    secret: String,
}

impl Sandbox {
    /// Starts one on a free port.
    pub async fn start() -> Result<Self, End> {
        let program = program()?;
        let failed = |why: String| End::Failed(format!("{}: {why}", program.display()));
        let mut child = Command::new(&program)
            .args(["--listen", "127.0.0.1:0", "--json", "--exit-with-stdin", "--seed", SEED])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| failed(error.to_string()))?;
        let stdin = child.stdin.take();
        let stdout = child.stdout.take().ok_or_else(|| failed("it has no output".to_owned()))?;
        let mut lines = BufReader::new(stdout).lines();
        let line = tokio::time::timeout(START_WITHIN, lines.next_line()).await;
        let line = line.map_err(|_| failed("it did not start in time".to_owned()))?;
        let line = line.map_err(|error| failed(error.to_string()))?.unwrap_or_default();
        let facts: Facts = serde_json::from_str(&line)
            .map_err(|_| failed("it did not say where it listens".to_owned()))?;
        Ok(Self { url: facts.url.clone(), facts, _child: child, _stdin: stdin })
    }

    /// Where it is, for whoever fills its books.
    pub fn address(&self) -> SandboxAddress {
        SandboxAddress { url: self.url.clone(), secret_key: self.facts.secret_key.clone() }
    }

    /// Has its events sent to us; answers how it is reached.
    pub async fn register(&self, public_url: &str) -> Result<GatewayConfig, End> {
        let form = [
            ("url", format!("{public_url}/api/v1/webhooks/stripe")),
            ("enabled_events[]", "*".to_owned()),
        ];
        let endpoint: Endpoint = {
            // It is on this machine, whatever stands between us and the world.
            let client = reqwest::Client::builder().no_proxy().build().map_err(End::failed)?;
            let sent = client
                .post(format!("{}/v1/webhook_endpoints", self.url))
                .bearer_auth(&self.facts.secret_key)
                .form(&form)
                .send()
                .await
                .and_then(reqwest::Response::error_for_status);
            let text = sent.map_err(End::failed)?.text().await.map_err(End::failed)?;
            serde_json::from_str(&text).map_err(End::failed)?
        };
        Ok(GatewayConfig {
            api_url: self.url.clone(),
            script_url: self.facts.script_url.clone(),
            secret_key: Secret(self.facts.secret_key.clone()),
            publishable_key: self.facts.publishable_key.clone(),
            webhook_secret: Secret(endpoint.secret),
        })
    }
}

fn program() -> Result<PathBuf, End> {
    if let Some(chosen) = std::env::var_os("SLUICE_SANDBOX_BIN") {
        return Ok(chosen.into());
    }
    let here = std::env::current_exe().map_err(End::failed)?;
    let name = format!("sluice-sandbox{}", std::env::consts::EXE_SUFFIX);
    let beside = here.with_file_name(name);
    if beside.is_file() {
        return Ok(beside);
    }
    let beside = beside.display();
    Err(End::Failed(format!("the demo needs {beside}: cargo build --package sluice-sandbox")))
}
