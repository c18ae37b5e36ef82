//! Where things are: the repository, the build output, the tools outside it.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::outcome::{Failure, Outcome};

/// The folders that every command works with; all paths are absolute.
#[derive(Debug)]
pub struct Place {
    /// The top of the repository.
    pub root: PathBuf,
    /// Cargo's target folder.
    pub target: PathBuf,
    /// Installed tools, one folder per name and version. Shared by all checkouts.
    pub tools: PathBuf,
}

impl Place {
    /// Finds the folders from the environment.
    pub fn find() -> Outcome<Self> {
        // Cargo tells it at run time, too: two checkouts that share a target folder share the built xtask.
        let package =
            set("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&package)
            .ancestors()
            .nth(2)
            .ok_or_else(|| Failure::new("xtask does not lie in crates/ of a repository"))?
            .to_path_buf();
        let target = root.join(set("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()));
        let tools = tools_folder(&set)?;
        Ok(Self { root, target, tools })
    }

    /// The built browser entries: `app/`, `settings/`, `pay/` and `embed/`. The server's build script reads it from `SLUICE_WEB_DIR`.
    pub fn web(&self) -> PathBuf {
        self.target.join("web")
    }

    /// The journeys and what drives them.
    pub fn tests(&self) -> PathBuf {
        self.root.join("tests")
    }
}

/// An environment variable that is there and not empty.
pub fn set(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

fn tools_folder(set: &dyn Fn(&str) -> Option<OsString>) -> Outcome<PathBuf> {
    let folder = if let Some(chosen) = set("SLUICE_TOOLS") {
        PathBuf::from(chosen)
    } else if let Some(cache) = set("XDG_CACHE_HOME") {
        Path::new(&cache).join("sluice-tools")
    } else if let Some(home) = set("HOME") {
        Path::new(&home).join(".cache").join("sluice-tools")
    } else {
        return Err(Failure::new(
            "neither SLUICE_TOOLS nor HOME is set: nowhere to keep the tools",
        ));
    };
    std::path::absolute(&folder).map_err(|error| Failure::file("place", &folder, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(variables: &[(&str, &str)]) -> PathBuf {
        let set = |name: &str| {
            let found = variables.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| OsString::from(value))
        };
        tools_folder(&set).unwrap()
    }

    #[test]
    fn the_tools_folder_is_the_first_one_named() {
        let home = ("HOME", "/home/ada");
        let cache = ("XDG_CACHE_HOME", "/cache");
        assert_eq!(chosen(&[home]), Path::new("/home/ada/.cache/sluice-tools"));
        assert_eq!(chosen(&[home, cache]), Path::new("/cache/sluice-tools"));
        assert_eq!(chosen(&[home, cache, ("SLUICE_TOOLS", "/t")]), Path::new("/t"));
    }

    #[test]
    fn a_machine_without_a_home_is_told_what_to_set() {
        let failure = tools_folder(&|_| None).unwrap_err();
        assert!(failure.to_string().contains("SLUICE_TOOLS"));
    }
}
