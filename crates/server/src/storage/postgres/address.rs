//! Where a PostgreSQL database is, and how its connections are set up.

use std::{fmt, str::FromStr, time::Duration};

use postgres::{Client, Config, NoTls, config::Host};

/// Which role the server works as: it owns nothing, so that row-level security holds for it.
const ROLE: &str = "sluice_app";
/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// After this long without a word the other side is asked whether it is there.
const KEEPALIVE: Duration = Duration::from_secs(30);
/// The longest statement; the longest wait for a lock; the longest pause within a transaction.
const LIMITS: &str = "SET statement_timeout = '60s'; SET lock_timeout = '10s'; \
     SET idle_in_transaction_session_timeout = '60s'";

/// `postgres://USER@HOST:PORT/NAME`, or with another of libpq's forms. Shown without its password.
#[derive(Clone)]
pub struct Address {
    config: Config,
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut config: Config = text.parse().map_err(|error: postgres::Error| {
            let why = std::error::Error::source(&error).map(ToString::to_string);
            why.unwrap_or_else(|| error.to_string())
        })?;
        if config.get_hosts().is_empty() {
            return Err("expected a host: postgres://USER@HOST/NAME".to_owned());
        }
        if config.get_dbname().is_none() {
            return Err("expected a database's name: postgres://USER@HOST/NAME".to_owned());
        }
        config.connect_timeout(CONNECT).keepalives_idle(KEEPALIVE).tcp_user_timeout(KEEPALIVE);
        Ok(Self { config })
    }
}

impl Address {
    /// Connects as whoever the address names: to migrate.
    pub(super) fn own(&self) -> Result<Client, postgres::Error> {
        let mut config = self.config.clone();
        config.application_name("sluice-migrate").connect(NoTls)
    }

    /// Connects to work: as the role that owns nothing, with every wait limited. Answers the backend's number, too.
    pub(super) fn work(&self, name: &str) -> Result<(Client, i32), postgres::Error> {
        let mut config = self.config.clone();
        let mut client = config.application_name(name).connect(NoTls)?;
        client.batch_execute(&format!(
            "{LIMITS}; SET jit = off; SET client_min_messages = warning; SET ROLE {ROLE}"
        ))?;
        let backend = client.query_one("SELECT pg_backend_pid()", &[])?.try_get(0)?;
        Ok((client, backend))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("postgres://")?;
        if let Some(user) = self.config.get_user() {
            write!(formatter, "{user}@")?;
        }
        match self.config.get_hosts().first() {
            Some(Host::Tcp(name)) => formatter.write_str(name)?,
            #[cfg(unix)]
            Some(Host::Unix(folder)) => write!(formatter, "{}", folder.display())?,
            None => {}
        }
        if let Some(port) = self.config.get_ports().first() {
            write!(formatter, ":{port}")?;
        }
        write!(formatter, "/{}", self.config.get_dbname().unwrap_or_default())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}
