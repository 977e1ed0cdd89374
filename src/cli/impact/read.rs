//! The book as each side reads it: two policies that declare the same facts read it once.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::sides::Prepared;
use crate::base::{FileId, Span, Str};
use crate::cli::args::Facts;
use crate::cli::input;
use crate::cli::session::{Failure, Session};
use crate::engine;
use crate::eval;
use crate::interop::{self, Reject};
use crate::review::impact::Cores;
use crate::value::{Field, FieldId, FieldType, Schema};

/// The customers of the book.
#[derive(Clone)]
pub struct Read {
    /// Those that could be read.
    pub customers: Rc<Vec<eval::Facts>>,
    /// How many records could not.
    pub rejected: usize,
}

/// What was read already, by what was asked for.
pub struct Desk<'a> {
    facts: &'a Facts,
    known: Vec<(Schema, BTreeSet<FieldId>, Read)>,
}

impl<'a> Desk<'a> {
    /// Nothing is read yet.
    #[must_use]
    pub fn new(facts: &'a Facts) -> Desk<'a> {
        Desk { facts, known: Vec::new() }
    }

    /// The book as a side reads it. `tells` says what could not be read.
    ///
    /// # Errors
    /// A file that cannot be read or understood at all.
    pub fn read(
        &mut self,
        side: &Prepared,
        cores: &Cores,
        tells: bool,
        session: &mut Session<'_>,
    ) -> Result<Read, Failure> {
        let plan = &side.ready.plan;
        let Some(decision) = plan.decisions.get(side.place) else {
            return Ok(Read { customers: Rc::default(), rejected: 0 });
        };
        let needed = engine::facts_needed_of_all(plan, decision);
        let asked = (placeless(&plan.schema), needed);
        if let Some((.., read)) =
            self.known.iter().find(|(schema, needed, _)| *schema == asked.0 && *needed == asked.1)
        {
            return Ok(read.clone());
        }
        let mut customers: Vec<eval::Facts> = Vec::new();
        let mut seen: BTreeMap<Str, ()> = BTreeMap::new();
        let mut rejected = 0_usize;
        for file in &self.facts.files {
            let reader = input::open(self.facts, file, &plan.schema, &[], asked.1.clone(), false, session)?;
            let places: Vec<usize> = (0..reader.len()).collect();
            let all = cores.map(&places, || (), |(), place| reader.customer(*place));
            let mut rejects: Vec<Reject> = Vec::new();
            for one in all {
                match one {
                    Ok(facts) if seen.insert(facts.id.clone(), ()).is_none() => customers.push(facts),
                    Ok(_) => rejected = rejected.saturating_add(1),
                    Err(reject) => rejects.push(*reject),
                }
            }
            rejects.extend(reader.strays().iter().cloned());
            rejected = rejected.saturating_add(rejects.len());
            if tells {
                session.tell(&interop::gathered(reader.notes().to_vec()));
                input::tell_rejects(&reader, &rejects, None, session)?;
            }
        }
        let read = Read { customers: Rc::new(customers), rejected };
        self.known.push((asked.0, asked.1, read.clone()));
        Ok(read)
    }
}

/// A schema without the places at which its facts are declared: two texts of the same facts read a book alike.
fn placeless(schema: &Schema) -> Schema {
    let nowhere = Span::new(FileId(0), 0, 0);
    fn bare(field: &mut Field, nowhere: Span) {
        field.span = nowhere;
        match &mut field.ty {
            FieldType::Records(fields) => fields.iter_mut().for_each(|field| bare(field, nowhere)),
            FieldType::List { of, .. } => bare(of, nowhere),
            _ => {}
        }
    }
    let mut schema = schema.clone();
    let ids: Vec<FieldId> = schema.fields.ids().collect();
    for id in ids {
        if let Some(field) = schema.fields.get_mut(id) {
            bare(field, nowhere);
        }
    }
    schema
}
