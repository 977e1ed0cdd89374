//! `checks`: named holds on each item of a list, or on the customer.

use super::common::{broken, fixed, nothing_in, place, show, unique, unit};
use super::triggers::days;
use crate::check::context::{Checker, Expected, Scope, Why};
use crate::check::hir::{self, DefinitionKind, ExprKind};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{EnumId, FieldId, Number, Type, Unit};

/// The parts that the language gives to checks; no hold goes by such a name.
const PARTS: [&str; 6] = ["verdict", "standing", "worst", "结论", "未消除项", "最重项"];

/// `checks`
pub(crate) fn checks(cx: &mut Checker<'_>, checks: &ast::Checks, scope: &Scope) -> DefinitionKind {
    unique(cx, checks.checks.iter().map(|check| &check.name), &checks.name, "hold");
    if checks.checks.is_empty() {
        nothing_in(cx, &checks.name, "checks");
    }
    for check in checks.checks.iter().filter(|check| PARTS.contains(&&*check.name.text)) {
        cx.report(
            Diagnostic::new("E257", check.name.span)
                .arg("name", &check.name.text)
                .arg("checks", &checks.name.text)
                .help(""),
        );
    }
    let Some(scope) = items(cx, checks, scope) else { return DefinitionKind::Error };
    let scope = &scope;
    let Some(own) = cx.own_enum(&checks.name) else { return DefinitionKind::Error };
    let holds: Option<Vec<hir::CheckHold>> =
        checks.checks.iter().map(|check| hold(cx, checks, check, scope)).collect();
    let exclusions: Option<Vec<hir::Exclusion>> =
        checks.exclusions.iter().map(|it| exclusion(cx, checks, it, own, scope)).collect();
    let verdicts = cx.built_in("checks.verdict", &hir::CHECK_VERDICTS);
    let statuses = cx.built_in("checks.status", &hir::HOLD_STATUSES);
    let last = cx.last_checks(checks, statuses, scope);
    let sign_offs = self::sign_offs(cx, checks, scope);
    let fits = sign_offs.is_none_or(|list| same_amounts(cx, list, holds.as_deref().unwrap_or_default()));
    match (holds, exclusions, last) {
        (Some(holds), Some(exclusions), Some(last)) if !holds.is_empty() && fits => {
            DefinitionKind::Checks(Box::new(hir::Checks {
                policy: scope.policy,
                holds_enum: own,
                verdicts,
                statuses,
                holds,
                exclusions,
                last,
                sign_offs,
            }))
        }
        _ => DefinitionKind::Error,
    }
}

/// The list of the sign-offs. A policy that has none records no releases; a signature after the cure must be read somewhere.
fn sign_offs(cx: &mut Checker<'_>, checks: &ast::Checks, scope: &Scope) -> Option<FieldId> {
    let cure = checks.checks.iter().find_map(|check| check.after_cure.as_ref());
    let known = cx.program.records.values().any(|record| *record == hir::RecordType::SignOff);
    if checks.from.is_none() && cure.is_none() && !known {
        return None;
    }
    let at = cure.map_or(checks.name.span, |(_, span)| *span);
    let customer = Scope::customer(scope.policy);
    cx.record_list(checks.from.as_ref(), hir::RecordType::SignOff, at, &customer)
}

/// Whether each amount that a hold is released by is of the unit of the signatures.
fn same_amounts(cx: &mut Checker<'_>, list: FieldId, holds: &[hir::CheckHold]) -> bool {
    holds.iter().all(|hold| match &hold.release {
        hir::Releaser::Granted(hir::Expr { kind: ExprKind::Apply(_, _, of), .. }, _) => {
            of.last().is_none_or(|amount| cx.signs_for(list, &amount.ty, amount.span))
        }
        hir::Releaser::Granted(..) | hir::Releaser::Signers(_) => true,
    })
}

/// The scope of the checks: the items of their list, or the customer.
fn items(cx: &mut Checker<'_>, checks: &ast::Checks, scope: &Scope) -> Option<Scope> {
    match (&checks.each, scope.item) {
        (None, _) | (Some(_), Some(_)) => Some(scope.clone()),
        (Some((name, list)), None) => {
            let list = cx.list(list, scope)?;
            Some(scope.with_item(list, name.as_ref().map(|name| name.text.clone())))
        }
    }
}

fn hold(
    cx: &mut Checker<'_>,
    checks: &ast::Checks,
    check: &ast::Check,
    scope: &Scope,
) -> Option<hir::CheckHold> {
    let condition =
        cx.condition(Some(&check.when), check.if_unknown.as_ref(), &check.reason, check.span, scope);
    let mut measures = Vec::new();
    if let Some(when) = &condition.when {
        measures_of(when, &mut measures);
    }
    if let Some(tolerance) = &check.tolerance
        && condition.when.as_ref().is_some_and(|when| !broken(when))
    {
        self::tolerance(cx, check, tolerance, &mut measures, scope)?;
    }
    let release = releaser(cx, checks, check, scope)?;
    let at_most = match &check.at_most {
        Some((written, span)) => {
            if matches!(release, hir::Releaser::Signers(hir::Signers::Nobody)) {
                cx.report(Diagnostic::new("E332", *span).arg("hold", &check.name.text).help(""));
            }
            Some(days(cx, written, *span, scope)?)
        }
        None => None,
    };
    let after_cure = check.after_cure.as_ref().and_then(|(role, _)| {
        let name = cx.role(role);
        Some(hir::Signers::Role { role: cx.role_place(&name)?, exactly: false })
    });
    Some(hir::CheckHold {
        name: check.name.text.clone(),
        label: Checker::label(&check.label, &check.name),
        condition,
        measures,
        release,
        at_most,
        after_cure,
    })
}

/// The comparisons of amounts or days that a condition makes, as far as all of them must hold.
fn measures_of(when: &hir::Expr, found: &mut Vec<hir::Measure>) {
    match &when.kind {
        ExprKind::And(parts) => parts.iter().for_each(|part| measures_of(part, found)),
        ExprKind::Compare(how, left, right) => {
            let measured = |of: &hir::Expr| matches!(of.ty, Type::Number(_) | Type::Date);
            if !measured(left) || broken(left) || broken(right) {
                return;
            }
            // What is written first is measured, but for a figure: `60 days < days_late`.
            let constant = |of: &hir::Expr| matches!(of.kind, ExprKind::Const(_));
            let (how, value, threshold) = if constant(left) && !constant(right) {
                (how.mirrored(), right, left)
            } else {
                (*how, left, right)
            };
            found.push(hir::Measure {
                how,
                value: (**value).clone(),
                threshold: (**threshold).clone(),
                tolerance: None,
                span: when.span,
            });
        }
        _ => {}
    }
}

/// One amount for each comparison, in the unit of what is compared: by days for days of the calendar.
fn tolerance(
    cx: &mut Checker<'_>,
    check: &ast::Check,
    tolerance: &ast::Tolerance,
    measures: &mut [hir::Measure],
    scope: &Scope,
) -> Option<()> {
    if measures.is_empty() {
        cx.report(
            Diagnostic::new("E333", tolerance.span)
                .arg("hold", &check.name.text)
                .label(check.when.span, "condition")
                .help(""),
        );
        return None;
    }
    if measures.len() != tolerance.amounts.len() {
        cx.report(
            Diagnostic::new("E334", tolerance.span)
                .arg("hold", &check.name.text)
                .arg("amounts", tolerance.amounts.len())
                .arg("comparisons", measures.len())
                .label(check.when.span, "condition")
                .help(""),
        );
        return None;
    }
    let mut sound = Some(());
    for (written, measure) in tolerance.amounts.iter().zip(measures) {
        let unit = unit(&measure.value).unwrap_or(Unit::DAYS);
        let expected = Expected::Type(Type::Number(unit), Why::at("tolerance", measure.span));
        let amount = cx.expr(written, scope, &expected);
        if broken(&amount) {
            sound = None;
            continue;
        }
        if let Some(negative) = fixed(&amount).filter(Number::is_negative) {
            cx.report(Diagnostic::new("E258", written.span).arg("amount", show(&negative, unit)).help(""));
            sound = None;
        }
        measure.tolerance = Some(amount);
    }
    sound
}

/// Who may release a hold; that nobody may is written, never meant by silence.
fn releaser(
    cx: &mut Checker<'_>,
    checks: &ast::Checks,
    check: &ast::Check,
    scope: &Scope,
) -> Option<hir::Releaser> {
    let Some(release) = &check.release else {
        cx.report(
            Diagnostic::new("E330", check.name.span)
                .arg("hold", &check.name.text)
                .arg("checks", &checks.name.text)
                .help(""),
        );
        return None;
    };
    match &release.by {
        ast::Releaser::Signers(signers) => cx.signers(signers).map(hir::Releaser::Signers),
        ast::Releaser::Granted(granted) => {
            let of = cx.expr(granted, scope, &Expected::Subject);
            if broken(&of) {
                return None;
            }
            let signers = match of.ty {
                Type::Enum(kind) => cx.signer_kinds.get(&kind).cloned(),
                _ => None,
            };
            match (signers, &of.kind) {
                (Some(signers), ExprKind::Apply(..)) => Some(hir::Releaser::Granted(of, signers)),
                _ => {
                    let report = Diagnostic::new("E260", granted.span).arg("hold", &check.name.text);
                    let known = cx.authorities(scope.policy);
                    cx.report(match known.as_slice() {
                        [] => report.help("roles"),
                        [first, ..] => {
                            report.arg("known", known.join("`, `")).arg("first", first).help("authority")
                        }
                    });
                    None
                }
            }
        }
    }
}

fn exclusion(
    cx: &mut Checker<'_>,
    checks: &ast::Checks,
    exclusion: &ast::Exclusion,
    own: EnumId,
    scope: &Scope,
) -> Option<hir::Exclusion> {
    let condition = cx.condition(
        Some(&exclusion.when),
        exclusion.if_unknown.as_ref(),
        &exclusion.reason,
        exclusion.span,
        scope,
    );
    if let Some(ast::IfUnknown { kind: ast::IfUnknownKind::Refer(role, _), span }) = &exclusion.if_unknown {
        cx.report(Diagnostic::new("E328", *span).arg("role", &role.text).help(""));
        return None;
    }
    let mut except = Vec::new();
    for name in &exclusion.except {
        except.push(cx.enum_member(own, name)?);
    }
    let covered = |at: usize| !except.contains(&place(at));
    if !checks.checks.is_empty() && !(0..checks.checks.len()).any(covered) {
        cx.report(Diagnostic::new("W261", exclusion.span).arg("checks", &checks.name.text));
    }
    for (at, check) in checks.checks.iter().enumerate() {
        let nobody = check.release.as_ref().is_some_and(|it| match &it.by {
            ast::Releaser::Signers(signers) => signers.kind == ast::SignersKind::Nobody,
            ast::Releaser::Granted(_) => false,
        });
        if nobody && covered(at) {
            cx.report(
                Diagnostic::new("W335", exclusion.span)
                    .arg("hold", &check.name.text)
                    .label(check.name.span, "hold")
                    .help(""),
            );
        }
    }
    Some(hir::Exclusion { condition, except })
}
