//! A database of a test's own: a SQLite file, or, where `SLUICE_TEST_DATABASE_URL` names a PostgreSQL cluster, a database in it.

use std::{
    path::PathBuf,
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use server::storage::{DatabaseUrl, Opened};
use tempfile::TempDir;
use url::Url;

/// The cluster that the suites run on, as `cargo xtask test --only postgres` starts it: somebody who may make databases.
pub fn cluster() -> Option<Url> {
    let url = std::env::var("SLUICE_TEST_DATABASE_URL").ok().filter(|url| !url.is_empty())?;
    Some(url.parse().unwrap())
}

/// A database with an up-to-date schema and nothing in it. It is gone when this is.
pub struct Database {
    url: String,
    place: Place,
}

enum Place {
    File(TempDir),
    Cluster { server: Url, name: String },
}

impl Database {
    /// A new one.
    pub fn fresh() -> Self {
        let Some(server) = cluster() else { return Self::file() };
        static TEMPLATE: OnceLock<String> = OnceLock::new();
        let template = TEMPLATE.get_or_init(|| {
            let empty = Self::made_from(server.clone(), "template1");
            drop(empty.open());
            let Place::Cluster { name, .. } = &empty.place else { unreachable!() };
            let name = name.clone();
            // It stays until the cluster goes.
            std::mem::forget(empty);
            name
        });
        Self::made_from(server, template)
    }

    /// A new SQLite file, whatever else there is.
    pub fn file() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("sluice.db").display());
        Self { url, place: Place::File(folder) }
    }

    /// A new database of the cluster, without any table.
    pub fn bare() -> Self {
        Self::made_from(cluster().unwrap(), "template1")
    }

    fn made_from(server: Url, template: &str) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{count}", std::process::id());
        statement(&server, &format!("CREATE DATABASE {name} TEMPLATE {template}"));
        let mut url = server.clone();
        url.set_path(&name);
        Self { url: url.to_string(), place: Place::Cluster { server, name } }
    }

    /// What `--database-url` takes.
    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn is_postgres(&self) -> bool {
        matches!(self.place, Place::Cluster { .. })
    }

    /// Opens it as a server does.
    pub fn open(&self) -> Opened {
        self.url.parse::<DatabaseUrl>().unwrap().open().unwrap()
    }

    /// Another one with the same in it.
    pub fn copy(&self) -> Self {
        match &self.place {
            Place::File(_) => {
                let copy = Self::file();
                let connection = rusqlite::Connection::open(self.path().unwrap()).unwrap();
                let file = copy.path().unwrap();
                connection.execute("VACUUM INTO ?1", [file.to_str().unwrap()]).unwrap();
                copy
            }
            Place::Cluster { server, name } => {
                // Whoever is connected stands in the way of a copy, and comes back by themselves.
                let allow = |yes| format!("ALTER DATABASE {name} ALLOW_CONNECTIONS {yes}");
                statement(server, &allow(false));
                let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname";
                statement(server, &format!("{others} = '{name}'"));
                let copy = Self::made_from(server.clone(), name);
                statement(server, &allow(true));
                copy
            }
        }
    }

    /// Carries out statements that go around every guard.
    pub fn tamper(&self, statements: &str) {
        match &self.place {
            Place::File(_) => {
                let connection = rusqlite::Connection::open(self.path().unwrap()).unwrap();
                for name in names(&connection, "trigger") {
                    connection.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
                }
                connection.execute_batch(statements).unwrap();
            }
            Place::Cluster { .. } => {
                let unguarded = "DO $$ DECLARE name regclass; BEGIN
                    FOR name IN SELECT oid FROM pg_class WHERE relrowsecurity LOOP
                        EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', name);
                        EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', name);
                    END LOOP; END $$";
                statement(&self.url.parse().unwrap(), &format!("{unguarded}; {statements}"));
            }
        }
    }

    /// Everything that is stored, as bytes.
    pub fn stored(&self) -> Vec<u8> {
        match &self.place {
            Place::File(_) => {
                let file = self.path().unwrap();
                let log = format!("{}-wal", file.display());
                let mut stored = std::fs::read(file).unwrap();
                stored.extend(std::fs::read(log).unwrap_or_default());
                stored
            }
            Place::Cluster { .. } => {
                self.rows().into_iter().flat_map(|(_, rows)| rows.into_bytes()).collect()
            }
        }
    }

    /// The tables that have this text in one of their rows, by name.
    pub fn tables_with(&self, text: &str) -> Vec<String> {
        match &self.place {
            Place::File(_) => {
                let connection = rusqlite::Connection::open(self.path().unwrap()).unwrap();
                let tables = names(&connection, "table").into_iter();
                tables.filter(|name| has_text(&connection, name, text)).collect()
            }
            Place::Cluster { .. } => {
                let with_text = self.rows().into_iter().filter(|(_, rows)| rows.contains(text));
                with_text.map(|(name, _)| name).collect()
            }
        }
    }

    /// Each table of a database in the cluster, with all its rows as XML.
    fn rows(&self) -> Vec<(String, String)> {
        let copy = self.copy();
        copy.tamper("");
        let tables = "SELECT tablename::text, query_to_xml('SELECT * FROM ' || tablename, true, false, '')::text
            FROM pg_tables WHERE schemaname = 'public' ORDER BY 1";
        let tables = ask(&copy.url.parse().unwrap(), tables);
        tables.iter().map(|row| (row.get(0), row.get(1))).collect()
    }

    /// The file, where it is one.
    pub fn path(&self) -> Option<PathBuf> {
        self.url.strip_prefix("sqlite:").map(PathBuf::from)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Place::Cluster { server, name } = &self.place {
            statement(server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

/// The names of a SQLite file's tables, or of its triggers.
fn names(connection: &rusqlite::Connection, kind: &str) -> Vec<String> {
    let names = "SELECT name FROM sqlite_master WHERE type = ?1 ORDER BY name";
    let mut names = connection.prepare(names).unwrap();
    names.query_map([kind], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// Whether a row of a table of a SQLite file has this text in it.
fn has_text(connection: &rusqlite::Connection, table: &str, text: &str) -> bool {
    let mut rows = connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
    let columns = rows.column_count();
    let mut rows = rows.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        for column in 0..columns {
            use rusqlite::types::ValueRef::{Blob, Text};
            let (Text(bytes) | Blob(bytes)) = row.get_ref(column).unwrap() else { continue };
            if bytes.windows(text.len()).any(|window| window == text.as_bytes()) {
                return true;
            }
        }
    }
    false
}

/// Carries out statements in a database of the cluster.
pub fn statement(at: &Url, sql: &str) {
    with_client(at, |client| {
        client.batch_execute(sql).unwrap_or_else(|error| panic!("{sql}: {error:?}"))
    });
}

/// What a query in a database of the cluster answers.
pub fn ask(at: &Url, sql: &str) -> Vec<postgres::Row> {
    with_client(at, |client| {
        client.query(sql, &[]).unwrap_or_else(|error| panic!("{sql}: {error:?}"))
    })
}

/// The client blocks, which a test's own thread must not.
fn with_client<T: Send>(at: &Url, work: impl FnOnce(&mut postgres::Client) -> T + Send) -> T {
    let connect = || {
        for _ in 0..50 {
            match postgres::Client::connect(at.as_str(), postgres::NoTls) {
                Ok(client) => return client,
                // A cluster that was restarted takes a moment.
                Err(_) => thread::sleep(Duration::from_millis(100)),
            }
        }
        postgres::Client::connect(at.as_str(), postgres::NoTls).unwrap()
    };
    thread::scope(|scope| scope.spawn(|| work(&mut connect())).join().unwrap())
}
