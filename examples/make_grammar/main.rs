//! Makes the grammar that editors colour policies by:
//!
//! ```sh
//! cargo run --example make_grammar > editors/vscode/syntaxes/gradus.tmLanguage.json
//! ```
#![expect(
    clippy::print_stdout,
    clippy::disallowed_macros,
    clippy::expect_used,
    reason = "a program of one page"
)]

mod grammar;

fn main() {
    print!("{}", grammar::grammar());
}
