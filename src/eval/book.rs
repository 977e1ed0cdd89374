//! The book: what the customers of a run come to together, group by group.
//!
//! A [`Portfolio`] says what of the book a decision needs. A [`Making`] goes over the customers once for each stratum: each
//! pass computes only what the next values of the book are made of, and takes what lower passes gave as it is. The [`Book`]
//! that comes out is read by every decision of the run, and may be kept for a customer that is decided alone later.
//!
//! Nothing here depends on the order of the customers: sums are exact, and orders are decided by keys.

mod kept;

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::facts::Facts;
use super::ops::{self, Computed};
use super::row::{Env, Program, Scratch};
use crate::base::{Idx, Str};
use crate::plan::{self, BookEntry, BookId, BookKey, BookPart, BookWhat, Plan, Scope, StepId};
use crate::value::{Cause, Date, Number, Schema, Type, Value};

pub use kept::Kept;

/// What the customers of a run come to together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Book {
    /// The name and the version of the policy.
    pub policy: (Str, Str),
    /// The digest of the policy.
    pub digest: Str,
    /// The as-of date.
    pub as_of: Date,
    /// The parameters that were set otherwise than the policy has them, by name, in the text form of values.
    pub params: BTreeMap<Str, Str>,
    /// How many customers it holds.
    pub customers: usize,
    /// How many records could not be read; nobody knows to which group they belong.
    pub rejected: usize,
    /// The values, by [`BookId`]; one that the decision does not need has no groups.
    pub values: Vec<BookValue>,
}

/// A value of the book.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct BookValue {
    /// Its name.
    pub name: Str,
    /// The groups by the text of their key; that of all customers has the empty one.
    pub groups: BTreeMap<Str, GroupValue>,
    /// The members by the customer's key.
    pub members: BTreeMap<Str, Member>,
}

/// A value of the book over one group.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct GroupValue {
    /// The figure that all members share; none where each has its own, or where it cannot be told.
    pub value: Option<Value>,
    /// How many members there are, those left out among them.
    pub members: usize,
    /// The members that were left out, it being unknown of them; by their keys, in order.
    pub left_out: Vec<Str>,
    /// Why it cannot be told.
    pub doubt: Option<Doubt>,
    /// What those that count come to together, where each has its part of that.
    pub whole: Option<Number>,
    /// The budget that they share.
    pub budget: Option<Number>,
    /// What was given of it.
    pub served: Number,
    /// How many members got less than they asked for.
    pub short: usize,
}

/// Why a value over a group cannot be told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Doubt {
    /// So many records could not be read.
    Rejected(usize),
    /// It is unknown of so many members; the first of them by its key.
    Unknown(usize, Str),
    /// These two members have different budgets.
    Budgets(Str, Str),
    /// There is nothing to take it over, or nothing to divide by.
    Nothing,
}

/// A member of a group.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Member {
    /// The text of the key of its group.
    pub group: Str,
    /// Its own share or place.
    pub value: Option<Value>,
    /// What it gets of the budget, what was left when its turn came, and its place from 1.
    pub served: Option<(Number, Number, usize)>,
}

impl Book {
    /// The value of the book of a number.
    #[must_use]
    pub fn value(&self, id: BookId) -> Option<&BookValue> {
        self.values.get(id.place())
    }

    /// Lines the values up with those of a plan of the same digest; what the book does not hold has no groups.
    #[must_use]
    pub fn lined_up(mut self, plan: &Plan) -> Book {
        let mut values: Vec<BookValue> = Vec::with_capacity(plan.book.len());
        for entry in &plan.book {
            let found = self.values.iter_mut().find(|value| value.name == entry.name).map(std::mem::take);
            values.push(
                found.unwrap_or_else(|| BookValue { name: entry.name.clone(), ..BookValue::default() }),
            );
        }
        self.values = values;
        self
    }

    /// What the book says of a customer: of its group where `key` gives it, with the step that the key comes from.
    ///
    /// A customer that the book does not hold, or holds in another group, is told nothing: its own part would be missing.
    pub(super) fn read(
        &self,
        plan: &Plan,
        id: BookId,
        part: BookPart,
        key: Option<(StepId, &Value)>,
        customer: &Str,
        at: u32,
    ) -> Computed {
        let silent = Cause::Book(at);
        let group = match key {
            None => Str::from(""),
            Some((_, Value::Unknown(cause))) => return Err(*cause),
            Some((step, value)) => group_text(plan, step, value).ok_or(silent)?,
        };
        let value = self.value(id).ok_or(silent)?;
        let member = value.members.get(customer).filter(|member| member.group == group).ok_or(silent)?;
        let group = value.groups.get(&group).ok_or(silent)?;
        let count = |count: usize| Value::Number(Number::from_i64(i64::try_from(count).unwrap_or(i64::MAX)));
        match part {
            BookPart::Members => return Ok(count(group.members)),
            BookPart::LeftOut => return Ok(count(group.left_out.len())),
            BookPart::Value | BookPart::Served | BookPart::Left | BookPart::Place | BookPart::Budget => {}
        }
        if group.doubt.is_some() {
            return Err(silent);
        }
        let found = match (part, &member.served) {
            (BookPart::Value, _) => member.value.clone().or_else(|| group.value.clone()),
            (BookPart::Budget, _) => group.budget.clone().map(Value::Number),
            (BookPart::Served, Some((served, ..))) => Some(Value::Number(served.clone())),
            (BookPart::Left, Some((_, left, _))) => Some(Value::Number(left.clone())),
            (BookPart::Place, Some((.., place))) => Some(count(*place)),
            _ => None,
        };
        found.ok_or(silent)
    }

    /// Why the book does not tell a value to a customer; none where it does.
    #[must_use]
    pub fn why_silent(&self, id: BookId, customer: &Str) -> Option<Silent<'_>> {
        let Some(value) = self.value(id) else { return Some(Silent::Absent) };
        let Some(member) = value.members.get(customer) else { return Some(Silent::Absent) };
        let Some(group) = value.groups.get(&member.group) else { return Some(Silent::Absent) };
        match &group.doubt {
            Some(doubt) => Some(Silent::Doubt(doubt)),
            None if group.left_out.contains(customer) => Some(Silent::LeftOut),
            None => None,
        }
    }
}

/// Why the book does not tell a value to a customer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Silent<'b> {
    /// It does not hold the customer, or holds it in another group.
    Absent,
    /// What it is taken over is unknown of this customer itself.
    LeftOut,
    /// It cannot be told for the whole group.
    Doubt(&'b Doubt),
}

/// The text of the key of a group, the same for the same value and for no other.
fn group_text(plan: &Plan, step: StepId, value: &Value) -> Option<Str> {
    let ty = plan.steps.get(step).map(|it| &it.ty)?;
    group_name(&plan.schema, ty, value)
}

/// The text by which a group is known in a book: a text as it is, a member of a kind by its name, a number exactly, a day in ISO form.
#[must_use]
pub fn group_name(schema: &Schema, ty: &Type, value: &Value) -> Option<Str> {
    match (value, ty) {
        (Value::Text(text), _) => Some(text.clone()),
        (Value::Code(code), Type::Enum(id)) => Some(schema.enums.get(*id)?.member(*code)?.name.clone()),
        (Value::Number(number), _) => Some(number.fraction_string().into()),
        (Value::Date(day), _) => Some(day.to_string().into()),
        (Value::Bool(yes), _) => Some(Str::from(if *yes { "yes" } else { "no" })),
        (Value::Unknown(_) | Value::Set(_) | Value::List(_) | Value::Code(_), _) => None,
    }
}

/// What of the book a decision needs, stratum by stratum.
#[derive(Clone)]
pub struct Portfolio<'p> {
    plan: &'p Plan,
    /// The values of the book that each stratum gives.
    strata: Vec<Vec<BookId>>,
}

impl<'p> Portfolio<'p> {
    /// What a decision of a plan needs of the book; none where it needs nothing of it.
    #[must_use]
    pub fn of(plan: &'p Plan, decision: usize) -> Option<Portfolio<'p>> {
        let decision = plan.decisions.get(decision)?;
        let (_, read) = plan::with_book(plan, &super::targets(plan, decision));
        if read.is_empty() {
            return None;
        }
        let of_stratum = |stratum: &plan::Stratum| -> Vec<BookId> {
            stratum.gives.iter().copied().filter(|id| read.contains(id)).collect()
        };
        let strata: Vec<Vec<BookId>> =
            plan.strata.iter().map(of_stratum).filter(|it| !it.is_empty()).collect();
        Some(Portfolio { plan, strata })
    }

    /// How often a run goes over its customers before it decides them.
    #[must_use]
    pub fn passes(&self) -> usize {
        self.strata.len()
    }

    /// The steps that the values of a stratum are made of.
    fn inputs(&self, stratum: usize) -> Vec<StepId> {
        let gives = self.strata.get(stratum).map(Vec::as_slice).unwrap_or(&[]);
        gives.iter().filter_map(|id| self.plan.book.get(*id)).flat_map(BookEntry::inputs).collect()
    }

    /// Begins a book of the customers with these keys, each once; so many further records could not be read.
    #[must_use]
    pub fn begin(self, ids: Vec<Str>, rejected: usize, env: &Env<'p>) -> Making<'p> {
        let policy = self.plan.policies.last();
        let changed =
            self.plan.params.iter().zip(&env.params).filter(|(param, value)| param.default != **value);
        let book = Book {
            policy: policy.map(|it| (it.name.clone(), it.version.clone())).unwrap_or_default(),
            digest: self.plan.digest.clone(),
            as_of: env.today,
            params: changed
                .map(|(param, value)| (param.name.clone(), plan::value_text(value).into()))
                .collect(),
            customers: ids.len(),
            rejected,
            values: Vec::new(),
        }
        .lined_up(self.plan);
        let rows = vec![Vec::new(); ids.len()];
        Making { portfolio: self, env: env.clone(), book, ids, columns: Vec::new(), rows, done: 0 }
    }

    /// The book of some customers, one after the other. Of several with the same key the first counts; the others, and
    /// `rejected`, could not be read.
    #[must_use]
    pub fn book(self, customers: &[Facts], rejected: usize, env: &Env<'p>) -> Book {
        self.made_of(customers, rejected, env).finish()
    }

    /// The same with its customers, each once, so that it can be made again.
    #[must_use]
    pub fn keep(self, customers: Vec<Facts>, rejected: usize, env: &Env<'p>) -> Kept<'p> {
        let making = self.made_of(&customers, rejected, env);
        let mut seen = BTreeSet::new();
        let own = customers.into_iter().filter(|facts| seen.insert(facts.id.clone()));
        Kept::new(making, own.collect())
    }

    fn made_of(self, customers: &[Facts], rejected: usize, env: &Env<'p>) -> Making<'p> {
        let mut seen = BTreeSet::new();
        let own: Vec<&Facts> = customers.iter().filter(|facts| seen.insert(&facts.id)).collect();
        let twice = customers.len().saturating_sub(own.len());
        let ids = own.iter().map(|facts| facts.id.clone()).collect();
        let mut making = self.begin(ids, rejected.saturating_add(twice), env);
        loop {
            let Some(pass) = making.pass() else { return making };
            let mut scratch = pass.scratch();
            let rows = own.iter().zip(making.rows()).map(|(facts, row)| pass.run(facts, row, &mut scratch));
            let rows = rows.collect();
            drop(pass);
            making.take(rows);
        }
    }
}

/// A book under way.
pub struct Making<'p> {
    portfolio: Portfolio<'p>,
    env: Env<'p>,
    book: Book,
    ids: Vec<Str>,
    /// The steps of which the rows hold the values.
    columns: Vec<StepId>,
    /// What is known of each customer so far.
    rows: Vec<Vec<Value>>,
    done: usize,
}

/// One way over the customers.
pub struct Pass<'b> {
    program: Program<'b>,
    known: &'b [StepId],
    columns: Vec<StepId>,
}

impl<'p> Making<'p> {
    /// The steps that the next values of the book are made of and that are not known yet.
    fn next_columns(&self) -> Vec<StepId> {
        let inputs = self.portfolio.inputs(self.done);
        let mut seen: BTreeSet<StepId> = self.columns.iter().copied().collect();
        inputs.into_iter().filter(|step| seen.insert(*step)).collect()
    }

    /// The next way over the customers; none where the book is made.
    #[must_use]
    pub fn pass(&self) -> Option<Pass<'_>> {
        if self.done >= self.portfolio.strata.len() {
            return None;
        }
        let columns = self.next_columns();
        let env = Env { book: Some(&self.book), ..self.env.clone() };
        // What lower strata gave is known; it is not computed again.
        let program = Program::prepare_knowing(self.portfolio.plan, &columns, &[], &self.columns, &env);
        Some(Pass { program, known: &self.columns, columns })
    }

    /// What is known of each customer, in the order of their keys as given.
    #[must_use]
    pub fn rows(&self) -> &[Vec<Value>] {
        &self.rows
    }

    /// Takes what the last pass gave for each customer, and makes the values of its stratum.
    pub fn take(&mut self, rows: Vec<Vec<Value>>) {
        self.columns.extend(self.next_columns());
        for (row, more) in self.rows.iter_mut().zip(rows) {
            row.extend(more);
        }
        let next = self.portfolio.strata.get(self.done).cloned().unwrap_or_default();
        for id in next {
            let Some(entry) = self.portfolio.plan.book.get(id) else { continue };
            let sheet = Sheet {
                plan: self.portfolio.plan,
                ids: &self.ids,
                columns: &self.columns,
                rows: &self.rows,
                rejected: self.book.rejected,
            };
            let value = sheet.value(entry);
            if let Some(place) = self.book.values.get_mut(id.place()) {
                *place = value;
            }
        }
        self.done = self.done.saturating_add(1);
    }

    /// The book as far as it is made.
    #[must_use]
    pub fn finish(self) -> Book {
        self.book
    }
}

impl Pass<'_> {
    /// An empty working place for this pass.
    #[must_use]
    pub fn scratch(&self) -> Scratch {
        self.program.scratch()
    }

    /// What the next values of the book take of one customer, of whom `row` is known.
    #[must_use]
    pub fn run(&self, facts: &Facts, row: &[Value], scratch: &mut Scratch) -> Vec<Value> {
        for (step, value) in self.known.iter().zip(row) {
            scratch.know(*step, value);
        }
        self.program.run(facts, scratch, &mut ());
        self.columns.iter().map(|step| scratch.value(*step, 0).clone()).collect()
    }
}

/// What all customers gave, to be taken together.
struct Sheet<'s> {
    plan: &'s Plan,
    ids: &'s [Str],
    columns: &'s [StepId],
    rows: &'s [Vec<Value>],
    rejected: usize,
}

impl Sheet<'_> {
    fn get(&self, customer: usize, step: StepId) -> Option<&Value> {
        // A step of the items of a list has no one value; the checker lets none through.
        debug_assert!(self.plan.steps.get(step).is_none_or(|it| it.scope == Scope::Customer));
        let column = self.columns.iter().position(|column| *column == step)?;
        self.rows.get(customer)?.get(column)
    }

    fn id(&self, customer: usize) -> Str {
        self.ids.get(customer).cloned().unwrap_or_default()
    }

    fn value(&self, entry: &BookEntry) -> BookValue {
        let mut groups: BTreeMap<Str, Vec<usize>> = BTreeMap::new();
        for customer in 0..self.ids.len() {
            let key = match &entry.group {
                None => Some(Str::from("")),
                // Whose group is unknown is a member of none.
                Some(group) => {
                    self.get(customer, group.key).and_then(|value| group_text(self.plan, group.key, value))
                }
            };
            if let Some(key) = key {
                groups.entry(key).or_default().push(customer);
            }
        }
        let mut made = BookValue { name: entry.name.clone(), ..BookValue::default() };
        for (key, members) in groups {
            let group = self.group(entry, &key, &members, &mut made.members);
            made.groups.insert(key, group);
        }
        made
    }

    /// The value over one group; what each member has of its own goes to `each`.
    fn group(
        &self,
        entry: &BookEntry,
        key: &Str,
        members: &[usize],
        each: &mut BTreeMap<Str, Member>,
    ) -> GroupValue {
        let mut counted: Vec<usize> = Vec::with_capacity(members.len());
        let mut left_out: Vec<Str> = Vec::new();
        let inputs = entry.inputs();
        for customer in members.iter().copied() {
            each.insert(self.id(customer), Member { group: key.clone(), ..Member::default() });
            let filter = entry.filter.map(|filter| self.get(customer, filter));
            if let Some(Some(Value::Bool(false))) = filter {
                continue;
            }
            let known = |step: &StepId| self.get(customer, *step).is_some_and(Value::is_known);
            if inputs.iter().all(known) {
                counted.push(customer);
            } else {
                left_out.push(self.id(customer));
            }
        }
        left_out.sort();
        let doubt = match left_out.first() {
            Some(first) if !entry.skip_unknown => Some(Doubt::Unknown(left_out.len(), first.clone())),
            _ if self.rejected > 0 && !entry.skip_unknown => Some(Doubt::Rejected(self.rejected)),
            _ => None,
        };
        let mut group = GroupValue { members: members.len(), left_out, doubt, ..GroupValue::default() };
        if group.doubt.is_some() {
            return group;
        }
        match &entry.what {
            BookWhat::Fold(function) => {
                let items = counted
                    .iter()
                    .map(|customer| (None, entry.operand.and_then(|operand| self.get(*customer, operand))));
                match ops::aggregate(*function, true, items, 0) {
                    Ok(value) => group.value = Some(value),
                    Err(_) => group.doubt = Some(Doubt::Nothing),
                }
            }
            BookWhat::CumulatedShare(keys) => {
                self.sort(&mut counted, keys);
                group.whole = self.shares(entry, &counted, each);
                if group.whole.is_none() {
                    group.doubt = Some(Doubt::Nothing);
                }
            }
            BookWhat::Rank(keys) => {
                self.sort(&mut counted, keys);
                for (place, customer) in (1_i64..).zip(&counted) {
                    if let Some(member) = each.get_mut(&self.id(*customer)) {
                        member.value = Some(Value::Number(Number::from_i64(place)));
                    }
                }
            }
        }
        self.serve(entry, &mut counted, each, &mut group);
        group
    }

    fn sort(&self, members: &mut [usize], keys: &[BookKey]) {
        members.sort_by(|left, right| {
            for key in keys {
                let (Some(one), Some(other)) = (self.get(*left, key.step), self.get(*right, key.step)) else {
                    continue;
                };
                let order = one.key_order(other).unwrap_or(Ordering::Equal);
                if order != Ordering::Equal {
                    return if key.highest_first { order.reverse() } else { order };
                }
            }
            self.ids.get(*left).cmp(&self.ids.get(*right))
        });
    }

    /// The share of each member with those before it, and the whole; nothing where that is 0.
    fn shares(&self, entry: &BookEntry, order: &[usize], each: &mut BTreeMap<Str, Member>) -> Option<Number> {
        let figure = |customer: &usize| self.get(*customer, entry.operand?)?.as_number();
        let whole = Number::sum(order.iter().filter_map(figure));
        if whole.is_zero() {
            return None;
        }
        let mut so_far = Number::ZERO;
        for customer in order {
            if let Some(figure) = figure(customer) {
                so_far = so_far.add(figure);
            }
            if let Some(member) = each.get_mut(&self.id(*customer)) {
                member.value = so_far.div(&whole).map(|share| Value::Number(share.reduced()));
            }
        }
        Some(whole)
    }

    /// Serves the members in order until the budget is used up: the one at the edge gets what is left, later ones nothing.
    fn serve(
        &self,
        entry: &BookEntry,
        members: &mut [usize],
        each: &mut BTreeMap<Str, Member>,
        group: &mut GroupValue,
    ) {
        let Some(cap) = &entry.cap else { return };
        self.sort(members, &cap.keys);
        let budget = |customer: usize| self.get(customer, cap.budget).and_then(Value::as_number);
        let Some(first) = members.first().copied() else { return };
        let Some(whole) = budget(first) else { return };
        if let Some(other) = members.iter().copied().find(|other| budget(*other) != Some(whole)) {
            group.doubt = Some(Doubt::Budgets(self.id(first), self.id(other)));
            return;
        }
        group.budget = Some(whole.clone());
        let mut left = whole.clone().max(Number::ZERO);
        for (place, customer) in (1_usize..).zip(members.iter().copied()) {
            let Some(asked) = entry.operand.and_then(|operand| self.get(customer, operand)?.as_number())
            else {
                continue;
            };
            let served = asked.clone().max(Number::ZERO).min(left.clone());
            if served < *asked {
                group.short = group.short.saturating_add(1);
            }
            let after = left.sub(&served);
            group.served = group.served.add(&served);
            if let Some(member) = each.get_mut(&self.id(customer)) {
                member.served = Some((served, left, place));
            }
            left = after;
        }
    }
}
