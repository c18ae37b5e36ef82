//! A real `sluice` process on a database of its own: one agency, one account, an API key, a price.

use std::process::Stdio;

use billing::{
    AgencyId, Money, Timestamp,
    funding::Actor,
    ledger::Book,
    pricing::{Price, PriceSubject, Setting, Terms},
    usage::{EventType, FieldName},
};
use serde_json::Value;
use server::{
    deps::{Clock as _, SystemClock},
    execute::{ExecuteError, Origin, keys::key_hash, prices},
    storage::{Scope, StorageError, Store, Transaction},
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

use super::database::Database;

/// An installation on disk.
pub struct House {
    /// Where files of a test go.
    pub folder: TempDir,
    pub database: Database,
    pub agency: AgencyId,
    /// May send usage and read accounts.
    pub key: String,
    scope: Option<Scope>,
}

impl House {
    /// With the account `BW-0077`, whose `sms.sent` cost 1.00 a segment.
    pub async fn build() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let agency = AgencyId::new(Timestamp::from_millis(0), [0; 10]);
        let database = Database::fresh();
        let mut house = Self { folder, database, agency, key: String::new(), scope: None };
        house.agency = house.done(&["agency", "add", "--name", "Northwind"]).await.parse().unwrap();
        let agency = house.agency.to_string();
        let csv = house.folder.path().join("accounts.csv");
        std::fs::write(&csv, "external_id,name\nBW-0077,Brightwater Plumbing\n").unwrap();
        house.done(&["import", csv.to_str().unwrap(), "--agency", &agency]).await;
        let name = ["--name", "Metering"];
        let create = ["key", "create", "--agency", &agency];
        house.key = house.done(&[&create[..], &name].concat()).await;
        let hash = key_hash(&house.key);
        let found = house.store().read(move |tx| tx.key_by_hash(&hash)).await;
        let found = found.map_err(|error: StorageError| error).unwrap();
        house.scope = found.map(|(scope, _)| scope);
        house.set_price("sms.sent", "1", "segments").await;
        house
    }

    pub fn scope(&self) -> Scope {
        self.scope.unwrap()
    }

    /// The database, opened by this process. A server may run on it.
    pub fn store(&self) -> Store {
        self.database.open().store
    }

    pub async fn set_price(&self, event_type: &str, unit_price: &str, field: &str) {
        let subject = PriceSubject::List { event_type: EventType::parse(event_type).unwrap() };
        let field = FieldName::parse(field).unwrap();
        let terms = Terms::flat(Price::parse(unit_price).unwrap(), Some(field));
        let (scope, now, setting) = (self.scope(), SystemClock.now(), Setting::Price { terms });
        let origin = Origin::new(Actor::system("test"), "test");
        let begin = Timestamp::from_millis(0);
        let write = move |tx: &mut dyn Transaction| {
            prices::set_price(tx, scope, &subject, begin, &setting, now, &origin)
        };
        let row: Result<_, ExecuteError> = self.store().write(write).await;
        row.unwrap();
    }

    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sluice"));
        command
            .args(words)
            .current_dir(self.folder.path())
            .env("SLUICE_DATABASE_URL", self.database.url())
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// The exit code, standard output and standard error, without the line's end.
    pub async fn run(&self, words: &[&str]) -> (i32, String, String) {
        let output = self.command(words).output().await.unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().trim_end().to_owned();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    /// What a command that must work prints.
    pub async fn done(&self, words: &[&str]) -> String {
        let (code, out, error) = self.run(words).await;
        assert_eq!(code, 0, "{words:?}: {error}");
        out
    }

    /// An owner with a password.
    pub async fn add_person(&self, email: &str, password: &str) {
        let file = self.folder.path().join("password");
        std::fs::write(&file, password).unwrap();
        let agency = self.agency.to_string();
        let words = ["user", "add", "--agency", &agency, "--name", "Robin", "--email", email];
        let mut command = self.command(&words);
        let output = command.env("SLUICE_PASSWORD_FILE", file).output().await.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Starts a server; nobody answers for the gateway.
    pub async fn serve(&self) -> Server {
        self.serve_with(&[]).await
    }

    /// The same, with these variables.
    pub async fn serve_with(&self, settings: &[(&str, &str)]) -> Server {
        let mut process = self
            .command(&["serve", "--json", "--listen", "127.0.0.1:0"])
            .env("SLUICE_STRIPE_API_URL", "http://127.0.0.1:9")
            .env("SLUICE_STRIPE_SECRET_KEY", "sk_test_x")
            .env("SLUICE_STRIPE_PUBLISHABLE_KEY", "pk_test_x")
            .env("SLUICE_STRIPE_WEBHOOK_SECRET", "whsec_test")
            .env("SLUICE_LOG", "error")
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).await.unwrap();
        let told: Value = serde_json::from_str(&line).unwrap();
        Server { url: told["url"].as_str().unwrap().to_owned(), process }
    }

    /// How many events there are, and the agency's balance.
    pub async fn books(&self) -> (u64, Money) {
        let scope = self.scope();
        let read = move |tx: &mut dyn Transaction| {
            Ok::<_, StorageError>((
                tx.metering_head(scope)?.events,
                tx.balance(scope, Book::Agency)?,
            ))
        };
        self.store().read(read).await.unwrap()
    }

    /// Every invariant holds, as the command line sees it.
    pub async fn assert_sound(&self) {
        let report = self.done(&["verify", "--json"]).await;
        let report: Value = serde_json::from_str(&report).unwrap();
        assert_eq!(report["ok"], true, "{report:#}");
    }
}

/// A running server.
pub struct Server {
    pub url: String,
    pub process: Child,
}

impl Server {
    /// As a power cut would.
    pub async fn kill(mut self) {
        self.process.kill().await.unwrap();
    }
}
