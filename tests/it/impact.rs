//! A book decided under two policies: what is told adds up, whatever the book.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::OnceLock;

use gradus::base::{Label, Lang, Str};
use gradus::engine::{self, Policy};
use gradus::eval::{Env, Facts};
use gradus::plan::Plan;
use gradus::review::impact::decide::values;
use gradus::review::impact::{
    Cause, Condition, Cores, Done, Effect, Figures, Measure, Measures, Run, Shape, Trial, View, attribute,
    decide, view,
};
use gradus::store::Disk;
use gradus::value::{Date, Number, Value};
use proptest::prelude::{ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, proptest};

/// A customer of the book: orders, times late, score, north or south, what its invoices come to.
type Made = (u32, u8, u8, bool, Vec<u32>);

/// The policy of `tests/corpus/projects/revised`, in both versions, and both united decisions.
struct Bench {
    plans: [Plan; 2],
    view: View,
    place: usize,
    exposure: usize,
}

fn day() -> Date {
    Date::parse("2026-08-01").unwrap()
}

/// The policies are read once.
fn bench() -> &'static Bench {
    static BENCH: OnceLock<Bench> = OnceLock::new();
    BENCH.get_or_init(Bench::new)
}

impl Bench {
    fn new() -> Bench {
        let rules = [PathBuf::from("tests/corpus/projects/revised/rules")];
        let load = |version: &str| Policy::load(&Disk, &rules, Some(version), day()).unwrap().plan().clone();
        let [mut old, mut new] = [load("desk@2026.1"), load("desk@2026.2")];
        let decisions = [Str::from("grant"), Str::from("chase")];
        let look = View::of(&old, &new, &decisions);
        let place = view::unite(&mut old, &decisions);
        assert_eq!(place, view::unite(&mut new, &decisions));
        let step = old.names["exposure"];
        let exposure = view::add_values(&mut old, &[(Str::from("exposure"), step)]);
        Bench { plans: [old, new], view: look, place, exposure }
    }

    fn env(&self, side: usize, set: &[(String, String)]) -> Env<'_> {
        engine::environment(&self.plans[side], day(), set, &[], None).unwrap()
    }

    fn run(&self, side: usize, set: &[(String, String)], book: &[Facts]) -> Run {
        let cores = Cores::new(Some(1));
        decide(&self.plans[side], self.place, &self.env(side, set), (book, 0), &self.view, true, &cores)
    }

    fn figures(&self, book: &[Facts]) -> BTreeMap<Str, Figures> {
        let cores = Cores::new(Some(1));
        let found = values(&self.plans[0], self.exposure, &self.env(0, &[]), (book, 0), &cores);
        let own =
            |values: Vec<Value>| Figures { exposure: values[0].as_number().cloned(), ..Figures::default() };
        found.into_iter().map(|(id, values)| (id, own(values))).collect()
    }

    fn customer(&self, number: usize, (orders, late, score, south, invoices): &Made) -> Facts {
        let plan = &self.plans[0];
        let mut facts = Facts::unknown(format!("K{number}"), &plan.schema);
        let mut set = |name: &str, value: Value| facts.set(plan.schema.find(name).unwrap(), value);
        let whole = |number: u32| Value::Number(Number::from_i64(i64::from(number)));
        set("name", Value::Text(Str::from("甲")));
        set("area", Value::Code(u32::from(*south)));
        set("orders", Value::Number(Number::ratio(i64::from(*orders), 100).unwrap()));
        set("late", whole(u32::from(*late)));
        set("score", whole(u32::from(*score)));
        set("invoices", Value::List(std::sync::Arc::from([])));
        let list = plan.schema.find("invoices").unwrap();
        let records = facts.records_mut(list).unwrap();
        for (nth, amount) in invoices.iter().enumerate() {
            let amount = Value::Number(Number::ratio(i64::from(*amount), 100).unwrap());
            let due = Value::Date(Date::parse("2026-07-10").unwrap());
            records.push([Value::Text(Str::from(format!("F-{number}-{nth}"))), amount, due]);
        }
        facts
    }
}

fn made() -> impl Strategy<Value = Vec<Made>> {
    let invoices = proptest::collection::vec(1_u32..9_000_000, 0..4);
    let one = (0_u32..90_000_000, 0_u8..8, 0_u8..=100, any::<bool>(), invoices);
    proptest::collection::vec(one, 1..14)
}

/// Parameters that are set, as edits.
struct Turned<'t> {
    bench: &'t Bench,
    book: &'t [Facts],
    was: &'t Run,
    figures: &'t BTreeMap<Str, Figures>,
    set: Vec<(String, String)>,
}

impl Turned<'_> {
    fn done(&self, edits: &[usize]) -> Done {
        let set: Vec<(String, String)> = edits.iter().map(|at| self.set[*at].clone()).collect();
        let run = self.bench.run(0, &set, self.book);
        let effect = Effect::of(&self.bench.view, self.was, &run, self.figures);
        let measures = Measures::of(&self.bench.view, &effect, 0);
        Done::of(&effect, measures)
    }
}

impl Trial for Turned<'_> {
    fn needs(&self, _: usize) -> Vec<usize> {
        Vec::new()
    }
    fn is_idle(&self, _: usize) -> bool {
        false
    }
    // The last edit stands only with the first.
    fn stands(&mut self, edits: &[usize]) -> bool {
        !edits.contains(&(self.set.len() - 1)) || edits.contains(&0)
    }
    fn run(&mut self, edits: &[usize]) -> Option<Done> {
        self.stands(edits).then(|| self.done(edits))
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Every customer stands once in each matrix; limits and segments add up; a side beside itself does nothing.
    #[test]
    fn what_is_told_adds_up(made in made()) {
        let bench = bench();
        let book: Vec<Facts> = made.iter().enumerate().map(|(at, made)| bench.customer(at, made)).collect();
        let figures = bench.figures(&book);
        let (was, is) = (bench.run(0, &[], &book), bench.run(1, &[], &book));
        let effect = Effect::of(&bench.view, &was, &is, &figures);
        prop_assert_eq!(effect.all.customers, book.len());
        for (place, output) in bench.view.outputs.iter().enumerate() {
            if matches!(output.shape, Shape::Grade | Shape::Stance) {
                let all = effect.shifts[&place].customers(|_, _| true);
                prop_assert_eq!(&all, &effect.all);
                let rows = output.members.iter().map(|member| {
                    effect.shifts[&place].customers(|was, _| was == &view::Figure::Member(member.name.clone())).customers
                });
                prop_assert_eq!(rows.sum::<usize>(), book.len());
            }
        }
        let limit = effect.shift(bench.view.limit).unwrap();
        prop_assert_eq!(limit.sums.1.sum.sub(&limit.sums.0.sum), limit.up.sum.sub(&limit.down.sum));
        let segments = effect.segments.values().map(|(_, it)| it.sums.1.sum.clone());
        prop_assert_eq!(segments.fold(Number::ZERO, |sum, it| sum.add(&it)), limit.sums.1.sum.clone());
        let moved: BTreeSet<&Str> = effect.movers.iter().map(|mover| &mover.id).collect();
        let differ = was.customers.iter().filter(|(id, own)| own.seen != is.customers[*id].seen);
        prop_assert_eq!(moved.len(), differ.count());

        let same = Effect::of(&bench.view, &was, &bench.run(0, &[], &book), &figures);
        prop_assert!(same.movers.is_empty());
        let measures = Measures::of(&bench.view, &same, 0);
        for measure in [Measure::Changed, Measure::Downgraded, Measure::LimitsNet, Measure::StepsFlipped] {
            prop_assert!(measures.get(measure).is_zero());
        }
    }

    /// What edits do alone, in pairs and beyond comes to what they do together, to the last digit, tried in full or drawn.
    #[test]
    fn bars_of_a_waterfall_come_to_the_whole(made in made(), pairs in 0_usize..8) {
        let bench = bench();
        let book: Vec<Facts> = made.iter().enumerate().map(|(at, made)| bench.customer(at, made)).collect();
        let figures = bench.figures(&book);
        let was = bench.run(0, &[], &book);
        let set = [("most_late", "1"), ("new_cap", "333_333.33"), ("new_cap", "20万"), ("most_late", "2")];
        let set = set.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let mut trial = Turned { bench, book: &book, was: &was, figures: &figures, set };
        let together = trial.done(&[0, 1, 2, 3]);
        let nothing = Measures::of(&bench.view, &Effect::of(&bench.view, &was, &was, &figures), 0);
        let cause = |at: usize| Cause { words: Label::same(format!("#{at}")), place: String::new(), class: String::new() };
        let found = attribute((0..4).map(cause).collect(), (&together, &nothing), pairs, &mut trial);
        prop_assert_eq!(&found.alone[3].needs, &vec![0]);
        prop_assert_eq!(found.is_exact(), pairs >= 5);
        for measure in Measure::ALL {
            let bars = found.alone.iter().map(|it| &it.measures).chain(found.pairs.iter().map(|it| &it.measures));
            let sum = bars.fold(found.rest.get(measure), |sum, it| sum.add(&it.get(measure)));
            prop_assert_eq!(sum, together.measures.get(measure).sub(&nothing.get(measure)));
        }
    }
}

/// Conditions: percents of the right whole, words joined as people join them.
#[test]
fn conditions_compare_with_the_right_whole() {
    let bench = bench();
    let customer = |at: usize, late: u8| bench.customer(at, &(40_000_000, late, 85, false, vec![10_000]));
    let book = [customer(0, 0), customer(1, 2), customer(2, 0), customer(3, 0)];
    let figures = bench.figures(&book);
    let effect = Effect::of(&bench.view, &bench.run(0, &[], &book), &bench.run(1, &[], &book), &figures);
    let measures = Measures::of(&bench.view, &effect, 0);
    let holds = |written: &str| Condition::parse(written).unwrap().judge(&measures).holds;
    assert!(holds("downgraded = 25%") && holds("downgraded = 1") && holds("降级 ≥ 1"));
    assert!(!holds("downgraded > 25%") && !holds("not downgraded = 25%"));
    assert!(holds("exposure_downgraded = 100") && holds("exposure_downgraded >= 25%"));
    assert!(holds("limits_lost > 79万 and limits_lost <= 80万"));
    assert!(holds("upgraded > 0 or (downgraded > 0 且 changed = 4)"));
    assert_eq!(Measure::Downgraded.label(Lang::Zh), "降级");
    for wrong in
        ["", "downgraded", "downgraded >", "downgraded > 5 6", "(downgraded > 5", "customers > 5%", "& > 1"]
    {
        assert!(Condition::parse(wrong).is_err(), "{wrong}");
    }
}
