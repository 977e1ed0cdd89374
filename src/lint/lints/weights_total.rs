//! Weights that do not add up to a round total: a factor was left out, or added, and the others were not looked at again.

use crate::check::hir::DefinitionKind;
use crate::diag::Diagnostic;
use crate::lint::Policy;
use crate::value::Number;

pub(in crate::lint) fn find(policy: &Policy<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for definition in policy.definitions() {
        let DefinitionKind::Scorecard(card) = &definition.kind else { continue };
        let weights: Vec<&Number> = card.factors.iter().filter_map(|factor| factor.weight.as_ref()).collect();
        let total = Number::sum(weights.iter().copied());
        if weights.len() > 1 && !is_round(&total) {
            let told = Diagnostic::new("L003", definition.name_span).arg("card", &definition.name);
            found.push(told.arg("total", total).help("round"));
        }
    }
    found
}

/// 1 (which is 100%), 10, 20, 100, 1000: of such a total people see what part a weight is.
fn is_round(total: &Number) -> bool {
    let ten = Number::from_i64(10);
    *total == Number::ONE || total.rem_floor(&ten).is_some_and(|rest| rest.is_zero())
}
