//! The example book is what its program makes.

use std::fs;

#[path = "../../examples/make_book/book.rs"]
mod book;
#[path = "../../examples/make_book/random.rs"]
mod random;
#[path = "../../examples/make_book/words.rs"]
mod words;

#[test]
fn the_book_is_what_its_program_makes() {
    for (name, bytes) in book::files() {
        let kept = fs::read(format!("examples/book/{name}")).unwrap();
        assert!(kept == bytes, "{name} differs: `cargo run --example make_book` writes it anew");
    }
}
