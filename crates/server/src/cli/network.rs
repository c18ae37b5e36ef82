//! Networks as operators write them.

use std::net::IpAddr;

use ipnet::IpNet;

/// A network, or one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(pub IpNet);

impl std::str::FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let address = text.parse::<IpAddr>().map(IpNet::from);
        let net = text.parse::<IpNet>().or(address);
        net.map(|net| Self(net.trunc()))
            .map_err(|_| "expected a network like 10.0.0.0/8".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_network_of_one() {
        let read = |text: &str| text.parse::<Network>().map(|net| net.0.to_string()).ok();
        assert_eq!(read("10.1.2.3/8").as_deref(), Some("10.0.0.0/8"));
        assert_eq!(read(" 192.0.2.1").as_deref(), Some("192.0.2.1/32"));
        assert_eq!(read("fd00::/8").as_deref(), Some("fd00::/8"));
        assert_eq!(read("10.0.0.0/33"), None);
        assert_eq!(read("everybody"), None);
    }
}
