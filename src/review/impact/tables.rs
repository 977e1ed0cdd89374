//! The report as sections of tables in the reader's language: what a terminal, a comment on a review, a workbook and a page show.

use std::collections::BTreeSet;

use super::attribute::Attribution;
use super::effect::{MovedItem, Mover};
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
    fn text(text: impl Into<String>) -> Entry {
        let shown = text.into();
        Entry { raw: Cell::Text(Str::from(shown.as_str())), shown }
    }

    fn count(count: usize) -> Entry {
        let number = Number::from_i64(i64::try_from(count).unwrap_or(i64::MAX));
        Entry {
            shown: if count == 0 { String::from("·") } else { count.to_string() },
            raw: Cell::Number(number),
        }
    }

    fn empty() -> Entry {
        Entry { shown: String::from("·"), raw: Cell::Empty }
    }

    /// Whether figures stand in it: they are put to the right.
    #[must_use]
    pub fn is_figure(&self) -> bool {
        !matches!(self.raw, Cell::Text(_))
    }
}

impl Words {
    fn amount(&self, number: &Number) -> Entry {
        if number.is_zero() {
            return Entry { shown: String::from("·"), raw: Cell::Number(Number::ZERO) };
        }
        Entry { shown: self.money(number), raw: Cell::Number(number.clone()) }
    }

    fn signed(&self, number: &Number) -> Entry {
        if number.is_zero() {
            return Entry { shown: String::from("·"), raw: Cell::Number(Number::ZERO) };
        }
        Entry { shown: self.change(number), raw: Cell::Number(number.clone()) }
    }

    /// A measure with its sign where it is a difference.
    fn measure(&self, measure: Measure, number: &Number) -> Entry {
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

struct Teller<'r> {
    report: &'r Report,
    lang: Lang,
    words: Words,
}

impl Teller<'_> {
    fn pick(&self, en: &str, zh: &str) -> String {
        self.lang.pick(en, zh).to_owned()
    }

    fn label<'o>(&self, output: &'o Output) -> &'o str {
        output.label.pick(self.lang)
    }

    fn heads(&self, heads: &[(&str, &str)]) -> Vec<String> {
        heads.iter().map(|(en, zh)| self.pick(en, zh)).collect()
    }

    fn section(&self, key: &'static str, en: &str, zh: &str) -> Section {
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
        let mut table = Table::default();
        table.heads = vec![by];
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

    /// The measures that any edit, or all of them, move.
    fn moved(&self, attribution: &Attribution) -> Vec<Measure> {
        let moves = |measure: &Measure| {
            let alone = attribution.alone.iter().map(|it| &it.measures);
            let pairs = attribution.pairs.iter().map(|it| &it.measures);
            let all = alone.chain(pairs).chain([&attribution.rest, &attribution.whole]);
            all.into_iter().any(|measures| !measures.get(*measure).is_zero())
        };
        SHOWN.into_iter().filter(moves).collect()
    }

    fn edits(&self) -> Option<Section> {
        let attribution = self.report.attribution.as_ref()?;
        let mut section = self.section("edits", "What each edit does", "每处修改的影响");
        section.lines.push(how(attribution, self.lang));
        let shown = self.moved(attribution);
        let mut table = Table::default();
        table.heads = vec![String::from("#"), self.pick("edit", "修改")];
        table.heads.extend(shown.iter().map(|measure| measure.label(self.lang).to_owned()));
        let mut none = Vec::new();
        for (place, (cause, alone)) in attribution.causes.iter().zip(&attribution.alone).enumerate() {
            let number = place.saturating_add(1);
            if alone.measures.is_zero() {
                none.push(format!("#{number} {}", cause.words.pick(self.lang)));
                continue;
            }
            let mut row = vec![Entry::text(number.to_string()), Entry::text(self.cause(cause, &alone.needs))];
            row.extend(
                shown.iter().map(|measure| self.words.measure(*measure, &alone.measures.get(*measure))),
            );
            table.rows.push(row);
        }
        let pairs = attribution
            .pairs
            .iter()
            .fold(attribution.rest.minus(&attribution.rest), |sum, pair| sum.plus(&pair.measures));
        let mut total = |text: String, measures: &super::measures::Measures| {
            let mut row = vec![Entry::text(""), Entry::text(text)];
            row.extend(shown.iter().map(|measure| self.words.measure(*measure, &measures.get(*measure))));
            table.rows.push(row);
        };
        total(self.pick("pairs: beyond both alone", "两处共同作用的部分"), &pairs);
        total(rest_words(attribution, self.lang).to_owned(), &attribution.rest);
        total(self.pick("all together", "全部修改"), &attribution.whole);
        section.tables.push(table);
        if !none.is_empty() {
            section.lines.push(match self.lang {
                Lang::En => format!("by themselves these move nothing: {}", none.join("; ")),
                Lang::Zh => format!("单独不产生影响的：{}", none.join("；")),
            });
        }
        Some(section)
    }

    fn cause(&self, cause: &super::attribute::Cause, needs: &[usize]) -> String {
        let mut text = cause.words.pick(self.lang).to_string();
        if !needs.is_empty() {
            let numbers: Vec<String> =
                needs.iter().map(|place| format!("#{}", place.saturating_add(1))).collect();
            let numbers = numbers.join(", ");
            text.push_str(&match self.lang {
                Lang::En => format!(" (with {numbers})"),
                Lang::Zh => format!("（连同 {numbers}）"),
            });
        }
        text
    }

    fn pairs(&self) -> Option<Section> {
        let attribution = self.report.attribution.as_ref()?;
        let mut section = self.section("pairs", "Which edits interact", "相互作用的修改");
        let mut shown = self.moved(attribution);
        shown.retain(|measure| *measure != Measure::Changed);
        let mut table = Table::default();
        table.heads = vec![self.pick("edits", "修改")];
        table.heads.extend(shown.iter().map(|measure| measure.label(self.lang).to_owned()));
        for pair in &attribution.pairs {
            if shown.iter().all(|measure| pair.measures.get(*measure).is_zero()) {
                continue;
            }
            let (one, other) = (pair.edits.0.saturating_add(1), pair.edits.1.saturating_add(1));
            let mut row = vec![Entry::text(format!("#{one} × #{other}"))];
            row.extend(
                shown.iter().map(|measure| self.words.measure(*measure, &pair.measures.get(*measure))),
            );
            table.rows.push(row);
        }
        let any = !table.rows.is_empty();
        section.lines.push(self.pick(
            "what both do together, beyond what each does alone",
            "两处同时修改时，超出各自单独影响之和的部分",
        ));
        section.tables.push(table);
        any.then_some(section)
    }

    fn sweep(&self) -> Option<Section> {
        let sweep = self.report.sweep.as_ref()?;
        let label = sweep.label.pick(self.lang);
        let now = self.words.number(&sweep.now, sweep.unit);
        let title = match self.lang {
            Lang::En => format!("{label} (`{}`) turned; now it is {now}", sweep.name),
            Lang::Zh => format!("{label}（`{}`）取不同值；现为 {now}", sweep.name),
        };
        let mut section = Section { key: "sweep", title, ..Section::default() };
        let shown: Vec<Measure> = SHOWN
            .into_iter()
            .filter(|measure| sweep.points.iter().any(|(_, measures)| !measures.get(*measure).is_zero()))
            .collect();
        let mut table = Table::default();
        table.heads = vec![label.to_string(), Measure::LimitsTotal.label(self.lang).to_owned()];
        table.heads.extend(shown.iter().map(|measure| measure.label(self.lang).to_owned()));
        table.heads.push(String::new());
        let most = |pick: fn(Number, Number) -> Number| {
            sweep.points.iter().map(|(_, measures)| measures.get(Measure::LimitsTotal)).reduce(pick)
        };
        let (low, high) =
            (most(Number::min).unwrap_or(Number::ZERO), most(Number::max).unwrap_or(Number::ZERO));
        for (value, measures) in &sweep.points {
            let total = measures.get(Measure::LimitsTotal);
            let mark = if *value == sweep.now { self.pick(" (now)", "（现）") } else { String::new() };
            let shown_value = format!("{}{mark}", self.words.number(value, sweep.unit));
            let mut row = vec![
                Entry { shown: shown_value, raw: Cell::Number(value.clone()) },
                self.words.amount(&total),
            ];
            row.extend(shown.iter().map(|measure| self.words.measure(*measure, &measures.get(*measure))));
            row.push(Entry::text(bar(&total, &low, &high)));
            table.rows.push(row);
        }
        section.tables.push(table);
        Some(section)
    }

    fn movers(&self) -> Option<Section> {
        let movers = &self.report.effect.movers;
        if movers.is_empty() {
            return None;
        }
        let mut section = self.section("movers", "Who moves", "变动客户");
        let told = movers.len().min(self.report.most_movers);
        section.lines.push(match self.lang {
            Lang::En => {
                format!("{told} of {} customers that move, those with the most money first", movers.len())
            }
            Lang::Zh => format!("共 {} 户变动，按金额列出前 {told} 户", movers.len()),
        });
        let mut table = Table {
            heads: self.heads(&[
                ("customer", "客户"),
                ("what moves", "变动"),
                ("limit", "额度变动"),
                ("exposure", "敞口"),
                ("why", "原因"),
                ("edit", "修改"),
            ]),
            ..Table::default()
        };
        for mover in movers.iter().take(told) {
            let name = match &mover.figures.name {
                Some(name) => format!("{} {name}", mover.id),
                None => mover.id.to_string(),
            };
            table.rows.push(vec![
                Entry::text(name),
                Entry::text(self.moves(mover)),
                self.words.signed(&mover.change),
                mover.figures.exposure.as_ref().map_or_else(Entry::empty, |it| self.words.amount(it)),
                Entry::text(self.why(mover)),
                Entry::text(self.blamed(mover)),
            ]);
        }
        section.tables.push(table);
        Some(section)
    }

    /// What of a customer moves: its grade and limit first, as the view has them.
    fn moves(&self, mover: &Mover) -> String {
        let view = &self.report.view;
        let mut told: Vec<String> = Vec::new();
        let mut outputs: Vec<_> = mover.outputs.iter().collect();
        outputs.sort_by_key(|(place, _)| (Some(*place) != view.grade, Some(*place) != view.limit, *place));
        const FEW: usize = 5;
        let more = outputs.len().saturating_sub(FEW);
        for (place, (was, is)) in outputs.into_iter().take(FEW) {
            let Some(output) = view.output(*place) else { continue };
            let (was, is) = (output.shown(was, &self.words), output.shown(is, &self.words));
            told.push(format!("{} {was} → {is}", self.label(output)));
        }
        if more > 0 {
            told.push(match self.lang {
                Lang::En => format!("and {more} more"),
                Lang::Zh => format!("另有 {more} 项"),
            });
        }
        told.extend(self.item_moves(&mover.items));
        if mover.status.0 != mover.status.1 {
            told.push(format!(
                "{} → {}",
                status(mover.status.0, self.lang),
                status(mover.status.1, self.lang)
            ));
        }
        told.join(self.lang.pick("; ", "；"))
    }

    /// The items that move, a few by name.
    fn item_moves(&self, items: &[MovedItem]) -> Vec<String> {
        const FEW: usize = 3;
        let mut told = Vec::new();
        let places: BTreeSet<usize> = items.iter().map(|item| item.output).collect();
        for place in places {
            let Some(output) = self.report.view.output(place) else { continue };
            let own: Vec<&MovedItem> = items.iter().filter(|item| item.output == place).collect();
            let one = |item: &&MovedItem| {
                let shown = |standing: &Option<super::decide::Standing>| match standing {
                    Some(it) if it.held => {
                        format!("{} {}", output.shown(&it.at, &self.words), self.pick("(held)", "（扣留）"))
                    }
                    Some(it) => output.shown(&it.at, &self.words),
                    None => String::from("–"),
                };
                format!("{} {} → {}", item.key, shown(&item.was), shown(&item.is)).trim().to_owned()
            };
            let mut listed: Vec<String> = own.iter().take(FEW).map(one).collect();
            if own.len() > FEW {
                let more = own.len().saturating_sub(FEW);
                listed.push(match self.lang {
                    Lang::En => format!("and {more} more"),
                    Lang::Zh => format!("等 {} 项", own.len()),
                });
            }
            told.push(format!("{} {}", self.label(output), listed.join(self.lang.pick(", ", "、"))));
        }
        told
    }

    /// Why, in the words of the policy: reasons that appeared and went; where none did, those that stand with other figures.
    fn why(&self, mover: &Mover) -> String {
        let list = |labels: &[crate::base::Label]| {
            let texts: Vec<&str> = labels.iter().map(|label| &**label.pick(self.lang)).collect();
            texts.join(self.lang.pick("; ", "；"))
        };
        let mut told = Vec::new();
        if !mover.appeared.is_empty() {
            told.push(format!("{}{}", self.pick("now: ", "新增："), list(&mover.appeared)));
        }
        if !mover.went.is_empty() {
            told.push(format!("{}{}", self.pick("no longer: ", "不再："), list(&mover.went)));
        }
        if told.is_empty() && !mover.stayed.is_empty() {
            told.push(format!(
                "{}{}",
                self.pick("as before, with other figures: ", "理由不变、数值有变："),
                list(&mover.stayed)
            ));
        }
        told.join(self.lang.pick(" — ", "——"))
    }

    /// The edits that move it, by their numbers.
    fn blamed(&self, mover: &Mover) -> String {
        if self.report.attribution.is_none() {
            return String::new();
        }
        let number = |place: &usize| format!("#{}", place.saturating_add(1));
        if !mover.causes.is_empty() {
            return mover.causes.iter().map(number).collect::<Vec<_>>().join(", ");
        }
        if !mover.pairs.is_empty() {
            let pairs = mover.pairs.iter().map(|(one, other)| format!("{} × {}", number(one), number(other)));
            return pairs.collect::<Vec<_>>().join(", ");
        }
        self.pick("several together", "多处共同")
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

/// How exact the attribution is.
#[must_use]
pub fn how(attribution: &Attribution, lang: Lang) -> String {
    let edits = attribution.causes.len();
    let (tried, all) = attribution.tried;
    match (lang, attribution.is_exact()) {
        (Lang::En, true) => format!(
            "exact: each of {edits} edits alone, all together, and all {all} pairs were decided on the book"
        ),
        (Lang::En, false) => format!(
            "each of {edits} edits alone and all together are exact; of {all} pairs {tried} were decided, drawn with a fixed seed: interactions are sampled"
        ),
        (Lang::Zh, true) => {
            format!("精确：{edits} 处修改逐一单独、全部一起、以及全部 {all} 对都已对账簿评定")
        }
        (Lang::Zh, false) => format!(
            "{edits} 处修改单独与全部一起为精确；{all} 对中按固定种子抽取 {tried} 对评定：相互作用为抽样"
        ),
    }
}

/// What is left beyond edits and pairs.
#[must_use]
pub fn rest_words(attribution: &Attribution, lang: Lang) -> &'static str {
    match attribution.is_exact() {
        true => lang.pick("three or more together", "三处及以上共同作用"),
        false => {
            lang.pick("three or more together, and pairs not drawn", "三处及以上共同作用, 及未抽取的各对")
        }
    }
}

/// A bar as long as a figure stands between the least and the greatest.
fn bar(at: &Number, low: &Number, high: &Number) -> String {
    const WIDTH: i64 = 30;
    let part = at.sub(low).mul(&Number::from_i64(WIDTH)).div(&high.sub(low));
    let cells = part.and_then(|part| part.round(crate::value::RoundingMode::HalfUp, 0).to_i64()).unwrap_or(0);
    "█".repeat(usize::try_from(cells.max(0)).unwrap_or(0).saturating_add(1))
}
