//! Whether two plans can differ for any customer, as far as that can be told without trying one.
//!
//! Each step is given a number by what it comes to: two steps with the same number have the same value for every customer. What
//! is written differently and comes to the same is brought into one form first: a bound moved between two values that the key
//! cannot have (`> 60` and `>= 61` of a score without decimals), a comparison that the range of its key decides, a row that no
//! customer reaches, the order of rows that cannot both apply, of what is joined by `and`.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::Idx;
use crate::plan::{Compare, ItemKind, Op, Plan, RowItem, RuleId, RuleKind, StepId};
use crate::value::{Field, FieldType, Number, Precision, Type, Unit, Value};

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
    let mut lines: Vec<String> =
        plan.names.iter().map(|(name, step)| format!("{name} {:?}", number(step))).collect();
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
            !of_tables.contains(id) && (rule.kind != RuleKind::Row || says_something)
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
    /// From the first, included, up to the second, excluded.
    Range(Option<Number>, Option<Number>),
    /// One of these members.
    Codes(Vec<u32>),
}

impl What {
    fn excludes(&self, other: &What) -> bool {
        match (self, other) {
            (What::Range(low, high), What::Range(other_low, other_high)) => {
                let ends_before = |high: &Option<Number>, low: &Option<Number>| matches!((high, low), (Some(high), Some(low)) if high <= low);
                ends_before(high, other_low) || ends_before(other_high, low)
            }
            (What::Codes(one), What::Codes(other)) => !one.iter().any(|code| other.contains(code)),
            (What::Range(..), What::Codes(_)) | (What::Codes(_), What::Range(..)) => false,
        }
    }
}

/// A choice by the first condition that holds.
#[derive(Debug)]
enum Choice {
    /// By bands of one key.
    Bands(String),
    /// Condition and value, row by row.
    Rows(Vec<(u32, u32)>),
}

/// Where a key lies: from the first, included, up to the second, excluded.
type Band = (Option<Number>, Option<Number>);

/// Where both bands lie.
fn both_of(one: &Band, other: &Band) -> Option<Band> {
    let from = one.0.clone().max(other.0.clone());
    let to = match (&one.1, &other.1) {
        (Some(one), Some(other)) => Some(one.min(other).clone()),
        (one, other) => one.clone().or_else(|| other.clone()),
    };
    match (&from, &to) {
        (Some(from), Some(to)) if from >= to => None,
        _ => Some((from, to)),
    }
}

/// What is left of a band where another is taken away.
fn without(one: &Band, other: &Band) -> Vec<Band> {
    let below = other.0.clone().and_then(|from| both_of(one, &(None, Some(from))));
    let above = other.1.clone().and_then(|to| both_of(one, &(Some(to), None)));
    below.into_iter().chain(above).collect()
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
            Op::Round(of, rounding) => {
                let operand = self.plan.steps.get(*of);
                let own = operand.and_then(|it| it.bounds.decimals);
                let figure =
                    if operand.is_some_and(|it| it.ty == Type::Number(Unit::PERCENT)) { 2 } else { 0 };
                if let (Some(own), Precision::Decimals(kept)) = (own, &rounding.precision)
                    && own <= kept.saturating_add(figure)
                {
                    return self.at(*of);
                }
            }
            Op::Choose(place, of) => {
                let values: Vec<u32> = of.iter().map(|step| self.at(*step)).collect();
                match self.choice(*place, &values) {
                    Some(Choice::Bands(form)) => return forms.number(form),
                    Some(Choice::Rows(rows)) => {
                        return match rows.as_slice() {
                            [(condition, value)] if *condition == self.always => *value,
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
            if *from >= least {
                Some(true)
            } else if *to < least {
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
                let reached = forms.number(format!("from {} {}", self.at(key), least.fraction_string()));
                if is_above { reached } else { self.not(reached, forms) }
            }
        })
    }

    /// The values of the key for which a comparison holds: from the first, included, up to the second, excluded. A key that has
    /// only so many decimals meets a bound only on their grid.
    fn interval(&self, how: Compare, key: StepId, bound: StepId) -> Option<(Option<Number>, Option<Number>)> {
        let Some(Value::Number(bound)) = self.constant(bound) else { return None };
        let step = self.plan.steps.get(key)?;
        let grid = Number::from_i64(1).div(&Number::power_of_ten(step.bounds.decimals?))?;
        let at_least = bound.div(&grid)?.ceil().mul(&grid);
        let above = bound.div(&grid)?.floor().mul(&grid).add(&grid);
        Some(match how {
            Compare::GreaterOrEqual => (Some(at_least), None),
            Compare::Greater => (Some(above), None),
            Compare::Less => (None, Some(at_least)),
            Compare::LessOrEqual => (None, Some(above)),
        })
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

    /// The first of some conditions that holds, with a value for each, in one form.
    fn choice(&self, place: StepId, values: &[u32]) -> Option<Choice> {
        match self.pieces(place, values) {
            Some(form) => Some(Choice::Bands(form)),
            None => self.rows(place, values).map(Choice::Rows),
        }
    }

    /// A choice by bands of one key, as which value stands from where to where: however the bands were cut and in whatever order
    /// they were written. None where a row looks at anything else.
    fn pieces(&self, place: StepId, values: &[u32]) -> Option<String> {
        let Op::FirstTrue(conditions) = &self.plan.steps.get(place)?.op else { return None };
        let mut key = None;
        let mut pieces: Vec<(Band, u32)> = Vec::new();
        let mut left: Vec<Band> = vec![(None, None)];
        for (condition, value) in conditions.iter().zip(values) {
            let bands = match self.at(*condition) == self.always {
                true => vec![(None, None)],
                false => {
                    let (own, bands) = self.bands(*condition)?;
                    if *key.get_or_insert(own) != own {
                        return None;
                    }
                    bands
                }
            };
            for band in &bands {
                pieces.extend(left.iter().filter_map(|it| both_of(it, band)).map(|it| (it, *value)));
                left = left.iter().flat_map(|it| without(it, band)).collect();
            }
        }
        let range = key.and_then(|key| self.plan.steps.get(key)).and_then(|step| step.bounds.range.clone());
        if let Some((least, greatest)) = range {
            // What the key cannot have shows nowhere.
            pieces.retain(|((from, to), _)| {
                from.as_ref().is_none_or(|from| *from <= greatest) && to.as_ref().is_none_or(|to| *to > least)
            });
            for ((from, to), _) in &mut pieces {
                *from = from.take().filter(|from| *from > least);
                *to = to.take().filter(|to| *to <= greatest);
            }
        }
        pieces.sort();
        let mut joined: Vec<(Band, u32)> = Vec::new();
        for (band, value) in pieces {
            match joined.last_mut() {
                Some((last, same)) if *same == value && last.1.is_some() && last.1 == band.0 => {
                    last.1 = band.1
                }
                _ => joined.push((band, value)),
            }
        }
        let end =
            |end: &Option<Number>| end.as_ref().map_or_else(|| String::from("…"), Number::fraction_string);
        let told: Vec<String> =
            joined.iter().map(|((from, to), value)| format!("{} {} {value}", end(from), end(to))).collect();
        Some(format!("bands of {:?} {}", key.map(|key| self.at(key)), told.join("; ")))
    }

    /// The bands of a key in which a condition holds; none where it looks at anything else.
    fn bands(&self, condition: StepId) -> Option<(StepId, Vec<Band>)> {
        match &self.plan.steps.get(condition)?.op {
            Op::Compare(how, key, bound) => self.interval(*how, *key, *bound).map(|band| (*key, vec![band])),
            Op::Same(of) => self.bands(*of),
            Op::And(of) => {
                let mut parts = of.iter().map(|step| self.bands(*step));
                let (key, mut bands) = parts.next()??;
                for part in parts {
                    let (other, others) = part?;
                    if other != key {
                        return None;
                    }
                    bands = bands
                        .iter()
                        .flat_map(|it| others.iter().filter_map(|other| both_of(it, other)))
                        .collect();
                }
                Some((key, bands))
            }
            Op::Or(of) => {
                let parts: Option<Vec<(StepId, Vec<Band>)>> =
                    of.iter().map(|step| self.bands(*step)).collect();
                let parts = parts?;
                let key = parts.first()?.0;
                parts
                    .iter()
                    .all(|(other, _)| *other == key)
                    .then(|| (key, parts.into_iter().flat_map(|(_, bands)| bands).collect()))
            }
            _ => None,
        }
    }

    /// The rows of a choice by the first condition that holds: condition and value, those that nobody reaches left out, those
    /// whose order means nothing in one order.
    fn rows(&self, place: StepId, values: &[u32]) -> Option<Vec<(u32, u32)>> {
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
        Some(rows.into_iter().map(|(_, condition, value)| (condition, value)).collect())
    }

    /// Whether the order of two rows means nothing: they give the same or cannot both apply, and none of them hides the other
    /// by being unknown alone.
    fn commute(&self, one: &(StepId, u32, u32), other: &(StepId, u32, u32)) -> bool {
        let (mine, others) = (self.tests(one.0), self.tests(other.0));
        let parting = mine.iter().find(|test| {
            others.iter().any(|it| self.at(it.key) == self.at(test.key) && it.what.excludes(&test.what))
        });
        match parting {
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
                self.interval(*how, *key, *bound).map(|(low, high)| (*key, What::Range(low, high)))
            }
            Some(Op::OneOf(key, codes)) => Some((*key, What::Codes(codes.clone()))),
            Some(Op::Equal(key, to)) => match self.constant(*to) {
                Some(Value::Code(code)) => Some((*key, What::Codes(vec![*code]))),
                _ => None,
            },
            _ => None,
        };
        what.map(|(key, what)| Test { key, what }).into_iter().collect()
    }
}
