//! Puts the pages of docs/diagnostics and the projects of templates into the binary, so that `gradus explain` and `gradus new` work
//! where no source tree is.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

#[expect(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a build script is given its folders and reads the source tree"
)]
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=docs/diagnostics");
    let folder = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("docs/diagnostics");
    let mut pages = Vec::new();
    for entry in std::fs::read_dir(&folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "md") {
            pages.push(path);
        }
    }
    pages.sort();
    let mut table = String::from("&[\n");
    for page in pages {
        let code = page.file_stem().unwrap_or_default().to_string_lossy();
        writeln!(table, "    ({code:?}, include_str!({:?})),", page.display().to_string())?;
    }
    table.push_str("]\n");
    std::fs::write(PathBuf::from(std::env::var("OUT_DIR")?).join("pages.rs"), table)?;
    templates(&PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("templates"))
}

/// The files of the projects: `templates/minimal/zh`, the path in that folder, the text.
#[expect(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a build script is given its folders and reads the source tree"
)]
fn templates(folder: &Path) -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=templates");
    let mut table = String::from("&[\n");
    for name in ["minimal/en", "minimal/zh", "trade-credit/en", "trade-credit/zh"] {
        let project = folder.join(name);
        let mut files = Vec::new();
        inside(&project, &mut files)?;
        files.sort();
        for file in files {
            let path = file.strip_prefix(&project)?.to_string_lossy().replace('\\', "/");
            writeln!(table, "    ({name:?}, {path:?}, include_str!({:?})),", file.display().to_string())?;
        }
    }
    table.push_str("]\n");
    std::fs::write(PathBuf::from(std::env::var("OUT_DIR")?).join("templates.rs"), table)?;
    Ok(())
}

/// All files in a folder and the folders in it.
#[expect(clippy::disallowed_methods, reason = "a build script reads the source tree")]
fn inside(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            inside(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
