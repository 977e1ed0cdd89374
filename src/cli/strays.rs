//! Signatures that name nothing: a slip in a subject, by which a signature comes to nothing without anybody noticing.

use std::collections::{BTreeMap, BTreeSet};

use super::session::Session;
use crate::base::{Str, nearest};
use crate::diag::Diagnostic;
use crate::eval::Facts;
use crate::plan::{self, Plan, SignOffField};
use crate::value::{FieldId, Value};

/// So many are told one by one.
const MOST_TOLD: usize = 10;

/// Looks at the signatures of the customers of a run.
pub struct Strays<'p> {
    plan: &'p Plan,
    subjects: BTreeMap<FieldId, BTreeSet<Str>>,
    told: usize,
}

impl<'p> Strays<'p> {
    /// Knows what signatures of a policy may name.
    #[must_use]
    pub fn new(plan: &'p Plan) -> Strays<'p> {
        Strays { plan, subjects: plan::subjects(plan), told: 0 }
    }

    /// Tells of the signatures of a customer that name nothing.
    pub fn look(&mut self, facts: &Facts, session: &mut Session<'_>) {
        for (list, known) in &self.subjects {
            let Some(records) = facts.records(*list) else { continue };
            let column = records.columns.get(SignOffField::Subject.place() as usize);
            for value in column.into_iter().flatten().take(records.items) {
                let Value::Text(subject) = value else { continue };
                let stem = subject.split('[').next().unwrap_or("").trim_end();
                if known.contains(stem) || self.told >= MOST_TOLD {
                    continue;
                }
                self.told = self.told.saturating_add(1);
                let list = self.plan.schema.fields.get(*list).map_or_else(Str::default, |it| it.name.clone());
                let note = Diagnostic::nowhere("W679").arg("subject", subject).arg("id", &facts.id);
                let note = note.arg("list", list);
                session.tell(&[match nearest(stem, known.iter().map(|name| &**name)) {
                    Some(near) => note.arg("near", near).help("near"),
                    None => {
                        let names: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
                        note.arg("known", names.join(", ")).help("known")
                    }
                }]);
            }
        }
    }
}
