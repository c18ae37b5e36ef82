//! Embeds the browser entries that `cargo xtask web` built, if it did: `SLUICE_WEB_DIR` holds `app/`, `settings/`, `pay/`, `embed/`,
//! `portal/` and `wallet/`, each file with its brotli neighbour.

use std::{
    env,
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed=SLUICE_WEB_DIR");
    println!("cargo::rerun-if-changed=build.rs");
    let mut files = Vec::new();
    if let Some(web) = env::var_os("SLUICE_WEB_DIR").map(PathBuf::from) {
        // Also while it is not there: it may be built between this run and the next.
        println!("cargo::rerun-if-changed={}", web.display());
        if web.is_dir() {
            list(&web, &web, &mut files)?;
            files.sort();
        }
    }
    let mut code = String::from("const EMBEDDED: &[Embedded] = &[\n");
    for (name, path) in &files {
        let brotli = PathBuf::from(format!("{}.br", path.display()));
        let brotli = if brotli.is_file() {
            format!("Some(include_bytes!({:?}))", brotli.display().to_string())
        } else {
            "None".to_owned()
        };
        let path = path.display().to_string();
        let _ = writeln!(
            code,
            "    Embedded {{ name: {name:?}, content: include_bytes!({path:?}), brotli: {brotli} }},"
        );
    }
    code.push_str("];\n");
    let out = env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default();
    fs::write(out.join("files.rs"), code)
}

/// Every file below `folder` but the compressed neighbours, by its path from `web`.
fn list(web: &Path, folder: &Path, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(web, &path, files)?;
        } else if path.extension().is_none_or(|extension| extension != "br") {
            let name = path.strip_prefix(web).unwrap_or(&path).display().to_string();
            files.push((name.replace('\\', "/"), path.canonicalize()?));
        }
    }
    Ok(())
}
