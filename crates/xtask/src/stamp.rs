//! Stamps: a file next to a result that says which inputs it was made from.
//!
//! Contents are hashed, not times: a fresh clone or a switched branch has new times on old contents.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::outcome::{Failure, Outcome};

/// A hash over names and contents of files and folders; an absent one counts as absent.
pub fn of(root: &Path, inputs: &[&str], also: &str) -> Outcome<String> {
    let mut files = Vec::new();
    for input in inputs {
        collect(&root.join(input), &mut files)?;
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    also.hash(&mut hasher);
    for file in files {
        file.strip_prefix(root).unwrap_or(&file).hash(&mut hasher);
        let content = fs::read(&file).map_err(|error| Failure::file("read", &file, &error))?;
        content.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// Whether the stamp at this path is the given one.
pub fn is_fresh(path: &Path, stamp: &str) -> bool {
    fs::read_to_string(path).is_ok_and(|found| found == stamp)
}

/// Writes the stamp. Call it last: an interrupted build leaves none.
pub fn write(path: &Path, stamp: &str) -> Outcome {
    fs::write(path, stamp).map_err(|error| Failure::file("write", path, &error))
}

/// Removes the stamp before its result is touched.
pub fn clear(path: &Path) -> Outcome {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Failure::file("remove", path, &error))
        }
        _ => Ok(()),
    }
}

/// All files under a folder (or the file itself), however deep.
pub fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Outcome {
    if path.is_file() {
        files.push(path.to_path_buf());
    } else if path.is_dir() {
        let entries = fs::read_dir(path).map_err(|error| Failure::file("list", path, &error))?;
        for entry in entries {
            let entry = entry.map_err(|error| Failure::file("list", path, &error))?;
            collect(&entry.path(), files)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_changes_with_contents_names_and_settings() {
        let root = std::env::temp_dir().join(format!("xtask-stamp-{}", std::process::id()));
        fs::create_dir_all(root.join("src")).unwrap();
        fs::write(root.join("src/a"), "one").unwrap();
        let first = of(&root, &["src", "absent"], "").unwrap();
        assert_eq!(first, of(&root, &["src", "absent"], "").unwrap());
        assert_ne!(first, of(&root, &["src", "absent"], "release").unwrap());
        fs::write(root.join("src/a"), "two").unwrap();
        let second = of(&root, &["src", "absent"], "").unwrap();
        assert_ne!(first, second);
        fs::rename(root.join("src/a"), root.join("src/b")).unwrap();
        assert_ne!(second, of(&root, &["src", "absent"], "").unwrap());

        let stamp = root.join("stamp");
        assert!(!is_fresh(&stamp, &first));
        write(&stamp, &first).unwrap();
        assert!(is_fresh(&stamp, &first) && !is_fresh(&stamp, &second));
        clear(&stamp).unwrap();
        clear(&stamp).unwrap();
        assert!(!is_fresh(&stamp, &first));
        fs::remove_dir_all(root).unwrap();
    }
}
