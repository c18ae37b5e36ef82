//! What may be committed where, and what may stand in it.

use super::File;

/// Files at the top of the repository.
const AT_TOP: &[&str] = &[
    ".gitattributes",
    ".gitignore",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "Trunk.toml",
    "clippy.toml",
    "embed.html",
    "index.html",
    "pay.html",
    "portal.html",
    "rust-toolchain.toml",
    "rustfmt.toml",
    "settings.html",
    "wallet.html",
];

/// Folders, and the endings of the files in them. A name without an ending counts as its own ending.
const IN_FOLDERS: &[(&str, &[&str])] = &[
    (".cargo/", &["toml"]),
    (".ci/", &["run"]),
    (
        "crates/",
        &[
            "rs", "toml", "js", "mjs", "css", "html", "txt", "sql", "json", "csv", "svg", "md",
            "py", "otf",
        ],
    ),
    ("embed/", &["js", "ts", "json", "md"]),
    ("examples/", &["mjs", "html", "json", "md"]),
    ("docs/", &["md", "png", "svg", "json", "csv"]),
    ("public/", &["svg", "png", "txt"]),
    ("src/", &["rs", "js", "mjs"]),
    ("style/", &["css"]),
    ("tests/", &["mjs", "json", "csv", "py", "txt", "npmrc"]),
];

/// More than this in one file is a mistake.
const MAX_BYTES: u64 = 2 * 1024 * 1024;

/// Words that belong to one machine or one network. In pieces, so that this file does not hold them.
const MACHINE: &[&str] = &[
    concat!("/ro", "ot/"),
    concat!("/wo", "rk/"),
    concat!("crates", ".io"),
    concat!("npm", "js.org"),
    concat!("npm", "js.com"),
    concat!("py", "pi.org"),
    concat!("pythonhosted", ".org"),
    concat!("deb.debian", ".org"),
];

/// Notes to oneself: fine with somebody's name behind them. (Three X are a currency: none.)
const NOTES: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME")];

/// Every file that should not be there, and every line that should not stand in one.
pub fn complaints(files: &[File]) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files {
        let path = &file.path;
        if !has_a_place(path) {
            complaints.push(format!("{path}: no file of this kind is expected here"));
        }
        if file.bytes > MAX_BYTES {
            complaints.push(format!("{path}: {} bytes are too many", file.bytes));
        }
        for (number, line) in file.text.iter().flat_map(|text| text.lines()).enumerate() {
            complaints.extend(wrong(path, line).map(|why| {
                let number = number.saturating_add(1);
                format!("{path}:{number}: {why}")
            }));
        }
    }
    complaints
}

fn has_a_place(path: &str) -> bool {
    if !path.contains('/') {
        return AT_TOP.contains(&path);
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit('.').next().unwrap_or(name);
    IN_FOLDERS
        .iter()
        .find(|(folder, _)| path.starts_with(folder))
        .is_some_and(|(_, endings)| endings.contains(&ending))
}

fn wrong(path: &str, line: &str) -> Option<String> {
    if path == "Cargo.lock" && line.starts_with("source = ") {
        return None;
    }
    if path.ends_with("package-lock.json") && line.contains("\"resolved\"") {
        return Some("the lock names where packages come from: install with tests/.npmrc".into());
    }
    if let Some(word) = MACHINE.iter().find(|word| line.contains(**word)) {
        return Some(format!("{word:?} belongs to one machine or network"));
    }
    let note = NOTES.iter().find(|note| has_ownerless(line, note))?;
    Some(format!("{note} without an owner: {note}(name)"))
}

/// Whether the note stands there as a word of its own, with nobody's name behind it.
fn has_ownerless(line: &str, note: &str) -> bool {
    line.match_indices(note).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + note.len()..].chars().next();
        let is_part =
            |char: Option<char>| char.is_some_and(|char| char.is_alphanumeric() || char == '_');
        !is_part(before) && !is_part(after) && after != Some('(')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(path: &str, text: &str) -> Vec<String> {
        complaints(&[File { path: path.into(), bytes: 0, text: Some(text.into()) }])
    }

    #[test]
    fn files_have_their_places() {
        for path in
            ["README.md", ".ci/run", "src/ui/button.rs", "tests/.npmrc", "docs/screens/a.png"]
        {
            assert!(has_a_place(path), "{path}");
        }
        for path in [
            "notes.md",
            "src/a.rs.orig",
            "elsewhere/a.rs",
            ".ci/run.sh",
            "docs/a.zip",
            "src/LICENSE",
        ] {
            assert!(!has_a_place(path), "{path}");
        }
        assert_eq!(told("a.out", "").len(), 1);
    }

    #[test]
    fn a_large_file_is_told() {
        let file = |bytes| File { path: "docs/a.png".into(), bytes, text: None };
        assert_eq!(complaints(&[file(MAX_BYTES)]), [""; 0]);
        assert_eq!(complaints(&[file(MAX_BYTES + 1)]).len(), 1);
    }

    #[test]
    fn words_of_a_machine_are_told_with_their_line() {
        for word in MACHINE {
            let told = told("src/a.rs", &format!("fine\nlet a = \"{word}x\";"));
            assert_eq!(told.len(), 1);
            assert!(told[0].starts_with("src/a.rs:2: "), "{told:?}");
        }
        let source = format!("source = \"registry+https://example/{}-index\"", MACHINE[2]);
        assert_eq!(told("Cargo.lock", &source), [""; 0]);
        assert_eq!(told("tests/package-lock.json", "\"resolved\": \"x\"").len(), 1);
    }

    #[test]
    fn a_note_needs_an_owner() {
        for note in NOTES {
            assert_eq!(told("src/a.rs", &format!("// {note}: later")).len(), 1);
            assert_eq!(told("src/a.rs", &format!("// {note}(ada): later")), [""; 0]);
            assert_eq!(told("src/a.rs", &format!("let A{note}S = 1;")), [""; 0]);
        }
    }
}
