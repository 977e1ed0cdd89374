//! A book decided under one policy: every customer's outputs, under their names, and what the customers come to together.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::view::{Figure, Shape, View};
use crate::base::{Label, Lang, Str};
use crate::eval::book::{Book, Making, Portfolio};
use crate::eval::{Decider, Decision, Env, Facts, Outcome, ReasonSource, Status};
use crate::plan::{ChecksItem, EscalationItem, ItemKind, OutputItem, Plan};
use crate::value::{Cause, Type, Value};

/// Threads that decide; made once for all runs of a comparison.
pub struct Cores(Option<rayon::ThreadPool>);

impl Cores {
    /// So many threads; without a number, all cores. Where the machine gives none, one customer is decided after the other.
    #[must_use]
    pub fn new(jobs: Option<u16>) -> Cores {
        Cores(rayon::ThreadPoolBuilder::new().num_threads(jobs.map_or(0, usize::from)).build().ok())
    }

    /// Does something with each item, each thread with a working place of its own; what comes out stands in their order.
    pub fn map<T: Sync, S, R: Send>(
        &self,
        items: &[T],
        place: impl Fn() -> S + Sync + Send,
        work: impl Fn(&mut S, &T) -> R + Sync + Send,
    ) -> Vec<R> {
        match &self.0 {
            Some(pool) => pool.install(|| items.par_iter().map_init(place, work).collect()),
            None => {
                let mut own = place();
                items.iter().map(|item| work(&mut own, item)).collect()
            }
        }
    }
}

/// The book of some customers, made on all cores; none where the decision reads none.
#[must_use]
pub fn book(
    plan: &Plan,
    decision: usize,
    env: &Env<'_>,
    customers: &[Facts],
    rejected: usize,
    cores: &Cores,
) -> Option<Book> {
    book_made(plan, decision, env, customers, rejected, cores).map(Making::finish)
}

/// The same with what it is made of.
#[must_use]
pub fn book_made<'p>(
    plan: &'p Plan,
    decision: usize,
    env: &Env<'p>,
    customers: &[Facts],
    rejected: usize,
    cores: &Cores,
) -> Option<Making<'p>> {
    let portfolio = Portfolio::of(plan, decision)?;
    let ids = customers.iter().map(|facts| facts.id.clone()).collect();
    let mut making = portfolio.begin(ids, rejected, env);
    while let Some(pass) = making.pass() {
        let known: Vec<(&Facts, &Vec<Value>)> = customers.iter().zip(making.rows()).collect();
        let rows = cores.map(&known, || pass.scratch(), |own, (facts, row)| pass.run(facts, row, own));
        drop(known);
        drop(pass);
        making.take(rows);
    }
    Some(making)
}

/// What was decided of one customer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Customer {
    /// How far it is decided.
    pub status: Status,
    /// What each output of the view is.
    pub seen: Vec<Seen>,
    /// The reasons that concern the customer, in words, each once: those of which a rule says something.
    pub reasons: Vec<Label>,
}

/// What an output of one customer is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Seen {
    /// A value of the customer.
    One(Figure),
    /// Of each item, by its key: the step, verdict or value, and what holds it.
    Items(BTreeMap<Str, Standing>),
}

/// Where an item stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    /// The step in force, the verdict, the value.
    pub at: Figure,
    /// Whether a hold stands.
    pub held: bool,
}

/// A book decided under one policy.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// The customers by key.
    pub customers: BTreeMap<Str, Customer>,
    /// What they come to together, where the policy asks for it.
    pub book: Option<Book>,
}

/// One output of the plan that decides, beside its place in the view.
struct Column<'p> {
    /// Its place in the decision; none where this plan does not have it.
    place: Option<usize>,
    ty: Type,
    ladder: Option<&'p EscalationItem>,
    checks: Option<&'p ChecksItem>,
}

fn column<'p>(plan: &'p Plan, place: Option<usize>, output: Option<&'p OutputItem>) -> Column<'p> {
    let ty = output.and_then(|output| plan.steps.get(output.step)).map(|step| step.ty.clone());
    let kind = output.and_then(|output| plan.items.get(output.item?)).map(|item| &item.kind);
    let (ladder, checks) = match kind {
        Some(ItemKind::Escalation(ladder)) => (Some(&**ladder), None),
        Some(ItemKind::Checks(checks)) => (None, Some(&**checks)),
        _ => (None, None),
    };
    Column { place, ty: ty.unwrap_or(Type::YesNo), ladder, checks }
}

/// Decides the customers by the decision at a place of a plan. `told` asks for reasons in words, which no effect of an edit needs.
#[must_use]
pub fn decide(
    plan: &Plan,
    place: usize,
    env: &Env<'_>,
    (customers, rejected): (&[Facts], usize),
    view: &View,
    told: bool,
    cores: &Cores,
) -> Run {
    let book = book(plan, place, env, customers, rejected, cores);
    let env = Env { book: book.as_ref(), ..env.clone() };
    let Some(decider) = Decider::new(plan, place, &env) else { return Run::default() };
    let outputs = &decider.decision().outputs;
    let columns: Vec<Column<'_>> = view
        .outputs
        .iter()
        .map(|output| {
            let place = outputs.iter().position(|it| it.name == output.name);
            column(plan, place, place.and_then(|place| outputs.get(place)))
        })
        .collect();
    let one = |facts: &Facts, decided: &Decision| Customer {
        status: decided.status,
        seen: view.outputs.iter().zip(&columns).map(|(it, own)| seen(plan, it.shape, own, decided)).collect(),
        reasons: if told { reasons(plan, facts, decided) } else { Vec::new() },
    };
    let decided = cores.map(
        customers,
        || decider.scratch(),
        |scratch, facts| (facts.id.clone(), one(facts, &decider.decide(facts, scratch, &mut ()))),
    );
    let customers = decided.into_iter().collect();
    Run { customers, book }
}

fn seen(plan: &Plan, shape: Shape, column: &Column<'_>, decided: &Decision) -> Seen {
    let outcome = column.place.and_then(|place| decided.values.get(place)).map(|value| &value.outcome);
    let figure = |value: &Value| Figure::of(value, &column.ty, plan);
    let key = |key: &Option<Value>, item: Option<usize>| match (key, item) {
        (Some(Value::Text(text)), _) => text.clone(),
        (Some(value), _) => Str::from(plan.shown(value, &Type::Text, Lang::En, false)),
        (None, Some(item)) => Str::from(format!("#{}", item.saturating_add(1))),
        (None, None) => Str::from(""),
    };
    let is_yes = |value: &Value| *value == Value::Bool(true);
    match outcome {
        Some(Outcome::One(value)) => Seen::One(figure(value)),
        Some(Outcome::Items(items)) => Seen::Items(
            items
                .iter()
                .map(|item| {
                    (key(&item.key, Some(item.item)), Standing { at: figure(&item.value), held: false })
                })
                .collect(),
        ),
        Some(Outcome::Ladder(records)) => {
            let own = column.ladder.map(|ladder| Type::Enum(ladder.steps));
            let ty = own.unwrap_or_else(|| column.ty.clone());
            let standing = |value: &Value, held: &Value| Standing {
                at: Figure::of(value, &ty, plan),
                held: is_yes(held),
            };
            let item = records.iter().map(|it| (key(&it.key, it.item), standing(&it.step, &it.held)));
            Seen::Items(item.collect())
        }
        Some(Outcome::Checks(records)) => Seen::Items(
            records
                .iter()
                .map(|record| {
                    let held = column.checks.is_some_and(|checks| record.standing(checks).next().is_some());
                    (key(&record.key, record.item), Standing { at: figure(&record.verdict), held })
                })
                .collect(),
        ),
        None => match shape {
            Shape::Ladder | Shape::Checks | Shape::Items => Seen::Items(BTreeMap::new()),
            Shape::Grade | Shape::Stance | Shape::Limit | Shape::Number | Shape::Other => {
                Seen::One(Figure::Unknown)
            }
        },
    }
}

/// Why, in words: what the rules say that shaped the decision of the customer; then its open questions and its faults.
fn reasons(plan: &Plan, facts: &Facts, decided: &Decision) -> Vec<Label> {
    let mut found: Vec<Label> = Vec::new();
    let mut add = |label: Label| {
        if !found.contains(&label) {
            found.push(label);
        }
    };
    for reason in decided.reasons.iter().filter(|reason| reason.item.is_none()) {
        let (Some(en), Some(zh)) = (reason.because(plan, Lang::En), reason.because(plan, Lang::Zh)) else {
            continue;
        };
        if matches!(reason.source, ReasonSource::Rule(_)) {
            add(Label { en: Str::from(en), zh: Str::from(zh) });
        }
    }
    for question in &decided.open {
        let role = plan.roles.iter().find(|(name, _)| *name == question.role);
        let role = role.map_or_else(|| Label::same(question.role.clone()), |(_, label)| label.clone());
        let asked = |lang: Lang| match &question.text {
            Some(text) => format!("{}{}", lang.pick(": ", "："), text.pick(lang)),
            None => String::new(),
        };
        add(Label {
            en: Str::from(format!("to be decided by the {}{}", role.en, asked(Lang::En))),
            zh: Str::from(format!("待{}决定{}", role.zh, asked(Lang::Zh))),
        });
    }
    for fault in decided.faults.iter().filter(|fault| fault.withholds()) {
        if let crate::eval::Fault::Always(place) = fault
            && let Some(always) = plan.always.get(*place)
        {
            let clause = |lang: Lang| crate::explain::phrase(plan, always.holds, lang);
            add(Label {
                en: Str::from(format!("withheld: always {}", clause(Lang::En))),
                zh: Str::from(format!("不予发布：始终 {}", clause(Lang::Zh))),
            });
        }
    }
    debug_assert_eq!(facts.id, decided.id);
    found
}

/// Some values of each customer, as the decision at a place lists them: what it owes, its segment.
#[must_use]
pub fn values(
    plan: &Plan,
    place: usize,
    env: &Env<'_>,
    (customers, rejected): (&[Facts], usize),
    cores: &Cores,
) -> BTreeMap<Str, Vec<Value>> {
    let book = book(plan, place, env, customers, rejected, cores);
    let env = Env { book: book.as_ref(), ..env.clone() };
    let Some(decider) = Decider::new(plan, place, &env) else { return BTreeMap::new() };
    let listed = |decided: Decision| {
        let value = |outcome: Outcome| match outcome {
            Outcome::One(value) => value,
            Outcome::Items(_) | Outcome::Ladder(_) | Outcome::Checks(_) => {
                Value::Unknown(Cause::NotComputable(0))
            }
        };
        decided.values.into_iter().map(|output| value(output.outcome)).collect()
    };
    let decided = cores.map(
        customers,
        || decider.scratch(),
        |scratch, facts| (facts.id.clone(), listed(decider.decide(facts, scratch, &mut ()))),
    );
    decided.into_iter().collect()
}
