//! Chance, from the browser.

use std::fmt::Write as _;

/// 128 unguessable bits in hexadecimal: an `Idempotency-Key`. (Not `randomUUID`: that one is missing on plain HTTP.)
pub fn unguessable() -> String {
    let mut bytes = [0_u8; 16];
    if let Some(crypto) = web_sys::window().and_then(|window| window.crypto().ok()) {
        // It can only fail for more than 65,536 bytes.
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    bytes.iter().fold(String::with_capacity(32), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
