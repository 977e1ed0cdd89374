//! What is known of each step before any customer is seen: decimals, range, and whether it can be unknown.
//!
//! Ranges are intervals over exact numbers, from the declared ranges of facts and parameters. They may be too wide, never too
//! narrow: a customer that passes validation has no value outside. The same holds for unknown: a step that is said never
//! to be unknown never is.

mod by_date;
mod number;
mod search;
mod unknown;

use super::{Bounds, Op, Step, StepId};
use crate::base::IndexVec;
use crate::check::hir;
use crate::value::{Default, Field, FieldId, FieldType, Number, Type, Unit};

pub(super) use unknown::{leak, unknown};

/// A plan under way: the steps made so far.
#[derive(Clone, Copy)]
pub(super) struct Plan<'a> {
    pub(super) program: &'a hir::Program,
    pub(super) steps: &'a IndexVec<StepId, Step>,
}

/// An interval; both ends belong to it.
pub(super) type Range = (Number, Number);

/// What is known of a step, from what is known of its operands.
pub(super) fn bounds(plan: &Plan<'_>, step: StepId) -> Bounds {
    let Some(it) = plan.steps.get(step) else { return Bounds::default() };
    let (decimals, range) = match &it.ty {
        Type::Number(_) => number::number(plan, it),
        Type::List(_) => number::elements(plan, it),
        Type::YesNo | Type::Date | Type::Text | Type::Enum(_) | Type::Set(_) | Type::Records(_) => {
            (None, None)
        }
    };
    Bounds { decimals, range, unknown: unknown::unknown(plan, step) }
}

impl<'a> Plan<'a> {
    fn step(&self, step: StepId) -> Option<&'a Step> {
        self.steps.get(step)
    }

    fn op(&self, step: StepId) -> Option<&'a Op> {
        self.steps.get(step).map(|it| &it.op)
    }

    /// The operation behind names.
    fn behind(&self, step: StepId) -> StepId {
        let mut step = step;
        while let Some(Op::Same(of)) = self.op(step) {
            step = *of;
        }
        step
    }

    /// A fact as declared.
    fn fact(&self, field: FieldId) -> Option<&'a Field> {
        self.program.schema.fields.get(field)
    }

    /// A field of a record list as declared.
    fn field(&self, list: FieldId, place: u32) -> Option<&'a Field> {
        match &self.fact(list)?.ty {
            FieldType::Records(fields) => fields.get(place as usize),
            _ => None,
        }
    }

    /// The declaration that a step reads, if it reads a fact.
    fn declared(&self, step: StepId) -> Option<&'a Field> {
        match self.op(self.behind(step))? {
            Op::Fact(field) => self.fact(*field),
            Op::Field(list, place) => self.field(*list, *place),
            _ => None,
        }
    }

    /// How many values a list has: at least, at most.
    fn length(&self, list: StepId) -> (usize, usize) {
        if let Some(Field { ty: FieldType::List { length: Some(length), .. }, .. }) = self.declared(list) {
            return (*length as usize, *length as usize);
        }
        match self.op(self.behind(list)) {
            Some(Op::List(of)) => (of.len(), of.len()),
            Some(Op::Recent { count, .. }) => (*count as usize, *count as usize),
            _ => (0, crate::value::MOST_ITEMS),
        }
    }

    /// Whether a value of a list can be unknown while the list is known.
    fn element_unknown(&self, list: StepId) -> bool {
        match self.declared(list) {
            Some(Field { ty: FieldType::List { of, .. }, .. }) => can_be_missing(of),
            Some(_) => false,
            None => match self.op(self.behind(list)) {
                Some(Op::Recent { list, .. }) => self.element_unknown(*list),
                _ => false,
            },
        }
    }
}

/// Whether a fact can be missing.
fn can_be_missing(field: &Field) -> bool {
    field.default == Default::Unknown || !field.unknown_when.is_empty()
}

/// The range of a number of a unit where nothing is declared.
fn usual_range(unit: Unit) -> Option<Range> {
    let ty = match (unit.money, unit.days, unit.months) {
        (0, 0, 0) if unit.style == crate::value::Style::Percent => FieldType::Percent,
        (0, 0, 0) => FieldType::Number,
        (1, 0, 0) => FieldType::Money(unit.currency?),
        (0, 1, 0) => FieldType::Days,
        (0, 0, 1) => FieldType::Months,
        _ => return None,
    };
    ty.default_range()
}
