//! What parts of all constructs have: labels, reasons, rows.

use crate::base::Str;
use crate::review::diff::compare::{Field, Found, Kind, Listed, Member, Part, field, fields};
use crate::review::diff::seen::{Seen, says, seen};
use crate::review::diff::what::{self, What};
use crate::syntax::ast;

/// Implements [`Part`]: fields, then lists; `reason` for what says why.
macro_rules! part {
    ($of:ident { $($what:ident $($path:ident).+ ;)* } $(reason $reason:ident)? $(lists { $($($list:ident).+ ;)* })?) => {
        impl $crate::review::diff::compare::Part for ast::$of {
            fn compare(was: &Self, is: &Self, found: &mut Vec<$crate::review::diff::compare::Found<Self>>) {
                const FIELDS: &[$crate::review::diff::compare::Field<ast::$of>] = &[
                    $($crate::review::diff::compare::field!($crate::review::diff::what::$what, $($path).+)),*
                ];
                $crate::review::diff::compare::fields(was, is, FIELDS, found);
                $($crate::review::diff::constructs::common::reasons!($of $reason was is found);)?
                $($($crate::review::diff::compare::list(
                    was, is, &$crate::review::diff::compare::lens!($($list).+), found,
                );)*)?
            }
        }
    };
}
pub(super) use part;

/// Why a part is there.
macro_rules! reasons {
    ($of:ident $reason:ident $was:ident $is:ident $found:ident) => {{
        use $crate::review::diff::compare::field;
        use $crate::review::diff::what;
        const REASON: &[$crate::review::diff::compare::Field<ast::$of>] = &[
            field!(what::BECAUSE, $reason.because),
            field!(what::CODE, $reason.code),
            field!(what::CITE, $reason.cite),
            field!(what::INTERNAL, $reason.internal),
            field!(what::CUSTOMER_SAYS, $reason.customer),
            field!(what::NOTE, $reason.notes),
        ];
        $crate::review::diff::compare::fields($was, $is, REASON, $found);
    }};
}
pub(super) use reasons;

/// Implements [`Listed`] for parts that have names.
macro_rules! listed {
    ($of:ident $what:ident |$part:ident| $name:expr, $label:expr, $span:expr) => {
        impl $crate::review::diff::compare::Listed for ast::$of {
            fn key(&self) -> String {
                let $part = self;
                $name.to_string()
            }

            fn member(&self, _: usize) -> $crate::review::diff::compare::Member {
                let $part = self;
                $crate::review::diff::compare::Member {
                    kind: $crate::review::diff::what::$what,
                    name: $crate::base::Str::from($name.to_string()),
                    label: $label,
                }
            }

            fn span(&self) -> $crate::base::Span {
                let $part = self;
                $span
            }
        }
    };
}
pub(super) use listed;

/// A part without a name of its own.
pub(super) fn numbered(kind: What, place: usize) -> Member {
    Member { kind, name: Str::from(place.to_string()), label: ast::Label::default() }
}

/// A named part.
pub(super) fn named(kind: What, name: &ast::Name, label: &ast::Label) -> Member {
    Member { kind, name: name.text.clone(), label: label.clone() }
}

/// An expression that names something, as one reads it; else nothing.
pub(super) fn path(of: &ast::Expr) -> String {
    match &of.kind {
        ast::ExprKind::Name(name) => name.text.to_string(),
        ast::ExprKind::Member(of, name) => format!("{}.{}", path(of), name.text),
        _ => String::new(),
    }
}

impl Part for ast::Row {
    fn compare(was: &Self, is: &Self, found: &mut Vec<Found<Self>>) {
        const CELLS: &[Field<ast::Row>] = &[field!(what::CELLS, cells)];
        const RESULTS: &[Field<ast::Row>] = &[field!(what::RESULTS, results)];
        const REST: &[Field<ast::Row>] = &[field!(what::WHEN, when), field!(what::IF_UNKNOWN, if_unknown)];
        if was.cells.len() == is.cells.len() {
            for (place, (then, now)) in was.cells.iter().zip(&is.cells).enumerate() {
                let set = move |row: &mut ast::Row, cell: &ast::Cell| {
                    if let Some(slot) = row.cells.get_mut(place) {
                        *slot = cell.clone();
                    }
                };
                single(what::KEY, place, then, now, set, found);
            }
        } else {
            fields(was, is, CELLS, found);
        }
        fields(was, is, REST, found);
        if was.results.len() == is.results.len() {
            for (place, (then, now)) in was.results.iter().zip(&is.results).enumerate() {
                let set = move |row: &mut ast::Row, outcome: &ast::Outcome| {
                    if let Some(slot) = row.results.get_mut(place) {
                        *slot = outcome.clone();
                    }
                };
                single(what::RESULT, place, then, now, set, found);
            }
        } else {
            fields(was, is, RESULTS, found);
        }
        reasons!(Row reason was is found);
    }
}

/// One of several that stand side by side: it is told by its place, counted from 1.
pub(super) fn single<T: Part, V: crate::review::diff::seen::Placed + Clone + Send + Sync + 'static>(
    kind: What,
    place: usize,
    was: &V,
    is: &V,
    set: impl Fn(&mut T, &V) + Send + Sync + 'static,
    found: &mut Vec<Found<T>>,
) {
    if says(was) == says(is) {
        return;
    }
    let new = is.clone();
    found.push(Found {
        path: vec![numbered(kind, place.saturating_add(1))],
        what: kind,
        kind: Kind::Changed,
        was: seen(was),
        is: seen(is),
        edit: std::sync::Arc::new(move |part: &mut T| set(part, &new)),
    });
}

impl Listed for ast::Row {
    fn key(&self) -> String {
        format!("{} {}", says(&self.cells), says(&self.when))
    }

    fn member(&self, place: usize) -> Member {
        numbered(what::ROW, place)
    }

    fn span(&self) -> crate::base::Span {
        self.span
    }

    fn likeness(&self, other: &Self) -> usize {
        let same = |one: &ast::Cell, other: &ast::Cell| says(one) == says(other);
        let cells = self.cells.iter().zip(&other.cells).filter(|(one, other)| same(one, other)).count();
        let guard = self.when.is_some() && says(&self.when) == says(&other.when);
        let bound = self.cells.first().zip(other.cells.first()).is_some_and(|(one, other)| {
            let (one, other) = (bounds(one), bounds(other));
            one.iter().any(|bound| other.contains(bound))
        });
        let results = says(&self.results) == says(&other.results);
        let because =
            self.reason.because.is_some() && says(&self.reason.because) == says(&other.reason.because);
        [guard, bound, results, because]
            .into_iter()
            .fold(cells, |likeness, same| likeness.saturating_add(usize::from(same)))
    }
}

/// The bounds of a cell, each with its side.
fn bounds(cell: &ast::Cell) -> Vec<String> {
    let mut found = Vec::new();
    for pattern in &cell.patterns {
        match &pattern.kind {
            ast::PatternKind::Between(low, high) => found.extend([says(low), says(high)]),
            ast::PatternKind::Span(low, high) => {
                found.extend([format!("from {}", says(low)), format!("to {}", says(high))]);
            }
            ast::PatternKind::Any
            | ast::PatternKind::Unknown
            | ast::PatternKind::AtMost(_)
            | ast::PatternKind::Below(_)
            | ast::PatternKind::From(_)
            | ast::PatternKind::Above(_)
            | ast::PatternKind::OrBetter(_)
            | ast::PatternKind::OrWorse(_)
            | ast::PatternKind::Value(_) => {}
        }
    }
    found
}

/// What a column of a grid is for, where that is a name; else nothing.
pub(super) fn cell_name(cell: &ast::Cell) -> String {
    let name = |pattern: &ast::Pattern| match &pattern.kind {
        ast::PatternKind::Value(value) => path(value),
        _ => String::new(),
    };
    let names: Vec<String> = cell.patterns.iter().map(name).collect();
    if names.iter().any(String::is_empty) { String::new() } else { names.join("|") }
}

/// Says the columns of rows by their names rather than by their places.
pub(super) fn name_columns<T>(keys: &[String], results: &[String], found: &mut [Found<T>]) {
    for member in found.iter_mut().flat_map(|one| &mut one.path) {
        let names = if member.kind == what::KEY {
            keys
        } else if member.kind == what::RESULT {
            results
        } else {
            continue;
        };
        let place: usize = member.name.parse().unwrap_or(0);
        if let Some(name) = place.checked_sub(1).and_then(|at| names.get(at)).filter(|name| !name.is_empty())
        {
            member.name = Str::from(name.as_str());
        }
    }
}

impl Part for ast::Named {
    fn compare(was: &Self, is: &Self, found: &mut Vec<Found<Self>>) {
        const FIELDS: &[Field<ast::Named>] = &[field!(what::LABEL, label)];
        fields(was, is, FIELDS, found);
    }
}

listed!(Named MEMBER |part| part.name.text, part.label.clone(), part.name.span);

/// What stands in a place, for one that is looked at as a whole.
pub(super) fn whole(says: String, at: crate::base::Span) -> Option<Seen> {
    Some(Seen::plain(says, at))
}
