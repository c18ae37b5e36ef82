//! Where a PostgreSQL database is, and how its connections are set up.

use std::{fmt, str::FromStr, time::Duration};

use postgres::{
    Client, Config, NoTls,
    config::{Host, SslMode},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::tls;

/// Which role the server works as: it owns nothing, so that row-level security holds for it.
const ROLE: &str = "sluice_app";
/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// After this long without a word the other side is asked whether it is there.
const KEEPALIVE: Duration = Duration::from_secs(30);
/// The longest statement; the longest wait for a lock; the longest pause within a transaction.
const LIMITS: &str = "SET statement_timeout = '60s'; SET lock_timeout = '10s'; \
     SET idle_in_transaction_session_timeout = '60s'";

/// `postgres://USER@HOST:PORT/NAME`. Shown without its password.
///
/// What goes over a network is encrypted, and the server shows a certificate for its name: of a public authority, or of the one
/// in the file that `sslrootcert=` names. `sslmode=disable` does without; so does a host that is this machine. `sslcert=` and
/// `sslkey=` name the files with a certificate by which the server knows us, read anew for each connection.
#[derive(Clone)]
pub struct Address {
    config: Config,
    tls: Option<MakeRustlsConnect>,
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let asked = tls::Asked::of(text)?;
        let mut config: Config = asked.rest.parse().map_err(|error: postgres::Error| {
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
        let encrypted = asked.encrypted.unwrap_or(!config.get_hosts().iter().all(is_here));
        if asked.own.is_some() && !encrypted {
            return Err("sslcert needs an encrypted connection: sslmode=require".to_owned());
        }
        let connector = || tls::connector(asked.root.as_deref(), asked.own.clone());
        let tls = if encrypted { Some(connector()?) } else { None };
        config.ssl_mode(if encrypted { SslMode::Require } else { SslMode::Disable });
        Ok(Self { config, tls })
    }
}

/// Whether it is this machine.
fn is_here(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            let address = name.parse::<std::net::IpAddr>();
            name == "localhost" || address.is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

impl Address {
    /// Connects as whoever the address names: to migrate.
    pub(super) fn own(&self) -> Result<Client, postgres::Error> {
        self.connect("sluice-migrate")
    }

    /// Connects to work: as the role that owns nothing, with every wait limited. Answers the backend's number, too.
    pub(super) fn work(&self, name: &str) -> Result<(Client, i32), postgres::Error> {
        let mut client = self.connect(name)?;
        client.batch_execute(&format!(
            "{LIMITS}; SET jit = off; SET client_min_messages = warning; SET ROLE {ROLE}"
        ))?;
        let backend = client.query_one("SELECT pg_backend_pid()", &[])?.try_get(0)?;
        Ok((client, backend))
    }

    fn connect(&self, name: &str) -> Result<Client, postgres::Error> {
        let mut config = self.config.clone();
        config.application_name(name);
        match &self.tls {
            Some(tls) => config.connect(tls.clone()),
            None => config.connect(NoTls),
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leaves_the_machine_is_encrypted_unless_it_is_said_otherwise() {
        for (text, encrypted) in [
            ("postgres://a@db.example/c", true),
            ("postgres://a@db.example/c?sslmode=prefer", true),
            ("postgres://a@db.example/c?application_name=x&sslmode=verify-full", true),
            ("postgres://a@db.example/c?sslmode=disable", false),
            ("postgres://a@127.0.0.1/c", false),
            ("postgres://a@localhost:5433/c", false),
            ("postgres://a@%2Frun%2Fpostgresql/c", false),
            ("postgres://a@localhost/c?sslmode=require", true),
        ] {
            let address: Address = text.parse().unwrap();
            assert_eq!(address.tls.is_some(), encrypted, "{text}");
            let mode = if encrypted { SslMode::Require } else { SslMode::Disable };
            assert_eq!(address.config.get_ssl_mode(), mode, "{text}");
        }
        for wrong in [
            "?sslmode=sometimes",
            "?sslrootcert=/no/such/file",
            "?colour=red",
            "?sslcert=/no/such/file",
            "?sslcert=/no/such/file&sslkey=/no/such/file",
            "?sslmode=disable&sslcert=a&sslkey=b",
        ] {
            assert!(format!("postgres://a@db.example/c{wrong}").parse::<Address>().is_err());
        }
    }
}
