//! What an author's editor asks for, on plain data: bytes of a text in, plain structures out. Nothing here knows the protocol
//! of an editor, and nothing reads a file.
//!
//! A [`View`] is one file in the light of one policy that was checked. What the files of a folder say of one another — where a
//! name is used — comes in as the mentions of all of their policies.

mod complete;
mod folding;
mod format;
mod found;
mod hints;
mod hover;
mod names;
mod outline;
mod rename;
mod slots;
mod tokens;
mod unnamed;
mod words;

pub use complete::{Completion, CompletionKind, complete, names_others, word_before};
pub use folding::{Fold, FoldKind, folds};
pub use format::format;
pub use hints::{Hint, hints};
pub use hover::hover;
pub use names::{at, declaration, same};
pub use outline::{Symbol, SymbolKind, outline};
pub use rename::{Refusal, rename, spelled};
pub use tokens::{Token, TokenKind, tokens};
pub use unnamed::unnamed;
pub use words::value;

use crate::base::{FileId, Lang, SourceMap};
use crate::check::hir;
use crate::plan::Plan;
use crate::syntax::ast;

/// One file of a policy that was checked.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The texts.
    pub sources: &'a SourceMap,
    /// The file.
    pub file: FileId,
    /// What is parsed of it: every byte in its place.
    pub text: &'a str,
    /// Its tree.
    pub tree: &'a ast::File,
    /// What the policy means, as far as it is sound.
    pub program: &'a hir::Program,
    /// How it runs; none where there is an error.
    pub plan: Option<&'a Plan>,
    /// The language of the reader.
    pub lang: Lang,
}
