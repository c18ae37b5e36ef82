//! What may be typed, what may be sent, and how amounts are printed, as tables.

use super::*;

const USD: Currency = Currency::Usd;

fn usd(micros: i64) -> Money {
    Money::from_micros(micros, USD)
}

#[test]
fn what_a_person_may_type() {
    let table = [
        ("25", Ok(usd(25_000_000))),
        ("25.00", Ok(usd(25_000_000))),
        (" $25.5 ", Ok(usd(25_500_000))),
        ("$ 100.01", Ok(usd(100_010_000))),
        ("-3", Ok(usd(-3_000_000))),
        ("", Err(MoneyError::Empty)),
        ("$", Err(MoneyError::Empty)),
        ("1,000", Err(MoneyError::Separator)),
        ("25,00", Err(MoneyError::Separator)),
        ("25.001", Err(MoneyError::TooPrecise)),
        ("25.000", Err(MoneyError::TooPrecise)),
        ("€25", Err(MoneyError::Currency)),
        ("25 EUR", Err(MoneyError::Currency)),
        ("1e9", Err(MoneyError::Format)),
        ("25.", Err(MoneyError::Format)),
        (".5", Err(MoneyError::Format)),
        ("+5", Err(MoneyError::Format)),
        ("٢٥", Err(MoneyError::Format)),
        ("NaN", Err(MoneyError::Format)),
        ("99999999999999", Err(MoneyError::TooLarge)),
        (&"9".repeat(400), Err(MoneyError::TooLarge)),
    ];
    for (typed, expected) in table {
        assert_eq!(Money::parse_typed(typed, USD), expected, "{typed:?}");
    }
}

#[test]
fn what_the_wire_may_carry() {
    let table = [
        ("0.000033", Ok(usd(33))),
        ("-1.870000", Ok(usd(-1_870_000))),
        ("1.0000001", Err(MoneyError::TooPrecise)),
        ("$1", Err(MoneyError::Format)),
        (" 1", Err(MoneyError::Format)),
    ];
    for (sent, expected) in table {
        assert_eq!(Money::parse_wire(sent, USD), expected, "{sent:?}");
    }
}

#[test]
fn how_amounts_are_printed() {
    let table = [
        (0, "0.00", "$0.00"),
        (25_000_000, "25.00", "$25.00"),
        (-1_870_000, "-1.87", "\u{2212}$1.87"),
        (1_234_567_890_000, "1234567.89", "$1,234,567.89"),
        (33, "0.000033", "$0.000033"),
        (i64::MIN, "-9223372036854.775808", "\u{2212}$9,223,372,036,854.775808"),
    ];
    for (micros, amount, text) in table {
        assert_eq!(usd(micros).amount(), amount);
        assert_eq!(usd(micros).text(), text);
    }
    assert_eq!(Money::from_micros(500_000_000, Currency::Jpy).text(), "¥500");
}

#[test]
fn sums_stay_in_their_currency_and_in_range() {
    let euro = Money::from_micros(1, Currency::Eur);
    assert_eq!(usd(1).plus(euro), Err(MoneyError::Currency));
    assert_eq!(usd(i64::MAX).plus(usd(1)), Err(MoneyError::TooLarge));
    assert_eq!(usd(i64::MIN).negated(), Err(MoneyError::TooLarge));
    assert_eq!(usd(5).minus(usd(7)), Ok(usd(-2)));
}

#[test]
fn coins_and_their_fractions() {
    assert_eq!(usd(25_010_000).minor(), Some(2501));
    assert_eq!(usd(25_010_001).minor(), None);
    assert_eq!(usd(25_019_999).floor_to_minor(), usd(25_010_000));
    assert_eq!(Money::from_minor(2501, USD), Ok(usd(25_010_000)));
    assert_eq!(Money::from_minor(i64::MAX, USD), Err(MoneyError::TooLarge));
}

#[test]
fn the_wire_form_is_a_decimal_string_and_a_code() {
    let json = serde_json::to_string(&usd(25_000_000)).unwrap();
    assert_eq!(json, r#"{"amount":"25.00","currency":"USD"}"#);
    assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), usd(25_000_000));
    for wrong in [
        r#"{"amount":25,"currency":"USD"}"#,
        r#"{"amount":"25.00","currency":"XXX"}"#,
        r#"{"amount":"25.00","currency":"USD","x":1}"#,
    ] {
        assert!(serde_json::from_str::<Money>(wrong).is_err(), "{wrong}");
    }
}
