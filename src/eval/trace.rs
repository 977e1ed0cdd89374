//! What the interpreter tells while it runs.

use crate::base::Idx;
use crate::plan::StepId;
use crate::value::Value;

/// Is told the value of every step. `()` is told nothing and costs nothing.
pub trait Observer {
    /// Whether it wants to be told at all.
    const WATCHES: bool;

    /// A step of the customer has this value. Constant steps are told first.
    fn customer(&mut self, step: StepId, value: &Value);

    /// A step of items has these values, one an item.
    fn items(&mut self, step: StepId, values: &[Value]);
}

impl Observer for () {
    const WATCHES: bool = false;

    fn customer(&mut self, _: StepId, _: &Value) {}

    fn items(&mut self, _: StepId, _: &[Value]) {}
}

/// The value of every step of one run, for the explanation.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Trace {
    values: Vec<Traced>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Traced {
    Nothing,
    Customer(Value),
    Items(Vec<Value>),
}

impl Trace {
    /// An empty trace; it can be used for one customer after the other.
    #[must_use]
    pub fn new() -> Trace {
        Trace::default()
    }

    /// The value of a step of the customer; `None` where it was not run or is one of items.
    #[must_use]
    pub fn value(&self, step: StepId) -> Option<&Value> {
        match self.values.get(step.place())? {
            Traced::Customer(value) => Some(value),
            Traced::Nothing | Traced::Items(_) => None,
        }
    }

    /// The value of a step for an item: its own, or that of the customer.
    #[must_use]
    pub fn item(&self, step: StepId, item: usize) -> Option<&Value> {
        match self.values.get(step.place())? {
            Traced::Customer(value) => Some(value),
            Traced::Items(values) => values.get(item),
            Traced::Nothing => None,
        }
    }

    /// The values of a step of items, one an item; `None` where it was not run or is one of the customer.
    #[must_use]
    pub fn items(&self, step: StepId) -> Option<&[Value]> {
        match self.values.get(step.place())? {
            Traced::Items(values) => Some(values),
            Traced::Nothing | Traced::Customer(_) => None,
        }
    }

    fn keep(&mut self, step: StepId, traced: Traced) {
        if self.values.len() <= step.place() {
            self.values.resize(step.place().saturating_add(1), Traced::Nothing);
        }
        if let Some(place) = self.values.get_mut(step.place()) {
            *place = traced;
        }
    }
}

impl Observer for Trace {
    const WATCHES: bool = true;

    fn customer(&mut self, step: StepId, value: &Value) {
        self.keep(step, Traced::Customer(value.clone()));
    }

    fn items(&mut self, step: StepId, values: &[Value]) {
        self.keep(step, Traced::Items(values.to_vec()));
    }
}
