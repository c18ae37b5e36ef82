//! Connections: HTTP/1.1 through hyper, with limits on how many there are and how slowly they may speak.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::{
    net::TcpListener,
    sync::{Semaphore, watch},
};
use tower::ServiceExt as _;

use super::{connections::Connections, proxies, stalled::Stalled};
use crate::config::Config;

/// Connections at the same time; the next ones wait to be accepted. None waits for long: a peer has few of them ([`Connections`]),
/// and what says nothing, or reads nothing, is given up.
const CONNECTIONS_MAX: usize = 4096;
/// The longest that a request's head may take to arrive, and that an idle connection is kept.
const HEAD_WITHIN: Duration = Duration::from_secs(10);
/// The longest that somebody may take to read the next bytes of an answer.
const READ_WITHIN: Duration = Duration::from_secs(60);
/// The longest that requests under way may take to end when the server stops.
const END_WITHIN: Duration = Duration::from_secs(10);
/// A pause when the system has no more handles for connections.
const OUT_OF_HANDLES: Duration = Duration::from_millis(50);

/// Whoever is at the other end of the connection: a person's machine, or a proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

/// Serves until `stop` says true, then ends what is under way. Proxies that are trusted may have all connections.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    config: &Config,
    mut stop: watch::Receiver<bool>,
) {
    let connections = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let of_peers = Connections::new(config.limits.connections);
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &connections) => accepted,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        let (stream, peer, permit) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(OUT_OF_HANDLES).await;
                continue;
            }
        };
        let proxy = proxies::is_trusted(&config.trusted_proxies, peer.ip());
        let open = if proxy { None } else { of_peers.open(peer.ip()) };
        if open.is_none() && !proxy {
            // Whoever has so many does not need to be told why this one is closed.
            continue;
        }
        // Small answers should not wait for company; failing to say so costs only time.
        let _slower = stream.set_nodelay(true);
        let router = router.clone();
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let mut request: Request = request.map(Body::new);
            request.extensions_mut().insert(Peer(peer));
            router.clone().oneshot(request)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_WITHIN)
            .serve_connection(TokioIo::new(Stalled::new(stream, READ_WITHIN)), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // An error here is a caller who went away.
            let _gone = connection.await;
            drop((open, permit));
        });
    }
    drop(listener);
    if tokio::time::timeout(END_WITHIN, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not end in time");
    }
}

async fn accept(
    listener: &TcpListener,
    connections: &Arc<Semaphore>,
) -> io::Result<(tokio::net::TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit)> {
    let permit = Arc::clone(connections).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer, permit))
}
