//! The browser entries: one trunk build each, then every file compressed beside itself.
//!
//! The result is `<target>/web/{app,settings,pay,embed,portal,wallet}/`, which the server's build script embeds. An entry is built only
//! when one of its inputs changed.

use std::fs;
use std::process::Command;

use crate::outcome::{Failure, Outcome};
use crate::place::Place;
use crate::{process, stamp, tools};

/// Runs in Node, whose zlib speaks brotli: the only compressor at hand on every machine.
const COMPRESS: &str = include_str!("web/compress.mjs");

/// What all entries are made from.
const INPUTS: [&str; 9] = [
    "Cargo.toml",
    "Cargo.lock",
    "Trunk.toml",
    "rust-toolchain.toml",
    "src",
    "style",
    "public",
    "crates/billing/Cargo.toml",
    "crates/billing/src",
];

/// A page with its own wasm, so that a customer does not download the agency's app.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Entry {
    /// The agency's app.
    App,
    /// The agency's settings, and the doors for those who are not signed in yet.
    Settings,
    /// The customer's payment page.
    Pay,
    /// The widget's frame, with the loader beside it.
    Embed,
    /// The pages of client users.
    Portal,
    /// A balance with its cards: a customer's, or the agency's own.
    Wallet,
}

impl Entry {
    /// Every entry there is.
    pub const ALL: [Self; 6] =
        [Self::App, Self::Settings, Self::Pay, Self::Embed, Self::Portal, Self::Wallet];

    /// The name of its folder, of its binary, and in its public URL.
    pub fn name(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Settings => "settings",
            Self::Pay => "pay",
            Self::Embed => "embed",
            Self::Portal => "portal",
            Self::Wallet => "wallet",
        }
    }

    fn page(self) -> &'static str {
        match self {
            Self::App => "index.html",
            Self::Settings => "settings.html",
            Self::Pay => "pay.html",
            Self::Embed => "embed.html",
            Self::Portal => "portal.html",
            Self::Wallet => "wallet.html",
        }
    }

    /// What it alone is made from, its page besides.
    fn own_inputs(self) -> &'static [&'static str] {
        match self {
            Self::App | Self::Settings | Self::Pay | Self::Portal | Self::Wallet => &[],
            Self::Embed => &["embed"],
        }
    }
}

/// Builds what is stale.
pub fn build(place: &Place) -> Outcome {
    for entry in Entry::ALL {
        build_entry(place, entry)?;
    }
    Ok(())
}

fn build_entry(place: &Place, entry: Entry) -> Outcome {
    let name = entry.name();
    let mark = place.target.join(format!("web-{name}.stamp"));
    let mut inputs = INPUTS.to_vec();
    inputs.push(entry.page());
    inputs.extend(entry.own_inputs());
    let stamp = stamp::of(&place.root, &inputs, COMPRESS)?;
    let finished = place.web().join(name);
    if stamp::is_fresh(&mark, &stamp) && finished.join("index.html.br").is_file() {
        println!("      {name}: unchanged since the last build");
        return Ok(());
    }
    println!("      {name}: building (a minute or two when its packages are new)");
    let path = tools::for_web(place)?;
    // Made elsewhere and moved when complete: what the server embeds is never half an entry.
    let dist = place.target.join("web-unfinished").join(name);
    fs::create_dir_all(&dist).map_err(|error| Failure::file("make", &dist, &error))?;
    let mut trunk = Command::new("trunk");
    trunk
        .current_dir(&place.root)
        .args(["build", "--release", "--skip-version-check"])
        .args(["--html-output", "index.html", "--public-url", &format!("/assets/{name}/")])
        .arg("--dist")
        .arg(&dist)
        .arg(entry.page())
        .env("PATH", path)
        .env("CARGO_TARGET_DIR", &place.target)
        // A failed compilation is told by the compiler; trunk's own backtraces only hide it.
        .env("RUST_BACKTRACE", "0")
        // Trunk takes this variable for a flag of its own and stops at its usual value, 1.
        .env_remove("NO_COLOR");
    if process::locked() {
        trunk.arg("--locked");
    }
    process::run(&mut trunk)?;
    compress(&dist)?;
    fs::create_dir_all(place.web()).map_err(|error| Failure::file("make", &finished, &error))?;
    stamp::clear(&mark)?;
    process::remove_folder(&finished)?;
    fs::rename(&dist, &finished).map_err(|error| Failure::file("make", &finished, &error))?;
    stamp::write(&mark, &stamp)
}

fn compress(dist: &std::path::Path) -> Outcome {
    let mut node = Command::new("node");
    process::run(node.args(["--input-type=module", "--eval", COMPRESS, "--"]).arg(dist))
}
