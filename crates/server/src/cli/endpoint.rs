//! `sluice endpoint add`, `list` and `remove`

use std::sync::Arc;

use super::{
    End,
    args::{EndpointAddArgs, EndpointListArgs, EndpointRemoveArgs},
    database::DatabaseUrl,
    import::operator,
};
use crate::{
    courier::address::{self, Reach},
    deps::{Clock as _, SystemClock, SystemEntropy},
    execute::{ExecuteError, Tools, endpoints},
    storage::{Scope, StorageError, Transaction},
};

/// How far webhooks go.
pub fn reach(allow_private: bool) -> Reach {
    if allow_private { Reach::Everywhere } else { Reach::Public }
}

fn tools() -> Tools {
    Tools { now: SystemClock.now(), entropy: Arc::new(SystemEntropy) }
}

/// Adds an endpoint and prints its id and its secret.
pub async fn add(args: EndpointAddArgs, database: &DatabaseUrl) -> Result<(), End> {
    let url = address::parse(&args.url, reach(args.webhooks_allow_private));
    let url = url.map_err(|error| End::Usage(format!("--url: {error}")))?;
    let store = database.open_existing()?;
    let (tools, scope) = (tools(), Scope::of(args.agency));
    let write = move |tx: &mut dyn Transaction| {
        endpoints::add_endpoint(tx, &tools, scope, url.as_str(), &operator())
    };
    let added = store.write(write).await;
    let added = added.map_err(|error: endpoints::EndpointError| End::failed(error))?;
    println!("{}\n{}", added.id, added.secret);
    Ok(())
}

/// Prints the endpoints of an agency, one a line, the parts set apart by tabs.
pub async fn list(args: &EndpointListArgs, database: &DatabaseUrl) -> Result<(), End> {
    let store = database.open_existing()?;
    let scope = Scope::of(args.agency);
    let all = store.read(move |tx: &mut dyn Transaction| endpoints::list(tx, scope)).await;
    for endpoint in all.map_err(|error: StorageError| End::failed(error))? {
        let how = match (&endpoint.error, endpoint.waiting + endpoint.failed) {
            (Some(error), waiting) => format!("{error}; {waiting} have not arrived"),
            (None, 0) => "everything has arrived".to_owned(),
            (None, waiting) => format!("{waiting} have not arrived"),
        };
        println!("{}\t{}\t{how}", endpoint.id, endpoint.url);
    }
    Ok(())
}

/// Removes an endpoint.
pub async fn remove(args: EndpointRemoveArgs, database: &DatabaseUrl) -> Result<(), End> {
    let store = database.open_existing()?;
    let (tools, scope, id) = (tools(), Scope::of(args.agency), args.endpoint);
    let write = move |tx: &mut dyn Transaction| {
        endpoints::remove_endpoint(tx, &tools, scope, id, &operator())
    };
    match store.write(write).await {
        Ok(()) => Ok(()),
        Err(ExecuteError::NotFound) => {
            Err(End::Failed(format!("{} has no endpoint {id}", args.agency)))
        }
        Err(error) => Err(End::failed(error)),
    }
}
