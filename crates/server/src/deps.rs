//! Everything that comes from outside, passed in once: time, chance, the store, the gateway, the mailer, the settings.

use std::sync::Arc;

use billing::Timestamp;

use crate::{
    config::Config, courier::Courier, gateway::Gateway, mail::Mailer, metering::Meter,
    storage::Store,
};

/// What time it is.
pub trait Clock: Send + Sync {
    /// Now, in UTC.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is where time comes in")]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let millis = since.map_or(0, |since| since.as_millis());
        Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
    }
}

/// Where chance comes from: ids, tokens, salts.
pub trait Entropy: Send + Sync {
    /// Fills `bytes` with unpredictable bytes.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's random source.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(clippy::disallowed_methods, reason = "this is where chance comes in")]
    fn fill(&self, bytes: &mut [u8]) {
        // Without randomness there are no secrets: going on would be worse than stopping.
        if getrandom::fill(bytes).is_err() {
            tracing::error!("the operating system gives no random bytes");
            std::process::abort();
        }
    }
}

/// Chance in the sizes that are needed.
pub trait EntropyExt: Entropy {
    /// The random part of an id.
    fn id(&self) -> [u8; 10] {
        let mut bytes = [0; 10];
        self.fill(&mut bytes);
        bytes
    }

    /// A secret of 256 bits.
    fn secret(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.fill(&mut bytes);
        bytes
    }
}

impl<T: Entropy + ?Sized> EntropyExt for T {}

/// Everything that comes from outside. Cheap to clone.
#[derive(Clone)]
pub struct Deps {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub entropy: Arc<dyn Entropy>,
    /// The database.
    pub store: Store,
    /// The way in for usage, on that database.
    pub meter: Meter,
    /// The payment gateway.
    pub gateway: Arc<dyn Gateway>,
    /// Where mail goes.
    pub mailer: Arc<dyn Mailer>,
    /// What carries webhooks to the endpoints of agencies.
    pub courier: Courier,
    /// The settings.
    pub config: Arc<Config>,
}
