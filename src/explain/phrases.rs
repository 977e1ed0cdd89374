//! Steps in words for who tells of a policy without a decision: what tests have not tried, what a change did.

use super::Figure;
use super::text::Audience;
use super::words::Words;
use crate::base::Lang;
use crate::plan::{Op, Plan, StepId};
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
}

impl Words<'_> {
    /// That a condition does not hold.
    fn denial(&self, step: StepId) -> String {
        match self.plan.steps.get(step).map(|it| &it.op) {
            Some(Op::Compare(how, a, b)) if !self.names.contains_key(&step) => {
                self.compare(how.opposite(), *a, *b)
            }
            Some(Op::Not(inner)) if !self.names.contains_key(&step) => self.phrase(*inner),
            Some(_) | None => self.not(step),
        }
    }
}
