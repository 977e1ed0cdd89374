//! Words that everyone uses: places in text, typed indices, did-you-mean.

mod document;
mod index;
mod label;
mod lang;
mod markup;
mod source;
mod suggest;

pub use document::document;
pub use index::{Idx, IndexVec};
pub use label::Label;
pub use lang::Lang;
pub use markup::escaped;
pub use source::{FileId, LineColumn, Source, SourceMap, Span};
pub use suggest::{nearest, nearest_few};

/// A shared piece of text: a name, a label, a reason. Cheap to clone.
pub type Str = std::sync::Arc<str>;
