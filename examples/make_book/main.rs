//! Writes the example book anew: `cargo run --example make_book`. The book is made up, and the same each time; a test holds the
//! files to this program. What earlier runs have recorded of it is decided by the policies of `rules/`: for that the program runs
//! itself as the command.
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
mod past;
mod random;
mod words;
mod written;

use gradus::cli::Exit;

fn main() -> Exit {
    if std::env::args().nth(1).is_some_and(|word| word == "decide") {
        return gradus::cli::main();
    }
    let own = std::env::current_exe().expect("this program is a file");
    let run = |words: &[String]| past::with(&own, words);
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/book");
    let files = book::files();
    let text = |name: &str| -> String {
        let found = files.iter().find(|(other, _)| *other == name);
        found.map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default()
    };
    let put = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(&folder))
            .expect("the folder examples/book can be made");
        std::fs::write(path, bytes).expect("the folder examples/book can be written to");
    };
    files.iter().for_each(|(name, bytes)| put(name, bytes));
    let dossiers = dossiers::files(&text("customers.csv"), &text("invoices.csv"));
    for (name, bytes) in dossiers.iter().filter(|(name, _)| !name.starts_with("last/")) {
        put(&format!("dossiers/{name}"), bytes);
    }
    for (name, bytes) in dossiers::last::runs(&dossiers, usize::MAX, &run) {
        put(&format!("dossiers/{name}"), bytes.as_bytes());
    }
    put("last.jsonl", book::then::last_decisions(usize::MAX, &run).as_bytes());
    Exit::Done
}
