//! A comparison as one HTML page that loads nothing from elsewhere: the matrix as a heat map, the waterfall of limits and of
//! exposure by edit, the distribution before and after, the curve, and all tables.

use super::causes::rest_words;
use super::measures::{Measure, Measures};
use super::picture::{Bar, Pillar, Point, curve, distribution, waterfall};
use super::report::Report;
use super::tables::{Entry, Section, Table, sections};
use super::view::{Figure, Words};
use crate::base::{Lang, escaped};
use crate::interop::Cell;
use crate::value::{Number, RoundingMode, Unit};

const STYLE: &str = include_str!("page.css");

/// The page, in the reader's language.
#[must_use]
pub fn html(report: &Report, lang: Lang) -> String {
    let words = report.view.words(lang);
    let all = sections(report, lang);
    let title = all.first().map(|section| section.title.clone()).unwrap_or_default();
    let heading = lang.pick("Impact on the book", "对账簿的影响");
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{heading}: {}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{heading}</h1>\n",
        lang.pick("en", "zh-CN"),
        escaped(&title)
    );
    for section in &all {
        page.push_str(&format!("<section id=\"{}\">\n<h2>{}</h2>\n", section.key, escaped(&section.title)));
        if !section.lines.is_empty() {
            let items: String =
                section.lines.iter().map(|line| format!("<li>{}</li>\n", escaped(line))).collect();
            page.push_str(&format!("<ul class=\"told\">\n{items}</ul>\n"));
        }
        match section.key {
            "summary" => page.push_str(&pictures(report, &words, lang)),
            "sweep" => page.push_str(&swept(report, &words, lang)),
            _ => {}
        }
        for table in &section.tables {
            // The curve is drawn above; its bars are for terminals.
            let bare = (section.key == "sweep").then(|| without_last(table));
            let table = bare.as_ref().unwrap_or(table);
            page.push_str(&if section.key == "matrix" { heat(table) } else { grid(section, table) });
        }
        page.push_str("</section>\n");
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn without_last(table: &Table) -> Table {
    let mut bare = table.clone();
    bare.heads.pop();
    bare.rows.iter_mut().for_each(|row| {
        row.pop();
    });
    bare
}

fn figure(caption: &str, picture: &str) -> String {
    format!("<figure>\n<figcaption>{}</figcaption>\n{picture}</figure>\n", escaped(caption))
}

/// The waterfalls and the distributions.
fn pictures(report: &Report, words: &Words, lang: Lang) -> String {
    let mut out = String::new();
    if report.is_nothing() {
        return out;
    }
    for (measure, start) in
        [(Measure::LimitsNet, Some(Measure::LimitsBefore)), (Measure::ExposureDowngraded, None)]
    {
        let (caption, bars) = steps(report, words, lang, measure, start);
        if bars.iter().any(|bar| !bar.whole && bar.from != bar.to) {
            out.push_str(&figure(&caption, &waterfall(&caption, &bars)));
        }
    }
    let Some(output) = report.view.grade.and_then(|place| report.view.output(place)) else { return out };
    let Some(shift) = report.effect.shift(report.view.grade) else { return out };
    let classes =
        output.members.iter().map(|member| Figure::Member(member.name.clone())).chain([Figure::Unknown]);
    let (mut customers, mut exposure) = (Vec::new(), Vec::new());
    for class in classes {
        let (was, is) = (shift.customers(|one, _| *one == class), shift.customers(|_, one| *one == class));
        if was.customers == 0 && is.customers == 0 {
            continue;
        }
        let label = output.shown(&class, words);
        let count = |count: usize| Number::from_i64(i64::try_from(count).unwrap_or(i64::MAX));
        customers.push(Pillar {
            label: label.clone(),
            counts: (count(was.customers), count(is.customers)),
            shown: (was.customers.to_string(), is.customers.to_string()),
        });
        let short = |number: &Number| short(number, lang);
        exposure.push(Pillar {
            label,
            shown: (short(&was.exposure), short(&is.exposure)),
            counts: (was.exposure, is.exposure),
        });
    }
    let sides = (lang.pick("before", "原"), lang.pick("after", "新"));
    let label = output.label.pick(lang);
    let caption = match lang {
        Lang::En => format!("Customers by {label}"),
        Lang::Zh => format!("各{label}的客户数"),
    };
    out.push_str(&figure(&caption, &distribution(&caption, sides, &customers)));
    if report.exposure.is_some() {
        let caption = match lang {
            Lang::En => format!("Exposure by {label}, in millions"),
            Lang::Zh => format!("各{label}的敞口（万元）"),
        };
        out.push_str(&figure(&caption, &distribution(&caption, sides, &exposure)));
    }
    out
}

/// An amount short enough to stand over a pillar: in millions, or in 万.
fn short(number: &Number, lang: Lang) -> String {
    let (zeros, decimals) = lang.pick((6, 2), (4, 0));
    let part = number.div(&Number::power_of_ten(zeros)).unwrap_or(Number::ZERO);
    crate::value::display::grouped(&part.round(RoundingMode::HalfUp, decimals).to_fixed(decimals))
}

/// The bars of a measure: what was, each edit, what pairs and more do together, what is.
fn steps(
    report: &Report,
    words: &Words,
    lang: Lang,
    measure: Measure,
    start: Option<Measure>,
) -> (String, Vec<Bar>) {
    let mut at = start.map_or(Number::ZERO, |start| report.measures.get(start));
    let mut bars = Vec::new();
    let whole = |label: &str, at: &Number| Bar {
        label: label.to_owned(),
        shown: words.money(at),
        from: Number::ZERO,
        to: at.clone(),
        whole: true,
        worse: false,
    };
    if start.is_some() {
        bars.push(whole(lang.pick("before", "原"), &at));
    }
    let mut add = |label: String, by: &Number| {
        let to = at.add(by);
        // Less of a limit is worse, and so is more of what goes down a grade.
        let worse = if start.is_some() { by.is_negative() } else { by.is_positive() };
        let bar =
            Bar { worse, label, shown: words.change(by), from: at.clone(), to: to.clone(), whole: false };
        at = to;
        bars.push(bar);
    };
    match &report.attribution {
        Some(attribution) => {
            for (number, (cause, alone)) in (1_usize..).zip(attribution.causes.iter().zip(&attribution.alone))
            {
                let by = alone.measures.get(measure);
                if !by.is_zero() {
                    add(format!("#{number} {}", cause.words.pick(lang)), &by);
                }
            }
            let pairs = attribution
                .pairs
                .iter()
                .map(|pair| pair.measures.get(measure))
                .fold(Number::ZERO, |sum, by| sum.add(&by));
            let together = [
                (lang.pick("pairs: beyond both alone", "两处共同作用"), pairs),
                (rest_words(attribution, lang), attribution.rest.get(measure)),
            ];
            for (label, by) in together.into_iter().filter(|(_, by)| !by.is_zero()) {
                add(label.to_owned(), &by);
            }
        }
        None => add(lang.pick("the change", "改动").to_owned(), &report.measures.get(measure)),
    }
    let last =
        if start.is_some() { lang.pick("after", "新") } else { lang.pick("all together", "全部修改") };
    bars.push(whole(last, &at));
    let caption = match (measure, lang) {
        (Measure::LimitsNet, Lang::En) => {
            String::from("Limits: from what they are to what they would be, edit by edit")
        }
        (Measure::LimitsNet, Lang::Zh) => String::from("额度合计：由原到新，逐处修改"),
        (_, Lang::En) => String::from("Exposure of customers that go down a grade, edit by edit"),
        (_, Lang::Zh) => String::from("降级客户的敞口：逐处修改"),
    };
    (caption, bars)
}

fn swept(report: &Report, words: &Words, lang: Lang) -> String {
    let Some(sweep) = &report.sweep else { return String::new() };
    let points = |measure: Measure| -> Vec<Point> {
        let shown = |measures: &Measures| {
            let number = measures.get(measure);
            let text =
                if measure.is_money() { words.money(&number) } else { words.number(&number, Unit::NUMBER) };
            (number, text)
        };
        sweep
            .points
            .iter()
            .map(|(value, measures)| Point {
                at: (value.clone(), words.number(value, sweep.unit)),
                height: shown(measures),
                now: *value == sweep.now,
            })
            .collect()
    };
    let mut out = String::new();
    for measure in [Measure::LimitsTotal, Measure::Downgraded, Measure::Upgraded, Measure::Changed] {
        let points = points(measure);
        let moves =
            points.iter().any(|point| Some(&point.height.0) != points.first().map(|first| &first.height.0));
        if moves {
            let caption = measure.label(lang);
            out.push_str(&figure(caption, &curve(caption, &points)));
        }
    }
    out
}

/// A matrix as a heat map: the more of its row a cell holds, the darker; better grades in blue, worse ones in red.
fn heat(table: &Table) -> String {
    let mut out = head(table, "heat");
    let inner = table.rows.len().saturating_sub(1);
    for (number, row) in table.rows.iter().enumerate() {
        out.push_str("<tr>");
        let all = row.last().and_then(amount).unwrap_or(Number::ZERO);
        for (column, entry) in row.iter().enumerate() {
            let shown = escaped(&entry.shown);
            let is_inner = column > 0 && column.saturating_add(1) < row.len() && number < inner;
            let own = amount(entry).unwrap_or(Number::ZERO);
            let percent = own
                .mul(&Number::from_i64(100))
                .div(&all)
                .map_or(0, |part| part.round(RoundingMode::HalfUp, 0).to_i64().unwrap_or(0).clamp(0, 100));
            let place = column.saturating_sub(1);
            let class = match (column, is_inner, place.cmp(&number)) {
                (0, ..) => String::from("first"),
                (_, false, _) => String::from("n total"),
                (_, true, _) if own.is_zero() => String::from("n none"),
                (_, true, std::cmp::Ordering::Equal) => format!("n stay h{}", tens(percent)),
                (_, true, std::cmp::Ordering::Greater) => format!("n worse h{}", tens(percent)),
                (_, true, std::cmp::Ordering::Less) => format!("n better h{}", tens(percent)),
            };
            let title =
                if is_inner && !own.is_zero() { format!(" title=\"{percent}%\"") } else { String::new() };
            out.push_str(&match column {
                0 => format!("<th class=\"{class}\">{shown}</th>"),
                _ => format!("<td class=\"{class}\"{title}>{shown}</td>"),
            });
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</table></div>\n");
    out
}

/// The shade of a percent, from 1 to 10.
fn tens(percent: i64) -> i64 {
    percent.saturating_add(9).checked_div(10).unwrap_or(0).clamp(1, 10)
}

fn amount(entry: &Entry) -> Option<Number> {
    match &entry.raw {
        Cell::Number(number) => Some(number.clone()),
        _ => None,
    }
}

fn head(table: &Table, class: &str) -> String {
    let caption = match table.caption.is_empty() {
        true => String::new(),
        false => format!("<caption>{}</caption>", escaped(&table.caption)),
    };
    let is_figure = |column: usize| {
        column > 0 && table.rows.iter().filter_map(|row| row.get(column)).all(Entry::is_figure)
    };
    let one = |(column, head): (usize, &String)| {
        let class = if is_figure(column) { " class=\"n\"" } else { "" };
        format!("<th{class}>{}</th>", escaped(head))
    };
    let heads: String = table.heads.iter().enumerate().map(one).collect();
    format!("<div class=\"wide\"><table class=\"{class}\">{caption}\n<tr>{heads}</tr>\n")
}

fn grid(section: &Section, table: &Table) -> String {
    let mut out = head(table, section.key);
    for row in &table.rows {
        let cells = row.iter().map(|entry| {
            let class = match (entry.is_figure(), entry.shown.starts_with('-'), entry.shown.starts_with('+'))
            {
                (true, true, _) => " class=\"n minus\"",
                (true, false, true) => " class=\"n plus\"",
                (true, false, false) => " class=\"n\"",
                (false, ..) => "",
            };
            format!("<td{class}>{}</td>", escaped(&entry.shown))
        });
        out.push_str(&format!("<tr>{}</tr>\n", cells.collect::<String>()));
    }
    out.push_str("</table></div>\n");
    out
}
