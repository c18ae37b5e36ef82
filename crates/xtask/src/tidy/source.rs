//! Reads Rust as far as the rules need it: which paths a file spells and which strings it holds.
//!
//! Comments are left out, `use` trees are spread out into whole paths, `self` and `super` are resolved,
//! and inline test modules are dropped. What never appears here: a rule.

mod words;

use words::Token;

/// What a file spells, each with its line.
#[derive(Debug, Default)]
pub struct Source {
    /// Paths such as `["crate", "pages", "accounts"]`; a lone name is a path too.
    pub paths: Vec<(usize, Vec<String>)>,
    /// The contents of string literals.
    pub strings: Vec<(usize, String)>,
}

/// Reads a file whose path starts at the repository's root.
pub fn read(path: &str, text: &str) -> Source {
    let tokens = without_test_modules(words::split(text));
    let home = module_of(path);
    let mut source = Source::default();
    let mut at = 0;
    while let Some((line, token)) = tokens.get(at) {
        match token {
            Token::Text(content) => {
                source.strings.push((*line, content.clone()));
                at += 1;
            }
            Token::Word(word) if word == "use" && begins_use(tokens.get(at + 1)) => {
                let mut found = Vec::new();
                at = spread(&tokens, at + 1, &[], &mut found);
                source.paths.extend(found);
            }
            Token::Word(_) => {
                let (path, next) = plain_path(&tokens, at);
                source.paths.push((*line, path));
                at = next;
            }
            _ => at += 1,
        }
    }
    for (_, path) in &mut source.paths {
        *path = resolved(std::mem::take(path), &home);
    }
    source
}

type Tokens = [(usize, Token)];

/// `use<'a>` captures lifetimes and names no path.
fn begins_use(next: Option<&(usize, Token)>) -> bool {
    matches!(next, Some((_, Token::Word(_) | Token::Colons | Token::Open)))
}

/// Spreads `a::{b, c::d}` out, from `at` on, below `prefix`. Answers where it ends.
fn spread(
    tokens: &Tokens,
    mut at: usize,
    prefix: &[String],
    found: &mut Vec<(usize, Vec<String>)>,
) -> usize {
    let mut path = prefix.to_vec();
    let mut line = 0;
    let mut ends_in_group = false;
    while let Some((here, token)) = tokens.get(at) {
        line = *here;
        match token {
            Token::Word(word) if word == "as" => {
                // What it is called here is nobody's business.
                at += 1;
            }
            Token::Word(word) => path.push(word.clone()),
            Token::Open => {
                ends_in_group = true;
                at += 1;
                while !matches!(tokens.get(at), None | Some((_, Token::Close))) {
                    at = spread(tokens, at, &path, found);
                    if matches!(tokens.get(at), Some((_, Token::Comma))) {
                        at += 1;
                    }
                }
            }
            Token::Comma | Token::Close | Token::Semicolon => break,
            _ => {}
        }
        at += 1;
    }
    // A glob adds no word: the path so far is what it names.
    if !ends_in_group && !path.is_empty() {
        found.push((line, path));
    }
    at
}

fn plain_path(tokens: &Tokens, mut at: usize) -> (Vec<String>, usize) {
    let mut path = Vec::new();
    while let Some((_, Token::Word(word))) = tokens.get(at) {
        path.push(word.clone());
        at += 1;
        if !matches!(tokens.get(at), Some((_, Token::Colons))) {
            break;
        }
        at += 1;
    }
    (path, at)
}

/// The module that a file is, from its crate's root: `src/ui/button.rs` is `ui::button`.
fn module_of(path: &str) -> Vec<String> {
    let inner = path.rsplit_once("src/").map_or(path, |(_, inner)| inner);
    let inner = inner.strip_suffix(".rs").unwrap_or(inner);
    let mut module: Vec<String> = inner.split('/').map(str::to_owned).collect();
    if matches!(module.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        module.pop();
    }
    module
}

fn resolved(path: Vec<String>, home: &[String]) -> Vec<String> {
    let ups = path.iter().take_while(|word| *word == "super").count();
    let is_self = path.len() > 1 && path.first().is_some_and(|word| word == "self");
    if ups == 0 && !is_self {
        return path;
    }
    let base = home.iter().take(home.len().saturating_sub(ups)).cloned();
    let rest = path.iter().skip(ups.max(1)).cloned();
    std::iter::once("crate".to_owned()).chain(base).chain(rest).collect()
}

/// Drops `#[cfg(test)] mod name { … }`.
fn without_test_modules(tokens: Vec<(usize, Token)>) -> Vec<(usize, Token)> {
    let mut kept = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        if let Some(open) = opens_test_module(&tokens, at) {
            at = after_block(&tokens, open);
        } else {
            kept.push(tokens[at].clone());
            at += 1;
        }
    }
    kept
}

/// Where the brace of a test module that begins here is.
fn opens_test_module(tokens: &Tokens, at: usize) -> Option<usize> {
    let shape = ["#", "[", "cfg", "(", "test", ")", "]", "mod"];
    let fits = shape.iter().enumerate().all(|(offset, expected)| {
        tokens.get(at + offset).is_some_and(|(_, token)| token.is(expected))
    });
    let open = at + shape.len() + 1;
    (fits && matches!(tokens.get(open), Some((_, Token::Open)))).then_some(open)
}

fn after_block(tokens: &Tokens, open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, (_, token)) in tokens.iter().enumerate().skip(open) {
        match token {
            Token::Open => depth += 1,
            Token::Close if depth == 1 => return at + 1,
            Token::Close => depth -= 1,
            _ => {}
        }
    }
    tokens.len()
}

#[cfg(test)]
mod tests;
