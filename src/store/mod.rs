//! Rules folders and `gradus.toml`; the [`World`]: the only door to files and to the day's date.
//!
//! Nothing else in the crate opens a file or asks what day it is, so that a test, an editor or a server can stand in for
//! the disk, and a decision depends on nothing that was not handed to it.

mod decode;
pub mod settings;
mod world;

pub use decode::decode;
pub use settings::Settings;
pub use world::{Disk, Memory, Place, World};

use std::path::Path;

/// A path as people are shown it: with slashes, without `./` in front.
#[must_use]
pub fn shown(path: &Path) -> String {
    let path = path.to_string_lossy().replace('\\', "/");
    path.strip_prefix("./").map_or_else(|| path.clone(), str::to_owned)
}
