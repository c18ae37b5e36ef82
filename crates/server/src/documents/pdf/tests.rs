//! What it looks like in numbers. That it is a PDF, and says what it should, is for somebody else's parser to tell:
//! `tests/http/statements.rs`.

use super::{
    super::view::{Document, Line},
    *,
};

fn document(lines: usize) -> Document {
    let line = |number: usize| Line {
        day: "3 Nov".to_owned(),
        date: "2026-11-03".to_owned(),
        what: format!("Usage {number}"),
        amount: "−1.880200".to_owned(),
        balance: "1,234.000000".to_owned(),
        ..Line::default()
    };
    Document {
        title: "Statement",
        number: Some("S-2026-000001".to_owned()),
        file: "statement-S-2026-000001".to_owned(),
        agency: "Northwind Media".to_owned(),
        accent: None,
        whose: "Café Łódź 日本".to_owned(),
        facts: vec![("Month", "November 2026".to_owned()), ("Time zone", "UTC (UTC)".to_owned())],
        figures: vec![("Opening", "0.00".to_owned()), ("Closing", "1.00".to_owned())],
        columns: ["Day", "What", "Amount", "Balance"],
        lines: (0..lines).map(line).collect(),
        notes: vec!["A note that is long enough to be broken. ".repeat(6)],
    }
}

#[test]
fn every_line_is_on_one_page_in_its_order_and_no_page_is_too_full() {
    let faces = Faces::load().unwrap();
    for count in [0, 1, 20, 24, 25, 26, 27, 28, 29, 30, 31, 55, 400] {
        let document = document(count);
        let pages = paginate(faces, &document);
        let all: Vec<_> = pages.iter().flatten().map(|line| line.what.clone()).collect();
        let expected: Vec<_> = document.lines.iter().map(|line| line.what.clone()).collect();
        assert_eq!(all, expected);
        for (index, page) in pages.iter().enumerate() {
            let lines: Tenths = page.iter().map(|line| line_height(faces, line)).sum();
            let end = head_height(faces, &document, index == 0) + lines;
            assert!(end <= BOTTOM, "{count} lines, page {index}: {end}");
            assert!(!page.is_empty() || count == 0);
            if index + 1 == pages.len() {
                let notes: Tenths =
                    document.notes.iter().map(|note| note_height(faces, note)).sum();
                assert!(end + notes <= HEIGHT - 420, "{count} lines: the notes run into the foot");
            }
        }
    }
}

#[test]
fn text_is_broken_where_it_has_no_more_room() {
    let faces = Faces::load().unwrap();
    let rows = faces.wrap(Face::Plain, TEXT, "one two three", 400);
    assert_eq!(rows, ["one two", "three"]);
    let long = "x".repeat(200);
    let rows = faces.wrap(Face::Plain, TEXT, &long, 1_000);
    assert!(rows.len() > 5);
    assert_eq!(rows.concat(), long);
    for row in rows {
        assert!(faces.width(Face::Plain, TEXT, &row) <= 1_000);
    }
    assert_eq!(faces.wrap(Face::Plain, TEXT, "", 100), [""]);
}

#[test]
fn figures_are_of_one_width_and_a_missing_character_is_told() {
    let faces = Faces::load().unwrap();
    for digits in ["0000000", "1111111", "9876543"] {
        assert_eq!(
            faces.width(Face::Plain, 1_000, digits),
            faces.width(Face::Plain, 1_000, "1234567")
        );
    }
    assert!(!faces.lacks(["Café Łódź", "−1,234.50 €", "Ελλάδα, Київ", "Tiếng Việt"].into_iter()));
    assert!(faces.lacks(["plain", "日"].into_iter()));
}

#[test]
fn the_same_document_is_the_same_file() {
    let (one, other) = (write(&document(40)).unwrap(), write(&document(40)).unwrap());
    assert!(one.starts_with(b"%PDF-1."));
    assert_eq!(one, other);
}

#[test]
fn ten_thousand_lines_are_set() {
    let faces = Faces::load().unwrap();
    let document = document(10_000);
    let pages = paginate(faces, &document).len();
    assert!((300..400).contains(&pages), "{pages}");
    let bytes = write(&document).unwrap();
    assert!(bytes.len() < 4 * 1024 * 1024, "{}", bytes.len());
}
