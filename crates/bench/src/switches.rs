//! A person at the agency switches accounts from customer to agency funding, one after the other: *Add to Agency Billing*.

use std::{net::SocketAddr, time::Duration};

use billing::SubAccountId;

use crate::{Outcome, clock, wire::Connection};

/// Between two switches.
const PAUSE: Duration = Duration::from_millis(4);

/// Switches each of these accounts; answers how long each took, in microseconds, sorted.
pub async fn switch(
    address: SocketAddr,
    session: &str,
    accounts: &[SubAccountId],
) -> Outcome<Vec<u64>> {
    let mut connection = Connection::open(address).await?;
    let mut micros = Vec::with_capacity(accounts.len());
    let body = r#"{"choice":"transfer"}"#;
    for account in accounts {
        let request = format!(
            "POST /api/v1/accounts/{account}/agency-billing HTTP/1.1\r\nHost: localhost\r\n\
             Cookie: sluice={session}\r\nIdempotency-Key: {account}\r\nIf-Match: \"1\"\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let sent = clock::now();
        connection.send(request.as_bytes(), 200).await?;
        micros.push(u64::try_from(sent.elapsed().as_micros()).unwrap_or(u64::MAX));
        tokio::time::sleep(PAUSE).await;
    }
    micros.sort_unstable();
    Ok(micros)
}
