//! Goals of rows: tables, corrections, points, tactics, authorities.

use super::super::goal::{GoalKind, Sight};
use super::{Collector, Site, spaced};
use crate::base::{Lang, Str};
use crate::explain::Phrases;
use crate::plan::{
    CellItem, CellTest, Label, Missing, Op, RequireKind, RowItem, ScorecardItem, StepId, TableItem,
};

/// The keys of rows, and how their comparisons are told.
#[derive(Clone, Copy)]
struct Keys<'k> {
    of: &'k [StepId],
    /// What the keys are called in the table, where it is applied to others.
    names: Option<&'k [Str]>,
    /// The rows cut the key in bands: their comparisons are not made.
    sliced: bool,
}

impl Collector<'_> {
    pub(super) fn table(&mut self, site: &Site, table: &TableItem) {
        let site = Site { applied: table.applied.is_some(), ..site.clone() };
        if !site.applied {
            table.keys.iter().for_each(|key| self.expression(&site, *key));
        }
        let names = site.applied.then_some(table.key_names.as_slice());
        for (place, row) in table.rows.iter().enumerate() {
            let of = self.row_site(&site, row, place);
            let applies = self.applies(row.rule);
            let way = match (table.chosen, table.slices.get(place), applies) {
                (Some(chosen), _, _) => Sight::Code(chosen, code(place)),
                (None, Some(slice), _) => Sight::Positive(slice.part),
                (None, None, Some(applies)) => Sight::Is(applies, true),
                (None, None, None) => {
                    Sight::Known(self.plan.items.get(site.item).map_or(StepId(0), |it| it.value))
                }
            };
            self.add(&of, GoalKind::Row, way.clone());
            self.row(&of, row, Keys { of: &table.keys, names, sliced: !table.slices.is_empty() }, way);
        }
    }

    /// Rows of which the first that matches is taken.
    pub(super) fn taken_rows(
        &mut self,
        site: &Site,
        kind: GoalKind,
        rows: &[RowItem],
        keys: &[StepId],
        chosen: StepId,
    ) {
        for (place, row) in rows.iter().enumerate() {
            let of = self.row_site(site, row, place);
            let way = Sight::Code(chosen, code(place));
            self.add(&of, kind, way.clone());
            self.row(&of, row, Keys { of: keys, names: None, sliced: false }, way);
        }
    }

    fn row_site(&self, site: &Site, row: &RowItem, place: usize) -> Site {
        let number = place.saturating_add(1);
        let en = format!("row {number} of {}", site.name.en);
        let zh = format!("{}第 {number} 行", spaced(&site.name.zh));
        self.site_of(site, row.rule, &en, &zh)
    }

    /// What stands in a row; `taken` is how the row itself is shown.
    fn row(&mut self, site: &Site, row: &RowItem, keys: Keys<'_>, taken: Sight) {
        for (place, cell) in row.cells.iter().enumerate() {
            let at = Site { span: cell.span, ..site.clone() };
            let key = keys.of.get(place).copied();
            let name = keys.names.and_then(|names| names.get(place)).filter(|name| !name.is_empty());
            if let Some(holds) = cell.holds {
                self.cell(&at, holds, name, keys.sliced);
            }
            self.unknown_or(&at, cell, key, &taken);
        }
        let matched: Vec<Sight> =
            row.cells.iter().filter_map(|cell| cell.holds).map(|holds| Sight::Is(holds, true)).collect();
        let said = self.rule(row.rule).and_then(|rule| rule.if_unknown.as_ref());
        match (&row.guard, self.rule(row.rule).and_then(|rule| rule.condition)) {
            (Some(guard), _) => {
                self.expression(site, guard.condition);
                self.said_of_unknown(site, guard.condition, said, matched);
            }
            (None, Some(condition)) => self.said_of_unknown(site, condition, said, Vec::new()),
            (None, None) => {}
        }
        row.results.iter().for_each(|result| self.expression(site, *result));
    }

    /// A cell that takes an unknown key beside others: `below 1 or unknown`.
    fn unknown_or(&mut self, site: &Site, cell: &CellItem, key: Option<StepId>, taken: &Sight) {
        let Some(key) = key.filter(|_| cell.pattern.len() > 1 && cell.pattern.contains(&CellTest::Unknown))
        else {
            return;
        };
        let (en, zh) = (self.en.of(key), self.zh.of(key));
        let tail = format!("{en} · unknown");
        let words = (&*tail, &*format!("{en} unknown"), &*format!("{zh}未知"));
        self.add_as(site, GoalKind::MissingData, words, Sight::All(vec![Sight::Unknown(key), taken.clone()]));
    }

    /// The thresholds of a cell. Its key is told with the keys of the table.
    fn cell(&mut self, site: &Site, step: StepId, key: Option<&Str>, would: bool) {
        let Some(it) = self.plan.steps.get(step) else { return };
        match &it.op {
            Op::And(of) | Op::Or(of) => of.iter().for_each(|part| self.cell(site, *part, key, would)),
            Op::Compare(_, _, bound) => {
                // What another application of the table has told is told once more: its key is another one.
                if !self.walked.insert(step) {
                    return;
                }
                let called = key.map(|key| self.called(step, key));
                self.sides(site, step, called, would);
                self.expression(site, *bound);
            }
            _ => {}
        }
    }

    /// Both sides of a comparison of a cell with the key as the table names it.
    fn called(&self, compare: StepId, key: &Str) -> [Label; 2] {
        let of = match self.plan.steps.get(compare).map(|it| &it.op) {
            Some(Op::Compare(_, of, _)) => *of,
            _ => compare,
        };
        // A value and a fact go by their labels, a parameter of the table by its name.
        let step = self.plan.names.get(key);
        let fact = self.plan.schema.find(key).and_then(|fact| self.plan.schema.fields.get(fact));
        let name = |phrases: &Phrases<'_>, lang: Lang| match (step, fact) {
            (Some(step), _) => phrases.of(*step),
            (None, Some(fact)) => fact.label.pick(lang).to_string(),
            (None, None) => key.to_string(),
        };
        let words = |phrases: &Phrases<'_>, lang: Lang, holds: bool| {
            let whole = phrases.so(compare, holds);
            match whole.strip_prefix(&*phrases.of(of)) {
                Some(rest) => Str::from(format!("{}{rest}", name(phrases, lang))),
                None => Str::from(whole),
            }
        };
        [true, false]
            .map(|holds| Label { en: words(&self.en, Lang::En, holds), zh: words(&self.zh, Lang::Zh, holds) })
    }

    pub(super) fn scorecard(&mut self, site: &Site, card: &ScorecardItem) {
        for factor in &card.factors {
            // A factor without a label goes by what it scores.
            let own = *factor.label.en != *factor.name || *factor.label.zh != *factor.name;
            let (en, zh) = match own {
                true => (factor.label.en.to_string(), factor.label.zh.to_string()),
                false => (self.en.of(factor.value), self.zh.of(factor.value)),
            };
            let en = format!("{} · {en}", site.name.en);
            let zh = format!("{}·{zh}", site.name.zh);
            let of = self.site_of(site, factor.rule, &en, &zh);
            self.expression(&of, factor.value);
            self.points(&of, &factor.rows, factor.value);
            if factor.rows.is_empty() && factor.points != factor.value {
                self.body(&of, factor.points);
            }
            if self.can_be_unknown(factor.points) {
                let (en, zh) = match factor.missing {
                    Missing::LeftOut => ("missing, it is left out", "缺失，不计入"),
                    Missing::Scores(_) => ("missing, it scores what stands for it", "缺失，按规定计分"),
                    Missing::Unknown => ("missing, the card is unknown", "缺失，评分未知"),
                };
                let unknown = Sight::Unknown(factor.points);
                self.add_as(&of, GoalKind::MissingData, ("missing", en, zh), unknown);
            }
        }
        for require in &card.require {
            let Some(enough) = self.rule(require.rule).and_then(|rule| rule.condition) else { continue };
            let (en, zh) = match require.kind {
                RequireKind::Known(_) => ("known factors", "已知因素数"),
                RequireKind::WeightKnown(_) => ("known weight", "已知权重"),
            };
            let en = format!("{}, {en}", site.name.en);
            let zh = format!("{}、{zh}", site.name.zh);
            let of = self.site_of(site, require.rule, &en, &zh);
            for (holds, tail, en, zh) in
                [(true, "enough", "enough", "足够"), (false, "too little", "too little", "不足")]
            {
                self.add_as(&of, GoalKind::MissingData, (tail, en, zh), Sight::Is(enough, holds));
            }
        }
    }

    /// The rows of points: the first that matches counts.
    fn points(&mut self, site: &Site, rows: &[RowItem], key: StepId) {
        for (place, row) in rows.iter().enumerate() {
            let of = self.row_site(site, row, place);
            let before = rows.iter().take(place).filter_map(|row| self.applies(row.rule));
            let mut first: Vec<Sight> = before.map(|applies| Sight::Is(applies, false)).collect();
            first.extend(self.applies(row.rule).map(|applies| Sight::Is(applies, true)));
            let way = Sight::All(first);
            self.add(&of, GoalKind::Row, way.clone());
            self.row(&of, row, Keys { of: &[key], names: None, sliced: false }, way);
        }
    }
}

fn code(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
