//! The story as text, in English or Chinese, for the customer, for sales, for the auditor.

mod approval;
mod book;
mod change;
mod checks;
mod excerpt;
mod factors;
mod facts;
mod interest;
mod judgement;
mod ladders;
mod letter;
mod lines;
mod money;
mod near;
mod needs;
mod papers;
mod reasons;
mod record;
mod rules;
mod scores;
mod staircase;
mod totals;

use super::words::Words;
use super::{AuthorityStory, Explanation, FaultLine, Figure, OutputLine, Unknowing};
use crate::base::Lang;
use crate::plan::{Plan, StepId};
use crate::value::Value;

pub(super) use book::silence as book_silence;
pub use excerpt::{Run, excerpt, unknown_because};
pub use near::near_miss;
pub use needs::needs_text;
pub use record::record;

/// Who reads.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Audience {
    /// The customer: the outcome, its reasons, what is wanted; no weights, no bounds.
    Customer,
    /// Sales: also both staircases, and what was lost where.
    Sales,
    /// The auditor: everything.
    #[default]
    Auditor,
}

/// A step of a plan in the reader's own words: its label, or the expression that it is.
#[must_use]
pub fn phrase(plan: &Plan, step: StepId, lang: Lang) -> String {
    Words::new(plan, lang, Audience::Auditor).phrase(step)
}

/// What a rule goes by that gives no reason in words: the construct it stands in, and what it asks or scores there; its address where
/// there is nothing else.
#[must_use]
pub fn rule_called(plan: &Plan, address: &str, lang: Lang) -> String {
    let words = Words::new(plan, lang, Audience::Auditor);
    reasons::called(&words, address).unwrap_or_else(|| words.address(address))
}

/// Writes the story for a reader.
#[must_use]
pub fn render(story: &Explanation, plan: &Plan, lang: Lang, audience: Audience) -> String {
    let words = Words::new(plan, lang, audience);
    let mut out = lines::Lines::new();
    if audience != Audience::Customer {
        head(&words, story, audience, &mut out);
        change::changes(&words, story, audience, &mut out);
        reasons::reasons(&words, story, audience, &mut out);
    }
    match audience {
        Audience::Customer => letter::letter(&words, story, &mut out),
        Audience::Sales | Audience::Auditor => sections(&words, story, audience, &mut out),
    }
    out.finish()
}

/// What is told inside the house, construct by construct; of some only the auditor reads.
fn sections(words: &Words<'_>, story: &Explanation, audience: Audience, out: &mut lines::Lines) {
    let all = audience == Audience::Auditor;
    staircase::grades(words, story, audience, out);
    totals::totals(words, story, audience, out);
    money::limits(words, story, audience, out);
    judgement::exceptions(words, story, audience, out);
    judgement::judgements(words, story, audience, out);
    book::told(words, story, audience, out);
    if all {
        scores::scores(words, story, out);
        rules::tables(words, story, out);
    } else {
        scores::lost(words, story, out);
    }
    rules::stances(words, story, audience, out);
    approval::approvals(words, story, audience, out);
    ladders::ladders(words, story, audience, out);
    checks::checks(words, story, audience, out);
    papers::papers(words, story, audience, out);
    if all {
        facts::values(words, story, out);
    }
    facts::wanted(words, story, audience, out);
    facts::open(words, story, audience, out);
    rules::notes(words, story, out);
    if all {
        rules::not_judged(words, story, out);
        facts::roundings(words, story, out);
        facts::always(words, story, out);
        facts::params(words, story, out);
        facts::facts(words, story, out);
    }
}

/// How it stands in one sentence, by what, and what was decided, one output a line.
fn head(words: &Words<'_>, story: &Explanation, audience: Audience, out: &mut lines::Lines) {
    let undecided = undecided(words, story);
    let status = match story.status {
        "final" if let Some(status) = &undecided => status,
        "final" => words.pick("is decided", "已定案"),
        "open" if !story.open.is_empty() && story.open.iter().all(|open| open.idle) => words.pick(
            "is decided; what is still asked changes nothing this time",
            "已定案；待答问题本次不影响结果",
        ),
        "open" => words.pick("is decided, with questions still open", "已评定，尚有待答问题"),
        "refused" if story.authorities.iter().any(|it| it.refused) => words.pick("is refused", "未获批准"),
        "refused" => words
            .pick("is refused: the policy wants facts that were not given", "不予受理：缺少政策要求的资料"),
        _ => withheld(words, story),
    };
    out.line(
        0,
        &match words.lang {
            Lang::En => format!("Customer {} {status}.", story.customer),
            Lang::Zh => format!("客户 {} {status}。", story.customer),
        },
    );
    let (name, label, version, digest) = &story.policy;
    let decision = words.title(&story.decision.0, &story.decision.1);
    let policy = words.title(name, label);
    let currency = words.currency().map(|currency| currency.to_string()).unwrap_or_default();
    let short: String = digest.chars().take(19).collect();
    let auditor = audience == Audience::Auditor;
    let known = story.known_at.as_ref().map(|day| match words.lang {
        Lang::En => format!(", as known on {day}"),
        Lang::Zh => format!("，以 {day} 所知为准"),
    });
    let known = known.unwrap_or_default();
    out.line(
        0,
        &match words.lang {
            Lang::En => format!(
                "{decision}, by {policy} {version}{}, as of {}{known}; amounts in {currency}",
                if auditor { format!(" ({short}…)") } else { String::new() },
                story.as_of
            ),
            Lang::Zh => format!(
                "{decision}，依据{}{policy} {version}{}，截至 {}{known}；金额单位 {currency}",
                if begins_latin(&policy) { " " } else { "" },
                if auditor { format!("（{short}…）") } else { String::new() },
                story.as_of
            ),
        },
    );
    for fault in &story.faults {
        out.line(1, &format!("! {}", words.fault(fault)));
    }
    outputs(words, story, audience, out);
}

/// That a decision is made, but for what is not known: of all that is told, or of some of it. What the policy leaves open is decided.
fn undecided(words: &Words<'_>, story: &Explanation) -> Option<String> {
    let counts = |output: &&OutputLine| !output.internal && output.value.is_some();
    let unknown = |output: &&OutputLine| {
        let lacks = matches!(output.because, Some(Unknowing::Missing(..) | Unknowing::TooLittleKnown(_)));
        lacks && output.value.as_ref().is_some_and(|it| !it.value.is_known())
    };
    let all = story.outputs.iter().filter(counts).count();
    let labels: Vec<&str> = story
        .outputs
        .iter()
        .filter(counts)
        .filter(unknown)
        .map(|output| words.plain(&output.name, &output.label))
        .collect();
    if labels.is_empty() {
        return None;
    }
    let names = labels.join(words.pick(", ", "、"));
    let are = if labels.len() == 1 { "is" } else { "are" };
    Some(match (labels.len() == all, words.lang) {
        (true, Lang::En) => format!("cannot be decided yet: {names} {are} not determined"),
        (true, Lang::Zh) => format!("尚不能定案：{names}未定"),
        (false, Lang::En) => format!("is decided, but for {names}"),
        (false, Lang::Zh) => format!("已定案，{names}除外"),
    })
}

/// Whether a name begins with a letter or figure that takes a blank behind a Chinese word.
fn begins_latin(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii())
}

/// Why nothing stands: what persons decided contradicts itself, what must always hold does not, a figure cannot be handed on.
fn withheld(words: &Words<'_>, story: &Explanation) -> &'static str {
    let of = |kind: fn(&FaultLine) -> bool| story.faults.iter().any(kind);
    if of(|fault| matches!(fault, FaultLine::Contradiction(..))) {
        words.pick("is withheld: what persons decided contradicts itself", "不予发布：有关人员的决定互相矛盾")
    } else if of(|fault| matches!(fault, FaultLine::Always(..))) {
        words.pick(
            "is withheld: the result breaks what must always hold",
            "不予发布：结果违反了必须始终成立的规则",
        )
    } else {
        words.pick("is withheld: a figure of it cannot be handed on as it is", "不予发布：有数值无法如实给出")
    }
}

/// What was decided, one output a line; of order checks one line an order. The customer is not told what is the house's own.
fn outputs(words: &Words<'_>, story: &Explanation, audience: Audience, out: &mut lines::Lines) {
    out.table(1, &[lines::Side::Left, lines::Side::Left], &decided(words, story, audience));
    facts::item_by_item(words, story, audience, out);
}

/// The outputs one by one, as a reader is told of them.
fn decided(words: &Words<'_>, story: &Explanation, audience: Audience) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for output in story.outputs.iter().filter(|it| audience != Audience::Customer || !it.internal) {
        let name = words.plain(&output.name, &output.label).to_owned();
        if let Some(checks) = story.checks.iter().find(|checks| checks.name == output.name) {
            rows.extend(checks::verdicts(words, checks, audience));
            continue;
        }
        let Some(value) = &output.value else { continue };
        // Which papers the customer is asked for stands in a section of its own.
        let list = story.checklists.iter().find(|list| output.name.starts_with(&format!("{}.", list.name)));
        if audience == Audience::Customer && list.is_some() {
            continue;
        }
        // Of nothing to approve nobody's signature is told.
        let approval = story.authorities.iter().find(|it| output.name.starts_with(&format!("{}.", it.name)));
        let idle = |it: &AuthorityStory| approval::needless(it) || approval::none(words, it);
        if approval.is_some_and(idle) {
            continue;
        }
        if let Some(it) = story.authorities.iter().find(|it| it.name == output.name)
            && approval::none(words, it)
        {
            let told = approval::not_asked_for(words, &story.tables, it);
            rows.extend((audience != Audience::Customer).then(|| vec![name, told]));
            continue;
        }
        // Who has signed for less than all stands with the approval.
        let part = |it: &AuthorityStory| it.granted.value.is_known() && it.granted.value != it.value.value;
        if approval.is_some_and(part) && output.name.ends_with(".given") && value.value == Value::Set(0) {
            continue;
        }
        if let Some(list) = list.filter(|list| output.name.strip_prefix(&*list.name) == Some(".expired")) {
            let told = papers::expired(words, list);
            if !told.is_empty() {
                rows.extend(told);
                continue;
            }
        }
        // Where the policy asks for nothing there is nothing to tell.
        let nothing = output.because.as_ref().is_some_and(|why| words.says_nothing(why));
        if audience == Audience::Customer && nothing {
            continue;
        }
        if let Some(figure) = in_force(words, story, output, audience) {
            // What the house alone notices is no step of the customer's.
            rows.extend((!figure.is_empty()).then(|| vec![name, figure]));
            continue;
        }
        if audience == Audience::Customer
            && let Some(figure) = approved(words, story, output, value)
        {
            rows.push(vec![name, figure]);
            continue;
        }
        // That it is withheld, referred or refused stands in the figure.
        let said =
            |why: &&Unknowing| !matches!(why, Unknowing::Withheld | Unknowing::Referred | Unknowing::Refused);
        let why = output.because.as_ref().filter(said).map(|why| {
            let row = words.says_nothing(why).then(|| left_open(words, story, output)).flatten();
            words.bracketed(&row.unwrap_or_else(|| words.unknowing(why)))
        });
        let figure = format!("{}{}", words.figure(value), why.unwrap_or_default());
        // What rests only on something that nobody has verified is not told as if it stood.
        let grade = story.grades.iter().find(|grade| grade.name == output.name);
        let figure = match grade.and_then(facts::provisional) {
            Some(_) => words.for_now(&figure),
            None => figure,
        };
        let figure = match (story.status, audience, words.lang) {
            ("withheld", Audience::Auditor, Lang::En) => format!("withheld (it came to {figure})"),
            ("withheld", Audience::Auditor, Lang::Zh) => format!("不予发布（算得 {figure}）"),
            ("withheld", ..) => words.pick("withheld", "不予发布").to_owned(),
            ("refused" | "final" | "open", Audience::Customer, _) if value.value.is_known() => figure,
            ("refused" | "final" | "open", Audience::Customer, Lang::En) => {
                figure.replacen("unknown", "not determined", 1)
            }
            ("refused" | "final" | "open", Audience::Customer, Lang::Zh) => {
                figure.replacen("未知", "未定", 1)
            }
            _ => figure,
        };
        rows.push(vec![name, figure]);
    }
    rows
}

/// Why the row that was taken gives no value, where the policy says it.
fn left_open(words: &Words<'_>, story: &Explanation, output: &OutputLine) -> Option<String> {
    let table = story.tables.iter().find(|table| table.name == output.name)?;
    let row = table.rows.iter().find(|row| row.rule.standing.takes_effect())?;
    let text = row.rule.reason.text.as_ref()?;
    Some(words.label(text).to_owned())
}

/// What has become of an approval, as the customer is told of it.
fn approved(words: &Words<'_>, story: &Explanation, output: &OutputLine, value: &Figure) -> Option<String> {
    let it = story.authorities.iter().find(|it| it.name == output.name)?;
    let figure = words.figure(value);
    Some(match (it.refused, value.value.is_known(), words.lang) {
        (true, _, _) => words.pick("not granted", "未获批准").to_owned(),
        (false, false, _) => words.pick("awaited", "尚待审批").to_owned(),
        (false, true, _) if it.granted.value == it.value.value => figure,
        (false, true, Lang::En) => format!("{figure} so far; the rest is awaited"),
        (false, true, Lang::Zh) => format!("已批 {figure}，其余尚待审批"),
    })
}

/// How a ladder of the customer stands, where that is no step to tell of.
fn in_force(
    words: &Words<'_>,
    story: &Explanation,
    output: &OutputLine,
    audience: Audience,
) -> Option<String> {
    let ladder = story.ladders.iter().find(|ladder| ladder.name == output.name)?;
    let [only] = ladder.items.as_slice() else { return None };
    match &only.step {
        None => Some(words.pick("no step in force", "尚无步骤").to_owned()),
        Some(step) if audience == Audience::Customer && !letter::told(only, &step.value) => {
            Some(String::new())
        }
        Some(_) => None,
    }
}
