//! `scorecard`: factors with weights or points, sections, and how much must be known.

use super::common::{
    broken, count, label_of, nothing_in, place, show, unique, unit, written_in_percent, written_unit,
};
use super::points::{self, Scoring};
use crate::base::Span;
use crate::check::context::{Checker, Expected, Scope};
use crate::check::hir::{self, DefinitionKind};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{FieldType, Number, Style, Unit};

/// `scorecard`
pub(crate) fn scorecard(cx: &mut Checker<'_>, card: &ast::Scorecard, scope: &Scope) -> DefinitionKind {
    let written = factors(card);
    names(cx, card, &written);
    if written.is_empty() {
        nothing_in(cx, &card.name, "card");
    }
    form(cx, card, &written);
    let (scale_unit, scale) = scale(cx, card);
    let missing = Modes { card, unit: scale_unit, scale: scale.as_ref() };
    let mut sound = true;
    let mut results = Vec::new();
    for (section, factor) in &written {
        match self::factor(cx, card, factor, scope, scale_unit, scale.as_ref()) {
            Some((value, weight, points)) => {
                let (missing, missing_written) = missing.of(cx, factor, section.map(|(_, section)| section));
                let label = if factor.label == ast::Label::default() { label_of(cx, &value) } else { None };
                results.push(hir::Factor {
                    name: factor.name.text.clone(),
                    label: label.unwrap_or_else(|| Checker::label(&factor.label, &factor.name)),
                    section: section.map(|(index, _)| index),
                    value,
                    weight,
                    points,
                    missing,
                    missing_written,
                    reason: cx.reason(&factor.reason),
                    span: factor.span,
                });
            }
            None => sound = false,
        }
    }
    weights(cx, card, &written, &results);
    let require = require(cx, card, written.len());
    let base = card.base.as_ref().and_then(|base| cx.constant_number(base, Unit::NUMBER));
    one_style(cx, card, &results);
    let own = unit_of(card, &results);
    let rounding = card.rounding.as_ref().and_then(|rounding| cx.rounding(rounding, own));
    if !sound || (card.scale.is_some() && scale.is_none() && card.added.is_none()) {
        return DefinitionKind::Error;
    }
    DefinitionKind::Scorecard(hir::Scorecard {
        added: card.added.is_some(),
        base: base.unwrap_or_else(|| Number::from_i64(0)),
        sections: sections(card)
            .map(|section| hir::Section {
                name: section.name.text.clone(),
                label: Checker::label(&section.label, &section.name),
                span: section.span,
            })
            .collect(),
        factors: results,
        scale,
        require,
        rounding,
    })
}

/// The unit of a card: that of the scale it is brought to; without one, that of its factors. Points are numbers.
pub(crate) fn unit_of(card: &ast::Scorecard, factors: &[hir::Factor]) -> Unit {
    if card.added.is_some() {
        return Unit::NUMBER;
    }
    match &card.scale {
        Some(scale) if written_in_percent(&scale.to.0) || written_in_percent(&scale.to.1) => Unit::PERCENT,
        Some(_) => Unit::NUMBER,
        None => {
            let percent = factors.iter().any(|factor| style_of(factor) == Some(Style::Percent));
            if percent { Unit::PERCENT } else { Unit::NUMBER }
        }
    }
}

/// Whether a factor that is its own score is a percent or a plain number.
fn style_of(factor: &hir::Factor) -> Option<Style> {
    match factor.points {
        hir::Points::Value => unit(&factor.value).map(|unit| unit.style),
        hir::Points::Rows(_) => Some(Style::Number),
        hir::Points::When(..) | hir::Points::Per { .. } => None,
    }
}

/// Without a scale, percents and plain numbers do not average.
fn one_style(cx: &mut Checker<'_>, card: &ast::Scorecard, factors: &[hir::Factor]) {
    if card.scale.is_some() || card.added.is_some() {
        return;
    }
    let number = factors.iter().any(|factor| style_of(factor) == Some(Style::Number));
    let percent = factors.iter().find(|factor| style_of(factor) == Some(Style::Percent));
    if let (true, Some(percent)) = (number, percent) {
        cx.report(
            Diagnostic::new("E323", percent.value.span)
                .variant("percent")
                .arg("factor", &percent.name)
                .help("percent"),
        );
    }
}

/// A factor with the section it stands in, and that section's place.
type Written<'a> = (Option<(u32, &'a ast::Section)>, &'a ast::Factor);

fn sections(card: &ast::Scorecard) -> impl Iterator<Item = &ast::Section> {
    card.parts.iter().filter_map(|part| match part {
        ast::CardPart::Section(section) => Some(section),
        ast::CardPart::Factor(_) => None,
    })
}

fn factors(card: &ast::Scorecard) -> Vec<Written<'_>> {
    let mut factors = Vec::new();
    let mut section_place = 0_usize;
    for part in &card.parts {
        match part {
            ast::CardPart::Factor(factor) => factors.push((None, factor)),
            ast::CardPart::Section(section) => {
                let at = place(section_place);
                factors.extend(section.factors.iter().map(|factor| (Some((at, section)), factor)));
                section_place = section_place.saturating_add(1);
            }
        }
    }
    factors
}

/// Factors and sections are values of the card, `characteristic.credit`: a name stands for one of them only.
fn names(cx: &mut Checker<'_>, card: &ast::Scorecard, factors: &[Written<'_>]) {
    let names = sections(card).map(|section| &section.name);
    let names: Vec<&ast::Name> = names.chain(factors.iter().map(|(_, factor)| &factor.name)).collect();
    unique(cx, names, &card.name, "factor");
    for section in sections(card).filter(|section| section.factors.is_empty()) {
        nothing_in(cx, &section.name, "section");
    }
}

/// What belongs to a card of the other sort: weights to a weighted one, a base to an added one.
fn form(cx: &mut Checker<'_>, card: &ast::Scorecard, factors: &[Written<'_>]) {
    match (card.added, &card.base, &card.scale) {
        (Some(added), _, Some(scale)) => cx
            .report(Diagnostic::new("E326", scale.span).variant("scale").label(added, "added").help("scale")),
        (None, Some(base), _) => cx.report(
            Diagnostic::new("E326", base.span).variant("base").arg("card", &card.name.text).help("base"),
        ),
        _ => {}
    }
    for (_, factor) in factors {
        let weighted = matches!(factor.score, ast::FactorScore::Weight(..));
        let report = match card.added {
            Some(added) if weighted => {
                Diagnostic::new("E326", factor.span).variant("weight").label(added, "added").help("weight")
            }
            None if !weighted => Diagnostic::new("E326", factor.span).variant("points").help("points"),
            _ => continue,
        };
        cx.report(report.arg("factor", &factor.name.text));
    }
}

/// The scale as written: its low and high ends, those of the factors and those of the card.
type Scale = (Number, Number, Number, Number);

/// The unit in which the factors are scored, and the scale.
fn scale(cx: &mut Checker<'_>, card: &ast::Scorecard) -> (Option<Unit>, Option<Scale>) {
    let Some(scale) = &card.scale else { return (None, None) };
    let unit = |pair: &(ast::Expr, ast::Expr)| {
        if written_in_percent(&pair.0) { written_unit(&pair.0) } else { written_unit(&pair.1) }
    };
    let mut ends = |pair: &(ast::Expr, ast::Expr), unit: Unit| {
        let ends = (cx.constant_number(&pair.0, unit)?, cx.constant_number(&pair.1, unit)?);
        if ends.0 >= ends.1 {
            let at = pair.0.span.to(pair.1.span);
            cx.report(
                Diagnostic::new("E325", at)
                    .arg("low", show(&ends.0, unit))
                    .arg("high", show(&ends.1, unit))
                    .help(""),
            );
            return None;
        }
        Some(ends)
    };
    let from_unit = unit(&scale.from);
    let from = ends(&scale.from, from_unit);
    let to = ends(&scale.to, unit(&scale.to));
    let whole = from.zip(to).map(|((a, b), (c, d))| (a, b, c, d));
    (Some(from_unit), whole)
}

/// A factor's value, weight and points.
fn factor(
    cx: &mut Checker<'_>,
    card: &ast::Scorecard,
    factor: &ast::Factor,
    scope: &Scope,
    scale_unit: Option<Unit>,
    scale: Option<&Scale>,
) -> Option<(hir::Expr, Option<Number>, hir::Points)> {
    let value = cx.expr(&factor.value, scope, &Expected::Subject);
    let scoring = Scoring { card: &card.name, factor, scope, unit: scale_unit.unwrap_or(Unit::NUMBER) };
    let weight = match &factor.score {
        ast::FactorScore::Weight(weight, _) => weight_of(cx, factor, weight),
        ast::FactorScore::Points(_)
        | ast::FactorScore::PointsWhen(..)
        | ast::FactorScore::PointsPer { .. } => None,
    };
    if broken(&value) {
        return None;
    }
    let points = match &factor.score {
        ast::FactorScore::Weight(_, None) => {
            own_score(cx, card, factor, &value, scale_unit, scale)?;
            hir::Points::Value
        }
        ast::FactorScore::Weight(_, Some(rows)) | ast::FactorScore::Points(rows) => {
            points::rows(cx, &scoring, rows, &value)?
        }
        ast::FactorScore::PointsWhen(number, pattern) => points::when(cx, &scoring, number, pattern, &value)?,
        ast::FactorScore::PointsPer { points, per, up_to } => {
            points::per(cx, &scoring, (points, per, up_to.as_ref()), &value)?
        }
    };
    if card.added.is_none() && weight.is_none() {
        return None;
    }
    Some((value, weight.filter(|_| card.added.is_none()), points))
}

fn weight_of(cx: &mut Checker<'_>, factor: &ast::Factor, weight: &ast::Expr) -> Option<Number> {
    let unit = written_unit(weight);
    let number = cx.constant_number(weight, unit)?;
    if !number.is_positive() {
        cx.report(
            Diagnostic::new("E322", weight.span)
                .arg("factor", &factor.name.text)
                .arg("weight", show(&number, unit))
                .help("")
                .note(""),
        );
        return None;
    }
    Some(number)
}

/// A factor that is its own score must be a number on the scale of the card.
fn own_score(
    cx: &mut Checker<'_>,
    card: &ast::Scorecard,
    factor: &ast::Factor,
    value: &hir::Expr,
    scale_unit: Option<Unit>,
    scale: Option<&Scale>,
) -> Option<()> {
    let Some(own) = unit(value).filter(|unit| unit.is_plain()) else {
        cx.report(Diagnostic::new("E323", factor.value.span).arg("factor", &factor.name.text).help(""));
        return None;
    };
    if scale_unit.is_some_and(|scale| !own.comparable(scale)) {
        let variant = if own.style == Style::Percent { "percent" } else { "number" };
        let mut report = Diagnostic::new("E323", factor.value.span)
            .variant(variant)
            .arg("factor", &factor.name.text)
            .help(variant);
        if let Some(written) = &card.scale {
            report = report.label(written.from.0.span.to(written.from.1.span), "scale");
        }
        cx.report(report);
        return None;
    }
    if let (Some((low, high, ..)), Some(written)) = (scale, &card.scale) {
        on_scale(cx, factor, value, own, (low, high), written.from.0.span.to(written.from.1.span));
    }
    Some(())
}

/// A fact scores within the scale whatever it is; a computed value is looked at on the plan.
fn on_scale(
    cx: &mut Checker<'_>,
    factor: &ast::Factor,
    value: &hir::Expr,
    unit: Unit,
    (low, high): (&Number, &Number),
    scale: Span,
) {
    let schema = &cx.program.schema;
    let field = match value.kind {
        hir::ExprKind::Fact(id) => schema.fields.get(id),
        hir::ExprKind::Field(list, field) => match schema.fields.get(list).map(|list| &list.ty) {
            Some(FieldType::Records(fields)) => fields.get(field as usize),
            _ => None,
        },
        _ => None,
    };
    let Some(field) = field else { return };
    let Some((least, greatest)) = &field.range else { return };
    if low <= least && greatest <= high {
        return;
    }
    let range = format!("{}..{}", show(least, unit), show(greatest, unit));
    let wanted = format!("{}..{}", show(low, unit), show(high, unit));
    let undeclared = field.range == field.ty.default_range();
    let mut report = Diagnostic::new("E324", factor.value.span)
        .variant(if undeclared { "undeclared" } else { "" })
        .arg("factor", &factor.name.text)
        .arg("range", range)
        .arg("scale", wanted)
        .label(scale, "scale")
        .help(if undeclared { "undeclared" } else { "" });
    if field.span.start != field.span.end {
        report = report.label(field.span, "fact");
    }
    cx.report(report);
}

/// Weights are all percents that make 100%, or all plain numbers.
fn weights(cx: &mut Checker<'_>, card: &ast::Scorecard, written: &[Written<'_>], factors: &[hir::Factor]) {
    if card.added.is_some() {
        return;
    }
    let weights: Vec<&ast::Expr> = written
        .iter()
        .filter_map(|(_, factor)| match &factor.score {
            ast::FactorScore::Weight(weight, _) => Some(weight),
            ast::FactorScore::Points(_)
            | ast::FactorScore::PointsWhen(..)
            | ast::FactorScore::PointsPer { .. } => None,
        })
        .collect();
    let percent = weights.iter().find(|weight| written_in_percent(weight));
    let plain = weights.iter().find(|weight| !written_in_percent(weight));
    match (percent, plain) {
        (Some(percent), Some(plain)) => {
            let (first, other, labels) = if percent.span.start < plain.span.start {
                (percent, plain, "percent")
            } else {
                (plain, percent, "plain")
            };
            cx.report(Diagnostic::new("E320", other.span).label(first.span, labels).help(""));
        }
        // Lines of the file that could not be read may hold the missing weights, and that is told.
        (Some(_), None) if factors.len() == written.len() && !cx.lost_lines.contains(&cx.policy) => {
            let sum = Number::sum(factors.iter().filter_map(|factor| factor.weight.as_ref()));
            let whole = Number::from_i64(1);
            if sum != whole {
                let over = sum > whole;
                let by = if over { sum.sub(&whole) } else { whole.sub(&sum) };
                let key = if over { "over" } else { "under" };
                cx.report(
                    Diagnostic::new("E321", card.name.span)
                        .arg("card", &card.name.text)
                        .arg("sum", show(&sum, Unit::PERCENT))
                        .arg("by", show(&by, Unit::PERCENT))
                        .variant(key)
                        .help(key)
                        .note(""),
                );
            }
        }
        _ => {}
    }
}

/// What is done with an unknown factor, as the factor, its section or the card says.
struct Modes<'a> {
    card: &'a ast::Scorecard,
    unit: Option<Unit>,
    scale: Option<&'a Scale>,
}

impl Modes<'_> {
    fn of(
        &self,
        cx: &mut Checker<'_>,
        factor: &ast::Factor,
        section: Option<&ast::Section>,
    ) -> (hir::Missing, bool) {
        let written = factor
            .missing
            .as_ref()
            .or_else(|| section.and_then(|section| section.missing.as_ref()))
            .or(self.card.missing.as_ref());
        let Some(written) = written else { return (hir::Missing::Unknown, false) };
        let missing = match &written.kind {
            ast::MissingKind::LeftOut => hir::Missing::LeftOut,
            ast::MissingKind::Unknown => hir::Missing::Unknown,
            ast::MissingKind::Scores(score) => {
                let unit = self.unit.unwrap_or_else(|| written_unit(score));
                let Some(number) = cx.constant_number(score, unit) else {
                    return (hir::Missing::Unknown, true);
                };
                if let Some((low, high, ..)) =
                    self.scale.filter(|(low, high, ..)| number < *low || number > *high)
                {
                    cx.report(
                        Diagnostic::new("E331", score.span)
                            .arg("score", show(&number, unit))
                            .arg("scale", format!("{}..{}", show(low, unit), show(high, unit)))
                            .help(""),
                    );
                }
                hir::Missing::Scores(number)
            }
        };
        (missing, true)
    }
}

/// How much must be known: a number of factors that there are, a part of the weight.
fn require(cx: &mut Checker<'_>, card: &ast::Scorecard, factors: usize) -> Vec<hir::Require> {
    let mut found = Vec::new();
    for require in &card.require {
        let kind = match &require.kind {
            ast::RequireKind::Known(number) => {
                let Some(given) = cx.constant_number(number, Unit::NUMBER) else { continue };
                let Some(known) = count(&given).filter(|known| (*known as usize) <= factors) else {
                    cx.report(
                        Diagnostic::new("E329", number.span)
                            .arg("card", &card.name.text)
                            .arg("got", show(&given, Unit::NUMBER))
                            .arg("factors", factors)
                            .help(""),
                    );
                    continue;
                };
                hir::RequireKind::Known(known)
            }
            ast::RequireKind::WeightKnown(part) => {
                if let Some(added) = card.added {
                    cx.report(
                        Diagnostic::new("E329", require.span)
                            .variant("added")
                            .label(added, "added_card")
                            .help("added"),
                    );
                    continue;
                }
                let Some(given) = cx.constant_number(part, Unit::PERCENT) else { continue };
                if !given.is_positive() || given > Number::from_i64(1) {
                    cx.report(
                        Diagnostic::new("E329", part.span)
                            .variant("weight")
                            .arg("got", show(&given, Unit::PERCENT))
                            .help("weight"),
                    );
                    continue;
                }
                hir::RequireKind::WeightKnown(given)
            }
        };
        let reason = cx.reason(&require.reason);
        found.push(hir::Require { kind, reason, span: require.span });
    }
    found
}
