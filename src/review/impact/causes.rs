//! Sections that tell causes: which edit does what, which interact, what a parameter does as it is turned, who moves and why.

use std::collections::BTreeSet;

use super::attribute::Attribution;
use super::decide::Standing;
use super::effect::{MovedItem, Mover};
use super::measures::{Measure, Measures};
use super::tables::{Entry, SHOWN, Section, Table, Teller, status};
use crate::base::{Label, Lang};
use crate::interop::Cell;
use crate::value::{Number, RoundingMode};

impl Teller<'_> {
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

    pub(super) fn edits(&self) -> Option<Section> {
        let attribution = self.report.attribution.as_ref()?;
        let mut section = self.section("edits", "What each edit does", "每处修改的影响");
        section.lines.push(how(attribution, self.lang));
        let shown = self.moved(attribution);
        let mut table =
            Table { heads: vec![String::from("#"), self.pick("edit", "修改")], ..Table::default() };
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
        let mut total = |text: String, measures: &Measures| {
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

    pub(super) fn pairs(&self) -> Option<Section> {
        let attribution = self.report.attribution.as_ref()?;
        let mut section = self.section("pairs", "Which edits interact", "相互作用的修改");
        let mut shown = self.moved(attribution);
        shown.retain(|measure| *measure != Measure::Changed);
        let mut table = Table { heads: vec![self.pick("edits", "修改")], ..Table::default() };
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

    pub(super) fn sweep(&self) -> Option<Section> {
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
        let total = Measure::LimitsTotal.label(self.lang).to_owned();
        let mut table = Table { heads: vec![label.to_string(), total], ..Table::default() };
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

    pub(super) fn movers(&self) -> Option<Section> {
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
                let shown = |standing: &Option<Standing>| match standing {
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
        let list = |labels: &[Label]| {
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
    let cells = part.and_then(|part| part.round(RoundingMode::HalfUp, 0).to_i64()).unwrap_or(0);
    "█".repeat(usize::try_from(cells.max(0)).unwrap_or(0).saturating_add(1))
}
