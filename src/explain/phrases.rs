//! Steps in words for who tells of a policy without a decision: what tests have not tried, what a change did.

use super::Figure;
use super::text::Audience;
use super::words::Words;
use crate::base::Lang;
use crate::plan::{Compare, Op, Plan, RowItem, StepId};
use crate::value::{Type, Value};

/// The words of one plan for readers of one language. Its names are looked up once, however many phrases are asked for.
pub struct Phrases<'p>(Words<'p>);

impl<'p> Phrases<'p> {
    /// The words of a plan in a language.
    #[must_use]
    pub fn new(plan: &'p Plan, lang: Lang) -> Phrases<'p> {
        Phrases(Words::new(plan, lang, Audience::Auditor))
    }

    /// A step: its label, or the expression that it is.
    #[must_use]
    pub fn of(&self, step: StepId) -> String {
        self.0.phrase(step)
    }

    /// That a condition holds, or that it does not: `score ≥ 60`, `score < 60`.
    #[must_use]
    pub fn so(&self, step: StepId, holds: bool) -> String {
        if holds { self.0.phrase(step) } else { self.0.denial(step) }
    }

    /// A value of a type, as it stands inside a condition.
    #[must_use]
    pub fn value(&self, value: &Value, ty: &Type) -> String {
        self.0.bare(&Figure { value: value.clone(), ty: ty.clone() })
    }

    /// What a row asks of its keys and beside them: `appraisal ≤ -4.6 and risk class is CA3`; empty where it takes all that
    /// is left.
    #[must_use]
    pub fn row(&self, row: &RowItem, keys: &[StepId]) -> String {
        let ty = |key: StepId| self.0.plan.steps.get(key).map_or(Type::YesNo, |it| it.ty.clone());
        let cells = row.cells.iter().zip(keys).filter(|(cell, _)| cell.holds.is_some());
        let mut asked: Vec<String> = cells
            .map(|(cell, key)| format!("{} {}", self.0.phrase(*key), self.0.cell(&cell.pattern, &ty(*key))))
            .collect();
        asked.extend(row.guard.as_ref().map(|guard| self.0.phrase(guard.condition)));
        asked.join(self.0.pick(" and ", " 且 "))
    }
}

/// The comparison that holds where this one does not.
#[must_use]
pub fn opposite(how: Compare) -> Compare {
    match how {
        Compare::Less => Compare::GreaterOrEqual,
        Compare::LessOrEqual => Compare::Greater,
        Compare::Greater => Compare::LessOrEqual,
        Compare::GreaterOrEqual => Compare::Less,
    }
}

impl Words<'_> {
    /// That a condition does not hold.
    fn denial(&self, step: StepId) -> String {
        match self.plan.steps.get(step).map(|it| &it.op) {
            Some(Op::Compare(how, a, b)) if !self.names.contains_key(&step) => {
                self.compare(opposite(*how), *a, *b)
            }
            Some(Op::Not(inner)) if !self.names.contains_key(&step) => self.phrase(*inner),
            Some(_) | None => self.not(step),
        }
    }
}
