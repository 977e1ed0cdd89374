//! A policy on which changes are tried: its text, its cases, and those of the policies that use it.

use std::collections::BTreeSet;

use super::accepted::{Accepted, Hidden};
use super::equal::{cannot_differ, is_read_by_nothing};
use super::sites::sites;
use super::vocabulary::{ACTION, Both, ROLE, droppable};
use super::{Change, Edit, Fate, IsOver, Limits, Mutation, Place, Witness, witness};
use crate::base::{Lang, SourceMap, Span, Str};
use crate::engine::{self, Built};
use crate::eval::run_case;
use crate::plan::{CaseItem, Given, Op, Plan, Silence};
use crate::store::RulesFolder;
use crate::syntax::{ast, concrete, parse_item};
use crate::trial::coverage::{self, Index};
use crate::trial::suite::{Subject, Suite};
use crate::trial::wanted::Wanted;
use crate::value::{Calendar, Cause, FieldId, FieldType, Value};

/// A policy on which changes are tried.
pub struct Ground<'s> {
    /// The changes, in the order of the text.
    pub mutations: Vec<Mutation>,
    subject: &'s Subject,
    folder: &'s RulesFolder,
    sources: &'s SourceMap,
    /// The cases, by their places in the plan.
    cases: Vec<usize>,
    /// Where there is something to exercise, and which of the cases do.
    reached: Vec<(Span, Vec<usize>)>,
    /// The policies that use this one, each with its cases.
    users: Vec<(&'s Subject, Vec<usize>)>,
    /// The decisions that were accepted, of all policies.
    accepted: &'s [Accepted],
    wanted: Wanted,
    lang: Lang,
}

impl<'s> Ground<'s> {
    /// Finds the changes of a policy and the cases that may notice them.
    #[must_use]
    pub fn new(
        suite: &'s Suite,
        subject: &'s Subject,
        wanted: &Wanted,
        sources: &'s SourceMap,
        limits: &Limits<'s>,
    ) -> Ground<'s> {
        let users = suite.subjects.iter().filter(|other| {
            other.place != subject.place && suite.folder.with_uses(other.place).contains(&subject.place)
        });
        let mut ground = Ground {
            mutations: Vec::new(),
            subject,
            folder: &suite.folder,
            sources,
            cases: subject.places(wanted),
            reached: Vec::new(),
            users: users.map(|user| (user, user.places(wanted))).collect(),
            accepted: limits.accepted,
            wanted: wanted.clone(),
            lang: limits.lang,
        };
        if !(limits.is_over)() {
            ground.reached = ground.reaching();
        }
        ground.mutations = ground.all();
        if let Some(lines) = &limits.lines {
            ground.mutations.retain(|it| {
                let Some(source) = sources.get(it.span.file) else { return false };
                let (from, to) =
                    (source.line_column(it.span.start).line, source.line_column(it.span.end).line);
                let ranges = lines.get(&it.span.file).map_or(&[][..], Vec::as_slice);
                ranges.iter().any(|(first, last)| from <= *last && *first <= to)
            });
        }
        ground
    }

    /// Where there is something to exercise, and which of the cases do.
    fn reaching(&self) -> Vec<(Span, Vec<usize>)> {
        let subject = self.subject;
        let goals = coverage::goals(&subject.plan);
        let cases = subject.cases(&self.wanted);
        let index = Index::of(&subject.plan, &goals, &cases, &subject.calendars, subject.scripts());
        let reaching = |number: usize| {
            index.reaching(number).into_iter().filter_map(|case| self.cases.get(case).copied()).collect()
        };
        goals.iter().enumerate().map(|(number, goal)| (goal.span, reaching(number))).collect()
    }

    fn all(&self) -> Vec<Mutation> {
        let Some(file) = self.folder.files.get(self.subject.place) else { return Vec::new() };
        let plan = &self.subject.plan;
        let items = concrete(file.file, &file.program);
        let mut found = sites(&items, &file.program, plan);
        let item_at = |span: Span| {
            items.iter().position(|item| item.span.start <= span.start && span.end <= item.span.end)
        };
        let place = |span: Span, construct: &str| {
            let item = item_at(span)?;
            Some(Place {
                item,
                item_span: items.get(item)?.span,
                construct: Str::from(construct),
                member: None,
                member_span: span,
            })
        };
        let unknown = |name: &str, span: Span, edit: Edit, change: Change, role: Both| {
            Some(Mutation {
                change,
                span,
                edit,
                old: Str::from(""),
                new: Str::from(""),
                role,
                place: place(span, name)?,
            })
        };
        let fact = Both { en: "fact", zh: "事实" };
        // What the last decision said is no fact that a policy declares.
        let declared = |name: &str, span: Span| span.file == file.file && !name.starts_with("last.");
        for (id, field) in plan.schema.fields.iter_enumerated().filter(|(_, it)| declared(&it.name, it.span))
        {
            found.extend(unknown(&field.name, field.span, Edit::Fact(id, None), Change::Fact, fact));
            let FieldType::Records(fields) = &field.ty else { continue };
            for (number, part) in (0u32..).zip(fields) {
                // The key of a record names it; a record of no name is another mistake.
                if part.key || part.span.file != file.file {
                    continue;
                }
                let name = format!("{}.{}", field.name, part.name);
                found.extend(unknown(&name, part.span, Edit::Fact(id, Some(number)), Change::Fact, fact));
            }
        }
        let rule = Both { en: "rule", zh: "规则" };
        let mut seen: BTreeSet<Span> = BTreeSet::new();
        for (id, it) in plan.rules.iter_enumerated().filter(|(_, it)| it.span.file == file.file) {
            if it.condition.is_some() && seen.insert(it.span) {
                let name = it.address.split_once('/').map_or(&*it.address, |(_, name)| name);
                found.extend(unknown(name, it.span, Edit::Input(id), Change::Input, rule));
            }
        }
        found.sort_by_key(|it| (it.span.start, it.change, it.span.end));
        found
    }

    /// What comes of a change.
    #[must_use]
    pub fn fate(&self, mutation: &Mutation, is_over: IsOver<'_>) -> Fate {
        match &mutation.edit {
            Edit::Text(text) => self.fate_of_edit(mutation, text, is_over),
            Edit::Fact(fact, part) => self.fate_of_fact(mutation, *fact, *part, is_over),
            Edit::Input(rule) => {
                let cases = self.nearest_first(mutation);
                let mut plan = self.subject.plan.clone();
                let condition = plan.rules.get(*rule).and_then(|rule| rule.condition);
                let step = condition.and_then(|step| plan.steps.get_mut(step));
                if let Some(step) = step {
                    step.op = Op::Unknown(Silence::Unknown);
                }
                let calendars = &self.subject.calendars;
                if self.notices(self.subject, &cases, &plan, calendars)
                    || self.is_kept_otherwise(self.subject, &plan, calendars, None)
                {
                    return Fate::Killed;
                }
                Fate::Survived(self.witness(&plan, calendars, mutation, is_over))
            }
        }
    }

    /// The cases that reach the changed place first: they are the ones that may notice.
    fn nearest_first(&self, mutation: &Mutation) -> Vec<usize> {
        let within =
            |span: Span, of: Span| span.file == of.file && of.start <= span.start && span.end <= of.end;
        let mut first: Vec<usize> = Vec::new();
        for place in [mutation.span, mutation.place.member_span, mutation.place.item_span] {
            for (span, cases) in &self.reached {
                if within(*span, place) || within(place, *span) {
                    first.extend(cases);
                }
            }
        }
        first.extend(&self.cases);
        let mut seen = BTreeSet::new();
        first.retain(|case| seen.insert(*case));
        first
    }

    fn witness(
        &self,
        plan: &Plan,
        calendars: &[Calendar],
        mutation: &Mutation,
        is_over: IsOver<'_>,
    ) -> Option<Box<Witness>> {
        let cases = self.nearest_first(mutation);
        let as_of = self.wanted.as_of;
        let (subject, lang) = (self.subject, self.lang);
        let search =
            witness::Search { subject, plan, calendars, mutation, cases: &cases, as_of, lang, is_over };
        search.witness().map(Box::new)
    }

    fn fate_of_edit(&self, mutation: &Mutation, text: &Str, is_over: IsOver<'_>) -> Fate {
        let tree = match self.tree(mutation, text) {
            Ok(tree) => tree,
            Err(code) => return Fate::Refused(code),
        };
        let built = self.build(self.subject, &tree);
        let Some(plan) = &built.plan else {
            return Fate::Refused(built.diagnostics.iter().find(|it| it.is_error()).map(|it| it.code));
        };
        if plan.digest == self.subject.plan.digest {
            return Fate::Equivalent;
        }
        if self.notices(self.subject, &self.nearest_first(mutation), plan, &built.calendars) {
            return Fate::Killed;
        }
        if self.is_of_steps(mutation) && cannot_differ(&self.subject.plan, plan) {
            return Fate::Equivalent;
        }
        let mut users = Vec::new();
        for (user, cases) in &self.users {
            let built = self.build(user, &tree);
            // A policy that is no longer one is noticed by everybody.
            let Some(plan) = &built.plan else { return Fate::Killed };
            if self.notices(user, cases, plan, &built.calendars) {
                return Fate::Killed;
            }
            users.push((user, built));
        }
        // Whole decisions take longer than cases: they come last.
        if self.is_kept_otherwise(self.subject, plan, &built.calendars, None) {
            return Fate::Killed;
        }
        for (user, built) in &users {
            let moved = |plan| self.is_kept_otherwise(user, plan, &built.calendars, None);
            if built.plan.as_ref().is_some_and(moved) {
                return Fate::Killed;
            }
        }
        Fate::Survived(self.witness(plan, &built.calendars, mutation, is_over))
    }

    /// Whether all that a change does is seen in steps: who is told of what, and who is asked, stands beside them.
    fn is_of_steps(&self, mutation: &Mutation) -> bool {
        mutation.role != ROLE && mutation.role != ACTION && Some(mutation.role) != droppable("late")
    }

    /// The tree with the change made, or the code of what is wrong with it.
    fn tree(&self, mutation: &Mutation, text: &Str) -> Result<ast::File, Option<&'static str>> {
        let file = self.folder.files.get(self.subject.place).ok_or(None)?;
        let whole = mutation.place.item_span;
        let head = file.program.get(whole.start as usize..mutation.span.start as usize).ok_or(None)?;
        let tail = file.program.get(mutation.span.end as usize..whole.end as usize).ok_or(None)?;
        let item = parse_item(file.file, &format!("{head}{text}{tail}"), whole.start)
            .map_err(|wrong| wrong.iter().find(|it| it.is_error()).map(|it| it.code))?;
        let mut tree = file.tree.clone();
        let place = tree.items.iter().position(|it| it.span.start == whole.start).ok_or(None)?;
        if let Some(slot) = tree.items.get_mut(place) {
            *slot = item;
        }
        Ok(tree)
    }

    fn build(&self, of: &Subject, tree: &ast::File) -> Built {
        engine::build_instead(
            self.folder,
            of.place,
            Some((self.subject.place, tree)),
            of.more.clone(),
            self.sources,
        )
    }

    /// A case of a plan, its day settled.
    fn case(&self, plan: &Plan, place: usize) -> Option<CaseItem> {
        let case = plan.cases.get(place)?;
        Some(CaseItem { as_of: case.as_of.or(self.wanted.as_of), ..case.clone() })
    }

    /// Whether a case of a policy does not come out as expected.
    fn notices(&self, of: &Subject, cases: &[usize], plan: &Plan, calendars: &[Calendar]) -> bool {
        let mut cases = cases.iter().filter_map(|place| self.case(plan, *place));
        cases.any(|case| !run_case(plan, &case, calendars, of.scripts()).passed())
    }

    /// Whether a decision of a policy that was accepted comes out otherwise.
    fn is_kept_otherwise(&self, of: &Subject, plan: &Plan, calendars: &[Calendar], hidden: Hidden) -> bool {
        let own = self.accepted.iter().filter(|it| it.is_of(of.place));
        own.into_iter().any(|it| it.notices(of, plan, calendars, hidden))
    }

    fn fate_of_fact(
        &self,
        mutation: &Mutation,
        fact: FieldId,
        part: Option<u32>,
        is_over: IsOver<'_>,
    ) -> Fate {
        let (plan, calendars) = (&self.subject.plan, &self.subject.calendars);
        if is_read_by_nothing(plan, fact, part) {
            return Fate::Equivalent;
        }
        for case in self.cases.iter().filter_map(|place| self.case(plan, *place)) {
            let mut case = case;
            let mut given = false;
            for (_, value, _) in case.facts.iter_mut().filter(|(id, _, _)| *id == fact) {
                given |= hide(value, Some((fact, part)));
            }
            if given && !run_case(plan, &case, calendars, self.subject.scripts()).passed() {
                return Fate::Killed;
            }
        }
        if self.is_kept_otherwise(self.subject, plan, calendars, Some((fact, part))) {
            return Fate::Killed;
        }
        Fate::Survived(self.witness(plan, calendars, mutation, is_over))
    }
}

/// Makes what a case gives unknown; whether there was anything to be made so.
pub(super) fn hide(given: &mut Given, hidden: Hidden) -> bool {
    let Some((fact, part)) = hidden else { return false };
    let missing = Value::Unknown(Cause::Missing(fact.0));
    match (given, part) {
        (given, None) => {
            *given = Given::Value(missing);
            true
        }
        (Given::Records(rows), Some(part)) => {
            let mut found = false;
            for (_, value) in rows.iter_mut().flatten().filter(|(own, _)| *own == part) {
                *value = missing.clone();
                found = true;
            }
            found
        }
        (Given::Value(_), Some(_)) => false,
    }
}
