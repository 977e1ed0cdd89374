//! Order checks: what each hold is, which of them stand, and what they come to.

use super::super::{
    CheckItem, ChecksItem, ItemKind, MeasureItem, Op, Reason, RuleId, RuleKind, SignOffField, SignedOn,
    Silence, StepId,
};
use super::{Lower, code};
use crate::base::{Span, Str};
use crate::check::hir::{self, CheckVerdict, HoldStatus};
use crate::value::{FieldId, FieldType, Type, Unit, Value};

/// What the records say of a hold.
struct Record {
    /// What it was at the last decision.
    status: StepId,
    /// Since when.
    since: StepId,
    /// Whether it had been raised and was not cured; no where nothing is recorded.
    raised: StepId,
}

/// An authority applied to an amount: the step that picks its row, and who must sign in each.
type GrantedBy = (StepId, Vec<hir::Signers>);

impl Lower<'_> {
    /// `checks`
    pub(super) fn lower_checks(&mut self, id: hir::ValueId, definition: &hir::Definition, it: &hir::Checks) {
        let span = definition.span;
        let list = match definition.scope {
            hir::Scope::Items(list) => Some(list),
            hir::Scope::Customer => None,
        };
        let address = self.address(definition);
        let mut exclusions = Vec::new();
        for (place, exclusion) in it.exclusions.iter().enumerate() {
            let address: Str = format!("{address}/exclude {}", place.saturating_add(1)).into();
            let (rule, applies) = self.condition(&exclusion.condition, RuleKind::Exclusion, address, None);
            let applies = self.applies(applies, exclusion.condition.span);
            exclusions.push((rule, exclusion.except.clone(), applies));
        }
        let key = self.key_of(it, list, span);
        let mut holds = Vec::new();
        for (place, hold) in it.holds.iter().enumerate() {
            let keeps = exclusions.iter().filter(|(_, except, _)| !except.contains(&code(place)));
            let keeps: Vec<StepId> = keeps.map(|(_, _, applies)| *applies).collect();
            let item = self.hold(id, it, (place, hold), keeps, key, &address);
            holds.push(item);
        }
        let stands: Vec<StepId> = holds.iter().map(|hold| self.stands(hold, span)).collect();
        let standing = stands.iter().enumerate().map(|(place, stands)| (*stands, code(place))).collect();
        let standing = self.push(Op::Collect(standing), Type::Set(it.holds_enum), span);
        let standing = self.name(id, hir::Part::Standing, standing);
        let blocked = self.or(holds.iter().map(|hold| hold.blocks).collect(), span);
        let held = self.or(stands, span);
        let kind = Type::Enum(it.verdicts);
        let [clear, needs, blocks] = [CheckVerdict::Clear, CheckVerdict::NeedsRelease, CheckVerdict::Blocked]
            .map(|verdict| self.member(verdict.code(), it.verdicts, span));
        let held = self.choose_if(held, needs, clear, kind.clone(), span);
        let verdict = self.choose_if(blocked, blocks, held, kind, span);
        let verdict = self.name(id, hir::Part::Main, verdict);
        self.alias(id, hir::Part::Verdict, verdict);
        let worst = self.worst(it, &holds, span);
        let worst = self.name(id, hir::Part::Worst, worst);
        let item = ChecksItem {
            list,
            item_key: it.last.item_key,
            holds_enum: it.holds_enum,
            statuses: it.statuses,
            holds,
            exclusions: exclusions.into_iter().map(|(rule, except, _)| (rule, except)).collect(),
            verdict,
            standing,
            worst,
            last: it.last.clone(),
        };
        self.item(id, definition, verdict, None, Reason::default(), ItemKind::Checks(Box::new(item)));
    }

    /// The key by which the records of an item are found.
    fn key_of(&mut self, it: &hir::Checks, list: Option<FieldId>, span: Span) -> Option<(u32, StepId)> {
        let (list, place) = (list?, it.last.item_key?);
        let ty = match self.program.schema.fields.get(list).map(|field| &field.ty) {
            Some(FieldType::Records(fields)) => fields.get(place as usize)?.ty.ty(list.0),
            Some(_) | None => return None,
        };
        Some((it.last.key, self.push(Op::Field(list, place), ty, span)))
    }

    fn record_of(
        &mut self,
        it: &hir::Checks,
        place: usize,
        key: Option<(u32, StepId)>,
        span: Span,
    ) -> Record {
        let (status, since) = hir::LastChecks::fields(place);
        let list = it.last.list;
        let status = self.push(Op::Lookup { list, key, field: status }, Type::Enum(it.statuses), span);
        let since = self.push(Op::Lookup { list, key, field: since }, Type::Date, span);
        let raised = self.is_code(status, HoldStatus::RAISED.map(HoldStatus::code).to_vec(), span);
        let no = self.yes_no(false, span);
        let raised = self.if_unknown(raised, no, span);
        Record { status, since, raised }
    }

    fn hold(
        &mut self,
        id: hir::ValueId,
        it: &hir::Checks,
        (place, hold): (usize, &hir::CheckHold),
        keeps: Vec<StepId>,
        key: Option<(u32, StepId)>,
        address: &str,
    ) -> CheckItem {
        let span = hold.condition.span;
        let no = self.yes_no(false, span);
        let when = hold.condition.when.as_ref().map(|when| self.expr(when));
        let when = when.unwrap_or(no);
        let measures = self.measures(hold);
        let beyond = measures
            .iter()
            .filter_map(|measure| measure.tolerance.map(|tolerance| (measure.excess, tolerance)));
        let beyond: Vec<(StepId, StepId)> = beyond.collect();
        let mut conditions = vec![when];
        for (excess, tolerance) in beyond {
            conditions.push(self.compare(hir::Compare::Greater, excess, tolerance, span));
        }
        let condition = self.and(conditions, span);
        let judged = self.judge_step(condition, &hold.condition, RuleKind::Check, None);
        let raised = self.applies(judged.applies, span);
        let rule_address: Str = format!("{address}/{}", hold.name).into();
        let rule: RuleId = self.judged_rule(judged, &hold.condition, RuleKind::Check, rule_address);

        let record = self.record_of(it, place, key, span);
        let excluded = self.or(keeps, span);
        let at_most = hold.at_most.as_ref().map(|days| self.expr(days));
        let subject = self.subject(id, hold, key, span);
        let (release, granted) = match &hold.release {
            hir::Releaser::Signers(signers) => (signers.clone(), None),
            hir::Releaser::Granted(of, signers) => {
                (hir::Signers::Nobody, Some((self.expr(of), signers.clone())))
            }
        };
        let amount = match &hold.release {
            hir::Releaser::Granted(hir::Expr { kind: hir::ExprKind::Apply(_, _, of), .. }, _) => {
                of.last().map(|amount| self.expr(amount))
            }
            hir::Releaser::Granted(..) | hir::Releaser::Signers(_) => self.amount_of(it, &measures),
        };
        let (released, on, until) =
            self.released(it, (&release, granted.as_ref(), at_most), subject, amount, &record, span);
        let amount = amount.filter(|_| it.sign_offs.is_some());
        let awaits = self.awaits(it, hold, subject, &record, span);
        let over = self.if_unknown(when, no, span);
        let kind = Type::Enum(it.statuses);
        let mut status = self.member(HoldStatus::NotStanding.code(), it.statuses, span);
        let would = self.or(vec![raised, awaits], span);
        let excluded = self.and(vec![would, excluded], span);
        let released = self.and(vec![raised, released], span);
        let stood = self.and(vec![raised, record.raised], span);
        // From the last to the first: what stands further down is asked earlier.
        for (condition, becomes) in [
            (over, HoldStatus::WithinTolerance),
            (record.raised, HoldStatus::Cured),
            (awaits, HoldStatus::Awaiting),
            (raised, HoldStatus::New),
            (stood, HoldStatus::Standing),
            (released, HoldStatus::Released),
            (excluded, HoldStatus::Excluded),
        ] {
            let becomes = self.member(becomes.code(), it.statuses, span);
            status = self.choose_if(condition, becomes, status, kind.clone(), span);
        }
        let status = self.name(id, hir::Part::Hold(code(place)), status);
        let since = self.hold_since(status, &record, span);
        let is_released = self.is_code(status, vec![HoldStatus::Released.code()], span);
        let since = match on {
            Some(on) => self.choose_if(is_released, on, since, Type::Date, span),
            None => since,
        };
        let nowhen = self.unknown(Silence::Unknown, Type::Date, span);
        let until = until.unwrap_or(nowhen);
        let until = self.choose_if(is_released, until, nowhen, Type::Date, span);
        let nobody = match &granted {
            None => self.yes_no(release == hir::Signers::Nobody, span),
            Some((member, signers)) => {
                let none = signers.iter().enumerate().filter(|(_, one)| **one == hir::Signers::Nobody);
                let none: Vec<u32> = none.map(|(place, _)| code(place)).collect();
                let nobody = self.is_code(*member, none, span);
                // Where it is not known who may, nobody may.
                let yes = self.yes_no(true, span);
                self.if_unknown(nobody, yes, span)
            }
        };
        let standing = self.is_code(status, vec![HoldStatus::Standing.code(), HoldStatus::New.code()], span);
        let blocks = self.and(vec![standing, nobody], span);
        CheckItem {
            name: hold.name.clone(),
            label: hold.label.clone(),
            rule,
            measures,
            status,
            since,
            blocks,
            until,
            release,
            granted,
            amount,
            at_most,
            after_cure: hold.after_cure.clone(),
        }
    }

    /// The text by which a sign-off names this hold of this item: `release.over_limit["O-1"]`.
    fn subject(
        &mut self,
        id: hir::ValueId,
        hold: &hir::CheckHold,
        key: Option<(u32, StepId)>,
        span: Span,
    ) -> StepId {
        let checks = self.program.values.get(id).map_or_else(|| Str::from(""), |it| it.name.clone());
        let name = Str::from(format!("{checks}.{}", hold.name));
        match key {
            Some((_, key)) => self.push(Op::NameOfItem(name, key), Type::Text, span),
            None => self.value_of(Value::Text(name), Type::Text, span),
        }
    }

    /// The amount that a release is for: the first above its bound that the hold measures in the unit of the signatures. What is
    /// held for being too little has no amount that somebody could sign for.
    fn amount_of(&mut self, it: &hir::Checks, measures: &[MeasureItem]) -> Option<StepId> {
        let field = match self.program.schema.fields.get(it.sign_offs?).map(|list| &list.ty) {
            Some(FieldType::Records(fields)) => fields.get(SignOffField::Amount.place() as usize)?,
            Some(_) | None => return None,
        };
        let unit = field.ty.unit()?;
        let above = |measure: &&MeasureItem| match measure.how {
            hir::Compare::Greater | hir::Compare::GreaterOrEqual => true,
            hir::Compare::Less | hir::Compare::LessOrEqual => false,
        };
        let mut of = measures.iter().filter(above).map(|measure| measure.value);
        of.find(|step| matches!(self.ty(*step), Type::Number(own) if own.same_dimension(unit)))
    }

    /// The sets of signatures of which one must be complete, as the roles that may take each seat.
    fn ways(&self, policy: hir::PolicyId, signers: &hir::Signers) -> Vec<Vec<u128>> {
        let may_take = |seat: hir::Seat| self.program.may_take(policy, seat);
        let seats = |way: Vec<hir::Seat>| way.into_iter().map(may_take).collect();
        signers.alternatives().into_iter().map(seats).collect()
    }

    /// Whether the hold is released today, since when, and up to when. A release that was given before the hold was last seen
    /// cured is used up.
    fn released(
        &mut self,
        it: &hir::Checks,
        (release, granted, at_most): (&hir::Signers, Option<&GrantedBy>, Option<StepId>),
        subject: StepId,
        amount: Option<StepId>,
        record: &Record,
        span: Span,
    ) -> (StepId, Option<StepId>, Option<StepId>) {
        let no = self.yes_no(false, span);
        let nobody = *release == hir::Signers::Nobody && granted.is_none();
        let Some(list) = it.sign_offs.filter(|_| !nobody) else {
            return (no, None, None);
        };
        let mut signed = |signers: &hir::Signers| {
            let signed = SignedOn { list, subject, ways: self.ways(it.policy, signers), amount };
            self.push(Op::SignedOn(Box::new(signed)), Type::Date, span)
        };
        let on = match granted {
            None => signed(release),
            Some((member, all)) => {
                let of: Vec<StepId> = all.iter().map(signed).collect();
                self.choose(*member, of, Type::Date, span)
            }
        };
        let known = self.is_known(on, span);
        let quiet =
            [HoldStatus::NotStanding, HoldStatus::WithinTolerance, HoldStatus::Cured, HoldStatus::Excluded];
        let was_quiet = self.is_code(record.status, quiet.map(HoldStatus::code).to_vec(), span);
        let before = self.compare(hir::Compare::LessOrEqual, on, record.since, span);
        let used_up = self.and(vec![was_quiet, before], span);
        let used_up = self.if_unknown(used_up, no, span);
        let fresh = self.not(used_up, span);
        let mut holds = vec![known, fresh];
        let until = at_most.map(|days| self.push(Op::AddDays(on, days), Type::Date, span));
        if let Some(until) = until {
            let today = self.push(Op::Today, Type::Date, span);
            let lasts = self.compare(hir::Compare::LessOrEqual, today, until, span);
            holds.push(self.if_unknown(lasts, no, span));
        }
        (self.and(holds, span), Some(on), until)
    }

    /// Whether a hold that stood and is cured waits for a signature: one that is not older than the day of the cure.
    fn awaits(
        &mut self,
        it: &hir::Checks,
        hold: &hir::CheckHold,
        subject: StepId,
        record: &Record,
        span: Span,
    ) -> StepId {
        let no = self.yes_no(false, span);
        let (Some(by), Some(list)) = (&hold.after_cure, it.sign_offs) else { return no };
        let signed = SignedOn { list, subject, ways: self.ways(it.policy, by), amount: None };
        let on = self.push(Op::SignedOn(Box::new(signed)), Type::Date, span);
        let today = self.push(Op::Today, Type::Date, span);
        let waited = self.is_code(record.status, vec![HoldStatus::Awaiting.code()], span);
        let waited = self.if_unknown(waited, no, span);
        let recorded = self.if_unknown(record.since, today, span);
        let cured = self.choose_if(waited, recorded, today, Type::Date, span);
        let signed = self.compare(hir::Compare::GreaterOrEqual, on, cured, span);
        let signed = self.if_unknown(signed, no, span);
        let unsigned = self.not(signed, span);
        self.and(vec![record.raised, unsigned], span)
    }

    /// How far each value has passed its threshold.
    fn measures(&mut self, hold: &hir::CheckHold) -> Vec<MeasureItem> {
        let mut found = Vec::new();
        for measure in &hold.measures {
            let (value, threshold) = (self.expr(&measure.value), self.expr(&measure.threshold));
            let (high, low) = match measure.how {
                hir::Compare::Greater | hir::Compare::GreaterOrEqual => (value, threshold),
                hir::Compare::Less | hir::Compare::LessOrEqual => (threshold, value),
            };
            let excess = match &measure.value.ty {
                Type::Date => self.push(Op::DaysBetween(high, low), Type::Number(Unit::DAYS), measure.span),
                ty => self.subtract(high, low, ty.clone(), measure.span),
            };
            let tolerance = measure.tolerance.as_ref().map(|tolerance| self.expr(tolerance));
            found.push(MeasureItem { how: measure.how, value, threshold, excess, tolerance });
        }
        found
    }

    /// Since when a hold is what it is: a hold that is new and one that has stood are one stretch of time.
    fn hold_since(&mut self, status: StepId, record: &Record, span: Span) -> StepId {
        let no = self.yes_no(false, span);
        let same = self.push(Op::Equal(status, record.status), Type::YesNo, span);
        let stands = vec![HoldStatus::Standing.code(), HoldStatus::New.code()];
        let stood = self.is_code(record.status, stands.clone(), span);
        let stands = self.is_code(status, stands, span);
        let on = self.and(vec![stands, stood], span);
        let goes_on = self.or(vec![same, on], span);
        let goes_on = self.if_unknown(goes_on, no, span);
        let today = self.push(Op::Today, Type::Date, span);
        let since = self.if_unknown(record.since, today, span);
        self.choose_if(goes_on, since, today, Type::Date, span)
    }

    fn stands(&mut self, hold: &CheckItem, span: Span) -> StepId {
        self.is_code(hold.status, HoldStatus::STANDING.map(HoldStatus::code).to_vec(), span)
    }

    /// The worst hold that stands: one that nobody may release, then one that somebody may, then one that is cured and waits
    /// for a signature; of two alike, the one written first.
    fn worst(&mut self, it: &hir::Checks, holds: &[CheckItem], span: Span) -> StepId {
        let (mut first, mut then, mut last) = (Vec::new(), Vec::new(), Vec::new());
        for (place, hold) in holds.iter().enumerate() {
            let member = self.member(code(place), it.holds_enum, span);
            first.push((hold.blocks, member));
            let stands = vec![HoldStatus::Standing.code(), HoldStatus::New.code()];
            then.push((self.is_code(hold.status, stands, span), member));
            last.push((self.is_code(hold.status, vec![HoldStatus::Awaiting.code()], span), member));
        }
        first.extend(then);
        first.extend(last);
        let (conditions, members): (Vec<StepId>, Vec<StepId>) = first.into_iter().unzip();
        let place = self.first_true(conditions, Type::Number(Unit::NUMBER), span);
        self.choose(place, members, Type::Enum(it.holds_enum), span)
    }
}
