//! Laws of the book: what it sums up is what adding by hand gives, in whatever order the customers stand, and what one customer
//! reads of a book that was written down is what it had in the run.

use std::collections::BTreeMap;

use gradus::engine;
use gradus::eval::book::Doubt;
use gradus::eval::{Book, Decider, Decision, Env, Facts, Outcome, Portfolio};
use gradus::interop::{read_book, write_book};
use gradus::plan::Plan;
use gradus::value::{Cause, Date, Number, Value};
use proptest::prelude::*;

use crate::story::ready;

const POLICY: &str = r#"policy laws { version "1"; effective from 2026-01-01; currency CNY; rounding half_up }
facts {
  id       text key
  owner    text optional
  exposure money >= 0 optional
  sales    money >= 0
  asked    money >= 0
  budget   money >= 0
}
limit granted {
  method asked = asked
  cap at 50 when owned > 100   if unknown does not apply
}
portfolio book {
  group owners by owner {
    owned   = sum of exposure, skip unknown
    strict  = sum of exposure
    largest = highest of sales
  }
  share = cumulated share by sales, id
  place = rank by sales, id
  late  = count of members where (exposure > 40), skip unknown
  used  = sum of granted
  cap used at budget serve in order of sales highest first, id
}
let rounded_share = share rounded to 6 decimals
decision review {
  owned optional, strict optional, largest optional, rounded_share optional, place optional, late optional, granted
  used optional, used.served optional, used.left optional, used.place optional, owned.members optional, owned.left_out optional
}
"#;

#[derive(Clone, Debug)]
struct Customer {
    id: String,
    owner: Option<u8>,
    exposure: Option<i64>,
    sales: i64,
    asked: i64,
}

fn customers() -> impl Strategy<Value = Vec<Customer>> {
    let one = (proptest::option::of(0u8..3), proptest::option::of(0i64..90), 0i64..6, 0i64..90);
    proptest::collection::vec(one, 1..14).prop_map(|all| {
        all.into_iter()
            .enumerate()
            .map(|(place, (owner, exposure, sales, asked))| Customer {
                id: format!("C{place:02}"),
                owner,
                exposure,
                sales,
                asked,
            })
            .collect()
    })
}

fn plan() -> Plan {
    let made = ready("laws", Some(POLICY), &BTreeMap::new(), day());
    let told = made.built.diagnostics.iter().map(|it| it.code).collect::<Vec<_>>();
    made.built.plan.unwrap_or_else(|| panic!("{told:?}"))
}

fn day() -> Date {
    Date::parse("2026-10-01").unwrap()
}

fn facts(plan: &Plan, of: &Customer, budget: i64) -> Facts {
    let mut facts = Facts::unknown(of.id.as_str(), &plan.schema);
    let mut set = |name: &str, value: Value| facts.set(plan.schema.find(name).unwrap(), value);
    let number = |number: i64| Value::Number(Number::from_i64(number));
    set("id", Value::Text(of.id.as_str().into()));
    if let Some(owner) = of.owner {
        set("owner", Value::Text(format!("G{owner}").into()));
    }
    if let Some(exposure) = of.exposure {
        set("exposure", number(exposure));
    }
    set("sales", number(of.sales));
    set("asked", number(of.asked));
    set("budget", number(budget));
    facts
}

fn run(plan: &Plan, all: &[Customer], budget: i64) -> (Book, Vec<Decision>) {
    let env = Env::on(day());
    let facts: Vec<Facts> = all.iter().map(|of| facts(plan, of, budget)).collect();
    let book = Portfolio::of(plan, 0).unwrap().book(&facts, 0, &env);
    let decisions = decide(plan, &facts, &book);
    (book, decisions)
}

fn decide(plan: &Plan, facts: &[Facts], book: &Book) -> Vec<Decision> {
    let env = Env { book: Some(book), ..Env::on(day()) };
    let decider = Decider::new(plan, 0, &env).unwrap();
    let mut scratch = decider.scratch();
    facts.iter().map(|facts| decider.decide(facts, &mut scratch, &mut ())).collect()
}

/// The outputs by name; none where one is unknown.
fn outputs(plan: &Plan, decision: &Decision) -> BTreeMap<String, Option<Number>> {
    let names = plan.decisions[0].outputs.iter().map(|output| output.name.to_string());
    let values = decision.values.iter().map(|value| match &value.outcome {
        Outcome::One(value) => value.as_number().cloned(),
        _ => None,
    });
    names.zip(values).collect()
}

/// What adding by hand gives for each customer.
fn by_hand(all: &[Customer], budget: i64) -> Vec<BTreeMap<String, Option<Number>>> {
    let number = |number: i64| Some(Number::from_i64(number));
    let of_group = |owner: u8| all.iter().filter(move |of| of.owner == Some(owner));
    let owned =
        |of: &Customer| of.owner.map(|owner| of_group(owner).filter_map(|it| it.exposure).sum::<i64>());
    let granted = |of: &Customer| match owned(of) {
        Some(owned) if owned > 100 => of.asked.min(50),
        _ => of.asked,
    };
    let mut order: Vec<&Customer> = all.iter().collect();
    order.sort_by(|one, other| other.sales.cmp(&one.sales).then(one.id.cmp(&other.id)));
    let whole: i64 = all.iter().map(|of| of.sales).sum();
    let mut left = budget;
    let mut served: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for of in &order {
        let gets = granted(of).min(left);
        served.insert(&of.id, (gets, left));
        left -= gets;
    }
    all.iter()
        .map(|of| {
            let place = order.iter().position(|it| it.id == of.id).unwrap();
            let up_to: i64 = order[..=place].iter().map(|it| it.sales).sum();
            let share = Number::ratio(up_to, whole);
            let round = gradus::value::RoundingMode::HalfUp;
            let members = of.owner.map(|owner| of_group(owner).count() as i64);
            let unknown =
                of.owner.map(|owner| of_group(owner).filter(|it| it.exposure.is_none()).count() as i64);
            let values = [
                ("owned", owned(of).and_then(number)),
                ("strict", owned(of).filter(|_| unknown == Some(0)).and_then(number)),
                ("largest", of.owner.and_then(|owner| number(of_group(owner).map(|it| it.sales).max()?))),
                // Six decimals of a percent are eight of the fraction.
                ("rounded_share", share.map(|share| share.round(round, 8))),
                ("place", number(place as i64 + 1)),
                ("late", number(all.iter().filter(|it| it.exposure > Some(40)).count() as i64)),
                ("granted", number(granted(of))),
                ("used", number(all.iter().map(granted).sum())),
                ("used.served", number(served[of.id.as_str()].0)),
                ("used.left", number(served[of.id.as_str()].1)),
                ("used.place", number(place as i64 + 1)),
                ("owned.members", members.and_then(number)),
                ("owned.left_out", unknown.and_then(number)),
            ];
            values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn the_book_is_what_adding_by_hand_gives(all in customers(), budget in 0i64..300) {
        let plan = plan();
        let (_, decisions) = run(&plan, &all, budget);
        let found: Vec<_> = decisions.iter().map(|decision| outputs(&plan, decision)).collect();
        prop_assert_eq!(found, by_hand(&all, budget));
    }

    #[test]
    fn the_order_of_the_customers_changes_nothing(all in customers(), turn in 0usize..14, budget in 0i64..300) {
        let plan = plan();
        let (book, decisions) = run(&plan, &all, budget);
        let mut other = all.clone();
        other.reverse();
        let turn = turn % other.len();
        other.rotate_left(turn);
        let (again, others) = run(&plan, &other, budget);
        prop_assert_eq!(&book, &again);
        for decision in &decisions {
            prop_assert!(others.contains(decision), "{}", decision.id);
        }
    }

    #[test]
    fn a_customer_alone_has_what_it_had_in_the_run(all in customers(), budget in 0i64..300) {
        let plan = plan();
        let (book, decisions) = run(&plan, &all, budget);
        let text = write_book(&book);
        let read = read_book(text.as_bytes()).unwrap().lined_up(&plan);
        prop_assert_eq!(&read, &book);
        for (of, decision) in all.iter().zip(&decisions) {
            let alone = decide(&plan, &[facts(&plan, of, budget)], &read);
            prop_assert_eq!(&alone[0], decision);
        }
    }

    /// Made again where one customer gives other facts, a book is what it would be if it were made anew of all.
    #[test]
    fn a_book_that_is_made_again_is_the_book_of_all(
        all in customers(),
        who in 0usize..13,
        owner in proptest::option::of(0u8..3),
        exposure in proptest::option::of(0i64..90),
        (sales, asked) in (0i64..6, 0i64..90),
        budget in 0i64..400,
    ) {
        let (plan, env) = (plan(), Env::on(day()));
        let who = who % all.len();
        let as_facts = |all: &[Customer]| all.iter().map(|of| facts(&plan, of, budget)).collect::<Vec<Facts>>();
        let kept = Portfolio::of(&plan, 0).unwrap().keep(as_facts(&all), 0, &env);
        let mut other = all.clone();
        other[who] = Customer { id: all[who].id.clone(), owner, exposure, sales, asked };
        let member = kept.member(&all[who].id.as_str().into()).unwrap();
        let again = member.book_with(&facts(&plan, &other[who], budget));
        let anew = Portfolio::of(&plan, 0).unwrap().book(&as_facts(&other), 0, &env);
        prop_assert_eq!(again.as_ref().unwrap_or(kept.book()), &anew);
        prop_assert!(member.book_with(&facts(&plan, &all[who], budget)).is_none());
        prop_assert!(kept.member(&"C99".into()).is_none());
    }
}

#[test]
fn a_run_goes_over_its_customers_once_for_each_stratum() {
    let plan = plan();
    let portfolio = Portfolio::of(&plan, 0).unwrap();
    // Exposure and sales first; then, the limits being known, what all limits come to.
    assert_eq!(portfolio.passes(), 2);
    assert!(engine::facts_needed_of_all(&plan, &plan.decisions[0]).len() > 4);
}

#[test]
fn alone_nothing_is_known_of_the_book_and_nobody_is_better_off() {
    let plan = plan();
    let of = Customer { id: "C00".into(), owner: Some(0), exposure: Some(5), sales: 1, asked: 80 };
    let env = Env::on(day());
    let decider = Decider::new(&plan, 0, &env).unwrap();
    let alone = decider.decide(&facts(&plan, &of, 100), &mut decider.scratch(), &mut ());
    let unknown = alone
        .values
        .iter()
        .filter(|value| matches!(value.outcome, Outcome::One(Value::Unknown(Cause::Book(_)))));
    assert_eq!(unknown.count(), plan.decisions[0].outputs.len() - 1);
}

#[test]
fn a_customer_that_the_book_does_not_hold_reads_nothing_of_it() {
    let plan = plan();
    let one = Customer { id: "C00".into(), owner: Some(0), exposure: Some(5), sales: 1, asked: 80 };
    let (book, _) = run(&plan, std::slice::from_ref(&one), 100);
    let other = Customer { id: "C01".into(), ..one.clone() };
    let moved = Customer { owner: Some(1), ..one };
    for of in [other, moved] {
        let decided = decide(&plan, &[facts(&plan, &of, 100)], &book);
        assert_eq!(outputs(&plan, &decided[0])["owned"], None, "{}", of.id);
    }
}

#[test]
fn budgets_that_differ_are_told_with_both_members() {
    let plan = plan();
    let one = |id: &str| Customer { id: id.into(), owner: None, exposure: None, sales: 1, asked: 80 };
    let all = [facts(&plan, &one("C00"), 100), facts(&plan, &one("C01"), 120)];
    let book = Portfolio::of(&plan, 0).unwrap().book(&all, 0, &Env::on(day()));
    let doubts: Vec<&Doubt> =
        book.values.iter().flat_map(|it| it.groups.values()).filter_map(|it| it.doubt.as_ref()).collect();
    assert!(doubts.contains(&&Doubt::Budgets("C00".into(), "C01".into())), "{doubts:?}");
}

#[test]
fn a_record_that_could_not_be_read_makes_unknown_what_does_not_skip_it() {
    let plan = plan();
    let one = Customer { id: "C00".into(), owner: Some(0), exposure: Some(5), sales: 1, asked: 80 };
    let all = [facts(&plan, &one, 100)];
    let book = Portfolio::of(&plan, 0).unwrap().book(&all, 1, &Env::on(day()));
    let found = outputs(&plan, &decide(&plan, &all, &book)[0]);
    assert_eq!(found["owned"], Some(Number::from_i64(5)));
    assert_eq!((&found["strict"], &found["place"], &found["used.served"]), (&None, &None, &None));
}
