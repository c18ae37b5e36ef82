//! What every handler can reach.

use std::{ops::Deref, sync::Arc};

use tokio::sync::{Semaphore, watch};

use super::{
    files::Files, in_use::InUse, limits::Counts, machine::KnownKeys, reports::Reports,
    sign_in_limits::SignInLimits, streams::Streams,
};
use crate::{deps::Deps, oidc::Provider};

/// Passwords that are hashed at the same time; each takes 19 MiB and a core for a while.
const HASHING_AT_ONCE: usize = 2;

/// The server's shared state. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Shared>);

/// What is shared.
pub struct Shared {
    /// Everything from outside.
    pub deps: Deps,
    /// The embedded files, with their policies.
    pub(super) files: Files,
    /// Who has asked how often.
    pub(super) counts: Arc<Counts>,
    /// Attempts to sign in.
    pub(super) sign_ins: SignInLimits,
    /// Codes of second factors that were tried.
    pub(super) codes: SignInLimits,
    /// New passwords that were asked for.
    pub(super) resets: SignInLimits,
    /// Links to balances that were asked for.
    pub(super) balance_links: SignInLimits,
    /// Permits to hash a password.
    pub(super) hashing: Semaphore,
    /// API keys that were looked up a moment ago.
    pub(super) keys: KnownKeys,
    /// Whom people may sign in with, beside their password.
    pub(super) oidc: Option<Provider>,
    /// Sessions in use.
    pub(super) in_use: Arc<InUse>,
    /// Open event streams.
    pub(super) streams: Streams,
    /// What browsers reported.
    pub(super) reports: Reports,
    /// True once the server stops.
    pub(super) stop: watch::Receiver<bool>,
}

impl App {
    /// Around what comes from outside.
    pub fn new(deps: Deps, stop: watch::Receiver<bool>) -> Self {
        let files = Files::embedded(&deps.config);
        let provider = deps.config.oidc.clone();
        let provider = provider.map(|oidc| Provider::new(oidc, &deps.config.public_url));
        let oidc = provider.and_then(|made| {
            made.inspect_err(|error| tracing::error!(%error, "nobody can be asked who people are"))
                .ok()
        });
        let counts = Arc::new(Counts::new(&deps.config.limits));
        let in_use = Arc::new(InUse::new(&deps.config.limits, deps.store.clone()));
        Self(Arc::new(Shared {
            deps,
            files,
            counts,
            oidc,
            sign_ins: SignInLimits::default(),
            codes: SignInLimits::default(),
            resets: SignInLimits::default(),
            balance_links: SignInLimits::default(),
            hashing: Semaphore::new(HASHING_AT_ONCE),
            keys: KnownKeys::default(),
            in_use,
            streams: Streams::default(),
            reports: Reports::default(),
            stop,
        }))
    }
}

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
