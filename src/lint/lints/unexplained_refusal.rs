//! Rules against the customer that do not say why.

use crate::diag::Diagnostic;
use crate::lint::Policy;
use crate::plan::{Rule, RuleKind};

pub(in crate::lint) fn find(policy: &Policy<'_>) -> Vec<Diagnostic> {
    let against = |rule: &&Rule| match rule.kind {
        RuleKind::Down | RuleKind::NotAbove | RuleKind::Force | RuleKind::Check | RuleKind::Hold => true,
        RuleKind::Row
        | RuleKind::Band
        | RuleKind::Apart
        | RuleKind::Up
        | RuleKind::Require
        | RuleKind::Factor
        | RuleKind::Method
        | RuleKind::Line
        | RuleKind::Trigger
        | RuleKind::Rung
        | RuleKind::Entry
        | RuleKind::Delay
        | RuleKind::Skip
        | RuleKind::Exclusion
        | RuleKind::Judgement
        | RuleKind::Override
        | RuleKind::Paper
        | RuleKind::Validity => false,
    };
    let silent = policy.rules().filter(against).filter(|rule| rule.reason.because.is_none());
    silent.map(|rule| Diagnostic::new("L028", rule.span).help("because")).collect()
}
