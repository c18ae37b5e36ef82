//! The page of the docs that shows the table, made from the code.

use std::fmt::Write as _;

use super::{commands, situations, table::result};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/funding-table.md");

fn page() -> String {
    let mut page = String::from(
        "# Funding: every situation × every command\n\n\
         Generated from `crates/billing` by running `decide` and `apply`; do not edit. To make it anew:\n\n\
         ```\n\
         SLUICE_BLESS=1 cargo test -p sluice-billing the_page_of_the_docs_is_what_the_code_does\n\
         ```\n\n\
         A result is the events that happen, in order, and the state they lead to; *already so* is the repeat of something \
         done; a refusal changes nothing.\n\n\
         ## By state\n\n\
         What a command can lead to, whatever else is true in that state.\n\n\
         | Command | Agency | Requested | Paying | Customer | Returning |\n\
         |---|---|---|---|---|---|\n",
    );
    for kind in commands::kinds() {
        let _ = write!(page, "| `{kind}` |");
        for phase in commands::phases() {
            let mut ends: Vec<String> = Vec::new();
            for situation in situations::all().iter().filter(|s| s.phase() == phase) {
                for (_, command) in commands::all().iter().filter(|(_, c)| c.name() == kind) {
                    let all = result(situation, command);
                    let end = all.split_once("→").map_or(all.as_str(), |(_, to)| to.trim());
                    let end = if end.starts_with("refused") {
                        "refused".to_owned()
                    } else {
                        end.to_owned()
                    };
                    if !ends.contains(&end) {
                        ends.push(end);
                    }
                }
            }
            ends.sort();
            let _ = write!(page, " {} |", ends.join(" · "));
        }
        page.push('\n');
    }
    for situation in situations::all() {
        let _ = write!(page, "\n## {}\n\n| Command | Result |\n|---|---|\n", situation.title);
        for (name, command) in commands::all() {
            let _ = writeln!(page, "| {name} | {} |", result(&situation, &command));
        }
    }
    page
}

#[test]
fn the_page_of_the_docs_is_what_the_code_does() {
    let made = page();
    if std::env::var_os("SLUICE_BLESS").is_some() {
        std::fs::write(PAGE, &made).unwrap();
    }
    let committed = std::fs::read_to_string(PAGE).unwrap_or_default();
    assert!(
        committed == made,
        "docs/funding-table.md is out of date. Look at what has changed, then run\n\
         SLUICE_BLESS=1 cargo test -p sluice-billing the_page_of_the_docs_is_what_the_code_does"
    );
}
