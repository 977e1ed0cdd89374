//! Scorecards: weighted means or added points, by section and over all, with what counts where something is missing.

use super::super::{
    FactorItem, ItemKind, Op, Reason, RequireItem, RowItem, Rule, RuleKind, ScorecardItem, SectionItem,
    Silence, StepId, Take,
};
use super::decisions::UnsaidMissing;
use super::{Lower, code};
use crate::base::{Span, Str};
use crate::check::hir;
use crate::value::{Number, Rounding, Type, Unit};

/// The lines of a card that one of its values is made of: weight, and the points as they count.
type Terms = Vec<(Number, StepId)>;

impl Lower<'_> {
    /// `scorecard`
    pub(super) fn lower_scorecard(
        &mut self,
        id: hir::ValueId,
        definition: &hir::Definition,
        it: &hir::Scorecard,
    ) {
        let span = definition.span;
        let plain = self.card_type();
        let factors = self.factors(id, definition, it);
        let sections = self.sections(id, it, &factors);
        let all: Vec<usize> = (0..factors.len()).collect();
        let values = factors.iter().map(|factor| factor.value).collect();
        let known = self.count(values, span);
        let known = self.name(id, hir::Part::Known, known);
        let terms = terms(&factors, &all);
        let got = self.weighted_sum(terms.clone(), span);
        let got = self.with_base(it, got, span);
        let sum = self.name(id, hir::Part::Sum, got);
        let best = factors.iter().map(|factor| (factor.weight.mul(&factor.best), factor.counted)).collect();
        let best = self.known_weight(best, span);
        let of = self.with_base(it, best, span);
        let of = self.name(id, hir::Part::Of, of);
        let weight_known = (!it.added).then(|| self.weight_known(&factors, span));
        let raw = self.card(it, &factors, &all, span);
        let require = self.require(definition, it, known, weight_known, span);
        let mut conditions = Vec::new();
        for one in &require {
            conditions.extend(self.rules.get(one.rule).and_then(|rule| rule.condition));
        }
        let enough = self.and(conditions, span);
        let too_little = match self.constant(enough) {
            Some(_) => raw,
            None => self.unknown(Silence::TooLittleKnown, plain.clone(), span),
        };
        let held = self.choose_if(enough, raw, too_little, plain, span);
        let value = self.rounded(held, it.rounding.as_ref(), span);
        let value = self.name(id, hir::Part::Main, value);
        let other_mode = self.other_mode(it, &factors, &all, span);
        let kind = ScorecardItem {
            added: it.added,
            base: it.base.clone(),
            sections,
            factors,
            scale: it.scale.clone(),
            known,
            weight_known,
            sum,
            of,
            raw,
            other_mode,
            require,
        };
        let rounding = it.rounding.clone().map(|rounding| (held, rounding));
        self.item(id, definition, value, rounding, Reason::default(), ItemKind::Scorecard(kind));
    }

    fn factors(
        &mut self,
        id: hir::ValueId,
        definition: &hir::Definition,
        it: &hir::Scorecard,
    ) -> Vec<FactorItem> {
        let address = self.address(definition);
        let mut factors = Vec::new();
        for (place, factor) in it.factors.iter().enumerate() {
            let address: Str = format!("{address}/{}", factor.name).into();
            let value = self.expr(&factor.value);
            let (points, rows) = self.points(value, factor, &address);
            let points = self.name(id, hir::Part::Factor(code(place)), points);
            let unsaid = !factor.missing_written && self.can_be_unknown(points);
            let counted = match &factor.missing {
                hir::Missing::LeftOut | hir::Missing::Unknown if unsaid => self.left_open(points),
                hir::Missing::LeftOut | hir::Missing::Unknown => points,
                hir::Missing::Scores(score) => {
                    let score = self.number(score.clone(), Unit::NUMBER, factor.span);
                    self.if_unknown(points, score, factor.span)
                }
            };
            if unsaid {
                let card = self.public_name(id, definition);
                let name = factor.name.clone();
                self.findings.unsaid_missing.push(UnsaidMissing {
                    card,
                    factor: name,
                    points,
                    counted,
                    span: factor.span,
                });
            }
            let best = self.best(it, factor, value, &rows);
            let reason = self.reason(&factor.reason);
            let rule = self.plain_rule(RuleKind::Factor, address, reason, factor.span);
            factors.push(FactorItem {
                name: factor.name.clone(),
                label: factor.label.clone(),
                section: factor.section.map(|section| section as usize),
                rule,
                value,
                points,
                counted,
                weight: factor.weight.clone().unwrap_or(Number::ONE),
                best,
                missing: factor.missing.clone(),
                rows,
            });
        }
        factors
    }

    /// The points of a factor before anything is said of missing, and the rows that give them.
    fn points(&mut self, value: StepId, factor: &hir::Factor, address: &str) -> (StepId, Vec<RowItem>) {
        let span = factor.span;
        let plain = Type::Number(Unit::NUMBER);
        match &factor.points {
            hir::Points::Value => (value, Vec::new()),
            hir::Points::Rows(rows) => {
                let columns = [plain];
                let rows = self.rows(&[value], rows, &columns, address, false);
                let (chosen, results) = self.choose_rows(&rows, &columns, span);
                (results.first().copied().unwrap_or(chosen), rows)
            }
            hir::Points::When(points, pattern) => {
                let holds = self.pattern(value, pattern, span);
                let points = self.number(points.clone(), Unit::NUMBER, span);
                let none = self.number(Number::ZERO, Unit::NUMBER, span);
                (self.choose_if(holds, points, none, plain, span), Vec::new())
            }
            hir::Points::Per { points, per, up_to } => {
                let unit = self.ty(value).unit().unwrap_or(Unit::NUMBER);
                let per = self.number(per.clone(), unit, span);
                let portions = self.divide(value, per, Type::Number(Unit::RATIO), span);
                let whole = self.push(Op::Floor(portions), plain.clone(), span);
                let take = if points.is_negative() { Take::Highest } else { Take::Lowest };
                let points = self.number(points.clone(), Unit::NUMBER, span);
                let earned = self.multiply(points, whole, plain.clone(), span);
                let earned = match up_to {
                    Some(bound) => {
                        let bound = self.number(bound.clone(), Unit::NUMBER, span);
                        self.pick(take, vec![earned, bound], plain, span)
                    }
                    None => earned,
                };
                (earned, Vec::new())
            }
        }
    }

    /// The greatest points that a factor can have.
    fn best(&self, it: &hir::Scorecard, factor: &hir::Factor, value: StepId, rows: &[RowItem]) -> Number {
        let greatest = |step: StepId| self.bounds(step).range.map(|(_, most)| most);
        match &factor.points {
            hir::Points::Value => match &it.scale {
                Some((_, most, _, _)) => most.clone(),
                None => greatest(value).unwrap_or(Number::ZERO),
            },
            hir::Points::Rows(_) => {
                let all =
                    rows.iter().filter_map(|row| row.results.first()).filter_map(|step| greatest(*step));
                all.max().unwrap_or(Number::ZERO)
            }
            hir::Points::When(points, _) => points.clone().max(Number::ZERO),
            hir::Points::Per { points, per, up_to } => {
                if points.is_negative() {
                    return Number::ZERO;
                }
                let reached =
                    greatest(value).and_then(|most| most.div_floor(per)).map(|times| times.mul(points));
                match (reached, up_to) {
                    (Some(reached), Some(bound)) => reached.min(bound.clone()),
                    (Some(reached), None) => reached,
                    (None, bound) => bound.clone().unwrap_or(Number::ZERO),
                }
            }
        }
    }

    fn sections(
        &mut self,
        id: hir::ValueId,
        it: &hir::Scorecard,
        factors: &[FactorItem],
    ) -> Vec<SectionItem> {
        let mut sections = Vec::new();
        for (place, section) in it.sections.iter().enumerate() {
            let members: Vec<usize> = factors
                .iter()
                .enumerate()
                .filter(|(_, factor)| factor.section == Some(place))
                .map(|(place, _)| place)
                .collect();
            let value = self.card_without_base(it, factors, &members, section.span);
            let value = self.name(id, hir::Part::Section(code(place)), value);
            sections.push(SectionItem {
                name: section.name.clone(),
                label: section.label.clone(),
                value,
                span: section.span,
            });
        }
        sections
    }

    /// The card, or a section, before `require` and rounding, with the base of an added card.
    fn card(&mut self, it: &hir::Scorecard, factors: &[FactorItem], of: &[usize], span: Span) -> StepId {
        let value = self.mean_or_sum(it, terms(factors, of), span);
        let value = self.with_base(it, value, span);
        self.unless_missing(it, factors, of, value, span)
    }

    fn card_without_base(
        &mut self,
        it: &hir::Scorecard,
        factors: &[FactorItem],
        of: &[usize],
        span: Span,
    ) -> StepId {
        let value = self.mean_or_sum(it, terms(factors, of), span);
        self.unless_missing(it, factors, of, value, span)
    }

    /// The weighted mean on the card's scale; the sum of an added card.
    fn mean_or_sum(&mut self, it: &hir::Scorecard, terms: Terms, span: Span) -> StepId {
        if it.added { self.weighted_sum(terms, span) } else { self.scaled_mean(it, terms, span) }
    }

    /// The mean on the card's scale: (mean − from low) × (to high − to low) / (from high − from low) + to low.
    fn scaled_mean(&mut self, it: &hir::Scorecard, terms: Terms, span: Span) -> StepId {
        let plain = self.card_type();
        let mean = match terms.as_slice() {
            [(_, only)] => *only,
            _ => self.push(Op::WeightedMean(terms), plain.clone(), span),
        };
        let Some((from_low, from_high, to_low, to_high)) = &it.scale else { return mean };
        let Some(factor) = to_high.sub(to_low).div(&from_high.sub(from_low)) else { return mean };
        let shift = to_low.sub(&from_low.mul(&factor));
        let mut value = mean;
        if factor != Number::ONE {
            let factor = self.number(factor, Unit::NUMBER, span);
            value = self.multiply(value, factor, plain.clone(), span);
        }
        if !shift.is_zero() {
            let shift = self.number(shift, Unit::NUMBER, span);
            value = self.add(value, shift, plain, span);
        }
        value
    }

    /// Unknown where a factor is that must be known, with that factor's cause; unknown where all are, since points of
    /// nobody are not a score.
    fn unless_missing(
        &mut self,
        it: &hir::Scorecard,
        factors: &[FactorItem],
        of: &[usize],
        value: StepId,
        span: Span,
    ) -> StepId {
        let plain = self.card_type();
        let mut value = value;
        let members: Vec<&FactorItem> = of.iter().filter_map(|place| factors.get(*place)).collect();
        if it.added && !members.is_empty() && members.iter().all(|one| self.can_be_unknown(one.counted)) {
            let known = members.iter().map(|one| one.counted).collect::<Vec<_>>();
            let known = known.into_iter().map(|step| self.is_known(step, span)).collect();
            let any = self.or(known, span);
            let none = self.unknown(Silence::TooLittleKnown, plain.clone(), span);
            value = self.choose_if(any, value, none, plain.clone(), span);
        }
        for member in members.iter().rev() {
            if member.missing == hir::Missing::Unknown && self.can_be_unknown(member.counted) {
                let known = self.is_known(member.counted, span);
                value = self.choose_if(known, value, member.counted, plain.clone(), span);
            }
        }
        value
    }

    /// The type of the card: a number, or a percent where percents are weighed without a scale.
    fn card_type(&self) -> Type {
        match self.here().map(|definition| &definition.ty) {
            Some(Type::Number(unit)) => Type::Number(*unit),
            Some(_) | None => Type::Number(Unit::NUMBER),
        }
    }

    fn weighted_sum(&mut self, terms: Terms, span: Span) -> StepId {
        let ty = self.card_type();
        self.push(Op::WeightedSum(terms), ty, span)
    }

    /// Σ weight of what is known; a constant where all is.
    fn known_weight(&mut self, terms: Terms, span: Span) -> StepId {
        if terms.iter().all(|(_, step)| !self.can_be_unknown(*step)) {
            let all = Number::sum(terms.iter().map(|(weight, _)| weight));
            return self.number(all, Unit::NUMBER, span);
        }
        self.push(Op::KnownWeight(terms), Type::Number(Unit::NUMBER), span)
    }

    fn with_base(&mut self, it: &hir::Scorecard, value: StepId, span: Span) -> StepId {
        if !it.added || it.base.is_zero() {
            return value;
        }
        let base = self.number(it.base.clone(), Unit::NUMBER, span);
        let ty = self.ty(value);
        self.add(base, value, ty, span)
    }

    fn weight_known(&mut self, factors: &[FactorItem], span: Span) -> StepId {
        let all = Number::sum(factors.iter().map(|factor| &factor.weight));
        let terms: Terms = factors
            .iter()
            .map(|factor| (factor.weight.div(&all).unwrap_or(Number::ZERO), factor.value))
            .collect();
        let step = self.known_weight(terms, span);
        self.push(Op::Same(step), Type::Number(Unit::RATIO), span)
    }

    /// `require at least 2 known`, `require at least 80% of weight known`
    fn require(
        &mut self,
        definition: &hir::Definition,
        it: &hir::Scorecard,
        known: StepId,
        weight_known: Option<StepId>,
        span: Span,
    ) -> Vec<RequireItem> {
        let address = self.address(definition);
        let mut found = Vec::new();
        for (place, require) in it.require.iter().enumerate() {
            let how = hir::Compare::GreaterOrEqual;
            let enough = match (&require.kind, weight_known) {
                (hir::RequireKind::Known(least), _) => {
                    let least = self.place(i64::from(*least), require.span);
                    self.compare(how, known, least, require.span)
                }
                (hir::RequireKind::WeightKnown(least), Some(part)) => {
                    let least = self.number(least.clone(), Unit::RATIO, require.span);
                    self.compare(how, part, least, require.span)
                }
                (hir::RequireKind::WeightKnown(_), None) => self.yes_no(true, span),
            };
            let reason = self.reason(&require.reason);
            let rule = self.rule(Rule {
                kind: RuleKind::Require,
                address: format!("{address}/require {}", place.saturating_add(1)).into(),
                condition: Some(enough),
                applies: Some(enough),
                if_unknown: None,
                reason,
                scope: definition.scope,
                span: require.span,
            });
            found.push(RequireItem { kind: require.kind.clone(), rule });
        }
        found
    }

    /// The card as it would be under the other missing mode: left out for scored, scored lowest for left out.
    fn other_mode(
        &mut self,
        it: &hir::Scorecard,
        factors: &[FactorItem],
        of: &[usize],
        span: Span,
    ) -> Option<StepId> {
        let open = factors
            .iter()
            .any(|one| self.can_be_unknown(one.points) && !matches!(one.missing, hir::Missing::Unknown));
        if it.added || !open {
            return None;
        }
        let mut others = Vec::new();
        for place in of {
            let Some(factor) = factors.get(*place) else { continue };
            let counted = match &factor.missing {
                hir::Missing::LeftOut => {
                    let low = match &it.scale {
                        Some((low, _, _, _)) => low.clone(),
                        None => self.bounds(factor.points).range.map_or(Number::ZERO, |(least, _)| least),
                    };
                    let low = self.number(low, Unit::NUMBER, span);
                    self.if_unknown(factor.points, low, span)
                }
                hir::Missing::Scores(_) | hir::Missing::Unknown => factor.points,
            };
            others.push((factor.weight.clone(), counted));
        }
        let value = self.scaled_mean(it, others, span);
        let value = self.unless_missing(it, factors, of, value, span);
        let rounding: Option<&Rounding> = it.rounding.as_ref();
        Some(self.rounded(value, rounding, span))
    }
}

/// The lines of some factors.
fn terms(factors: &[FactorItem], of: &[usize]) -> Terms {
    of.iter()
        .filter_map(|place| factors.get(*place))
        .map(|factor| (factor.weight.clone(), factor.counted))
        .collect()
}
