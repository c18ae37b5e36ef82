//! What a file is, by its own bytes: only pictures that browsers and mail programs show without running anything.

use serde::{Deserialize, Serialize};

/// The largest logo, in bytes.
pub const LOGO_MAX_BYTES: usize = 64 * 1024;
/// The most that a logo measures each way, in pixels.
pub const LOGO_MAX_PIXELS: u32 = 1024;

/// A kind of picture that is taken. Never SVG: that is a document, and can hold scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ImageKind {
    /// PNG.
    #[serde(rename = "image/png")]
    Png,
    /// JPEG.
    #[serde(rename = "image/jpeg")]
    Jpeg,
    /// WebP.
    #[serde(rename = "image/webp")]
    Webp,
}

impl ImageKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Png, Self::Jpeg, Self::Webp];

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
        }
    }

    /// The kind of this media type.
    pub fn from_media_type(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.media_type() == name)
    }

    /// How a file's name ends.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
        }
    }
}

/// A picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Image {
    /// What it is.
    pub kind: ImageKind,
    /// How wide, in pixels.
    pub width: u32,
    /// How high, in pixels.
    pub height: u32,
}

/// Why a file is no logo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageError {
    /// Nothing came.
    Empty,
    /// None of the three kinds, or damaged.
    NotAnImage,
    /// Too many bytes.
    TooLarge,
    /// Too many pixels.
    TooWide(u32, u32),
}

impl ImageError {
    /// The word for it on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "required",
            Self::NotAnImage => "not_an_image",
            Self::TooLarge => "too_large",
            Self::TooWide(..) => "too_many_pixels",
        }
    }
}

impl std::fmt::Display for ImageError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => f.write_str("Choose a picture."),
            Self::NotAnImage => f.write_str("This is no PNG, JPEG or WebP picture."),
            Self::TooLarge => write!(f, "A logo has at most {} KiB.", LOGO_MAX_BYTES / 1024),
            Self::TooWide(width, height) => write!(
                f,
                "A logo measures at most {LOGO_MAX_PIXELS} pixels each way; this one is {width} × {height}."
            ),
        }
    }
}

impl Image {
    /// Looks at a file.
    ///
    /// # Errors
    /// [`ImageError`]
    pub fn inspect(bytes: &[u8]) -> Result<Self, ImageError> {
        if bytes.is_empty() {
            return Err(ImageError::Empty);
        }
        if bytes.len() > LOGO_MAX_BYTES {
            return Err(ImageError::TooLarge);
        }
        let found = png(bytes).or_else(|| jpeg(bytes)).or_else(|| webp(bytes));
        let (kind, width, height) = found.ok_or(ImageError::NotAnImage)?;
        match (width, height) {
            (0, _) | (_, 0) => Err(ImageError::NotAnImage),
            _ if width.max(height) > LOGO_MAX_PIXELS => Err(ImageError::TooWide(width, height)),
            _ => Ok(Self { kind, width, height }),
        }
    }

    /// How large it is shown in a box, in pixels: never larger than it is, never less than a pixel.
    pub fn fit(self, width: u32, height: u32) -> (u32, u32) {
        let by_height = (self.width * height / self.height.max(1), height);
        let by_width = (width, self.height * width / self.width.max(1));
        let fits = if by_height.0 <= width { by_height } else { by_width };
        let shown = if fits.1 > self.height { (self.width, self.height) } else { fits };
        (shown.0.max(1), shown.1.max(1))
    }
}

type Found = Option<(ImageKind, u32, u32)>;

/// So many bytes from there on.
fn piece(bytes: &[u8], at: usize, length: usize) -> Option<&[u8]> {
    bytes.get(at..at.checked_add(length)?)
}

fn big(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte))
}

fn little(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u32::from(*byte))
}

/// The header chunk comes first (PNG §5.6), the end last.
fn png(bytes: &[u8]) -> Found {
    let rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")?;
    bytes.ends_with(b"IEND\xaeB`\x82").then_some(())?;
    Some((ImageKind::Png, big(piece(rest, 0, 4)?), big(piece(rest, 4, 4)?)))
}

/// From segment to segment, up to the one that begins the frame (ITU T.81, B.2.2).
fn jpeg(bytes: &[u8]) -> Found {
    let mut rest = bytes.strip_prefix(b"\xff\xd8")?;
    loop {
        let [0xff, mark, ..] = rest else { return None };
        let mark = *mark;
        if mark == 0xff {
            rest = rest.get(1..)?;
            continue;
        }
        let length = usize::try_from(big(piece(rest, 2, 2)?)).ok()?;
        let is_frame = matches!(mark, 0xc0..=0xcf) && !matches!(mark, 0xc4 | 0xc8 | 0xcc);
        if is_frame {
            let (height, width) = (big(piece(rest, 5, 2)?), big(piece(rest, 7, 2)?));
            return Some((ImageKind::Jpeg, width, height));
        }
        // Anything without a length, or the picture's data before its frame, is damage.
        if length < 2 || !matches!(mark, 0xc4 | 0xcc | 0xdb | 0xdd | 0xe0..=0xef | 0xfe) {
            return None;
        }
        rest = rest.get(2 + length..)?;
    }
}

/// The three forms of its first chunk (RFC 9649).
fn webp(bytes: &[u8]) -> Found {
    let size = usize::try_from(little(piece(bytes, 4, 4)?)).ok()?;
    let is_whole = bytes.starts_with(b"RIFF") && size.checked_add(8)? == bytes.len();
    is_whole.then_some(())?;
    let chunk = piece(bytes, 8, 8)?;
    let (width, height) = match chunk {
        b"WEBPVP8X" => (little(piece(bytes, 24, 3)?) + 1, little(piece(bytes, 27, 3)?) + 1),
        b"WEBPVP8L" => {
            piece(bytes, 20, 1).filter(|mark| *mark == [0x2f])?;
            let bits = little(piece(bytes, 21, 4)?);
            ((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1)
        }
        b"WEBPVP8 " => {
            piece(bytes, 23, 3).filter(|mark| *mark == [0x9d, 0x01, 0x2a])?;
            (little(piece(bytes, 26, 2)?) & 0x3fff, little(piece(bytes, 28, 2)?) & 0x3fff)
        }
        _ => return None,
    };
    Some((ImageKind::Webp, width, height))
}
