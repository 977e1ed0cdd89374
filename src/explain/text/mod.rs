//! The story as text, in English or Chinese, for the customer, for sales, for the auditor.

mod approval;
mod book;
mod checks;
mod excerpt;
mod facts;
mod interest;
mod judgement;
mod ladders;
mod lines;
mod money;
mod needs;
mod papers;
mod rules;
mod scores;
mod staircase;
mod totals;

use super::words::Words;
use super::{Explanation, Unknowing};
use crate::base::Lang;
use crate::plan::Plan;

pub(super) use book::silence as book_silence;
pub use excerpt::{Run, excerpt, unknown_because};
pub use needs::needs_text;

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

/// Writes the story for a reader.
#[must_use]
pub fn render(story: &Explanation, plan: &Plan, lang: Lang, audience: Audience) -> String {
    let words = Words::new(plan, lang, audience);
    let mut out = lines::Lines::new();
    head(&words, story, audience, &mut out);
    rules::reasons(&words, story, audience, &mut out);
    match audience {
        Audience::Customer => {
            judgement::told(&words, story, &mut out);
            papers::papers(&words, story, audience, &mut out);
            facts::wanted(&words, story, audience, &mut out);
            facts::open(&words, story, audience, &mut out);
            ladders::told(&words, story, &mut out);
            checks::told(&words, story, &mut out);
        }
        Audience::Sales => {
            staircase::grades(&words, story, audience, &mut out);
            totals::totals(&words, story, audience, &mut out);
            money::limits(&words, story, audience, &mut out);
            judgement::exceptions(&words, story, audience, &mut out);
            judgement::judgements(&words, story, audience, &mut out);
            book::told(&words, story, audience, &mut out);
            scores::lost(&words, story, &mut out);
            rules::stances(&words, story, audience, &mut out);
            approval::approvals(&words, story, audience, &mut out);
            ladders::ladders(&words, story, audience, &mut out);
            checks::checks(&words, story, audience, &mut out);
            papers::papers(&words, story, audience, &mut out);
            facts::wanted(&words, story, audience, &mut out);
            facts::open(&words, story, audience, &mut out);
            rules::notes(&words, story, &mut out);
        }
        Audience::Auditor => {
            staircase::grades(&words, story, audience, &mut out);
            totals::totals(&words, story, audience, &mut out);
            money::limits(&words, story, audience, &mut out);
            judgement::exceptions(&words, story, audience, &mut out);
            judgement::judgements(&words, story, audience, &mut out);
            book::told(&words, story, audience, &mut out);
            scores::scores(&words, story, &mut out);
            rules::tables(&words, story, &mut out);
            rules::stances(&words, story, audience, &mut out);
            approval::approvals(&words, story, audience, &mut out);
            ladders::ladders(&words, story, audience, &mut out);
            checks::checks(&words, story, audience, &mut out);
            papers::papers(&words, story, audience, &mut out);
            facts::values(&words, story, &mut out);
            facts::wanted(&words, story, audience, &mut out);
            facts::open(&words, story, audience, &mut out);
            rules::notes(&words, story, &mut out);
            rules::not_judged(&words, story, &mut out);
            facts::roundings(&words, story, &mut out);
            facts::always(&words, story, &mut out);
            facts::facts(&words, story, &mut out);
        }
    }
    out.finish()
}

/// The status in one sentence, and what was decided with what.
fn head(words: &Words<'_>, story: &Explanation, audience: Audience, out: &mut lines::Lines) {
    let outcome: Vec<String> = story
        .outputs
        .iter()
        .filter_map(|output| {
            let name = words.plain(&output.name, &output.label);
            let figure = words.figure(output.value.as_ref()?);
            // That it is withheld, referred or refused stands in the figure.
            let said = |why: &&Unknowing| {
                !matches!(why, Unknowing::Withheld | Unknowing::Referred | Unknowing::Refused)
            };
            Some(match (output.because.as_ref().filter(said), words.lang) {
                (Some(why), Lang::En) => format!("{name} {figure} ({})", words.unknowing(why)),
                (Some(why), Lang::Zh) => format!("{name} {figure}（{}）", words.unknowing(why)),
                (None, _) => format!("{name} {figure}"),
            })
        })
        .collect();
    let outcome = outcome.join(words.pick("; ", "；"));
    let status = match (story.status, audience) {
        ("final", _) => words.pick("is decided", "已定案"),
        ("open", _) => words.pick("is decided, with questions still open", "已评定，尚有待答问题"),
        ("refused", _) if story.authorities.iter().any(|it| it.refused) => {
            words.pick("is refused", "未获批准")
        }
        ("refused", _) => {
            words.pick("is refused: the policy wants facts that were not given", "被拒绝：缺少政策要求的资料")
        }
        (_, Audience::Customer) => {
            words.pick("is being checked; nothing is granted yet", "正在核查，暂不核定")
        }
        _ => words.pick(
            "is withheld: the result breaks what must always hold",
            "不予发布：结果违反了必须始终成立的规则",
        ),
    };
    let none = outcome.is_empty() || story.status == "withheld" && audience == Audience::Customer;
    out.line(
        0,
        &match (words.lang, none) {
            (Lang::En, true) => format!("Customer {} {status}.", story.customer),
            (Lang::En, false) => format!("Customer {} {status}: {outcome}.", story.customer),
            (Lang::Zh, true) => format!("客户 {} {status}。", story.customer),
            (Lang::Zh, false) => format!("客户 {} {status}：{outcome}。", story.customer),
        },
    );
    let (name, label, version, digest) = &story.policy;
    let decision = words.title(&story.decision.0, &story.decision.1);
    let policy = words.title(name, label);
    let currency = words.currency().map(|currency| currency.to_string()).unwrap_or_default();
    let short: String = digest.chars().take(19).collect();
    let auditor = audience == Audience::Auditor;
    out.line(
        0,
        &match words.lang {
            Lang::En => format!(
                "{decision}, by {policy} {version}{}, as of {}; amounts in {currency}",
                if auditor { format!(" ({short}…)") } else { String::new() },
                story.as_of
            ),
            Lang::Zh => format!(
                "{decision}，依据{}{policy} {version}{}，截至 {}；金额单位 {currency}",
                if policy.is_ascii() { " " } else { "" },
                if auditor { format!("（{short}…）") } else { String::new() },
                story.as_of
            ),
        },
    );
    if audience != Audience::Customer {
        for fault in &story.faults {
            out.line(1, &format!("! {}", words.fault(fault)));
        }
    }
}
