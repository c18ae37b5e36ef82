//! Connections: HTTP/1.1 through hyper itself, because a time-out fault must be able to close a
//! connection without an answer, which axum's own server cannot.

use std::{io, sync::Arc};

use axum::{body::Body, extract::Request, response::Response};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::http::{HangUp, Sandbox, router};

/// Serves until the process ends.
pub async fn serve(listener: TcpListener, sandbox: Arc<Sandbox>) {
    let router = router(sandbox);
    loop {
        let Ok((stream, _peer)) = listener.accept().await else {
            // Out of file handles, most likely: give the others time to close some.
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            continue;
        };
        // Small answers should not wait for company; failing to say so costs only time.
        let _slower = stream.set_nodelay(true);
        let router = router.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request: hyper::Request<Incoming>| {
                answer(router.clone(), request.map(Body::new))
            });
            // An error here is a caller who went away, or one we hung up on.
            let _gone = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer(router: axum::Router, request: Request) -> Result<Response, io::Error> {
    let mut router = router;
    let response = match tower_service::Service::call(&mut router, request).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    if response.extensions().get::<HangUp>().is_some() {
        return Err(io::Error::from(io::ErrorKind::ConnectionAborted));
    }
    Ok(response)
}
