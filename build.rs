//! Puts the pages of docs/diagnostics into the binary, so that `gradus explain` works where no source tree is.

use std::error::Error;
use std::fmt::Write as _;
use std::path::PathBuf;

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
    Ok(())
}
