//! Facts of one name are one fact, whichever policy declares them.

use super::context::Checker;
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{Default, Field, FieldId, FieldType};

impl Checker<'_> {
    /// Makes one fact of two of the same name: same type and range; required where one of the policies requires it.
    pub(super) fn merge(&mut self, id: FieldId, mut field: Field, fact: &ast::Fact) {
        let Some(known) = self.program.schema.fields.get(id).cloned() else { return };
        let what = merge_field(&known, &mut field);
        match what {
            Some(what) => self.report(
                Diagnostic::new("E230", fact.name.span)
                    .variant(what)
                    .arg("name", &fact.name.text)
                    .label(known.span, "other"),
            ),
            None => {
                if let Some(place) = self.program.schema.fields.get_mut(id) {
                    *place = field;
                }
            }
        }
    }
}

/// Makes one of two declarations of a fact; the clause in which they differ, where they do.
fn merge_field(known: &Field, field: &mut Field) -> Option<&'static str> {
    match (&known.ty, &mut field.ty) {
        (FieldType::Records(old), FieldType::Records(new)) => {
            for other in old {
                match new.iter_mut().find(|field| field.name == other.name) {
                    None => {}
                    Some(field) => {
                        if let Some(what) = merge_field(other, field) {
                            return Some(what);
                        }
                    }
                }
            }
            let key =
                |fields: &[Field]| fields.iter().find(|field| field.key).map(|field| field.name.clone());
            if key(old).is_some() && key(new).is_some() && key(old) != key(new) {
                return Some("key");
            }
            // Places of known fields stand; new ones come behind them.
            let mut merged: Vec<Field> = Vec::new();
            for other in old {
                merged.push(new.iter().find(|field| field.name == other.name).unwrap_or(other).clone());
            }
            merged
                .extend(new.iter().filter(|field| old.iter().all(|other| other.name != field.name)).cloned());
            *new = merged;
        }
        (
            FieldType::List { of: old, length: old_length },
            FieldType::List { of: new, length: new_length },
        ) => {
            if old.ty != new.ty || old_length != new_length {
                return Some("type");
            }
            if old.range != new.range || old.open != new.open || old.decimals != new.decimals {
                return Some("range");
            }
        }
        (old, new) if *old != *new => return Some("type"),
        _ => {}
    }
    if known.range != field.range || known.open != field.open || known.dates != field.dates {
        return Some("range");
    }
    if known.decimals != field.decimals {
        return Some("decimals");
    }
    if known.unknown_when != field.unknown_when {
        return Some("unknown");
    }
    field.default = match (&known.default, &field.default) {
        (Default::Required, _) | (_, Default::Required) => Default::Required,
        (old, new) if old == new => old.clone(),
        _ => return Some("default"),
    };
    field.key |= known.key;
    field.personal |= known.personal;
    field.internal |= known.internal;
    for label in &known.labels {
        if !field.labels.contains(label) {
            field.labels.push(label.clone());
        }
    }
    field.span = known.span;
    None
}
