//! Decisions that were accepted, made again under a change: what moves one of them is noticed, as `gradus test` would notice it.
//!
//! What is compared is what a decision says and why: outputs, reasons with their words, questions, how far it is decided. The way
//! there, which a snapshot shows as well, quotes the text of the policy; of a text that was changed in memory there is none.

use std::collections::BTreeSet;

use crate::base::{Lang, Str};
use crate::engine;
use crate::eval::{
    Book, CheckRecord, Decider, Decision, Env, Facts, LadderRecord, Outcome, Portfolio, ReasonSource,
    ScriptHost, decide_case,
};
use crate::plan::{EscalationItem, ItemKind, Plan};
use crate::trial::suite::Subject;
use crate::value::{Calendar, Cause, Date, FieldId, Type, Value};

/// The customers of files of facts, with all that deciding them takes.
#[derive(Clone, Debug)]
pub struct People {
    /// The decision, by name.
    pub decision: Str,
    /// The day.
    pub day: Date,
    /// The parameters that are set, as written.
    pub settings: Vec<(String, String)>,
    /// The customers whose decisions are kept.
    pub kept: Vec<(Str, Facts)>,
    /// All customers of whom the book is made, none for one who could not be read; empty where no book is made.
    pub book_of: Vec<Option<Facts>>,
    /// The book that was given.
    pub book: Option<Book>,
}

/// Decisions of a policy that stand as they were accepted.
pub struct Accepted {
    /// The policy, by its place in the folder.
    place: usize,
    of: Of,
    /// What each comes to by the policy as it stands.
    told: Vec<Vec<String>>,
}

enum Of {
    People(Box<People>),
    /// Cases by the places where their names stand.
    Cases(BTreeSet<Str>),
}

/// A fact that is unknown wherever it is given; with a place, that field of its records.
pub(super) type Hidden = Option<(FieldId, Option<u32>)>;

/// What a policy is decided with.
type Tools<'t> = (&'t [Calendar], Option<&'t dyn ScriptHost>);

impl Accepted {
    /// The decisions of customers.
    #[must_use]
    pub fn people(subject: &Subject, people: People) -> Accepted {
        Accepted::new(subject, Of::People(Box::new(people)))
    }

    /// The decisions of the cases of these names.
    #[must_use]
    pub fn cases(subject: &Subject, names: &BTreeSet<Str>) -> Accepted {
        Accepted::new(subject, Of::Cases(names.clone()))
    }

    fn new(subject: &Subject, of: Of) -> Accepted {
        let mut accepted = Accepted { place: subject.place, of, told: Vec::new() };
        let tools = (subject.calendars.as_slice(), subject.scripts());
        let mut told = Vec::new();
        let _ = accepted.each(subject, &subject.plan, tools, None, &mut |_, it| {
            told.push(it);
            true
        });
        accepted.told = told;
        accepted
    }

    /// Whether these are decisions of the policy at a place of the folder.
    pub(super) fn is_of(&self, place: usize) -> bool {
        self.place == place
    }

    /// Whether one of the decisions comes out otherwise by another plan of the policy, or with a fact unknown.
    pub(super) fn notices(
        &self,
        subject: &Subject,
        plan: &Plan,
        calendars: &[Calendar],
        hidden: Hidden,
    ) -> bool {
        let tools = (calendars, subject.scripts());
        let mut count = 0_usize;
        let same = self.each(subject, plan, tools, hidden, &mut |place, it| {
            count = count.saturating_add(1);
            self.told.get(place) == Some(&it)
        });
        !same || count != self.told.len()
    }

    /// What each decision comes to, as long as `go` wants the next one. Whether all were wanted, and could be decided.
    fn each(
        &self,
        subject: &Subject,
        plan: &Plan,
        tools: Tools<'_>,
        hidden: Hidden,
        go: &mut dyn FnMut(usize, Vec<String>) -> bool,
    ) -> bool {
        match &self.of {
            Of::People(people) => people.each(plan, tools, hidden, go).is_some(),
            Of::Cases(names) => {
                let cases = subject.kept_cases_of(plan).into_iter();
                let mut cases = cases.filter(|(_, case)| names.contains(&case.name)).enumerate();
                cases.all(|(place, (kept, mut case))| {
                    for (_, given, _) in
                        case.facts.iter_mut().filter(|(id, ..)| Some(*id) == hidden.map(|it| it.0))
                    {
                        super::build::hide(given, hidden);
                    }
                    let decision = engine::choose(plan, kept.keep.decision.as_deref()).ok();
                    let decided =
                        decision.and_then(|place| decide_case(plan, place, &case, tools.0, tools.1).ok());
                    decided.is_some_and(|it| go(place, told(plan, &it.decision)))
                })
            }
        }
    }
}

impl People {
    /// None where one was not wanted any more, or cannot be decided.
    fn each(
        &self,
        plan: &Plan,
        (calendars, scripts): Tools<'_>,
        hidden: Hidden,
        go: &mut dyn FnMut(usize, Vec<String>) -> bool,
    ) -> Option<()> {
        let decision = engine::choose(plan, Some(&self.decision)).ok()?;
        let env = engine::environment(plan, self.day, &self.settings, calendars, scripts).ok()?;
        let made = match Portfolio::of(plan, decision) {
            Some(portfolio) if self.book.is_none() => {
                let all: Vec<Facts> = self.book_of.iter().flatten().map(|it| without(it, hidden)).collect();
                let unread = self.book_of.iter().filter(|it| it.is_none()).count();
                Some(portfolio.book(&all, unread, &env))
            }
            Some(_) | None => self.book.clone().map(|book| book.lined_up(plan)),
        };
        let env = Env { book: made.as_ref(), ..env };
        let decider = Decider::new(plan, decision, &env)?;
        let mut scratch = decider.scratch();
        for (place, (_, facts)) in self.kept.iter().enumerate() {
            let decided = decider.decide(&without(facts, hidden), &mut scratch, &mut ());
            go(place, told(plan, &decided)).then_some(())?;
        }
        Some(())
    }
}

/// Facts of which one is unknown.
fn without(facts: &Facts, hidden: Hidden) -> Facts {
    let mut facts = facts.clone();
    let Some((fact, part)) = hidden else { return facts };
    let missing = Value::Unknown(Cause::Missing(fact.0));
    match part {
        None => facts.set(fact, missing),
        Some(part) => {
            let column = facts.records_mut(fact).and_then(|it| it.columns.get_mut(part as usize));
            column.into_iter().flatten().for_each(|value| *value = missing.clone());
        }
    }
    facts
}

/// What a decision says, in texts that do not hang on the numbers of steps and rules.
fn told(plan: &Plan, decided: &Decision) -> Vec<String> {
    let mut told = vec![decided.status.name().to_owned()];
    let outputs = plan.decisions.get(decided.decision).map(|it| it.outputs.as_slice()).unwrap_or_default();
    for (output, value) in outputs.iter().zip(&decided.values) {
        let ty = plan.steps.get(output.step).map_or(&Type::YesNo, |step| &step.ty);
        let plain = |value: &Value| match value {
            Value::Unknown(_) => String::from("?"),
            value => plan.shown(value, ty, Lang::En, false),
        };
        let own = match &value.outcome {
            Outcome::One(value) => plain(value),
            Outcome::Items(items) => items.iter().map(|it| plain(&it.value)).collect::<Vec<_>>().join(", "),
            Outcome::Ladder(items) => {
                let item = output.item.and_then(|item| plan.items.get(item)).map(|item| &item.kind);
                let Some(ItemKind::Escalation(of)) = item else { continue };
                items.iter().map(|it| ladder(it, of)).collect::<Vec<_>>().join(", ")
            }
            Outcome::Checks(items) => items.iter().map(checks).collect::<Vec<_>>().join(", "),
        };
        told.push(format!("{} {own} {:?}", output.name, value.since));
    }
    for reason in &decided.reasons {
        let ReasonSource::Rule(id) = reason.source else { continue };
        let Some(rule) = plan.rules.get(id) else { continue };
        let code = rule.reason.code.as_deref().unwrap_or("");
        let said = reason.because(plan, Lang::En).unwrap_or_default();
        told.push(format!("{code} {said} {:?}", reason.item));
    }
    told.extend(decided.open.iter().map(|it| format!("{} asked {:?}", it.role, it.item)));
    told
}

fn code(value: &Value) -> String {
    match value {
        Value::Unknown(_) => String::from("?"),
        value => format!("{value:?}"),
    }
}

/// Where an item stands, what is done about it, who is told and who is asked.
fn ladder(it: &LadderRecord, ladder: &EscalationItem) -> String {
    let rung = it.rung(ladder).filter(|_| it.act == Value::Bool(true));
    let done = rung.map(|rung| [&rung.actions, &rung.notify]);
    let asked = match it.awaiting {
        Value::Code(code) => ladder.rungs.get(code as usize).map(|rung| &rung.approval),
        _ => None,
    };
    let of = [&it.step, &it.day, &it.awaiting, &it.next, &it.next_day, &it.act, &it.held, &it.held_since];
    let values: Vec<String> = of.into_iter().map(code).collect();
    format!("{:?} {} {:?} {done:?} {asked:?}", it.item, values.join(" "), it.tactics(ladder))
}

fn checks(it: &CheckRecord) -> String {
    format!("{:?} {}", it.item, code(&it.verdict))
}
