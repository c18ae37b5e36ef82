//! A webhook endpoint of one's own: takes what comes, answers as told.

use std::{sync::Arc, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
};

pub struct Delivery {
    pub signature: String,
    pub body: String,
}

impl Delivery {
    pub fn kind(&self) -> String {
        let event: serde_json::Value = serde_json::from_str(&self.body).unwrap();
        event["type"].as_str().unwrap().to_owned()
    }
}

pub struct Receiver {
    pub url: String,
    deliveries: UnboundedReceiver<Delivery>,
}

impl Receiver {
    /// Answers with these statuses in turn, then with 200.
    pub async fn start(statuses: &[u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let (sender, deliveries) = unbounded_channel();
        let statuses = Arc::new(std::sync::Mutex::new(statuses.to_vec()));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (sender, statuses) = (sender.clone(), Arc::clone(&statuses));
                tokio::spawn(async move {
                    let Some((mut stream, delivery)) = read(stream).await else { return };
                    let status = {
                        let mut statuses = statuses.lock().unwrap();
                        if statuses.is_empty() { 200 } else { statuses.remove(0) }
                    };
                    let answer = format!(
                        "HTTP/1.1 {status} Status\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
                    );
                    let _gone = stream.write_all(answer.as_bytes()).await;
                    let _gone = sender.send(delivery);
                });
            }
        });
        Self { url, deliveries }
    }

    pub async fn next(&mut self) -> Delivery {
        let wait = tokio::time::timeout(Duration::from_secs(10), self.deliveries.recv());
        wait.await.expect("no delivery in time").unwrap()
    }

    pub async fn kinds(&mut self, count: usize) -> Vec<String> {
        let mut kinds = Vec::new();
        for _ in 0..count {
            kinds.push(self.next().await.kind());
        }
        kinds
    }

    /// Whether nothing more comes for a while.
    pub async fn is_quiet(&mut self) -> bool {
        tokio::time::timeout(Duration::from_millis(400), self.deliveries.recv()).await.is_err()
    }
}

async fn read(mut stream: TcpStream) -> Option<(TcpStream, Delivery)> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let header = |name: &str| {
                head.lines()
                    .filter_map(|line| line.split_once(':'))
                    .find(|(key, _)| key.eq_ignore_ascii_case(name))
                    .map(|(_, value)| value.trim().to_owned())
            };
            let length: usize = header("content-length")?.parse().ok()?;
            if bytes.len() >= end + 4 + length {
                let body = String::from_utf8(bytes[end + 4..end + 4 + length].to_vec()).ok()?;
                let signature = header("stripe-signature")?;
                return Some((stream, Delivery { signature, body }));
            }
        }
        let mut chunk = [0; 4096];
        let read = stream.read(&mut chunk).await.ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&chunk[..read]);
    }
}
