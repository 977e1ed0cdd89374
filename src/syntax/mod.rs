//! Text into tree. Parsing never fails: it gives what is sound, and every mistake of the file at once.

pub mod ast;
