//! The typeface: how wide a text is, where it breaks, and how it is drawn. Everything is a whole number of tenths of points until
//! it is handed over.

use std::{collections::BTreeMap, sync::LazyLock};

use krilla::{
    surface::Surface,
    text::{Font, GlyphId as Drawn, KrillaGlyph},
};
use skrifa::{
    FontRef, GlyphId, MetadataProvider as _,
    instance::{LocationRef, Size},
};

/// A length: a tenth of a point.
pub type Tenths = i32;

const PLAIN: &[u8] = include_bytes!("../fonts/inter-regular.otf");
const STRONG: &[u8] = include_bytes!("../fonts/inter-semibold.otf");

static FACES: LazyLock<Option<Faces>> =
    LazyLock::new(|| Some(Faces { plain: Metrics::read(PLAIN)?, strong: Metrics::read(STRONG)? }));

/// What stands for a character that is not there. Not the typeface's own box for that: PDF gives it no meaning, and what it
/// stands for could not be copied.
const MISSING: char = '□';

/// Which weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// As most text is.
    Plain,
    /// What counts.
    Strong,
}

/// The typeface.
pub struct Faces {
    plain: Metrics,
    strong: Metrics,
}

struct Metrics {
    font: Font,
    units_per_em: i32,
    /// The glyph of each character and how wide it is, in units of the em.
    glyphs: BTreeMap<char, (u32, i32)>,
    /// The box that stands for every other.
    missing: (u32, i32),
}

impl Metrics {
    fn read(bytes: &'static [u8]) -> Option<Self> {
        let font = FontRef::new(bytes).ok()?;
        let (size, place) = (Size::unscaled(), LocationRef::default());
        let widths = font.glyph_metrics(size, place);
        let with_width = |glyph: GlyphId| {
            (glyph.to_u32(), whole(widths.advance_width(glyph).unwrap_or_default()))
        };
        let mapped = font.charmap().mappings();
        let glyphs = mapped
            .filter_map(|(code, glyph)| Some((char::from_u32(code)?, with_width(glyph))))
            .collect();
        Some(Self {
            units_per_em: i32::from(font.metrics(size, place).units_per_em).max(1),
            glyphs,
            missing: with_width(font.charmap().map(MISSING)?),
            font: Font::new(bytes.into(), 0)?,
        })
    }

    fn glyph(&self, character: char) -> (u32, i32) {
        self.glyphs.get(&character).copied().unwrap_or(self.missing)
    }
}

impl Faces {
    /// The typeface that comes with the program.
    pub fn load() -> Option<&'static Self> {
        FACES.as_ref()
    }

    fn of(&self, face: Face) -> &Metrics {
        match face {
            Face::Plain => &self.plain,
            Face::Strong => &self.strong,
        }
    }

    /// Whether some character of these texts is not in the typeface.
    pub fn lacks<'a>(&self, mut texts: impl Iterator<Item = &'a str>) -> bool {
        texts.any(|text| text.chars().any(|character| !self.plain.glyphs.contains_key(&character)))
    }

    /// How wide a text is.
    pub fn width(&self, face: Face, size: Tenths, text: &str) -> Tenths {
        let metrics = self.of(face);
        let units: i32 = text.chars().map(|character| metrics.glyph(character).1).sum();
        units.saturating_mul(size) / metrics.units_per_em
    }

    /// The rows that a text takes: broken between words, within one that has no room on a row of its own.
    pub fn wrap(&self, face: Face, size: Tenths, text: &str, room: Tenths) -> Vec<String> {
        let fits = |row: &str| self.width(face, size, row) <= room;
        let (mut rows, mut row) = (Vec::new(), String::new());
        for word in text.split(' ') {
            let longer = if row.is_empty() { word.to_owned() } else { format!("{row} {word}") };
            if fits(&longer) {
                row = longer;
                continue;
            }
            if !row.is_empty() {
                rows.push(std::mem::take(&mut row));
            }
            for character in word.chars() {
                row.push(character);
                if !fits(&row) && row.chars().count() > 1 {
                    row.pop();
                    rows.push(std::mem::take(&mut row));
                    row.push(character);
                }
            }
        }
        rows.push(row);
        rows
    }

    /// Draws a text from a point on its baseline. What it says is kept beside the glyphs, so that a character without one can be
    /// copied and searched for all the same.
    pub fn draw(
        &self,
        surface: &mut Surface<'_>,
        face: Face,
        size: Tenths,
        from: (Tenths, Tenths),
        text: &str,
    ) {
        let metrics = self.of(face);
        let glyphs: Vec<_> = text
            .char_indices()
            .map(|(index, character)| {
                let (glyph, width) = metrics.glyph(character);
                KrillaGlyph::new(
                    Drawn::new(glyph),
                    share(width, metrics.units_per_em),
                    0.0,
                    0.0,
                    0.0,
                    index..index + character.len_utf8(),
                    None,
                )
            })
            .collect();
        if !glyphs.is_empty() {
            let font = metrics.font.clone();
            surface.draw_glyphs(super::point(from), &glyphs, font, text, points(size), false);
        }
    }
}

/// As the library wants it.
#[expect(
    clippy::float_arithmetic,
    reason = "PDF measures in fractions of points; no money is in it"
)]
pub fn points(tenths: Tenths) -> f32 {
    tenths as f32 / 10.0
}

#[expect(clippy::float_arithmetic, reason = "a share of the em, as the library wants it")]
fn share(width: i32, units_per_em: i32) -> f32 {
    width as f32 / units_per_em as f32
}

/// Widths of fonts are whole numbers that the library tells as floats.
fn whole(width: f32) -> i32 {
    width as i32
}
