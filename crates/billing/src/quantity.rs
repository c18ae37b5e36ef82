//! How much was used: a non-negative number, exact to a millionth of its unit.

use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// How many of our units make one unit of usage.
pub const MICROS_PER_UNIT: i64 = 1_000_000;
/// Digits after the point that a quantity may have.
const SCALE: u32 = 6;
/// The largest quantity of one event, in whole units.
pub const QUANTITY_MAX_UNITS: i64 = 1_000_000_000;
/// The longest text of a number that is read at all, in bytes.
const NUMBER_MAX_BYTES: usize = 64;

/// A quantity of usage in millionths of its unit (segments, minutes, requests: the price says of what). Never negative.
///
/// On the wire a plain decimal, `"2"`, `"0.5"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(i64);

/// Why something is no quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuantityError {
    /// Not a plain decimal number.
    NotANumber,
    /// Below nothing.
    Negative,
    /// More than six digits after the point.
    TooPrecise,
    /// Above [`QUANTITY_MAX_UNITS`].
    TooLarge,
}

impl QuantityError {
    /// The word for it on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotANumber => "not_a_number",
            Self::Negative => "negative",
            Self::TooPrecise => "too_precise",
            Self::TooLarge => "too_large",
        }
    }
}

impl std::fmt::Display for QuantityError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotANumber => f.write_str("A quantity is a number like 2 or 0.5."),
            Self::Negative => f.write_str("A quantity is not negative."),
            Self::TooPrecise => write!(f, "A quantity has at most {SCALE} digits after the point."),
            Self::TooLarge => write!(f, "A quantity is at most {QUANTITY_MAX_UNITS}."),
        }
    }
}

impl std::error::Error for QuantityError {}

impl Quantity {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// One unit: what an event counts for when its price counts events.
    pub const ONE: Self = Self(MICROS_PER_UNIT);

    /// From millionths; nothing when negative.
    pub fn from_micros(micros: i64) -> Option<Self> {
        (micros >= 0).then_some(Self(micros))
    }

    /// Millionths of the unit.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The sum, at most what 63 bits hold.
    pub fn saturating_plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// Reads a number as JSON writes it: `2`, `0.5`, `1e3`. Thousands separators, signs and words are refused.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        // The common case, and the fast one: a whole number.
        if (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
            let units: i64 = text.parse().map_err(|_| QuantityError::NotANumber)?;
            return Ok(Self(units * MICROS_PER_UNIT));
        }
        let shaped = text.starts_with(|first: char| first.is_ascii_digit() || first == '-');
        let plain = |byte: u8| byte.is_ascii_digit() || b".eE+-".contains(&byte);
        if !shaped || text.len() > NUMBER_MAX_BYTES || !text.bytes().all(plain) {
            return Err(QuantityError::NotANumber);
        }
        let (digits, exponent) = match text.split_once(['e', 'E']) {
            Some((digits, exponent)) => {
                (digits, exponent.parse::<i32>().map_err(|_| QuantityError::NotANumber)?)
            }
            None => (text, 0),
        };
        let decimal = read(digits)?;
        if decimal.is_sign_negative() && !decimal.is_zero() {
            return Err(QuantityError::Negative);
        }
        Self::from_decimal(shifted(decimal, exponent)?)
    }

    fn from_decimal(decimal: Decimal) -> Result<Self, QuantityError> {
        if decimal > Decimal::from(QUANTITY_MAX_UNITS) {
            return Err(QuantityError::TooLarge);
        }
        if decimal.normalize().scale() > SCALE {
            return Err(QuantityError::TooPrecise);
        }
        let micros = decimal.checked_mul(Decimal::from(MICROS_PER_UNIT));
        let micros = micros.and_then(|micros| micros.to_i64()).ok_or(QuantityError::TooLarge)?;
        Ok(Self(micros))
    }
}

/// The digits before an exponent. `rust_decimal` rounds what has too many of them; that would not be exact.
fn read(digits: &str) -> Result<Decimal, QuantityError> {
    use rust_decimal::Error;

    if digits.ends_with('.') || digits.contains(['+']) || digits.rfind('-').is_some_and(|at| at > 0)
    {
        return Err(QuantityError::NotANumber);
    }
    // `rust_decimal` has one word for too many digits, whichever side of the point they are on.
    let whole = digits.trim_start_matches(['-', '0']).split('.').next().unwrap_or_default();
    if whole.len() > 20 {
        return Err(QuantityError::TooLarge);
    }
    Decimal::from_str_exact(digits).map_err(|error| match error {
        Error::Underflow | Error::ScaleExceedsMaximumPrecision(_) => QuantityError::TooPrecise,
        Error::ExceedsMaximumPossibleValue => QuantityError::TooLarge,
        _ => QuantityError::NotANumber,
    })
}

/// Moves the point, exactly.
fn shifted(decimal: Decimal, exponent: i32) -> Result<Decimal, QuantityError> {
    if decimal.is_zero() || exponent == 0 {
        return Ok(decimal);
    }
    let power = |by: u32| 10_i64.checked_pow(by).map(Decimal::from);
    if exponent > 0 {
        let factor = power(exponent.unsigned_abs()).ok_or(QuantityError::TooLarge)?;
        decimal.checked_mul(factor).ok_or(QuantityError::TooLarge)
    } else {
        let divisor = power(exponent.unsigned_abs()).ok_or(QuantityError::TooPrecise)?;
        let quotient = decimal.checked_div(divisor).ok_or(QuantityError::TooPrecise)?;
        let exact = quotient.checked_mul(divisor) == Some(decimal);
        if exact { Ok(quotient) } else { Err(QuantityError::TooPrecise) }
    }
}

impl std::fmt::Display for Quantity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", Decimal::new(self.0, SCALE).normalize())
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        // A sum may be above what one event may have.
        let decimal = Decimal::from_str_exact(&text).map_err(de::Error::custom)?;
        let micros = decimal.checked_mul(Decimal::from(MICROS_PER_UNIT)).and_then(|m| m.to_i64());
        micros.and_then(Self::from_micros).ok_or_else(|| de::Error::custom("no quantity"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_numbers_exactly() {
        for (text, micros) in [
            ("0", 0),
            ("2", 2_000_000),
            ("0.5", 500_000),
            ("0.000001", 1),
            ("2.000000000", 2_000_000),
            ("1e3", 1_000_000_000),
            ("1.5E-1", 150_000),
            ("-0", 0),
            ("1000000000", 1_000_000_000_000_000),
        ] {
            assert_eq!(Quantity::parse(text).map(Quantity::micros), Ok(micros), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_quantity() {
        for (text, why) in [
            ("", QuantityError::NotANumber),
            ("NaN", QuantityError::NotANumber),
            ("null", QuantityError::NotANumber),
            ("1,000", QuantityError::NotANumber),
            ("+1", QuantityError::NotANumber),
            ("1-2", QuantityError::NotANumber),
            ("1.", QuantityError::NotANumber),
            ("1e", QuantityError::NotANumber),
            ("1e3e3", QuantityError::NotANumber),
            (" 1", QuantityError::NotANumber),
            ("0x1", QuantityError::NotANumber),
            ("-1", QuantityError::Negative),
            ("-0.000001", QuantityError::Negative),
            ("0.1234567", QuantityError::TooPrecise),
            ("0.1234567890123456789", QuantityError::TooPrecise),
            ("0.1234567890123456789012345678901234567890", QuantityError::TooPrecise),
            ("1e-7", QuantityError::TooPrecise),
            ("1e-30", QuantityError::TooPrecise),
            ("1000000001", QuantityError::TooLarge),
            ("1e400", QuantityError::TooLarge),
            ("9999999999999999999999999999999999999999", QuantityError::TooLarge),
        ] {
            assert_eq!(Quantity::parse(text), Err(why), "{text}");
        }
    }

    #[test]
    fn writes_what_it_reads() {
        for text in ["0", "2", "0.5", "123456.000001"] {
            let quantity = Quantity::parse(text).unwrap();
            assert_eq!(quantity.to_string(), text);
            let json = serde_json::to_string(&quantity).unwrap();
            assert_eq!(serde_json::from_str::<Quantity>(&json).unwrap(), quantity);
        }
    }
}
