use super::*;

fn file(path: &str, text: &str) -> File {
    File { path: path.into(), bytes: 0, text: Some(text.into()) }
}

/// A repository in which every rule has a file to be about, and this one.
fn with(path: &str, text: &str) -> Vec<String> {
    let mut files: Vec<File> = DIRECTIONS
        .iter()
        .flat_map(|rule| rule.within)
        .map(|module| match module.ends_with(".rs") {
            true => file(module, ""),
            false => file(&format!("{module}/empty.rs"), ""),
        })
        .collect();
    files.push(file(path, text));
    complaints(&files)
}

#[test]
fn every_direction_can_be_broken_and_kept() {
    for rule in DIRECTIONS {
        for module in rule.within {
            let path = match module.ends_with(".rs") {
                true => (*module).to_owned(),
                false => format!("{module}/wrong.rs"),
            };
            for word in rule.never {
                let complaints = with(&path, &format!("use {word}::Something;"));
                let expected = format!("{path}:1: `{word}`: {}", rule.because);
                assert!(complaints.contains(&expected), "{path} {word}: {complaints:?}");
            }
        }
        for module in rule.except {
            for word in rule.never {
                let complaints = with(&format!("{module}.rs"), &format!("use {word};"));
                assert!(
                    !complaints.iter().any(|told| told.ends_with(rule.because)),
                    "{complaints:?}"
                );
            }
        }
    }
}

#[test]
fn every_spelling_can_be_broken_and_kept() {
    for rule in SPELLINGS {
        for start in rule.starts {
            let text = format!("let a = \"{start}\";");
            let told = with("src/pages/wrong.rs", &text);
            assert_eq!(told.len(), 1, "{told:?}");
            for module in rule.except {
                assert_eq!(with(&format!("{module}.rs"), &text), Vec::<String>::new());
            }
        }
    }
    assert_eq!(with("src/pages/right.rs", r#"let a = "/payments"; let b = " /pay";"#).len(), 0);
}

#[test]
fn what_is_hidden_in_a_use_tree_or_behind_super_is_seen() {
    assert_eq!(with("src/ui/a.rs", "use super::super::{ui::b, pages::C};").len(), 1);
    assert_eq!(with("src/dialogs/a.rs", "use leptos::{prelude::*, web_sys::Event};").len(), 1);
}

#[test]
fn names_that_only_look_alike_comments_and_tests_are_let_be() {
    assert_eq!(with("src/ui/a.rs", "// use crate::pages;\nuse crate::pages_of_text;"), [""; 0]);
    assert_eq!(with("src/ui/a.rs", "use x::crate_pages; use wasm_bindgen_futures::a;"), [""; 0]);
    assert_eq!(with("src/ui/tests.rs", "use crate::pages;"), [""; 0]);
    assert_eq!(with("src/ui/a.rs", "#[cfg(test)] mod tests { use crate::pages; }"), [""; 0]);
}

#[test]
fn a_rule_about_nothing_is_told() {
    let told = complaints(&[file("src/ui/a.rs", "")]);
    assert!(told.contains(&"src/dialogs: a rule is about it, but it is not there".to_owned()));
}
