//! The demo: two agencies with ninety days behind them, always the same from a fixed seed, told through the very commands a
//! real installation runs. What has happened at the gateway is imported into the sandbox, so that both books match; what is
//! under way is done live.

mod cast;
mod chance;
mod history;
mod letters;
mod people;
mod sandbox;
mod under_way;
mod usage;
mod wallet;

use billing::{
    AgencyId, Currency,
    embed::SiteOrigin,
    funding::Actor,
    text::{EmailAddress, Name},
};

use crate::{
    deps::Deps,
    execute::{ExecuteError, Origin, Tools, embed, keys, people::hash_password},
    storage::{Scope, StorageError, Transaction, keys::KeyScope},
};

pub use cast::{OWNER_EMAIL, PASSWORD};
pub use sandbox::SandboxAddress;

/// What a demo is made from.
const SEED: u64 = 0x0051_1CE5;

/// Where the example hosts of the widget run.
const EXAMPLE_SITES: [&str; 2] = ["http://localhost:8091", "http://localhost:8092"];

/// What was seeded.
#[derive(Clone, Debug)]
pub struct Seeded {
    /// The agency that the demo's owner belongs to.
    pub agency: AgencyId,
    /// A key of it that may send usage.
    pub api_key: String,
}

/// Why a demo could not be seeded.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// A command of its history was not carried out.
    #[error("the demo's history: {0}")]
    Execute(#[from] ExecuteError),
    /// The sandbox did not take its part.
    #[error("the sandbox: {0}")]
    Sandbox(String),
    /// What is under way in the demo could not be brought there.
    #[error("what is under way in the demo: {0}")]
    UnderWay(String),
    /// The demo's own texts are wrong.
    #[error("the demo's own texts: {0}")]
    Text(String),
}

impl From<StorageError> for SeedError {
    fn from(error: StorageError) -> Self {
        Self::Execute(error.into())
    }
}

/// Fills an empty database and an empty sandbox.
///
/// # Errors
/// [`SeedError`].
pub async fn seed(deps: &Deps, sandbox: &SandboxAddress) -> Result<Seeded, SeedError> {
    let now = deps.clock.now();
    let hash = hash_password(PASSWORD, &Tools::of(deps)).map_err(SeedError::Text)?;
    let mut books = sandbox::Books::default();
    let mut first = None;
    for (index, agency) in cast::agencies().into_iter().enumerate() {
        let seed = SEED.wrapping_add(index as u64);
        let (hash, taken) = (hash.clone(), std::mem::take(&mut books));
        let tell = move |tx: &mut dyn Transaction| {
            history::tell(tx, agency.clone(), seed, now, hash.clone(), taken.clone())
        };
        let told = deps.store.write(tell).await?;
        letters::write(deps, told.letters).await?;
        books = told.books;
        first.get_or_insert(told.scope);
    }
    sandbox::import(sandbox, books).await?;
    let scope: Scope = first.ok_or_else(|| SeedError::Text("no agency".to_owned()))?;
    under_way::begin(deps, sandbox, scope).await?;
    wallet::of_agency(deps, sandbox, scope).await?;
    wallet::fill(deps, sandbox, scope).await?;
    let (key_name, tools) = (name("Telephone system")?, Tools::of(deps));
    let make_key = move |tx: &mut dyn Transaction| {
        let origin = Origin::new(Actor::system("demo"), "demo");
        keys::create_key(tx, &tools, scope, &key_name, &KeyScope::ALL, &origin)
    };
    let api_key = deps.store.write(make_key).await?;
    allow_examples(deps, scope).await?;
    Ok(Seeded { agency: scope.agency(), api_key })
}

/// The hosts of `examples/` may show balances.
async fn allow_examples(deps: &Deps, scope: Scope) -> Result<(), SeedError> {
    let sites: Result<Vec<_>, _> = EXAMPLE_SITES.into_iter().map(SiteOrigin::parse).collect();
    let sites = sites.map_err(|error| SeedError::Text(error.to_string()))?;
    let tools = Tools::of(deps);
    let allow = move |tx: &mut dyn Transaction| {
        let origin = Origin::new(Actor::system("demo"), "demo");
        embed::set_origins(tx, &tools, scope, &sites, &origin)
    };
    deps.store.write(allow).await?;
    Ok(())
}

fn name(text: &str) -> Result<Name, SeedError> {
    Name::parse(text).map_err(|error| SeedError::Text(format!("{text}: {error}")))
}

fn email(text: &str) -> Result<EmailAddress, SeedError> {
    EmailAddress::parse(text).map_err(|error| SeedError::Text(format!("{text}: {error}")))
}

/// What the demo is billed in.
const CURRENCY: Currency = Currency::Usd;
