//! What changed in meaning: pairs of policies, and what must hold of every change.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use gradus::base::{Lang, SourceMap, Str};
use gradus::eval::{Decider, Env, Trace};
use gradus::plan::{ItemKind, Op, OutputItem, Plan, Scope, StepId};
use gradus::review::Side;
use gradus::review::diff::{Change, Class, Diff, Kind, Way, Why, diff, formats, sentence};
use gradus::store::{Memory, Settings};
use gradus::syntax::{Node, concrete};
use gradus::value::{Date, Type, Value};
use proptest::prelude::{ProptestConfig, any, proptest};

use crate::corpus::{each, root, snapshot};
use crate::laws_rules::{Customers, Policy};

fn today() -> Date {
    Date::from_ymd(2026, 10, 8).unwrap()
}

pub struct Pair {
    pub diff: Diff,
    was: Side,
    is: Side,
    sources: SourceMap,
}

/// Two texts of one policy, compared.
pub fn compared(was: &str, is: &str) -> Option<Pair> {
    let world = Memory::new(today()).with("before.gradus", was).with("after.gradus", is);
    let mut sources = SourceMap::new();
    let mut open = |path: &str| Side::open(&world, &Settings::default(), path, today(), &mut sources).ok();
    let (was, is) = (open("./before.gradus")?, open("./after.gradus")?);
    let diff = diff(&was, &is, &mut sources).ok()?;
    Some(Pair { diff, was, is, sources })
}

#[test]
fn pairs_are_told_in_the_words_of_the_policy() {
    each("diff", "before.gradus", |before| {
        let text = |path: &Path| std::fs::read_to_string(path).unwrap();
        let after = before.with_file_name("after.gradus");
        let pair = compared(&text(before), &text(&after)).unwrap_or_else(|| panic!("{}", before.display()));
        let mut shown = formats::text(&pair.diff, &pair.sources, Lang::En, false);
        shown.push_str("\nCHINESE\n");
        for change in pair.diff.changes() {
            shown.push_str(&format!("  {}：{}\n", change.class.word(Lang::Zh), sentence(change, Lang::Zh)));
        }
        shown.push_str("\nADDRESSES\n");
        for change in pair.diff.changes() {
            shown.push_str(&format!("  {}\n", change.address()));
        }
        hold(&pair, 200);
        snapshot(&after, &shown);
    });
}

/// What is written otherwise and means the same is no change; a policy does not differ from itself.
#[test]
fn layout_comments_and_spelling_are_no_change() {
    let was = std::fs::read_to_string(root().join("tests/corpus/plan/ok/limit.gradus")).unwrap();
    let is = was
        .replace("100亿", "10_000_000_000")
        .replace("  ", "    ")
        .replace("facts {", "# a remark\n\nfacts {")
        .replace("25%", "25.0%");
    assert_ne!(was, is);
    assert!(compared(&was, &is).unwrap().diff.is_empty());
    assert!(compared(&was, &was).unwrap().diff.is_empty());
}

/// Nothing that changes what a policy means goes untold: where there is no change, the digests are the same; all changes together make the new policy.
fn hold(pair: &Pair, customers: usize) {
    for one in &pair.diff.pairs {
        let (Some(was), Some(is), Some(place)) = (&one.was, &one.is, one.place) else { continue };
        assert!(!one.changes.is_empty() || was.digest == is.digest, "{}: a change is not told", one.name);
        let renamed = one.changes.iter().any(|change| change.kind == Kind::Renamed);
        let all = pair.diff.with(place, &one.changes, &pair.sources);
        let plan = all.plan.unwrap_or_else(|| panic!("all changes together: {:#?}", all.diagnostics));
        assert!(renamed || plan.digest == is.digest, "all changes together are not the new policy");
        for (at, change) in one.changes.iter().enumerate() {
            hold_class(&pair.diff, place, one, (at, change), &pair.sources, customers);
        }
    }
    let _ = (&pair.was, &pair.is);
}

/// What a class says is held against the interpreter: many customers are decided under both.
fn hold_class(
    diff: &Diff,
    place: usize,
    pair: &gradus::review::diff::Pair,
    (at, change): (usize, &Change),
    sources: &SourceMap,
    customers: usize,
) {
    // Of a change of class `mixed`, too, something may be proved of some outputs.
    let claims = !matches!(change.why, Why::Open(..) | Why::BothWays(_)) && change.class == Class::Mixed;
    if claims || change.class == Class::LabelOnly || change.kind == Kind::Renamed {
        return;
    }
    let with = pair.alone(at);
    let before: Vec<&Change> = with.iter().copied().filter(|it| !std::ptr::eq(*it, change)).collect();
    let built = diff.with(place, before, sources);
    let Some(old) = built.plan else { return };
    let Some(new) = diff.with(place, with, sources).plan else { return };
    let names = |plan: &Plan| plan.schema.fields.iter().map(|field| field.name.clone()).collect::<Vec<_>>();
    if names(&old) != names(&new) {
        return;
    }
    let people = people(&old);
    let mut gone: Gone = Gone::new();
    let policy = Policy::new(old, built.calendars.clone());
    let env = Env { calendars: &built.calendars, ..Env::on(today()) };
    for seed in 0..customers as u64 {
        let genes: Vec<u16> = (0..300_u64)
            .map(|n| (n.wrapping_add(seed * 7919).wrapping_mul(6_364_136_223_846_793_005) >> 33) as u16)
            .collect();
        let facts = Customers::new(&genes, &policy).customer();
        for (place, decision) in policy.plan.decisions.iter().enumerate() {
            let Some(other) = new.decisions.iter().position(|it| it.name == decision.name) else { continue };
            let run = |plan: &Plan, place: usize| {
                let whole = Decider::whole(plan, place, &env).unwrap();
                let mut trace = Trace::new();
                whole.decide(&facts, &mut whole.scratch(), &mut trace);
                trace
            };
            let (then, now) = (run(&policy.plan, place), run(&new, other));
            for output in &decision.outputs {
                let same = new.decisions[other].outputs.iter().find(|it| it.name == output.name);
                let Some(same) = same else { continue };
                hold_rules(change, (&policy.plan, &then, output), (&new, &now, same));
                if policy.plan.steps[output.step].scope != Scope::Customer || people.contains(&output.step) {
                    continue;
                }
                let (Some(was), Some(is)) = (then.item(output.step, 0), now.item(same.step, 0)) else {
                    continue;
                };
                hold_output(change, (&policy.plan, &new), output, (was, is));
                hold_one_way(change, output, (was, is), &mut gone);
            }
        }
    }
}

/// What rests on signatures or on the book: a class takes both as they stand.
fn people(plan: &Plan) -> BTreeSet<StepId> {
    let mut found = BTreeSet::new();
    for (id, step) in plan.steps.iter_enumerated() {
        let exception =
            plan.items.iter().any(|item| matches!(item.kind, ItemKind::Override(_)) && item.value == id);
        let mut rests = exception || matches!(step.op, Op::Signed(_) | Op::SignedOn(_) | Op::Book(..));
        step.op.each_operand(|operand| rests |= found.contains(&operand));
        if rests {
            found.insert(id);
        }
    }
    found
}

/// Which way outputs go, as far as that is proved.
fn proved(change: &Change) -> Option<&[(Str, Way)]> {
    match &change.why {
        Why::Proved(ways) | Why::BothWays(ways) | Why::Open(_, ways) => Some(ways),
        Why::SameMeaning | Why::SameOutputs | Why::NoDirection | Why::NotAlone | Why::Whole => None,
    }
}

/// Which outputs have gone up for some customer, and which down.
type Gone = BTreeMap<String, (bool, bool)>;

/// An output of which it is proved that it is never better, or never worse, goes one way for all customers: a term, a deposit, a limit.
fn hold_one_way(change: &Change, output: &OutputItem, (was, is): (&Value, &Value), gone: &mut Gone) {
    let Some(ways) = proved(change) else { return };
    let (Value::Number(was), Value::Number(is)) = (was, is) else { return };
    if ways.iter().any(|(name, _)| *name == output.name) {
        let (up, down) = gone.entry(output.name.to_string()).or_default();
        *up |= is > was;
        *down |= is < was;
        assert!(!*up || !*down, "{change:?}: `{}` goes both ways", output.name);
    }
}

/// Holds on orders and steps of collection: where no customer is better off, what applied still does.
fn hold_rules(
    change: &Change,
    (old, then, was): (&Plan, &Trace, &OutputItem),
    (new, now, is): (&Plan, &Trace, &OutputItem),
) {
    let Some(ways) = proved(change) else { return };
    let Some((_, way)) = ways.iter().find(|(name, _)| *name == was.name) else { return };
    let kind = |plan: &'_ Plan, output: &OutputItem| output.item.map(|item| plan.items[item].kind.clone());
    let stands = |plan: &Plan, rule| {
        let rule: &gradus::plan::Rule = &plan.rules[rule];
        rule.applies.or(rule.condition)
    };
    let pairs: Vec<(StepId, StepId)> = match (kind(old, was), kind(new, is)) {
        (Some(ItemKind::Checks(before)), Some(ItemKind::Checks(after))) => before
            .holds
            .iter()
            .filter_map(|hold| {
                let other = after.holds.iter().find(|it| it.name == hold.name)?;
                Some((stands(old, hold.rule)?, stands(new, other.rule)?))
            })
            .collect(),
        (Some(ItemKind::Escalation(before)), Some(ItemKind::Escalation(after))) => {
            before.rungs.iter().zip(&after.rungs).map(|(then, now)| (then.open, now.open)).collect()
        }
        (_, _) => return,
    };
    let (then_people, now_people) = (people(old), people(new));
    for (before, after) in pairs {
        if then_people.contains(&before) || now_people.contains(&after) {
            continue;
        }
        let scope = old.steps[before].scope;
        for item in 0.. {
            let (Some(before), Some(after)) = (then.item(before, item), now.item(after, item)) else { break };
            let yes = |value: &Value| *value == Value::Bool(true);
            let told = || format!("{change:?}: `{}` item {item}: {before:?}, {after:?}", was.name);
            match way {
                Way::NeverBetter => assert!(!yes(before) || yes(after), "{}", told()),
                Way::NeverWorse => assert!(!yes(after) || yes(before), "{}", told()),
            }
            if scope == Scope::Customer {
                break;
            }
        }
    }
}

/// Whether two values are the same; members of a kind by their names, for they may stand in another order.
fn same(old: &Plan, new: &Plan, (was, is): (&Value, &Value), output: &OutputItem) -> bool {
    let ty = &old.steps[output.step].ty;
    let named = |plan: &Plan, code: u32| {
        let name = |kind: &str| {
            plan.schema.enums.iter().find(|it| &*it.name == kind)?.member(code).map(|it| it.name.clone())
        };
        match ty {
            Type::Enum(kind) => name(&old.schema.enums[*kind].name),
            _ => None,
        }
    };
    match (was, is) {
        (Value::Code(then), Value::Code(now)) => named(old, *then) == named(new, *now),
        (_, _) => was == is,
    }
}

fn hold_output(
    change: &Change,
    (plan, new): (&Plan, &Plan),
    output: &OutputItem,
    (was, is): (&Value, &Value),
) {
    let way = match &change.why {
        Why::Proved(ways) | Why::BothWays(ways) => {
            ways.iter().find(|(name, _)| *name == output.name).map(|(_, way)| *way)
        }
        Why::Open(open, _) if open.is_empty() || open.contains(&output.name) => return,
        // To whom the policy applies, or whether it decides at all, is open: nothing is claimed of who is decided on one side only.
        Why::Open(_, ways) => match ways.iter().find(|(name, _)| *name == output.name) {
            Some((_, way)) => Some(*way),
            None => return,
        },
        Why::SameOutputs | Why::SameMeaning => None,
        Why::NoDirection | Why::NotAlone | Why::Whole => return,
    };
    let told = || format!("{change:?}: `{}` was {was:?}, is {is:?}", output.name);
    let kind = output.item.map(|item| &plan.items[item].kind);
    // What stands of a ladder and of checks is proved rung by rung and hold by hold: that is held by `hold_rules`.
    if matches!(kind, Some(ItemKind::Escalation(_) | ItemKind::Checks(_))) && way.is_some() {
        return;
    }
    let Some(way) = way else {
        if change.also.iter().any(|it| it.name == output.name) {
            return;
        }
        if !matches!(kind, Some(ItemKind::Escalation(_) | ItemKind::Checks(_))) {
            assert_eq!(was.is_known(), is.is_known(), "{}", told());
            assert!(!was.is_known() || same(plan, new, (was, is), output), "{}", told());
        }
        return;
    };
    assert_eq!(was.is_known(), is.is_known(), "{}", told());
    let better = match (kind, was, is) {
        (Some(ItemKind::Limit(_)), Value::Number(was), Value::Number(is))
            if plan.steps[output.step].ty.unit().is_some_and(|unit| unit.currency.is_some()) =>
        {
            is.cmp(was)
        }
        (Some(ItemKind::Grades(_)), Value::Code(was), Value::Code(is)) => was.cmp(is),
        (_, _, _) => return,
    };
    match way {
        Way::NeverBetter => assert!(better.is_le(), "{}", told()),
        Way::NeverWorse => assert!(better.is_ge(), "{}", told()),
    }
}

/// A policy that stands alone: its path, its text, and where its numbers stand.
type Alone = (PathBuf, String, Vec<std::ops::Range<usize>>);

/// The policies of the library and of the corpus that stand alone.
static ALONE: LazyLock<Vec<Alone>> = LazyLock::new(|| {
    let mut paths = crate::corpus::files(&root().join("rules"), ".gradus");
    paths.extend(crate::corpus::files(&root().join("tests/corpus/plan/ok"), ".gradus"));
    let mut alone = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        if text.contains("\nuse ")
            || text.contains("\n引用 ")
            || text.contains("calendar")
            || text.contains(" from \"")
        {
            continue;
        }
        let mut sources = SourceMap::new();
        let file = sources.add("a", text.clone());
        let mut places = Vec::new();
        for item in concrete(file, &text) {
            if !matches!(item.rule, "case" | "policy" | "facts") {
                numbers(&item, &mut places);
            }
        }
        if !places.is_empty() && text.len() < 12_000 {
            alone.push((path, text, places));
        }
    }
    alone
});

fn numbers(node: &Node, found: &mut Vec<std::ops::Range<usize>>) {
    if node.rule == "figure" {
        found.push(node.span.range());
    }
    node.children.iter().for_each(|child| numbers(child, found));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// One number of a policy is another: the change is told, and no customer refutes its class.
    #[test]
    fn no_customer_refutes_the_class_of_a_change(which in any::<u16>(), place in any::<u16>(), by in 0..4_usize) {
        let (path, text, places) = &ALONE[usize::from(which) % ALONE.len()];
        let range = places[usize::from(place) % places.len()].clone();
        let Ok(figure) = text[range.clone()].replace('_', "").parse::<i64>() else { return Ok(()) };
        let figure = [figure + 1, figure - 1, figure * 2, figure / 2][by].max(0);
        let changed = format!("{}{figure}{}", &text[..range.start], &text[range.end..]);
        if let Some(pair) = compared(text, &changed) {
            assert!(pair.was.meant.len() == 1, "{}", path.display());
            hold(&pair, 25);
        }
    }
}
