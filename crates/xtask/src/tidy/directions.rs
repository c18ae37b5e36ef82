//! Which part may know which (DESIGN §2), and which words belong to one place only.
//!
//! The tables below are the rules; read them as sentences. `within` and `except` name modules by their file
//! or folder: `src/ui` is `src/ui.rs` and everything in `src/ui/`. Tests may know more than what they test.

use super::File;
use super::source;

/// Paths that a part never spells.
struct Direction {
    within: &'static [&'static str],
    except: &'static [&'static str],
    never: &'static [&'static str],
    because: &'static str,
}

const DIRECTIONS: &[Direction] = &[
    // The SPA: app → pages → dialogs → components → ui.
    Direction {
        within: &["src/ui"],
        except: &[],
        never: &[
            "billing",
            "leptos_router",
            "crate::api",
            "crate::routes",
            "crate::state",
            "crate::components",
            "crate::dialogs",
            "crate::pages",
            "crate::pay",
            "crate::embed",
            "crate::settings",
            "crate::app",
        ],
        because: "ui knows nothing of the product and nothing of the router",
    },
    Direction {
        within: &["src/components"],
        except: &[],
        never: &[
            "crate::dialogs",
            "crate::pages",
            "crate::pay",
            "crate::portal",
            "crate::settings",
            "crate::app",
        ],
        because: "components know the domain, not who shows them",
    },
    Direction {
        within: &["src/dialogs"],
        except: &[],
        never: &["crate::pages", "crate::pay", "crate::settings", "crate::app"],
        because: "dialogs are opened by pages, not the other way round",
    },
    Direction {
        within: &["src/pages"],
        except: &[],
        never: &["crate::pay", "crate::settings", "crate::app"],
        because: "the app shows pages; pages do not know it",
    },
    Direction {
        within: &["src/app", "src/bin/app.rs"],
        except: &[],
        never: &["crate::settings"],
        because: "who looks at a balance does not download the settings",
    },
    Direction {
        within: &["src/settings", "src/bin/settings.rs"],
        except: &[],
        never: &["leptos_router", "crate::pay", "crate::embed", "crate::app"],
        because: "the settings are a download of their own",
    },
    Direction {
        within: &["src/pay", "src/bin/pay.rs"],
        except: &[],
        never: &[
            "leptos_router",
            "crate::pages",
            "crate::dialogs",
            "crate::settings",
            "crate::app",
        ],
        because: "a customer does not download the agency's app, nor its router",
    },
    Direction {
        within: &["src/embed", "src/bin/embed.rs"],
        except: &[],
        never: &[
            "leptos_router",
            "crate::pages",
            "crate::dialogs",
            "crate::components",
            "crate::state",
            "crate::pay",
            "crate::settings",
            "crate::app",
        ],
        because: "the widget is downloaded with every page of somebody else's site",
    },
    Direction {
        within: &["src/portal", "src/bin/portal.rs"],
        except: &[],
        never: &[
            "leptos_router",
            "crate::pages",
            "crate::dialogs",
            "crate::pay",
            "crate::embed",
            "crate::settings",
            "crate::app",
        ],
        because: "a client user does not download the agency's app, and sees nothing of it",
    },
    Direction {
        within: &["src/wallet", "src/bin/wallet.rs"],
        except: &[],
        never: &[
            "leptos_router",
            "crate::pages",
            "crate::dialogs",
            "crate::pay",
            "crate::embed",
            "crate::portal",
            "crate::settings",
            "crate::app",
        ],
        because: "who looks after a balance downloads the balance, not the agency's app",
    },
    Direction {
        within: &["src"],
        except: &["src/browser"],
        never: &["web_sys", "js_sys", "wasm_bindgen"],
        because: "only src/browser touches the browser's own interfaces",
    },
    Direction {
        within: &["src"],
        except: &["src/api"],
        never: &["gloo_net"],
        because: "only src/api fetches",
    },
    // The server: http, jobs, cli → execute → storage ← storage::sqlite.
    Direction {
        within: &["crates/server/src/execute"],
        except: &[],
        never: &[
            "crate::http",
            "crate::jobs",
            "crate::cli",
            "crate::storage::sqlite",
            "crate::storage::postgres",
        ],
        because: "execute serves every door and knows none, and no particular database",
    },
    Direction {
        within: &["crates/server/src/storage"],
        except: &[],
        never: &["crate::http", "crate::jobs", "crate::cli", "crate::execute"],
        because: "storage is below everything that stores",
    },
    Direction {
        within: &["crates/server/src/http", "crates/server/src/jobs"],
        except: &[],
        never: &["crate::storage::sqlite", "crate::storage::postgres", "crate::cli"],
        because: "the database is chosen once, at the start",
    },
    Direction {
        within: &["crates/server/src"],
        except: &["crates/server/src/storage/sqlite"],
        never: &["rusqlite"],
        because: "only storage/sqlite speaks to SQLite",
    },
    Direction {
        within: &["crates/server/src"],
        except: &["crates/server/src/storage/postgres"],
        // The crate, not our module of the same name.
        never: &["postgres::Client", "postgres::Config", "postgres::Row", "postgres::types"],
        because: "only storage/postgres speaks to PostgreSQL",
    },
    Direction {
        within: &["crates/server/src"],
        except: &["crates/server/src/http", "crates/server/src/serve"],
        never: &["axum", "tower_http", "tower"],
        because: "only http and serve know the web framework",
    },
    // The pure crate.
    Direction {
        within: &["crates/billing/src"],
        except: &[],
        never: &["f32", "f64", "HashMap", "HashSet", "SystemTime", "Instant"],
        because: "billing gives the same answer everywhere and always",
    },
    Direction {
        within: &["crates/billing/src"],
        except: &[],
        never: &["std::fs", "std::net", "std::env", "std::process", "std::thread", "tokio", "rand"],
        because: "billing does nothing but think",
    },
];

/// Beginnings of string literals that belong to one place.
struct Spelling {
    within: &'static [&'static str],
    except: &'static [&'static str],
    starts: &'static [&'static str],
    because: &'static str,
}

const SPELLINGS: &[Spelling] = &[
    Spelling {
        within: &["src"],
        // The server's paths look alike, and are spelled where they are fetched.
        except: &["src/routes", "src/api"],
        starts: &["/settings", "/accounts", "/sign-in", "/pay", "/forgot", "/client", "/balance"],
        because: "only src/routes spells paths of pages",
    },
    Spelling {
        within: &["src"],
        except: &["src/api"],
        starts: &["/api/"],
        because: "only src/api spells paths of the server",
    },
];

/// Every place where a rule is broken, and every rule that is about nothing.
pub fn complaints(files: &[File]) -> Vec<String> {
    let rust: Vec<(&str, source::Source)> = files
        .iter()
        .filter(|file| file.path.ends_with(".rs") && !is_test(&file.path))
        .filter_map(|file| {
            Some((file.path.as_str(), source::read(&file.path, file.text.as_deref()?)))
        })
        .collect();
    let mut complaints = Vec::new();
    for rule in DIRECTIONS {
        let chosen = of(&rust, rule.within, rule.except, &mut complaints);
        for (path, source) in chosen {
            for (line, spelled) in &source.paths {
                if let Some(word) = rule.never.iter().find(|word| names(spelled, word)) {
                    complaints.push(format!("{path}:{line}: `{word}`: {}", rule.because));
                }
            }
        }
    }
    for rule in SPELLINGS {
        let chosen = of(&rust, rule.within, rule.except, &mut complaints);
        for (path, source) in chosen {
            for (line, text) in &source.strings {
                if rule.starts.iter().any(|start| begins(text, start)) {
                    complaints.push(format!("{path}:{line}: {text:?}: {}", rule.because));
                }
            }
        }
    }
    complaints
}

/// The files that a rule is about. A rule about no file guards nothing, and is told.
fn of<'a>(
    rust: &'a [(&'a str, source::Source)],
    within: &[&str],
    except: &[&str],
    complaints: &mut Vec<String>,
) -> Vec<&'a (&'a str, source::Source)> {
    for module in within {
        if !rust.iter().any(|(path, _)| lies_in(path, module)) {
            complaints.push(format!("{module}: a rule is about it, but it is not there"));
        }
    }
    rust.iter()
        .filter(|(path, _)| within.iter().any(|module| lies_in(path, module)))
        .filter(|(path, _)| !except.iter().any(|module| lies_in(path, module)))
        .collect()
}

fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.split('/').any(|folder| folder == "tests")
}

fn lies_in(path: &str, module: &str) -> bool {
    path.strip_prefix(module)
        .is_some_and(|rest| rest.is_empty() || rest == ".rs" || rest.starts_with('/'))
}

/// Whether a path goes through `word`; one that starts at `crate` has to start there.
fn names(path: &[String], word: &str) -> bool {
    let word: Vec<&str> = word.split("::").collect();
    let mut places = path.windows(word.len());
    if word[0] == "crate" {
        places.next().is_some_and(|first| first == word)
    } else {
        places.any(|place| place == word)
    }
}

/// Whether a text is that path or one below it.
fn begins(text: &str, start: &str) -> bool {
    text.strip_prefix(start).is_some_and(|rest| {
        start.ends_with('/') || rest.is_empty() || rest.starts_with(['/', '?', '#'])
    })
}

#[cfg(test)]
mod tests;
