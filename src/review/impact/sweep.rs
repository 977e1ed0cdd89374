//! What a parameter does as it is turned: the measures at each of its values, for a curve.

use super::measures::Measures;
use crate::base::{Label, Str};
use crate::diag::Diagnostic;
use crate::engine;
use crate::plan::Param;
use crate::value::{Number, RoundingMode, Style, Type, Unit};

/// So many values may be tried.
pub const MOST_POINTS: usize = 200;

/// So many are tried where no step is given.
const USUAL: i64 = 10;

/// What is to be turned: `new_customer_limit=20万..100万 step 10万`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asked {
    /// The parameter.
    pub name: String,
    from: String,
    to: String,
    step: Option<String>,
    written: String,
}

/// A parameter turned.
#[derive(Clone, Debug)]
pub struct Sweep {
    /// The parameter.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// Its unit.
    pub unit: Unit,
    /// What it is now.
    pub now: Number,
    /// The values, rising, each with what it does beside what the parameter is now.
    pub points: Vec<(Number, Measures)>,
}

impl Asked {
    /// Reads what is written.
    ///
    /// # Errors
    /// It is not written as `name=from..to`, with or without ` step …` behind it.
    pub fn parse(written: &str) -> Result<Asked, Box<Diagnostic>> {
        let wrong = || Box::new(Diagnostic::nowhere("E591").arg("written", written).help("form"));
        let (name, rest) = written.split_once('=').ok_or_else(wrong)?;
        let (from, rest) = rest.split_once("..").ok_or_else(wrong)?;
        let (to, step) = match rest.split_once("step").or_else(|| rest.split_once("步长")) {
            Some((to, step)) => (to, Some(step.trim().to_owned())),
            None => (rest, None),
        };
        let text = |part: &str| part.trim().to_owned();
        let asked = Asked { name: text(name), from: text(from), to: text(to), step, written: text(written) };
        let parts = [&asked.name, &asked.from, &asked.to];
        if parts.iter().any(|part| part.is_empty()) { Err(wrong()) } else { Ok(asked) }
    }

    /// The values that are tried.
    ///
    /// # Errors
    /// The parameter is no number; a bound is none, or outside what the parameter may be; there are too many values.
    pub fn values(&self, param: &Param) -> Result<Vec<Number>, Box<Diagnostic>> {
        let told = |variant: &'static str| {
            Diagnostic::nowhere("E591").variant(variant).arg("written", &self.written).arg("name", &self.name)
        };
        let Type::Number(unit) = &param.ty else { return Err(Box::new(told("number"))) };
        let read = |text: &str| {
            engine::number(text, *unit).ok_or_else(|| Box::new(told("bound").arg("bound", text).help("unit")))
        };
        let (from, to) = (read(&self.from)?, read(&self.to)?);
        let (from, to) = if from <= to { (from, to) } else { (to, from) };
        // A percent counts its decimals in the percent figure.
        let percent = unit.is_plain() && unit.style == Style::Percent;
        let decimals = param.decimals.saturating_add(if percent { 2 } else { 0 });
        let step = match &self.step {
            Some(step) => read(step)?.abs(),
            None => {
                let part = to.sub(&from).div(&Number::from_i64(USUAL)).unwrap_or(Number::ZERO);
                part.round(RoundingMode::Up, decimals)
            }
        };
        let within = |number: &Number| {
            let above = param
                .range
                .from
                .as_ref()
                .is_none_or(|(low, closed)| number > low || *closed && number == low);
            let below = param
                .range
                .to
                .as_ref()
                .is_none_or(|(high, closed)| number < high || *closed && number == high);
            above && below
        };
        if let Some(outside) = [&from, &to].into_iter().find(|bound| !within(bound)) {
            let text = if *outside == from { &self.from } else { &self.to };
            return Err(Box::new(told("range").arg("bound", text)));
        }
        let mut values = vec![from.clone()];
        let mut at = from;
        while !step.is_zero() && at < to {
            at = at.add(&step).min(to.clone());
            values.push(at.clone());
            if values.len() > MOST_POINTS {
                return Err(Box::new(told("many").arg("most", MOST_POINTS)));
            }
        }
        if values.iter().any(|value| value.decimals().is_none_or(|needed| needed > decimals)) {
            return Err(Box::new(told("decimals").arg("decimals", param.decimals)));
        }
        Ok(values)
    }
}
