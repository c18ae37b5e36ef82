//! `POST /csp-reports`

use axum::{extract::State, http::StatusCode};
use billing::text::has_card_number;
use serde_json::Value;

use crate::http::{App, Failure, body::Raw, gate::Anyone};

/// The longest line that a report makes in the log, in characters.
const LINE_MAX_CHARS: usize = 300;

/// Counts what a browser would not load or run, and logs what it was; never the whole report, which quotes the page.
pub async fn answer(
    _: Anyone,
    State(app): State<App>,
    Raw(body): Raw,
) -> Result<StatusCode, Failure> {
    let report = serde_json::from_slice::<Value>(&body)
        .map_err(|_| Failure::malformed("This is not a report."))?;
    let line = line(&report);
    tracing::warn!(report = ?line, "a browser reports a violation of the content policy");
    app.reports.add(line);
    Ok(StatusCode::NO_CONTENT)
}

fn line(report: &Value) -> String {
    let report = report.get("csp-report").unwrap_or(report);
    let said = |name: &str| {
        let said = report.get(name).and_then(Value::as_str).unwrap_or("-");
        said.split(['?', '#']).next().unwrap_or_default().to_owned()
    };
    let words = [
        said("violated-directive"),
        said("blocked-uri"),
        said("document-uri"),
        said("source-file"),
    ];
    let line = words.join(" ");
    match has_card_number(&line) {
        true => "(withheld)".to_owned(),
        false => line.chars().take(LINE_MAX_CHARS).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_and_where_without_query_or_fragment() {
        let report = serde_json::json!({ "csp-report": {
            "violated-directive": "script-src-elem", "blocked-uri": "https://evil.example/x.js?a=b",
            "document-uri": "https://billing.example/pay#t=secret", "script-sample": "secret",
        }});
        assert_eq!(
            line(&report),
            "script-src-elem https://evil.example/x.js https://billing.example/pay -"
        );
    }
}
