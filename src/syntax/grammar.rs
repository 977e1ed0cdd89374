//! The parser that pest makes of `grammar/gradus.pest`.

mod rules {
    /// The parser.
    #[derive(pest_derive::Parser)]
    #[grammar = "grammar/gradus.pest"]
    pub struct GradusParser;
}

pub(super) use rules::{GradusParser, Rule};

/// A piece of text that a rule has read.
pub(super) type Pair<'i> = pest::iterators::Pair<'i, Rule>;
