//! The limits a deployment sets, per currency.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Currency, Money};

/// What a deployment allows; the browser gets it with `GET /me` and judges by the same numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Policy {
    /// The smallest starting balance and payment.
    pub minimum: Money,
    /// The largest starting balance and payment.
    pub maximum: Money,
    /// How long a billing request's link works, in seconds.
    pub request_ttl_seconds: u64,
    /// How many payments may be tried on one request: a stolen card number is not tested here.
    pub attempts_per_request: u32,
    /// How often one request may be mailed.
    pub sends_per_request: u32,
}

impl Policy {
    /// The defaults for a currency: 25.00 to 10,000.00 (2,500 to 1,000,000 in yen), 7 days, 10 attempts, 10 letters.
    pub fn standard(currency: Currency) -> Self {
        let scale = if currency.exponent() == 0 { 100 } else { 1 };
        let units = |units: i64| Money::from_micros(units * scale * 1_000_000, currency);
        Self {
            minimum: units(25),
            maximum: units(10_000),
            request_ttl_seconds: 7 * 24 * 60 * 60,
            attempts_per_request: 10,
            sends_per_request: 10,
        }
    }

    /// The one currency in which this agency is billed.
    pub fn currency(&self) -> Currency {
        self.minimum.currency()
    }

    /// How long a billing request's link works.
    pub fn request_ttl(&self) -> Duration {
        Duration::from_secs(self.request_ttl_seconds)
    }

    /// Amounts to offer on the pay page: the minimum and round multiples of it that are allowed.
    pub fn presets(&self) -> Vec<Money> {
        self.times([1, 2, 4, 10])
    }

    /// Amounts to offer to an agency, which pays for many at once.
    pub fn agency_presets(&self) -> Vec<Money> {
        self.times([4, 10, 20, 40])
    }

    /// These multiples of the minimum, as far as they are allowed.
    fn times(&self, times: [i64; 4]) -> Vec<Money> {
        times
            .into_iter()
            .filter_map(|times| self.minimum.micros().checked_mul(times))
            .map(|micros| Money::from_micros(micros, self.currency()))
            .filter(|amount| *amount <= self.maximum)
            .collect()
    }
}
