//! Holds that somebody may release, in a policy that has no list of signatures by which he could.

use crate::check::hir::{DefinitionKind, Releaser, Signers};
use crate::diag::Diagnostic;
use crate::lint::Policy;

pub(in crate::lint) fn find(policy: &Policy<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for definition in policy.definitions() {
        let DefinitionKind::Checks(checks) = &definition.kind else { continue };
        if checks.sign_offs.is_some() {
            continue;
        }
        for hold in &checks.holds {
            let released = !matches!(hold.release, Releaser::Signers(Signers::Nobody));
            if released || hold.after_cure.is_some() {
                let told = Diagnostic::new("L014", hold.condition.span).arg("hold", &hold.name);
                found.push(told.arg("checks", &definition.name).help("list"));
            }
        }
    }
    found
}
