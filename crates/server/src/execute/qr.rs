//! A text as a picture that phones read.

use billing::api::Picture;
use qrcode::{Color, EcLevel, QrCode};

/// The picture; nothing when the text is too long for one.
pub fn picture(text: &str) -> Option<Picture> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let colours = code.to_colors();
    let mut path = String::new();
    for (y, row) in colours.chunks(width).enumerate() {
        let mut x = 0;
        // One stroke for each run of dark squares.
        for run in row.chunk_by(|a, b| a == b) {
            if run.first() == Some(&Color::Dark) {
                path.push_str(&format!("M{x} {y}h{}v1h-{}z", run.len(), run.len()));
            }
            x += run.len();
        }
    }
    Some(Picture { size: u32::try_from(width).ok()?, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_its_three_corners_and_nothing_beside_it() {
        let Picture { size, path } = picture("otpauth://totp/Sluice:a?secret=ABCDEFGH").unwrap();
        let corner = size - 7;
        for stroke in [
            "M0 0h7v1h-7z".to_owned(),
            format!("M{corner} 0h7v1h-7z"),
            format!("M0 {corner}h7v1h-7z"),
        ] {
            assert!(path.contains(&stroke), "{stroke} in {path}");
        }
        assert!(path.starts_with('M') && path.ends_with('z'));
        assert_eq!(picture(&"x".repeat(5_000)), None);
    }
}
