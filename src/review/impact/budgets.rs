//! What the book comes to beside the budgets that are stated: those that the policy shares among members of a group, and those of
//! the reader.

use super::condition;
use super::decide::Run;
use super::effect::Effect;
use super::measures::{Measure, Measures};
use super::view::{Shape, View};
use crate::base::{Label, Str, nearest};
use crate::diag::Diagnostic;
use crate::value::Number;

/// A budget of the reader: what it bounds, and how much it may be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stated {
    /// The measure, or the output of which the sum is taken.
    pub name: String,
    /// At most.
    pub most: Number,
}

/// A budget, and what is used of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Budget {
    /// What it bounds.
    pub name: Label,
    /// The group that shares it; empty where all do.
    pub group: Str,
    /// How much there is, under the new side.
    pub most: Number,
    /// What is asked of it before and after.
    pub used: (Number, Number),
    /// How many members get less than they asked for, before and after; none for a budget of the reader.
    pub short: Option<(usize, usize)>,
}

impl Budget {
    /// Whether what is asked for afterwards is more than there is.
    #[must_use]
    pub fn is_exceeded(&self) -> bool {
        self.used.1 > self.most
    }
}

impl Stated {
    /// Reads a budget: `credit_limit<=5亿`.
    ///
    /// # Errors
    /// It is not written as one.
    pub fn parse(written: &str) -> Result<Stated, Box<Diagnostic>> {
        let wrong = || Box::new(Diagnostic::nowhere("E594").arg("written", written).help("form"));
        let parts =
            written.split_once("<=").or_else(|| written.split_once('≤')).or_else(|| written.split_once('='));
        let (name, most) = parts.ok_or_else(wrong)?;
        Stated::of(name.trim(), most).ok_or_else(wrong)
    }

    /// A budget of the settings: its name, and its amount as written.
    #[must_use]
    pub fn of(name: &str, most: &str) -> Option<Stated> {
        let most = condition::amount(most)?;
        (!name.is_empty()).then(|| Stated { name: name.to_owned(), most })
    }

    /// Whether there is what it bounds.
    ///
    /// # Errors
    /// There is not; the nearest name is told.
    pub fn hold(&self, view: &View) -> Result<(), Box<Diagnostic>> {
        if Measure::of_name(&self.name).is_some() || self.output(view).is_some() {
            return Ok(());
        }
        let amounts = [Shape::Limit, Shape::Number].into_iter().flat_map(|shape| view.named(shape));
        let names: Vec<&str> = amounts.chain(Measure::ALL.iter().map(|measure| measure.name())).collect();
        let unknown = Diagnostic::nowhere("E590").variant("budget").arg("name", &self.name);
        Err(Box::new(match nearest(&self.name, names.iter().copied()) {
            Some(near) => unknown.arg("near", near).help("near"),
            None => unknown.arg("known", names.join(", ")).help("known"),
        }))
    }

    fn output(&self, view: &View) -> Option<usize> {
        view.find(&self.name, Shape::Limit).or_else(|| view.find(&self.name, Shape::Number))
    }
}

/// The budgets that the policy shares, as both runs used them; then those of the reader.
#[must_use]
pub fn budgets(view: &View, was: &Run, is: &Run, effect: &Effect, stated: &[Stated]) -> Vec<Budget> {
    let mut found = Vec::new();
    for value in is.book.iter().flat_map(|book| &book.values) {
        let earlier = was.book.iter().flat_map(|book| &book.values).find(|it| it.name == value.name);
        for (key, group) in &value.groups {
            let Some(most) = &group.budget else { continue };
            let before = earlier.and_then(|value| value.groups.get(key));
            let asked = |group: &crate::eval::book::GroupValue| {
                group.value.as_ref().and_then(|value| value.as_number()).cloned().unwrap_or(Number::ZERO)
            };
            found.push(Budget {
                name: Label::same(value.name.clone()),
                group: key.clone(),
                most: most.clone(),
                used: (before.map_or(Number::ZERO, asked), asked(group)),
                short: Some((before.map_or(0, |group| group.short), group.short)),
            });
        }
    }
    let exceeded = found.iter().filter(|budget| budget.is_exceeded()).count();
    let measures = Measures::of(view, effect, exceeded);
    for it in stated {
        let of_output = it.output(view).and_then(|place| {
            let (output, shift) = (view.output(place)?, effect.shifts.get(&place)?);
            Some((output.label.clone(), (shift.sums.0.sum.clone(), shift.sums.1.sum.clone())))
        });
        let of_measure = Measure::of_name(&it.name).map(|measure| {
            let label = |lang| Str::from(measure.label(lang));
            let label = Label { en: label(crate::base::Lang::En), zh: label(crate::base::Lang::Zh) };
            let before = match measure {
                Measure::LimitsTotal => measures.get(Measure::LimitsBefore),
                Measure::Customers | Measure::Exposure | Measure::LimitsBefore => measures.get(measure),
                _ => Number::ZERO,
            };
            (label, (before, measures.get(measure)))
        });
        let Some((name, used)) = of_output.or(of_measure) else { continue };
        found.push(Budget { name, group: Str::from(""), most: it.most.clone(), used, short: None });
    }
    found
}
