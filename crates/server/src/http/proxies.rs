//! Who is at the other end: the peer of the connection, or, when that is a proxy that we were told of, whom it names.

use std::net::{IpAddr, Ipv6Addr};

use axum::http::HeaderMap;
use ipnet::IpNet;

/// The header in which proxies add whom they speak for, the newest at the end.
const X_FORWARDED_FOR: &str = "x-forwarded-for";

/// The caller of a request: a person's machine, as far as we can know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller(pub IpAddr);

impl Caller {
    /// Under which they are counted: whoever has one address of IPv6 has all of its network (RFC 6177).
    pub fn counted(self) -> IpAddr {
        match self.0.to_canonical() {
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
            address => address,
        }
    }
}

/// Whether a proxy that we were told of has this address.
pub fn is_trusted(trusted: &[IpNet], address: IpAddr) -> bool {
    let address = address.to_canonical();
    trusted.iter().any(|net| net.contains(&address))
}

/// Who it is: what a trusted proxy says of others is believed, link by link, from our end; what anybody else says is not.
pub fn caller(trusted: &[IpNet], peer: IpAddr, headers: &HeaderMap) -> Caller {
    let mut caller = peer.to_canonical();
    let lines = headers.get_all(X_FORWARDED_FOR).iter().rev();
    let named = lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.rsplit(','));
    for name in named {
        if !is_trusted(trusted, caller) {
            break;
        }
        match name.trim().parse::<IpAddr>() {
            Ok(address) => caller = address.to_canonical(),
            // What stands before it may be anybody's invention.
            Err(_) => break,
        }
    }
    Caller(caller)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn asked(peer: &str, lines: &[&'static str]) -> String {
        let trusted: Vec<IpNet> =
            ["10.0.0.0/8", "fd00::/8"].iter().map(|net| net.parse().unwrap()).collect();
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(X_FORWARDED_FOR, HeaderValue::from_static(line));
        }
        caller(&trusted, peer.parse().unwrap(), &headers).0.to_string()
    }

    #[test]
    fn only_a_proxy_that_we_know_is_believed() {
        assert_eq!(asked("203.0.113.7", &[]), "203.0.113.7");
        assert_eq!(asked("203.0.113.7", &["198.51.100.1"]), "203.0.113.7");
        assert_eq!(asked("10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(asked("::ffff:10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(asked("10.0.0.1", &[]), "10.0.0.1");
        // What the caller claims stands before what the proxy has seen.
        assert_eq!(asked("10.0.0.1", &["1.2.3.4, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(asked("10.0.0.1", &["1.2.3.4", "198.51.100.1, fd00::2"]), "198.51.100.1");
        assert_eq!(asked("10.0.0.1", &["198.51.100.1, nonsense, 10.0.0.2"]), "10.0.0.2");
    }

    #[test]
    fn a_network_of_version_6_counts_as_one() {
        let counted = |address: &str| Caller(address.parse().unwrap()).counted().to_string();
        assert_eq!(counted("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(counted("203.0.113.7"), "203.0.113.7");
        assert_eq!(counted("::ffff:203.0.113.7"), "203.0.113.7");
    }
}
