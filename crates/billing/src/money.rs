//! Integer money with a currency. Amounts are millionths of the currency unit; `rust_decimal` reads and prints at the edges.

use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeStruct};

/// How many of our units make one unit of the currency.
pub const MICROS_PER_UNIT: i64 = 1_000_000;
/// Digits after the point that a stored amount has.
const SCALE: u32 = 6;

/// The currencies an agency may be billed in. One per agency; nothing converts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "ISO 4217 says it")]
pub enum Currency {
    Usd,
    Eur,
    Gbp,
    Cad,
    Aud,
    Nzd,
    Chf,
    Sek,
    Nok,
    Dkk,
    Jpy,
}

impl Currency {
    /// Every currency there is, for parsing and for tests.
    pub const ALL: [Self; 11] = [
        Self::Usd,
        Self::Eur,
        Self::Gbp,
        Self::Cad,
        Self::Aud,
        Self::Nzd,
        Self::Chf,
        Self::Sek,
        Self::Nok,
        Self::Dkk,
        Self::Jpy,
    ];

    /// The ISO 4217 code, upper case.
    pub fn code(self) -> &'static str {
        match self {
            Self::Usd => "USD",
            Self::Eur => "EUR",
            Self::Gbp => "GBP",
            Self::Cad => "CAD",
            Self::Aud => "AUD",
            Self::Nzd => "NZD",
            Self::Chf => "CHF",
            Self::Sek => "SEK",
            Self::Nok => "NOK",
            Self::Dkk => "DKK",
            Self::Jpy => "JPY",
        }
    }

    /// The sign people write before (or, in Sweden, after) an amount.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Usd => "$",
            Self::Eur => "€",
            Self::Gbp => "£",
            Self::Cad => "CA$",
            Self::Aud => "A$",
            Self::Nzd => "NZ$",
            Self::Chf => "CHF ",
            Self::Sek => "SEK ",
            Self::Nok => "NOK ",
            Self::Dkk => "DKK ",
            Self::Jpy => "¥",
        }
    }

    /// Digits after the point of the smallest coin (ISO 4217): what a card can be charged.
    pub fn exponent(self) -> u32 {
        if self == Self::Jpy { 0 } else { 2 }
    }

    /// Our units in the smallest coin.
    pub fn micros_per_minor(self) -> i64 {
        MICROS_PER_UNIT / 10_i64.pow(self.exponent())
    }
}

impl std::str::FromStr for Currency {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        Self::ALL.into_iter().find(|currency| currency.code() == text).ok_or(MoneyError::Currency)
    }
}

impl std::fmt::Display for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

/// Why a text is no amount, or a sum could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoneyError {
    /// Nothing was written.
    Empty,
    /// Not a plain decimal number.
    Format,
    /// A thousands separator: `1,000` means two different things to two readers.
    Separator,
    /// More digits after the point than the currency (typed) or the ledger (wire) has.
    TooPrecise,
    /// Outside what 64 bits of millionths hold.
    TooLarge,
    /// A currency that is unknown, or not the agency's.
    Currency,
}

impl MoneyError {
    /// The word for it on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "required",
            Self::Format => "not_a_number",
            Self::Separator => "thousands_separator",
            Self::TooPrecise => "too_precise",
            Self::TooLarge => "too_large",
            Self::Currency => "wrong_currency",
        }
    }
}

impl std::fmt::Display for MoneyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Empty => "Enter an amount.",
            Self::Format => "Enter an amount like 25.00.",
            Self::Separator => "Write the amount without a thousands separator, like 1000.00.",
            Self::TooPrecise => "The amount has too many digits after the point.",
            Self::TooLarge => "The amount is too large.",
            Self::Currency => "The amount is in another currency than the agency's.",
        })
    }
}

impl std::error::Error for MoneyError {}

/// An amount of a currency, exact to a millionth of its unit. May be negative.
///
/// On the wire `{"amount":"25.00","currency":"USD"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money {
    amount_micros: i64,
    currency: Currency,
}

impl Money {
    /// An amount in millionths of the currency unit.
    pub const fn from_micros(amount_micros: i64, currency: Currency) -> Self {
        Self { amount_micros, currency }
    }

    /// An amount in the smallest coin, as gateways count.
    ///
    /// # Errors
    /// [`MoneyError::TooLarge`] when it does not fit.
    pub fn from_minor(minor: i64, currency: Currency) -> Result<Self, MoneyError> {
        let micros = minor.checked_mul(currency.micros_per_minor()).ok_or(MoneyError::TooLarge)?;
        Ok(Self::from_micros(micros, currency))
    }

    /// Nothing.
    pub const fn zero(currency: Currency) -> Self {
        Self::from_micros(0, currency)
    }

    /// Millionths of the currency unit.
    pub const fn micros(self) -> i64 {
        self.amount_micros
    }

    /// The currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// Whole coins of the smallest kind, or nothing when there is a fraction of one.
    pub fn minor(self) -> Option<i64> {
        let per = self.currency.micros_per_minor();
        (self.amount_micros % per == 0).then_some(self.amount_micros / per)
    }

    /// The amount without the fraction of the smallest coin, towards zero: what a card can be paid back.
    pub fn floor_to_minor(self) -> Self {
        let per = self.currency.micros_per_minor();
        Self::from_micros(self.amount_micros / per * per, self.currency)
    }

    /// The amount with the fraction of the smallest coin made whole, away from zero: what a card can be charged.
    ///
    /// # Errors
    /// An amount that does not fit.
    pub fn ceil_to_minor(self) -> Result<Self, MoneyError> {
        let floor = self.floor_to_minor();
        if floor == self {
            return Ok(self);
        }
        let per = self.currency.micros_per_minor();
        let coin = if self.is_negative() { -per } else { per };
        floor.plus(Self::from_micros(coin, self.currency))
    }

    /// Exactly nothing?
    pub const fn is_zero(self) -> bool {
        self.amount_micros == 0
    }

    /// Below nothing?
    pub const fn is_negative(self) -> bool {
        self.amount_micros < 0
    }

    /// Above nothing?
    pub const fn is_positive(self) -> bool {
        self.amount_micros > 0
    }

    /// The sum.
    ///
    /// # Errors
    /// Another currency, or a sum that does not fit.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::Currency);
        }
        let sum = self.amount_micros.checked_add(other.amount_micros);
        sum.map(|micros| Self::from_micros(micros, self.currency)).ok_or(MoneyError::TooLarge)
    }

    /// The difference.
    ///
    /// # Errors
    /// Another currency, or a difference that does not fit.
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.plus(other.negated()?)
    }

    /// The same amount the other way.
    ///
    /// # Errors
    /// The one amount that has no opposite in 64 bits.
    pub fn negated(self) -> Result<Self, MoneyError> {
        let micros = self.amount_micros.checked_neg().ok_or(MoneyError::TooLarge)?;
        Ok(Self::from_micros(micros, self.currency))
    }

    /// The number alone, as a plain decimal: at least the currency's digits after the point, at most six, exact.
    pub fn amount(self) -> String {
        let minimum = self.currency.exponent();
        let mut decimal = Decimal::new(self.amount_micros, SCALE).normalize();
        if decimal.scale() < minimum {
            decimal.rescale(minimum);
        }
        decimal.to_string()
    }

    /// For sentences and mails: `$1,234.56`, `−$1.87`. Fractions of the smallest coin are shown when there are any.
    pub fn text(self) -> String {
        let plain = self.amount();
        let digits = plain.trim_start_matches('-');
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let mut grouped = String::new();
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index) % 3 == 0 {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        let minus = if self.is_negative() { "\u{2212}" } else { "" };
        let point = if fraction.is_empty() { "" } else { "." };
        format!("{minus}{}{grouped}{point}{fraction}", self.currency.sign())
    }

    /// Reads the wire's number: digits, one point, a leading minus; at most six digits after the point.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse_wire(amount: &str, currency: Currency) -> Result<Self, MoneyError> {
        Self::parse(amount, currency, SCALE)
    }

    /// Reads what a person typed: as the wire, but a leading currency sign and white space around are fine, and only the
    /// digits that a card can be charged.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse_typed(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let text = text.trim();
        let number = text.strip_prefix(currency.sign().trim()).unwrap_or(text).trim_start();
        let mut others = Currency::ALL.into_iter().filter(|other| *other != currency);
        if others.any(|o| number.starts_with(o.sign().trim()) || number.ends_with(o.code())) {
            return Err(MoneyError::Currency);
        }
        Self::parse(number, currency, currency.exponent())
    }

    fn parse(text: &str, currency: Currency, scale: u32) -> Result<Self, MoneyError> {
        if text.is_empty() {
            return Err(MoneyError::Empty);
        }
        if text.contains(',') {
            return Err(MoneyError::Separator);
        }
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !plain(whole) || !plain(fraction) {
            return Err(MoneyError::Format);
        }
        // Zeros at the end say nothing: 25.000 is as exact as 25.00.
        if fraction.trim_end_matches('0').len() > scale as usize
            || (fraction.len() > scale as usize && scale < SCALE && digits.contains('.'))
        {
            return Err(MoneyError::TooPrecise);
        }
        let decimal: Decimal = text.parse().map_err(|_| MoneyError::TooLarge)?;
        let micros = decimal.checked_mul(Decimal::from(MICROS_PER_UNIT));
        let micros = micros.and_then(|micros| micros.to_i64()).ok_or(MoneyError::TooLarge)?;
        Ok(Self::from_micros(micros, currency))
    }
}

impl std::fmt::Display for Money {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text())
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut money = serializer.serialize_struct("Money", 2)?;
        money.serialize_field("amount", &self.amount())?;
        money.serialize_field("currency", self.currency.code())?;
        money.end()
    }
}

/// Money as it stands on the wire, before anybody has checked it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WireMoney {
    /// A plain decimal number, `"25.00"`.
    pub amount: String,
    /// An ISO 4217 code, `"USD"`.
    pub currency: String,
}

impl WireMoney {
    /// Checks it against the one currency that is allowed here.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(&self, allowed: Currency) -> Result<Money, MoneyError> {
        if self.currency.parse::<Currency>()? != allowed {
            return Err(MoneyError::Currency);
        }
        Money::parse_wire(&self.amount, allowed)
    }
}

impl From<Money> for WireMoney {
    fn from(money: Money) -> Self {
        Self { amount: money.amount(), currency: money.currency.code().to_owned() }
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = WireMoney::deserialize(deserializer)?;
        let currency = wire.currency.parse().map_err(de::Error::custom)?;
        Self::parse_wire(&wire.amount, currency).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
