//! The report as sections of tables in the reader's language: what a terminal, a comment on a review, a workbook and a page show.

use std::collections::BTreeSet;

use super::measures::Measure;
use super::report::Report;
use super::view::{Figure, Member, Output, Shape, Words};
use crate::base::{Lang, Str};
use crate::eval::Status;
use crate::interop::Cell;
use crate::value::{Number, Unit};

/// A cell: as it is shown, and as a workbook holds it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// As it is shown.
    pub shown: String,
    /// As a workbook holds it.
    pub raw: Cell,
}

/// Rows under headings.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Table {
    /// What it shows; empty where the section says it.
    pub caption: String,
    /// The headings.
    pub heads: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Entry>>,
}

/// A part of the report.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Section {
    /// Its name, the same in every language.
    pub key: &'static str,
    /// Its title.
    pub title: String,
    /// Sentences.
    pub lines: Vec<String>,
    /// Tables.
    pub tables: Vec<Table>,
}

impl Entry {
    pub(super) fn text(text: impl Into<String>) -> Entry {
        let shown = text.into();
        Entry { raw: Cell::Text(Str::from(shown.as_str())), shown }
    }

    pub(super) fn count(count: usize) -> Entry {
        let number = Number::from_i64(i64::try_from(count).unwrap_or(i64::MAX));
        Entry {
            shown: if count == 0 { String::from("·") } else { count.to_string() },
            raw: Cell::Number(number),
        }
    }

    pub(super) fn empty() -> Entry {
        Entry { shown: String::from("·"), raw: Cell::Empty }
    }

    /// Whether figures stand in it: they are put to the right.
    #[must_use]
    pub fn is_figure(&self) -> bool {
        !matches!(self.raw, Cell::Text(_))
    }
}

impl Words {
    pub(super) fn amount(&self, number: &Number) -> Entry {
        if number.is_zero() {
            return Entry { shown: String::from("·"), raw: Cell::Number(Number::ZERO) };
        }
        Entry { shown: self.money(number), raw: Cell::Number(number.clone()) }
    }

    pub(super) fn signed(&self, number: &Number) -> Entry {
        if number.is_zero() {
            return Entry { shown: String::from("·"), raw: Cell::Number(Number::ZERO) };
        }
        Entry { shown: self.change(number), raw: Cell::Number(number.clone()) }
    }

    /// A measure with its sign where it is a difference.
    pub(super) fn measure(&self, measure: Measure, number: &Number) -> Entry {
        if measure.is_money() {
            return self.signed(number);
        }
        let sign = if number.is_positive() { "+" } else { "" };
        let shown = if number.is_zero() {
            String::from("·")
        } else {
            format!("{sign}{}", self.number(number, Unit::NUMBER))
        };
        Entry { shown, raw: Cell::Number(number.clone()) }
    }

    /// A part of a whole in percent, with one decimal: `4.2%`.
    #[must_use]
    pub fn share(&self, part: &Number, whole: &Number) -> String {
        let hundred = Number::from_i64(100);
        let Some(share) = part.mul(&hundred).div(whole) else { return String::new() };
        format!("{}%", share.round(crate::value::RoundingMode::HalfUp, 1).to_fixed(1))
    }
}

/// How far it is decided, in words.
#[must_use]
pub fn status(status: Status, lang: Lang) -> &'static str {
    match status {
        Status::Final => lang.pick("decided", "已定案"),
        Status::Open => lang.pick("open", "待答复"),
        Status::Refused => lang.pick("refused", "已拒绝"),
        Status::Withheld => lang.pick("withheld", "不予发布"),
    }
}

/// All sections of a report that have something to tell.
#[must_use]
pub fn sections(report: &Report, lang: Lang) -> Vec<Section> {
    let teller = Teller { report, lang, words: report.view.words(lang) };
    let all = [
        teller.summary(),
        teller.matrix(),
        teller.limits(),
        teller.stances(),
        teller.ladders(),
        teller.numbers(),
        teller.statuses(),
        teller.budgets(),
        teller.edits(),
        teller.pairs(),
        teller.sweep(),
        teller.movers(),
        teller.conditions(),
    ];
    all.into_iter().flatten().collect()
}

/// The measures that a table of edits and a curve show.
pub const SHOWN: [Measure; 14] = [
    Measure::Changed,
    Measure::Downgraded,
    Measure::Upgraded,
    Measure::ExposureDowngraded,
    Measure::LimitsNet,
    Measure::StanceFlips,
    Measure::StepsFlipped,
    Measure::VerdictsFlipped,
    Measure::NewlyHeld,
    Measure::Released,
    Measure::NewlyOpen,
    Measure::NewlyRefused,
    Measure::NewlyWithheld,
    Measure::BudgetsExceeded,
];

/// Tells a report in a language.
pub(super) struct Teller<'r> {
    pub(super) report: &'r Report,
    pub(super) lang: Lang,
    pub(super) words: Words,
}

impl Teller<'_> {
    pub(super) fn pick(&self, en: &str, zh: &str) -> String {
        self.lang.pick(en, zh).to_owned()
    }

    pub(super) fn label<'o>(&self, output: &'o Output) -> &'o str {
        output.label.pick(self.lang)
    }

    pub(super) fn heads(&self, heads: &[(&str, &str)]) -> Vec<String> {
        heads.iter().map(|(en, zh)| self.pick(en, zh)).collect()
    }

    pub(super) fn section(&self, key: &'static str, en: &str, zh: &str) -> Section {
        Section { key, title: self.pick(en, zh), ..Section::default() }
    }

    fn summary(&self) -> Option<Section> {
        let report = self.report;
        let measures = &report.measures;
        let get = |measure: Measure| measures.get(measure);
        let title = match self.lang {
            Lang::En => format!(
                "{} → {}, as of {}",
                report.sides.0.name(self.lang),
                report.sides.1.name(self.lang),
                report.day
            ),
            Lang::Zh => format!(
                "{} → {}，评定日 {}",
                report.sides.0.name(self.lang),
                report.sides.1.name(self.lang),
                report.day
            ),
        };
        let mut section = Section { key: "summary", title, ..Section::default() };
        let customers = report.effect.all.customers;
        let changed = get(Measure::Changed);
        section.lines.push(match (self.lang, report.is_nothing()) {
            (Lang::En, true) => {
                format!("{customers} customers decided under both: nothing comes out otherwise")
            }
            (Lang::Zh, true) => format!("两侧均评定 {customers} 户：结果全部相同"),
            (Lang::En, false) => {
                format!("{customers} customers decided under both; {changed} of them come out otherwise")
            }
            (Lang::Zh, false) => format!("两侧均评定 {customers} 户，其中 {changed} 户结果不同"),
        });
        let mut apart = Vec::new();
        if report.rejected > 0 {
            apart.push(match self.lang {
                Lang::En => format!("{} records could not be read", report.rejected),
                Lang::Zh => format!("{} 条记录无法读入", report.rejected),
            });
        }
        let (only_old, only_new) = report.effect.apart;
        if only_old > 0 || only_new > 0 {
            apart.push(match self.lang {
                Lang::En => format!(
                    "{only_old} customers only the old side could decide, {only_new} only the new one"
                ),
                Lang::Zh => format!("仅旧侧可评定 {only_old} 户，仅新侧可评定 {only_new} 户"),
            });
        }
        let listed =
            |names: &[Str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        if !report.view.added.is_empty() || !report.view.gone.is_empty() {
            apart.push(match self.lang {
                Lang::En => format!(
                    "not compared, being on one side only: {}",
                    listed(&[report.view.gone.clone(), report.view.added.clone()].concat())
                ),
                Lang::Zh => format!(
                    "仅一侧有、未作比较：{}",
                    listed(&[report.view.gone.clone(), report.view.added.clone()].concat())
                ),
            });
        }
        section.lines.extend(apart);
        section.lines.push(self.basis());
        if report.is_nothing() && report.sweep.is_some() {
            section.lines.drain(..1);
        }
        if report.is_nothing() {
            return Some(section);
        }
        let mut table = Table {
            heads: self.heads(&[("", ""), ("figure", "数值"), ("of the whole", "占比")]),
            ..Table::default()
        };
        for measure in Measure::ALL {
            let value = get(measure);
            let skipped = matches!(measure, Measure::Customers | Measure::Exposure);
            if skipped || value.is_zero() {
                continue;
            }
            let entry = match (measure.is_money(), measure) {
                (true, Measure::LimitsNet) => self.words.signed(&value),
                (true, _) => self.words.amount(&value),
                (false, _) => {
                    Entry { shown: self.words.number(&value, Unit::NUMBER), raw: Cell::Number(value.clone()) }
                }
            };
            let whole = measures
                .whole(measure)
                .filter(|_| !matches!(measure, Measure::LimitsBefore | Measure::LimitsTotal));
            let share = whole.map_or_else(Entry::empty, |whole| match value.div(&whole) {
                Some(share) => Entry {
                    shown: self.words.share(&value, &whole),
                    raw: Cell::Percent(share.round(crate::value::RoundingMode::HalfUp, 6)),
                },
                None => Entry::empty(),
            });
            table.rows.push(vec![Entry::text(measure.label(self.lang)), entry, share]);
        }
        section.tables.push(table);
        Some(section)
    }

    /// What exposure means here, and of how many it is not known.
    fn basis(&self) -> String {
        let unknown = self.report.effect.without_exposure;
        match (&self.report.exposure, self.lang) {
            (Some((name, label)), lang) => {
                let label = label.pick(lang);
                let own = match (**label == **name, lang) {
                    (true, _) => format!("`{name}`"),
                    (false, Lang::En) => format!("{label} (`{name}`)"),
                    (false, Lang::Zh) => format!("{label}（`{name}`）"),
                };
                let total = self.words.money(&self.report.effect.all.exposure);
                match (lang, unknown) {
                    (Lang::En, 0) => format!("exposure is {own}: {total} in all"),
                    (Lang::En, _) => {
                        format!("exposure is {own}: {total} in all, not known of {unknown} customers")
                    }
                    (Lang::Zh, 0) => format!("敞口取 {own}：合计 {total}"),
                    (Lang::Zh, _) => format!("敞口取 {own}：合计 {total}，{unknown} 户未知"),
                }
            }
            (None, Lang::En) => String::from(
                "the policy has no total of money that says what a customer owes; `--exposure NAME` names one",
            ),
            (None, Lang::Zh) => String::from("政策没有说明客户所欠的合计金额；可用 `--exposure 名称` 指定"),
        }
    }

    fn matrix(&self) -> Option<Section> {
        let mut section = self.section("matrix", "Migration of grades", "等级迁移");
        for (place, output) in self.report.view.outputs.iter().enumerate() {
            let Some(shift) = self.report.effect.shifts.get(&place) else { continue };
            let moves = shift.ways.keys().any(|(was, is)| was != is);
            if output.shape != Shape::Grade || !moves {
                continue;
            }
            let rows = self.used(place, output);
            let heads = |corner: String| {
                let names = rows.iter().map(|figure| output.shown(figure, &self.words));
                std::iter::once(corner).chain(names).chain([self.pick("all", "合计")]).collect::<Vec<_>>()
            };
            let corner = format!("{} {}", self.label(output), self.pick("before \\ after", "原 \\ 新"));
            let mut counts = Table {
                caption: self.pick("customers", "客户数"),
                heads: heads(corner.clone()),
                ..Table::default()
            };
            let mut money =
                Table { caption: self.pick("exposure", "敞口"), heads: heads(corner), ..Table::default() };
            for was in &rows {
                let all = shift.customers(|one, _| one == was);
                let first = Entry::text(output.shown(was, &self.words));
                let (mut count, mut amount) = (vec![first.clone()], vec![first]);
                for is in &rows {
                    let own = shift.ways.get(&(was.clone(), is.clone())).cloned().unwrap_or_default();
                    count.push(Entry::count(own.customers));
                    amount.push(self.words.amount(&own.exposure));
                }
                count.push(Entry::count(all.customers));
                amount.push(self.words.amount(&all.exposure));
                counts.rows.push(count);
                money.rows.push(amount);
            }
            let (mut count, mut amount) =
                (vec![Entry::text(self.pick("all", "合计"))], vec![Entry::text(self.pick("all", "合计"))]);
            for is in &rows {
                let all = shift.customers(|_, other| other == is);
                count.push(Entry::count(all.customers));
                amount.push(self.words.amount(&all.exposure));
            }
            let all = shift.customers(|_, _| true);
            count.push(Entry::count(all.customers));
            amount.push(self.words.amount(&all.exposure));
            counts.rows.push(count);
            money.rows.push(amount);
            section.tables.push(counts);
            if self.report.exposure.is_some() {
                section.tables.push(money);
            }
        }
        (!section.tables.is_empty()).then_some(section)
    }

    /// The grades that some customer has before or after, in the order of the scale; unknown last.
    fn used(&self, place: usize, output: &Output) -> Vec<Figure> {
        let shift = self.report.effect.shifts.get(&place);
        let seen: BTreeSet<&Figure> =
            shift.iter().flat_map(|shift| shift.ways.keys()).flat_map(|(was, is)| [was, is]).collect();
        let named = |member: &Member| Figure::Member(member.name.clone());
        let all = output.members.iter().map(named).chain([Figure::Unknown]);
        all.filter(|figure| seen.contains(figure)).collect()
    }

    fn limits(&self) -> Option<Section> {
        let limit = self.report.view.limit?;
        let (output, shift) = (self.report.view.output(limit)?, self.report.effect.shifts.get(&limit)?);
        if shift.up.count == 0 && shift.down.count == 0 && self.report.is_nothing() {
            return None;
        }
        let title = match self.lang {
            Lang::En => format!("Limits won and lost: {} (`{}`)", self.label(output), output.name),
            Lang::Zh => format!("额度增减：{}（`{}`）", self.label(output), output.name),
        };
        let mut section = Section { key: "limits", title, ..Section::default() };
        let by = match &self.report.segment {
            Some(label) => label.pick(self.lang).to_string(),
            None => match self.report.view.grade.and_then(|place| self.report.view.output(place)) {
                Some(grade) => format!("{}{}", self.label(grade), self.pick(" before", "（原）")),
                None => String::new(),
            },
        };
        let mut table = Table { heads: vec![by], ..Table::default() };
        table.heads.extend(self.heads(&[
            ("customers", "客户数"),
            ("before", "原额度"),
            ("after", "新额度"),
            ("change", "净变动"),
            ("lost", "减少"),
            ("customers losing", "减少户数"),
            ("won", "增加"),
            ("customers winning", "增加户数"),
        ]));
        let mut row = |name: String,
                       all: usize,
                       sums: (&Number, &Number),
                       lost: (&Number, usize),
                       won: (&Number, usize)| {
            table.rows.push(vec![
                Entry::text(name),
                Entry::count(all),
                self.words.amount(sums.0),
                self.words.amount(sums.1),
                self.words.signed(&sums.1.sub(sums.0)),
                self.words.amount(lost.0),
                Entry::count(lost.1),
                self.words.amount(won.0),
                Entry::count(won.1),
            ]);
        };
        for (label, segment) in self.report.effect.segments.values() {
            row(
                label.pick(self.lang).to_string(),
                segment.all.customers,
                (&segment.sums.0.sum, &segment.sums.1.sum),
                (&segment.lost.sum, segment.lost.count),
                (&segment.won.sum, segment.won.count),
            );
        }
        row(
            self.pick("all", "合计"),
            self.report.effect.all.customers,
            (&shift.sums.0.sum, &shift.sums.1.sum),
            (&shift.down.sum, shift.down.count),
            (&shift.up.sum, shift.up.count),
        );
        section.tables.push(table);
        Some(section)
    }

    fn stances(&self) -> Option<Section> {
        let mut section = self.section("stances", "What flips", "态势与判断的改变");
        let mut table = Table {
            heads: self.heads(&[
                ("", ""),
                ("from", "由"),
                ("to", "到"),
                ("customers", "客户数"),
                ("exposure", "敞口"),
            ]),
            ..Table::default()
        };
        for (place, output) in self.report.view.outputs.iter().enumerate() {
            let Some(shift) = self.report.effect.shifts.get(&place).filter(|_| output.shape == Shape::Stance)
            else {
                continue;
            };
            for ((was, is), count) in shift.ways.iter().filter(|((was, is), _)| was != is) {
                table.rows.push(vec![
                    Entry::text(self.label(output)),
                    Entry::text(output.shown(was, &self.words)),
                    Entry::text(output.shown(is, &self.words)),
                    Entry::count(count.customers),
                    self.words.amount(&count.exposure),
                ]);
            }
        }
        let any = !table.rows.is_empty();
        section.tables.push(table);
        any.then_some(section)
    }

    fn ladders(&self) -> Option<Section> {
        let mut section =
            self.section("steps", "Steps, verdicts and holds that flip", "催收步骤、放行结论与扣留的改变");
        let mut table = Table {
            heads: self.heads(&[("", ""), ("from", "由"), ("to", "到"), ("items", "项目数")]),
            ..Table::default()
        };
        for (place, output) in self.report.view.outputs.iter().enumerate() {
            let Some(shift) = self.report.effect.items.get(&place) else { continue };
            for ((was, is), count) in shift.ways.iter().filter(|((was, is), _)| was != is) {
                table.rows.push(vec![
                    Entry::text(self.label(output)),
                    Entry::text(output.shown(was, &self.words)),
                    Entry::text(output.shown(is, &self.words)),
                    Entry::count(*count),
                ]);
            }
            if shift.held > 0 || shift.released > 0 {
                section.lines.push(match self.lang {
                    Lang::En => format!(
                        "{}: {} newly held, {} released",
                        self.label(output),
                        shift.held,
                        shift.released
                    ),
                    Lang::Zh => format!(
                        "{}：新扣留 {} 项，解除 {} 项",
                        self.label(output),
                        shift.held,
                        shift.released
                    ),
                });
            }
        }
        let any = !table.rows.is_empty() || !section.lines.is_empty();
        if !table.rows.is_empty() {
            section.tables.push(table);
        }
        any.then_some(section)
    }

    fn numbers(&self) -> Option<Section> {
        let mut section = self.section("figures", "Other figures", "其他数值");
        let mut table = Table {
            heads: self.heads(&[
                ("", ""),
                ("sum before", "原合计"),
                ("sum after", "新合计"),
                ("up: customers", "上升户数"),
                ("down: customers", "下降户数"),
            ]),
            ..Table::default()
        };
        for (place, output) in self.report.view.outputs.iter().enumerate() {
            let Some(shift) = self.report.effect.shifts.get(&place) else { continue };
            let is_other =
                matches!(output.shape, Shape::Number | Shape::Limit) && Some(place) != self.report.view.limit;
            if !is_other || (shift.up.count == 0 && shift.down.count == 0) {
                continue;
            }
            let unit = output.unit.unwrap_or(Unit::NUMBER);
            // Sums of percents and of days say nothing of a book.
            let sum = |number: &Number| match unit.money {
                1 => self.words.amount(number),
                _ => Entry::empty(),
            };
            table.rows.push(vec![
                Entry::text(self.label(output)),
                sum(&shift.sums.0.sum),
                sum(&shift.sums.1.sum),
                Entry::count(shift.up.count),
                Entry::count(shift.down.count),
            ]);
        }
        let any = !table.rows.is_empty();
        section.tables.push(table);
        any.then_some(section)
    }

    fn statuses(&self) -> Option<Section> {
        let mut section = self.section("statuses", "How far customers are decided", "定案情况的改变");
        let mut table = Table {
            heads: self.heads(&[("from", "由"), ("to", "到"), ("customers", "客户数"), ("exposure", "敞口")]),
            ..Table::default()
        };
        for ((was, is), count) in self.report.effect.statuses.iter().filter(|((was, is), _)| was != is) {
            table.rows.push(vec![
                Entry::text(status(*was, self.lang)),
                Entry::text(status(*is, self.lang)),
                Entry::count(count.customers),
                self.words.amount(&count.exposure),
            ]);
        }
        let any = !table.rows.is_empty();
        section.tables.push(table);
        any.then_some(section)
    }

    fn budgets(&self) -> Option<Section> {
        let mut section = self.section("budgets", "Against the budgets", "与预算对照");
        let mut table = Table {
            heads: self.heads(&[
                ("", ""),
                ("budget", "预算"),
                ("before", "原使用"),
                ("after", "新使用"),
                ("left after", "新余额"),
                ("who gets less, before → after", "未足额户数 原 → 新"),
                ("", ""),
            ]),
            ..Table::default()
        };
        for budget in &self.report.budgets {
            let label = budget.name.pick(self.lang);
            let name = match (budget.group.is_empty(), self.lang) {
                (true, _) => label.to_string(),
                (false, Lang::En) => format!("{label} ({})", budget.group),
                (false, Lang::Zh) => format!("{label}（{}）", budget.group),
            };
            let short =
                budget.short.map_or_else(Entry::empty, |(was, is)| Entry::text(format!("{was} → {is}")));
            let mark =
                if budget.is_exceeded() { self.pick("does not reach", "不足") } else { String::new() };
            table.rows.push(vec![
                Entry::text(name),
                self.words.amount(&budget.most),
                self.words.amount(&budget.used.0),
                self.words.amount(&budget.used.1),
                self.words.signed(&budget.most.sub(&budget.used.1)),
                short,
                Entry::text(mark),
            ]);
        }
        let any = !table.rows.is_empty();
        section.tables.push(table);
        any.then_some(section)
    }

    fn conditions(&self) -> Option<Section> {
        let mut section = self.section("conditions", "Conditions", "条件");
        for judged in &self.report.judged {
            let told: Vec<String> = judged
                .told
                .iter()
                .map(|it| {
                    let value = match it.measure.is_money() {
                        true => self.words.money(&it.value),
                        false => it.value.to_string(),
                    };
                    let share = it.share.as_ref().map_or_else(String::new, |share| {
                        format!(" ({})", self.words.share(share, &Number::ONE))
                    });
                    format!("{} {value}{share}", it.measure.name())
                })
                .collect();
            let told = told.join(", ");
            section.lines.push(match (self.lang, judged.holds) {
                (Lang::En, true) => format!("✗ {}: {told}", judged.written),
                (Lang::En, false) => format!("✓ not {}: {told}", judged.written),
                (Lang::Zh, true) => format!("✗ {}：{told}", judged.written),
                (Lang::Zh, false) => format!("✓ 未出现 {}：{told}", judged.written),
            });
        }
        (!section.lines.is_empty()).then_some(section)
    }
}
