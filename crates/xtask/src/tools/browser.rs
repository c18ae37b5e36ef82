//! Chromium for the journeys, and the font of the screenshots: Debian's packages, unless they are there.

use std::fs;
use std::path::{Path, PathBuf};

use super::apt;
use crate::outcome::{Failure, Outcome};
use crate::place::set;
use crate::process;

const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// Answers the browser: `$CHROME`, else one on the PATH, else Debian's, installed now.
pub fn chromium() -> Outcome<PathBuf> {
    if let Some(chosen) = set("CHROME").map(PathBuf::from) {
        return match process::version_of(&chosen) {
            Some(_) => Ok(chosen),
            None => Err(Failure::new(format!(
                "CHROME is {}, which does not answer --version",
                chosen.display()
            ))),
        };
    }
    if let Some(found) = working() {
        return Ok(found);
    }
    println!("      installing Chromium with apt (about a minute, once)");
    apt::install(&["chromium", "fonts-inter"]).map_err(|failure| {
        Failure::new(format!(
            "{failure}\nThe journeys need Chromium. Install it, or set CHROME to a Chromium or Chrome you have."
        ))
    })?;
    working().ok_or_else(|| Failure::new("apt installed Chromium, but it does not start"))
}

/// Sees to Inter, which the product asks for first: screenshots look as on a user's machine.
pub fn with_interface_font() -> Outcome {
    let fonts = Path::new("/usr/share/fonts");
    let is_there = ["opentype/inter", "truetype/inter"].iter().any(|folder| {
        fs::read_dir(fonts.join(folder)).is_ok_and(|mut files| files.next().is_some())
    });
    if is_there {
        return Ok(());
    }
    println!("      installing the font Inter with apt (a few seconds, once)");
    apt::install(&["fonts-inter"])
}

fn working() -> Option<PathBuf> {
    process::on_path(&NAMES).filter(|program| process::version_of(program).is_some())
}
