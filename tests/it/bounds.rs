//! What a plan says of its steps before any customer is seen holds of every customer that passes validation: no number
//! outside its range, none with more decimals, nothing unknown that is said never to be.

use std::collections::BTreeMap;
use std::path::PathBuf;

use gradus::base::{SourceMap, Str};
use gradus::check::{Source, check};
use gradus::eval::{Env, Facts, Program, Trace};
use gradus::plan::{Plan, StepId, compile};
use gradus::store::{Disk, Roots, Settings, load};
use gradus::syntax::parse;
use gradus::value::{
    Calendar, Cause, Date, Default, Enums, Field, FieldType, ListFieldId, Number, Type, Value,
};
use proptest::prelude::{ProptestConfig, any, proptest};

use crate::corpus;

/// Numbers taken one after the other; behind their end, a plain sequence.
struct Genes {
    given: std::vec::IntoIter<u16>,
    next: usize,
}

impl Genes {
    fn below(&mut self, bound: usize) -> usize {
        self.next += 7;
        self.given.next().map_or(self.next, usize::from) % bound.max(1)
    }

    /// A number that the field admits: its ends, what lies beside 0, and some between.
    fn number(&mut self, field: &Field) -> Number {
        let figure = if field.ty == FieldType::Percent { 2 } else { 0 };
        let fine = Number::ONE.div(&Number::power_of_ten(field.decimals + figure)).unwrap();
        let (least, most) = field.range.clone().or_else(|| field.ty.default_range()).unwrap();
        let spread = i64::try_from(self.below(2_000)).unwrap();
        let all = [
            least.clone(),
            most.clone(),
            Number::ZERO,
            Number::ONE,
            fine.clone(),
            fine.neg(),
            Number::from_i64(spread - 1_000),
            Number::from_i64(spread).mul(&fine),
            Number::ratio(spread, 100).unwrap().round(gradus::value::RoundingMode::Down, field.decimals),
            least
                .add(&most.sub(&least).mul(&Number::ratio(spread, 2_000).unwrap()))
                .round(gradus::value::RoundingMode::Down, field.decimals),
        ];
        let at = self.below(all.len());
        let fits = |number: &Number| field.misfit(&Value::Number(number.clone())).is_none();
        let mut found = all.iter().cycle().skip(at).take(all.len()).filter(|number| fits(number));
        found.next().cloned().unwrap_or(least)
    }

    fn value(&mut self, field: &Field, enums: &Enums, unknown: Cause) -> Value {
        let missing = self.below(4) == 0;
        if missing && field.default == Default::Unknown {
            return Value::Unknown(unknown);
        }
        let value = match &field.ty {
            FieldType::YesNo => Value::Bool(self.below(2) == 1),
            FieldType::Number
            | FieldType::Percent
            | FieldType::Money(_)
            | FieldType::Days
            | FieldType::Months => Value::Number(self.number(field)),
            FieldType::Date => {
                let days = i64::try_from(self.below(700)).unwrap();
                Value::Date(today().add_days(days - 500).unwrap())
            }
            FieldType::Text => Value::Text(Str::from(format!("F-{}", self.below(1_000_000)))),
            FieldType::Enum(kind) => {
                let code = self.below(enums[*kind].members.len());
                Value::Code(u32::try_from(code).unwrap())
            }
            FieldType::Set(kind) => {
                let all = 1_usize << enums[*kind].members.len().min(16);
                Value::Set(u128::try_from(self.below(all)).unwrap())
            }
            FieldType::List { of, length } => {
                let length = length.map_or_else(|| self.below(4), |length| length as usize);
                let values: Vec<Value> = (0..length).map(|_| self.value(of, enums, unknown)).collect();
                Value::List(values.into())
            }
            FieldType::Records(_) => Value::List(Vec::new().into()),
        };
        if field.unknown_when.contains(&value) { Value::Unknown(unknown) } else { value }
    }
}

fn today() -> Date {
    Date::from_ymd(2026, 10, 1).unwrap()
}

fn facts(plan: &Plan, genes: &mut Genes) -> Facts {
    let mut facts = Facts::unknown("C001", &plan.schema);
    for (id, field) in plan.schema.fields.iter_enumerated() {
        let unknown = Cause::Missing(id.0);
        let value = genes.value(field, &plan.schema.enums, unknown);
        let given = value.is_known();
        facts.set(id, value);
        if let (FieldType::Records(fields), true) = (&field.ty, given) {
            for _ in 0..genes.below(4) {
                let item: Vec<Value> =
                    fields.iter().map(|field| genes.value(field, &plan.schema.enums, unknown)).collect();
                facts.records_mut(id).unwrap().push(item);
            }
            assert!(facts.records(id).is_some_and(|records| records.column(ListFieldId(0)).len() < 4));
        }
    }
    facts
}

/// Holds a value to what the plan says of its step.
fn hold(plan: &Plan, name: &str, step: StepId, value: &Value) {
    let it = &plan.steps[step];
    let told = || format!("{name}: step {} ({:?}) is {value:?}, bounds {:?}", step.0, it.op, it.bounds);
    match value {
        Value::Unknown(_) => assert!(it.bounds.unknown, "{}", told()),
        Value::Number(number) => {
            if let Some((least, most)) = &it.bounds.range {
                assert!(least <= number && number <= most, "{}", told());
            }
            if let Some(decimals) = it.bounds.decimals {
                assert!(number.decimals().is_some_and(|own| own <= decimals), "{}", told());
            }
        }
        Value::List(values) => {
            for number in values.iter().filter_map(Value::as_number) {
                if let Some((least, most)) = &it.bounds.range {
                    assert!(least <= number && number <= most, "{}", told());
                }
            }
        }
        Value::Bool(_) => assert_eq!(it.ty, Type::YesNo, "{}", told()),
        Value::Date(_) => assert_eq!(it.ty, Type::Date, "{}", told()),
        Value::Text(_) => assert_eq!(it.ty, Type::Text, "{}", told()),
        Value::Set(_) => assert!(matches!(it.ty, Type::Set(_)), "{}", told()),
        Value::Code(code) => {
            if let Type::Enum(kind) = it.ty {
                assert!((*code as usize) < plan.schema.enums[kind].members.len(), "{}", told());
            }
        }
    }
}

/// The policies of the library and of the corpus of plans.
fn plans() -> Vec<(String, Plan, Vec<Calendar>)> {
    let settings = Settings::default();
    let mut sources = SourceMap::new();
    let roots = Roots::new(&Disk, &settings, &[PathBuf::from("rules")]);
    let folder = load(&Disk, &roots, &settings, &mut sources);
    let calendars: BTreeMap<Str, Calendar> = folder
        .calendars
        .iter()
        .filter_map(|(name, file)| Some((Str::from(name.as_str()), file.calendar.clone()?)))
        .collect();
    let script = |_: &str| -> Option<Str> { None };
    let mut plans = Vec::new();
    for place in 0..folder.files.len() {
        let files = folder.with_uses(place);
        let files: Vec<Source<'_>> = files
            .iter()
            .map(|place| Source { file: &folder.files[*place].tree, scripts: &script, references: &|_| None })
            .collect();
        let plan = compile(&check(&files).program, &calendars).plan;
        let own = plan.calendars.iter().filter_map(|name| calendars.get(name).cloned()).collect();
        plans.push((folder.files[place].path.display().to_string(), plan, own));
    }
    for path in corpus::files(&corpus::folder("plan/ok"), ".gradus") {
        let case = corpus::read(&path);
        let files = crate::plan::files(parse(case.file, &case.text).file);
        let files: Vec<Source<'_>> =
            files.iter().map(|file| Source { file, scripts: &script, references: &|_| None }).collect();
        plans.push((case.name, compile(&check(&files).program, &BTreeMap::new()).plan, Vec::new()));
    }
    assert!(plans.len() > 12);
    plans
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn what_is_known_of_steps_holds_of_every_customer(genes in proptest::collection::vec(any::<u16>(), 0..400)) {
        thread_local! {
            static PLANS: Vec<(String, Plan, Vec<Calendar>)> = plans();
        }
        PLANS.with(|plans| {
            for (name, plan, calendars) in plans {
                let env = Env { calendars, ..Env::on(today()) };
                let all: Vec<StepId> = plan.steps.ids().collect();
                let program = Program::prepare(plan, &all, &[], &env);
                let mut scratch = program.scratch();
                let mut trace = Trace::new();
                let facts = facts(plan, &mut Genes { given: genes.clone().into_iter(), next: 0 });
                program.run(&facts, &mut scratch, &mut trace);
                for step in all {
                    if let Some(value) = trace.value(step) {
                        hold(plan, name, step, value);
                    }
                    for value in trace.items(step).unwrap_or_default() {
                        hold(plan, name, step, value);
                    }
                }
            }
        });
    }
}
