//! The steps of a ladder: their days, taken apart into anchor and offset, and what each does.

use super::common::{broken, fixed, number, place, same, show};
use crate::base::Span;
use crate::check::context::{Checker, Expected, Scope, Why};
use crate::check::hir;
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{EnumId, Number, Type, Unit};

/// The steps in the order written. `None` where one has no day that could be checked.
pub(super) fn steps(
    cx: &mut Checker<'_>,
    ladder: &ast::Escalation,
    own: EnumId,
    scope: &Scope,
) -> Option<Vec<hir::LadderStep>> {
    let mut found: Vec<Option<hir::LadderStep>> = Vec::new();
    for (at, step) in ladder.steps.iter().enumerate() {
        let day = day(cx, ladder, step, place(at), own, scope);
        let condition =
            cx.condition(step.when.as_ref(), step.if_unknown.as_ref(), &step.reason, step.span, scope);
        let (mut actions, mut notify, mut approval) = (Vec::new(), Vec::new(), Vec::new());
        for action in &step.actions {
            match action {
                ast::StepAction::Do(name) => actions.push(cx.action(name)),
                ast::StepAction::Notify(name) => notify.push(cx.role(name)),
                ast::StepAction::Approval(name) => approval.push(cx.role(name)),
            }
        }
        let late = late(cx, step);
        found.push(day.map(|day| hir::LadderStep {
            name: step.step.name.text.clone(),
            label: Checker::label(&step.step.label, &step.step.name),
            day,
            condition,
            actions,
            notify,
            approval,
            late,
        }));
    }
    ascending(cx, ladder, &found);
    let mut steps: Vec<hir::LadderStep> = found.into_iter().collect::<Option<_>>()?;
    hang_on_the_end(&mut steps);
    Some(steps)
}

/// Tells the steps that hang on the date on which the last one hangs from those of earlier dates.
fn hang_on_the_end(steps: &mut [hir::LadderStep]) {
    let last = steps.iter().rev().find_map(|step| match &step.day {
        hir::StepDay::Anchor { anchor, .. } => Some(anchor.clone()),
        hir::StepDay::Done { .. } => None,
    });
    let Some(last) = last else { return };
    for step in steps {
        if let hir::StepDay::Anchor { anchor, at_the_end, .. } = &mut step.day {
            *at_the_end = same(anchor, &last);
        }
    }
}

/// Who is told when a step is late. Nothing else can be done then: the step itself is what there is to do.
fn late(cx: &mut Checker<'_>, step: &ast::Step) -> Vec<crate::base::Str> {
    let mut told = Vec::new();
    for action in &step.late {
        match action {
            ast::StepAction::Notify(name) => told.push(cx.role(name)),
            ast::StepAction::Do(name) | ast::StepAction::Approval(name) => {
                cx.report(Diagnostic::new("E389", name.span).arg("step", &step.step.name.text).help(""));
            }
        }
    }
    told
}

/// The day of a step.
fn day(
    cx: &mut Checker<'_>,
    ladder: &ast::Escalation,
    step: &ast::Step,
    own_place: u32,
    own: EnumId,
    scope: &Scope,
) -> Option<hir::StepDay> {
    match &step.at {
        ast::StepDay::Date(written) => {
            let expected = Expected::Type(Type::Date, Why::at("step", step.step.name.span));
            let date = cx.expr(written, scope, &expected);
            if broken(&date) {
                return None;
            }
            let (anchor, offset) = split(&date);
            Some(hir::StepDay::Anchor { anchor, offset, date, at_the_end: true })
        }
        ast::StepDay::Done { step: other, offset, span } => {
            let given = match offset {
                Some(offset) => Some(cx.offset(offset, scope)?),
                None => None,
            };
            let code = cx.enum_member(own, other)?;
            if code >= own_place {
                let key = if code == own_place { "itself" } else { "" };
                let mut report = Diagnostic::new("E380", *span)
                    .variant(key)
                    .arg("step", &step.step.name.text)
                    .arg("other", &other.text)
                    .help(key);
                if let Some(later) = ladder.steps.get(code as usize).filter(|_| code != own_place) {
                    report = report.label(later.step.name.span, "later");
                }
                cx.report(report);
                return None;
            }
            Some(hir::StepDay::Done { step: code, offset: given })
        }
    }
}

/// A date taken apart: `due + 1 month, or month end` is `due`, and a month. Days in several pieces are added up.
fn split(date: &hir::Expr) -> (hir::Expr, Option<hir::Offset>) {
    match &date.kind {
        hir::ExprKind::AddDays(base, by) => match split(base) {
            (anchor, None) => (anchor, Some(hir::Offset::Days((**by).clone()))),
            (anchor, Some(hir::Offset::Days(first))) => {
                (anchor, Some(hir::Offset::Days(sum(first, (**by).clone()))))
            }
            // Months and then days cannot be one offset; the moved date is the anchor.
            (_, Some(_)) => ((**base).clone(), Some(hir::Offset::Days((**by).clone()))),
        },
        hir::ExprKind::AddBusinessDays(base, by) => {
            ((**base).clone(), Some(hir::Offset::BusinessDays((**by).clone())))
        }
        hir::ExprKind::AddMonths(base, by, end) => {
            ((**base).clone(), Some(hir::Offset::Months((**by).clone(), *end)))
        }
        _ => (date.clone(), None),
    }
}

fn sum(first: hir::Expr, second: hir::Expr) -> hir::Expr {
    let span = first.span.to(second.span);
    if let (Some(left), Some(right)) = (fixed(&first), fixed(&second)) {
        return number(left.add(&right), Unit::DAYS, span);
    }
    let ty = Type::Number(Unit::DAYS);
    let kind = hir::ExprKind::Arithmetic(hir::Arithmetic::Add, Box::new(first), Box::new(second));
    hir::Expr { kind, ty, span }
}

/// A fixed stretch: whether it is of calendar days, business days or months, and how long.
pub(super) fn length(offset: Option<&hir::Offset>) -> Option<(u8, Number)> {
    match offset {
        None => Some((0, Number::from_i64(0))),
        Some(hir::Offset::Days(by)) => fixed(by).map(|by| (0, by)),
        Some(hir::Offset::BusinessDays(by)) => fixed(by).map(|by| (1, by)),
        Some(hir::Offset::Months(by, _)) => fixed(by).map(|by| (2, by)),
    }
}

/// Steps of one anchor stand in the order of their days: the step in force is the open one listed last, so a step with a
/// later day above it in the list would never be in force.
fn ascending(cx: &mut Checker<'_>, ladder: &ast::Escalation, steps: &[Option<hir::LadderStep>]) {
    let mut reports = Vec::new();
    for (at, step) in steps.iter().enumerate().filter_map(|(at, step)| Some((at, step.as_ref()?))) {
        let hir::StepDay::Anchor { anchor, offset, .. } = &step.day else { continue };
        let Some((sort, own)) = length(offset.as_ref()) else { continue };
        let earlier = steps.iter().take(at).enumerate().rev().find_map(|(place, earlier)| {
            match &earlier.as_ref()?.day {
                hir::StepDay::Anchor { anchor: other, offset, .. } if same(anchor, other) => {
                    let (other_sort, other) = length(offset.as_ref())?;
                    (other_sort == sort || other.is_zero() || own.is_zero()).then_some((place, other))
                }
                hir::StepDay::Anchor { .. } | hir::StepDay::Done { .. } => None,
            }
        });
        let Some((place, other)) = earlier else { continue };
        let equal = other == own;
        // A step of the same day with a condition or an approval of its own leaves the one before it in force at times.
        let apart = step.condition.when.is_some() || !step.approval.is_empty();
        if other < own || (equal && apart) {
            continue;
        }
        let (Some(written), Some(before)) = (ladder.steps.get(at), ladder.steps.get(place)) else { continue };
        let key = if equal { "same" } else { "" };
        reports.push(
            Diagnostic::new("E378", day_span(written))
                .variant(key)
                .arg("step", &step.name)
                .arg("before", &before.step.name.text)
                .label(day_span(before), "before")
                .help(key)
                .note(""),
        );
    }
    for report in reports {
        cx.report(report);
    }
}

fn day_span(step: &ast::Step) -> Span {
    match &step.at {
        ast::StepDay::Date(date) => date.span,
        ast::StepDay::Done { span, .. } => *span,
    }
}

/// A stretch of days or business days, not negative; `E384` where it is of months.
pub(super) fn stretch(cx: &mut Checker<'_>, written: &ast::Expr, scope: &Scope) -> Option<hir::Offset> {
    let offset = cx.stretch(written, scope)?;
    match &offset {
        hir::Offset::Months(..) => {
            cx.report(Diagnostic::new("E384", written.span).help(""));
            None
        }
        hir::Offset::Days(by) | hir::Offset::BusinessDays(by) => {
            if let Some(number) = fixed(by).filter(Number::is_negative) {
                cx.report(
                    Diagnostic::new("E371", written.span).arg("days", show(&number, Unit::DAYS)).help(""),
                );
                return None;
            }
            Some(offset)
        }
    }
}
