//! The policies of `rules/` under customers that nobody has: the interpreter against the naive one, step by step, and
//! what must hold of every decision.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use gradus::base::SourceMap;
use gradus::engine::{Built, build};
use gradus::eval::{Decider, Env, Facts, Outcome, Status, Trace};
use gradus::plan::{Op, Plan, Scope};
use gradus::store::{Disk, Roots, Settings, load};
use gradus::value::{Calendar, Cause, Date, Default, Field, FieldType, Number, Value};
use proptest::prelude::{ProptestConfig, any, proptest};

use crate::naive::{self, World};

/// A policy, and what customers may be near to in it.
pub struct Policy {
    /// What runs.
    pub plan: Plan,
    calendars: Vec<Calendar>,
    /// The numbers that stand in it: its bounds, weights, amounts.
    numbers: Vec<Number>,
}

impl Policy {
    /// A policy with the numbers that stand in it.
    pub fn new(plan: Plan, calendars: Vec<Calendar>) -> Policy {
        let constant = |op: &Op| match op {
            Op::Const(Value::Number(number)) => Some(number.clone()),
            _ => None,
        };
        let numbers: BTreeSet<Number> = plan.steps.iter().filter_map(|step| constant(&step.op)).collect();
        let numbers = numbers.into_iter().chain([Number::ONE]).collect();
        Policy { plan, calendars, numbers }
    }
}

static LIBRARY: LazyLock<Vec<Policy>> = LazyLock::new(|| {
    let (settings, mut sources) = (Settings::default(), SourceMap::new());
    let roots = Roots::new(&Disk, &settings, &[PathBuf::from("rules")]);
    let folder = load(&Disk, &roots, &settings, &mut sources);
    let built = (0..folder.files.len()).map(|place| build(&folder, place, &sources));
    let sound = built.filter_map(|Built { plan, calendars, .. }| Some((plan?, calendars)));
    sound.map(|(plan, calendars)| Policy::new(plan, calendars)).collect()
});

fn today() -> Date {
    Date::from_ymd(2026, 10, 8).unwrap()
}

/// Customers whom nobody has, one after the other.
pub struct Customers<'g> {
    genes: std::slice::Iter<'g, u16>,
    policy: &'g Policy,
}

impl<'g> Customers<'g> {
    /// Customers of a policy, made of numbers.
    pub fn new(genes: &'g [u16], policy: &'g Policy) -> Customers<'g> {
        Customers { genes: genes.iter(), policy }
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::from(*self.genes.next().unwrap_or(&0)) % bound.max(1)
    }

    /// A number that the field admits: one of the policy's, beside one, or an end of the range.
    fn number(&mut self, field: &Field) -> Value {
        let near = self.policy.numbers[self.below(self.policy.numbers.len())].clone();
        let unit = Number::ONE.div(&Number::power_of_ten(field.decimals)).unwrap();
        let times = Number::from_i64([1, 1, 100, 10_000, 1_000_000][self.below(5)]);
        let near = near.mul(&times);
        let wanted = match self.below(4) {
            0 => near.add(&unit),
            1 => near.sub(&unit),
            _ => near,
        };
        let (least, most) = field.range.clone().unwrap();
        let ends = [wanted, least.clone(), most.clone(), least.add(&unit), Number::ZERO, Number::ONE];
        let first = self.below(10).saturating_sub(4);
        let all = ends.iter().skip(first).chain(&ends);
        let fit =
            all.map(|number| Value::Number(number.clone())).find(|number| field.misfit(number).is_none());
        fit.unwrap_or(Value::Number(most))
    }

    fn value(&mut self, field: &Field, cause: u32) -> Value {
        let missing = Value::Unknown(Cause::Missing(cause));
        let value = match &field.ty {
            FieldType::YesNo => Value::Bool(self.below(2) == 1),
            FieldType::Number
            | FieldType::Percent
            | FieldType::Money(_)
            | FieldType::Days
            | FieldType::Months => self.number(field),
            FieldType::Date => {
                let days = [0, 1, 5, 29, 30, 31, 60, 120, -1, -5, 400, 20_000][self.below(12)];
                Value::Date(today().add_days(-days).unwrap())
            }
            FieldType::Text => Value::Text(["F-1", "F-2", "F-3"][self.below(3)].into()),
            FieldType::Enum(kind) => {
                let members = self.policy.plan.schema.enums[*kind].members.len();
                Value::Code(self.below(members) as u32)
            }
            FieldType::Set(kind) => {
                let members = self.policy.plan.schema.enums[*kind].members.len();
                Value::Set((0..members).filter(|_| self.below(2) == 1).fold(0, |set, code| set | 1 << code))
            }
            FieldType::List { of, length } => {
                let count = length.map_or_else(|| self.below(4), |length| length as usize);
                Value::List((0..count).map(|_| self.value(of, cause)).collect::<Arc<[Value]>>())
            }
            FieldType::Records(_) => Value::List(Arc::from([])),
        };
        let absent = field.default == Default::Unknown && self.below(4) == 1;
        if absent || field.unknown_when.contains(&value) { missing } else { value }
    }

    /// The next one.
    pub fn customer(&mut self) -> Facts {
        let schema = &self.policy.plan.schema;
        let mut facts = Facts::unknown("甲公司", schema);
        for (id, field) in schema.fields.iter_enumerated() {
            let value = self.value(field, id.0);
            let given = value.is_known();
            facts.set(id, value);
            let FieldType::Records(fields) = &field.ty else { continue };
            for item in 0..if given { self.below(4) } else { 0 } {
                let values: Vec<Value> = fields
                    .iter()
                    .map(|field| match (&field.ty, field.key) {
                        (FieldType::Text, true) => Value::Text(format!("F-{item}").into()),
                        _ => self.value(field, id.0),
                    })
                    .collect();
                facts.records_mut(id).unwrap().push(values);
            }
        }
        facts
    }
}

fn hold(genes: &[u16]) {
    let mut genes = genes.iter();
    let which = usize::from(*genes.next().unwrap_or(&0)) % LIBRARY.len();
    let policy = &LIBRARY[which];
    let plan = &policy.plan;
    let facts = Customers { genes, policy }.customer();
    let params: Vec<Value> = plan.params.iter().map(|param| param.default.clone()).collect();
    let env = Env { calendars: &policy.calendars, ..Env::on(today()) };
    for place in 0..plan.decisions.len() {
        let whole = Decider::whole(plan, place, &env).unwrap();
        let mut trace = Trace::new();
        let decision = whole.decide(&facts, &mut whole.scratch(), &mut trace);
        compare(plan, policy, &facts, &params, &trace);

        let slim = Decider::new(plan, place, &env).unwrap();
        assert_eq!(
            slim.decide(&facts, &mut slim.scratch(), &mut ()),
            decision,
            "what else is run changes nothing"
        );

        // What the policy does not call optional is known, unless a role has to answer or a fault withholds it.
        if decision.status == Status::Final {
            for (output, value) in slim.decision().outputs.iter().zip(&decision.values) {
                if let Outcome::One(value) = &value.outcome {
                    assert!(output.optional || value.is_known(), "`{}` is unknown: {value:?}", output.name);
                }
            }
        }
    }
}

/// Every step, by the naive interpreter; and within what the plan says of it before any customer is seen.
fn compare(plan: &Plan, policy: &Policy, facts: &Facts, params: &[Value], trace: &Trace) {
    let world = World {
        plan,
        facts,
        today: today(),
        params,
        calendars: &policy.calendars,
        given: BTreeMap::new(),
        known: BTreeMap::new().into(),
    };
    for (id, step) in plan.steps.iter_enumerated() {
        let items: Vec<Option<usize>> = match step.scope {
            Scope::Customer => vec![None],
            Scope::Items(list) => (0..facts.records(list).unwrap().items).map(Some).collect(),
        };
        for item in items {
            let fast = trace.item(id, item.unwrap_or(0)).unwrap_or_else(|| panic!("{id:?} was not run"));
            let slow = world.value(id, item);
            assert_eq!(naive::naive(fast), slow, "{id:?} {step:?} of item {item:?}");
            assert!(fast.is_known() || step.bounds.unknown, "{id:?} {step:?} is unknown: {fast:?}");
            let Value::Number(number) = fast else { continue };
            if let Some((least, most)) = &step.bounds.range {
                assert!(least <= number && number <= most, "{id:?} {step:?} is {number}");
            }
            if let Some(decimals) = step.bounds.decimals {
                assert!(number.decimals().is_some_and(|own| own <= decimals), "{id:?} {step:?} is {number}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_library_decides_as_the_naive_interpreter_does(genes in proptest::collection::vec(any::<u16>(), 50..400)) {
        hold(&genes);
    }
}
