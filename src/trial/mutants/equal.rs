//! Whether two plans can differ for any customer, as far as that can be told without trying one.
//!
//! Each step is given a number by what it comes to: two steps with the same number have the same value for every customer. What
//! is written differently and comes to the same is brought into one form first: a bound moved between two values that the key
//! cannot have (`> 60` and `>= 61` of a score without decimals, 79% and 80% of weights that only add up to 77% or 83%), a
//! comparison that the range of its key decides, a row that no customer reaches, a bound that a row above it hides, the order of
//! rows that cannot both apply or that are all taken, of what is joined by `and`, a floor below everything that comes to it.

use std::collections::{BTreeMap, BTreeSet};

use super::cuts::{Band, Cut, WHOLE, both_of, joined, outside, told, without};
use crate::base::Idx;
use crate::plan::{Compare, ItemKind, Op, Plan, RowItem, RuleId, RuleKind, StepId, Take};
use crate::value::{Field, FieldId, FieldType, Number, Precision, Rounding, Type, Unit, Value};

/// So many values a sum of weights can have at most to be looked at one by one.
const MOST_SUMS: usize = 4_096;

/// Whether nothing at all rests on a fact, or on a field of its records: it names the customer, or is shown to people.
pub(super) fn is_read_by_nothing(plan: &Plan, fact: FieldId, part: Option<u32>) -> bool {
    let reads = |op: &Op| match op {
        Op::Fact(id) => *id == fact,
        Op::Field(list, place) => *list == fact && part.is_none_or(|part| part == *place),
        Op::Lookup { list, key, field } => {
            *list == fact
                && part.is_none_or(|part| part == *field || key.as_ref().is_some_and(|(key, _)| *key == part))
        }
        Op::Signed(signed) => signed.list == fact,
        Op::SignedOn(signed) => signed.list == fact,
        Op::Aggregate { list, .. } | Op::Running { list, .. } | Op::Latest { list, .. } => {
            *list == fact && part.is_none()
        }
        _ => false,
    };
    !plan.steps.iter().any(|step| reads(&step.op))
}

/// Whether two plans of the same cases come to the same for every customer. `false` says only that it cannot be told.
pub(super) fn cannot_differ(one: &Plan, other: &Plan) -> bool {
    if given(one) != given(other) {
        return false;
    }
    let mut forms = Forms::default();
    let (mine, others) = (Numbered::of(one, &mut forms), Numbered::of(other, &mut forms));
    let (one, other) = (seen(one, &mine, &mut forms), seen(other, &others, &mut forms));
    one == other
}

/// What comes from outside the steps: facts, kinds, parameters, tables by date and in files.
fn given(plan: &Plan) -> Vec<String> {
    let mut lines: Vec<String> = plan.schema.fields.iter().map(field).collect();
    lines.extend(plan.schema.enums.iter().map(|it| format!("{it:?}")));
    lines.extend(
        plan.params.iter().map(|it| format!("{:?} {:?} {:?} {:?}", it.name, it.ty, it.range, it.default)),
    );
    lines.extend(plan.series.iter().flat_map(|it| {
        it.periods
            .iter()
            .map(|period| format!("{:?} {:?} {:?} {:?}", it.name, period.from, period.value, it.until))
    }));
    lines.extend(
        plan.references.iter().map(|it| format!("{:?} {:?} {:?}", it.name, it.keys, it.latest_within)),
    );
    lines.push(format!("{:?} {:?}", plan.calendars, plan.roles));
    lines
}

fn field(field: &Field) -> String {
    let ty = match &field.ty {
        FieldType::Records(fields) => fields.iter().map(self::field).collect::<Vec<_>>().join("; "),
        FieldType::List { of, length } => format!("{length:?} {}", self::field(of)),
        ty => format!("{ty:?}"),
    };
    let Field { name, decimals, range, open, dates, default, unknown_when, key, .. } = field;
    format!("{name} {ty} {decimals} {range:?} {open:?} {dates:?} {default:?} {unknown_when:?} {key}")
}

/// What can be seen of a decision: every value that has a name, every output, every reason.
fn seen(plan: &Plan, numbered: &Numbered<'_>, forms: &mut Forms) -> Vec<String> {
    let number = |step: &StepId| numbered.number(*step);
    let overridden = |name: &str| {
        plan.items.iter().any(|item| matches!(item.kind, ItemKind::Override(_)) && &*item.name == name)
    };
    // What a policy itself comes to is asked for only where exceptions are made from it.
    let is_asked_for = |name: &str| {
        let own = name.strip_suffix(".computed").or_else(|| name.strip_suffix(".计算值"));
        own.is_none_or(overridden)
    };
    let names = plan.names.iter().filter(|(name, _)| is_asked_for(name));
    let mut lines: Vec<String> = names.map(|(name, step)| format!("{name} {:?}", number(step))).collect();
    for decision in &plan.decisions {
        lines.extend(
            decision.outputs.iter().map(|it| format!("{} {:?} {}", it.name, number(&it.step), it.optional)),
        );
    }
    lines.extend(plan.always.iter().map(|it| format!("always {:?}", number(&it.holds))));
    lines.extend(plan.applies.iter().map(|it| format!("applies {:?}", number(it))));
    lines.extend(plan.book.iter().map(|it| format!("{it:?}")));
    // A row gives its reason where it is the one that is taken, not where it would apply.
    let mut of_tables: BTreeSet<RuleId> = BTreeSet::new();
    for item in plan.items.iter() {
        let (chosen, rows) = match &item.kind {
            ItemKind::Table(table) => (table.chosen, &table.rows),
            ItemKind::Correction(correction) => (Some(correction.chosen), &correction.rows),
            _ => continue,
        };
        let Some(chosen) = chosen else { continue };
        let said = |row: &RowItem| {
            let reason = plan.rules.get(row.rule).map(|rule| &rule.reason);
            let words = reason.and_then(|it| it.because).and_then(|words| plan.words.get(words));
            let code = reason.and_then(|it| it.code.as_ref());
            forms.number(format!("reason {code:?} {words:?} {:?}", row.question.as_ref().map(|it| &it.role)))
        };
        let said: Vec<u32> = rows.iter().map(said).collect();
        lines.push(format!("{} {:?}", item.address, numbered.choice(chosen, &said)));
        of_tables.extend(rows.iter().map(|row| row.rule));
    }
    let mut rules: Vec<String> = plan
        .rules
        .iter_enumerated()
        .filter(|(id, rule)| {
            let says_something = rule.reason.code.is_some() || rule.reason.because.is_some();
            !of_tables.contains(id)
                && (!matches!(rule.kind, RuleKind::Row | RuleKind::Line) || says_something)
        })
        .filter_map(|(_, rule)| {
            let applies = rule.applies.map(|step| numbered.number(step));
            let never = applies == Some(Some(numbered.never));
            let unknown = format!("{:?}", rule.if_unknown);
            (!never).then(|| format!("{:?} {:?} {unknown} {applies:?}", rule.kind, rule.reason.code))
        })
        .collect();
    rules.sort();
    lines.extend(rules);
    lines
}

/// The forms of steps, each with its number: the same in both plans.
#[derive(Default)]
struct Forms(BTreeMap<String, u32>);

impl Forms {
    fn number(&mut self, form: String) -> u32 {
        let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        *self.0.entry(form).or_insert(next)
    }
}

/// A test of one key.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Test {
    /// The key.
    key: StepId,
    what: What,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum What {
    /// It lies there.
    Range(Band),
    /// One of these members.
    Codes(Vec<u32>),
    /// It is known, or it is not.
    Known(bool),
}

impl What {
    fn excludes(&self, other: &What) -> bool {
        match (self, other) {
            (What::Range(one), What::Range(other)) => both_of(one, other).is_none(),
            (What::Codes(one), What::Codes(other)) => !one.iter().any(|code| other.contains(code)),
            (What::Known(one), What::Known(other)) => one != other,
            (What::Range(..) | What::Codes(_) | What::Known(_), _) => false,
        }
    }
}

/// What a condition comes to where its key is unknown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Unknown {
    /// It does not hold.
    No,
    /// It holds.
    Yes,
    /// It is unknown itself, and the rows behind it are not asked.
    Stops,
}

/// A condition that looks at one key only: where it holds. Without a key, it is decided.
#[derive(Clone)]
struct Part {
    key: Option<StepId>,
    bands: Vec<Band>,
    unknown: Unknown,
}

/// A choice by the first condition that holds.
#[derive(Debug)]
enum Choice {
    /// By bands of one key.
    Bands(String),
    /// Row by row.
    Rows(Vec<Entry>),
}

/// A row of a choice, or several that look at the same key.
#[derive(Debug)]
enum Entry {
    /// Condition and value.
    Row(u32, u32),
    /// The bands of a key.
    Bands(#[expect(dead_code, reason = "read in the form that Debug writes")] String),
}

/// A plan, each step with the number of its form.
struct Numbered<'p> {
    plan: &'p Plan,
    numbers: Vec<u32>,
    always: u32,
    never: u32,
}

impl<'p> Numbered<'p> {
    fn of(plan: &'p Plan, forms: &mut Forms) -> Numbered<'p> {
        let always = forms.number(String::from("yes"));
        let never = forms.number(String::from("no"));
        let mut numbered = Numbered { plan, numbers: Vec::new(), always, never };
        for id in plan.steps.ids() {
            let number = numbered.form(id, forms);
            numbered.numbers.push(number);
        }
        numbered
    }

    fn number(&self, step: StepId) -> Option<u32> {
        self.numbers.get(step.place()).copied()
    }

    fn at(&self, step: StepId) -> u32 {
        self.number(step).unwrap_or(u32::MAX)
    }

    fn can_be_unknown(&self, step: StepId) -> bool {
        self.plan.steps.get(step).is_none_or(|step| step.bounds.unknown)
    }

    fn constant(&self, step: StepId) -> Option<&'p Value> {
        match &self.plan.steps.get(step)?.op {
            Op::Const(value) => Some(value),
            _ => None,
        }
    }

    fn form(&self, id: StepId, forms: &mut Forms) -> u32 {
        let Some(step) = self.plan.steps.get(id) else { return u32::MAX };
        match &step.op {
            Op::Const(Value::Bool(yes)) => return if *yes { self.always } else { self.never },
            Op::Compare(how, key, bound) => {
                if let Some(number) = self.compared(*how, *key, *bound, forms) {
                    return number;
                }
            }
            Op::Same(of)
                if self.plan.steps.get(*of).is_some_and(|it| it.scope == step.scope && it.ty == step.ty) =>
            {
                return self.at(*of);
            }
            Op::Not(of) => return self.not(self.at(*of), forms),
            Op::And(of) => return self.joined(of, self.always, self.never, "and", forms),
            Op::Or(of) => return self.joined(of, self.never, self.always, "or", forms),
            Op::IsKnown(of) if !self.can_be_unknown(*of) => return self.always,
            Op::IfUnknown(of, _) if !self.can_be_unknown(*of) => return self.at(*of),
            Op::If(condition, yes, no) => {
                if self.at(*condition) == self.always
                    || (self.at(*yes) == self.at(*no) && !self.can_be_unknown(*condition))
                {
                    return self.at(*yes);
                }
                if self.at(*condition) == self.never {
                    return self.at(*no);
                }
            }
            Op::Collect(of) => {
                let mut rows: Vec<(u32, u32)> =
                    of.iter().map(|(step, code)| (*code, self.at(*step))).collect();
                rows.retain(|(_, condition)| *condition != self.never);
                rows.sort_unstable();
                rows.dedup();
                return forms.number(format!("all of {rows:?} {:?}", step.scope));
            }
            Op::Pick { take, of, skip_unknown } => {
                if let Some(number) = self.picked(*take, of, *skip_unknown, None, forms) {
                    return number;
                }
            }
            Op::Round(of, rounding) => {
                if let Some(number) = self.rounded_pick(*of, rounding, forms) {
                    return number;
                }
                let operand = self.plan.steps.get(*of);
                let own = operand.and_then(|it| it.bounds.decimals);
                let figure =
                    if operand.is_some_and(|it| it.ty == Type::Number(Unit::PERCENT)) { 2 } else { 0 };
                if let (Some(own), Precision::Decimals(kept)) = (own, &rounding.precision)
                    && own <= kept.saturating_add(figure)
                {
                    return self.at(*of);
                }
                return forms.number(format!("round {} {rounding:?}", self.at(*of)));
            }
            Op::Choose(place, of) => {
                let values: Vec<u32> = of.iter().map(|step| self.at(*step)).collect();
                match self.choice(*place, &values) {
                    Some(Choice::Bands(form)) => return forms.number(form),
                    Some(Choice::Rows(rows)) => {
                        return match rows.as_slice() {
                            [Entry::Row(condition, value)] if *condition == self.always => *value,
                            _ => forms.number(format!("first {rows:?} {:?}", step.scope)),
                        };
                    }
                    None => {}
                }
            }
            _ => {}
        }
        // What the operation says, with the numbers of its operands in the place of their steps.
        let written = format!("{:?}", step.op);
        let mut form = String::new();
        let mut pieces = written.split("StepId(");
        form.push_str(pieces.next().unwrap_or(""));
        for piece in pieces {
            let (place, rest) = piece.split_once(')').unwrap_or((piece, ""));
            let number = place.parse().ok().and_then(|place| self.number(StepId(place)));
            form.push_str(&format!("@{number:?}{rest}"));
        }
        forms.number(format!("{form} {:?} {:?}", step.ty, step.scope))
    }

    /// A comparison as one of two forms: at least so much, or not; decided where the range of the key decides it.
    fn compared(&self, how: Compare, key: StepId, bound: StepId, forms: &mut Forms) -> Option<u32> {
        let (low, high) = self.interval(how, key, bound)?;
        let step = self.plan.steps.get(key)?;
        let (least, is_above) = match (low, high) {
            (Some(low), None) => (low, true),
            (None, Some(high)) => (high, false),
            _ => return None,
        };
        let decided = step.bounds.range.as_ref().and_then(|(from, to)| {
            if (from.clone(), false) >= least {
                Some(true)
            } else if (to.clone(), false) < least {
                Some(false)
            } else {
                None
            }
        });
        Some(match decided.map(|reached| reached == is_above) {
            // Of a key that may be unknown, it is decided only where the key is known.
            Some(holds) if step.bounds.unknown => {
                forms.number(format!("{holds} where {} is known", self.at(key)))
            }
            Some(true) => self.always,
            Some(false) => self.never,
            None => {
                let from = told(&(Some(least), None));
                let reached = forms.number(format!("from {} {from}", self.at(key)));
                if is_above { reached } else { self.not(reached, forms) }
            }
        })
    }

    /// The values of the key for which a comparison holds.
    fn interval(&self, how: Compare, key: StepId, bound: StepId) -> Option<Band> {
        let Some(Value::Number(bound)) = self.constant(bound) else { return None };
        let at_least = self.first(key, bound, false)?;
        let above = self.first(key, bound, true)?;
        Some(match how {
            Compare::GreaterOrEqual => (Some(at_least), None),
            Compare::Greater => (Some(above), None),
            Compare::Less => (None, Some(at_least)),
            Compare::LessOrEqual => (None, Some(above)),
        })
    }

    /// Where the values of a key begin that are at least so much, or more than that. A key that has only so many decimals, and
    /// one that is a sum of given weights, meets a bound only where it can lie.
    fn first(&self, key: StepId, bound: &Number, is_above: bool) -> Option<Cut> {
        if let Some(sums) = self.sums(key) {
            let found = sums.iter().find(|it| if is_above { *it > bound } else { *it >= bound });
            return found.map(|it| (it.clone(), false)).or_else(|| Some((sums.last()?.clone(), true)));
        }
        let Some(decimals) = self.plan.steps.get(key)?.bounds.decimals else {
            return Some((bound.clone(), is_above));
        };
        let grid = Number::from_i64(1).div(&Number::power_of_ten(decimals))?;
        let whole = bound.div(&grid)?;
        let least = if is_above { whole.floor().mul(&grid).add(&grid) } else { whole.ceil().mul(&grid) };
        Some((least, false))
    }

    /// All that the weight of the known factors can come to; none where it is something else, or too much.
    fn sums(&self, key: StepId) -> Option<BTreeSet<Number>> {
        let Some(Op::KnownWeight(terms)) = self.op_of(key) else { return None };
        let mut sums = BTreeSet::from([Number::ZERO]);
        for (weight, term) in terms {
            let more: Vec<Number> = sums.iter().map(|sum| sum.add(weight)).collect();
            if !self.can_be_unknown(*term) {
                sums.clear();
            }
            sums.extend(more);
            if sums.len() > MOST_SUMS {
                return None;
            }
        }
        Some(sums)
    }

    /// The operation of a step, of what it repeats where it has a second name.
    fn op_of(&self, step: StepId) -> Option<&'p Op> {
        match &self.plan.steps.get(step)?.op {
            Op::Same(of) => self.op_of(*of),
            op => Some(op),
        }
    }

    /// The highest or lowest of some numbers, rounded afterwards or not, in one form: rounding keeps their order, so it is the
    /// highest of what each of them is rounded to; those below all that another can be are left out.
    fn picked(
        &self,
        take: Take,
        of: &[StepId],
        skip_unknown: bool,
        rounding: Option<&Rounding>,
        forms: &mut Forms,
    ) -> Option<u32> {
        let is_highest = match take {
            Take::Highest => true,
            Take::Lowest => false,
            Take::Average | Take::Middle | Take::First => return None,
        };
        if of.iter().any(|step| !matches!(self.plan.steps.get(*step).map(|it| &it.ty), Some(Type::Number(_))))
        {
            return None;
        }
        let percent = of.iter().any(|step| {
            self.plan.steps.get(*step).is_some_and(|step| step.ty == Type::Number(Unit::PERCENT))
        });
        // The decimals of a percent count in its figure; no floor is a percent, so that is left alone.
        if rounding.is_some() && (percent || skip_unknown) {
            return None;
        }
        let round = |number: &Number| match rounding {
            Some(rounding) => rounding.precision.round(rounding.mode, number),
            None => number.clone(),
        };
        let range = |step: StepId| {
            let (from, to) = self.plan.steps.get(step)?.bounds.range.as_ref()?;
            Some((round(from), round(to)))
        };
        let never_taken = |step: StepId, than: StepId| {
            let (Some((low, high)), Some((from, to))) = (range(step), range(than)) else { return false };
            let is_beyond = if is_highest { high <= from } else { low >= to };
            is_beyond && !self.can_be_unknown(step) && (!skip_unknown || !self.can_be_unknown(than))
        };
        let mut kept: Vec<StepId> = of.to_vec();
        let mut place = 0;
        while let Some(step) = kept.get(place).copied() {
            if kept.iter().any(|than| *than != step && never_taken(step, *than)) {
                kept.remove(place);
            } else {
                place = place.saturating_add(1);
            }
        }
        let mut numbers: Vec<u32> = kept
            .iter()
            .map(|step| match (self.constant(*step), rounding) {
                (Some(Value::Number(number)), Some(_)) => {
                    forms.number(format!("figure {}", round(number).fraction_string()))
                }
                (_, None) => self.at(*step),
                // What is picked from is picked itself, as a cap under a floor is.
                (_, Some(rounding)) => self
                    .rounded_pick(*step, rounding, forms)
                    .unwrap_or_else(|| forms.number(format!("round {} {rounding:?}", self.at(*step)))),
            })
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        Some(match numbers.as_slice() {
            [only] => *only,
            _ => forms.number(format!("{take:?} {skip_unknown} {numbers:?}")),
        })
    }

    /// The highest or lowest of some numbers, rounded; none where a step is no such thing.
    fn rounded_pick(&self, step: StepId, rounding: &Rounding, forms: &mut Forms) -> Option<u32> {
        let Some(Op::Pick { take, of, skip_unknown }) = self.op_of(step) else { return None };
        self.picked(*take, of, *skip_unknown, Some(rounding), forms)
    }

    fn not(&self, of: u32, forms: &mut Forms) -> u32 {
        if of == self.always {
            return self.never;
        }
        if of == self.never {
            return self.always;
        }
        let denied = forms.0.iter().find(|(_, number)| **number == of).map(|(form, _)| form.clone());
        match denied
            .as_deref()
            .and_then(|form| form.strip_prefix("not "))
            .and_then(|inner| inner.parse().ok())
        {
            Some(inner) => inner,
            None => forms.number(format!("not {of}")),
        }
    }

    fn joined(&self, of: &[StepId], neutral: u32, decisive: u32, word: &str, forms: &mut Forms) -> u32 {
        let mut numbers: Vec<u32> =
            of.iter().map(|step| self.at(*step)).filter(|it| *it != neutral).collect();
        numbers.sort_unstable();
        numbers.dedup();
        match numbers.as_slice() {
            _ if numbers.contains(&decisive) => decisive,
            [] => neutral,
            [only] => *only,
            _ => forms.number(format!("{word} {numbers:?}")),
        }
    }

    /// The first of some conditions that holds, with a value for each, in one form: the rows that nobody reaches left out, those
    /// whose order means nothing in one order, and those that look at one key only as the bands that they cut it into.
    fn choice(&self, place: StepId, values: &[u32]) -> Option<Choice> {
        let rows = self.rows(place, values)?;
        let parts: Vec<Option<Part>> = rows.iter().map(|(condition, _, _)| self.part(*condition)).collect();
        let mut entries = Vec::new();
        let mut at = 0;
        while let Some((_, condition, value)) = rows.get(at) {
            let mut key = None;
            let mut run: Vec<(Part, u32)> = Vec::new();
            for (part, (_, _, value)) in parts.iter().zip(&rows).skip(at) {
                let Some(part) = part else { break };
                match (key, part.key) {
                    (Some(key), Some(own)) if self.at(key) != self.at(own) => break,
                    (None, own) => key = own,
                    (Some(_), _) => {}
                }
                run.push((part.clone(), *value));
            }
            if run.len() == rows.len() && key.is_some() {
                return Some(Choice::Bands(self.bands_of(key, &run)));
            }
            if run.len() > 1 {
                entries.push(Entry::Bands(self.bands_of(key, &run)));
            } else {
                entries.push(Entry::Row(*condition, *value));
            }
            at = at.saturating_add(run.len().max(1));
        }
        Some(Choice::Rows(entries))
    }

    /// Rows that look at one key, as which value stands from where to where: however the bands were cut and in whatever order
    /// they were written.
    fn bands_of(&self, key: Option<StepId>, rows: &[(Part, u32)]) -> String {
        let mut pieces: Vec<(Band, u32)> = Vec::new();
        let mut left: Vec<Band> = vec![WHOLE];
        for (part, value) in rows {
            for band in &part.bands {
                pieces.extend(left.iter().filter_map(|it| both_of(it, band)).map(|it| (it, *value)));
                left = left.iter().flat_map(|it| without(it, band)).collect();
            }
        }
        let range = key.and_then(|key| self.plan.steps.get(key)).and_then(|step| step.bounds.range.as_ref());
        let pieces: Vec<String> =
            joined(pieces, range).iter().map(|(band, value)| format!("{} {value}", told(band))).collect();
        let unknown = rows
            .iter()
            .find(|(part, _)| part.unknown != Unknown::No)
            .filter(|_| key.is_some_and(|key| self.can_be_unknown(key)))
            .map(|(part, value)| {
                (part.unknown, if part.unknown == Unknown::Yes { Some(value) } else { None })
            });
        format!("bands of {:?} {} unknown {unknown:?}", key.map(|key| self.at(key)), pieces.join("; "))
    }

    /// A condition that looks at one key only; none where it looks at anything else.
    fn part(&self, condition: StepId) -> Option<Part> {
        if self.at(condition) == self.always {
            return Some(Part { key: None, bands: vec![WHOLE], unknown: Unknown::Yes });
        }
        let of_key = |key: StepId, bands: Vec<Band>, unknown| Some(Part { key: Some(key), bands, unknown });
        match &self.plan.steps.get(condition)?.op {
            Op::Compare(how, key, bound) => {
                of_key(*key, vec![self.interval(*how, *key, *bound)?], Unknown::Stops)
            }
            Op::IsKnown(key) if self.is_number(*key) => of_key(*key, vec![WHOLE], Unknown::No),
            Op::Same(of) => self.part(*of),
            Op::Not(of) => {
                let Part { key, bands, unknown } = self.part(*of)?;
                let unknown = match unknown {
                    Unknown::No => Unknown::Yes,
                    Unknown::Yes => Unknown::No,
                    Unknown::Stops => Unknown::Stops,
                };
                Some(Part { key, bands: outside(&bands), unknown })
            }
            Op::And(of) => self.parts(of, Unknown::No, Unknown::Yes, |one, other| {
                one.iter().flat_map(|it| other.iter().filter_map(|other| both_of(it, other))).collect()
            }),
            Op::Or(of) => self.parts(of, Unknown::Yes, Unknown::No, |one, other| {
                one.iter().chain(other).cloned().collect()
            }),
            Op::IfUnknown(of, otherwise) => {
                let part = self.part(*of)?;
                let unknown = match part.unknown {
                    Unknown::Stops if self.at(*otherwise) == self.always => Unknown::Yes,
                    Unknown::Stops if self.at(*otherwise) == self.never => Unknown::No,
                    Unknown::Stops => return None,
                    known => known,
                };
                Some(Part { unknown, ..part })
            }
            _ => None,
        }
    }

    /// Conditions on one key together: what decides alone, what does not matter, and where all of them hold.
    fn parts(
        &self,
        of: &[StepId],
        decides: Unknown,
        neutral: Unknown,
        together: fn(&[Band], &[Band]) -> Vec<Band>,
    ) -> Option<Part> {
        let mut parts = of.iter().map(|step| self.part(*step));
        let mut all = parts.next()??;
        for part in parts {
            let part = part?;
            match (all.key, part.key) {
                (Some(key), Some(own)) if self.at(key) != self.at(own) => return None,
                (None, own) => all.key = own,
                (Some(_), _) => {}
            }
            all.bands = together(&all.bands, &part.bands);
            all.unknown = match (all.unknown, part.unknown) {
                (one, other) if one == decides || other == decides => decides,
                (one, other) if one == neutral => other,
                (one, _) => one,
            };
        }
        Some(all)
    }

    fn is_number(&self, step: StepId) -> bool {
        matches!(self.plan.steps.get(step).map(|step| &step.ty), Some(Type::Number(_)))
    }

    /// The rows of a choice by the first condition that holds: step and number of the condition, value; those that nobody
    /// reaches left out, those whose order means nothing in one order.
    fn rows(&self, place: StepId, values: &[u32]) -> Option<Vec<(StepId, u32, u32)>> {
        let Op::FirstTrue(conditions) = &self.plan.steps.get(place)?.op else { return None };
        let mut rows: Vec<(StepId, u32, u32)> = Vec::new();
        for (condition, value) in conditions.iter().zip(values) {
            let number = self.at(*condition);
            if number != self.never {
                rows.push((*condition, number, *value));
            }
            if number == self.always {
                break;
            }
        }
        // Sorting by exchanges of neighbours whose order means nothing.
        for _ in 0..rows.len() {
            for place in 1..rows.len() {
                let (Some(one), Some(next)) = (rows.get(place.saturating_sub(1)), rows.get(place)) else {
                    continue;
                };
                if (next.1, next.2) < (one.1, one.2) && self.commute(one, next) {
                    rows.swap(place.saturating_sub(1), place);
                }
            }
        }
        Some(rows)
    }

    /// Whether the order of two rows means nothing: they give the same or cannot both apply, and none of them hides the other
    /// by being unknown alone.
    fn commute(&self, one: &(StepId, u32, u32), other: &(StepId, u32, u32)) -> bool {
        let (mine, others) = (self.tests(one.0), self.tests(other.0));
        let mut parting = mine.iter().filter(|test| {
            others.iter().any(|it| self.at(it.key) == self.at(test.key) && it.what.excludes(&test.what))
        });
        // What asks whether the key is known is never unknown itself: one of the two is sure not to apply.
        if parting.clone().any(|test| matches!(test.what, What::Known(_))) {
            return true;
        }
        match parting.next() {
            // Where the key is known, one of the two is sure not to apply. Where it is not, both are unknown or do not apply,
            // unless one says that it applies all the same.
            Some(test) => {
                !self.can_be_unknown(test.key)
                    || !(self.applies_where_unknown(one.0) || self.applies_where_unknown(other.0))
            }
            None => one.2 == other.2 && !self.can_be_unknown(one.0) && !self.can_be_unknown(other.0),
        }
    }

    /// Whether a condition may hold where a test in it is unknown.
    fn applies_where_unknown(&self, condition: StepId) -> bool {
        match self.plan.steps.get(condition).map(|step| &step.op) {
            Some(Op::And(of)) => of.iter().all(|step| self.applies_where_unknown(*step)),
            Some(Op::Same(of)) => self.applies_where_unknown(*of),
            Some(Op::IfUnknown(of, otherwise)) => {
                self.at(*otherwise) != self.never || self.applies_where_unknown(*of)
            }
            Some(Op::Compare(..) | Op::OneOf(..) | Op::Equal(..)) => false,
            _ => true,
        }
    }

    /// Tests that all hold where a condition holds; of what else it is made of, nothing is said.
    fn tests(&self, condition: StepId) -> Vec<Test> {
        let what = match self.plan.steps.get(condition).map(|step| &step.op) {
            Some(Op::And(of)) => return of.iter().flat_map(|step| self.tests(*step)).collect(),
            Some(Op::Same(of) | Op::IfUnknown(of, _)) => return self.tests(*of),
            Some(Op::Compare(how, key, bound)) => {
                self.interval(*how, *key, *bound).map(|band| (*key, What::Range(band)))
            }
            Some(Op::OneOf(key, codes)) => Some((*key, What::Codes(codes.clone()))),
            Some(Op::IsKnown(key)) => Some((*key, What::Known(true))),
            Some(Op::Not(of)) => match self.op_of(*of) {
                Some(Op::IsKnown(key)) => Some((*key, What::Known(false))),
                _ => None,
            },
            Some(Op::Equal(key, to)) => match self.constant(*to) {
                Some(Value::Code(code)) => Some((*key, What::Codes(vec![*code]))),
                _ => None,
            },
            _ => None,
        };
        what.map(|(key, what)| Test { key, what }).into_iter().collect()
    }
}
