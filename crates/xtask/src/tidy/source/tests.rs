use super::*;

fn paths(text: &str) -> Vec<String> {
    let source = read("src/dialogs/remove.rs", text);
    source.paths.into_iter().map(|(_, path)| path.join("::")).collect()
}

#[test]
fn use_trees_are_spread_out() {
    assert_eq!(
        paths("use crate::{ui::{Button, field::*}, pages as p, routes::Route::{self, Pay},};"),
        [
            "crate::ui::Button",
            "crate::ui::field",
            "crate::pages",
            "crate::routes::Route::self",
            "crate::routes::Route::Pay",
        ]
    );
    assert_eq!(
        paths("pub(crate) use a::b; use ::c; use {d, e::f};"),
        ["pub", "crate", "a::b", "c", "d", "e::f"]
    );
}

#[test]
fn paths_in_code_are_seen_whole() {
    assert_eq!(
        paths("crate::pages::open::<web_sys::Event>(x)"),
        ["crate::pages::open", "web_sys::Event", "x"]
    );
}

#[test]
fn relative_paths_are_resolved() {
    assert_eq!(
        paths("use super::super::pages::A; use self::b::C; super::D"),
        ["crate::pages::A", "crate::dialogs::remove::b::C", "crate::dialogs::D"]
    );
    let source = read("crates/server/src/storage/mod.rs", "use super::http;");
    assert_eq!(source.paths[0].1, ["crate", "http"]);
}

#[test]
fn comments_strings_characters_and_lifetimes_name_nothing() {
    let text = r##"// a /* b
        /* c /* d */ e */ 'f' '\'' '\u{7f}' &'g h "i\"j" r#"k " l"# b"m" r"n" 1.5e3"##;
    assert_eq!(paths(text), ["h"]);
    let source = read("src/a.rs", text);
    let strings: Vec<&str> = source.strings.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(strings, ["i\\\"j", "k \" l", "m", "n"]);
}

#[test]
fn raw_names_are_names() {
    assert_eq!(paths("use r#try::r#type;"), ["try::type"]);
}

#[test]
fn inline_test_modules_are_dropped_and_what_follows_is_not() {
    let text = "a;\n#[cfg(test)]\nmod tests { fn b() { c } }\nd; #[cfg(test)] mod tests;";
    assert_eq!(paths(text), ["a", "d", "cfg", "test", "mod", "tests"]);
}

#[test]
fn lines_are_counted() {
    let source = read("src/a.rs", "/*\n*/ \"x\ny\"\nuse crate::{\n  b,\n};");
    assert_eq!(source.strings[0].0, 2);
    assert_eq!(source.paths[0].0, 5);
}
