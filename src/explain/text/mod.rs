//! The story as text, in English or Chinese, for the customer, for sales, for the auditor.

mod excerpt;
mod lines;
mod sections;

pub use excerpt::{Run, excerpt, unknown_because};

use super::words::Words;
use super::{Explanation, Figure};
use crate::base::Lang;
use crate::plan::Plan;
use crate::value::Value;

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
    let words = Words::new(plan, lang);
    let mut out = lines::Lines::new();
    head(&words, story, &mut out);
    match audience {
        Audience::Customer => {
            sections::reasons(&words, story, &mut out);
            sections::wanted(&words, story, &mut out, audience);
        }
        Audience::Sales => {
            sections::grades(&words, story, &mut out, audience);
            sections::limits(&words, story, &mut out);
            sections::lost(&words, story, &mut out);
            sections::stances(&words, story, &mut out);
            sections::ladders(&words, story, &mut out, audience);
            sections::wanted(&words, story, &mut out, audience);
        }
        Audience::Auditor => {
            sections::grades(&words, story, &mut out, audience);
            sections::limits(&words, story, &mut out);
            sections::scores(&words, story, &mut out);
            sections::tables(&words, story, &mut out);
            sections::stances(&words, story, &mut out);
            sections::ladders(&words, story, &mut out, audience);
            sections::values(&words, story, &mut out);
            sections::wanted(&words, story, &mut out, audience);
            sections::not_judged(&words, story, &mut out);
            sections::roundings(&words, story, &mut out);
            sections::always(&words, story, &mut out);
            sections::facts(&words, story, &mut out);
        }
    }
    out.finish()
}

/// The status in one sentence, and what was decided with what.
fn head(words: &Words<'_>, story: &Explanation, out: &mut lines::Lines) {
    let outcome: Vec<String> = story
        .outputs
        .iter()
        .filter_map(|output| {
            let name = words.plain(&output.name, &output.label);
            let figure = output.value.as_ref()?;
            Some(match &output.because {
                Some(why) => format!(
                    "{name} {} ({})",
                    shown(words, figure, output.because.as_ref()),
                    words.unknowing(why)
                ),
                None => format!("{name} {}", words.figure(figure)),
            })
        })
        .collect();
    let outcome = outcome.join(words.pick(", ", "，"));
    let status = match story.status {
        "final" => words.pick("decided", "已定案"),
        "open" => words.pick("decided, with questions still open", "已评定，尚有待答问题"),
        "refused" => words.pick("refused", "已拒绝"),
        _ => words.pick(
            "withheld: the decision breaks a rule that must always hold",
            "不予发布：结果违反了必须始终成立的规则",
        ),
    };
    let (name, label, version, digest) = &story.policy;
    let sentence = match words.lang {
        Lang::En => format!(
            "Customer {}: {status}{}{outcome}.",
            story.customer,
            if outcome.is_empty() { "" } else { ": " }
        ),
        Lang::Zh => format!(
            "客户 {}：{status}{}{outcome}。",
            story.customer,
            if outcome.is_empty() { "" } else { "：" }
        ),
    };
    out.line(0, &sentence);
    let short: String = digest.chars().take(19).collect();
    out.line(
        0,
        &match words.lang {
            Lang::En => format!(
                "{} by {} {version} ({short}…), as of {}",
                words.title(&story.decision.0, &story.decision.1),
                words.title(name, label),
                story.as_of
            ),
            Lang::Zh => format!(
                "{}，依据 {} {version}（{short}…），截至 {}",
                words.title(&story.decision.0, &story.decision.1),
                words.title(name, label),
                story.as_of
            ),
        },
    );
    for fault in &story.faults {
        out.line(1, &format!("! {}", words.fault(fault)));
    }
}

/// A figure, where it is withheld said so.
fn shown(words: &Words<'_>, figure: &Figure, because: Option<&super::Unknowing>) -> String {
    match (&figure.value, because) {
        (Value::Unknown(_), Some(super::Unknowing::Withheld)) => {
            words.pick("withheld", "不予核定").to_owned()
        }
        _ => words.figure(figure),
    }
}
