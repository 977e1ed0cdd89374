//! A text as words and signs, each knowing what it begins: what is laid out, whatever the layout was.

use crate::base::Span;

/// A word or sign of a policy, spelled as it is printed.
#[derive(Clone, Debug)]
pub(super) struct Token {
    /// How it is printed.
    pub(super) text: String,
    /// How it sits beside its neighbours.
    pub(super) shape: Shape,
    /// Where it was written. A word that stands elsewhere than it was written has the place that it takes.
    pub(super) start: usize,
    /// The end of it.
    pub(super) end: usize,
    /// The member that begins with it: a row, a fact, an item.
    pub(super) begins: Option<Member>,
    /// The column that begins with it, if its member stands in a run of its kind.
    pub(super) cell: Option<(Cell, usize)>,
    /// Whether it begins a line, wherever it stood.
    pub(super) on_a_line: bool,
    /// Whether it is an operator between two operands.
    pub(super) is_infix: bool,
}

/// A member of a block, or an item.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Member {
    /// Its own number.
    pub(super) number: usize,
    /// The number of the member whose block it stands in; none for an item of the file.
    pub(super) within: Option<usize>,
    /// What it is: members of one kind that follow each other share their columns.
    pub(super) kind: &'static str,
}

/// A column: what it holds, and which one of several.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Cell {
    /// What it holds.
    pub(super) holds: &'static str,
    /// Which one of several.
    pub(super) nth: usize,
}

impl Cell {
    /// The blanks before it.
    pub(super) fn gap(self) -> usize {
        match self.holds {
            "label" | "define" | "colon" | "result" | "key" | "value" | "at" | "open" | "bound" | "name" => 1,
            _ => 2,
        }
    }
}

/// How a token sits beside its neighbours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shape {
    /// A blank on either side.
    Word,
    /// `,` and the `:` behind a name: none before it.
    Behind,
    /// `.` and `..`: none on either side.
    Between,
    /// A sign before its operand.
    Sign,
    /// `(`, or `[` of a list.
    Open {
        /// Whether what is in it is set off by blanks.
        wide: bool,
        /// Whether it touches what stands before it.
        touches: bool,
    },
    /// `)` or `]`.
    Close {
        /// Whether what is in it is set off by blanks.
        wide: bool,
    },
    /// `{`
    OpenBlock {
        /// Whether as many of its members share a line as have room.
        fills: bool,
    },
    /// `}`
    CloseBlock,
    /// What could not be read, as it was written.
    Verbatim,
}

/// The words with which a line goes on that the one before has not told to an end.
const GOING_ON: [&str; 11] =
    ["and", "or", "because", "cite", "if", "且", "或", "理由", "依据", "若未知", "若"];

/// Whether a line goes on that begins with a text.
pub(super) fn goes_on(text: &str) -> bool {
    let end = text.find(|ch: char| !unicode_ident::is_xid_continue(ch)).unwrap_or(text.len());
    GOING_ON.contains(&text.get(..end).unwrap_or(""))
}

impl Token {
    /// Whether something is opened that a later token closes.
    pub(super) fn opens(&self) -> bool {
        matches!(self.shape, Shape::Open { .. } | Shape::OpenBlock { .. })
    }

    /// Whether it closes what an earlier token opened.
    pub(super) fn closes(&self) -> bool {
        matches!(self.shape, Shape::Close { .. } | Shape::CloseBlock)
    }

    /// Whether a blank stands between this token and the next on a line.
    pub(super) fn is_apart_from(&self, next: &Token) -> bool {
        match (self.shape, next.shape) {
            (Shape::Open { .. }, Shape::Close { .. }) => false,
            (Shape::Sign | Shape::Between, _) | (_, Shape::Behind | Shape::Between) => false,
            (Shape::Open { wide, .. }, _) | (_, Shape::Close { wide }) => wide,
            (_, Shape::Open { touches, .. }) => !touches,
            _ => true,
        }
    }
}

/// The bytes of a span.
pub(super) fn bytes(span: Span) -> (usize, usize) {
    (span.start as usize, span.end as usize)
}
