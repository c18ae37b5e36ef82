//! Codes of authenticator apps: RFC 6238, in the one form that all of them speak: SHA-1, six digits, thirty seconds.

use billing::Timestamp;
use hmac::{Hmac, Mac as _};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sha1::Sha1;
use subtle::ConstantTimeEq as _;

/// How long a secret is: as long as the hash, as RFC 4226 asks.
pub const SECRET_BYTES: usize = 20;
/// For how long a code is shown.
const STEP_SECONDS: u64 = 30;
/// How many codes there are: all of six digits.
const CODES: u32 = 1_000_000;
/// The letters of base 32.
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Who says in the app what the code is for.
const ISSUER: &str = "Sluice";

/// The number of the half minute.
pub fn step(at: Timestamp) -> u64 {
    u64::try_from(at.millis()).unwrap_or(0) / 1_000 / STEP_SECONDS
}

/// The code of a half minute; nothing for a secret that is none.
pub fn code(secret: &[u8], step: u64) -> Option<String> {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).ok()?;
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    // RFC 4226, 5.3: the last four bits say where the number stands.
    let at = usize::from(hash.last()? & 0xf);
    let number: [u8; 4] = hash.get(at..at + 4)?.try_into().ok()?;
    let number = u32::from_be_bytes(number) & 0x7fff_ffff;
    Some(format!("{:06}", number % CODES))
}

/// The half minute whose code this is: the present one, or the one before or after it, since clocks differ. Never `last`, nor
/// one before it: a code that was taken is used up.
pub fn taken(secret: &[u8], typed: &str, last: u64, now: Timestamp) -> Option<u64> {
    let now = step(now);
    let steps = now.saturating_sub(1)..=now.saturating_add(1);
    let mut found = None;
    for step in steps.filter(|step| *step > last) {
        let is_it = code(secret, step)?.as_bytes().ct_eq(typed.as_bytes());
        if bool::from(is_it) {
            found = Some(step);
        }
    }
    found
}

/// Base 32 without padding, as people type a secret into an app.
pub fn base32(bytes: &[u8]) -> String {
    let bit = |index: usize| {
        let byte = bytes.get(index / 8).copied().unwrap_or(0);
        usize::from(byte >> (7 - index % 8) & 1)
    };
    let letter = |place: usize| {
        let number = (0..5).fold(0, |number, offset| number << 1 | bit(place * 5 + offset));
        ALPHABET.get(number).copied().map_or('A', char::from)
    };
    (0..(bytes.len() * 8).div_ceil(5)).map(letter).collect()
}

/// What an app reads off the picture.
pub fn uri(secret: &[u8], address: &str) -> String {
    let address = utf8_percent_encode(address, NON_ALPHANUMERIC);
    format!("otpauth://totp/{ISSUER}:{address}?secret={}&issuer={ISSUER}", base32(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of the RFC's own examples.
    const SECRET: &[u8] = b"12345678901234567890";

    fn second(second: i64) -> Timestamp {
        Timestamp::from_millis(second * 1_000)
    }

    /// RFC 6238, appendix B, the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        for (at, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code(SECRET, step(second(at))).as_deref(), Some(expected), "{at}");
        }
    }

    #[test]
    fn a_code_is_good_for_its_half_minute_and_the_two_beside_it_and_once() {
        let now = second(1_111_111_111);
        let here = step(now);
        for (offset, good) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let step = here.checked_add_signed(offset).unwrap();
            let typed = code(SECRET, step).unwrap();
            assert_eq!(taken(SECRET, &typed, 0, now), good.then_some(step), "{offset}");
            assert_eq!(taken(SECRET, &typed, step, now), None, "it is used up");
        }
        let [before, after] = [here - 1, here + 1].map(|step| code(SECRET, step).unwrap());
        assert_eq!(taken(SECRET, &before, here, now), None, "an older one is, too");
        assert_eq!(taken(SECRET, &after, here, now), Some(here + 1));
        for wrong in ["", "05047", "0504711", "05047a", "000000"] {
            assert_eq!(taken(SECRET, wrong, 0, now), None, "{wrong}");
        }
    }

    /// RFC 4648, section 10, without its padding.
    #[test]
    fn base_32_is_that_of_the_standard() {
        for (bytes, text) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
        assert_eq!(
            uri(SECRET, "a+b@c.example"),
            "otpauth://totp/Sluice:a%2Bb%40c%2Eexample?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Sluice"
        );
    }
}
