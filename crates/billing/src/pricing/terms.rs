//! One price: what a quantity costs.

use rust_decimal::{Decimal, prelude::ToPrimitive as _};
use serde::{Deserialize, Serialize};

use crate::{quantity, quantity::Quantity, usage::FieldName};

/// The most steps a price has.
pub const TIERS_MAX: usize = 20;
/// The highest price of one unit, in millionths of the currency unit: a million.
pub const UNIT_PRICE_MAX_MICROS: i64 = 1_000_000 * 1_000_000;
/// The highest markup, in millionths: 1,000 %.
pub const MARKUP_MAX_PPM: u32 = 10_000_000;
/// Millionths in a hundredth.
const PPM_PER_PERCENT: i64 = 10_000;
/// Digits after the point of a percentage.
const PERCENT_SCALE: u32 = 4;
/// Millionths in one.
const MILLION: i128 = 1_000_000;

/// Why an amount or a price cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriceError {
    /// A price below nothing or above [`UNIT_PRICE_MAX_MICROS`].
    UnitPrice,
    /// Tiers that do not begin ever higher, or above nothing, or are too many.
    Tiers,
    /// A markup above [`MARKUP_MAX_PPM`], or below −100 %.
    Markup,
    /// The amount does not fit into 64 bits of millionths.
    TooLarge,
}

impl PriceError {
    /// The word for it on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnitPrice => "unit_price",
            Self::Tiers => "tiers",
            Self::Markup => "markup",
            Self::TooLarge => "too_large",
        }
    }
}

impl std::fmt::Display for PriceError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::UnitPrice => f.write_str("A unit price is from 0 to 1000000."),
            Self::Tiers => write!(f, "At most {TIERS_MAX} tiers, each from a higher quantity on."),
            Self::Markup => f.write_str("A markup is from -100 to 1000 percent."),
            Self::TooLarge => f.write_str("The amount is too large."),
        }
    }
}

impl std::error::Error for PriceError {}

/// The price of one unit, in millionths of the currency unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Price(i64);

impl Price {
    /// From millionths.
    ///
    /// # Errors
    /// [`PriceError::UnitPrice`].
    pub fn from_micros(micros: i64) -> Result<Self, PriceError> {
        if (0..=UNIT_PRICE_MAX_MICROS).contains(&micros) {
            Ok(Self(micros))
        } else {
            Err(PriceError::UnitPrice)
        }
    }

    /// Reads a decimal with at most six digits after the point, `"0.0079"`.
    ///
    /// # Errors
    /// [`PriceError::UnitPrice`].
    pub fn parse(text: &str) -> Result<Self, PriceError> {
        let quantity = Quantity::parse(text).map_err(|_| PriceError::UnitPrice)?;
        Self::from_micros(quantity.micros())
    }

    /// Millionths of the currency unit.
    pub const fn micros(self) -> i64 {
        self.0
    }
}

impl std::fmt::Display for Price {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let quantity = Quantity::from_micros(self.0).unwrap_or_default();
        quantity.fmt(f)
    }
}

impl Serialize for Price {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Price {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// From a quantity of the month on, another price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// The units of the month before it, included ones counted.
    pub above: Quantity,
    /// What each further unit costs.
    pub unit_price: Price,
}

/// A surcharge (or a discount) on what usage costs. On the wire a percentage with at most four digits after the point,
/// `{"percent":"12.5"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "WireMarkup", into = "WireMarkup")]
pub struct Markup {
    ppm: i32,
}

/// A markup as it stands on the wire.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct WireMarkup {
    percent: String,
}

impl From<Markup> for WireMarkup {
    fn from(markup: Markup) -> Self {
        Self { percent: Decimal::new(i64::from(markup.ppm), PERCENT_SCALE).normalize().to_string() }
    }
}

impl TryFrom<WireMarkup> for Markup {
    type Error = PriceError;

    fn try_from(wire: WireMarkup) -> Result<Self, PriceError> {
        let percent = Decimal::from_str_exact(&wire.percent).map_err(|_| PriceError::Markup)?;
        let ppm = percent.checked_mul(Decimal::from(PPM_PER_PERCENT)).ok_or(PriceError::Markup)?;
        if !ppm.is_integer() {
            return Err(PriceError::Markup);
        }
        ppm.to_i64().ok_or(PriceError::Markup).and_then(Self::from_ppm)
    }
}

impl Markup {
    /// From millionths added to each amount (100,000 is 10 %), negative for a discount: −100 % to [`MARKUP_MAX_PPM`].
    ///
    /// # Errors
    /// [`PriceError::Markup`].
    pub fn from_ppm(ppm: i64) -> Result<Self, PriceError> {
        let ppm = i32::try_from(ppm).map_err(|_| PriceError::Markup)?;
        let most = i32::try_from(MARKUP_MAX_PPM).map_err(|_| PriceError::Markup)?;
        if (-1_000_000..=most).contains(&ppm) { Ok(Self { ppm }) } else { Err(PriceError::Markup) }
    }
}

/// What usage of one type costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// The price of one unit.
    pub unit_price: Price,
    /// The field of the event's data that says how many units; without one each event is one unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity_field: Option<FieldName>,
    /// Units of each calendar month (UTC) and sub-account that cost nothing.
    #[serde(default)]
    pub included: Quantity,
    /// Other prices for what is used beyond certain quantities of the month, lowest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<Tier>,
}

impl Terms {
    /// One price for every unit of `field`.
    pub fn flat(unit_price: Price, quantity_field: Option<FieldName>) -> Self {
        Self { unit_price, quantity_field, included: Quantity::ZERO, tiers: Vec::new() }
    }

    /// Checks what the types do not.
    ///
    /// # Errors
    /// [`PriceError::Tiers`].
    pub fn checked(self) -> Result<Self, PriceError> {
        let rising = self.tiers.windows(2).all(|pair| pair[0].above < pair[1].above);
        let above_nothing = self.tiers.first().is_none_or(|tier| tier.above > Quantity::ZERO);
        if rising && above_nothing && self.tiers.len() <= TIERS_MAX {
            Ok(self)
        } else {
            Err(PriceError::Tiers)
        }
    }

    /// Whether what was used before in the month changes the amount.
    pub fn counts_the_month(&self) -> bool {
        self.included > Quantity::ZERO || !self.tiers.is_empty()
    }

    /// What `quantity` costs after `used` units of the month, in millionths of the currency unit, rounded half to even.
    ///
    /// # Errors
    /// [`PriceError::TooLarge`].
    pub fn amount_micros(
        &self,
        quantity: Quantity,
        used: Quantity,
        markup: Option<Markup>,
    ) -> Result<i64, PriceError> {
        // Millionths of millionths, exact.
        let fine = if self.counts_the_month() {
            self.graduated(used.micros(), used.saturating_plus(quantity).micros())
        } else {
            i128::from(self.unit_price.micros()) * i128::from(quantity.micros())
        };
        let units = i128::from(quantity::MICROS_PER_UNIT);
        let amount = match markup {
            None => rounded(fine, units),
            Some(markup) => {
                // At most 2^63 × 2^50 × 2^24 would not fit; what is charged has to fit into 2^63 anyway.
                let factor = MILLION + i128::from(markup.ppm);
                let marked = fine.checked_mul(factor).ok_or(PriceError::TooLarge)?;
                rounded(marked, units * MILLION)
            }
        };
        i64::try_from(amount).map_err(|_| PriceError::TooLarge)
    }

    /// The units from `from` to `to` of the month, each at the price of its step.
    fn graduated(&self, from: i64, to: i64) -> i128 {
        let free_until = self.included.micros();
        let mut starts = vec![(free_until, self.unit_price)];
        for tier in &self.tiers {
            // What is included stays free, also beyond a tier's beginning.
            starts.push((tier.above.micros().max(free_until), tier.unit_price));
        }
        let mut sum = 0;
        for (index, (start, price)) in starts.iter().enumerate() {
            let end = starts.get(index + 1).map_or(i64::MAX, |(next, _)| *next);
            let units = to.min(end).saturating_sub(from.max(*start)).max(0);
            sum += i128::from(units) * i128::from(price.micros());
        }
        sum
    }
}

/// `numerator / denominator` to the nearest whole number, a half to the even one. The denominator is positive.
fn rounded(numerator: i128, denominator: i128) -> i128 {
    let (whole, rest) = (numerator.div_euclid(denominator), numerator.rem_euclid(denominator));
    match (rest * 2).cmp(&denominator) {
        std::cmp::Ordering::Less => whole,
        std::cmp::Ordering::Greater => whole + 1,
        std::cmp::Ordering::Equal => whole + (whole & 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn price(text: &str) -> Price {
        Price::parse(text).unwrap()
    }

    fn quantity(text: &str) -> Quantity {
        Quantity::parse(text).unwrap()
    }

    #[test]
    fn a_flat_price_is_exact() {
        let terms = Terms::flat(price("0.000033"), None);
        let sum: i64 = (0..10_000)
            .map(|_| terms.amount_micros(Quantity::ONE, Quantity::ZERO, None).unwrap())
            .sum();
        assert_eq!(sum, 330_000, "ten thousand times 0.000033 is 0.33");
        assert_eq!(terms.amount_micros(quantity("2.5"), Quantity::ZERO, None), Ok(82));
        assert_eq!(terms.amount_micros(quantity("0.5"), Quantity::ZERO, None), Ok(16));
        assert_eq!(terms.amount_micros(quantity("1.5"), Quantity::ZERO, None), Ok(50));
    }

    #[test]
    fn a_markup_is_applied_before_rounding() {
        let terms = Terms::flat(price("0.01"), None);
        let marked = |ppm| {
            let markup = Some(Markup::from_ppm(ppm).unwrap());
            terms.amount_micros(quantity("3"), Quantity::ZERO, markup)
        };
        assert_eq!(marked(0), Ok(30_000));
        assert_eq!(marked(100_000), Ok(33_000));
        assert_eq!(marked(-1_000_000), Ok(0));
        assert_eq!(marked(10_000_000), Ok(330_000));
        assert_eq!(Markup::from_ppm(10_000_001), Err(PriceError::Markup));
        assert_eq!(Markup::from_ppm(-1_000_001), Err(PriceError::Markup));
        let tiny = Terms::flat(price("0.000001"), None);
        let half =
            tiny.amount_micros(quantity("1"), Quantity::ZERO, Markup::from_ppm(500_000).ok());
        assert_eq!(half, Ok(2), "1.5 millionths are rounded to the even 2");
    }

    #[test]
    fn a_markup_is_written_as_a_percentage() {
        for (percent, ppm) in [("12.5", 125_000), ("-100", -1_000_000), ("0.0001", 1)] {
            let json = format!(r#"{{"percent":"{percent}"}}"#);
            let markup: Markup = serde_json::from_str(&json).unwrap();
            assert_eq!(Ok(markup), Markup::from_ppm(ppm));
            assert_eq!(serde_json::to_string(&markup).unwrap(), json);
        }
        for wrong in ["1000.1", "-100.1", "0.00001", "ten", ""] {
            let json = format!(r#"{{"percent":"{wrong}"}}"#);
            assert!(serde_json::from_str::<Markup>(&json).is_err(), "{wrong}");
        }
    }

    #[test]
    fn included_units_and_tiers_follow_the_month() {
        let terms = Terms {
            included: quantity("100"),
            tiers: vec![
                Tier { above: quantity("200"), unit_price: price("0.5") },
                Tier { above: quantity("300"), unit_price: price("0.25") },
            ],
            ..Terms::flat(price("1"), None)
        };
        for (used, more, expected) in [
            ("0", "100", 0),
            ("0", "101", 1_000_000),
            ("100", "100", 100_000_000),
            ("150", "100", 75_000_000),
            ("0", "400", 175_000_000),
            ("300", "4", 1_000_000),
        ] {
            let amount = terms.amount_micros(quantity(more), quantity(used), None);
            assert_eq!(amount, Ok(expected), "{more} after {used}");
        }
        // Two events cost what one of their sum would.
        let split = terms.amount_micros(quantity("170"), Quantity::ZERO, None).unwrap()
            + terms.amount_micros(quantity("230"), quantity("170"), None).unwrap();
        assert_eq!(Ok(split), terms.amount_micros(quantity("400"), Quantity::ZERO, None));
    }

    #[test]
    fn what_is_included_stays_free_beyond_a_tier() {
        let terms = Terms {
            included: quantity("100"),
            tiers: vec![Tier { above: quantity("50"), unit_price: price("2") }],
            ..Terms::flat(price("1"), None)
        };
        assert_eq!(terms.amount_micros(quantity("101"), Quantity::ZERO, None), Ok(2_000_000));
    }

    #[test]
    fn tiers_must_rise() {
        let tier = |above: &str| Tier { above: quantity(above), unit_price: price("1") };
        let with = |tiers| Terms { tiers, ..Terms::flat(price("1"), None) }.checked();
        assert!(with(vec![tier("1"), tier("2")]).is_ok());
        for tiers in [
            vec![tier("0")],
            vec![tier("2"), tier("2")],
            vec![tier("3"), tier("2")],
            (1..=21).map(|above| tier(&above.to_string())).collect(),
        ] {
            assert_eq!(with(tiers), Err(PriceError::Tiers));
        }
    }

    #[test]
    fn the_largest_amount_fits_or_is_refused() {
        let dearest = Terms::flat(price("1000000"), None);
        let most = quantity("1000000000");
        assert_eq!(dearest.amount_micros(most, Quantity::ZERO, None), Err(PriceError::TooLarge));
        let markup = Markup::from_ppm(10_000_000).ok();
        assert_eq!(dearest.amount_micros(most, Quantity::ZERO, markup), Err(PriceError::TooLarge));
        let fits = dearest.amount_micros(quantity("1000"), Quantity::ZERO, None);
        assert_eq!(fits, Ok(1_000_000_000_000_000));
        for wrong in ["-1", "1000000.000001", "0.0000001", "free", ""] {
            assert_eq!(Price::parse(wrong), Err(PriceError::UnitPrice), "{wrong}");
        }
    }
}
