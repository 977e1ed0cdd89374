//! The `gradus` command.
fn main() -> gradus::cli::Exit {
    gradus::cli::main()
}
