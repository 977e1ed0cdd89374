//! Limits as a staircase: methods, what is taken, line by line to the limit.

use super::condition::line;
use super::sources::Reader;
use super::{Figure, LimitLine, LimitStory, MethodLine};
use crate::plan::{Item, LimitItem, Take};
use crate::value::{Date, Value};

/// The story of a limit.
pub(super) fn story(reader: &Reader<'_>, item: &Item, limit: &LimitItem, today: Date) -> LimitStory {
    let taken = reader.figure(limit.taken);
    let only = limit.methods.len() == 1;
    let mut marked = false;
    let methods = limit
        .methods
        .iter()
        .map(|method| {
            let value = reader.figure(method.value);
            let is_taken = match limit.take {
                Take::Lowest | Take::Highest | Take::Middle | Take::First => {
                    !marked && value.value.is_known() && value.value == taken.value
                }
                Take::Average => only,
            };
            marked |= is_taken;
            MethodLine {
                name: method.name.clone(),
                label: method.label.clone(),
                written: reader.rule_text(method.span),
                step: method.value,
                rounding: method.rounding.as_ref().map(|(before, how)| (reader.figure(*before), how.clone())),
                because: reader.because(&value.value),
                value,
                taken: is_taken,
            }
        })
        .collect();
    let value = reader.figure(item.value);
    LimitStory {
        name: item.name.clone(),
        label: item.label.clone(),
        methods,
        layers: super::totals::layers(reader, limit, today),
        layers_for: limit.layers_for.map(|(amount, left)| (reader.figure(amount), reader.figure(left))),
        live: reader.live(item.value),
        take: limit.take,
        skip_unknown: limit.skip_unknown,
        taken,
        lines: limit
            .lines
            .iter()
            .filter_map(|it| {
                let (before, after) = (reader.figure(it.before), reader.figure(it.after));
                let operand = it.operand.map(|operand| reader.figure(operand));
                Some(LimitLine {
                    rule: line(reader, it.rule)?,
                    kind: it.kind.clone(),
                    change: match (&before.value, &after.value) {
                        (Value::Number(from), Value::Number(to)) => {
                            Some(Figure { value: Value::Number(to.sub(from)), ty: after.ty.clone() })
                        }
                        _ => None,
                    },
                    skipped: it.skip_unknown
                        && operand.as_ref().is_some_and(|operand| !operand.value.is_known()),
                    operand,
                    operand_step: it.operand,
                    before,
                    after,
                })
            })
            .collect(),
        because: reader.because(&value.value),
        value,
    }
}
