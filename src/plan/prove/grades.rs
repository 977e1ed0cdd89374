//! The bands of a grade scale: every score has one, every band can be reached.

use super::{constant, shown};
use crate::diag::Diagnostic;
use crate::plan::{GradesItem, Item, Plan};
use crate::value::Value;

/// Holds a scale to reaching the bottom of its score, and each band to being reached by some score.
pub(super) fn bands(plan: &Plan, scale: &GradesItem, item: &Item, found: &mut Vec<Diagnostic>) {
    let Some(score) = plan.steps.get(scale.score) else { return };
    let Some((low, high)) = &score.bounds.range else { return };
    let in_words = |number| shown(&Value::Number(number), &score.ty, &plan.schema.enums);
    for band in &scale.bands {
        let Some(Value::Number(from)) = constant(plan, band.from) else { continue };
        if from > high || !band.inclusive && from == high {
            found.push(
                Diagnostic::new("W465", band.span)
                    .arg("from", in_words(from.clone()))
                    .arg("highest", in_words(high.clone()))
                    .help("range"),
            );
        }
    }
    let Some(last) = scale.bands.last() else { return };
    let Some(Value::Number(from)) = constant(plan, last.from) else { return };
    if from > low || !last.inclusive && from == low {
        found.push(
            Diagnostic::new("E464", last.span)
                .arg("scale", &item.name)
                .arg("lowest", in_words(low.clone()))
                .arg("from", in_words(from.clone()))
                .help("extend"),
        );
    }
}
