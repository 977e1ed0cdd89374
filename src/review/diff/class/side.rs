//! One of two plans that are related: what its steps mean, and which rest on something that the other declares otherwise.

use crate::base::Idx;
use crate::plan::digest::steps as meanings;
use crate::plan::{BookPart, GrantTest, ItemKind, Op, OverrideItem, Plan, SignedResult, Step, StepId, Take};
use crate::value::{EnumId, Field, FieldType, Value};

/// A plan, what each of its steps means, and which steps rest on something that the other plan declares otherwise.
pub(super) struct Side<'p> {
    pub(super) plan: &'p Plan,
    meanings: Vec<String>,
    touched: Vec<bool>,
    never_negative: Vec<bool>,
}

/// Of what sign the values of a step are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Positive,
    NotNegative,
    NotPositive,
}

impl<'p> Side<'p> {
    pub(super) fn new(plan: &'p Plan, differs: impl Fn(&Op) -> bool) -> Side<'p> {
        let mut side = Side {
            plan,
            meanings: meanings(plan),
            touched: vec![false; plan.steps.len()],
            never_negative: never_negative(plan),
        };
        side.spread(&differs);
        side
    }

    /// Takes a step as one that differs, with all that rest on it.
    pub(super) fn touch(&mut self, step: StepId) {
        if let Some(slot) = self.touched.get_mut(step.place()) {
            *slot = true;
        }
        self.spread(&|_| false);
    }

    /// Marks what rests on something that differs. A value of the book rests on what other customers' steps give, which may stand
    /// behind it: that is gone over until nothing more is found.
    pub(super) fn spread(&mut self, differs: &dyn Fn(&Op) -> bool) {
        loop {
            let mut more = false;
            for (id, step) in self.plan.steps.iter_enumerated() {
                if self.is_touched(id) {
                    continue;
                }
                let mut touched = differs(&step.op);
                step.op.each_operand(|operand| touched |= self.is_touched(operand));
                if let Op::Book(entry, ..) = &step.op
                    && let Some(entry) = self.plan.book.get(*entry)
                {
                    touched |= entry.inputs().into_iter().any(|input| self.is_touched(input));
                }
                if touched && let Some(slot) = self.touched.get_mut(id.place()) {
                    *slot = true;
                    more = true;
                }
            }
            if !more {
                return;
            }
        }
    }

    pub(super) fn is_touched(&self, step: StepId) -> bool {
        self.touched.get(step.place()).copied().unwrap_or(true)
    }

    pub(super) fn means(&self, step: StepId) -> Option<&String> {
        self.meanings.get(step.place())
    }

    pub(super) fn step(&self, step: StepId) -> Option<&'p Step> {
        self.plan.steps.get(step)
    }

    pub(super) fn op(&self, step: StepId) -> Option<&'p Op> {
        let mut op = &self.step(step)?.op;
        while let Op::Same(of) = op {
            op = &self.step(*of)?.op;
        }
        Some(op)
    }

    pub(super) fn is_unknown(&self, step: StepId) -> bool {
        self.step(step).is_none_or(|it| it.bounds.unknown)
    }

    pub(super) fn is_of(&self, step: StepId, sign: Sign) -> bool {
        let range = self.step(step).and_then(|it| it.bounds.range.as_ref());
        range.is_some_and(|(least, most)| match sign {
            Sign::Positive => least.is_positive(),
            Sign::NotNegative => !least.is_negative(),
            Sign::NotPositive => !most.is_positive(),
        }) || sign == Sign::NotNegative && self.never_negative.get(step.place()).copied().unwrap_or(false)
    }

    /// How many members of a kind stand in its order.
    pub(super) fn ranked(&self, kind: EnumId) -> u32 {
        let members = self.plan.schema.enums.get(kind).map(|kind| kind.members.as_slice());
        let count = members.unwrap_or_default().iter().filter(|member| !member.apart).count();
        u32::try_from(count).unwrap_or(0)
    }

    /// Whether a step never gives a member apart.
    pub(super) fn has_rank(&self, step: StepId, kind: EnumId) -> bool {
        let apart = self.plan.schema.enums.get(kind).is_some_and(|it| it.members.iter().any(|it| it.apart));
        let last = match self.op(step) {
            Some(Op::FirstTrue(conditions)) => u32::try_from(conditions.len()).ok(),
            Some(Op::OfRank(..)) => Some(0),
            Some(Op::Const(Value::Code(code))) => Some(code.saturating_add(1)),
            _ => None,
        };
        !apart || last.is_some_and(|last| last <= self.ranked(kind))
    }

    /// What a condition may be unknown for, and whether nothing else plays a part in it: `score >= 60`, `score >= 60 and paid`.
    pub(super) fn source(&self, step: StepId) -> Option<(StepId, bool)> {
        match self.op(step)? {
            Op::Compare(_, a, b) => match (self.is_unknown(*a), self.is_unknown(*b)) {
                (true, false) => Some((*a, true)),
                (false, true) => Some((*b, true)),
                (true, true) | (false, false) => None,
            },
            Op::And(parts) => {
                let mut open = parts.iter().filter(|part| self.is_unknown(**part));
                match (open.next(), open.next()) {
                    (Some(only), None) => Some((self.source(*only)?.0, false)),
                    (_, _) => None,
                }
            }
            _ => None,
        }
    }
}

/// Which steps are never below zero, beside what their ranges say: a limit with exceptions of which none may be negative, what is
/// granted of such a limit, the lower of two such limits.
fn never_negative(plan: &Plan) -> Vec<bool> {
    let mut found: Vec<bool> = Vec::with_capacity(plan.steps.len());
    for (id, step) in plan.steps.iter_enumerated() {
        let is = |of: &StepId| found.get(of.place()).copied().unwrap_or(false);
        let by_range = step.bounds.range.as_ref().is_some_and(|(least, _)| !least.is_negative());
        let by_op = match &step.op {
            Op::Same(a) | Op::Round(a, _) | Op::Floor(a) => is(a),
            Op::If(_, a, b) | Op::IfUnknown(a, b) | Op::Add(a, b) | Op::Multiply(a, b) | Op::Divide(a, b) => {
                is(a) && is(b)
            }
            Op::Pick { take: Take::Highest, of, skip_unknown: false } => of.iter().any(is),
            Op::Pick { of, .. } => !of.is_empty() && of.iter().all(is),
            Op::Choose(_, of) => !of.is_empty() && of.iter().all(is),
            Op::Signed(signed) => signed.result == SignedResult::Granted && is(&signed.value),
            Op::Book(entry, BookPart::Served, _) => plan.book.get(*entry).is_some_and(|entry| {
                entry.operand.as_ref().is_some_and(is)
                    && entry.cap.as_ref().is_some_and(|cap| is(&cap.budget))
            }),
            _ => false,
        };
        let by_exception = exceptions(plan, id).is_some_and(|it| {
            let not_negative = it.exceptions.tests.iter().any(|(test, _)| *test == GrantTest::NotNegative);
            not_negative && is(&it.computed)
        });
        found.push(by_range || by_op || by_exception);
    }
    found
}

/// The exceptions of which a step is the value.
pub(super) fn exceptions(plan: &Plan, step: StepId) -> Option<&OverrideItem> {
    plan.items.iter().find_map(|item| match &item.kind {
        ItemKind::Override(it) if item.value == step => Some(&**it),
        _ => None,
    })
}

/// Whether what a step reads is declared otherwise in the other plan.
pub(super) fn leaf_differs(op: &Op, mine: &Plan, other: &Plan) -> bool {
    match op {
        Op::Field(field, of) => {
            let own =
                |plan: &Plan, name: &str| plan.schema.fields.iter().find(|it| *it.name == *name).cloned();
            let Some(list) = mine.schema.fields.get(*field) else { return true };
            let Some(part) = part_of(list, *of) else { return true };
            let Some(other) = own(other, &list.name) else { return true };
            let same = parts_of(&other).iter().find(|it| it.name == part.name);
            same.is_none_or(|same| declared(same) != declared(part)) || declared(&other) != declared(list)
        }
        Op::Fact(field)
        | Op::Lookup { list: field, .. }
        | Op::Aggregate { list: field, .. }
        | Op::Running { list: field, .. }
        | Op::Latest { list: field, .. } => {
            let Some(field) = mine.schema.fields.get(*field) else { return true };
            let same = other.schema.fields.iter().find(|it| it.name == field.name);
            same.is_none_or(|same| declared(same) != declared(field))
        }
        Op::Param(at) => {
            let Some(param) = mine.params.get(*at as usize) else { return true };
            let same = other.params.iter().find(|it| it.name == param.name);
            same.is_none_or(|same| same.default != param.default)
        }
        Op::ByDate(at, _) => mine.series.get(*at as usize).is_none_or(|it| series_differs(it, other)),
        Op::Interest(interest) => interest
            .series
            .iter()
            .any(|at| mine.series.get(*at as usize).is_none_or(|it| series_differs(it, other))),
        Op::Reference { table, .. } => {
            let Some(table) = mine.references.get(*table as usize) else { return true };
            let same = other.references.iter().find(|it| it.name == table.name);
            same.is_none_or(|same| same.digest != table.digest || same.latest_within != table.latest_within)
        }
        Op::Script(at, _) => {
            let Some(script) = mine.scripts.get(*at as usize) else { return true };
            let same = other.scripts.iter().find(|it| it.file == script.file && it.name == script.name);
            same.is_none_or(|same| same.source != script.source || same.range != script.range)
        }
        _ => false,
    }
}

/// What a fact is taken for where it is missing: its range and label may differ, for whoever passes has the same value.
fn declared(field: &Field) -> String {
    let own = format!("{:?} {:?} {}", field.default, field.unknown_when, field.decimals);
    match &field.ty {
        // Who reads a field of a record asks for that one; which of them is the key bears on all.
        FieldType::Records(fields) => {
            let keys: Vec<&str> = fields.iter().filter(|field| field.key).map(|field| &*field.name).collect();
            format!("{own} {{{}}}", keys.join("; "))
        }
        FieldType::List { of, length } => format!("{own} [{length:?} {}]", declared(of)),
        _ => own,
    }
}

/// The fields of a record.
fn parts_of(list: &Field) -> &[Field] {
    match &list.ty {
        FieldType::Records(fields) => fields,
        _ => &[],
    }
}

fn part_of(list: &Field, at: u32) -> Option<&Field> {
    parts_of(list).get(usize::try_from(at).ok()?)
}

fn series_differs(series: &crate::plan::Series, other: &Plan) -> bool {
    let same = other.series.iter().find(|it| it.name == series.name);
    same.is_none_or(|same| {
        let values = |it: &crate::plan::Series| {
            it.periods.iter().map(|period| (period.from, period.value.clone())).collect::<Vec<_>>()
        };
        same.until != series.until || values(same) != values(series)
    })
}
