//! Sites that may show the widget.

/// Sites that one agency may name.
pub const ORIGINS_MAX: usize = 20;
/// The longest: a host name has at most 253 characters.
const LENGTH_MAX: usize = 8 + 253 + 6;

/// A site, as a browser names it: `https://app.example`, no path, nothing a browser would write differently.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SiteOrigin(String);

/// Why a text names no site that may show the widget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SiteOriginError {
    /// Not the address of a site.
    Invalid,
    /// A site that others on the way can change; only a developer's own machine may do without.
    NotHttps,
    /// A star: each site is named by itself.
    Wildcard,
    /// Capital letters, which a browser never sends.
    UpperCase,
    /// Something after the host and the port.
    Path,
    /// The port that goes without saying, which a browser leaves out.
    DefaultPort,
}

impl SiteOriginError {
    /// The word for it on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::NotHttps => "not_https",
            Self::Wildcard => "wildcard",
            Self::UpperCase => "upper_case",
            Self::Path => "path",
            Self::DefaultPort => "default_port",
        }
    }
}

impl std::fmt::Display for SiteOriginError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Invalid => "Expected a site like https://app.example.",
            Self::NotHttps => "A site needs https, unless it is http on localhost or 127.0.0.1.",
            Self::Wildcard => "Name each site by itself: there are no wildcards.",
            Self::UpperCase => "Write the site in lower case.",
            Self::Path => "Leave out everything after the host, the last slash too.",
            Self::DefaultPort => "Leave out the port: browsers do not send it for this scheme.",
        })
    }
}

impl SiteOrigin {
    /// Reads one.
    ///
    /// # Errors
    /// [`SiteOriginError`]
    pub fn parse(text: &str) -> Result<Self, SiteOriginError> {
        use SiteOriginError::{DefaultPort, Invalid, NotHttps, Path, UpperCase, Wildcard};
        if text.contains('*') {
            return Err(Wildcard);
        }
        if text.len() > LENGTH_MAX {
            return Err(Invalid);
        }
        let (scheme, rest) = text.split_once("://").ok_or(Invalid)?;
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(UpperCase);
        }
        if rest.contains(['/', '?', '#']) {
            return Err(Path);
        }
        let (host, port) = match rest.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (rest, None),
        };
        if !is_host(host) {
            return Err(Invalid);
        }
        let default_port = match scheme {
            "https" => "443",
            "http" if matches!(host, "localhost" | "127.0.0.1") => "80",
            "http" => return Err(NotHttps),
            _ => return Err(Invalid),
        };
        match port {
            Some(port) if port == default_port => Err(DefaultPort),
            Some(port) if !is_port(port) => Err(Invalid),
            _ => Ok(Self(text.to_owned())),
        }
    }

    /// As it was read.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Labels of letters, digits and hyphens; other alphabets as browsers send them (`xn--…`).
fn is_host(host: &str) -> bool {
    host.len() <= 253
        && host.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        })
}

fn is_port(port: &str) -> bool {
    !port.starts_with('0')
        && port.bytes().all(|byte| byte.is_ascii_digit())
        && port.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_what_a_browser_says_it_is() {
        for fine in [
            "https://app.example",
            "https://app.example:8443",
            "https://xn--bcher-kva.example",
            "https://192.0.2.7",
            "http://localhost",
            "http://localhost:5173",
            "http://127.0.0.1:8091",
        ] {
            assert_eq!(SiteOrigin::parse(fine).unwrap().as_str(), fine);
        }
    }

    #[test]
    fn each_wrong_one_is_told_why() {
        use SiteOriginError::{DefaultPort, Invalid, NotHttps, Path, UpperCase, Wildcard};
        for (wrong, why) in [
            ("", Invalid),
            ("app.example", Invalid),
            ("null", Invalid),
            ("ftp://app.example", Invalid),
            ("https://", Invalid),
            ("https://app..example", Invalid),
            ("https://-app.example", Invalid),
            ("https://app.example:0", Invalid),
            ("https://app.example:70000", Invalid),
            ("https://robin@app.example", Invalid),
            ("https://app.example 'self'", Invalid),
            ("https://app.example; script-src *", Wildcard),
            ("https://app.example;", Invalid),
            ("https://bücher.example", Invalid),
            ("https://*.example", Wildcard),
            ("*", Wildcard),
            ("https://App.example", UpperCase),
            ("https://app.example/", Path),
            ("https://app.example/billing", Path),
            ("https://app.example?x", Path),
            ("http://app.example", NotHttps),
            ("http://localhost.example", NotHttps),
            ("https://app.example:443", DefaultPort),
            ("http://localhost:80", DefaultPort),
        ] {
            assert_eq!(SiteOrigin::parse(wrong), Err(why), "{wrong:?}");
        }
    }
}
