//! What is still wanted of a customer: which missing facts and papers could move which outputs, and by what.
//!
//! Each missing fact is tried alone, then two together, then those that the policy asks for together, then all; each paper that is
//! missing or expired is supplied. What could move is always shown by values that do it: nothing is guessed. That a fact moves nothing
//! by itself is claimed only where every value that it can have was tried.

mod aims;
mod effect;
mod json;
mod papers;
mod values;

use std::collections::BTreeSet;

use super::Figure;
use crate::base::Str;
use crate::eval::{self, Decider, Decision, Facts, Scratch, Status};
use crate::plan::{self, ItemKind, Label, Op, Plan, StepId};
use crate::value::{Cause, Date, FieldId, FieldType, Value};

pub(super) use effect::Effect;
pub use json::needs_json;

/// So many decisions are made at most in all.
const MOST_DECISIONS: usize = 12_000;
/// So often the book is made again at most.
const MOST_BOOKS: usize = 1_000;
/// So many facts are tried two by two at most.
const MOST_PAIRED: usize = 12;
/// So many times values of two facts are chosen anew.
const PAIR_ROUNDS: usize = 6;
/// So many times values of more facts are chosen anew.
const GROUP_ROUNDS: usize = 24;
/// So many values are tried at the last fact of a choice.
const AT_LAST: usize = 24;

/// What is still wanted of a customer.
#[derive(Clone, Debug)]
pub struct Needs {
    /// Whose.
    pub customer: Str,
    /// The decision: name, label.
    pub decision: (Str, Label),
    /// The as-of date.
    pub as_of: Date,
    /// What is wanted, what could change most first; behind it what the book alone can show, then what changes nothing.
    pub wanted: Vec<Need>,
    /// What is open beside it and not the customer's to give: answers and signatures.
    pub open: Vec<StillAsked>,
    /// How many decisions were made in order to find out.
    pub decisions: usize,
    /// Whether there was more to try than that many decisions allow.
    pub cut_short: bool,
}

/// A role of which an answer or a signature is still wanted.
#[derive(Clone, Debug)]
pub struct StillAsked {
    /// The role: name, label.
    pub role: (Str, Label),
    /// What it is asked; none where it is to sign.
    pub text: Option<Label>,
    /// The rule that asks.
    pub address: Str,
}

/// What kind of thing is wanted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum NeedKind {
    /// A fact.
    Fact,
    /// A paper of a checklist.
    Paper,
    /// Several of them together.
    Together,
}

impl NeedKind {
    /// The word for it in files: `fact`, `paper`, `together`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            NeedKind::Fact => "fact",
            NeedKind::Paper => "paper",
            NeedKind::Together => "together",
        }
    }
}

/// A fact or paper that is wanted, or several that count together.
#[derive(Clone, Debug)]
pub struct Need {
    /// What it is.
    pub kind: NeedKind,
    /// What the policy calls them together: the name and label of the value that they make.
    pub whole: Option<(Str, Label)>,
    /// The facts or papers: one, or those that count together.
    pub parts: Vec<(Str, Label)>,
    /// What it could move, output by output.
    pub moves: Vec<Move>,
    /// How many choices of values were tried.
    pub tried: usize,
    /// Whether every value that it can have was tried.
    pub all_tried: bool,
    /// How many of them break what must always hold, so that the decision is withheld.
    pub withheld: usize,
    /// That no record could be made up with which the paper holds.
    pub no_record: bool,
    /// That it counts in the book of all customers, which stood still while it was tried, or was not tried with every group.
    pub in_book: bool,
}

/// What could be moved.
#[derive(Clone, Debug)]
pub struct Move {
    /// The output; none where it is the status of the whole decision.
    pub output: Option<(Str, Label)>,
    /// From what to what.
    pub change: Change,
}

/// How an output could change.
#[derive(Clone, Debug)]
pub enum Change {
    /// From one value to each of these, with what makes it so. Of numbers and days only the least and the greatest are kept.
    Value {
        /// What it is now.
        from: Figure,
        /// What it could become.
        to: Vec<(Figure, Vec<Given>)>,
        /// How many other values between those were found.
        between: usize,
    },
    /// From one status to others.
    Status {
        /// What it is now.
        from: Status,
        /// What it could become.
        to: Vec<(Status, Vec<Given>)>,
    },
    /// Of so many items at most something changes.
    Items {
        /// How many.
        most: usize,
        /// What makes it so.
        with: Vec<Given>,
    },
}

/// A fact with a value that was tried.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Given {
    /// The fact: name, label.
    pub fact: (Str, Label),
    /// The value.
    pub value: Figure,
}

/// Facts that are tried together.
#[derive(Clone, Debug)]
struct Company {
    facts: Vec<FieldId>,
    /// What the policy calls them.
    whole: Option<(Str, Label)>,
    /// How many times their values are chosen anew.
    rounds: usize,
}

/// Decides with the book that these facts make, and what the run came to; none where they make the same book as before.
pub type Anew<'a> = dyn Fn(&Facts) -> Option<(Decision, Scratch)> + 'a;

/// The work in hand.
struct Search<'a, 'p> {
    plan: &'p Plan,
    decider: &'a Decider<'p>,
    /// Where the book can be made again.
    anew: Option<&'a Anew<'a>>,
    books: usize,
    facts: &'a Facts,
    /// What is tried begins with these: the facts, or the facts with papers supplied.
    base: Facts,
    today: Date,
    now: Decision,
    scratch: Scratch,
    made: usize,
    cut_short: bool,
}

/// Lists what is wanted of a customer: `wanted` are the facts that the decision reads, `in_book` those of which the book is made
/// that it reads; the decider runs the whole plan, and `anew` makes the book again where it can be.
#[must_use]
pub fn needs(
    plan: &Plan,
    decider: &Decider<'_>,
    (wanted, in_book): (&BTreeSet<FieldId>, &BTreeSet<FieldId>),
    anew: Option<&Anew<'_>>,
    facts: &Facts,
    today: Date,
) -> Needs {
    let mut scratch = decider.scratch();
    let now = decider.decide(facts, &mut scratch, &mut ());
    let mut search = Search {
        plan,
        decider,
        anew,
        books: 0,
        facts,
        base: facts.clone(),
        today,
        now,
        scratch,
        made: 1,
        cut_short: false,
    };
    let open = still_asked(plan, &search.now);
    let read: BTreeSet<FieldId> = wanted.union(in_book).copied().collect();
    let missing: Vec<FieldId> = read.into_iter().filter(|fact| search.is_wanted(*fact)).collect();
    let mut found = search.alone(&missing);
    found.extend(search.together(&missing, &found));
    let (papers, lacking) = papers::papers(&mut search);
    found.extend(papers);
    let company = search.in_company(&missing);
    found.extend(papers::with_facts(&mut search, &lacking, &company, &found));
    for need in found.iter_mut().filter(|need| need.kind == NeedKind::Fact) {
        let facts = need.parts.iter().filter_map(|(name, _)| plan.schema.find(name));
        // To which group a customer belongs is written in words, of which few were tried.
        let written = |fact: FieldId| plan.schema.fields.get(fact).is_some_and(|it| it.ty == FieldType::Text);
        let untried = |fact: FieldId| anew.is_none() || written(fact);
        need.in_book = facts.into_iter().any(|fact| in_book.contains(&fact) && untried(fact));
    }
    let weigh = |need: &Need| Effect::of(plan, need);
    // What counts only in company is told there and not once more as what changes nothing.
    let in_company: BTreeSet<Str> = found
        .iter()
        .filter(|need| need.kind == NeedKind::Together && !need.moves.is_empty())
        .flat_map(|need| need.parts.iter().map(|(name, _)| name.clone()))
        .collect();
    found.retain(|need| {
        let told = need.parts.iter().all(|(name, _)| in_company.contains(name));
        !need.moves.is_empty() || need.kind != NeedKind::Together && !(told && need.tried > 0)
    });
    found.sort_by(|a, b| weigh(a).cmp(&weigh(b)).then_with(|| a.parts.cmp_names(&b.parts)));
    found.iter_mut().for_each(|need| need.moves.sort_by_key(|one| effect::place(plan, one)));
    let decision = decider.decision();
    Needs {
        customer: facts.id.clone(),
        decision: (decision.name.clone(), decision.label.clone()),
        as_of: today,
        wanted: found,
        open,
        decisions: search.made,
        cut_short: search.cut_short,
    }
}

/// Who is still asked what, each once.
fn still_asked(plan: &Plan, now: &Decision) -> Vec<StillAsked> {
    let mut lines: Vec<StillAsked> = Vec::new();
    for question in &now.open {
        let role = plan.roles.iter().find(|(name, _)| *name == question.role).cloned();
        let line = StillAsked {
            role: role.unwrap_or_else(|| (question.role.clone(), Label::same(question.role.clone()))),
            text: question.text.clone(),
            address: plan.rules.get(question.rule).map_or_else(Str::default, |rule| rule.address.clone()),
        };
        if !lines.iter().any(|known| known.role == line.role && known.address == line.address) {
            lines.push(line);
        }
    }
    lines
}

/// Orders by how many names and which.
trait Names {
    fn cmp_names(&self, other: &Self) -> std::cmp::Ordering;
}

impl Names for Vec<(Str, Label)> {
    fn cmp_names(&self, other: &Self) -> std::cmp::Ordering {
        let names = |it: &Self| it.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        self.len().cmp(&other.len()).then_with(|| names(self).cmp(&names(other)))
    }
}

impl Search<'_, '_> {
    /// Whether a fact was not given and is the customer's to give: what persons and the last decision say is not.
    fn is_wanted(&self, fact: FieldId) -> bool {
        let Some(field) = self.plan.schema.fields.get(fact) else { return false };
        let missing = matches!(self.facts.value(fact), Some(Value::Unknown(Cause::Missing(_))));
        let not_asked_here = self.plan.items.iter().any(|item| match &item.kind {
            ItemKind::Checklist(it) => it.list == fact,
            ItemKind::Judgement(it) => it.answers.list == fact,
            ItemKind::Override(it) => it.exceptions.list == fact,
            _ => false,
        });
        let signatures = self.plan.steps.iter().any(|step| match &step.op {
            Op::Signed(it) => it.list == fact,
            Op::SignedOn(it) => it.list == fact,
            _ => false,
        });
        missing && !field.name.starts_with("last.") && !not_asked_here && !signatures
    }

    /// Decides with other facts; `None` where no more may be tried.
    fn decide(&mut self, facts: &Facts) -> Option<Decision> {
        if self.made >= MOST_DECISIONS || self.books >= MOST_BOOKS {
            self.cut_short = true;
            return None;
        }
        self.made = self.made.saturating_add(1);
        if let Some((decided, scratch)) = self.anew.and_then(|anew| anew(facts)) {
            self.books = self.books.saturating_add(1);
            self.scratch = scratch;
            return Some(decided);
        }
        Some(self.decider.decide(facts, &mut self.scratch, &mut ()))
    }

    fn with(&self, given: &[(FieldId, Value)]) -> Facts {
        let mut facts = self.base.clone();
        for (fact, value) in given {
            facts.set(*fact, value.clone());
        }
        facts
    }

    fn named(&self, fact: FieldId) -> (Str, Label) {
        let field = self.plan.schema.fields.get(fact);
        field.map_or_else(|| (Str::from("?"), Label::same("?")), |it| (it.name.clone(), it.label.clone()))
    }

    fn given(&self, given: &[(FieldId, Value)]) -> Vec<Given> {
        let figure = |fact: FieldId, value: &Value| {
            let ty = self.plan.schema.fields.get(fact)?.ty.ty(fact.0);
            Some(Given { fact: self.named(fact), value: Figure { value: value.clone(), ty } })
        };
        given.iter().filter_map(|(fact, value)| figure(*fact, value)).collect()
    }

    /// The values of a fact worth trying with what the last run came to.
    fn values(&self, fact: FieldId) -> (Vec<Value>, bool) {
        let aims = aims::aims(self.plan, &self.scratch, |step| self.decider.program().has(step));
        values::values(self.plan, self.facts, fact, aims.get(&fact), self.today)
    }

    /// Holds what came out against what is now.
    fn note(&self, need: &mut Need, then: &Decision, with: &[Given]) {
        need.tried = need.tried.saturating_add(1);
        if then.status == Status::Withheld && self.now.status != Status::Withheld {
            need.withheld = need.withheld.saturating_add(1);
            return;
        }
        effect::compare(self.plan, self.decider.decision(), (&self.now, then), with, &mut need.moves);
    }

    /// Each fact by itself.
    fn alone(&mut self, missing: &[FieldId]) -> Vec<Need> {
        let mut found = Vec::new();
        for fact in missing {
            let start = self.facts.clone();
            let _ = self.decide(&start);
            let (values, all_tried) = self.values(*fact);
            let mut need = Need::of(NeedKind::Fact, vec![self.named(*fact)]);
            let all = values.len();
            for value in values {
                let given = [(*fact, value)];
                let Some(then) = self.decide(&self.with(&given)) else { break };
                let with = self.given(&given);
                self.note(&mut need, &then, &with);
            }
            need.all_tried = all_tried && need.tried == all;
            need.moves.iter_mut().for_each(effect::settle);
            found.push(need);
        }
        found
    }

    /// The facts that are tried in company, and how often: those that the policy asks for together, and all others two by two.
    fn in_company(&mut self, missing: &[FieldId]) -> Vec<Company> {
        let missing = self.single(missing);
        let asked = self.asked_together(&missing);
        let in_one =
            |a: FieldId, b: FieldId| asked.iter().any(|it| it.facts.contains(&a) && it.facts.contains(&b));
        let mut pairs = Vec::new();
        for (place, a) in missing.iter().take(MOST_PAIRED).enumerate() {
            for b in missing.iter().take(MOST_PAIRED).skip(place.saturating_add(1)) {
                if !in_one(*a, *b) {
                    pairs.push(Company { facts: vec![*a, *b], whole: None, rounds: PAIR_ROUNDS });
                }
            }
        }
        self.cut_short |= missing.len() > MOST_PAIRED;
        asked.into_iter().chain(pairs).collect()
    }

    /// The facts among these that have a value of their own.
    fn single(&self, missing: &[FieldId]) -> Vec<FieldId> {
        let single = |fact: &FieldId| {
            let ty = self.plan.schema.fields.get(*fact).map(|field| &field.ty);
            ty.is_some_and(|ty| !matches!(ty, FieldType::Records(_) | FieldType::List { .. }))
        };
        missing.iter().copied().filter(single).collect()
    }

    /// What facts move only together.
    fn together(&mut self, missing: &[FieldId], alone: &[Need]) -> Vec<Need> {
        let missing = self.single(missing);
        let mut taken: Vec<Need> = Vec::new();
        let company = self.in_company(&missing);
        for them in &company {
            let mut need = self.joint(&them.facts, them.rounds);
            need.whole.clone_from(&them.whole);
            // What one of them moves alone is told there.
            let parts = need.parts.clone();
            let of_them = alone.iter().filter(|it| it.parts.iter().all(|part| parts.contains(part)));
            need.drop_known(of_them);
            if !need.moves.is_empty() {
                taken.push(need);
            }
        }
        if missing.len() > 2 && !company.iter().any(|it| it.facts.len() == missing.len()) {
            taken.extend(self.all_together(&missing, alone, &taken));
        }
        taken.iter_mut().flat_map(|need| &mut need.moves).for_each(effect::settle);
        taken
    }

    /// What only all of them move, and of these as few as will do.
    fn all_together(&mut self, missing: &[FieldId], alone: &[Need], taken: &[Need]) -> Option<Need> {
        let mut facts = missing.to_vec();
        let mut need = self.joint(&facts, GROUP_ROUNDS);
        need.drop_known(alone.iter().chain(taken));
        if need.moves.is_empty() {
            return None;
        }
        for fact in missing {
            let fewer: Vec<FieldId> = facts.iter().copied().filter(|it| it != fact).collect();
            let mut other = self.joint(&fewer, PAIR_ROUNDS);
            other.drop_known(alone.iter().chain(taken));
            if need.moves.iter().all(|one| other.moves.iter().any(|it| it.same(one))) {
                (facts, need) = (fewer, other);
            }
        }
        Some(need)
    }

    /// The facts that the policy asks for together: a value that says whether each of them is known.
    fn asked_together(&self, missing: &[FieldId]) -> Vec<Company> {
        let plan = self.plan;
        let targets = eval::targets(plan, self.decider.decision());
        let mut found: Vec<Company> = Vec::new();
        for step in plan::slice(plan, &targets, &BTreeSet::new()) {
            let Some(Op::And(of)) = plan.steps.get(step).map(|it| &it.op) else { continue };
            let facts: Option<Vec<FieldId>> = of.iter().map(|it| known_fact(plan, *it)).collect();
            let mut facts = facts.unwrap_or_default();
            facts.retain(|fact| missing.contains(fact));
            let named = plan.items.iter().find(|item| plain(plan, item.value) == step);
            let new = facts.len() > 1 && !found.iter().any(|it| it.facts == facts);
            if let Some(item) = named.filter(|_| new) {
                let whole = Some((item.name.clone(), item.label.clone()));
                found.push(Company { facts, whole, rounds: GROUP_ROUNDS });
            }
        }
        found
    }

    /// Chooses values for several facts one behind the other, each with an eye to what those before it came to, in many ways.
    fn joint(&mut self, facts: &[FieldId], rounds: usize) -> Need {
        let mut need = Need::of(NeedKind::Together, facts.iter().map(|fact| self.named(*fact)).collect());
        for round in 0..rounds {
            let turn = round.checked_rem(facts.len()).unwrap_or(0);
            let (behind, before) = facts.split_at_checked(turn).unwrap_or((&[], facts));
            let order: Vec<FieldId> = before.iter().chain(behind).copied().collect();
            let Some((last, first)) = order.split_last() else { break };
            let mut given: Vec<(FieldId, Value)> = Vec::new();
            for (place, fact) in (1_usize..).zip(first) {
                if self.decide(&self.with(&given)).is_none() {
                    return need;
                }
                let values = self.values(*fact).0;
                // Another place of the list in each round, and for each fact another one.
                let at =
                    round.saturating_mul(place.saturating_mul(2).saturating_add(1)).checked_rem(values.len());
                let Some(value) = at.and_then(|at| values.into_iter().nth(at)) else { return need };
                given.push((*fact, value));
            }
            if self.decide(&self.with(&given)).is_none() {
                return need;
            }
            for value in self.values(*last).0.into_iter().take(AT_LAST) {
                let mut all = given.clone();
                all.push((*last, value));
                let Some(then) = self.decide(&self.with(&all)) else { return need };
                all.sort_by_key(|(fact, _)| *fact);
                let with = self.given(&all);
                self.note(&mut need, &then, &with);
            }
        }
        need
    }
}

impl Need {
    fn of(kind: NeedKind, parts: Vec<(Str, Label)>) -> Need {
        Need {
            kind,
            whole: None,
            parts,
            moves: Vec::new(),
            tried: 0,
            all_tried: false,
            withheld: 0,
            no_record: false,
            in_book: false,
        }
    }

    /// Leaves out what others move already.
    fn drop_known<'n>(&mut self, others: impl Iterator<Item = &'n Need> + Clone) {
        self.moves.retain(|one| !others.clone().flat_map(|it| &it.moves).any(|it| it.same(one)));
    }
}

impl Move {
    /// Whether it moves to nothing.
    fn is_empty(&self) -> bool {
        match &self.change {
            Change::Value { to, .. } => to.is_empty(),
            Change::Status { to, .. } => to.is_empty(),
            Change::Items { most, .. } => *most == 0,
        }
    }

    /// Whether it is of the same output.
    fn same(&self, other: &Move) -> bool {
        self.output.as_ref().map(|it| &it.0) == other.output.as_ref().map(|it| &it.0)
    }
}

/// The step that a name stands for.
fn plain(plan: &Plan, mut step: StepId) -> StepId {
    while let Some(Op::Same(of)) = plan.steps.get(step).map(|it| &it.op) {
        step = *of;
    }
    step
}

/// The fact of which a step says whether it is known.
fn known_fact(plan: &Plan, step: StepId) -> Option<FieldId> {
    let Op::IsKnown(of) = plan.steps.get(plain(plan, step)).map(|it| &it.op)? else { return None };
    match plan.steps.get(plain(plan, *of)).map(|it| &it.op)? {
        Op::Fact(fact) => Some(*fact),
        _ => None,
    }
}
