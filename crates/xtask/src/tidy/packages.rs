//! Which package may depend on which, however many packages lie between (DESIGN §2).

use crate::outcome::Outcome;
use crate::place::Place;
use crate::process;

/// Packages that a package never reaches.
struct Dependency {
    of: &'static str,
    /// Not even for its tests.
    never: &'static [&'static str],
    /// Tests may have them.
    never_shipped: &'static [&'static str],
    because: &'static str,
}

const DEPENDENCIES: &[Dependency] = &[
    Dependency {
        of: "sluice-billing",
        never: &["sluice-server", "sluice-sandbox", "sluice-web"],
        never_shipped: &["tokio", "getrandom", "rand", "reqwest", "axum", "rusqlite", "web-sys"],
        because: "billing depends on nothing of ours, and has no clock, chance or I/O",
    },
    Dependency {
        of: "sluice-server",
        never: &["sluice-sandbox", "sluice-web", "sluice-bench"],
        never_shipped: &[],
        because: "server and sandbox meet only over HTTP; the browser's code arrives built",
    },
    Dependency {
        of: "sluice-sandbox",
        never: &["sluice-server", "sluice-billing", "sluice-web"],
        never_shipped: &[],
        because: "the sandbox has books of its own",
    },
    Dependency {
        of: "sluice-web",
        never: &["sluice-server", "sluice-sandbox"],
        never_shipped: &["rusqlite", "axum"],
        because: "the browser shares billing with the server, and nothing else",
    },
];

/// Asks cargo for what each package reaches.
pub fn complaints(place: &Place) -> Outcome<Vec<String>> {
    let mut complaints = Vec::new();
    for rule in DEPENDENCIES {
        let shipped = tree(place, rule.of, &["--edges", "normal,build"])?;
        let tests = tree(place, rule.of, &["--edges", "dev", "--depth", "1"])?;
        complaints.extend(broken(rule, &shipped, &tests));
    }
    Ok(complaints)
}

fn broken(rule: &Dependency, shipped: &str, tests: &str) -> Vec<String> {
    let names = |tree: &str, name: &str| {
        tree.lines().any(|line| line.split_whitespace().next() == Some(name))
    };
    let never = rule.never.iter().filter(|name| names(shipped, name) || names(tests, name));
    let never_shipped = rule.never_shipped.iter().filter(|name| names(shipped, name));
    let told = |name| format!("{} depends on {name}: {}", rule.of, rule.because);
    never.chain(never_shipped).map(told).collect()
}

fn tree(place: &Place, package: &str, which: &[&str]) -> Outcome<String> {
    let mut tree = process::cargo(place, "tree");
    tree.args(["--quiet", "--package", package, "--prefix", "none", "--format", "{p}"]).args(which);
    if package == "sluice-web" {
        tree.args(["--target", "wasm32-unknown-unknown"]);
    }
    process::output(&mut tree)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_can_be_broken() {
        for rule in DEPENDENCIES {
            for name in rule.never {
                let tree = format!("{} v0.1.0\n{name} v0.1.0 (/somewhere)", rule.of);
                assert_eq!(broken(rule, &tree, "").len(), 1);
                assert_eq!(broken(rule, "", &tree).len(), 1);
            }
            for name in rule.never_shipped {
                let tree = format!("{} v0.1.0\n{name} v1.0.0", rule.of);
                assert_eq!(broken(rule, &tree, "").len(), 1);
                assert_eq!(broken(rule, "", &tree), [""; 0]);
            }
            assert_eq!(broken(rule, "rand_core v1.0.0", "tokio-test v1.0.0"), [""; 0]);
        }
    }

    #[test]
    fn the_rules_are_about_packages_that_are_there() {
        let place = Place::find().unwrap();
        for rule in DEPENDENCIES {
            let itself = tree(&place, rule.of, &["--depth", "0"]).unwrap();
            assert!(itself.starts_with(rule.of), "{itself}");
        }
    }
}
