//! The grade staircase.

use super::super::words::Words;
use super::super::{Comparison, Explanation, GradeStory, RuleLine, ScoreStory, StageKind, Standing, Subject};
use super::Audience;
use super::lines::Lines;
use super::rules::rule;
use crate::base::Lang;
use crate::value::Value;

/// The grade staircases, stage by stage.
pub(super) fn grades(words: &Words<'_>, story: &Explanation, audience: Audience, out: &mut Lines) {
    if story.grades.is_empty() {
        return;
    }
    out.heading(words.pick("Grades", "等级"));
    for grade in &story.grades {
        one(words, &story.scores, grade, audience, out);
    }
}

/// One staircase.
pub(super) fn one(
    words: &Words<'_>,
    scores: &[ScoreStory],
    grade: &GradeStory,
    audience: Audience,
    out: &mut Lines,
) {
    let title = words.title(&grade.name, &grade.label);
    out.line(1, &format!("{title}{}{}", words.pick(": ", "："), words.figure(&grade.value)));
    if let Some(why) = &grade.because {
        out.line(2, &words.unknowing(why));
    }
    for (place, stage) in grade.stages.iter().enumerate() {
        let title = match stage.kind {
            StageKind::Band => words.pick("band", "分档"),
            StageKind::Needs => words.pick("needs", "必备条件"),
            StageKind::Notches => words.pick("notches", "升降级"),
            StageKind::Caps => words.pick("caps", "封顶"),
            StageKind::Forces => words.pick("forced", "直接评定"),
            StageKind::Apart => words.pick("apart", "另列"),
        };
        let before = place.checked_sub(1).and_then(|place| grade.stages.get(place));
        let same = before.is_some_and(|before| before.after.value == stage.after.value);
        let detail = match (stage.kind, words.lang) {
            (StageKind::Band, Lang::En) => {
                format!(" ({} {})", words.phrase(grade.score_step), words.figure(&grade.score))
            }
            (StageKind::Band, Lang::Zh) => {
                format!("（{} {}）", words.phrase(grade.score_step), words.figure(&grade.score))
            }
            (_, Lang::En) if same => String::from(" (unchanged)"),
            (_, Lang::Zh) if same => String::from("（不变）"),
            _ => String::new(),
        };
        // What a band needs concerns everybody where it is not met.
        let missed = stage.kind == StageKind::Needs && !same;
        let told =
            |it: &RuleLine| audience == Audience::Auditor || missed || it.standing != Standing::DoesNotApply;
        if audience != Audience::Auditor && same && !stage.rules.iter().any(told) {
            continue;
        }
        out.line(2, &format!("{title} → {}{detail}", words.figure(&stage.after)));
        // The score is named where the grade begins.
        if stage.kind == StageKind::Band {
            out.shorten(Some((words.phrase(grade.score_step), words.pick("score", "评分"))));
        }
        for it in &stage.rules {
            if told(it) && (audience == Audience::Auditor || !said_by_another(it, &stage.rules)) {
                rule(words, it, 3, out);
            }
        }
    }
    out.shorten(None);
    if let Some((better, from, lacking)) = grade.next.as_ref().filter(|_| lifts(grade)) {
        let (better, from, lacking) = (words.figure(better), words.bare(from), words.bare(lacking));
        out.line(
            2,
            &match words.lang {
                Lang::En => format!("next better band: {better}, from {from}; {lacking} lacking"),
                Lang::Zh => format!("上一档：{better}，{from} 起，尚差 {lacking}"),
            },
        );
    }
    for score in scores.iter().filter(|score| score.live) {
        for (_, _, other) in score.other_grades.iter().filter(|(name, ..)| *name == grade.name) {
            let card = score.other_mode.as_ref().map(|other| words.figure(other)).unwrap_or_default();
            let other = words.figure(other);
            out.line(
                2,
                &match words.lang {
                    Lang::En => {
                        format!("with what is missing treated the other way: score {card}, band {other}")
                    }
                    Lang::Zh => format!("若改用另一种缺项处理：评分 {card}，分档 {other}"),
                },
            );
        }
    }
}

/// Whether a rule is left out because something is unknown, and another beside it applies for that same reason: who does not check the
/// policy reads the one that applies.
fn said_by_another(rule: &RuleLine, beside: &[RuleLine]) -> bool {
    let unknown = |rule: &RuleLine| -> Vec<Value> {
        let sides = |it: &Comparison| {
            [Some(it.value.value.clone()), it.threshold.as_ref().map(|it| it.value.clone())]
        };
        let values = rule.comparisons.iter().flat_map(sides).flatten();
        values.filter(|value| !value.is_known()).collect()
    };
    let own = unknown(rule);
    rule.standing == Standing::UnknownDoesNot
        && beside
            .iter()
            .filter(|other| other.standing == Standing::Applies)
            .any(|other| unknown(other).iter().any(|value| own.contains(value)))
}

/// Whether more points would lift the grade: not where a condition, a cap, a force holds it, or would hold it below the next.
pub(super) fn lifts(grade: &GradeStory) -> bool {
    let next = match grade.next.as_ref().map(|(next, ..)| &next.value) {
        Some(Value::Code(next)) => *next,
        _ => 0,
    };
    let rules = grade.stages.iter().flat_map(|stage| &stage.rules);
    let holds = |rule: &RuleLine| match &rule.subject {
        Subject::Force(_) => true,
        Subject::NotAbove(cap) => matches!(cap.value, Value::Code(cap) if next < cap),
        _ => false,
    };
    if rules.into_iter().any(|rule| rule.standing.takes_effect() && holds(rule)) {
        return false;
    }
    grade.stages.iter().zip(grade.stages.iter().skip(1)).all(|(before, stage)| match stage.kind {
        StageKind::Band | StageKind::Notches => true,
        StageKind::Needs | StageKind::Caps | StageKind::Forces | StageKind::Apart => {
            before.after.value == stage.after.value
        }
    })
}
