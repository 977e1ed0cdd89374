//! A decision as it is kept and compared with what is decided later: what took effect, in the order of the policy, with exact
//! figures. Nothing in it depends on the day of writing, on where files stand, or on what weighs most today, so that a change of one
//! rule changes only the lines that it touches.

use super::super::words::Words;
use super::super::{Explanation, FactorLine, Figure, ReasonLine, ScoreStory};
use super::lines::{Lines, Side};
use super::{Audience, approval, checks, facts, judgement, ladders, money, outputs, papers, rules};
use super::{staircase, totals};
use crate::base::{Lang, Str};
use crate::plan::{ItemKind, Label, Plan};
use crate::value::Value;

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
    steps(&words, story, plan, &mut out);
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

/// What the steps do that are to be done today, whom they tell, and who is asked for those that wait: a change of it moves nobody on
/// the ladder, and is a change all the same.
fn steps(words: &Words<'_>, story: &Explanation, plan: &Plan, out: &mut Lines) {
    let mut lines: Vec<String> = Vec::new();
    for ladder in &story.ladders {
        let rungs = plan.items.iter().find_map(|item| match &item.kind {
            ItemKind::Escalation(it) if item.name == ladder.name => Some(&it.rungs),
            _ => None,
        });
        for item in &ladder.items {
            let rung = |step: &Option<Figure>| match step.as_ref()?.value {
                Value::Code(code) => rungs?.get(code as usize),
                _ => None,
            };
            let mut says: Vec<String> = Vec::new();
            if let Some(rung) = rung(&item.step).filter(|_| item.act == Some(true)) {
                let actions = rung.actions.iter().map(|name| called(words, &plan.actions, name));
                says.extend(actions);
                let told = listed(words, &plan.roles, &rung.notify);
                says.extend(told.map(|who| format!("{}{who}", words.pick("tell ", "通知"))));
            }
            if let Some(rung) = rung(&item.awaiting) {
                let asked = listed(words, &plan.roles, &rung.approval);
                says.extend(asked.map(|who| format!("{}{who}", words.pick("ask ", "请批准："))));
            }
            if !says.is_empty() {
                let key = item.key.as_ref().map(|key| words.figure(key));
                let key = key.unwrap_or_else(|| words.pick("customer", "客户").to_owned());
                lines.push(format!("{key}{}{}", words.pick(": ", "："), says.join(words.pick(", ", "，"))));
            }
        }
    }
    if !lines.is_empty() {
        out.heading(words.pick("To be done, and by whom it is approved", "应办事项与批准人"));
        lines.iter().for_each(|line| out.line(1, line));
    }
}

fn called(words: &Words<'_>, known: &[(Str, Label)], name: &Str) -> String {
    let label = known.iter().find(|(own, _)| own == name).map(|(_, label)| words.label(label));
    label.filter(|label| !label.is_empty()).unwrap_or(name).to_owned()
}

/// Several of them; none where there is none.
fn listed(words: &Words<'_>, known: &[(Str, Label)], names: &[Str]) -> Option<String> {
    let names: Vec<String> = names.iter().map(|name| called(words, known, name)).collect();
    (!names.is_empty()).then(|| names.join(words.pick(" and ", "、")))
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
        None => words.address(&line.address),
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
