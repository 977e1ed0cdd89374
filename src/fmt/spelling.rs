//! How words, numbers and signs are spelled: one way in each language.

use crate::base::Lang;
use crate::syntax::Node;
use crate::syntax::keywords::keyword;

/// Words of the grammar that are no `kw_` rules: the rule, English, Chinese.
const WORDS: &[(&str, &str, &str)] = &[
    ("fold_sum", "sum of", "合计"),
    ("fold_count", "count of", "计数"),
    ("fold_lowest", "lowest of", "最小"),
    ("fold_highest", "highest of", "最大"),
    ("fold_average", "average of", "均值"),
    ("fold_share", "share of", "占比"),
    ("fold_any", "any of", "存在"),
    ("fold_all", "all of", "全部满足"),
    ("pick_lowest", "lowest of", "取小"),
    ("pick_highest", "highest of", "取大"),
    ("pick_average", "average of", "取平均"),
    ("pick_middle", "middle of", "取中"),
    ("pick_earliest", "earliest of", "取最早"),
    ("pick_latest", "latest of", "取最晚"),
    ("frozen_half_year", "half_year", "半年"),
];

/// Signs, whichever way they were written.
const SIGNS: &[(&str, &str)] = &[
    ("open_curly", "{"),
    ("close_curly", "}"),
    ("colon", ":"),
    ("define", "="),
    ("arrow", "->"),
    ("dots", ".."),
    ("minus", "-"),
    ("op_le", "<="),
    ("op_ge", ">="),
    ("op_lt", "<"),
    ("op_gt", ">"),
    ("op_add", "+"),
    ("op_subtract", "-"),
    ("op_multiply", "*"),
    ("op_divide", "/"),
    ("op_power", "^"),
];

/// The language in which a word is written.
fn written_in(text: &str) -> Lang {
    if text.is_ascii() { Lang::En } else { Lang::Zh }
}

/// The spelling of a word whose rule is known by name, in a language or in the one it was written in; none where the rule is
/// no word, or the language lacks it.
pub(super) fn word(rule: &str, text: &str, target: Option<Lang>) -> Option<&'static str> {
    let lang = target.unwrap_or_else(|| written_in(text));
    let of = |en: &'static str, zh: &'static str| match lang {
        Lang::En => en,
        Lang::Zh => zh,
    };
    let spelled = match rule.strip_prefix("kw_") {
        Some(role) => keyword(role).map(|keyword| of(keyword.en, keyword.zh))?,
        None => WORDS.iter().find(|(name, ..)| *name == rule).map(|(_, en, zh)| of(en, zh))?,
    };
    Some(spelled).filter(|spelled| !spelled.is_empty())
}

/// The spelling of a sign.
pub(super) fn sign(rule: &str) -> Option<&'static str> {
    SIGNS.iter().find(|(name, _)| *name == rule).map(|(_, sign)| *sign)
}

/// The pick that an aggregate's word stands for where several values stand in brackets behind it: in English one word serves
/// both.
pub(super) fn pick(rule: &str) -> Option<&'static str> {
    match rule {
        "fold_lowest" => Some("pick_lowest"),
        "fold_highest" => Some("pick_highest"),
        "fold_average" => Some("pick_average"),
        _ => None,
    }
}

/// Digits and marks as on an English keyboard.
fn narrow(text: &str) -> String {
    let plain = |ch: char| match ch {
        '０'..='９' => char::from_u32(u32::from(ch).saturating_sub(0xFEE0)).unwrap_or(ch),
        '．' | '。' => '.',
        '％' => '%',
        '\u{3000}' => ' ',
        _ => ch,
    };
    text.chars().map(plain).collect()
}

/// A day: its digits.
pub(super) fn date(text: &str) -> String {
    narrow(text)
}

/// A number: its figure as written, its unit as the language writes it. `120万`, `12.5%`, `30 days`, `30天`.
pub(super) fn number(text: &str, target: Option<Lang>) -> String {
    const UNITS: &[(&[&str], &str, &str, &str)] = &[
        (&["business days", "business day", "个工作日"], "business day", "business days", "个工作日"),
        (&["days", "day", "天"], "day", "days", "天"),
        (&["months", "month", "个月"], "month", "months", "个月"),
    ];
    let plain = narrow(text).split_whitespace().collect::<Vec<_>>().join(" ");
    for (spellings, one, several, zh) in UNITS {
        let Some(figure) = spellings.iter().find_map(|unit| plain.strip_suffix(unit)) else { continue };
        let figure = figure.trim_end();
        return match target.unwrap_or_else(|| written_in(plain.trim_start_matches(figure))) {
            Lang::En if figure == "1" => format!("{figure} {one}"),
            Lang::En => format!("{figure} {several}"),
            Lang::Zh => format!("{figure}{zh}"),
        };
    }
    // `12 %` is `12%`, `3 元` is `3元`.
    plain.replace(' ', "")
}

/// A text in straight quotation marks, unless it holds one.
pub(super) fn quoted(text: &str) -> String {
    let inside = [('“', '”'), ('「', '」')]
        .iter()
        .find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close));
    match inside {
        Some(inside) if !inside.contains('"') => format!("\"{inside}\""),
        Some(_) | None => text.to_owned(),
    }
}

/// `in this month` · `在本月`
pub(super) fn window(node: &Node, text: &str, target: Option<Lang>) -> String {
    let is = |rule: &str| node.child(rule).is_some();
    let (which, period) = match (is("window_this"), is("period_month"), is("period_quarter")) {
        (this, true, _) => (this, ("month", "月")),
        (this, _, true) => (this, ("quarter", "季度")),
        (this, ..) => (this, ("year", "年")),
    };
    match target.unwrap_or_else(|| written_in(text)) {
        Lang::En => format!("in {} {}", if which { "this" } else { "last" }, period.0),
        Lang::Zh => format!("在{}{}", if which { "本" } else { "上" }, period.1),
    }
}

/// `half_year`, `month` · `半年`, `月`
pub(super) fn frozen(node: &Node, text: &str, target: Option<Lang>) -> String {
    let lang = target.unwrap_or_else(|| written_in(text));
    let known = [
        ("frozen_half_year", "half_year", "半年"),
        ("period_month", "month", "月"),
        ("period_quarter", "quarter", "季度"),
        ("period_year", "year", "年"),
    ];
    let found = known.iter().find(|(rule, ..)| node.child(rule).is_some());
    found.map_or_else(
        || text.to_owned(),
        |(_, en, zh)| match lang {
            Lang::En => (*en).to_owned(),
            Lang::Zh => (*zh).to_owned(),
        },
    )
}

/// Days told from another day: `the 7th after` · `之后首个 7日`, `12-31 of year of` · `当年 12-31`, `end of month of` · `当月末`;
/// none for another rule.
pub(super) fn anchor(rule: &str, text: &str, lang: Lang) -> Option<String> {
    let figures: String = narrow(text).chars().filter(|ch| ch.is_ascii_digit() || *ch == '-').collect();
    match (rule, lang) {
        ("day_after" | "day_after_zh", Lang::En) => Some(format!("the {} after", ordinal(&figures))),
        ("day_after" | "day_after_zh", Lang::Zh) => Some(format!("之后首个 {figures}日")),
        ("of_year" | "of_year_zh", Lang::En) => Some(format!("{figures} of year of")),
        ("of_year" | "of_year_zh", Lang::Zh) => Some(format!("当年 {figures}")),
        ("kw_end_of_month_of" | "month_end_zh", Lang::En) => Some("end of month of".to_owned()),
        ("kw_end_of_month_of" | "month_end_zh", Lang::Zh) => Some("当月末".to_owned()),
        _ => None,
    }
}

fn ordinal(figures: &str) -> String {
    let tens = figures.len() > 1 && figures.starts_with('1');
    let ending = match figures.chars().last() {
        Some('1') if !tens => "st",
        Some('2') if !tens => "nd",
        Some('3') if !tens => "rd",
        _ => "th",
    };
    format!("{figures}{ending}")
}
