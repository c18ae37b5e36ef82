//! Documents as pages: no script, and styles for paper beside those for the screen. The agency's own style sheet brings its
//! colour and its logo.

use askama::Template;
use billing::{
    api::{Receipt, StatementList},
    usage::Month,
};

use super::view::{Document, amount, long, month_in_words};

/// The look of the pages. It stands in them.
pub const STYLE: &str = include_str!("page.css");

#[derive(Template)]
#[template(path = "document.html")]
struct Sheet<'a> {
    document: &'a Document,
    style: &'static str,
    stylesheet: Option<&'a str>,
    back: &'a str,
    has_receipts: bool,
    downloads: &'a [(&'static str, String)],
}

/// A document on a page.
///
/// # Errors
/// When the template does.
pub fn document(
    document: &Document,
    stylesheet: Option<&str>,
    back: &str,
    has_receipts: bool,
    downloads: &[(&'static str, String)],
) -> Result<String, askama::Error> {
    Sheet { document, style: STYLE, stylesheet, back, has_receipts, downloads }.render()
}

/// What there is of a balance.
pub struct Index<'a> {
    /// The agency's name.
    pub agency: String,
    /// Whose balance.
    pub whose: String,
    /// The agency's style sheet.
    pub stylesheet: Option<&'a str>,
    /// Where one came from.
    pub back: String,
    /// What stands before the months' pages.
    pub page: String,
    /// What stands before the months' files.
    pub files: String,
    /// The statements.
    pub statements: StatementList,
    /// The receipts and what stands before their pages and their files; none for the agency's balance while nobody has paid onto it.
    pub receipts: Option<(Vec<Receipt>, String, String)>,
}

struct Row {
    href: String,
    name: String,
    number: String,
    amount: String,
    downloads: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "documents.html")]
struct Page<'a> {
    agency: String,
    whose: String,
    style: &'static str,
    stylesheet: Option<&'a str>,
    back: String,
    page: String,
    time_zone: String,
    running: String,
    running_words: String,
    statements: Vec<Row>,
    receipts: Option<Vec<Row>>,
}

/// The page that lists them.
///
/// # Errors
/// When the template does.
pub fn index(index: Index<'_>) -> Result<String, askama::Error> {
    let words = |month: &str| Month::parse(month).map(month_in_words).unwrap_or_default();
    let (page, files) = (&index.page, &index.files);
    let statement = |row: &billing::api::StatementSummary| Row {
        href: format!("{page}/{}", row.month),
        name: words(&row.month),
        number: row.number.clone(),
        amount: amount(row.closing),
        downloads: ["pdf", "csv"]
            .map(|form| download(form, format!("{files}/{}", row.month)))
            .into(),
    };
    let receipts = index.receipts.map(|(receipts, pages, files)| {
        let row = |receipt: Receipt| Row {
            href: format!("{pages}/{}", receipt.payment),
            name: long(&receipt.day),
            amount: amount(receipt.amount),
            downloads: vec![download("pdf", format!("{files}/{}", receipt.payment))],
            number: receipt.number,
        };
        receipts.into_iter().map(row).collect()
    });
    Page {
        agency: index.agency,
        whose: index.whose,
        style: STYLE,
        stylesheet: index.stylesheet,
        back: index.back,
        page: index.page.clone(),
        time_zone: index.statements.time_zone,
        running_words: words(&index.statements.running),
        running: index.statements.running,
        statements: index.statements.statements.iter().map(statement).collect(),
        receipts,
    }
    .render()
}

/// What a link to a file is called, and where it leads.
pub fn download(form: &str, address: String) -> (&'static str, String) {
    let label = if form == "pdf" { "PDF" } else { "CSV" };
    (label, format!("{address}.{form}"))
}
