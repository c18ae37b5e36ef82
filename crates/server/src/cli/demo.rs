//! `sluice serve --demo`: a fresh database, the sandbox beside it, a seeded agency, and where to go.

use std::path::PathBuf;

use serde::Serialize;

use super::{
    End,
    args::ServeArgs,
    database::DatabaseUrl,
    sandbox::Sandbox,
    serve::{Server, bind_somewhere, demo_config, deps, public_url},
};
use crate::{
    demo,
    deps::{Entropy, SystemEntropy},
    execute::links::new_token,
};

/// Where to go.
#[derive(Serialize)]
struct Facts {
    url: String,
    sign_in_url: String,
    mailbox_url: String,
    sandbox_url: String,
    /// May send usage to the demo's agency.
    api_key: String,
    agency_id: String,
}

/// Serves a demo until the process is told to stop.
pub async fn run(args: ServeArgs, database: DatabaseUrl) -> Result<(), End> {
    let folder = Folder::make()?;
    let store = database.open_new(&folder.0).await?;
    let listener = bind_somewhere(args.listen).await?;
    let url = public_url(&args, listener.local_addr().map_err(End::failed)?)?;
    let sandbox = Sandbox::start().await?;
    let gateway = sandbox.register(&url).await?;
    let token = new_token(&SystemEntropy);
    let config = demo_config(url.clone(), gateway, token.clone(), &args)?;
    let deps = deps(config, store, &args)?;
    // Answers before it is seeded: the sandbox tells of the payments that seeding makes.
    let server = Server::start(deps.clone(), listener)?;
    let seeded = demo::seed(&deps, &sandbox.address()).await.map_err(End::failed)?;
    server.work();
    let facts = Facts {
        sign_in_url: format!("{url}/demo/sign-in?token={token}"),
        mailbox_url: format!("{url}/demo/mailbox"),
        sandbox_url: sandbox.url.clone(),
        api_key: seeded.api_key,
        agency_id: seeded.agency.to_string(),
        url,
    };
    announce(&facts, args.json)?;
    drop(deps);
    server.end().await;
    Ok(())
}

fn announce(facts: &Facts, json: bool) -> Result<(), End> {
    if json {
        println!("{}", serde_json::to_string(facts).map_err(End::failed)?);
        return Ok(());
    }
    println!("Sluice demo: no real money, no real mail, gone when it ends\n");
    println!("  Open this    {}", facts.sign_in_url);
    println!("  Mailbox      {}", facts.mailbox_url);
    println!("  Gateway      {}", facts.sandbox_url);
    println!("  API key      {}", facts.api_key);
    println!("\n  Test cards   4242 4242 4242 4242 pays, 4000 0000 0000 0002 is declined,");
    println!(
        "               4000 0027 6000 3184 asks for authentication; any date to come, any CVC"
    );
    Ok(())
}

/// A folder of the demo's own, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn make() -> Result<Self, End> {
        let mut name = [0; 8];
        SystemEntropy.fill(&mut name);
        let name: String = name.iter().map(|byte| format!("{byte:02x}")).collect();
        let path = std::env::temp_dir().join(format!("sluice-demo-{name}"));
        std::fs::create_dir(&path)
            .map_err(|error| End::Failed(format!("{}: {error}", path.display())))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left is only a demo.
        let _left = std::fs::remove_dir_all(&self.0);
    }
}
