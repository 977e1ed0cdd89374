//! `total`: lines of one unit, each of which may read the lines before it.

use super::common::{broken, nothing_in, place, unique, unit};
use crate::check::context::{Checker, Expected, Line, Scope, Why};
use crate::check::hir::{self, DefinitionKind};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{Type, Unit};

/// `total`
pub(crate) fn total(cx: &mut Checker<'_>, total: &ast::Total, scope: &Scope) -> DefinitionKind {
    unique(cx, total.lines.iter().map(|line| &line.name), &total.name, "line");
    if total.lines.is_empty() {
        nothing_in(cx, &total.name, "total");
    }
    let own_id = cx.open.last().map(|(id, _)| *id);
    let mut inside = scope.clone();
    let mut own: Option<Unit> = None;
    let mut expected = Expected::Number(Why::at("total", total.name.span));
    let mut lines = Vec::new();
    for (number, line) in total.lines.iter().enumerate() {
        let found = self::line(cx, total, line, own.is_some(), &expected, &inside);
        let Some(found) = found else {
            // It is told what is wrong with the line; of who reads it nothing more is.
            cx.unresolved.insert((scope.policy, line.name.text.clone()));
            continue;
        };
        if let Some(of) = unit(&found.value) {
            let joined = own.map_or(of, |own| own.join(of).unwrap_or(own));
            own = Some(joined);
            expected = Expected::Type(Type::Number(joined), Why::at("total", line.span));
            if let Some(id) = own_id {
                inside.lines.push(Line {
                    name: line.name.text.clone(),
                    value: id,
                    place: place(number),
                    ty: found.value.ty.clone(),
                    span: line.name.span,
                });
            }
        }
        lines.push(found);
    }
    let floor = total.floor.as_ref().map(|(least, reason, span)| {
        let least = cx.expr(least, scope, &expected);
        (least, cx.reason(reason), *span)
    });
    let sound = lines.len() == total.lines.len()
        && !lines.is_empty()
        && floor.as_ref().is_none_or(|(least, ..)| !broken(least));
    match own {
        Some(own) if sound => {
            let rounding = total.rounding.as_ref().and_then(|rounding| cx.rounding(rounding, own));
            DefinitionKind::Total(hir::Total { lines, floor, rounding })
        }
        Some(_) | None => DefinitionKind::Error,
    }
}

/// The unit of a total: that of its lines.
pub(crate) fn unit_of(total: &hir::Total) -> Option<Unit> {
    let mut units = total.lines.iter().filter_map(|line| unit(&line.value));
    let first = units.next()?;
    Some(units.fold(first, |own, other| own.join(other).unwrap_or(own)))
}

fn line(
    cx: &mut Checker<'_>,
    total: &ast::Total,
    line: &ast::TotalLine,
    has_unit: bool,
    expected: &Expected,
    scope: &Scope,
) -> Option<hir::TotalLine> {
    let value = cx.expr(&line.value, scope, expected);
    let own = unit(&value).filter(|_| !broken(&value));
    let bound = match own {
        Some(own) if !has_unit => Expected::Type(Type::Number(own), Why::at("total", line.span)),
        Some(_) | None => expected.clone(),
    };
    let at_most = line.at_most.as_ref().map(|most| cx.expr(most, scope, &bound));
    if at_most.as_ref().is_some_and(broken) {
        return None;
    }
    let if_unknown = match line.if_unknown.as_ref().map(|said| (&said.kind, said.span)) {
        None => None,
        Some((ast::IfUnknownKind::Refuse, _)) => Some(hir::IfUnknown::Refuse),
        Some((ast::IfUnknownKind::Refer(role, question), _)) => Some(hir::IfUnknown::Refer {
            role: cx.role(role),
            question: question.as_ref().map(Checker::question),
        }),
        Some((ast::IfUnknownKind::Applies | ast::IfUnknownKind::DoesNotApply, span)) => {
            cx.report(Diagnostic::new("E347", span).arg("line", &line.name.text).help(""));
            None
        }
    };
    if let (Some(skip), Some(said)) = (line.skip_unknown, &line.if_unknown) {
        cx.report(Diagnostic::new("E347", said.span).variant("both").label(skip, "skip"));
    }
    if let (Some(skip), false, None) = (line.skip_unknown, line.minus, &line.reason.because) {
        cx.report(
            Diagnostic::new("W352", skip)
                .arg("line", &line.name.text)
                .arg("total", &total.name.text)
                .help("")
                .note(""),
        );
    }
    let rounding = match (&line.rounding, own) {
        (Some(rounding), Some(own)) => cx.rounding(rounding, own),
        _ => None,
    };
    own?;
    Some(hir::TotalLine {
        minus: line.minus,
        name: line.name.text.clone(),
        label: Checker::label(&line.label, &line.name),
        value,
        at_most,
        rounding,
        skip_unknown: line.skip_unknown.is_some(),
        if_unknown,
        reason: cx.reason(&line.reason),
        span: line.span,
    })
}
