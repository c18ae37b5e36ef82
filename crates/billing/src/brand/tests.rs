//! Colours that stay readable, and files that are pictures.

use super::*;

fn colour(text: &str) -> Colour {
    Colour::parse(text).unwrap()
}

#[test]
fn a_colour_is_six_hexadecimal_digits() {
    assert_eq!(colour("#0B6480").to_string(), "#0b6480");
    for text in ["", "#", "0b6480", "#0b648", "#0b64800", "#0b648g", "#+b6480", "red", "#é6480"] {
        assert_eq!(Colour::parse(text), None, "{text}");
    }
    let read: Colour = serde_json::from_str("\"#0b6480\"").unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), "\"#0b6480\"");
    assert!(serde_json::from_str::<Colour>("\"red\"").is_err());
}

#[test]
fn contrast_is_that_of_the_standard() {
    // As any checker of contrast says.
    for (one, other, hundredths) in [
        ("#000000", "#ffffff", 2_100),
        ("#ffffff", "#ffffff", 100),
        ("#777777", "#ffffff", 447),
        ("#767676", "#ffffff", 454),
        ("#0b6480", "#ffffff", 666),
        ("#ff0000", "#ffffff", 399),
        ("#ffd400", "#ffffff", 143),
    ] {
        assert_eq!(colour(one).contrast(colour(other)), hundredths, "{one} on {other}");
        assert_eq!(colour(other).contrast(colour(one)), hundredths);
    }
}

/// Every 17th value of each part: the corners, the greys, and what lies between.
fn all() -> impl Iterator<Item = Colour> {
    let parts = || (0..=255).step_by(17);
    parts().flat_map(move |red| {
        parts().flat_map(move |green| parts().map(move |blue| Colour::new(red, green, blue)))
    })
}

#[test]
fn whatever_colour_is_chosen_all_can_be_read() {
    let grounds = ["#ffffff", "#f9fbfb", "#f2f5f6", "#edf1f3"].map(colour);
    let dark_grounds = ["#0f161b", "#12191f", "#172027", "#1d262d", "#20292f"].map(colour);
    for accent in all() {
        let palette = Palette::of(accent);
        assert_eq!(palette.light.fill, accent, "the button is of the colour itself");
        for (shades, grounds) in [(palette.light, &grounds[..]), (palette.dark, &dark_grounds[..])]
        {
            for ground in grounds {
                let ratio = shades.ink.contrast(*ground);
                assert!(ratio >= TEXT_CONTRAST, "{accent}: {} on {ground}: {ratio}", shades.ink);
            }
            for fill in [shades.fill, shades.strong] {
                let ratio = shades.on_fill.contrast(fill);
                assert!(ratio >= TEXT_CONTRAST, "{accent}: text on {fill}: {ratio}");
            }
            let on_ink = shades.ink.text_on().contrast(shades.ink);
            assert!(on_ink >= TEXT_CONTRAST, "{accent}");
        }
        let fill = palette.dark.fill.contrast(colour("#172027"));
        assert!(fill >= SHAPE_CONTRAST, "{accent}: a button in the dark: {fill}");
    }
}

#[test]
fn a_colour_that_is_changed_is_warned_of() {
    let warnings = |text: &str| Palette::of(colour(text)).warnings(colour(text));
    let yellow = warnings("#ffd400");
    assert_eq!(yellow.len(), 2, "{yellow:?}");
    assert!(yellow[0].starts_with("On light ground its contrast is 1."), "{yellow:?}");
    assert_eq!(yellow[1], "Text on it is black: white would be hard to read.");
    let navy = warnings("#0b2a6b");
    assert!(navy.len() == 1 && navy[0].starts_with("On dark ground"), "{navy:?}");
}

#[test]
fn the_style_sheet_holds_what_there_is() {
    let palette = Palette::of(colour("#0b2a6b"));
    let logo = Image { kind: ImageKind::Png, width: 400, height: 100 };
    assert_eq!(sheet::write(None, None), None);
    let text = sheet::write(Some(&palette), Some((logo, "/brand/agy_1/abc.png"))).unwrap();
    assert!(text.contains("--accent:light-dark(#0b2a6b,"), "{text}");
    assert!(
        text.contains(".button.primary:not(:disabled){background:light-dark(#0b2a6b,"),
        "{text}"
    );
    assert!(text.contains("inline-size:112px;block-size:28px"), "{text}");
    assert!(text.contains("url(\"/brand/agy_1/abc.png\")"), "{text}");
    let plain = sheet::write(None, Some((logo, "/x"))).unwrap();
    assert!(!plain.contains("--accent"), "{plain}");
}

/// A PNG's first and last bytes.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend(b"\x08\x06\0\0\0....\0\0\0\0IEND\xaeB`\x82");
    bytes
}

fn jpeg(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = b"\xff\xd8\xff\xe0\0\x04..\xff\xff\xc2\0\x0b\x08".to_vec();
    bytes.extend(height.to_be_bytes());
    bytes.extend(width.to_be_bytes());
    bytes.extend(b"\x01\x01\x11\0\xff\xd9");
    bytes
}

fn webp(chunk: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut bytes = b"RIFF\0\0\0\0WEBP".to_vec();
    bytes.extend(chunk);
    bytes.extend(u32::try_from(body.len()).unwrap().to_le_bytes());
    bytes.extend(body);
    let size = u32::try_from(bytes.len() - 8).unwrap().to_le_bytes();
    bytes[4..8].copy_from_slice(&size);
    bytes
}

#[test]
fn a_picture_is_known_by_its_bytes() {
    let lossless = 399_u32 | 99 << 14;
    let vp8l = [&[0x2f][..], &lossless.to_le_bytes()].concat();
    let vp8x = [&[0, 0, 0, 0][..], &[0x8f, 1, 0], &[0x63, 0, 0]].concat();
    let vp8 = [&[0, 0, 0, 0x9d, 0x01, 0x2a][..], &[0x90, 1], &[100, 0]].concat();
    for (bytes, kind) in [
        (png(400, 100), ImageKind::Png),
        (jpeg(400, 100), ImageKind::Jpeg),
        (webp(b"VP8L", &vp8l), ImageKind::Webp),
        (webp(b"VP8X", &vp8x), ImageKind::Webp),
        (webp(b"VP8 ", &vp8), ImageKind::Webp),
    ] {
        assert_eq!(Image::inspect(&bytes), Ok(Image { kind, width: 400, height: 100 }), "{kind:?}");
        // Cut off anywhere it is no picture, or at least no other one.
        for length in 1..bytes.len() {
            if let Ok(image) = Image::inspect(&bytes[..length]) {
                assert_eq!((image.width, image.height), (400, 100));
            }
        }
    }
}

#[test]
fn what_is_no_logo_is_told_why() {
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let large = [png(10, 10), vec![0; LOGO_MAX_BYTES]].concat();
    for (bytes, error) in [
        (Vec::new(), ImageError::Empty),
        (svg.to_vec(), ImageError::NotAnImage),
        (b"GIF89a\x01\0\x01\0".to_vec(), ImageError::NotAnImage),
        (png(0, 10), ImageError::NotAnImage),
        (png(1025, 10), ImageError::TooWide(1025, 10)),
        (jpeg(10, 65_535), ImageError::TooWide(10, 65_535)),
        (large, ImageError::TooLarge),
        (b"\xff\xd8\xff\xe0\0\0".to_vec(), ImageError::NotAnImage),
    ] {
        assert_eq!(Image::inspect(&bytes), Err(error));
    }
    let words = ImageError::TooWide(1025, 10).to_string();
    assert_eq!(words, "A logo measures at most 1024 pixels each way; this one is 1025 × 10.");
}

#[test]
fn a_logo_fits_its_box_and_is_never_blown_up() {
    let of = |width, height| Image { kind: ImageKind::Png, width, height };
    assert_eq!(of(400, 100).fit(132, 28), (112, 28));
    assert_eq!(of(1000, 100).fit(132, 28), (132, 13));
    assert_eq!(of(16, 16).fit(132, 28), (16, 16));
    assert_eq!(of(1024, 1).fit(132, 28), (132, 1));
}
