//! Writes the example book anew: `cargo run --example make_book`. The book is made up, and the same each time; a test holds the
//! files to this program.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    reason = "a program that makes up small figures and writes files of the repository stops where it cannot"
)]

mod book;
mod desk;
mod random;
mod words;

fn main() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/book");
    for (name, bytes) in book::files() {
        std::fs::write(folder.join(name), bytes).expect("the folder examples/book can be written to");
    }
}
