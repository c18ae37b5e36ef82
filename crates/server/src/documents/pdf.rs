//! A document as PDF: A4, one typeface that comes with the program, the lines' head repeated on each page.

mod text;

use billing::brand::Colour;
use krilla::{
    Document as Pdf, SerializeSettings,
    color::rgb,
    geom::{PathBuilder, Point, Rect},
    metadata::Metadata,
    num::NormalizedF32,
    page::PageSettings,
    paint::Fill,
    surface::Surface,
};

use super::view::{Document, Line};
use text::{Face, Faces, Tenths};

/// A4, in tenths of points; so is everything here.
const WIDTH: Tenths = 5953;
const HEIGHT: Tenths = 8419;
const MARGIN: Tenths = 480;
const RIGHT: Tenths = WIDTH - MARGIN;
const BOTTOM: Tenths = HEIGHT - 640;
/// Where the columns of the lines are: the left edge of what, the right edges of amount and balance.
const WHAT: Tenths = MARGIN + 620;
const AMOUNT: Tenths = RIGHT - 1180;
/// The room for what.
const WHAT_WIDTH: Tenths = AMOUNT - 1080 - WHAT;
const TEXT: Tenths = 95;
const SMALL: Tenths = 82;
const LEADING: Tenths = 135;
/// Between one line and the next.
const GAP: Tenths = 65;
const INK: [u8; 3] = [0x1b, 0x24, 0x2b];
const QUIET: [u8; 3] = [0x58, 0x63, 0x6b];
const RULE: [u8; 3] = [0xd5, 0xdb, 0xdf];
/// The product's own colour.
const ACCENT: [u8; 3] = [0x0b, 0x64, 0x80];

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
#[error("the PDF could not be made: {0}")]
pub struct PdfError(String);

/// The document's bytes.
///
/// # Errors
/// [`PdfError`] when the typeface or the document is not as it should be.
pub fn write(document: &Document) -> Result<Vec<u8>, PdfError> {
    let faces = Faces::load().ok_or_else(|| PdfError("the typeface".to_owned()))?;
    let mut notes = document.notes.clone();
    if faces.lacks(document_texts(document)) {
        notes.push(
            "A box stands for a character that this document’s typeface does not have; copied from here, or on the page in \
             the browser, it is whole."
                .to_owned(),
        );
    }
    let document = Document { notes, ..document.clone() };
    let pages = paginate(faces, &document);
    let mut pdf = Pdf::new_with(SerializeSettings::default());
    for (index, lines) in pages.iter().enumerate() {
        let settings = PageSettings::from_wh(text::points(WIDTH), text::points(HEIGHT))
            .ok_or_else(|| PdfError("the page".to_owned()))?;
        let mut page = pdf.start_page_with(settings);
        let mut surface = page.surface();
        let mut sheet = Sheet { surface: &mut surface, faces, y: MARGIN };
        sheet.page(&document, lines, index + 1, pages.len());
        surface.finish();
        page.finish();
    }
    let number = document.number.clone().unwrap_or_else(|| "so far".to_owned());
    let metadata = Metadata::new()
        .title(format!("{} {number}", document.title))
        .authors(vec![document.agency.clone()])
        .language("en".to_owned())
        .creator("Sluice".to_owned());
    pdf.set_metadata(metadata);
    pdf.finish().map_err(|error| PdfError(format!("{error:?}")))
}

fn document_texts(document: &Document) -> impl Iterator<Item = &str> {
    let lines = document
        .lines
        .iter()
        .flat_map(|line| [line.what.as_str()].into_iter().chain(line.about.as_deref()));
    [document.agency.as_str(), document.whose.as_str()].into_iter().chain(lines)
}

/// The lines of each page, as far as they have room: more on the pages after the first, less on the last, which has the notes.
fn paginate<'a>(faces: &Faces, document: &'a Document) -> Vec<Vec<&'a Line>> {
    let notes: Tenths =
        document.notes.iter().map(|note| note_height(faces, note)).sum::<Tenths>() + 200;
    let mut pages = Vec::new();
    let mut page: Vec<&Line> = Vec::new();
    let mut room = BOTTOM - head_height(faces, document, true);
    for line in &document.lines {
        let height = line_height(faces, line);
        if height > room && !page.is_empty() {
            pages.push(std::mem::take(&mut page));
            room = BOTTOM - head_height(faces, document, false);
        }
        room -= height;
        page.push(line);
    }
    // The last line goes along with the notes, so that no page has notes alone.
    if notes > room && page.len() > 1 {
        let last = page.pop();
        pages.push(std::mem::take(&mut page));
        page.extend(last);
    }
    pages.push(page);
    pages
}

fn words(line: &Line) -> String {
    match &line.about {
        Some(about) => format!("{} · {about}", line.what),
        None => line.what.clone(),
    }
}

fn line_height(faces: &Faces, line: &Line) -> Tenths {
    let rows = faces.wrap(face(line), TEXT, &words(line), WHAT_WIDTH).len().max(1);
    LEADING * Tenths::try_from(rows).unwrap_or(1) + GAP
}

fn face(line: &Line) -> Face {
    if line.is_sum { Face::Strong } else { Face::Plain }
}

fn note_height(faces: &Faces, note: &str) -> Tenths {
    let rows = faces.wrap(Face::Plain, SMALL, note, RIGHT - MARGIN).len();
    120 * Tenths::try_from(rows).unwrap_or(1) + 40
}

/// From the top of the page to the first line.
fn head_height(faces: &Faces, document: &Document, is_first: bool) -> Tenths {
    match is_first {
        true => {
            let facts: Tenths = document.facts.iter().map(|fact| fact_height(faces, fact)).sum();
            MARGIN + 640 + facts.max(300) + 840
        }
        false => MARGIN + 560,
    }
}

fn fact_height(faces: &Faces, (_, value): &(&str, String)) -> Tenths {
    let rows = faces.wrap(Face::Plain, TEXT, value, FACT_WIDTH).len().max(1);
    150 * Tenths::try_from(rows).unwrap_or(1)
}

/// Where the facts' values begin, and their room.
const FACT: Tenths = WIDTH / 2 + 620;
const FACT_WIDTH: Tenths = RIGHT - FACT;

struct Sheet<'a, 'b> {
    surface: &'a mut Surface<'b>,
    faces: &'a Faces,
    y: Tenths,
}

impl Sheet<'_, '_> {
    fn page(&mut self, document: &Document, lines: &[&Line], number: usize, count: usize) {
        let accent = document.accent.map_or(ACCENT, components);
        self.fill(MARGIN, MARGIN - 120, RIGHT - MARGIN, 20, accent);
        match number {
            1 => self.first_head(document),
            _ => self.next_head(document),
        }
        self.y = head_height(self.faces, document, number == 1) - 200;
        self.columns(document);
        self.y = head_height(self.faces, document, number == 1);
        for line in lines {
            self.line(line);
        }
        if number == count {
            self.notes(document);
        }
        self.foot(document, number, count);
    }

    fn first_head(&mut self, document: &Document) {
        self.y = MARGIN + 180;
        let half = WIDTH / 2 - MARGIN;
        for row in self.faces.wrap(Face::Strong, 150, &document.agency, half).iter().take(2) {
            self.left(MARGIN, Face::Strong, 150, INK, row);
            self.y += 190;
        }
        self.y = MARGIN + 180;
        let number = document.number.as_deref().unwrap_or("so far");
        let title = format!("{} {number}", document.title);
        self.right(RIGHT, Face::Strong, 150, INK, &title);
        let top = MARGIN + 640;
        self.y = top;
        self.left(MARGIN, Face::Plain, SMALL, QUIET, "For");
        for row in self.faces.wrap(Face::Strong, 110, &document.whose, half).iter().take(4) {
            self.y += 150;
            self.left(MARGIN, Face::Strong, 110, INK, row);
        }
        self.y = top;
        for fact in &document.facts {
            self.left(WIDTH / 2, Face::Plain, SMALL, QUIET, fact.0);
            let start = self.y;
            for row in self.faces.wrap(Face::Plain, TEXT, &fact.1, FACT_WIDTH) {
                self.left(FACT, Face::Plain, TEXT, INK, &row);
                self.y += 150;
            }
            self.y = self.y.max(start + 150);
        }
        self.y = head_height(self.faces, document, true) - 640;
        self.figures(document);
    }

    fn figures(&mut self, document: &Document) {
        let count = Tenths::try_from(document.figures.len()).unwrap_or(1).max(1);
        let room = (RIGHT - MARGIN) / count.max(4);
        self.fill(MARGIN, self.y - 140, RIGHT - MARGIN, 6, RULE);
        for (index, (name, amount)) in document.figures.iter().enumerate() {
            let x = MARGIN + room * Tenths::try_from(index).unwrap_or(0);
            let is_last = index + 1 == document.figures.len();
            let face = if is_last { Face::Strong } else { Face::Plain };
            self.left(x, Face::Plain, SMALL, QUIET, name);
            self.y += 150;
            self.left(x, face, 120, INK, amount);
            self.y -= 150;
        }
    }

    fn next_head(&mut self, document: &Document) {
        self.y = MARGIN + 120;
        let number = document.number.as_deref().unwrap_or("so far");
        let agency = self.faces.wrap(Face::Strong, TEXT, &document.agency, WIDTH / 2 - MARGIN);
        self.left(MARGIN, Face::Strong, TEXT, INK, agency.first().map_or("", String::as_str));
        self.right(
            RIGHT,
            Face::Plain,
            TEXT,
            QUIET,
            &format!("{} {number}, continued", document.title),
        );
    }

    fn columns(&mut self, document: &Document) {
        let [day, what, amount, balance] = document.columns;
        self.left(MARGIN, Face::Plain, SMALL, QUIET, day);
        self.left(WHAT, Face::Plain, SMALL, QUIET, what);
        self.right(AMOUNT, Face::Plain, SMALL, QUIET, amount);
        self.right(RIGHT, Face::Plain, SMALL, QUIET, balance);
        self.fill(MARGIN, self.y + 50, RIGHT - MARGIN, 6, QUIET);
    }

    fn line(&mut self, line: &Line) {
        let (face, top) = (face(line), self.y);
        self.left(MARGIN, Face::Plain, TEXT, QUIET, &line.day);
        self.right(AMOUNT, Face::Plain, TEXT, INK, &line.amount);
        self.right(RIGHT, face, TEXT, INK, &line.balance);
        for row in self.faces.wrap(face, TEXT, &words(line), WHAT_WIDTH) {
            self.left(WHAT, face, TEXT, INK, &row);
            self.y += LEADING;
        }
        self.y = top + line_height(self.faces, line);
        self.fill(MARGIN, self.y - LEADING, RIGHT - MARGIN, 4, RULE);
    }

    fn notes(&mut self, document: &Document) {
        self.y += 120;
        for note in &document.notes {
            for row in self.faces.wrap(Face::Plain, SMALL, note, RIGHT - MARGIN) {
                self.left(MARGIN, Face::Plain, SMALL, QUIET, &row);
                self.y += 120;
            }
            self.y += 40;
        }
    }

    fn foot(&mut self, document: &Document, number: usize, count: usize) {
        self.y = HEIGHT - 400;
        self.left(MARGIN, Face::Plain, SMALL, QUIET, document.number.as_deref().unwrap_or(""));
        self.right(RIGHT, Face::Plain, SMALL, QUIET, &format!("Page {number} of {count}"));
    }

    fn left(&mut self, x: Tenths, face: Face, size: Tenths, ink: [u8; 3], text: &str) {
        self.surface.set_fill(Some(fill(ink)));
        self.faces.draw(self.surface, face, size, (x, self.y), text);
    }

    fn right(&mut self, x: Tenths, face: Face, size: Tenths, ink: [u8; 3], text: &str) {
        let width = self.faces.width(face, size, text);
        self.left(x - width, face, size, ink, text);
    }

    fn fill(&mut self, x: Tenths, y: Tenths, width: Tenths, height: Tenths, ink: [u8; 3]) {
        let [x, y, width, height] = [x, y, width, height].map(text::points);
        let Some(rect) = Rect::from_xywh(x, y, width, height) else { return };
        let mut path = PathBuilder::new();
        path.push_rect(rect);
        if let Some(path) = path.finish() {
            self.surface.set_fill(Some(fill(ink)));
            self.surface.draw_path(&path);
        }
    }
}

fn fill([red, green, blue]: [u8; 3]) -> Fill {
    let paint = rgb::Color::new(red, green, blue).into();
    Fill { paint, opacity: NormalizedF32::ONE, rule: Default::default() }
}

/// Red, green and blue of a colour that is written `#0b6480`.
fn components(colour: Colour) -> [u8; 3] {
    let text = colour.to_string();
    let part = |from: usize| {
        text.get(from..from + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or(0)
    };
    [part(1), part(3), part(5)]
}

/// A point of the page.
fn point((x, y): (Tenths, Tenths)) -> Point {
    Point::from_xy(text::points(x), text::points(y))
}

#[cfg(test)]
mod tests;
