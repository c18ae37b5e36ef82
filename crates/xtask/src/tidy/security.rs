//! `docs/security.md`: each requirement of the standard has its row, and what the page names is there: files, and tests by
//! the names they have today.

use std::collections::BTreeSet;

use super::File;

/// The page.
const PAGE: &str = "docs/security.md";
/// The requirements of OWASP's ASVS 5.0, levels 1 and 2.
const REQUIRED: &str = include_str!("asvs.txt");
/// Where a file may be that is named without a folder of the repository.
const FOLDERS: [&str; 4] = ["", "crates/server/src/", "crates/server/tests/", "tests/journeys/"];
/// How a rule begins that has no test, each for its reason.
const WITHOUT_TEST: [&str; 3] = ["*Does not apply*: ", "*Operator*: ", "**Gap**: "];
/// Endings of what counts as the name of a file.
const ENDINGS: [&str; 9] =
    [".rs", ".md", ".toml", ".sql", ".js", ".mjs", ".html", ".lock", ".json"];
/// The shortest reason: "no XML".
const REASON_MIN_BYTES: usize = 6;
/// How far before a function's name the mark of a test stands, in bytes.
const MARK_WITHIN: usize = 120;

/// One requirement's row.
struct Row<'a> {
    id: &'a str,
    rule: &'a str,
    test: &'a str,
}

/// What is missing on the page, and what it names that is not there.
pub fn complaints(files: &[File]) -> Vec<String> {
    let page = files.iter().find(|file| file.path == PAGE).and_then(|file| file.text.as_deref());
    let Some(page) = page else { return vec![format!("{PAGE} is not there")] };
    let told = |what: String| format!("{PAGE}: {what}");
    let mut complaints = Vec::new();
    for name in quoted(page).filter(|name| is_file(name) && !name.contains("::")) {
        if find(files, name).is_none() {
            complaints.push(told(format!("there is no {name}")));
        }
    }
    let rows: Vec<_> = page.lines().filter_map(row).collect();
    let mut seen = BTreeSet::new();
    for Row { id, rule, test } in &rows {
        if !seen.insert(*id) {
            complaints.push(told(format!("{id} is there twice")));
        }
        complaints.extend(wrong(files, rule, test).map(|why| told(format!("{id}: {why}"))));
    }
    let required: BTreeSet<_> = REQUIRED.lines().collect();
    let missing = required.difference(&seen).map(|id| told(format!("{id} is missing")));
    let unknown = seen.difference(&required).map(|id| told(format!("{id} is not asked for")));
    complaints.extend(missing.chain(unknown));
    complaints
}

fn row(line: &str) -> Option<Row<'_>> {
    let mut cells = line.strip_prefix("| V")?.strip_suffix(" |")?.split(" | ");
    let (id, _, rule, test) = (cells.next()?, cells.next()?, cells.next()?, cells.next()?);
    let id = line.get("| ".len().."| V".len().saturating_add(id.len()))?;
    cells.next().is_none().then_some(Row { id, rule, test })
}

/// What is wrong with a row.
fn wrong(files: &[File], rule: &str, test: &str) -> Option<String> {
    if let Some(why) = WITHOUT_TEST.iter().find_map(|begin| rule.strip_prefix(begin)) {
        let is_told = why.len() >= REASON_MIN_BYTES && test == "–";
        return (!is_told).then(|| "it says no reason, or names a test all the same".to_owned());
    }
    if !rule.contains("](#") && !quoted(rule).any(is_file) {
        return Some("its rule names no file".to_owned());
    }
    let mut tests = quoted(test).peekable();
    if tests.peek().is_none() {
        return Some("it has no test".to_owned());
    }
    tests.find(|name| !is_test(files, name)).map(|name| format!("there is no test {name}"))
}

/// What stands in backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn is_file(name: &str) -> bool {
    ENDINGS.iter().any(|ending| name.ends_with(ending)) && !name.contains([' ', ':', '…'])
}

fn find<'a>(files: &'a [File], name: &str) -> Option<&'a File> {
    let path = |folder: &str| format!("{folder}{name}");
    FOLDERS.iter().find_map(|folder| files.iter().find(|file| file.path == path(folder)))
}

/// Whether `file::name` is a test: a function with the mark of one, or a journey of that name.
fn is_test(files: &[File], test: &str) -> bool {
    let Some((file, name)) = test.split_once("::") else { return false };
    FOLDERS.iter().any(|folder| {
        let path = format!("{folder}{file}");
        let text =
            files.iter().find(|file| file.path == path).and_then(|file| file.text.as_deref());
        text.is_some_and(|text| match path.ends_with(".mjs") {
            true => text.contains(&format!("(\"{name}\"")),
            false => has_marked(text, name),
        })
    })
}

fn has_marked(text: &str, name: &str) -> bool {
    text.match_indices(&format!("fn {name}(")).any(|(at, _)| {
        let before: String = text[..at].chars().rev().take(MARK_WITHIN).collect();
        // Backwards, as it was collected.
        before.contains("]tset[#") || before.contains("tset::oikot[#")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::Place;

    fn repository() -> Vec<File> {
        super::super::listed(&Place::find().unwrap()).unwrap()
    }

    /// The repository with one thing changed in one of its files.
    fn with(path: &str, from: &str, to: &str) -> Vec<String> {
        let mut files = repository();
        let file = files.iter_mut().find(|file| file.path == path).unwrap();
        let text = file.text.take().unwrap();
        assert!(text.contains(from), "{path} has no {from}");
        file.text = Some(text.replacen(from, to, 1));
        complaints(&files)
    }

    #[test]
    fn every_requirement_has_its_rule_and_its_test() {
        assert_eq!(complaints(&repository()), [""; 0]);
        assert_eq!(REQUIRED.lines().count(), 253, "70 of level 1, 183 of level 2");
    }

    #[test]
    fn what_is_missing_is_told() {
        for (path, from, to, expected) in [
            (PAGE, "| V1.1.1 |", "| V1.1.9 |", "V1.1.1 is missing"),
            (PAGE, "| V1.1.1 |", "| V1.1.2 |", "V1.1.2 is there twice"),
            (PAGE, "`http/query.rs`,", "`http/questions.rs`,", "there is no http/questions.rs"),
            (
                PAGE,
                "*Does not apply*: no LDAP | –",
                "*Does not apply*: x | –",
                "V1.2.6: it says no",
            ),
            (
                "crates/server/tests/http/matrix.rs",
                "fn everybody_hears_what_the_table_says(",
                "fn everybody_hears(",
                "there is no test http/matrix.rs::everybody_hears_what_the_table_says",
            ),
            (
                "tests/journeys/oidc.test.mjs",
                "a forged state is refused",
                "a forged state",
                "there is no test oidc.test.mjs::a forged state is refused",
            ),
        ] {
            let told = with(path, from, to);
            assert!(told.iter().any(|what| what.contains(expected)), "{expected}: {told:?}");
        }
    }

    #[test]
    fn a_function_without_the_mark_is_no_test() {
        assert!(has_marked("#[test]\nfn a() {}", "a"));
        assert!(has_marked("#[tokio::test(start_paused = true)]\nasync fn a() {}", "a"));
        assert!(!has_marked("fn a() {}", "a"));
    }

    #[test]
    fn unsafe_code_is_forbidden_everywhere() {
        let files = repository();
        let manifests = files.iter().filter(|file| file.path.ends_with("Cargo.toml"));
        for file in manifests {
            let text = file.text.as_deref().unwrap();
            assert!(text.contains("[lints]\nworkspace = true"), "{}", file.path);
        }
        let root = files.iter().find(|file| file.path == "Cargo.toml").unwrap();
        assert!(root.text.as_deref().unwrap().contains("unsafe_code = \"forbid\""));
    }

    #[test]
    fn no_text_becomes_markup_in_the_browser() {
        for file in repository() {
            let in_browser = file.path.starts_with("src/") || file.path.starts_with("embed/");
            let text = file.text.filter(|_| in_browser).unwrap_or_default();
            let raw = text.contains("innerHTML") || text.contains("document.write");
            assert!(!raw, "{}", file.path);
            // What the first two show goes through `ui::Html`, which escapes every text; the gate is a constant.
            let allowed = [
                "src/components/pages_view.rs",
                "src/settings/embedding/preview.rs",
                "src/ui/gate.rs",
            ]
            .contains(&file.path.as_str());
            assert!(allowed || !text.contains("inner_html"), "{}", file.path);
        }
    }
}
