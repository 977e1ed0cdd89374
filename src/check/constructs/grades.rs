//! `grades`: bands of a score, best first, what a grade needs, and the notches, caps and forces behind it.

use super::common::{broken, count, enum_of, fixed, nothing_in, place, show, unique, unit};
use crate::check::context::{Checker, Expected, Scope, Why};
use crate::check::hir::{self, DefinitionKind};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{EnumId, Type, Unit};

/// `grades`
pub(crate) fn grades(cx: &mut Checker<'_>, grades: &ast::Grades, scope: &Scope) -> DefinitionKind {
    let bands = grades.bands.iter().map(|band| &band.grade.name);
    unique(cx, bands.chain(grades.apart.iter().map(|apart| &apart.grade.name)), &grades.name, "grade");
    match grades.bands.as_slice() {
        [] => nothing_in(cx, &grades.name, "grades"),
        [only] => cx.report(Diagnostic::new("E341", only.span).arg("scale", &grades.name.text).help("")),
        [.., last] => {
            if let Some(needs) = &last.needs {
                cx.report(
                    Diagnostic::new("E348", needs.span).arg("grade", &last.grade.name.text).help("").note(""),
                );
            }
        }
    }
    let score = cx.expr(&grades.score, scope, &Expected::Subject);
    let own = unit(&score);
    if own.is_none() && !broken(&score) {
        cx.report(Diagnostic::new("E345", grades.score.span).arg("scale", &grades.name.text).help(""));
    }
    let Some(scale) = cx.own_enum(&grades.name) else { return DefinitionKind::Error };
    let bands = bands_of(cx, grades, own, scope);
    let apart = apart(cx, grades, scale, scope);
    let rules: Vec<Option<hir::GradeRule>> =
        grades.rules.iter().map(|rule| self::rule(cx, grades, rule, scale, scope)).collect();
    if own.is_none() || broken(&score) {
        return DefinitionKind::Error;
    }
    let Some(apart) = apart.into_iter().collect() else { return DefinitionKind::Error };
    let rules = rules.into_iter().flatten().collect();
    DefinitionKind::Grades(hir::Grades { scale, score, bands, apart, rules })
}

/// The bands, each below the one before it.
fn bands_of(cx: &mut Checker<'_>, grades: &ast::Grades, own: Option<Unit>, scope: &Scope) -> Vec<hir::Band> {
    let expected = match own {
        Some(unit) => Expected::Type(Type::Number(unit), Why::at("band", grades.score.span)),
        None => Expected::Number(Why::at("band", grades.score.span)),
    };
    let mut bands = Vec::new();
    let mut before: Option<(crate::value::Number, bool, crate::base::Span)> = None;
    for band in &grades.bands {
        let from = cx.expr(&band.from, scope, &expected);
        if let Some(bound) = fixed(&from) {
            if let Some((higher, inclusive, span)) = &before {
                // `above 86` and then `from 86` share the bound: 86 itself is the lower grade's.
                let falls = bound < *higher || (bound == *higher && !*inclusive && !band.exclusive);
                if !falls {
                    let unit = own.unwrap_or(Unit::NUMBER);
                    let key = if bound == *higher { "same" } else { "" };
                    cx.report(
                        Diagnostic::new("E340", band.from.span)
                            .variant(key)
                            .arg("grade", &band.grade.name.text)
                            .arg("bound", show(&bound, unit))
                            .arg("before", show(higher, unit))
                            .label(*span, "before")
                            .help(key),
                    );
                }
            }
            before = Some((bound, !band.exclusive, band.from.span));
        }
        let needs =
            cx.condition(band.needs.as_ref(), band.if_unknown.as_ref(), &band.reason, band.span, scope);
        bands.push(hir::Band { from, inclusive: !band.exclusive, needs });
    }
    bands
}

/// The apart grades, each with something that gives it.
fn apart(
    cx: &mut Checker<'_>,
    grades: &ast::Grades,
    scale: EnumId,
    scope: &Scope,
) -> Vec<Option<hir::Apart>> {
    let mut found = Vec::new();
    for apart in &grades.apart {
        let name = &apart.grade.name;
        if !apart.when_unknown && apart.when.is_none() {
            cx.report(Diagnostic::new("E344", apart.span).arg("grade", &name.text).help(""));
        }
        let condition =
            cx.condition(apart.when.as_ref(), apart.if_unknown.as_ref(), &apart.reason, apart.span, scope);
        let code = cx.enum_member(scale, name);
        found.push(code.map(|code| hir::Apart { code, when_unknown: apart.when_unknown, condition }));
    }
    found
}

/// A notch, a cap or a force.
fn rule(
    cx: &mut Checker<'_>,
    grades: &ast::Grades,
    rule: &ast::GradeRule,
    scale: EnumId,
    scope: &Scope,
) -> Option<hir::GradeRule> {
    let condition =
        cx.condition(rule.when.as_ref(), rule.if_unknown.as_ref(), &rule.reason, rule.span, scope);
    let kind = match &rule.kind {
        ast::GradeRuleKind::Down(by) => notches(cx, grades, by).map(hir::GradeRuleKind::Down),
        ast::GradeRuleKind::Up(by) => notches(cx, grades, by).map(hir::GradeRuleKind::Up),
        ast::GradeRuleKind::NotAbove(grade) => {
            let code = in_order(cx, grades, grade, scale)?;
            if code == 0 {
                cx.report(Diagnostic::new("W346", rule.span).arg("grade", &grade.text).help(""));
            }
            Some(hir::GradeRuleKind::NotAbove(code))
        }
        ast::GradeRuleKind::Force(grade) => in_order(cx, grades, grade, scale).map(hir::GradeRuleKind::Force),
    };
    Some(hir::GradeRule { kind: kind?, condition })
}

/// A number of notches: whole, at least 1, and no more than the scale has steps.
fn notches(cx: &mut Checker<'_>, grades: &ast::Grades, by: &ast::Expr) -> Option<u32> {
    let number = cx.constant_number(by, Unit::NUMBER)?;
    let most = grades.bands.len().saturating_sub(1);
    let Some(notches) = count(&number).filter(|notches| *notches <= place(most).max(1)) else {
        cx.report(
            Diagnostic::new("E342", by.span)
                .arg("got", show(&number, Unit::NUMBER))
                .arg("most", most)
                .arg("scale", &grades.name.text)
                .help(""),
        );
        return None;
    };
    Some(notches)
}

/// The place of a grade that stands in the order; an apart one can neither bound nor be a step down.
fn in_order(cx: &mut Checker<'_>, grades: &ast::Grades, grade: &ast::Name, scale: EnumId) -> Option<u32> {
    let code = cx.enum_member(scale, grade)?;
    if enum_of(cx, scale)?.member(code)?.apart {
        let mut report = Diagnostic::new("E343", grade.span).arg("grade", &grade.text).help("").note("");
        if let Some(apart) = grades.apart.iter().find(|apart| apart.grade.name.text == grade.text) {
            report = report.label(apart.grade.name.span, "apart");
        }
        cx.report(report);
        return None;
    }
    Some(code)
}
