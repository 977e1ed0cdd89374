//! A book with the customers that it was made of, so that it can be made again where one of them gives other facts.
//!
//! What the others bring changes only where a value of the book that they read does: they are gone over again only there.

use std::collections::{BTreeMap, BTreeSet};

use super::{Book, Making, Pass};
use crate::base::{Idx, Str};
use crate::eval::facts::Facts;
use crate::eval::row::{Env, Program};
use crate::plan::{BookId, StepId};
use crate::value::Value;

/// A book, and what it was made of.
pub struct Kept<'p> {
    making: Making<'p>,
    customers: Vec<Facts>,
    /// Where each customer stands among them.
    places: BTreeMap<Str, usize>,
}

/// One customer of a kept book, of whom other facts are tried.
pub struct Member<'k> {
    kept: &'k Kept<'k>,
    place: usize,
    /// The ways over the customers, each with the book that was made.
    passes: Vec<Pass<'k>>,
}

impl<'p> Kept<'p> {
    /// A book that is made, with its customers in the order of their keys as given.
    #[must_use]
    pub fn new(making: Making<'p>, customers: Vec<Facts>) -> Kept<'p> {
        let places = making.ids.iter().enumerate().map(|(place, id)| (id.clone(), place)).collect();
        Kept { making, customers, places }
    }

    /// The book.
    #[must_use]
    pub fn book(&self) -> &Book {
        &self.making.book
    }

    /// The book alone.
    #[must_use]
    pub fn into_book(self) -> Book {
        self.making.book
    }

    /// A customer of the book; none where it has no such customer.
    #[must_use]
    pub fn member(&self, customer: &Str) -> Option<Member<'_>> {
        let place = *self.places.get(customer)?;
        let env = Env { book: Some(&self.making.book), ..self.making.env.clone() };
        let mut passes = Vec::with_capacity(self.making.portfolio.strata.len());
        let mut known: usize = 0;
        for done in 0..self.making.portfolio.strata.len() {
            let columns = self.columns(done, known);
            let before = self.making.columns.get(..known).unwrap_or(&[]);
            let program = Program::prepare_knowing(self.making.portfolio.plan, &columns, &[], before, &env);
            known = known.saturating_add(columns.len());
            passes.push(Pass { program, known: before, columns });
        }
        Some(Member { kept: self, place, passes })
    }

    /// The steps that a way over the customers added, the first of which stands at a place among all columns.
    fn columns(&self, done: usize, from: usize) -> Vec<StepId> {
        let known: BTreeSet<StepId> = self.making.columns.iter().take(from).copied().collect();
        let inputs: BTreeSet<StepId> = self.making.portfolio.inputs(done).into_iter().collect();
        let rest = self.making.columns.iter().skip(from);
        rest.copied().take_while(|step| inputs.contains(step) && !known.contains(step)).collect()
    }
}

impl Member<'_> {
    /// The book as it would be if the customer gave these facts; none where it would be the same.
    #[must_use]
    pub fn book_with(&self, facts: &Facts) -> Option<Book> {
        let mut row: Vec<Value> = Vec::new();
        for pass in &self.passes {
            row.extend(pass.run(facts, &row, &mut pass.scratch()));
        }
        let was = self.kept.making.rows.get(self.place).map(Vec::as_slice);
        (was != Some(row.as_slice())).then(|| self.made_again(facts))
    }

    fn made_again(&self, facts: &Facts) -> Book {
        let was = &self.kept.making;
        let rejected = was.book.rejected;
        let mut making = was.portfolio.clone().begin(was.ids.clone(), rejected, &was.env);
        let mut moved: BTreeSet<usize> = BTreeSet::from([self.place]);
        loop {
            let from = making.columns.len();
            let Some(pass) = making.pass() else { return making.finish() };
            let until = from.saturating_add(pass.columns.len());
            let mut scratch = pass.scratch();
            let mut rows: Vec<Vec<Value>> = Vec::with_capacity(was.rows.len());
            for (place, known) in making.rows.iter().enumerate() {
                let own = if place == self.place { Some(facts) } else { self.kept.customers.get(place) };
                rows.push(match own.filter(|_| moved.contains(&place)) {
                    Some(own) => pass.run(own, known, &mut scratch),
                    None => was.rows.get(place).and_then(|row| row.get(from..until)).unwrap_or(&[]).to_vec(),
                });
            }
            drop(pass);
            let given = making.portfolio.strata.get(making.done).cloned().unwrap_or_default();
            making.take(rows);
            for id in given {
                moved.extend(self.reading_other(&making.book, id));
            }
        }
    }

    /// The customers to whom a value of another book says something else than that of this one.
    fn reading_other(&self, book: &Book, id: BookId) -> Vec<usize> {
        let was = &self.kept.making.book;
        let (Some(was), Some(is)) = (was.values.get(id.place()), book.values.get(id.place())) else {
            return Vec::new();
        };
        let same = |customer: &Str| {
            let (one, other) = (was.members.get(customer), is.members.get(customer));
            let group = |member: Option<&super::Member>, of: &super::BookValue| {
                member.and_then(|member| of.groups.get(&member.group)).cloned()
            };
            one == other && group(one, was) == group(other, is)
        };
        let moved = self.kept.places.iter().filter(|(customer, _)| !same(customer));
        moved.map(|(_, place)| *place).collect()
    }
}
