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
mod dossiers;
mod random;
mod words;
mod written;

fn main() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/book");
    let files = book::files();
    let text = |name: &str| -> String {
        let found = files.iter().find(|(other, _)| *other == name);
        found.map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default()
    };
    let dossiers = dossiers::files(&text("customers.csv"), &text("invoices.csv"));
    let dossiers = dossiers.into_iter().map(|(name, bytes)| (format!("dossiers/{name}"), bytes));
    for (name, bytes) in files.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.clone())).chain(dossiers)
    {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(&folder))
            .expect("the folder examples/book can be made");
        std::fs::write(path, bytes).expect("the folder examples/book can be written to");
    }
}
