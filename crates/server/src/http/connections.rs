//! How many connections each peer has open, so that nobody takes them all.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

/// The open connections.
#[derive(Clone)]
pub struct Connections {
    of_a_peer_max: usize,
    open: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// One open connection; closed when dropped.
pub struct Open {
    connections: Connections,
    peer: IpAddr,
}

impl Connections {
    /// None yet, and so many for each peer.
    pub fn new(of_a_peer_max: usize) -> Self {
        Self { of_a_peer_max, open: Arc::default() }
    }

    /// Takes one in; nothing when the peer has enough.
    pub fn open(&self, peer: IpAddr) -> Option<Open> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(peer).or_default();
        if *count >= self.of_a_peer_max {
            return None;
        }
        *count += 1;
        Some(Open { connections: self.clone(), peer })
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut open = self.connections.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.peer) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.peer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_has_so_many_and_others_have_theirs() {
        let connections = Connections::new(3);
        let (one, other) = ([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
        let mut all: Vec<_> = (0..3).map(|_| connections.open(one).unwrap()).collect();
        assert!(connections.open(one).is_none());
        assert!(connections.open(other).is_some());
        all.pop();
        assert!(connections.open(one).is_some());
        drop(all);
        assert!(connections.open.lock().unwrap().is_empty());
    }
}
