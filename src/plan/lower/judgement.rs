//! Judgements and exceptions: which record of a list counts, which of several wins, and what it decides. Records are looked
//! at like any items of the customer, so that all of it is comparisons and aggregates.

use super::super::{
    AggregateFunction, GrantTest, GrantsItem, ItemKind, JudgementItem, LineKind, Op, OverrideItem, Question,
    Rule, RuleId, RuleKind, Scope, Silence, StepId, Take,
};
use super::Lower;
use crate::base::Span;
use crate::check::hir::{self, Compare, Grants, RoleTest};
use crate::value::{FieldId, MonthEnd, Number, Type, Unit, Value};

/// The bounds of what a record may decide.
struct Bounds {
    least: Option<StepId>,
    most: Option<StepId>,
    /// What is below zero does not count.
    not_negative: bool,
    /// Whether a value is below a floor, by the amount of the floor and whether it stands; and what the policy computes.
    floors: Vec<(StepId, Option<StepId>)>,
    computed: Option<StepId>,
    /// For how long it holds: days or months.
    length: Option<StepId>,
}

impl Lower<'_> {
    /// `judgement`
    pub(super) fn lower_judgement(
        &mut self,
        id: hir::ValueId,
        definition: &hir::Definition,
        it: &hir::Judgement,
    ) {
        let (span, ty) = (definition.span, definition.ty.clone());
        let between = it.between.as_ref().map(|(least, most)| (self.expr(least), self.expr(most)));
        let length = it.valid.as_ref().map(|valid| self.expr(valid));
        let bounds = Bounds {
            least: between.map(|(least, _)| least),
            most: between.map(|(_, most)| most),
            not_negative: false,
            floors: Vec::new(),
            computed: None,
            length,
        };
        let answers = self.grants(&it.answers, &bounds, &ty, span);
        let stand_in = match (&it.stand_in, between) {
            (hir::StandIn::Lowest, Some((least, _))) => least,
            (hir::StandIn::Highest, Some((_, most))) => most,
            (hir::StandIn::Value(value), _) => self.expr(value),
            (hir::StandIn::Lowest | hir::StandIn::Highest | hir::StandIn::Unknown, _) => {
                self.unknown(Silence::Referred, ty.clone(), span)
            }
        };
        let found = self.if_unknown(answers.granted, stand_in, span);
        // Bounds that are unknown, or crossed, leave nothing to choose from.
        let sound = between.filter(|(least, most)| !self.surely_at_most(*least, *most));
        let sound = sound.map(|(least, most)| self.compare(Compare::LessOrEqual, least, most, span));
        let value = match sound {
            Some(sound) => {
                let nothing = self.unknown(Silence::Unknown, ty.clone(), span);
                self.choose_if(sound, found, nothing, ty.clone(), span)
            }
            None => found,
        };
        let value = self.name(id, hir::Part::Main, value);
        self.set_type(value, &ty);
        let open = self.not(answers.any, span);
        let waits = match sound {
            Some(sound) => {
                let no = self.yes_no(false, span);
                let sound = self.if_unknown(sound, no, span);
                self.and(vec![sound, open], span)
            }
            None => open,
        };
        let reason = self.reason(&it.reason);
        let rule = self.rule(Rule {
            kind: RuleKind::Judgement,
            address: self.address(definition),
            condition: Some(answers.any),
            applies: Some(waits),
            if_unknown: None,
            reason,
            scope: Scope::Customer,
            span,
        });
        let role = it.roles.first().cloned().unwrap_or_default();
        let question = Question { role, text: Some(it.question.clone()) };
        let roles = it.roles.clone();
        let kind = JudgementItem { between, sound, roles, question, answers, stand_in, rule };
        self.item(id, definition, value, None, super::Reason::default(), ItemKind::Judgement(Box::new(kind)));
    }

    /// `override`: what stands is what an exception grants, where one counts, else what was computed.
    pub(super) fn lower_override(
        &mut self,
        id: hir::ValueId,
        definition: &hir::Definition,
        it: &hir::Override,
    ) {
        let (span, ty) = (it.span, definition.ty.clone());
        let Some(computed) = self.parts.get(&(id, hir::Part::Computed)).copied() else { return };
        let most = it.most.as_ref().map(|most| self.expr(most));
        let length = it.length.as_ref().map(|length| self.expr(length));
        let is_limit = matches!(definition.kind, hir::DefinitionKind::Limit(_));
        let above_zero = self.bounds(computed).range.is_some_and(|(least, _)| !least.is_negative());
        let bounds = Bounds {
            least: None,
            most,
            not_negative: is_limit || above_zero && matches!(ty, Type::Number(_)),
            floors: self.floors(id),
            computed: Some(computed),
            length,
        };
        let exceptions = self.grants(&it.exceptions, &bounds, &ty, span);
        let value = self.if_unknown(exceptions.granted, computed, span);
        let value = self.name_as(id, hir::Part::Main, value);
        self.set_type(value, &ty);
        let ends = match exceptions.until {
            Some(until) => {
                self.aggregate_of(AggregateFunction::Highest, &exceptions, until, Type::Date, span)
            }
            None => self.value_of(super::nothing(), Type::Date, span),
        };
        let address = format!("{}/exception", self.address(definition)).into();
        let reason = self.reason(&it.reason);
        let rule = self.rule(Rule {
            kind: RuleKind::Override,
            address,
            condition: Some(exceptions.any),
            applies: Some(exceptions.any),
            if_unknown: None,
            reason,
            scope: Scope::Customer,
            span,
        });
        let roles = it.roles.clone();
        let kind = OverrideItem { computed, roles, exceptions, most, length, ends, rule };
        self.item(id, definition, value, None, super::Reason::default(), ItemKind::Override(Box::new(kind)));
    }

    /// The floors of a limit: each amount, and whether it stands.
    fn floors(&self, id: hir::ValueId) -> Vec<(StepId, Option<StepId>)> {
        let own = self.items.iter().rev().find(|(of, _)| *of == id).map(|(_, item)| &item.kind);
        let Some(ItemKind::Limit(limit)) = own else { return Vec::new() };
        let floors = limit.lines.iter().filter(|line| line.kind == LineKind::Floor);
        let applies = |rule: RuleId| self.rules.get(rule).and_then(|rule| rule.applies);
        floors.filter_map(|line| Some((line.operand?, applies(line.rule)))).collect()
    }

    /// Which records count, which of them win, and what these decide.
    fn grants(&mut self, it: &Grants, bounds: &Bounds, ty: &Type, span: Span) -> GrantsItem {
        let list = it.list;
        let value = self.expr(&it.value);
        let from = self.read(list, it.from, Type::Date, span);
        let until = self.until(it, from, bounds.length, span);
        let tests = self.tests(it, bounds, value, from, until, span);
        let counts = self.and(tests.iter().map(|(_, step)| *step).collect(), span);
        let counts = self.for_items(counts, Scope::Items(list));
        let any = self.some(list, counts, span);
        let narrow = self.narrowest(it, counts, span);
        let latest = self.lowest_or_highest(AggregateFunction::Highest, list, from, narrow, Type::Date, span);
        let last = self.push(Op::Equal(from, latest), Type::YesNo, span);
        let last = self.surely(last, span);
        let wins = self.and(vec![narrow, last], span);
        let (granted, conflict) = self.granted(list, value, wins, ty, span);
        // Two that contradict each other decide nothing; the decision is withheld.
        let nothing = self.unknown(Silence::Unknown, ty.clone(), span);
        let granted = self.choose_if(conflict, nothing, granted, ty.clone(), span);
        GrantsItem {
            list,
            value,
            from: it.from,
            until,
            role: it.role,
            person: it.person,
            reason: it.reason,
            scope: it.scope,
            key: it.key.as_ref().map(|concerned| concerned.place),
            tests,
            counts,
            wins,
            any,
            granted,
            conflict,
        }
    }

    /// A field of the records.
    fn read(&mut self, list: FieldId, place: u32, ty: Type, span: Span) -> StepId {
        self.push(Op::Field(list, place), ty, span)
    }

    /// A condition, no where it cannot be judged: a record of which that is not known does not count.
    fn surely(&mut self, condition: StepId, span: Span) -> StepId {
        let no = self.yes_no(false, span);
        self.if_unknown(condition, no, span)
    }

    /// The last day on which a record holds: its own, and never longer than is allowed: `90 days` end with the ninetieth day behind
    /// the first, as a release and a paper do.
    fn until(&mut self, it: &Grants, from: StepId, length: Option<StepId>, span: Span) -> Option<StepId> {
        let own = it.until.map(|place| self.read(it.list, place, Type::Date, span));
        let longest = length.map(|length| {
            let op = match self.ty(length).unit() {
                Some(unit) if unit == Unit::MONTHS => Op::AddMonths(from, length, MonthEnd::Last),
                _ => Op::AddDays(from, length),
            };
            self.push(op, Type::Date, span)
        });
        match (own, longest) {
            (Some(own), Some(longest)) => {
                let of = vec![own, longest];
                Some(self.push(Op::Pick { take: Take::Lowest, of, skip_unknown: true }, Type::Date, span))
            }
            (own, longest) => own.or(longest),
        }
    }

    fn tests(
        &mut self,
        it: &Grants,
        bounds: &Bounds,
        value: StepId,
        from: StepId,
        until: Option<StepId>,
        span: Span,
    ) -> Vec<(GrantTest, StepId)> {
        let list = it.list;
        let mut tests = Vec::new();
        if let Some((place, names)) = &it.subject {
            let holds = self.is_text(list, *place, names, span);
            tests.push((GrantTest::Subject, holds));
        }
        if let Some((place, codes)) = &it.verdict {
            let holds = self.is_member(list, *place, codes.clone(), span);
            tests.push((GrantTest::Verdict, holds));
        }
        if let Some(concerned) = &it.key {
            let holds = self.concerns(it, concerned, span);
            tests.push((GrantTest::Concerns, holds));
        }
        let by = match &it.by {
            RoleTest::Codes(codes) => self.is_member(list, it.role, codes.clone(), span),
            RoleTest::Texts(texts) => self.is_text(list, it.role, texts, span),
        };
        tests.push((GrantTest::Role, by));
        let today = self.push(Op::Today, Type::Date, span);
        let begun = self.compare(Compare::LessOrEqual, from, today, span);
        tests.push((GrantTest::Begun, begun));
        if let Some(until) = until {
            let open = self.compare(Compare::LessOrEqual, today, until, span);
            tests.push((GrantTest::NotOver, open));
        }
        let mut within = vec![self.is_known(value, span)];
        if let Some(least) = bounds.least {
            within.push(self.compare(Compare::GreaterOrEqual, value, least, span));
        }
        if let Some(most) = bounds.most {
            within.push(self.at_most(value, most, span));
        }
        let within = self.and(within, span);
        tests.push((GrantTest::Within, within));
        if bounds.not_negative
            && let Type::Number(unit) = self.ty(value)
        {
            let zero = self.number(Number::ZERO, unit, span);
            let holds = self.compare(Compare::GreaterOrEqual, value, zero, span);
            tests.push((GrantTest::NotNegative, holds));
        }
        if let (Some(computed), false) = (bounds.computed, bounds.floors.is_empty()) {
            let holds = self.above_floors(value, computed, &bounds.floors, span);
            tests.push((GrantTest::Floor, holds));
        }
        tests.into_iter().map(|(test, holds)| (test, self.surely(holds, span))).collect()
    }

    /// Whether a record names this customer, or its group; one that names nobody stands where it concerns it. The groups are those of
    /// the portfolio that have a fact in common; a customer whose group is not known is not the one that is named.
    fn concerns(&mut self, it: &Grants, concerned: &hir::Concerned, span: Span) -> StepId {
        let Some((scope, kind)) = it.scope else { return self.yes_no(true, span) };
        let named = self.read(it.list, concerned.place, Type::Text, span);
        let scope = self.read(it.list, scope, Type::Enum(kind), span);
        let key = self.program.schema.fields.iter_enumerated().find(|(_, field)| field.key).map(|(id, _)| id);
        let own: Vec<FieldId> = key.into_iter().collect();
        let mut wrong = Vec::new();
        for (member, facts) in [(concerned.customer, own), (concerned.group, self.groups())] {
            let (Some(member), false) = (member, facts.is_empty()) else { continue };
            let is = self.is_code(scope, vec![member], span);
            let mut any = Vec::new();
            for fact in facts {
                let fact = self.push(Op::Fact(fact), Type::Text, span);
                let same = self.push(Op::Equal(named, fact), Type::YesNo, span);
                any.push(self.surely(same, span));
            }
            let any = self.or(any, span);
            let other = self.not(any, span);
            wrong.push(self.and(vec![is, other], span));
        }
        let given = self.is_known(named, span);
        let wrong = self.or(wrong, span);
        let wrong = self.and(vec![given, wrong], span);
        self.not(wrong, span)
    }

    /// The facts by which the policy groups its customers: texts, as the key of a group is.
    fn groups(&self) -> Vec<FieldId> {
        let mut found = Vec::new();
        for definition in &self.program.values {
            let hir::DefinitionKind::Book(book) = &definition.kind else { continue };
            if let Some(hir::Expr { kind: hir::ExprKind::Fact(fact), ty: Type::Text, .. }) =
                book.group.as_ref().map(|group| &group.key)
                && !found.contains(fact)
            {
                found.push(*fact);
            }
        }
        found
    }

    /// Whether a value is not below a floor that stands, unless the policy itself goes lower.
    fn above_floors(
        &mut self,
        value: StepId,
        computed: StepId,
        floors: &[(StepId, Option<StepId>)],
        span: Span,
    ) -> StepId {
        let lower = self.compare(Compare::Less, value, computed, span);
        let yes = self.yes_no(true, span);
        let lower = self.if_unknown(lower, yes, span);
        let mut below = Vec::new();
        for (floor, applies) in floors {
            let less = self.compare(Compare::Less, value, *floor, span);
            let of = [Some(less), *applies].into_iter().flatten().collect();
            let less = self.and(of, span);
            below.push(self.surely(less, span));
        }
        let below = self.or(below, span);
        let below = self.and(vec![lower, below], span);
        self.not(below, span)
    }

    /// Whether a value is not above a bound; of grades, not better.
    fn at_most(&mut self, value: StepId, most: StepId, span: Span) -> StepId {
        match self.ty(most) {
            Type::Enum(kind) => {
                let (value, most) = (self.rank(value, kind, span), self.rank(most, kind, span));
                self.compare(Compare::GreaterOrEqual, value, most, span)
            }
            _ => self.compare(Compare::LessOrEqual, value, most, span),
        }
    }

    fn is_text(&mut self, list: FieldId, place: u32, texts: &[crate::base::Str], span: Span) -> StepId {
        let field = self.read(list, place, Type::Text, span);
        let of = texts
            .iter()
            .map(|text| {
                let text = self.value_of(Value::Text(text.clone()), Type::Text, span);
                self.push(Op::Equal(field, text), Type::YesNo, span)
            })
            .collect();
        self.or(of, span)
    }

    fn is_member(&mut self, list: FieldId, place: u32, codes: Vec<u32>, span: Span) -> StepId {
        let ty = self.field_type(list, place);
        let field = self.read(list, place, ty, span);
        self.is_code(field, codes, span)
    }

    fn field_type(&self, list: FieldId, place: u32) -> Type {
        match self.program.schema.fields.get(list).map(|list| &list.ty) {
            Some(crate::value::FieldType::Records(fields)) => {
                fields.get(place as usize).map_or(Type::Text, |field| field.ty.ty(list.0))
            }
            _ => Type::Text,
        }
    }

    /// Whether some record is so; no where the list was not given.
    fn some(&mut self, list: FieldId, holds: StepId, span: Span) -> StepId {
        let operand = Some(self.for_items(holds, Scope::Items(list)));
        let op =
            Op::Aggregate { function: AggregateFunction::Any, known: false, list, operand, filter: None };
        let any = self.push(op, Type::YesNo, span);
        self.surely(any, span)
    }

    /// Of the records that count, those of the narrowest scope.
    fn narrowest(&mut self, it: &Grants, counts: StepId, span: Span) -> StepId {
        let Some((place, kind)) = it.scope else { return counts };
        let ty = Type::Enum(kind);
        let scope = self.read(it.list, place, ty.clone(), span);
        let members = self.program.schema.enums.get(kind).map_or(0, |kind| kind.members.len());
        let mut conditions = Vec::new();
        for code in 0..members {
            let is = self.is_code(scope, vec![super::code(code)], span);
            let is = self.surely(is, span);
            let both = self.and(vec![counts, is], span);
            conditions.push(self.some(it.list, both, span));
        }
        let best = self.first_true(conditions, ty, span);
        let is = self.push(Op::Equal(scope, best), Type::YesNo, span);
        let is = self.surely(is, span);
        self.and(vec![counts, is], span)
    }

    fn lowest_or_highest(
        &mut self,
        function: AggregateFunction,
        list: FieldId,
        operand: StepId,
        filter: StepId,
        ty: Type,
        span: Span,
    ) -> StepId {
        let operand = Some(self.for_items(operand, Scope::Items(list)));
        let filter = Some(self.for_items(filter, Scope::Items(list)));
        self.push(Op::Aggregate { function, known: true, list, operand, filter }, ty, span)
    }

    fn aggregate_of(
        &mut self,
        function: AggregateFunction,
        grants: &GrantsItem,
        operand: StepId,
        ty: Type,
        span: Span,
    ) -> StepId {
        self.lowest_or_highest(function, grants.list, operand, grants.wins, ty, span)
    }

    /// What the records that win decide, and whether they decide differently.
    fn granted(
        &mut self,
        list: FieldId,
        value: StepId,
        wins: StepId,
        ty: &Type,
        span: Span,
    ) -> (StepId, StepId) {
        match ty {
            Type::Enum(kind) => {
                let members = self.program.schema.enums.get(*kind).map_or(0, |kind| kind.members.len());
                let mut conditions = Vec::new();
                for code in 0..members {
                    let is = self.is_code(value, vec![super::code(code)], span);
                    let is = self.surely(is, span);
                    let both = self.and(vec![wins, is], span);
                    conditions.push(self.some(list, both, span));
                }
                let conflict = self.push(Op::AtLeast(2, conditions.clone()), Type::YesNo, span);
                (self.first_true(conditions, ty.clone(), span), self.surely(conflict, span))
            }
            Type::YesNo => {
                let yes = self.surely(value, span);
                let no = self.not(value, span);
                let no = self.surely(no, span);
                let yes = self.and(vec![wins, yes], span);
                let no = self.and(vec![wins, no], span);
                let (yes, no) = (self.some(list, yes, span), self.some(list, no, span));
                let known = self.or(vec![yes, no], span);
                let nothing = self.unknown(Silence::Unknown, Type::YesNo, span);
                let granted = self.choose_if(known, yes, nothing, Type::YesNo, span);
                (granted, self.and(vec![yes, no], span))
            }
            _ => {
                let least =
                    self.lowest_or_highest(AggregateFunction::Lowest, list, value, wins, ty.clone(), span);
                let most =
                    self.lowest_or_highest(AggregateFunction::Highest, list, value, wins, ty.clone(), span);
                let conflict = self.push(Op::Compare(Compare::Less, least, most), Type::YesNo, span);
                (least, self.surely(conflict, span))
            }
        }
    }

    /// Whether a lower bound is sure not to be above an upper one: by their ranges, or as two multiples of a value that
    /// is never negative (`monthly * 4` and `monthly * 5`).
    fn surely_at_most(&self, least: StepId, most: StepId) -> bool {
        if self.can_be_unknown(least) || self.can_be_unknown(most) {
            return false;
        }
        let (low, high) = (self.bounds(least).range, self.bounds(most).range);
        if let (Some((_, low)), Some((high, _))) = (&low, &high)
            && low <= high
        {
            return true;
        }
        let ((base, by), (other, with)) = (self.multiple(least), self.multiple(most));
        let positive = self.bounds(base).range.is_some_and(|(least, _)| !least.is_negative());
        base == other && positive && by <= with
    }

    /// A step as so many times another.
    fn multiple(&self, step: StepId) -> (StepId, Number) {
        if let Some(Op::Multiply(a, b)) = self.steps.get(step).map(|it| &it.op) {
            if let Some(by) = self.constant_number(*b) {
                return (*a, by);
            }
            if let Some(by) = self.constant_number(*a) {
                return (*b, by);
            }
        }
        (step, Number::ONE)
    }
}
