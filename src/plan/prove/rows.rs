//! Rows that are tried in order: gaps, rows that can never match, overlaps.

use super::{Taken, Verdict, domain, shown, test};
use crate::base::Span;
use crate::diag::Diagnostic;
use crate::plan::{CellItem, CellTest, Item, Op, Plan, RowItem, StepId};
use crate::value::{EnumSort, Number, Type, Value};

/// So many combinations of samples are tried at most. A table beyond it is reported, not waved through.
const MOST_COMBINATIONS: usize = 200_000;

/// So many gaps of one table are shown.
const MOST_SHOWN: usize = 3;

/// The samples of all keys, and which combination is looked at.
pub(super) struct Combinations {
    /// Of the keys, then of the bounds that are no constants.
    samples: Vec<Vec<Value>>,
    keys: usize,
    bounds: Vec<StepId>,
    at: Vec<usize>,
    pub(super) done: bool,
}

impl Combinations {
    /// None where there are too many.
    pub(super) fn new(plan: &Plan, keys: &[StepId], rows: &[RowItem]) -> Option<Self> {
        let samples: Vec<Vec<Value>> =
            keys.iter().enumerate().map(|(column, key)| domain::samples(plan, *key, column, rows)).collect();
        let total = samples.iter().try_fold(1usize, |total, of_key| total.checked_mul(of_key.len()))?;
        let at = vec![0; samples.len()];
        let (keys, bounds) = (keys.len(), Vec::new());
        (total <= MOST_COMBINATIONS).then_some(Combinations { done: total == 0, samples, keys, bounds, at })
    }

    /// The same, with all that the bounds that are no constants can be; without it where that is too much to try.
    pub(super) fn with_bounds(plan: &Plan, keys: &[StepId], rows: &[RowItem]) -> Option<Self> {
        let (mut of_keys, mut of_bounds, mut bounds) = (Vec::new(), Vec::new(), Vec::new());
        for (column, key) in keys.iter().enumerate() {
            let own = domain::open_bounds(plan, column, rows);
            // A bound of two columns cannot be tried in each by itself.
            if own.is_empty() || own.iter().any(|step| bounds.contains(step)) {
                of_keys.push(domain::samples(plan, *key, column, rows));
                continue;
            }
            let (of_key, of_own) = domain::samples_of_both(plan, *key, column, rows, &own);
            of_keys.push(of_key);
            of_bounds.extend(of_own);
            bounds.extend(own);
        }
        let samples = [of_keys, of_bounds].concat();
        let total = samples.iter().try_fold(1usize, |total, of_one| total.checked_mul(of_one.len()));
        match total {
            Some(total) if total <= MOST_COMBINATIONS => {
                let at = vec![0; samples.len()];
                Some(Combinations { done: total == 0, samples, keys: keys.len(), bounds, at })
            }
            _ => Combinations::new(plan, keys, rows),
        }
    }

    /// What the bounds that are no constants are taken to be.
    pub(super) fn taken(&self) -> Vec<(StepId, &Value)> {
        let of_bounds = self.samples.iter().zip(&self.at).skip(self.keys);
        let values = of_bounds.filter_map(|(of_one, at)| of_one.get(*at));
        self.bounds.iter().copied().zip(values).collect()
    }

    /// The combination of keys looked at.
    pub(super) fn current(&self) -> Vec<&Value> {
        self.samples.iter().zip(&self.at).take(self.keys).filter_map(|(of_key, at)| of_key.get(*at)).collect()
    }

    /// Goes on to the next, the last key first.
    pub(super) fn advance(&mut self) {
        for (of_key, at) in self.samples.iter().zip(self.at.iter_mut()).rev() {
            *at = at.saturating_add(1);
            if *at < of_key.len() {
                return;
            }
            *at = 0;
        }
        self.done = true;
    }
}

/// What a row's cells say of a combination, before its guard.
pub(super) fn cells<'a>(
    plan: &'a Plan,
    taken: &Taken<'a>,
    row: &RowItem,
    types: &[Type],
    samples: &[&Value],
    caught: &[bool],
) -> Verdict {
    let mut verdict = Verdict::Yes;
    for (column, (cell, (sample, ty))) in row.cells.iter().zip(samples.iter().zip(types)).enumerate() {
        let is_caught = caught.get(column) == Some(&true);
        match cell_says(plan, taken, cell, sample, ty, is_caught) {
            Verdict::No => return Verdict::No,
            Verdict::Unknown => verdict = Verdict::Unknown,
            Verdict::Depends if verdict == Verdict::Yes => verdict = Verdict::Depends,
            Verdict::Yes | Verdict::Depends => {}
        }
    }
    verdict
}

/// What one cell says of a sample. `is_caught` tells whether some row asks for the key being unknown.
fn cell_says<'a>(
    plan: &'a Plan,
    taken: &Taken<'a>,
    cell: &CellItem,
    sample: &Value,
    ty: &Type,
    is_caught: bool,
) -> Verdict {
    let mut cell_says = Verdict::No;
    for pattern in &cell.pattern {
        let says = match test(plan, taken, pattern, sample, ty) {
            // A key that is not known goes on to the row that asks for just that.
            Verdict::Unknown if !sample.is_known() && is_caught => Verdict::No,
            says => says,
        };
        match says {
            Verdict::Yes => return Verdict::Yes,
            Verdict::No => {}
            other => cell_says = other,
        }
    }
    cell_says
}

/// For each key, whether some row asks for it being unknown.
pub(super) fn caught(keys: &[StepId], rows: &[RowItem]) -> Vec<bool> {
    let asks = |column: usize| {
        let mut cells = rows.iter().filter_map(|row| row.cells.get(column));
        cells.any(|cell| cell.pattern.contains(&CellTest::Unknown))
    };
    (0..keys.len()).map(asks).collect()
}

/// Where a row stands.
pub(super) fn place(plan: &Plan, row: &RowItem, item: &Item) -> Span {
    plan.rules.get(row.rule).map_or(item.span, |rule| rule.span)
}

pub(super) fn types(plan: &Plan, keys: &[StepId]) -> Vec<Type> {
    keys.iter().filter_map(|key| plan.steps.get(*key)).map(|step| step.ty.clone()).collect()
}

/// `appraisal 0.95, risk_class CA3`; empty for a table without keys.
pub(super) fn sample_text(plan: &Plan, types: &[Type], names: &[String], samples: &[&Value]) -> String {
    let parts: Vec<String> = samples
        .iter()
        .zip(types)
        .enumerate()
        .map(|(column, (sample, ty))| {
            let value = shown(sample, ty, &plan.schema.enums);
            match names.get(column) {
                Some(name) if !name.is_empty() => format!("{name} {value}"),
                _ => value,
            }
        })
        .collect();
    parts.join(", ")
}

/// ` (grace 3, hard 7)`: the parameters that the sample hangs on.
fn bounds_text(plan: &Plan, bounds: &Taken<'_>) -> String {
    let parts: Vec<String> = bounds
        .iter()
        .filter_map(|(step, value)| match plan.steps.get(*step).map(|step| &step.op) {
            Some(Op::Param(param)) => {
                let param = plan.params.get(*param as usize)?;
                Some(format!("{} {}", param.name, shown(value, &param.ty, &plan.schema.enums)))
            }
            _ => None,
        })
        .collect();
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}

/// Samples beside each other: `score 60.1, 60.5` of one key, `(channel online, sued yes), (channel shop, sued no)` of several.
fn together(names: &[String], samples: &[String]) -> String {
    match (names, samples) {
        ([name], samples) => format!("{name} {}", samples.join(", ")),
        (_, [only]) => only.clone(),
        (_, samples) => samples.iter().map(|sample| format!("({sample})")).collect::<Vec<_>>().join(", "),
    }
}

/// The names of the keys as written.
pub(super) fn key_names(item: &Item, keys: &[StepId]) -> Vec<String> {
    use crate::plan::ItemKind;
    let names = match &item.kind {
        ItemKind::Table(table) => &table.key_names,
        ItemKind::Correction(correction) => &correction.key_names,
        ItemKind::Authority(authority) => &authority.table.key_names,
        ItemKind::Scorecard(card) => {
            let factor = card.factors.iter().find(|factor| keys.contains(&factor.value));
            return factor.map(|factor| factor.name.to_string()).into_iter().collect();
        }
        ItemKind::Let
        | ItemKind::Grades(_)
        | ItemKind::Limit(_)
        | ItemKind::Total(_)
        | ItemKind::Allocation(_)
        | ItemKind::Triggers(_)
        | ItemKind::Escalation(_)
        | ItemKind::Checks(_)
        | ItemKind::Judgement(_)
        | ItemKind::Override(_)
        | ItemKind::Book(_)
        | ItemKind::Checklist(_) => {
            return Vec::new();
        }
    };
    names.iter().map(ToString::to_string).collect()
}

/// Holds rows that are tried in order to having no gap and no row that can never match; they stand at a place of an item.
pub(super) fn first(
    plan: &Plan,
    keys: &[StepId],
    rows: &[RowItem],
    (item, at): (&Item, Span),
    found: &mut Vec<Diagnostic>,
) {
    let types = types(plan, keys);
    let names = key_names(item, keys);
    let Some(mut all) = Combinations::with_bounds(plan, keys, rows) else {
        found.push(Diagnostic::new("W463", at).arg("table", &item.name).help("split"));
        return;
    };
    let caught = caught(keys, rows);
    // Whether a row is reached by some sample; else by which row the samples that it holds for are taken or stopped.
    let mut reached = vec![false; rows.len()];
    let mut covered_by: Vec<Option<usize>> = vec![None; rows.len()];
    let mut stopped_by = covered_by.clone();
    let (mut gaps, mut far): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let mut gap_count = 0usize;
    while !all.done {
        let (samples, bounds) = (all.current(), all.taken());
        let mut taken: Option<usize> = None;
        let mut stopped: Option<usize> = None;
        for (place, row) in rows.iter().enumerate() {
            let says = cells(plan, &bounds, row, &types, &samples, &caught);
            if says == Verdict::No {
                continue;
            }
            match taken {
                Some(earlier) => {
                    if let Some(slot) = covered_by.get_mut(place) {
                        slot.get_or_insert(earlier);
                    }
                }
                None if stopped.is_some() => {
                    if let Some(slot) = stopped_by.get_mut(place) {
                        *slot = slot.or(stopped);
                    }
                }
                None => {
                    set(&mut reached, place);
                    match says {
                        Verdict::Yes if row.guard.is_none() => taken = Some(place),
                        Verdict::Unknown => stopped = Some(place),
                        Verdict::Yes | Verdict::No | Verdict::Depends => {}
                    }
                }
            }
        }
        let unknown = samples.iter().any(|sample| !sample.is_known());
        if taken.is_none() && stopped.is_none() && !unknown {
            gap_count = gap_count.saturating_add(1);
            if gaps.len() < MOST_SHOWN {
                // One key is named once, before all its samples.
                let named: &[String] = if keys.len() == 1 { &[] } else { &names };
                let bounds = bounds_text(plan, &bounds);
                let text = format!("{}{bounds}", sample_text(plan, &types, named, &samples));
                // Nobody orders for 10^24: such a sample stands only where there is no nearer one.
                if samples.iter().any(|sample| is_far(sample)) { far.push(text) } else { gaps.push(text) }
            }
        }
        all.advance();
    }
    if gaps.is_empty() {
        far.truncate(MOST_SHOWN);
        gaps = far;
    }
    if gap_count > 0 {
        let depends = rows.iter().any(|row| {
            row.cells.iter().flat_map(|cell| &cell.pattern).any(|test| match test {
                CellTest::Bounds { lower, upper } => [lower, upper]
                    .into_iter()
                    .flatten()
                    .any(|(step, _)| super::constant(plan, *step).is_none()),
                CellTest::Equals(step) => super::constant(plan, *step).is_none(),
                CellTest::OrBetter(_)
                | CellTest::OrWorse(_)
                | CellTest::Code(_)
                | CellTest::Any
                | CellTest::Unknown => false,
            })
        });
        let guarded = rows.iter().any(|row| row.guard.is_some());
        let variant = if keys.is_empty() { "guards" } else { "main" };
        let mut gap = Diagnostic::new("E460", at)
            .arg("table", &item.name)
            .arg("samples", together(&names, &gaps))
            .variant(variant)
            .help("add");
        if depends {
            gap = gap.note("depends");
        } else if guarded && !keys.is_empty() {
            gap = gap.note("guards");
        }
        found.push(gap);
    }
    for (place, row) in rows.iter().enumerate() {
        if reached.get(place).copied().unwrap_or(true) {
            continue;
        }
        let span = self::place(plan, row, item);
        let row_of =
            |by: &[Option<usize>]| by.get(place).copied().flatten().and_then(|earlier| rows.get(earlier));
        found.push(match (row_of(&stopped_by), row_of(&covered_by)) {
            (Some(earlier), _) => {
                let found = Diagnostic::new("E461", span)
                    .variant("covered")
                    .label(self::place(plan, earlier, item), "stops")
                    .help("move");
                if asks_for_grades(plan, earlier, &types) { found.note("apart") } else { found }
            }
            (None, Some(earlier)) => Diagnostic::new("E461", span)
                .variant("covered")
                .label(self::place(plan, earlier, item), "earlier")
                .help("move"),
            (None, None) => {
                Diagnostic::new("E461", span).variant("outside").arg("table", &item.name).help("range")
            }
        });
    }
}

/// Whether a sample is a number that no file may give.
fn is_far(sample: &Value) -> bool {
    sample.as_number().is_some_and(|number| number.abs() >= Number::power_of_ten(15))
}

/// Whether a row asks for a grade `or better`, or `or worse`.
fn asks_for_grades(plan: &Plan, row: &RowItem, types: &[Type]) -> bool {
    let ordered = |test: &CellTest| matches!(test, CellTest::OrBetter(_) | CellTest::OrWorse(_));
    let graded = |ty: &Type| match ty {
        Type::Enum(id) => plan.schema.enums.get(*id).is_some_and(|kind| kind.sort == EnumSort::Grades),
        _ => false,
    };
    row.cells.iter().zip(types).any(|(cell, ty)| graded(ty) && cell.pattern.iter().any(ordered))
}

fn set(flags: &mut [bool], place: usize) {
    if let Some(flag) = flags.get_mut(place) {
        *flag = true;
    }
}

/// Whether it is told of a row that it can never match: that it matches beside another follows from that.
fn never_matches(row: Span, found: &[Diagnostic]) -> bool {
    found.iter().any(|told| told.code == "E461" && told.span == Some(row))
}

/// Holds a `unique` table to having no two rows that can match one customer.
pub(super) fn unique(
    plan: &Plan,
    keys: &[StepId],
    rows: &[RowItem],
    item: &Item,
    found: &mut Vec<Diagnostic>,
) {
    let types = types(plan, keys);
    let names = key_names(item, keys);
    let Some(mut all) = Combinations::with_bounds(plan, keys, rows) else { return };
    let caught = caught(keys, rows);
    let mut told: Vec<(usize, usize)> = Vec::new();
    while !all.done {
        let (samples, bounds) = (all.current(), all.taken());
        let matching: Vec<usize> = rows
            .iter()
            .enumerate()
            .filter(|(_, row)| {
                let says = cells(plan, &bounds, row, &types, &samples, &caught);
                matches!(says, Verdict::Yes | Verdict::Depends)
            })
            .map(|(place, _)| place)
            .collect();
        if let [first, second, ..] = matching.as_slice()
            && !told.contains(&(*first, *second))
            && let (Some(earlier), Some(later)) = (rows.get(*first), rows.get(*second))
            && !never_matches(place(plan, later, item), found)
        {
            told.push((*first, *second));
            found.push(
                Diagnostic::new("E462", place(plan, later, item))
                    .arg("table", &item.name)
                    .arg(
                        "sample",
                        format!(
                            "{}{}",
                            sample_text(plan, &types, &names, &samples),
                            bounds_text(plan, &bounds)
                        ),
                    )
                    .label(place(plan, earlier, item), "earlier")
                    .help("cut"),
            );
        }
        all.advance();
    }
}

/// Warns of bins that overlap in part: `below 5` before `from 3 below 9`. Bounds that hold one another, as a staircase of
/// `at most` does, are meant; a bin with two sides that reaches into another is mostly not.
pub(super) fn bins(plan: &Plan, keys: &[StepId], rows: &[RowItem], item: &Item, found: &mut Vec<Diagnostic>) {
    let pairs = rows.iter().enumerate().flat_map(|(second, later)| {
        let before = rows.iter().enumerate().take(second);
        before.filter_map(move |(first, earlier)| Some((first, second, differing(earlier, later)?)))
    });
    let pairs: Vec<(usize, usize, usize)> = pairs.collect();
    if pairs.is_empty() {
        return;
    }
    let Some(Combinations { samples, .. }) = Combinations::new(plan, keys, rows) else { return };
    let types = types(plan, keys);
    let names = key_names(item, keys);
    let caught = caught(keys, rows);
    // Of each row, by key: the samples that its cell holds for, as bits.
    let hold = |row: &RowItem| -> Vec<Vec<u64>> {
        let columns = row.cells.iter().zip(&samples).zip(types.iter().zip(&caught));
        let column = columns.map(|((cell, of_key), (ty, caught))| {
            let holds = |sample: &Value| cell_says(plan, &[], cell, sample, ty, *caught) == Verdict::Yes;
            let word = |of_word: &[Value]| {
                of_word.iter().rev().fold(0, |bits, sample| (bits << 1) | u64::from(holds(sample)))
            };
            of_key.chunks(64).map(word).collect()
        });
        column.collect()
    };
    let held: Vec<Vec<Vec<u64>>> = rows.iter().map(hold).collect();
    for (first, second, column) in pairs {
        let of = |row: usize| held.get(row).map_or(&[][..], Vec::as_slice);
        let words = |row: usize| of(row).get(column).into_iter().flatten();
        let mut beside = words(first).zip(words(second));
        let is_apart = beside.clone().any(|(one, other)| one & !other != 0)
            && beside.any(|(one, other)| !one & other != 0);
        if !is_apart {
            continue;
        }
        // The first sample of each key that both rows hold for.
        let both = of(first).iter().zip(of(second)).zip(&samples).map(|((one, other), of_key)| {
            let mut words = one.iter().zip(other).zip(of_key.chunks(64));
            words.find_map(|((one, other), of_word)| of_word.get((one & other).trailing_zeros() as usize))
        });
        let Some(both) = both.collect::<Option<Vec<&Value>>>() else { continue };
        let (Some(earlier), Some(later)) = (rows.get(first), rows.get(second)) else { continue };
        found.push(
            Diagnostic::new("W466", place(plan, later, item))
                .arg("table", &item.name)
                .arg("sample", sample_text(plan, &types, &names, &both))
                .label(place(plan, earlier, item), "earlier")
                .help("touch"),
        );
    }
}

/// The key in which alone two rows without guards differ, if there one of them is a bin with two sides.
fn differing(earlier: &RowItem, later: &RowItem) -> Option<usize> {
    if earlier.guard.is_some() || later.guard.is_some() {
        return None;
    }
    let cells = earlier.cells.iter().zip(&later.cells).enumerate();
    let mut differing = cells.filter(|(_, (a, b))| a.pattern != b.pattern);
    let two_sided = |tests: &[CellTest]| {
        tests.iter().any(|test| matches!(test, CellTest::Bounds { lower: Some(_), upper: Some(_) }))
    };
    let bounds = |tests: &[CellTest]| tests.iter().all(|test| matches!(test, CellTest::Bounds { .. }));
    match (differing.next(), differing.next()) {
        (Some((column, (a, b))), None) => {
            let is_bin = two_sided(&a.pattern) || two_sided(&b.pattern);
            (bounds(&a.pattern) && bounds(&b.pattern) && is_bin).then_some(column)
        }
        _ => None,
    }
}
