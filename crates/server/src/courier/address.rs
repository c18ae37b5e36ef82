//! Where messages may go: to public addresses, over TLS.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// The longest address of an endpoint, in bytes.
const URL_MAX_BYTES: usize = 2_000;

/// How far messages go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// To public addresses over https.
    Public,
    /// Anywhere, in the clear too: for development, tests, and networks where everybody who can name an endpoint is trusted.
    Everywhere,
}

/// Why no message may go to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// Not an address with a host.
    #[error("Give an address like https://example.com/hooks, up to 2000 characters.")]
    Malformed,
    /// Not https.
    #[error("Webhooks are sent over https only.")]
    NotHttps,
    /// A name or a password stands in it.
    #[error("An address with a user name or a password is not taken.")]
    Credentials,
    /// A fragment stands in it, which nobody would ever see.
    #[error("An address with a fragment is not taken.")]
    Fragment,
    /// It is on a network that is not everybody's.
    #[error("Webhooks are sent to public addresses only.")]
    Private,
}

impl UrlError {
    /// The word for it on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Malformed => "invalid",
            Self::NotHttps => "not_https",
            Self::Credentials => "credentials",
            Self::Fragment => "fragment",
            Self::Private => "private_address",
        }
    }
}

/// Reads an endpoint's address. What its name leads to is checked when it is connected to.
///
/// # Errors
/// [`UrlError`]
pub fn parse(text: &str, reach: Reach) -> Result<Url, UrlError> {
    if text.len() > URL_MAX_BYTES {
        return Err(UrlError::Malformed);
    }
    let url = Url::parse(text).map_err(|_| UrlError::Malformed)?;
    match url.scheme() {
        "https" => {}
        "http" if reach == Reach::Everywhere => {}
        "http" => return Err(UrlError::NotHttps),
        _ => return Err(UrlError::Malformed),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(UrlError::Credentials);
    }
    if url.fragment().is_some() {
        return Err(UrlError::Fragment);
    }
    // A literal address is connected to without asking anybody for it. The parser has unfolded all its spellings.
    let literal: Option<IpAddr> = match url.host() {
        None => return Err(UrlError::Malformed),
        Some(Host::Domain(_)) => None,
        Some(Host::Ipv4(address)) => Some(address.into()),
        Some(Host::Ipv6(address)) => Some(address.into()),
    };
    if literal.is_some_and(|address| !reach.includes(address)) {
        return Err(UrlError::Private);
    }
    Ok(url)
}

/// Whether everybody in the internet means the same machine by it (the IANA's special-purpose registries say what does not).
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    /// Networks by their address and the length of its prefix.
    const NOT: [([u8; 4], u32); 16] = [
        ([0, 0, 0, 0], 8),
        ([10, 0, 0, 0], 8),
        ([100, 64, 0, 0], 10),
        ([127, 0, 0, 0], 8),
        // Also where clouds answer questions about a machine's secrets.
        ([169, 254, 0, 0], 16),
        ([172, 16, 0, 0], 12),
        ([192, 0, 0, 0], 24),
        ([192, 0, 2, 0], 24),
        ([192, 88, 99, 0], 24),
        ([192, 168, 0, 0], 16),
        ([198, 18, 0, 0], 15),
        ([198, 51, 100, 0], 24),
        ([203, 0, 113, 0], 24),
        // Azure's own service for its machines, though it is public by its number.
        ([168, 63, 129, 16], 32),
        ([224, 0, 0, 0], 4),
        ([240, 0, 0, 0], 4),
    ];
    let number = u32::from(address);
    !NOT.iter().any(|(network, prefix)| {
        let shift = 32 - prefix;
        number >> shift == u32::from(Ipv4Addr::from(*network)) >> shift
    })
}

/// Global unicast is 2000::/3; what else there is, is ours, near, or a way round the check of version 4.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    let is_global = first & 0xe000 == 0x2000;
    // 2001::/23 is the IETF's (Teredo among it), 2001:db8::/32 and 3fff::/20 are for books, 2002::/16 wraps version 4.
    let is_protocols = first == 0x2001 && second < 0x0200;
    let is_documentation =
        first == 0x2001 && second == 0x0db8 || first == 0x3fff && second < 0x1000;
    is_global && !is_protocols && !is_documentation && first != 0x2002
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_public() {
        for address in [
            "8.8.8.8",
            "1.1.1.1",
            "100.63.255.255",
            "172.32.0.1",
            "2606:4700::1111",
            "::ffff:8.8.8.8",
        ] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
        for address in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.8.8.8",
            "169.254.169.254",
            "168.63.129.16",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.19.0.1",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "255.255.255.255",
            "240.0.0.1",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn an_address_is_https_and_nothing_else() {
        let parse = |text: &str| super::parse(text, Reach::Public).map(String::from);
        assert_eq!(
            parse("https://Example.com/hooks?a=1"),
            Ok("https://example.com/hooks?a=1".to_owned())
        );
        assert_eq!(parse("https://8.8.8.8:8443/"), Ok("https://8.8.8.8:8443/".to_owned()));
        for (text, error) in [
            ("http://example.com/", UrlError::NotHttps),
            ("ftp://example.com/", UrlError::Malformed),
            ("file:///etc/passwd", UrlError::Malformed),
            ("https://", UrlError::Malformed),
            ("/hooks", UrlError::Malformed),
            ("https://a:b@example.com/", UrlError::Credentials),
            ("https://a@example.com/", UrlError::Credentials),
            ("https://example.com/#x", UrlError::Fragment),
            ("https://127.0.0.1/", UrlError::Private),
            ("https://0x7f.1/", UrlError::Private),
            ("https://2130706433/", UrlError::Private),
            ("https://017700000001/", UrlError::Private),
            ("https://[::1]/", UrlError::Private),
            ("https://[::ffff:10.0.0.1]/", UrlError::Private),
            ("https://169.254.169.254/latest/meta-data", UrlError::Private),
        ] {
            assert_eq!(parse(text), Err(error), "{text}");
        }
        let long = format!("https://example.com/{}", "a".repeat(2_000));
        assert_eq!(parse(&long), Err(UrlError::Malformed));
        assert!(super::parse("http://127.0.0.1:9/", Reach::Everywhere).is_ok());
        assert!(super::parse("ftp://127.0.0.1:9/", Reach::Everywhere).is_err());
    }
}
