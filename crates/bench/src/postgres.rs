//! The cluster, and the first baseline in it: one transaction per draw in one round trip, on one hot balance.
//!
//! `pgbench`, PostgreSQL's own load generator, calls the function of `postgres.sql`: it locks the balance, looks for a
//! duplicate, inserts the event and two postings and updates two balances. Commits are synchronous, as they are by default,
//! for the baseline as for the server and the plain loop, which have databases of their own here.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{Outcome, arguments::Arguments};

/// How many draw at the same time; the best counts.
const CLIENTS: [u32; 3] = [1, 8, 32];
const SCRIPT: &str = "\\set account random(1, 100000)\n\\set quantity random(100, 999)\n\
     SELECT draw(gen_random_uuid(), :account, :quantity);\n";

/// The baseline's own database, where nothing else is.
const DATABASE: &str = "postgres";

/// A cluster with the baseline's tables and function in it.
pub struct Postgres<'a> {
    arguments: &'a Arguments,
    place: [String; 3],
    script: PathBuf,
}

impl<'a> Postgres<'a> {
    /// Makes the tables and the function.
    pub fn prepare(arguments: &'a Arguments) -> Outcome<Self> {
        let words: Vec<_> = arguments.postgres.split(' ').map(str::to_owned).collect();
        let place: [String; 3] =
            words.try_into().map_err(|_| "--postgres takes \"HOST PORT USER\"")?;
        let script = arguments.folder.join("draw.pgbench");
        fs::write(&script, SCRIPT)?;
        let postgres = Self { arguments, place, script };
        for sql in ["SHOW fsync", "SHOW synchronous_commit"] {
            let set = postgres.sql(sql)?;
            if set.trim() != "on" {
                return Err(format!("{sql} says {set}: that would be no comparison").into());
            }
        }
        postgres.sql(include_str!("postgres.sql"))?;
        Ok(postgres)
    }

    /// Draws per second: the best number of clients, with that number.
    pub fn draws(&self) -> Outcome<(u64, u32)> {
        let mut best = (0, 0);
        for clients in CLIENTS {
            let rate = self.draws_of(clients)?;
            best = best.max((rate, clients));
        }
        Ok(best)
    }

    fn draws_of(&self, clients: u32) -> Outcome<u64> {
        let threads = clients.min(2);
        let seconds = self.arguments.postgres_seconds();
        let said = self.run(
            self.program("pgbench")
                .args(["--no-vacuum", "--protocol=prepared", "--file"])
                .arg(&self.script)
                .arg(format!("--client={clients}"))
                .arg(format!("--jobs={threads}"))
                .arg(format!("--time={seconds}")),
        )?;
        let rate = said.lines().find_map(|line| line.strip_prefix("tps = "));
        let whole = rate.and_then(|rate| rate.split('.').next()?.parse().ok());
        whole.ok_or_else(|| format!("pgbench told no rate: {said}").into())
    }

    /// Makes a database, as a copy of another one that nobody is connected to or with nothing in it; answers its URL.
    pub fn database(&self, name: &str, like: &str) -> Outcome<String> {
        self.sql(&format!("CREATE DATABASE {name} TEMPLATE {like}"))?;
        let [host, port, user] = &self.place;
        Ok(format!("postgres://{user}@{host}:{port}/{name}"))
    }

    fn sql(&self, sql: &str) -> Outcome<String> {
        self.run(self.program("psql").args([
            "--no-psqlrc",
            "--quiet",
            "--tuples-only",
            "--no-align",
            "--set=ON_ERROR_STOP=1",
            "--command",
            sql,
        ]))
    }

    fn program(&self, name: &str) -> Command {
        let [host, port, user] = &self.place;
        let path: &Path = &self.arguments.postgres_programs;
        let mut command = Command::new(path.join(name));
        command.env("PGHOST", host).env("PGPORT", port).env("PGUSER", user);
        command.env("PGDATABASE", DATABASE);
        command
    }

    /// Runs a program to its end; answers what it said.
    pub fn run(&self, command: &mut Command) -> Outcome<String> {
        let output = command.output()?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let program = command.get_program().display().to_string();
        Err(format!("{program}: {}", String::from_utf8_lossy(&output.stderr)).into())
    }
}
