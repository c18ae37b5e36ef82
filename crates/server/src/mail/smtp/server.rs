//! A mail server: where it is, how it is spoken to, and the conversation as far as the greeting and the login.

use std::{fmt, time::Duration};

use lettre::transport::smtp::{
    Error,
    authentication::{Credentials, DEFAULT_MECHANISMS},
    client::{AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters},
    extension::ClientId,
};
use url::{Host, Url};

/// What a URL of a mail server looks like.
const FORMS: &str = "a mail server's URL is smtp://…, smtps://… or smtp://…?tls=required";

/// A mail server.
pub(super) struct Server {
    host: String,
    port: u16,
    security: Security,
    tls: TlsParameters,
    credentials: Option<Credentials>,
}

/// When it is spoken to under TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Security {
    Never,
    FromTheStart,
    AfterTheGreeting,
    IfItCan,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Server({}:{}, TLS {:?})", self.host, self.port, self.security)
    }
}

impl Server {
    /// By its URL, and by the authorities in PEM whose word counts for its certificate instead of the public ones'.
    pub(super) fn parse(url: &str, roots: Option<&[u8]>) -> Result<Self, String> {
        let url = Url::parse(url).map_err(|error| format!("not a mail server's URL: {error}"))?;
        let has_password = url.password().is_some() || !url.username().is_empty();
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(FORMS)?;
        // An IPv6 address without its brackets, as certificates and sockets have it.
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let asked = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value);
        let (security, port) = match (url.scheme(), asked.as_deref()) {
            ("smtp", None) => (Security::Never, 25),
            ("smtp", Some("required")) => (Security::AfterTheGreeting, 587),
            ("smtp", Some("opportunistic")) => (Security::IfItCan, 587),
            ("smtps", _) => (Security::FromTheStart, 465),
            _ => return Err(FORMS.to_owned()),
        };
        let is_encrypted = matches!(security, Security::FromTheStart | Security::AfterTheGreeting);
        if has_password && !is_encrypted && !is_loopback(&url) {
            return Err("a password is sent to a mail server over TLS only: say smtps://…, or \
                        smtp://…?tls=required for STARTTLS"
                .to_owned());
        }
        let credentials = match url.password() {
            None => None,
            Some(password) => Some(Credentials::new(decoded(url.username())?, decoded(password)?)),
        };
        let tls = tls(&host, roots)?;
        Ok(Self { port: url.port().unwrap_or(port), host, security, tls, credentials })
    }

    /// `host:port`, for people.
    pub(super) fn address(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// Whether it is told a name and a password.
    pub(super) fn has_login(&self) -> bool {
        self.credentials.is_some()
    }

    /// Greets it, under TLS if so, and logs in.
    pub(super) async fn connect(&self, limit: Duration) -> Result<AsyncSmtpConnection, Error> {
        let us = ClientId::default();
        let from_the_start = self.security == Security::FromTheStart;
        let from_the_start = from_the_start.then(|| self.tls.clone());
        let address = (self.host.as_str(), self.port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(address, Some(limit), &us, from_the_start, None)
                .await?;
        let goes_on_under_tls = match self.security {
            Security::Never | Security::FromTheStart => false,
            Security::AfterTheGreeting => true,
            Security::IfItCan => connection.can_starttls(),
        };
        if goes_on_under_tls {
            connection.starttls(self.tls.clone(), &us).await?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }
}

fn tls(host: &str, roots: Option<&[u8]>) -> Result<TlsParameters, String> {
    let mut tls = TlsParameters::builder(host.to_owned());
    if let Some(roots) = roots {
        let roots = Certificate::from_pem(roots).map_err(|error| error.to_string())?;
        tls = tls.certificate_store(CertificateStore::None).add_root_certificate(roots);
    }
    tls.build().map_err(|error| error.to_string())
}

fn decoded(text: &str) -> Result<String, String> {
    let decoded = percent_encoding::percent_decode_str(text).decode_utf8();
    decoded.map(Into::into).map_err(|_| "its name or password is not UTF-8".to_owned())
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        // Of other schemes than the web's, `url` leaves addresses unread.
        Some(Host::Domain(name)) => {
            let address: Result<std::net::IpAddr, _> = name.parse();
            name == "localhost" || address.is_ok_and(|address| address.is_loopback())
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
