//! Text made of diagnostics: one renderer a file.
