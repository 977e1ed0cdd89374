//! Amounts that nobody may approve, and holds that nobody may release, without a word on why.

use crate::check::hir::{DefinitionKind, ExprKind, OutcomeKind, Releaser, Row, Signers};
use crate::diag::Diagnostic;
use crate::lint::Policy;
use crate::value::Value;

pub(in crate::lint) fn find(policy: &Policy<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for definition in policy.definitions() {
        match &definition.kind {
            DefinitionKind::Authority(authority) => {
                let rows = authority.table.rows.iter();
                let nobody = rows
                    .filter(|row| asks_nobody(row, &authority.signers) && row.condition.reason.is_empty());
                found.extend(nobody.map(|row| {
                    let told = Diagnostic::new("L015", row.condition.span).variant("authority");
                    told.arg("name", &definition.name).help("row")
                }));
            }
            DefinitionKind::Checks(checks) => {
                let holds = checks.holds.iter().filter(|hold| {
                    matches!(hold.release, Releaser::Signers(Signers::Nobody))
                        && hold.condition.reason.is_empty()
                });
                found.extend(holds.map(|hold| {
                    let told = Diagnostic::new("L015", hold.condition.span).variant("hold");
                    told.arg("name", &hold.name).help("hold")
                }));
            }
            _ => {}
        }
    }
    // A row of a grid is a row for each of its columns.
    found.dedup_by(|one, other| one.span == other.span);
    found
}

fn asks_nobody(row: &Row, signers: &[Signers]) -> bool {
    row.results.iter().any(|result| match &result.kind {
        OutcomeKind::Value(value) => match &value.kind {
            ExprKind::Const(Value::Code(code)) => signers.get(*code as usize) == Some(&Signers::Nobody),
            _ => false,
        },
        _ => false,
    })
}
