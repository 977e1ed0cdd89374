//! Checklists, paper by paper.

use super::super::words::Words;
use super::super::{ChecklistStory, Explanation, PaperLine, PaperStanding, Standing};
use super::Audience;
use super::lines::{Lines, Side};
use crate::base::Lang;

/// The papers: for the customer those that are wanted, for sales and the auditor all.
pub(super) fn papers(words: &Words<'_>, story: &Explanation, audience: Audience, out: &mut Lines) {
    if story.checklists.is_empty() {
        return;
    }
    out.heading(words.pick("Papers", "资料"));
    for list in &story.checklists {
        if audience != Audience::Customer || list.papers.iter().any(asked) {
            one(words, list, audience, out);
        }
    }
}

/// Whether the customer is asked for a paper: it is wanted, does not hold, and is none of the house's own forms.
pub(super) fn asked(paper: &PaperLine) -> bool {
    paper.required != Some(false)
        && paper.standing != PaperStanding::Valid
        && (!paper.rule.reason.internal || paper.rule.reason.customer.is_some())
}

/// One checklist.
pub(super) fn one(words: &Words<'_>, list: &ChecklistStory, audience: Audience, out: &mut Lines) {
    let title = words.title(&list.name, &list.label);
    let complete = words.complete(list.complete.value.as_bool());
    out.line(1, &format!("{title}{}{complete}", words.pick(": ", "：")));
    let told = |paper: &&PaperLine| match audience {
        Audience::Customer => asked(paper),
        Audience::Sales => paper.required != Some(false),
        Audience::Auditor => true,
    };
    let rows: Vec<Vec<String>> =
        list.papers.iter().filter(told).map(|paper| row(words, paper, audience)).collect();
    out.table(2, &[Side::Left, Side::Left, Side::Left, Side::Left], &rows);
}

/// Whether nothing says that a paper has run out, only nobody has looked: that is not held against it in words.
fn unshown(paper: &PaperLine) -> bool {
    paper.standing == PaperStanding::Expired && paper.doubtful && paper.until.is_none()
}

/// The set of the papers that do not hold, told apart: those that have run out, and those that are not shown to be valid.
pub(super) fn expired(words: &Words<'_>, list: &ChecklistStory) -> Vec<Vec<String>> {
    let of = |doubtful: bool| -> Vec<String> {
        let papers = list.papers.iter().filter(|paper| paper.required != Some(false));
        let papers =
            papers.filter(|paper| paper.standing == PaperStanding::Expired && unshown(paper) == doubtful);
        papers.map(|paper| words.figure(&paper.paper)).collect()
    };
    let label = words.papers_of(&list.label);
    [
        (of(false), words.pick(" expired", "过期")),
        (of(true), words.pick(" not shown to be still valid", "尚未证明仍有效")),
    ]
    .into_iter()
    .filter(|(papers, _)| !papers.is_empty())
    .map(|(papers, state)| vec![format!("{label}{state}"), papers.join(words.pick(", ", "、"))])
    .collect()
}

fn row(words: &Words<'_>, paper: &PaperLine, audience: Audience) -> Vec<String> {
    let wanted = paper.required != Some(false);
    let mark = match (wanted, paper.standing) {
        (false, _) => "○",
        (true, PaperStanding::Valid) => "✓",
        (true, PaperStanding::Expired | PaperStanding::Missing) => "✗",
        (true, PaperStanding::Unknown) => "?",
    };
    let unshown = unshown(paper);
    let mut standing = match paper.standing {
        PaperStanding::Expired if unshown => {
            words.pick("provided; not shown to be still valid", "已提供，尚未证明仍有效")
        }
        PaperStanding::Valid => words.pick("provided", "已提供"),
        PaperStanding::Expired => words.pick("expired", "已过期"),
        PaperStanding::Missing | PaperStanding::Unknown => words.pick("not provided", "未提供"),
    }
    .to_owned();
    if let Some(it) = paper.counted.as_ref().filter(|_| paper.standing == PaperStanding::Valid) {
        let (own, from, lasts) = (words.phrase(it.step), words.figure(&it.from), words.figure(&it.lasts));
        standing.push_str(&match words.lang {
            Lang::En => format!(", {own} {from}, good for {lasts}"),
            Lang::Zh => format!("，{own} {from}，有效期 {lasts}"),
        });
    }
    if let Some(day) = paper.until {
        standing.push_str(&match (paper.standing, words.lang) {
            (PaperStanding::Expired, Lang::En) => format!(" after {day}"),
            (PaperStanding::Expired, Lang::Zh) => format!("，有效至 {day}"),
            (_, Lang::En) => format!(", valid until {day}"),
            (_, Lang::Zh) => format!("，有效至 {day}"),
        });
    }
    if paper.doubtful && !unshown && audience != Audience::Customer {
        standing.push_str(words.pick(" (its validity could not be judged)", "（有效性无法判断）"));
    }
    vec![mark.to_owned(), words.figure(&paper.paper), standing, why(words, paper, audience)]
}

/// Why a paper is wanted, or is not.
fn why(words: &Words<'_>, paper: &PaperLine, audience: Audience) -> String {
    let reason = words.reason(&paper.rule.reason);
    if audience == Audience::Customer {
        return reason.unwrap_or_default();
    }
    // What is not asked for is not told with the sentence that asks for it.
    let reason = reason.filter(|_| paper.required != Some(false));
    let condition = paper.rule.condition.map(|condition| words.phrase(condition));
    let mut text = match (paper.required, condition, words.lang) {
        (_, None, _) => words.pick("always required", "必备").to_owned(),
        (Some(true), Some(condition), Lang::En) => format!("required when {condition}"),
        (Some(true), Some(condition), Lang::Zh) => format!("{}须交", words.at(&condition)),
        (Some(false), Some(condition), Lang::En) => format!("not required: only when {condition}"),
        (Some(false), Some(condition), Lang::Zh) => format!("不须交：仅{}", words.at(&condition)),
        (None, Some(condition), Lang::En) => format!("could not be judged: required when {condition}"),
        (None, Some(condition), Lang::Zh) => format!("无法判断：{}须交", words.at(&condition)),
    };
    if paper.rule.standing == Standing::UnknownApplies {
        text.push_str(&words.bracketed(words.standing(paper.rule.standing)));
    }
    if let [only] = paper.rule.comparisons.as_slice() {
        let comparison = words.comparison(only);
        text.push_str(&match words.lang {
            Lang::En => format!(" ({comparison})"),
            Lang::Zh => format!("（{comparison}）"),
        });
    }
    if let Some(reason) = reason {
        text.push_str(&words.behind(&reason));
    }
    text
}
