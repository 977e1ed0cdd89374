//! Places that move with their text.
//!
//! Who types a line into a policy changes one item and moves all behind it. Those are not read again: their places are moved.
//! Every field of the tree is named here, so that one that is added cannot be forgotten.

use super::{
    Aggregate, AggregateFunction, Allocation, Apart, AppliesWhen, Authority, Band, Basis, Beyond, BinaryOp,
    BookCap, BookGroup, BookKey, BookMember, BookValue, BookValueKind, ByDate, CardPart, Case, Cell, Check,
    Checklist, Checks, Climbs, Correction, Datum, DatumKind, Decided, Decision, Delay, Entry, Escalation,
    Exclusion, Expect, ExpectValue, Expr, ExprKind, Fact, Factor, FactorScore, Figure, ForEach, Frozen,
    Given, GradeRule, GradeRuleKind, Grades, Hold, Holiday, IfUnknown, IfUnknownKind, Interest, Item,
    ItemKind, Judgement, Key, KeyOrder, Kind, Label, LatestIn, Layer, Let, Limit, LimitLine, LimitLineKind,
    Literal, LiteralKind, Minimum, Missing, MissingKind, Name, Named, Note, NumberUnit, Outcome, OutcomeKind,
    Output, Override, Paper, Param, ParamValue, Pattern, PatternKind, Period, PeriodFrom, Phrase, Pick,
    Piece, Policy, Portfolio, Precision, Quorum, Range, Reason, Reference, Release, Releaser, Require,
    RequireKind, ResultColumn, Role, Rounding, RoundingMode, Row, Running, Scale, Scorecard, Script,
    ScriptFunction, Section, Signers, SignersKind, Skip, StandIn, State, Step, StepAction, StepDay, Table,
    Tactics, Take, Text, Tolerance, Total, TotalLine, Trigger, Triggers, TypeExpr, TypeKind, UnaryOp, Use,
    Validity, ValidityKind, Window, WindowKind, Words,
};
use crate::base::{Span, Str};

/// Where places move to.
#[derive(Clone, Copy)]
pub(in crate::syntax) enum Shift {
    /// By a number of bytes, modulo 2³²: what moves back is moved by what is missing to the whole.
    By(u32),
    /// Back into a text of which a stretch was read otherwise.
    Back(Change),
}

/// A stretch of a piece of a text that was read as if something else stood there.
#[derive(Clone, Copy)]
pub(in crate::syntax) struct Change {
    /// Where the piece begins in its file.
    pub(in crate::syntax) piece: u32,
    /// Where the stretch begins in the piece.
    pub(in crate::syntax) at: u32,
    /// How many bytes it has.
    pub(in crate::syntax) cut: u32,
    /// How many bytes were read in their place.
    pub(in crate::syntax) put: u32,
}

impl Change {
    /// The place in the file of a place that was read; one inside of what was put there is the beginning of the stretch.
    fn back(self, place: u32) -> u32 {
        let behind = self.at.saturating_add(self.put);
        let written = if place < behind {
            place.min(self.at)
        } else {
            place.saturating_sub(self.put).saturating_add(self.cut)
        };
        written.saturating_add(self.piece)
    }
}

/// What stands at places in a text.
pub(in crate::syntax) trait Moves {
    /// Moves every place.
    fn moves(&mut self, by: Shift);
}

impl Moves for Span {
    fn moves(&mut self, by: Shift) {
        let to = |place: u32| match by {
            Shift::By(bytes) => place.wrapping_add(bytes),
            Shift::Back(change) => change.back(place),
        };
        (self.start, self.end) = (to(self.start), to(self.end));
    }
}

impl<T: Moves> Moves for Option<T> {
    fn moves(&mut self, by: Shift) {
        self.iter_mut().for_each(|it| it.moves(by));
    }
}

impl<T: Moves> Moves for Vec<T> {
    fn moves(&mut self, by: Shift) {
        self.iter_mut().for_each(|it| it.moves(by));
    }
}

impl<T: Moves> Moves for Box<T> {
    fn moves(&mut self, by: Shift) {
        (**self).moves(by);
    }
}

impl<A: Moves, B: Moves> Moves for (A, B) {
    fn moves(&mut self, by: Shift) {
        self.0.moves(by);
        self.1.moves(by);
    }
}

impl<A: Moves, B: Moves, C: Moves> Moves for (A, B, C) {
    fn moves(&mut self, by: Shift) {
        self.0.moves(by);
        self.1.moves(by);
        self.2.moves(by);
    }
}

/// What holds no place.
macro_rules! unmoved {
    ($($name:ty),* $(,)?) => {
        $(impl Moves for $name {
            fn moves(&mut self, _: Shift) {}
        })*
    };
}

/// What moves by moving each of its parts.
macro_rules! moved {
    () => {};
    (enum $name:ident {
        $($variant:ident $(($($part:ident),*))? $({ $($field:ident),* })?),* $(,)?
    } $($rest:tt)*) => {
        impl Moves for $name {
            fn moves(&mut self, by: Shift) {
                match self {
                    $($name::$variant $(($($part),*))? $({ $($field),* })? => {
                        $($($part.moves(by);)*)?
                        $($($field.moves(by);)*)?
                    })*
                }
            }
        }
        moved! { $($rest)* }
    };
    ($name:ident { $($field:ident),* $(,)? } $($rest:tt)*) => {
        impl Moves for $name {
            fn moves(&mut self, by: Shift) {
                let $name { $($field),* } = self;
                $($field.moves(by);)*
            }
        }
        moved! { $($rest)* }
    };
}

unmoved! {
    bool, u8, i16, Str, RoundingMode, Frozen, NumberUnit, UnaryOp, BinaryOp, Pick, AggregateFunction,
    Period, Take, Holiday, Decided, KeyOrder,
}

moved! {
    Name { text, span }
    Text { value, span }
    Label { plain, zh, en }
    Named { name, label }
    Item { kind, span }
    enum ItemKind { Policy(a), Use(a), Roles(a), Actions(a), Kind(a), Facts(a), Param(a),
        Reference(a), Let(a), ForEach(a), Table(a), Scorecard(a), Grades(a), Correction(a),
        Limit(a), Triggers(a), Escalation(a), Judgement(a), Override(a), Authority(a), Checks(a),
        Checklist(a), Decision(a), Always(a), Case(a), Script(a), Portfolio(a), Total(a),
        Allocation(a) }
    Let { name, label, value, rounding, reason }
    Rounding { mode, precision, span }
    enum Precision { Decimals(a), Multiples(a) }
    ForEach { item, list, items }
    Policy { name, label, version, effective_from, effective_until, known_from, currency, rounding,
        calendar, applies }
    Use { policy, version, names }
    Kind { name, label, members }
    Fact { name, label, ty, range, decimals, optional, default, unknown_when, key, personal,
        internal, oldest_first, latest_within, latest_first, span }
    Range { from, to }
    TypeExpr { kind, span }
    enum TypeKind { Money(a), Number, Percent, Date, Days, Months, Text, YesNo, Named(a), Set(a),
        List(a, b), Records(a), SignOff(a), Exception(a), Error }
    Param { name, label, ty, range, value, cite }
    Script { file, functions }
    ScriptFunction { name, label, parameters, result, range, span }
    enum ParamValue { One(a), ByDate(a) }
    ByDate { periods, until, span }
    PeriodFrom { from, value, cite, span }
    Reference { name, label, file, fields }
    Interest { principal, from, to, rate, frozen, basis, first_day, last_day }
    enum Basis { Days(a), Actual }
    Literal { kind, written, span }
    enum LiteralKind { Number(a, b), Date(a, b, c), Bool(a), Text(a) }
    Expr { kind, span }
    enum ExprKind { Literal(a), Name(a), Today, Last, Member(a, b), Apply(a, b), List(a), Group(a),
        Unary(a, b), Binary(a, b, c), Is { value, negated, pattern }, IsKnown { value, known },
        If(a, b, c), IfUnknown(a, b), PercentOf(a, b), Pick(a, b), Aggregate(a), WeightedAverage(a,
        b), InWindow(a, b), OrMonthEnd(a), EndOfMonth(a), DayAfter(a, b), OfYear(a, b, c),
        Interest(a), Instalment(a), Convert(a, b, c), Running(a), LatestIn(a), LatestOf(a, b),
        InARow { of, rises, steps }, Error }
    Aggregate { function, known, operand, list, filter }
    Window { kind, span }
    enum WindowKind { Last(a), Calendar { last, period } }
    Reason { because, code, cite, internal, customer, notes }
    Note { role, words, span }
    Words { plain, zh, en }
    Phrase { pieces, span }
    enum Piece { Text(a), Figure(a) }
    Figure { value, rounding, span }
    IfUnknown { kind, span }
    enum IfUnknownKind { Applies, DoesNotApply, Refer(a, b), Refuse }
    Row { cells, when, results, if_unknown, reason, span }
    Cell { patterns, span }
    Pattern { kind, span }
    enum PatternKind { AtMost(a), Below(a), From(a), Above(a), Between(a, b), Span(a, b),
        OrBetter(a), OrWorse(a), Any, Unknown, Value(a) }
    Outcome { kind, span }
    enum OutcomeKind { Value(a), Unknown, Up(a), Down(a), Unchanged, Cancel, NoRecommendation,
        Refer(a, b), Refuse, Signers(a) }
    Table { name, label, keys, unique, all, results, by_slices, grid, heading, rows, rounding,
        reason }
    enum Key { Value(a), Parameter(a, b, c) }
    ResultColumn { name, label, ty }
    Scorecard { name, label, added, base, parts, scale, missing, require, rounding }
    enum CardPart { Section(a), Factor(a) }
    Section { name, label, factors, missing, span }
    Factor { value, name, label, score, missing, reason, span }
    enum FactorScore { Weight(a, b), Points(a), PointsWhen(a, b), PointsPer { points, per, up_to } }
    Missing { kind, span }
    enum MissingKind { LeftOut, Scores(a), Unknown }
    Scale { from, to, span }
    Require { kind, reason, span }
    enum RequireKind { Known(a), WeightKnown(a) }
    Grades { name, label, score, bands, apart, rules }
    Band { grade, from, exclusive, needs, if_unknown, reason, span }
    Apart { grade, when_unknown, when, if_unknown, reason, span }
    GradeRule { kind, when, if_unknown, reason, span }
    enum GradeRuleKind { Down(a), Up(a), NotAbove(a), Force(a) }
    Correction { name, label, keys, rows }
    Limit { name, label, lines }
    LimitLine { kind, when, skip_unknown, if_unknown, reason, span }
    enum LimitLineKind { Method { name, label, value, rounding }, Take(a, b), Correct(a), Times(a),
        Cap(a), Floor(a), Round(a), Layer(a), LayersFor(a, b) }
    Total { name, label, lines, floor, rounding }
    TotalLine { minus, name, label, value, at_most, rounding, skip_unknown, if_unknown, reason, span
        }
    Layer { name, label, value, haircut, valid_until, share }
    Allocation { amount, list, keys, up_to, applied, rest, reason }
    Running { of, keys }
    LatestIn { of, list, keys, filter }
    Triggers { name, label, otherwise, states, wins, stays }
    State { state, quorum, triggers, span }
    enum Quorum { Any, All, AtLeast(a) }
    Trigger { name, label, when, if_unknown, reason, span }
    Escalation { name, label, each, when, if_unknown, steps, climbs, holds, delays, skips, tactics,
        grace, minimum, one_letter, holiday }
    Minimum { of, per_item, per_customer, span }
    Step { step, at, when, if_unknown, actions, late, reason, span }
    enum StepDay { Date(a), Done { step, offset, span } }
    enum StepAction { Do(a), Notify(a), Approval(a) }
    Climbs { apart, span }
    Hold { when, since, clock_stops, if_unknown, reason, span }
    Delay { by, when, if_unknown, reason, span }
    Skip { step, when, if_unknown, reason, span }
    Tactics { key, rows, span }
    Checks { name, label, each, from, checks, exclusions }
    Check { name, label, when, tolerance, if_unknown, release, after_cure, at_most, reason, span }
    Tolerance { amounts, span }
    Release { by, span }
    enum Releaser { Granted(a), Signers(a) }
    Exclusion { when, except, if_unknown, reason, span }
    Role { named, above }
    Signers { kind, span }
    enum SignersKind { Role { role, exactly }, And(a), Or(a), Nobody, Error }
    Authority { name, label, of, keys, list, grid, grid_span, rows, on_disagreement, beyond, reason
        }
    Beyond { carries, span }
    Judgement { name, label, ty, between, roles, question, from, valid, stand_in, reason }
    enum StandIn { Lowest(a), Highest(a), Unknown(a), Value(a) }
    Override { target, from, most, roles, length, reason }
    AppliesWhen { when, span }
    Checklist { name, label, kind, list, papers }
    Paper { paper, when, if_unknown, validity, reason, span }
    Validity { kind, if_unknown, span }
    enum ValidityKind { While(a), Since(a, b) }
    Decision { name, label, outputs }
    Output { value, optional, internal, span }
    Case { name, as_of, given, expect }
    Given { target, value, span }
    Datum { kind, span }
    enum DatumKind { Value(a), List(a), Record(a), Quoted(a), Joint(a), Unknown }
    Entry { name, part, value }
    Expect { target, value, because, span }
    enum ExpectValue { Value(a), Unknown, Withheld, Fault, Asks(a), Decided(a, b), Any }
    Portfolio { name, label, members }
    enum BookMember { Value(a), Group(a), Cap(a) }
    BookGroup { name, label, key, values, caps, span }
    BookValue { name, label, kind, filter, skip_unknown, rounding, reason, span }
    enum BookValueKind { Fold { function, operand }, CumulatedShare(a), Rank(a) }
    BookKey { value, order, span }
    BookCap { value, budget, keys, reason, span }
}
