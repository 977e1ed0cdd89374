//! Changes in the words of the policy.

use super::change::{Change, Class, Moves, Reach, Told, Way, Why};
use super::compare::{Kind, Member};
use super::what;
use crate::base::Lang;

/// So many characters of a text are shown.
const MOST_SHOWN: usize = 90;

/// What a part is called: its label in the language of the reader, behind its name.
#[must_use]
pub fn heading(member: &Member, lang: Lang) -> String {
    let kind = lang.pick(member.kind.en, member.kind.zh);
    let label = match lang {
        Lang::En => member.label.en.as_ref().or(member.label.plain.as_ref()),
        Lang::Zh => member.label.zh.as_ref().or(member.label.plain.as_ref()),
    };
    let name = if member.name.is_empty() { String::new() } else { format!(" {}", member.name) };
    match label {
        Some(label) => format!("{kind}{name} \"{}\"", label.value),
        None => format!("{kind}{name}"),
    }
}

/// Changes construct by construct, in their order.
#[must_use]
pub fn grouped(changes: &[Change]) -> Vec<(&Member, Vec<&Change>)> {
    let mut groups: Vec<(&Member, Vec<&Change>)> = Vec::new();
    for change in changes {
        let construct = &change.construct;
        match groups.last_mut() {
            Some((last, group)) if last.kind == construct.kind && last.name == construct.name => {
                group.push(change)
            }
            _ => groups.push((construct, vec![change])),
        }
    }
    groups
}

fn shown(text: &str) -> String {
    if text.chars().count() <= MOST_SHOWN {
        return text.to_owned();
    }
    let ahead: String = text.chars().take(MOST_SHOWN.saturating_sub(1)).collect();
    format!("{}…", ahead.trim_end())
}

fn text(told: &Option<Told>) -> String {
    told.as_ref().map_or_else(|| String::from("–"), |told| shown(&told.text))
}

/// A part as a sentence names it: `row 3`, `step collect`; a factor by its name alone, for its weight says what it is.
fn called(path: &[Member], lang: Lang) -> String {
    // The only column of a row needs no name.
    let is_only = |member: &Member| {
        (member.kind == what::KEY || member.kind == what::RESULT) && &*member.name == "1" && path.len() > 1
    };
    let parts: Vec<String> = path
        .iter()
        .filter(|member| !is_only(member))
        .map(|member| {
            let kind = lang.pick(member.kind.en, member.kind.zh);
            if member.name.is_empty() {
                kind.to_owned()
            } else if member.kind == what::FACTOR {
                member.name.to_string()
            } else if member.kind == what::ROW && lang == Lang::Zh {
                format!("第{}行", member.name)
            } else if (member.kind == what::KEY || member.kind == what::RESULT)
                && !member.name.starts_with(|ch: char| ch.is_ascii_digit())
            {
                member.name.to_string()
            } else {
                format!("{kind} {}", member.name)
            }
        })
        .collect();
    parts.join(lang.pick(", ", "，"))
}

/// A change as one sentence.
#[must_use]
pub fn sentence(change: &Change, lang: Lang) -> String {
    if change.what == what::BORDER {
        return border(change, lang);
    }
    let mut told = single(change, lang);
    for part in &change.parts {
        told.push_str(lang.pick("; with it: ", "；同时："));
        told.push_str(&single(part, lang));
    }
    told
}

/// A border between two rows: `row 2, score now from 60, was from 61; row 3 ends at 59`.
fn border(change: &Change, lang: Lang) -> String {
    let part = called(&change.path, lang);
    let (was, is) = (text(&change.was), text(&change.is));
    let mut told = match lang {
        Lang::En => format!("{part} now from {is}, was from {was}"),
        Lang::Zh => format!("{part}的起点由 {was} 改为 {is}"),
    };
    for below in &change.parts {
        let row = below.path.split_last().map_or_else(String::new, |(_, rows)| called(rows, lang));
        let (was, is) = (text(&below.was), text(&below.is));
        told.push_str(&match lang {
            Lang::En => format!("; {row} follows: {was} → {is}"),
            Lang::Zh => format!("；{row}随之：{was} → {is}"),
        });
    }
    told
}

/// One change without those that are made with it.
fn single(change: &Change, lang: Lang) -> String {
    let part = called(&change.path, lang);
    let of_part = |what: String| match (part.is_empty(), lang) {
        (true, _) => what,
        (false, Lang::En) => format!("{part}: {what}"),
        (false, Lang::Zh) => format!("{part}：{what}"),
    };
    let word = lang.pick(change.what.en, change.what.zh);
    let (was, is) = (text(&change.was), text(&change.is));
    let is_part = change.path.last().is_some_and(|member| member.kind == change.what)
        || change.path.is_empty() && change.what == change.construct.kind;
    match change.kind {
        Kind::Renamed => match lang {
            Lang::En => format!("{word} {was} is now called {is}"),
            Lang::Zh => format!("{word} {was} 改名为 {is}"),
        },
        Kind::Moved => match lang {
            Lang::En => of_part(format!("moved: {is}")),
            Lang::Zh => of_part(format!("移位：{is}")),
        },
        Kind::Added if is_part => match lang {
            Lang::En => format!("{} added: {is}", if part.is_empty() { word } else { &part }),
            Lang::Zh => format!("新增{}：{is}", if part.is_empty() { word } else { &part }),
        },
        Kind::Removed if is_part => match lang {
            Lang::En => format!("{} taken out: {was}", if part.is_empty() { word } else { &part }),
            Lang::Zh => format!("删去{}：{was}", if part.is_empty() { word } else { &part }),
        },
        Kind::Added => of_part(match lang {
            Lang::En => format!("{word} added: {is}"),
            Lang::Zh => format!("新增{word}：{is}"),
        }),
        Kind::Removed => of_part(match lang {
            Lang::En => format!("{word} taken out: {was}"),
            Lang::Zh => format!("删去{word}：{was}"),
        }),
        Kind::Changed => changed(change, &part, word, (&was, &is), lang),
    }
}

fn changed(change: &Change, part: &str, word: &str, (was, is): (&str, &str), lang: Lang) -> String {
    let colon = lang.pick(": ", "：");
    let head = if part.is_empty() { String::new() } else { format!("{part}{colon}") };
    if let (Some(then), Some(now)) = (&change.was, &change.is)
        && let (Some((from, old)), Some((same, new))) = (&then.shift, &now.shift)
        && from == same
        && old.business == new.business | old.by.is_zero() | new.by.is_zero()
    {
        let days = new.by.sub(&old.by);
        let business = old.business || new.business;
        let later = days.is_positive();
        let days = days.abs();
        return match lang {
            Lang::En => format!(
                "{part} {days} {}{} {}: {was} → {is}",
                if business { "business " } else { "" },
                if days == crate::value::Number::ONE { "day" } else { "days" },
                if later { "later" } else { "earlier" },
            ),
            Lang::Zh => format!(
                "{part}{}{days}个{}：{was} → {is}",
                if later { "推迟" } else { "提前" },
                if business { "工作日" } else { "日" }
            ),
        };
    }
    if change.what == what::WEIGHT {
        return match lang {
            Lang::En => format!("weight of {part} from {was} to {is}"),
            Lang::Zh => format!("{part} 的权重由 {was} 改为 {is}"),
        };
    }
    if change.what == what::FROM {
        return match lang {
            Lang::En => format!("{part} now from {is}, was from {was}"),
            Lang::Zh => format!("{part}的起点由 {was} 改为 {is}"),
        };
    }
    if let Some(reach) = change.reach {
        let how = match reach {
            Reach::Narrower => lang.pick("narrowed", "收窄"),
            Reach::Wider => lang.pick("widened", "扩大"),
        };
        return match lang {
            Lang::En => format!("{head}{word} {how}: {was} → {is}"),
            Lang::Zh => format!("{head}{word}{how}：{was} → {is}"),
        };
    }
    let says_it = change.path.last().is_some_and(|member| {
        member.kind == change.what || matches!(change.what.key, "value" | "by") && !part.is_empty()
    }) || change.path.is_empty() && change.what == what::VALUE
        || was.starts_with(word) && is.starts_with(word);
    match (says_it, lang) {
        (true, _) => format!("{head}{was} → {is}"),
        (false, Lang::En) => format!("{head}{word} {was} → {is}"),
        (false, Lang::Zh) => format!("{head}{word} {was} → {is}"),
    }
}

/// So many outputs are named in a sentence; the others are counted.
const MOST_NAMED: usize = 4;

/// Names in a sentence: the first few, and how many more.
fn list(names: &[&str], lang: Lang) -> String {
    let more = names.len().saturating_sub(MOST_NAMED);
    let shown: Vec<String> = names.iter().take(MOST_NAMED).map(|name| format!("`{name}`")).collect();
    let shown = shown.join(lang.pick(", ", "、"));
    match (more, lang) {
        (0, _) => shown,
        (more, Lang::En) => format!("{shown} and {more} more"),
        (more, Lang::Zh) => format!("{shown} 等另 {more} 项"),
    }
}

/// Why a change is in its class, and what else comes out otherwise.
#[must_use]
pub fn reason(change: &Change, lang: Lang) -> String {
    let why = class_reason(change, lang);
    let beside = beside(change, lang);
    match (beside.is_empty(), lang) {
        (true, _) => why,
        (false, Lang::En) => format!("{why}; {beside}"),
        (false, Lang::Zh) => format!("{why}；{beside}"),
    }
}

/// What moves and is better neither way.
fn beside(change: &Change, lang: Lang) -> String {
    let of = |moves: Moves| {
        let names: Vec<&str> =
            change.also.iter().filter(|it| it.moves == moves).map(|it| &*it.name).collect();
        (!names.is_empty()).then(|| list(&names, lang))
    };
    if change.why != Why::NoDirection {
        let names: Vec<&str> = change.also.iter().map(|it| &*it.name).collect();
        return match (names.is_empty(), lang) {
            (true, _) => String::new(),
            (false, Lang::En) => format!("also changes: {}", list(&names, lang)),
            (false, Lang::Zh) => format!("另有变动：{}", list(&names, lang)),
        };
    }
    let told = [
        (Moves::Higher, "never lower: ", "只升不降："),
        (Moves::Lower, "never higher: ", "只降不升："),
        (Moves::Otherwise, "comes out otherwise: ", "结果有变："),
    ];
    let told: Vec<String> = told
        .into_iter()
        .filter_map(|(moves, en, zh)| Some(format!("{}{}", lang.pick(en, zh), of(moves)?)))
        .collect();
    told.join(lang.pick("; ", "；"))
}

/// A sentence in lines of so many columns; a Chinese character takes two.
#[must_use]
pub fn in_lines(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0_usize;
    for word in text.split_inclusive([' ', '、', '，', '；', '：']) {
        let wide = |text: &str| text.chars().map(|ch| if ch.is_ascii() { 1_usize } else { 2 }).sum::<usize>();
        let width = wide(word.trim_end());
        if used > 0 && used.saturating_add(width) > columns {
            lines.push(String::new());
            used = 0;
        }
        used = used.saturating_add(wide(word));
        if let Some(line) = lines.last_mut() {
            line.push_str(word);
        }
    }
    lines.into_iter().map(|line| line.trim_end().to_owned()).collect()
}

fn class_reason(change: &Change, lang: Lang) -> String {
    let ways = |ways: &[(crate::base::Str, Way)], wanted: Way| {
        let names: Vec<&str> =
            ways.iter().filter(|(_, way)| *way == wanted).map(|(name, _)| &**name).collect();
        list(&names, lang)
    };
    match &change.why {
        Why::SameMeaning if change.class == Class::LabelOnly => {
            lang.pick("what people call it; nothing is decided otherwise", "仅改称谓，决定不变").to_owned()
        }
        Why::SameMeaning => lang.pick("the policy means the same", "政策含义不变").to_owned(),
        Why::SameOutputs if change.what == what::VERSION => lang
            .pick(
                "which version it is; by itself it decides nothing otherwise",
                "只是版本号，本身不改变任何决定",
            )
            .to_owned(),
        Why::SameOutputs if change.what == what::KNOWN_FROM => lang
            .pick("from when it was known; what it decides stays", "只改公布的日子，所作决定不变")
            .to_owned(),
        Why::SameOutputs if [what::FROM_DAY, what::UNTIL_DAY].contains(&change.what) => lang
            .pick(
                "on which days the version applies; what it decides on them stays",
                "只改适用的日子，所作决定不变",
            )
            .to_owned(),
        Why::SameOutputs => {
            lang.pick("nothing comes out otherwise for any customer", "任何客户的结果均不变").to_owned()
        }
        Why::Proved(outputs) => {
            let better = outputs.iter().any(|(_, way)| *way == Way::NeverWorse);
            let way = if better { Way::NeverWorse } else { Way::NeverBetter };
            let names = ways(outputs, way);
            match (lang, better) {
                (Lang::En, true) => format!("proved: no customer is worse off in {names}"),
                (Lang::En, false) => format!("proved: no customer is better off in {names}"),
                (Lang::Zh, true) => format!("已证明：{names} 对任何客户都不会变差"),
                (Lang::Zh, false) => format!("已证明：{names} 对任何客户都不会变好"),
            }
        }
        Why::BothWays(outputs) => {
            let (worse, better) = (ways(outputs, Way::NeverBetter), ways(outputs, Way::NeverWorse));
            match lang {
                Lang::En => {
                    format!("proved: no customer is better off in {worse}, none is worse off in {better}")
                }
                Lang::Zh => format!("已证明：{worse} 只会变差，{better} 只会变好"),
            }
        }
        Why::Open(outputs, _) if outputs.is_empty() => lang
            .pick(
                "some customers may be better off and others worse: it is not proved otherwise",
                "可能有人变好有人变差，未能证明并非如此",
            )
            .to_owned(),
        Why::Open(outputs, proved) => {
            let names: Vec<&str> = outputs.iter().map(|name| &**name).collect();
            let names = list(&names, lang);
            let mut told = match lang {
                Lang::En => format!("not proved that it goes one way for all customers: {names}"),
                Lang::Zh => format!("未能证明对所有客户同向变动：{names}"),
            };
            for way in [Way::NeverBetter, Way::NeverWorse] {
                let names = ways(proved, way);
                if names.is_empty() {
                    continue;
                }
                told.push_str(&match (lang, way) {
                    (Lang::En, Way::NeverBetter) => format!("; proved: no customer is better off in {names}"),
                    (Lang::En, Way::NeverWorse) => format!("; proved: no customer is worse off in {names}"),
                    (Lang::Zh, Way::NeverBetter) => format!("；已证明：{names} 对任何客户都不会变好"),
                    (Lang::Zh, Way::NeverWorse) => format!("；已证明：{names} 对任何客户都不会变差"),
                });
            }
            told
        }
        Why::NoDirection => lang
            .pick(
                "no limit, grade, term or hold moves; which way the rest is better, the policy does not tell",
                "额度、等级、期限、扣单均不变；其余变动孰好孰坏，政策未说明",
            )
            .to_owned(),
        Why::NotAlone => {
            lang.pick("it cannot be made without other changes", "离开其他改动无法单独成立").to_owned()
        }
        Why::Whole => lang.pick("a whole policy", "整项政策").to_owned(),
    }
}
