//! What is still wanted of a customer, as text.

use super::super::Figure;
use super::super::needs::{Change, Given, Move, Need, NeedKind, Needs};
use super::super::words::Words;
use super::{Audience, lines};
use crate::base::{Lang, Str};
use crate::eval::Status;
use crate::plan::{Label, Plan};
use crate::value::{Type, Value};

/// Writes what is wanted, what could change most first.
#[must_use]
pub fn needs_text(needs: &Needs, plan: &Plan, lang: Lang) -> String {
    let words = Words::new(plan, lang, Audience::Sales);
    let mut out = lines::Lines::new();
    let decision = words.plain(&needs.decision.0, &needs.decision.1);
    let (customer, day) = (&needs.customer, needs.as_of);
    let none = needs.wanted.is_empty();
    let asked = !needs.open.is_empty();
    out.line(
        0,
        &match (lang, none) {
            (Lang::En, true) if asked => {
                format!("Customer {customer}, {decision}, as of {day}: nothing is wanted of the customer")
            }
            (Lang::Zh, true) if asked => format!("客户 {customer}，{decision}，截至 {day}：客户资料已齐"),
            (Lang::En, true) => format!("Customer {customer}, {decision}, as of {day}: nothing is wanted."),
            (Lang::Zh, true) => format!("客户 {customer}，{decision}，截至 {day}：资料已齐，无须补充。"),
            (Lang::En, false) => {
                format!(
                    "Customer {customer}, {decision}, as of {day}: still wanted, what could change most first"
                )
            }
            (Lang::Zh, false) => format!("客户 {customer}，{decision}，截至 {day}：尚需资料，影响大者在前"),
        },
    );
    for need in needs.wanted.iter().filter(|need| !need.moves.is_empty()) {
        out.line(1, &title(&words, need));
        for one in &need.moves {
            moved(&words, need, one, &mut out);
        }
    }
    rest(&words, needs, &mut out);
    open(&words, needs, &mut out);
    if needs.cut_short {
        out.line(
            1,
            words.pick(
                "there are more combinations of these facts than were tried",
                "这些资料的组合过多，未逐一试算",
            ),
        );
    }
    out.finish()
}

/// Who is still asked for an answer or a signature.
fn open(words: &Words<'_>, needs: &Needs, out: &mut lines::Lines) {
    if needs.open.is_empty() {
        return;
    }
    out.line(1, words.pick("open beside it, and not the customer's to give", "此外尚待内部答复或签批"));
    for line in &needs.open {
        let role = words.plain(&line.role.0, &line.role.1);
        let colon = words.pick(": ", "：");
        let text = match &line.text {
            Some(text) => text.pick(words.lang).to_string(),
            None => words.pick("to sign", "签批").to_owned(),
        };
        out.line(2, &format!("{role}{colon}{text}  {}", words.address(&line.address)));
    }
}

fn names(words: &Words<'_>, parts: &[(Str, Label)]) -> String {
    let names: Vec<&str> = parts.iter().map(|(name, label)| words.plain(name, label)).collect();
    names.join(words.pick(", ", "、"))
}

fn title(words: &Words<'_>, need: &Need) -> String {
    let parts = names(words, &need.parts);
    let whole = need.whole.as_ref().map(|(name, label)| words.plain(name, label));
    match (need.kind, whole, words.lang) {
        (NeedKind::Fact | NeedKind::Paper, _, _) => parts,
        (NeedKind::Together, Some(whole), Lang::En) => format!("{whole}: {parts} together"),
        (NeedKind::Together, Some(whole), Lang::Zh) => format!("{whole}：{parts}一并提供"),
        (NeedKind::Together, None, Lang::En) => format!("{parts} together"),
        (NeedKind::Together, None, Lang::Zh) => format!("{parts}一并提供"),
    }
}

/// What makes an outcome, behind it in brackets; of several facts it stands in lines of its own.
fn with(words: &Words<'_>, need: &Need, given: &[Given]) -> String {
    if need.parts.len() > 1 {
        return String::new();
    }
    match (given, words.lang) {
        ([one], Lang::En) => format!(" (with {})", words.figure(&one.value)),
        ([one], Lang::Zh) => format!("（若为{}）", words.figure(&one.value)),
        _ => String::new(),
    }
}

fn moved(words: &Words<'_>, need: &Need, one: &Move, out: &mut lines::Lines) {
    let output = one.output.as_ref().map(|(name, label)| words.plain(name, label)).unwrap_or_default();
    let mut ways: Vec<(String, &[Given])> = Vec::new();
    let line = match &one.change {
        Change::Value { from, to, between } => {
            let shown: Vec<String> = to
                .iter()
                .map(|(after, given)| format!("{}{}", toward(words, from, after), with(words, need, given)))
                .collect();
            // Of the other values the same choices tell; the JSON has them all.
            let money = from.ty.unit().is_some_and(|unit| unit.currency.is_some());
            if money || matches!(from.ty, Type::Enum(_) | Type::YesNo) {
                ways.extend(to.iter().map(|(after, given)| (words.figure(after), given.as_slice())));
            }
            let shown = shown.join(words.pick(" or ", "，或"));
            let from = words.figure(from);
            let more = match (between, words.lang) {
                (0, _) => String::new(),
                (1, Lang::En) => ", and to a value between".to_owned(),
                (more, Lang::En) => format!(", and to {more} values between"),
                (more, Lang::Zh) => format!("，其间另有 {more} 个值"),
            };
            match words.lang {
                Lang::En => format!("could move {output} from {from} {shown}{more}"),
                Lang::Zh => format!("可使{output}由 {}{more}", words.glued(&from, &shown)),
            }
        }
        Change::Status { from, to } => {
            let shown: Vec<String> = to
                .iter()
                .map(|(after, given)| format!("{}{}", status(words, *after), with(words, need, given)))
                .collect();
            ways.extend(to.iter().map(|(after, given)| (status(words, *after).to_owned(), given.as_slice())));
            let (from, shown) = (status(words, *from), shown.join(words.pick(" or ", "，或")));
            match words.lang {
                Lang::En => format!("could turn the decision from {from} to {shown}"),
                Lang::Zh => format!("可使决定由{from}变为{shown}"),
            }
        }
        Change::Items { most, with: given } => {
            let by = with(words, need, given);
            ways.push((output.to_owned(), given.as_slice()));
            match (most, words.lang) {
                (1, Lang::En) => format!("could change {output} of one item{by}"),
                (most, Lang::En) => format!("could change {output} of {most} items{by}"),
                (most, Lang::Zh) => format!("可改变 {most} 项的{output}{by}"),
            }
        }
    };
    out.line(2, &line);
    if need.parts.len() < 2 {
        return;
    }
    for (after, given) in ways.into_iter().filter(|(_, given)| !given.is_empty()) {
        let facts: Vec<String> = given
            .iter()
            .map(|it| format!("{} {}", words.plain(&it.fact.0, &it.fact.1), words.figure(&it.value)))
            .collect();
        out.line(
            3,
            &match words.lang {
                Lang::En => format!("{after} with {}", facts.join(", ")),
                Lang::Zh => format!("{after}：若{}", facts.join("，")),
            },
        );
    }
}

/// `up to 50,000.00`, `down to 0.00`, `to CA3`.
fn toward(words: &Words<'_>, from: &Figure, after: &Figure) -> String {
    let figure = words.figure(after);
    let (en, zh) = match (&from.value, &after.value) {
        (Value::Number(from), Value::Number(after)) if after > from => ("up to", "升至 "),
        (Value::Number(_), Value::Number(_)) => ("down to", "降至 "),
        _ => ("to", "变为 "),
    };
    match words.lang {
        Lang::En => format!("{en} {figure}"),
        Lang::Zh => format!("{zh}{figure}"),
    }
}

fn status(words: &Words<'_>, status: Status) -> &'static str {
    match status {
        Status::Final => words.pick("final", "定案"),
        Status::Open => words.pick("open", "待答"),
        Status::Refused => words.pick("refused", "拒绝"),
        Status::Withheld => words.pick("withheld", "不予发布"),
    }
}

/// What changes nothing: what was tried of it, and no more than that.
fn rest(words: &Words<'_>, needs: &Needs, out: &mut lines::Lines) {
    let (book, still): (Vec<&Need>, Vec<&Need>) =
        needs.wanted.iter().filter(|need| need.moves.is_empty()).partition(|need| need.in_book);
    if !book.is_empty() {
        let parts: Vec<(Str, Label)> = book.iter().flat_map(|need| need.parts.iter().cloned()).collect();
        let parts = names(words, &parts);
        out.line(
            1,
            &match words.lang {
                Lang::En => format!(
                    "counts in the book of all customers, which was not made again for it here; decide them all with it to see what it changes: {parts}"
                ),
                Lang::Zh => format!("计入全体客户的账簿，此处未为其重新汇总，补充后须重新评定全体客户方知影响：{parts}"),
            },
        );
    }
    let of = |which: &dyn Fn(&Need) -> bool| -> Vec<(Str, Label)> {
        still.iter().filter(|need| which(need)).flat_map(|need| need.parts.iter().cloned()).collect()
    };
    let every = of(&|need| need.kind == NeedKind::Fact && need.all_tried && need.withheld == 0);
    let some =
        of(&|need| need.kind == NeedKind::Fact && need.tried > 0 && need.withheld == 0 && !need.all_tried);
    let breaks = of(&|need| need.kind == NeedKind::Fact && need.withheld > 0);
    let never = of(&|need| need.kind == NeedKind::Fact && need.tried == 0);
    let papers = of(&|need| need.kind == NeedKind::Paper && !need.no_record && need.withheld == 0);
    let broken = of(&|need| need.kind == NeedKind::Paper && need.withheld > 0);
    let no_record = of(&|need| need.kind == NeedKind::Paper && need.no_record);
    let only_every =
        still.iter().all(|need| need.kind == NeedKind::Fact && need.all_tried && need.withheld == 0);
    let cases = [
        (
            &every,
            if only_every {
                "nothing else can by itself; every value was tried"
            } else {
                "changes nothing by itself; every value was tried"
            },
            if only_every {
                "其余均不能改变结果，已逐值试算"
            } else {
                "单独均不能改变结果，已逐值试算"
            },
        ),
        (&some, "no other value that was tried changes anything by itself", "所试其他各值单独均不改变结果"),
        (&papers, "supplied and valid, changes nothing by itself", "提供且有效，单独不改变结果"),
        (
            &breaks,
            "values that were tried change nothing, or break what must always hold",
            "所试各值不改变结果，或违反必须始终成立的规则",
        ),
        (&broken, "supplied, it breaks what must always hold", "提供后违反必须始终成立的规则"),
        (&no_record, "no record of it that would hold could be made up", "未能拟出有效的记录"),
        (&never, "was not tried", "未试算"),
    ];
    if still.is_empty() && book.is_empty() && !needs.wanted.is_empty() {
        out.line(1, words.pick("nothing else is wanted", "此外无须补充"));
    }
    for (parts, en, zh) in cases.into_iter().filter(|(parts, _, _)| !parts.is_empty()) {
        let parts = names(words, parts);
        out.line(
            1,
            &match words.lang {
                Lang::En => format!("{en}: {parts}"),
                Lang::Zh => format!("{zh}：{parts}"),
            },
        );
    }
}
