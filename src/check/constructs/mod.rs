//! The constructs of a credit department, one a file: what was written into what it means.

use super::context::{Checker, Scope};
use super::hir::DefinitionKind;
use crate::syntax::ast;

/// `table`
pub(crate) fn table(_cx: &mut Checker<'_>, _table: &ast::Table, _scope: &Scope) -> DefinitionKind {
    DefinitionKind::Error
}

/// `scorecard`
pub(crate) fn scorecard(_cx: &mut Checker<'_>, _card: &ast::Scorecard, _scope: &Scope) -> DefinitionKind {
    DefinitionKind::Error
}

/// `grades`
pub(crate) fn grades(_cx: &mut Checker<'_>, _grades: &ast::Grades, _scope: &Scope) -> DefinitionKind {
    DefinitionKind::Error
}

/// `correction`
pub(crate) fn correction(
    _cx: &mut Checker<'_>,
    _correction: &ast::Correction,
    _scope: &Scope,
) -> DefinitionKind {
    DefinitionKind::Error
}

/// `limit`
pub(crate) fn limit(_cx: &mut Checker<'_>, _limit: &ast::Limit, _scope: &Scope) -> DefinitionKind {
    DefinitionKind::Error
}

/// `triggers`
pub(crate) fn triggers(_cx: &mut Checker<'_>, _triggers: &ast::Triggers, _scope: &Scope) -> DefinitionKind {
    DefinitionKind::Error
}

/// `escalation`
pub(crate) fn escalation(
    _cx: &mut Checker<'_>,
    _escalation: &ast::Escalation,
    _scope: &Scope,
) -> DefinitionKind {
    DefinitionKind::Error
}
