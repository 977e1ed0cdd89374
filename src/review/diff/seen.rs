//! What a place of a policy says, apart from how it is written there: layout, comments, the language of keywords, the spelling
//! of numbers are not in it.

use std::fmt::Debug;

use crate::base::Span;
use crate::syntax::ast;
use crate::value::Number;

/// What a place says, and where it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seen {
    /// What it says: the same text wherever the same is meant.
    pub says: String,
    /// Where.
    pub span: Span,
    /// A day told from another: from which, and how many days behind it. `due + 30 days`.
    pub shift: Option<(String, Shift)>,
    /// From where to where a cell of a table reaches, where it says so.
    pub ends: Option<Ends>,
}

impl Seen {
    /// What says so much at a place, and is neither a day nor a stretch.
    pub fn plain(says: String, span: Span) -> Seen {
        Seen { says, span, shift: None, ends: None }
    }
}

/// From where to where a cell reaches; an end that it does not name is open.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ends {
    /// The lower end.
    pub low: Option<End>,
    /// The upper end.
    pub high: Option<End>,
}

/// An end of a stretch.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct End {
    /// What it says.
    pub says: String,
    /// Where.
    pub span: Span,
    /// Its figure, where it is one.
    pub figure: Option<Number>,
}

/// How far a day is from another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shift {
    /// How far; negative: before it.
    pub by: Number,
    /// In business days.
    pub business: bool,
}

/// Something that may stand in a policy or not.
pub trait Placed: Debug {
    /// Where it stands; none where nothing is said.
    fn at(&self) -> Option<Span>;

    /// The day, told from another.
    fn shift(&self) -> Option<(String, Shift)> {
        None
    }

    /// From where to where it reaches.
    fn ends(&self) -> Option<Ends> {
        None
    }
}

/// What a part of a policy says; nothing where it says nothing.
pub fn seen(part: &impl Placed) -> Option<Seen> {
    let span = part.at()?;
    Some(Seen { says: says(part), span, shift: part.shift(), ends: part.ends() })
}

/// The tree of a part as a text, without places and spellings.
pub fn says(part: &impl Debug) -> String {
    let full = format!("{part:?}");
    let mut out = String::with_capacity(full.len());
    let mut rest = full.as_str();
    while let Some(ch) = rest.chars().next() {
        let behind = rest.get(ch.len_utf8()..).unwrap_or("");
        if ch == '"' {
            let end = quoted(behind);
            let inside = behind.get(..end).unwrap_or("");
            if out.ends_with("written: ") {
                out.truncate(out.len().saturating_sub("written: ".len()));
            } else if out.ends_with("Number(") {
                out.push_str(&figure(inside));
            } else {
                out.push('"');
                out.push_str(inside);
                out.push('"');
            }
            rest = behind.get(end.saturating_add(1)..).unwrap_or("");
        } else if ch.is_ascii_digit() {
            let length = place(rest).unwrap_or(0);
            if length > 0 {
                out.push('@');
                rest = rest.get(length..).unwrap_or("");
            } else {
                out.push(ch);
                rest = behind;
            }
        } else {
            out.push(ch);
            rest = behind;
        }
    }
    out
}

/// How long a quoted text is, up to its closing mark.
fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, ch) in text.char_indices() {
        match ch {
            '"' if !escaped => return at,
            '\\' if !escaped => escaped = true,
            _ => escaped = false,
        }
    }
    text.len()
}

/// How long the place is with which a text begins: `0:12..15`.
fn place(text: &str) -> Option<usize> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let file = digits(text);
    let behind = text.get(file..)?.strip_prefix(':')?;
    let start = digits(behind);
    let behind = behind.get(start..)?.strip_prefix("..")?;
    let end = digits(behind);
    (file > 0 && start > 0 && end > 0)
        .then(|| file.saturating_add(start).saturating_add(end).saturating_add(":..".len()))
}

/// A figure as every spelling of it is taken: `12.50` is `12.5`.
fn figure(text: &str) -> String {
    match Number::decimal(text) {
        Some(number) => number.to_string(),
        None => text.to_owned(),
    }
}

/// Where the first and the last of several stand.
fn all(spans: impl Iterator<Item = Option<Span>>) -> Option<Span> {
    spans.flatten().reduce(Span::to)
}

/// The figure of an expression that is a literal number of days.
fn days(of: &ast::Expr) -> Option<Shift> {
    let ast::ExprKind::Literal(literal) = &inside(of).kind else { return None };
    let ast::LiteralKind::Number(text, unit) = &literal.kind else { return None };
    let business = match unit {
        ast::NumberUnit::Days => false,
        ast::NumberUnit::BusinessDays => true,
        ast::NumberUnit::Bare
        | ast::NumberUnit::Percent
        | ast::NumberUnit::Permille
        | ast::NumberUnit::Months
        | ast::NumberUnit::Yuan => return None,
    };
    Some(Shift { by: Number::decimal(text)?, business })
}

/// An expression without brackets around it.
pub fn inside(of: &ast::Expr) -> &ast::Expr {
    let mut of = of;
    while let ast::ExprKind::Group(inner) = &of.kind {
        of = inner;
    }
    of
}

/// A day as another day and how many days behind it.
fn shifted(day: &ast::Expr) -> (String, Shift) {
    let day = inside(day);
    if let ast::ExprKind::Binary(op @ (ast::BinaryOp::Add | ast::BinaryOp::Subtract), from, by) = &day.kind
        && let Some(shift) = days(by)
    {
        let by = if *op == ast::BinaryOp::Add { shift.by } else { shift.by.neg() };
        return (says(inside(from)), Shift { by, ..shift });
    }
    (says(day), Shift { by: Number::ZERO, business: false })
}

impl Placed for ast::Expr {
    fn at(&self) -> Option<Span> {
        Some(self.span)
    }
}

impl Placed for ast::StepDay {
    fn at(&self) -> Option<Span> {
        match self {
            ast::StepDay::Date(day) => Some(day.span),
            ast::StepDay::Done { span, .. } => Some(*span),
        }
    }

    fn shift(&self) -> Option<(String, Shift)> {
        match self {
            ast::StepDay::Date(day) => Some(shifted(day)),
            ast::StepDay::Done { step, offset, .. } => {
                let shift = match offset {
                    Some(offset) => days(offset)?,
                    None => Shift { by: Number::ZERO, business: false },
                };
                Some((format!("{} done", step.text), shift))
            }
        }
    }
}

impl Placed for ast::Label {
    fn at(&self) -> Option<Span> {
        all([&self.plain, &self.zh, &self.en].into_iter().map(|text| text.as_ref().map(|text| text.span)))
    }
}

impl Placed for ast::Words {
    fn at(&self) -> Option<Span> {
        all([&self.plain, &self.zh, &self.en].into_iter().map(|it| it.as_ref().map(|phrase| phrase.span)))
    }
}

impl Placed for ast::Reason {
    fn at(&self) -> Option<Span> {
        self.because.as_ref().and_then(Placed::at)
    }
}

impl Placed for ast::Range {
    fn at(&self) -> Option<Span> {
        all([&self.from, &self.to].into_iter().map(|bound| bound.as_ref().map(|(value, _)| value.span)))
    }
}

impl Placed for ast::Named {
    fn at(&self) -> Option<Span> {
        all([Some(self.name.span), self.label.at()].into_iter())
    }
}

impl Placed for ast::Key {
    fn at(&self) -> Option<Span> {
        match self {
            ast::Key::Value(value) => Some(value.span),
            ast::Key::Parameter(name, ty, range) => {
                all([Some(name.span), Some(ty.span), range.at()].into_iter())
            }
        }
    }
}

impl Placed for ast::FactorScore {
    fn at(&self) -> Option<Span> {
        let rows = |rows: &[ast::Row]| all(rows.iter().map(|row| Some(row.span)));
        match self {
            ast::FactorScore::Weight(weight, points) => {
                all([Some(weight.span), points.as_ref().and_then(|it| rows(it))].into_iter())
            }
            ast::FactorScore::Points(points) => rows(points),
            ast::FactorScore::PointsWhen(points, pattern) => Some(points.span.to(pattern.span)),
            ast::FactorScore::PointsPer { points, per, up_to } => {
                all([Some(points.span), Some(per.span), up_to.as_ref().map(|it| it.span)].into_iter())
            }
        }
    }
}

impl Placed for ast::Quorum {
    fn at(&self) -> Option<Span> {
        match self {
            ast::Quorum::AtLeast(count) => Some(count.span),
            ast::Quorum::Any | ast::Quorum::All => None,
        }
    }
}

impl Placed for ast::StepAction {
    fn at(&self) -> Option<Span> {
        match self {
            ast::StepAction::Do(name) | ast::StepAction::Notify(name) | ast::StepAction::Approval(name) => {
                Some(name.span)
            }
        }
    }
}

impl Placed for ast::StandIn {
    fn at(&self) -> Option<Span> {
        match self {
            ast::StandIn::Lowest(span) | ast::StandIn::Highest(span) | ast::StandIn::Unknown(span) => {
                Some(*span)
            }
            ast::StandIn::Value(value) => Some(value.span),
        }
    }
}

impl Placed for ast::GradeRuleKind {
    fn at(&self) -> Option<Span> {
        match self {
            ast::GradeRuleKind::Down(by) | ast::GradeRuleKind::Up(by) => Some(by.span),
            ast::GradeRuleKind::NotAbove(grade) | ast::GradeRuleKind::Force(grade) => Some(grade.span),
        }
    }
}

impl Placed for ast::BookValueKind {
    fn at(&self) -> Option<Span> {
        match self {
            ast::BookValueKind::Fold { operand, .. } => operand.as_ref().map(|it| it.span),
            ast::BookValueKind::CumulatedShare(keys) | ast::BookValueKind::Rank(keys) => keys.at(),
        }
    }
}

impl Placed for ast::ParamValue {
    fn at(&self) -> Option<Span> {
        match self {
            ast::ParamValue::One(value) => Some(value.span),
            ast::ParamValue::ByDate(by_date) => Some(by_date.span),
        }
    }
}

impl Placed for ast::Cell {
    fn at(&self) -> Option<Span> {
        Some(self.span)
    }

    fn ends(&self) -> Option<Ends> {
        match self.patterns.as_slice() {
            [only] => stretch(only),
            _ => None,
        }
    }
}

/// From where to where a pattern reaches.
fn stretch(pattern: &ast::Pattern) -> Option<Ends> {
    let end = |of: &ast::Expr| {
        let figure = match &inside(of).kind {
            ast::ExprKind::Literal(ast::Literal { kind: ast::LiteralKind::Number(text, _), .. }) => {
                Number::decimal(text)
            }
            _ => None,
        };
        Some(End { says: says(of), span: of.span, figure })
    };
    match &pattern.kind {
        ast::PatternKind::AtMost(high) | ast::PatternKind::Below(high) => {
            Some(Ends { low: None, high: end(high) })
        }
        ast::PatternKind::From(low) | ast::PatternKind::Above(low) => {
            Some(Ends { low: end(low), high: None })
        }
        ast::PatternKind::Span(low, high) => Some(Ends { low: end(low), high: end(high) }),
        ast::PatternKind::Between(one, other) => {
            let (one, other) = (stretch(one)?, stretch(other)?);
            Some(Ends { low: one.low.or(other.low), high: one.high.or(other.high) })
        }
        ast::PatternKind::OrBetter(_)
        | ast::PatternKind::OrWorse(_)
        | ast::PatternKind::Any
        | ast::PatternKind::Unknown
        | ast::PatternKind::Value(_) => None,
    }
}

impl Placed for Span {
    fn at(&self) -> Option<Span> {
        Some(*self)
    }
}

impl Placed for ast::RoundingMode {
    fn at(&self) -> Option<Span> {
        None
    }
}

impl Placed for ast::Holiday {
    fn at(&self) -> Option<Span> {
        None
    }
}

impl Placed for bool {
    fn at(&self) -> Option<Span> {
        None
    }
}

/// Parts of the tree that know where they stand.
macro_rules! placed {
    ($($of:ident),* $(,)?) => {
        $(impl Placed for ast::$of {
            fn at(&self) -> Option<Span> {
                Some(self.span)
            }
        })*
    };
}

placed!(
    AppliesWhen,
    Beyond,
    BookKey,
    Climbs,
    IfUnknown,
    Literal,
    Minimum,
    Missing,
    Name,
    Note,
    Outcome,
    Pattern,
    Release,
    Rounding,
    Row,
    Scale,
    ScriptFunction,
    Signers,
    Text,
    Tolerance,
    TypeExpr,
    Validity,
);

impl<T: Placed> Placed for Option<T> {
    fn at(&self) -> Option<Span> {
        self.as_ref().and_then(Placed::at)
    }

    fn shift(&self) -> Option<(String, Shift)> {
        self.as_ref().and_then(Placed::shift)
    }
}

impl<T: Placed> Placed for Vec<T> {
    fn at(&self) -> Option<Span> {
        all(self.iter().map(Placed::at))
    }
}

impl<T: Placed> Placed for Box<T> {
    fn at(&self) -> Option<Span> {
        (**self).at()
    }
}

impl<T: Placed, U: Placed> Placed for (T, U) {
    fn at(&self) -> Option<Span> {
        all([self.0.at(), self.1.at()].into_iter())
    }
}

impl<T: Placed, U: Placed, V: Placed> Placed for (T, U, V) {
    fn at(&self) -> Option<Span> {
        all([self.0.at(), self.1.at(), self.2.at()].into_iter())
    }
}
