//! The release server as a process of its own, on one database or the other.

use std::{
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use crate::{
    Outcome, clock,
    load::{self, Kind},
    memory::Watch,
    seed::Agency,
};

/// A server that runs; killed when it is dropped.
pub struct Serving {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// How much memory it takes.
    pub memory: Watch,
}

impl Serving {
    /// Starts one and waits until it answers.
    pub fn start(sluice: &Path, database_url: &str) -> Outcome<Self> {
        let mut child = Command::new(sluice)
            .args(["--database-url", database_url])
            .args(["serve", "--listen", "127.0.0.1:0", "--json"])
            // Nobody pays here; the gateway's port is one where nobody listens.
            .args(["--stripe-api-url", "http://127.0.0.1:9"])
            .env("SLUICE_STRIPE_SECRET_KEY", "sk_test_none")
            .env("SLUICE_STRIPE_PUBLISHABLE_KEY", "pk_test_none")
            .env("SLUICE_STRIPE_WEBHOOK_SECRET", "whsec_none")
            .env("SLUICE_LOG", "error")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .map_err(|error| format!("{}: {error}", sluice.display()))?;
        let mut line = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        let memory = Watch::start(child.id());
        let address = || -> Option<SocketAddr> {
            let said: serde_json::Value = serde_json::from_str(&line).ok()?;
            said.get("url")?.as_str()?.strip_prefix("http://")?.parse().ok()
        };
        match address() {
            Some(address) => Ok(Self { child, address, memory }),
            None => {
                let _gone = child.kill();
                Err(format!("the server did not start: {line:?}").into())
            }
        }
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as an operator would, and waits until it is gone.
    pub fn stop(mut self) -> Outcome {
        let told = Command::new("kill").arg(self.child.id().to_string()).status()?;
        if told.success() {
            self.child.wait()?;
        }
        Ok(())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}

/// The URL of a database file.
pub fn file(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}

/// How long from the start of the process until it has taken an event.
pub async fn restart(
    sluice: &Path,
    database: &Path,
    agency: &Agency,
    ids: &crate::chance::Ids,
) -> Outcome<(Serving, Duration)> {
    let begun = clock::now();
    let serving = Serving::start(sluice, &file(database))?;
    load::once(serving.address, agency, Kind::Single, ids).await?;
    Ok((serving, begun.elapsed()))
}
