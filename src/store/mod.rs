//! Rules folders and `gradus.toml`; the [`World`]: the only door to files and to the day's date.
//!
//! Nothing else in the crate opens a file or asks what day it is, so that a test, an editor or a server can stand in for
//! the disk, and a decision depends on nothing that was not handed to it.

mod decode;
mod folder;
mod git;
mod read;
pub mod settings;
mod versions;
mod world;

use std::path::Path;

pub use decode::decode;
pub use folder::{
    CalendarFile, Header, PolicyFile, ReferenceFile, Roots, RulesFolder, ScriptFile, load, load_again, texts,
};
pub use read::read;
pub use settings::Settings;
pub use versions::Version;
pub use world::{Disk, Memory, Place, World};

/// Whether what is written can name a policy, `trade_credit` or `trade_credit@2026.4`, rather than a file or a folder.
#[must_use]
pub fn is_name(written: &str) -> bool {
    !written.is_empty() && (!written.contains(['/', '\\', '.']) || written.contains('@'))
}

/// A path as people are shown it: with slashes, without `./` in front.
#[must_use]
pub fn shown(path: &Path) -> String {
    let path = path.to_string_lossy().replace('\\', "/");
    path.strip_prefix("./").map_or_else(|| path.clone(), str::to_owned)
}
