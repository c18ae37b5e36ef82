//! Card numbers, which belong to the gateway alone: text that holds one is refused before anybody keeps or logs it.

/// The fewest digits of a card's number (ISO/IEC 7812).
const DIGITS_MIN: usize = 13;
/// The most digits of a card's number.
const DIGITS_MAX: usize = 19;

/// Whether a card number stands in a text: 13 to 19 digits with the right check digit, whatever spaces and dashes stand between
/// them. It begins and ends where a group of digits does, so that a date before it does not hide it, and a long serial number,
/// which holds every pattern somewhere, is none.
pub fn has_card_number(text: &str) -> bool {
    let mut before = None;
    text.char_indices().any(|(at, char)| {
        let begins =
            char.is_ascii_digit() && !before.is_some_and(|char: char| char.is_ascii_digit());
        before = Some(char);
        begins && text.get(at..).is_some_and(begins_with_card_number)
    })
}

fn begins_with_card_number(text: &str) -> bool {
    let mut digits = Vec::with_capacity(DIGITS_MAX);
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match char.to_digit(10) {
            Some(_) if digits.len() == DIGITS_MAX => return false,
            Some(digit) => digits.push(digit),
            None if is_between(char) => continue,
            None => return false,
        }
        let ends = !chars.peek().is_some_and(char::is_ascii_digit);
        if ends && digits.len() >= DIGITS_MIN && has_check_digit(&digits) {
            return true;
        }
    }
    false
}

/// What people write between the groups of a number: spaces and dashes of every kind, but no new line.
fn is_between(char: char) -> bool {
    matches!(
        char,
        ' ' | '\t' | '\u{a0}' | '\u{2007}' | '\u{202f}' | '-' | '\u{2010}'
            ..='\u{2015}' | '\u{2212}'
    )
}

/// Luhn's sum (ISO/IEC 7812-1, annex B): every second digit from the right counts double, a ten less its carry.
fn has_check_digit(digits: &[u32]) -> bool {
    let weighed = digits.iter().rev().enumerate().map(|(place, digit)| match place % 2 {
        0 => *digit,
        _ => digit * 2 / 10 + digit * 2 % 10,
    });
    weighed.sum::<u32>() % 10 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_number_is_found_however_it_is_written() {
        for text in [
            "4242424242424242",
            "my card: 4242 4242 4242 4242, thanks",
            "4242-4242-4242-4242",
            "4242\u{a0}4242\u{2013}4242 - 4242.",
            "on 2026 4242 4242 4242 4242",
            "3782 822463 10005",
            "4222222222222",
            "6304000000000000000",
            "a1 5555555555554444x",
        ] {
            assert!(has_card_number(text), "{text}");
        }
    }

    #[test]
    fn other_numbers_are_none() {
        for text in [
            "",
            "4242 4242 4242 4243",
            "424242424242",
            "4242 4242\n4242 4242",
            "4242 4242 and 4242 4242",
            "42424242424242424242",
            "+1 (415) 555-2671",
            "2026-11-22 and 25.00",
        ] {
            assert!(!has_card_number(text), "{text}");
        }
        // A date hides nothing, whatever the sum over both.
        assert!(has_card_number("11-22 4242424242424242 25"));
    }
}
