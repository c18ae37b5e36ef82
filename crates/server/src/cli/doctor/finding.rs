//! What was found, and the table of it.

use serde_json::json;

use crate::{cli::End, config::judge::Problem};

/// The width of the column with the subjects, in characters.
const SUBJECT_WIDTH: usize = 14;

/// What was found about one subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    subject: &'static str,
    detail: String,
    /// What to do; none when it is right as it is.
    remedy: Option<String>,
    is_wrong: bool,
}

impl Finding {
    /// It is right.
    pub fn fine(subject: &'static str, detail: impl Into<String>) -> Self {
        Self { subject, detail: detail.into(), remedy: None, is_wrong: false }
    }

    /// It works, and may not be what was meant.
    pub fn notable(
        subject: &'static str,
        detail: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        let remedy = Some(remedy.into());
        Self { subject, detail: detail.into(), remedy, is_wrong: false }
    }

    /// It does not work.
    pub fn wrong(
        subject: &'static str,
        detail: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        let remedy = Some(remedy.into());
        Self { subject, detail: detail.into(), remedy, is_wrong: true }
    }

    /// A setting that `serve` refuses.
    pub fn of(subject: &'static str, problem: &Problem) -> Self {
        Self::wrong(subject, problem.wrong.clone(), problem.remedy)
    }

    /// Whether something has to be done.
    pub fn is_wrong(&self) -> bool {
        self.is_wrong
    }
}

/// Prints the table, or one line of JSON.
pub fn print(findings: &[Finding], as_json: bool) -> Result<(), End> {
    if as_json {
        let rows: Vec<_> = findings
            .iter()
            .map(|finding| {
                json!({
                    "subject": finding.subject,
                    "ok": !finding.is_wrong,
                    "detail": finding.detail,
                    "remedy": finding.remedy,
                })
            })
            .collect();
        let ok = !findings.iter().any(Finding::is_wrong);
        println!("{}", json!({ "ok": ok, "findings": rows }));
        return Ok(());
    }
    for finding in findings {
        let mark = match (finding.is_wrong, &finding.remedy) {
            (true, _) => "FIX ",
            (false, Some(_)) => "note",
            (false, None) => "ok  ",
        };
        println!("{mark}  {:SUBJECT_WIDTH$}  {}", finding.subject, finding.detail);
        if let Some(remedy) = &finding.remedy {
            println!("      {:SUBJECT_WIDTH$}  → {remedy}", "");
        }
    }
    Ok(())
}
