//! A decision as it is kept and compared with what is decided later: what took effect, in the order of the policy, with exact
//! figures. Nothing in it depends on the day of writing, on where files stand, or on what weighs most today, so that a change of one
//! rule changes only the lines that it touches.

use super::super::words::Words;
use super::super::{Explanation, FactorLine, ReasonLine, ScoreStory};
use super::lines::{Lines, Side};
use super::{Audience, approval, checks, facts, judgement, ladders, money, outputs, papers, rules};
use super::{staircase, totals};
use crate::base::{Lang, Str};
use crate::plan::Plan;

/// Writes what was decided and how it came about, for people who hold it against an earlier decision.
#[must_use]
pub fn record(story: &Explanation, plan: &Plan, lang: Lang) -> String {
    // Figures are exact, as for the auditor; of the rules only those are told that took effect or could not be judged.
    let words = Words::new(plan, lang, Audience::Auditor);
    let told = Audience::Sales;
    let mut out = Lines::new();
    head(&words, story, &mut out);
    reasons(&words, story, &mut out);
    scores(&words, story, &mut out);
    staircase::grades(&words, story, told, &mut out);
    totals::totals(&words, story, told, &mut out);
    money::limits(&words, story, told, &mut out);
    judgement::exceptions(&words, story, told, &mut out);
    judgement::judgements(&words, story, told, &mut out);
    rules::stances(&words, story, told, &mut out);
    approval::approvals(&words, story, told, &mut out);
    ladders::ladders(&words, story, told, &mut out);
    checks::checks(&words, story, told, &mut out);
    papers::papers(&words, story, told, &mut out);
    facts::wanted(&words, story, told, &mut out);
    facts::open(&words, story, told, &mut out);
    out.finish()
}

fn head(words: &Words<'_>, story: &Explanation, out: &mut Lines) {
    let status = match story.status {
        "final" => words.pick("decided", "已定案"),
        "open" => words.pick("decided, questions still open", "已评定，尚有待答问题"),
        "refused" => words.pick("refused", "不予受理"),
        _ => words.pick("withheld", "不予发布"),
    };
    let (customer, decision) = (&story.customer, words.title(&story.decision.0, &story.decision.1));
    out.line(0, &format!("{customer}{}{decision}{}{status}", words.pick(": ", "："), words.pick(", ", "，")));
    for fault in &story.faults {
        out.line(1, &format!("! {}", words.fault(fault)));
    }
    outputs(words, story, Audience::Sales, out);
}

/// The rules that gave a reason, each once, with its code: `late_often  3 late payments in a year [§12]`.
fn reasons(words: &Words<'_>, story: &Explanation, out: &mut Lines) {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for line in story.reasons.iter().filter(|line| line.factor.is_none()) {
        let row = reason(words, line);
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    if rows.is_empty() {
        return;
    }
    out.heading(words.pick("Reasons, in the order of the policy", "理由（按政策次序）"));
    out.table(1, &[Side::Left, Side::Left], &rows);
}

fn reason(words: &Words<'_>, line: &ReasonLine) -> Vec<String> {
    let code = line.reason.code.clone().unwrap_or_else(|| Str::from("–"));
    let mut says = match &line.reason.text {
        Some(text) => words.label(text).to_owned(),
        None => line.address.to_string(),
    };
    if let Some(item) = &line.item {
        says = format!("{}{}{says}", words.figure(item), words.pick(": ", "："));
    }
    if let Some(cite) = &line.reason.cite {
        says.push_str(&format!(" [{cite}]"));
    }
    vec![code.to_string(), says]
}

/// The cards on which the outcome rests: what each factor weighs, is worth and brings.
fn scores(words: &Words<'_>, story: &Explanation, out: &mut Lines) {
    let live: Vec<&ScoreStory> = story.scores.iter().filter(|score| score.live).collect();
    if live.is_empty() {
        return;
    }
    out.heading(words.pick("Scores", "评分"));
    for score in live {
        let title = words.title(&score.name, &score.label);
        out.line(1, &format!("{title}{}{}", words.pick(": ", "："), words.figure(&score.value)));
        let mut rows = vec![match words.lang {
            Lang::En => ["factor", "weight", "value", "points", "brings"].map(str::to_owned).to_vec(),
            Lang::Zh => ["因素", "权重", "取值", "得分", "贡献"].map(str::to_owned).to_vec(),
        }];
        rows.extend(score.factors.iter().map(|factor| factor_row(words, factor)));
        let sides = [Side::Left, Side::Right, Side::Right, Side::Right, Side::Right];
        out.table(2, &sides, &rows);
    }
}

fn factor_row(words: &Words<'_>, factor: &FactorLine) -> Vec<String> {
    let figures = [&factor.weight, &factor.value, &factor.points, &factor.contribution];
    std::iter::once(words.title(&factor.name, &factor.label))
        .chain(figures.into_iter().map(|figure| words.bare(figure)))
        .collect()
}
