//! How many bytes a person downloads before a page works, and how many they may.

use std::fs;
use std::path::{Path, PathBuf};

use crate::outcome::{Failure, Outcome};
use crate::place::Place;
use crate::stamp;
use crate::web::Entry;

/// What counts: the page, its scripts, its wasm, its styles, as brotli sends them.
const COUNTED: [&str; 4] = ["html", "js", "wasm", "css"];

const fn budget_bytes(entry: Entry) -> u64 {
    match entry {
        Entry::App | Entry::Settings => 300 * 1024,
        Entry::Pay => 120 * 1024,
        Entry::Embed => 100 * 1024,
        Entry::Portal => 200 * 1024,
        Entry::Wallet => 250 * 1024,
    }
}

/// What a site loads to show the widget's frame: beside the frame, and no part of it.
const LOADER: &str = "v1.js.br";
const LOADER_BUDGET_BYTES: u64 = 5 * 1024;

/// Prints the table and fails when an entry is above its budget.
pub fn check(place: &Place) -> Outcome {
    let mut over = Vec::new();
    println!(
        "      {:<9}{:>10}{:>10}{:>10}{:>10}{:>11}{:>11}",
        "", "html", "js", "wasm", "css", "all", "budget"
    );
    for entry in Entry::ALL {
        let sizes = sizes(&place.web().join(entry.name()))?;
        let all: u64 = sizes.iter().sum();
        let budget = budget_bytes(entry);
        let [html, js, wasm, css] = sizes;
        println!(
            "      {:<9}{html:>10}{js:>10}{wasm:>10}{css:>10}{all:>11}{budget:>11}",
            entry.name()
        );
        over.extend(complaint(entry, sizes));
    }
    let loader = bytes_of(&place.web().join(Entry::Embed.name()).join(LOADER))?;
    println!("      {:<9}{:>10}{loader:>10}{:>31}{LOADER_BUDGET_BYTES:>11}", "loader", "", "");
    over.extend(loader_complaint(loader));
    for entry in [Entry::Pay, Entry::Wallet] {
        let page = place.web().join(entry.name()).join("index.html");
        let html =
            fs::read_to_string(&page).map_err(|error| Failure::file("read", &page, &error))?;
        if !shows_a_frame(&html) {
            over.push(format!("{} shows nothing before its wasm is there", entry.name()));
        }
    }
    if over.is_empty() { Ok(()) } else { Err(Failure::new(over.join("\n"))) }
}

/// What is wrong with these sizes, in the order of [`COUNTED`]. A page without wasm was not built.
fn complaint(entry: Entry, sizes: [u64; 4]) -> Option<String> {
    let all: u64 = sizes.iter().sum();
    let budget = budget_bytes(entry);
    if sizes[0] == 0 || sizes[2] == 0 {
        return Some(format!("{} has no html or no wasm", entry.name()));
    }
    (all > budget).then(|| format!("{} is {} bytes over its budget", entry.name(), all - budget))
}

fn loader_complaint(bytes: u64) -> Option<String> {
    let over = bytes.saturating_sub(LOADER_BUDGET_BYTES);
    (over > 0).then(|| format!("the widget's loader is {over} bytes over its budget"))
}

/// Whether a person sees what the page is about before anything has run.
fn shows_a_frame(html: &str) -> bool {
    html.split_once("<body").is_some_and(|(_, body)| body.contains("<main") && body.contains("<h1"))
}

fn sizes(folder: &Path) -> Outcome<[u64; 4]> {
    let mut files = Vec::new();
    stamp::collect(folder, &mut files)?;
    let mut sizes = [0; 4];
    let is_loader = |file: &Path| file.ends_with(LOADER);
    let compressed = |file: &&PathBuf| file.extension().is_some_and(|ending| ending == "br");
    for file in files.iter().filter(compressed).filter(|file| !is_loader(file)) {
        let plain = file.with_extension("");
        let ending = plain.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if let Some(column) = COUNTED.iter().position(|counted| *counted == ending) {
            sizes[column] += bytes_of(file)?;
        }
    }
    Ok(sizes)
}

fn bytes_of(file: &Path) -> Outcome<u64> {
    Ok(fs::metadata(file).map_err(|error| Failure::file("read", file, &error))?.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_fails_one_byte_above_its_budget() {
        assert_eq!(complaint(Entry::Pay, [1_000, 20_880, 100_000, 1_000]), None);
        let over = complaint(Entry::Pay, [1_000, 20_881, 100_000, 1_000]);
        assert_eq!(over.as_deref(), Some("pay is 1 bytes over its budget"));
    }

    #[test]
    fn the_loader_fails_one_byte_above_its_budget() {
        assert_eq!(loader_complaint(5_120), None);
        let over = loader_complaint(5_121);
        assert_eq!(over.as_deref(), Some("the widget's loader is 1 bytes over its budget"));
    }

    #[test]
    fn a_page_without_a_frame_is_told() {
        assert!(shows_a_frame("<head></head><body><main><h1>Set up billing</h1></main>"));
        assert!(!shows_a_frame("<head><main><h1></head><body><noscript>…</noscript>"));
    }

    #[test]
    fn an_entry_that_was_not_built_fails() {
        assert!(complaint(Entry::App, [0; 4]).is_some());
    }

    #[test]
    fn sizes_are_those_of_the_compressed_files_by_kind() {
        let folder = std::env::temp_dir().join(format!("xtask-sizes-{}", std::process::id()));
        fs::create_dir_all(folder.join("snippets")).unwrap();
        for (name, bytes) in [
            ("a.js", 900),
            ("a.js.br", 10),
            ("snippets/b.js.br", 5),
            ("f.svg.br", 7),
            ("v1.js.br", 3),
        ] {
            fs::write(folder.join(name), vec![0; bytes]).unwrap();
        }
        assert_eq!(sizes(&folder).unwrap(), [0, 15, 0, 0]);
        fs::remove_dir_all(folder).unwrap();
    }
}
