//! Customers at thresholds: that they lie on both sides, beside each other, and pass as the case files they are written to.

use gradus::base::{Lang, SourceMap};
use gradus::store::{Disk, Memory, Settings, World};
use gradus::trial::boundary::{
    Bench, Customer, Kept, Pen, boundaries, cover, covering, kept, known, probe, tell_apart, thresholds,
};
use gradus::trial::coverage::{Index, goals};
use gradus::trial::{Asked, Suite, Wanted};
use gradus::value::{Number, Value};
use proptest::prelude::{ProptestConfig, prop_assert, prop_assert_eq, proptest};

use crate::corpus::root;

/// Policies of the library with thresholds of every kind: bands, needs, cells, caps, ratios, days, invoices, windows.
const LIBRARY: &[&str] = &[
    "rating/score_and_floors",
    "rating/agency_grades",
    "receivables/receivables_figures",
    "limits/working_assets",
    "terms/信用政策松紧",
    "terms/cash_discount",
    "watch/crisis_signs",
];

fn opened(world: &dyn World, paths: &[std::path::PathBuf], sources: &mut SourceMap) -> Suite {
    let asked = Asked { paths: paths.to_vec(), ..Asked::default() };
    let suite = Suite::open(world, &Settings::default(), &asked, None, sources).unwrap();
    assert!(suite.wrong.is_empty(), "{:?}", suite.wrong);
    suite
}

fn bench(subject: &gradus::trial::Subject) -> Bench<'_> {
    Bench { plan: &subject.plan, calendars: &subject.calendars, scripts: subject.scripts() }
}

/// What is written is read again and passes; each threshold found has customers on both sides.
#[test]
fn generated_cases_of_the_library_pass_and_lie_on_both_sides() {
    let (mut all, mut open) = (0, 0);
    for (nth, name) in LIBRARY.iter().enumerate() {
        let mut sources = SourceMap::new();
        let path = root().join(format!("rules/{name}.gradus"));
        let suite = opened(&Disk, std::slice::from_ref(&path), &mut sources);
        let subject = &suite.subjects[0];
        let goals = goals(&subject.plan);
        let found = thresholds(&subject.plan, &goals);
        let known = known(&subject.plan, None);
        for threshold in &found {
            let probe = probe(bench(subject), threshold, &known).unwrap();
            let sides: Vec<bool> = probe.found().map(|(_, found)| found.holds).collect();
            assert_eq!(probe.straddles(), sides.contains(&true) && sides.contains(&false));
            open += usize::from(!probe.straddles() && threshold.never.is_none());
        }
        all += found.len();
        let lang = if nth % 2 == 0 { Lang::En } else { Lang::Zh };
        let pen = Pen { bench: bench(subject), goals: &goals, sources: &sources, lang, jobs: None };
        let written = boundaries(&pen, &found, &known);
        assert_eq!(kept(&written.text), Kept::Generated);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("own.cases.toml");
        std::fs::write(&file, &written.text).unwrap();
        let mut sources = SourceMap::new();
        let suite = opened(&Disk, &[path, file], &mut sources);
        let policies = suite.run(&Wanted::default(), &sources, Lang::En);
        let cases: Vec<_> = policies.iter().flat_map(|policy| &policy.cases).collect();
        // Of the first suite, those of the policy itself: where a case file is named, no other is read.
        let own = subject.plan.policies.last().unwrap().span.file;
        let own = subject.plan.cases.iter().filter(|case| case.span.file == own).count();
        assert_eq!(cases.len(), own + written.cases, "{name}");
        for case in cases {
            assert!(case.result.passed(), "{name}: {}: {:?}", case.case.name, case.result);
        }
    }
    assert!(open * 20 <= all, "{open} of {all} thresholds are not found");
}

/// The set reaches what it says, and loses something with each case that is left out.
#[test]
fn a_smallest_set_has_nothing_to_spare() {
    let mut sources = SourceMap::new();
    let path = root().join("rules/rating/score_and_floors.gradus");
    let mut suite = opened(&Disk, &[path], &mut sources);
    suite.subjects[0].plan.cases.clear();
    let subject = &suite.subjects[0];
    let goals = goals(&subject.plan);
    let pen = Pen { bench: bench(subject), goals: &goals, sources: &sources, lang: Lang::En, jobs: None };
    let cover = cover(&pen, &known(&subject.plan, None));
    let cases: Vec<_> = cover.cases.iter().map(|it| it.case.clone()).collect();
    let reached = |cases: &[gradus::plan::CaseItem]| {
        Index::of(&subject.plan, &goals, cases, &subject.calendars, subject.scripts()).all().iter().count()
    };
    let all = reached(&cases);
    let open = cover.unreached.iter().filter(|(goal, _)| goals[*goal].never.is_none()).count();
    assert_eq!(all + open, cover.reachable);
    assert!(open * 20 <= cover.reachable, "{open} of {} goals are not reached", cover.reachable);
    for place in 0..cases.len() {
        let mut fewer = cases.clone();
        fewer.remove(place);
        assert!(reached(&fewer) < all, "{} is not needed", cases[place].name);
    }
    assert_eq!(kept(&covering(&pen, &cover).text), Kept::Generated);
}

/// A file that fits its digest is ours, also with the line ends of Windows; one that was touched is not.
#[test]
fn a_generated_file_is_told_from_one_that_was_changed() {
    let mut sources = SourceMap::new();
    let path = root().join("rules/limits/working_assets.gradus");
    let suite = opened(&Disk, &[path], &mut sources);
    let subject = &suite.subjects[0];
    let goals = goals(&subject.plan);
    let pen = Pen { bench: bench(subject), goals: &goals, sources: &sources, lang: Lang::En, jobs: None };
    let text = boundaries(&pen, &thresholds(&subject.plan, &goals), &known(&subject.plan, None)).text;
    assert_eq!(kept(&text), Kept::Generated);
    assert_eq!(kept(&text.replace('\n', "\r\n")), Kept::Generated);
    assert_eq!(kept(&text.replacen("= ", "=  ", 1)), Kept::Edited);
    assert_eq!(kept(text.split_once('\n').unwrap().1), Kept::Foreign);
}

/// The facts in which two customers differ, with by how much.
fn difference(one: &Customer, other: &Customer, plan: &gradus::plan::Plan) -> Vec<Number> {
    plan.schema
        .fields
        .ids()
        .filter_map(|fact| {
            let place = gradus::trial::boundary::Place::Fact(fact);
            match (one.value(plan, place), other.value(plan, place)) {
                (Value::Number(one), Value::Number(other)) if one != other => Some(one.sub(&other).abs()),
                _ => None,
            }
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// A weighted card with bands: the customers below and at a bound, or below and above it where it cannot be met, differ in one
    /// factor by its smallest step.
    #[test]
    fn customers_at_a_band_are_neighbours(
        weights in proptest::array::uniform3(1_u32..40),
        decimals in proptest::array::uniform3(0_u32..3),
        bounds in proptest::array::uniform2(5_u32..95),
        tenths in 0_u32..10,
    ) {
        let (low, high) = (bounds[0].min(bounds[1]), bounds[0].max(bounds[1]) + 1);
        let facts: String = (0..3)
            .map(|nth| format!("  f{nth} \"因素 {nth}\" number 0..10 {} decimals\n", decimals[nth]))
            .collect();
        let card: String = (0..3).map(|nth| format!("  f{nth} weight {}\n", weights[nth])).collect();
        let policy = format!(
            "policy card {{ version \"2026.1\"; currency CNY; rounding half_up }}\nfacts {{\n{facts}}}\n\
             scorecard score \"得分\" {{\n{card}  scale 0..10 to 0..100\n  missing scores 0\n}}\n\
             grades class \"等级\" from score {{\n  A \"优\" from {high}\n  B \"中\" from {low}.{tenths}\n  C \"差\" from 0\n}}\n"
        );
        let world = Memory::new(gradus::value::Date(20_000)).with("rules/card.gradus", policy.as_str());
        let mut sources = SourceMap::new();
        let suite = opened(&world, &["rules".into()], &mut sources);
        let subject = &suite.subjects[0];
        let goals = goals(&subject.plan);
        let known = known(&subject.plan, None);
        for threshold in thresholds(&subject.plan, &goals) {
            if threshold.never.is_some() {
                continue;
            }
            let probe = probe(bench(subject), &threshold, &known).unwrap();
            prop_assert!(probe.straddles(), "{}\n{policy}", threshold.name.en);
            let found: Vec<&Customer> = probe.found().map(|(_, found)| &found.customer).collect();
            for pair in found.windows(2) {
                let apart = difference(pair[0], pair[1], &subject.plan);
                prop_assert_eq!(apart.len(), 1);
                let steps: Vec<Number> =
                    decimals.iter().map(|it| Number::ONE.div(&Number::power_of_ten(*it)).unwrap()).collect();
                prop_assert!(steps.contains(&apart[0]), "{} apart", apart[0]);
            }
        }
    }

    /// A bound that was moved tells itself by a customer between the old one and the new one.
    #[test]
    fn a_bound_that_was_moved_is_told_by_a_customer(bound in 20_i64..80, by in 1_i64..6) {
        let policy = |bound: i64| format!(
            "policy card {{ version \"2026.1\"; currency CNY; rounding half_up }}\n\
             facts {{ score \"得分\" number 0..100 0 decimals\n  late \"逾期\" number 0..20 0 decimals }}\n\
             grades class \"等级\" from score {{\n  A \"优\" from {bound}\n  B \"差\" from 0\n  \
             not above B when late >= 3 because late_often \"多次逾期\"\n}}\n"
        );
        let built = |bound: i64| {
            let world = Memory::new(gradus::value::Date(20_000)).with("rules/card.gradus", policy(bound).as_str());
            opened(&world, &["rules".into()], &mut SourceMap::new())
        };
        let (one, other) = (built(bound), built(bound + by));
        let plan = &one.subjects[0].plan;
        let class = plan.names["class"];
        let known = known(plan, None);
        let customer = tell_apart(bench(&one.subjects[0]), &other.subjects[0].plan, &[class], &known, 4_000);
        let customer = customer.expect("a customer");
        let score = customer.value(plan, gradus::trial::boundary::Place::Fact(plan.schema.find("score").unwrap()));
        let Value::Number(score) = score else { panic!("no score") };
        prop_assert!(Number::from_i64(bound) <= score && score < Number::from_i64(bound + by));
    }
}
