//! What came of the changes, for people, for programs, for a review, for a job on GitHub.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use super::sites::one_line;
use super::{Change, Edit, Fate, Mutation, PolicyMutants, Tried, Witness};
use crate::base::{Lang, SourceMap, Span};
use crate::diag::Severity;
use crate::diag::render::annotation;
use crate::trial::Painter;

/// So many characters of a text are shown.
const MOST_SHOWN: usize = 60;
/// So many lines of a change are shown.
const MOST_LINES: usize = 6;

/// How many changes came to what.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Score {
    /// Changes that a test noticed.
    pub killed: usize,
    /// Changes that none noticed.
    pub survived: usize,
    /// Changes that change nothing.
    pub equivalent: usize,
    /// Changes that the checker refuses.
    pub refused: usize,
    /// Changes for which no time was left.
    pub not_tried: usize,
}

impl Score {
    /// Counts.
    #[must_use]
    pub fn of<'a>(tried: impl Iterator<Item = &'a Tried>) -> Score {
        let mut score = Score::default();
        for it in tried {
            let count = match it.fate {
                Fate::Killed => &mut score.killed,
                Fate::Survived(_) => &mut score.survived,
                Fate::Equivalent => &mut score.equivalent,
                Fate::Refused(_) => &mut score.refused,
                Fate::NotTried => &mut score.not_tried,
            };
            *count = count.saturating_add(1);
        }
        score
    }

    /// Counts the changes of several policies.
    #[must_use]
    pub fn of_all(policies: &[PolicyMutants<'_>]) -> Score {
        Score::of(policies.iter().flat_map(|policy| &policy.tried))
    }

    /// How many can be noticed and were tried.
    #[must_use]
    pub fn counted(&self) -> usize {
        self.killed.saturating_add(self.survived)
    }

    /// The part of them that was noticed, in percent with one decimal, rounded down; none where there are none.
    #[must_use]
    pub fn percent(&self) -> Option<String> {
        let tenths = self.killed.checked_mul(1_000)?.checked_div(self.counted())?;
        Some(format!("{}.{}", tenths.checked_div(10)?, tenths.checked_rem(10)?))
    }

    /// Whether at least so many in a hundred were noticed.
    #[must_use]
    pub fn reaches(&self, percent: u8) -> bool {
        self.killed.saturating_mul(100) >= self.counted().saturating_mul(usize::from(percent))
    }
}

/// The survivors of all policies with the customers that tell them apart.
#[must_use]
pub fn text(policies: &[PolicyMutants<'_>], sources: &SourceMap, lang: Lang, painter: Painter) -> String {
    let mut out = String::new();
    for policy in policies.iter().filter(|policy| !policy.tried.is_empty()) {
        let score = Score::of(policy.tried.iter());
        let line = head(policy, &score, lang);
        let _ =
            writeln!(out, "{}", if score.survived == 0 { painter.good(&line) } else { painter.bad(&line) });
        for (it, witness) in survivors(policy) {
            let mutation = &it.mutation;
            let _ = writeln!(
                out,
                "\n  {} {}  {}",
                painter.bad("✗"),
                told(mutation, lang),
                painter.faint(&line_of(mutation.span, sources))
            );
            for line in lines(mutation, sources) {
                let _ = writeln!(out, "      {}", painter.faint(&line));
            }
            if let Some(witness) = witness {
                let _ = writeln!(out, "      {}", told_by(witness, lang));
                for line in witness.text.lines() {
                    let _ = writeln!(out, "        {line}");
                }
            }
        }
        if score.survived > 0 {
            out.push('\n');
        }
    }
    out
}

/// Every change that would be tried, a line each.
#[must_use]
pub fn list(policies: &[PolicyMutants<'_>], sources: &SourceMap, lang: Lang) -> String {
    let mut out = String::new();
    for it in policies.iter().flat_map(|policy| &policy.tried) {
        let _ = writeln!(out, "{}: {}", line_of(it.mutation.span, sources), told(&it.mutation, lang));
    }
    out
}

fn survivors<'p>(policy: &'p PolicyMutants<'_>) -> impl Iterator<Item = (&'p Tried, Option<&'p Witness>)> {
    policy.tried.iter().filter_map(|it| match &it.fate {
        Fate::Survived(witness) => Some((it, witness.as_deref())),
        Fate::Killed | Fate::Equivalent | Fate::Refused(_) | Fate::NotTried => None,
    })
}

fn head(policy: &PolicyMutants<'_>, score: &Score, lang: Lang) -> String {
    let subject = policy.subject;
    let (name, version, file) = (subject.name(), subject.version(), &subject.file);
    let percent = score.percent().unwrap_or_else(|| String::from("–"));
    match lang {
        Lang::En => {
            format!(
                "{name} {version} ({file}): {} of {} changes noticed, {percent} %",
                score.killed,
                score.counted()
            )
        }
        Lang::Zh => {
            format!(
                "{name} {version}（{file}）：{} 处改动中察觉 {} 处，{percent} %",
                score.counted(),
                score.killed
            )
        }
    }
}

/// One sentence on the whole run.
#[must_use]
pub fn summary(policies: &[PolicyMutants<'_>], lang: Lang) -> String {
    let score = Score::of_all(policies);
    let count = policies.iter().filter(|policy| !policy.tried.is_empty()).count();
    let percent = score.percent().unwrap_or_else(|| String::from("–"));
    let Score { killed, survived, equivalent, refused, not_tried } = score;
    let mut text = match lang {
        Lang::En => format!(
            "{} changes of {count} {}: {killed} noticed, {survived} not; {equivalent} change nothing, {refused} are refused \
             by the checker: score {percent} %",
            score.counted(),
            if count == 1 { "policy" } else { "policies" },
        ),
        Lang::Zh => format!(
            "{count} 项政策的 {} 处改动：察觉 {killed} 处，未察觉 {survived} 处；另有 {equivalent} 处无影响，{refused} 处被检查拒绝：\
             得分 {percent} %",
            score.counted(),
        ),
    };
    if not_tried > 0 {
        let _ = match lang {
            Lang::En => write!(text, "; the time ran out before {not_tried} more"),
            Lang::Zh => write!(text, "；时间用尽，尚有 {not_tried} 处未试"),
        };
    }
    text
}

/// A change in the words of the business: `weight of payment_record (characteristic): 12 → 13`.
#[must_use]
pub fn told(mutation: &Mutation, lang: Lang) -> String {
    let place = &mutation.place;
    let role = mutation.role.pick(lang);
    let construct = place.construct.trim();
    let member =
        place.member.as_deref().map(short).filter(|member| !member.is_empty() && member != construct);
    let of = match (&member, construct) {
        (Some(member), "") => member.clone(),
        (Some(member), construct) => match lang {
            Lang::En => format!("{member} ({construct})"),
            Lang::Zh => format!("{member}（{construct}）"),
        },
        (None, construct) => construct.to_owned(),
    };
    let (old, new) = (short(&mutation.old), short(&mutation.new));
    let subject = match (lang, of.is_empty()) {
        (_, true) => role.to_owned(),
        (Lang::En, false) => format!("{role} of {of}"),
        (Lang::Zh, false) => format!("{of} 的{role}"),
    };
    match mutation.change {
        Change::Number
        | Change::Border
        | Change::Bound
        | Change::AndOr
        | Change::IfUnknown
        | Change::Negated
        | Change::Operator
        | Change::Choice
        | Change::Member => format!("{subject}: {old} → {new}"),
        Change::Weights | Change::Results => format!("{subject}: {old} ↔ {new}"),
        Change::Order if member.as_deref().is_some_and(|member| member.contains('↔')) => match lang {
            Lang::En => format!("rows {of} change places"),
            Lang::Zh => format!("{of} 两行对调"),
        },
        Change::Order => format!("{subject}: {old} ↔ {new}"),
        Change::Dropped => match lang {
            Lang::En => format!("{subject} left out: {old}"),
            Lang::Zh => format!("{subject}被去掉: {old}"),
        },
        Change::Fact => match lang {
            Lang::En => format!("fact {of} unknown"),
            Lang::Zh => format!("事实 {of} 未知"),
        },
        Change::Input => match lang {
            Lang::En => format!("rule {of} cannot be judged"),
            Lang::Zh => format!("规则 {of} 无法判断"),
        },
    }
}

/// What the customer found shows.
fn told_by(witness: &Witness, lang: Lang) -> String {
    let differs: Vec<String> =
        witness.differs.iter().map(|it| format!("{} {} → {}", it.name, it.before, it.after)).collect();
    let differs = differs.join(lang.pick(", ", "，"));
    let set: Vec<String> = witness
        .changed
        .iter()
        .map(|(fact, value)| match lang {
            Lang::En => format!("{fact} {value}"),
            Lang::Zh => format!("{fact} 为 {value}"),
        })
        .collect();
    let set = set.join(lang.pick(" and ", "、"));
    let whose = match (lang, &witness.case) {
        (Lang::En, Some(case)) => format!("the customer of case “{case}”"),
        (Lang::Zh, Some(case)) => format!("案例「{case}」的客户"),
        (_, None) => lang.pick("this customer", "下列客户").to_owned(),
    };
    match (lang, set.is_empty()) {
        (Lang::En, true) => format!("{whose} tells them apart: {differs}"),
        (Lang::Zh, true) => format!("{whose}可区分两者：{differs}"),
        (Lang::En, false) => format!("{whose} with {set} tells them apart: {differs}"),
        (Lang::Zh, false) => format!("{whose}若 {set}，可区分两者：{differs}"),
    }
}

/// The lines that a change takes away and puts in their place.
fn lines(mutation: &Mutation, sources: &SourceMap) -> Vec<String> {
    let (Edit::Text(new), Some(source)) = (&mutation.edit, sources.get(mutation.span.file)) else {
        return Vec::new();
    };
    let text = source.text();
    let (start, end) = (mutation.span.start as usize, mutation.span.end as usize);
    let from = text.get(..start).and_then(|head| head.rfind('\n')).map_or(0, |at| at.saturating_add(1));
    let to = text.get(end..).and_then(|tail| tail.find('\n')).map_or(text.len(), |at| at.saturating_add(end));
    let old = text.get(from..to).unwrap_or("");
    let changed = format!("{}{new}{}", text.get(from..start).unwrap_or(""), text.get(end..to).unwrap_or(""));
    let marked = |mark: &str, text: &str| -> Vec<String> {
        text.lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| format!("{mark} {}", line.trim()))
            .collect()
    };
    let (gone, come) = (marked("-", old), marked("+", &changed));
    let is_same =
        |line: &String, others: &[String]| others.iter().any(|other| other.get(1..) == line.get(1..));
    let mut lines: Vec<String> = gone.iter().filter(|line| !is_same(line, &come)).cloned().collect();
    lines.extend(come.iter().filter(|line| !is_same(line, &gone)).cloned());
    if lines.len() > MOST_LINES { Vec::new() } else { lines }
}

/// `rules/trade_credit.gradus:172`
fn line_of(span: Span, sources: &SourceMap) -> String {
    match sources.get(span.file) {
        Some(source) => format!("{}:{}", source.name(), source.line_column(span.start).line),
        None => String::from("?"),
    }
}

/// A text on one line, and no longer than is read.
fn short(text: &str) -> String {
    let line = one_line(text);
    if line.chars().count() <= MOST_SHOWN {
        return line;
    }
    let head: String = line.chars().take(MOST_SHOWN).collect();
    format!("{}…", head.trim_end())
}

/// One document.
#[must_use]
pub fn json(policies: &[PolicyMutants<'_>], sources: &SourceMap, lang: Lang) -> String {
    let counted = |score: &Score| {
        json!({
            "score": score.percent(),
            "killed": score.killed,
            "survived": score.survived,
            "equivalent": score.equivalent,
            "refused": score.refused,
            "not_tried": score.not_tried,
        })
    };
    let mutant = |it: &Tried| -> Json {
        let (fate, code, witness) = match &it.fate {
            Fate::Killed => ("killed", None, None),
            Fate::Survived(witness) => ("survived", None, witness.as_deref()),
            Fate::Equivalent => ("equivalent", None, None),
            Fate::Refused(code) => ("refused", *code, None),
            Fate::NotTried => ("not_tried", None, None),
        };
        let at = sources.get(it.mutation.span.file).map(|source| source.line_column(it.mutation.span.start));
        let replacement = match &it.mutation.edit {
            Edit::Text(text) => Some(text.to_string()),
            Edit::Fact(..) | Edit::Input(_) => None,
        };
        json!({
            "line": at.map(|at| at.line),
            "column": at.map(|at| at.column),
            "start": it.mutation.span.start,
            "end": it.mutation.span.end,
            "replacement": replacement,
            "change": it.mutation.change.name(),
            "construct": &*it.mutation.place.construct,
            "member": it.mutation.place.member.as_deref(),
            "text": told(&it.mutation, lang),
            "fate": fate,
            "refused_by": code,
            "customer": witness.map(|witness| json!({
                "case": witness.case.as_deref(),
                "changed": witness.changed.iter().map(|(fact, value)| json!({ "fact": &**fact, "value": value })).collect::<Vec<_>>(),
                "differs": witness.differs.iter().map(|it| json!({
                    "name": &*it.name, "before": it.before, "after": it.after,
                })).collect::<Vec<_>>(),
                "text": witness.text,
            })),
        })
    };
    let of_policy = |policy: &PolicyMutants<'_>| {
        let mut document = counted(&Score::of(policy.tried.iter()));
        if let Json::Object(map) = &mut document {
            map.insert("policy".into(), json!(policy.subject.name()));
            map.insert("version".into(), json!(policy.subject.version()));
            map.insert("file".into(), json!(policy.subject.file));
            map.insert("mutants".into(), policy.tried.iter().map(mutant).collect());
        }
        document
    };
    let mut document = counted(&Score::of_all(policies));
    if let Json::Object(map) = &mut document {
        map.insert("format_version".into(), json!(1));
        map.insert("policies".into(), policies.iter().map(of_policy).collect());
    }
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

/// A table for the comment on a review.
#[must_use]
pub fn markdown(policies: &[PolicyMutants<'_>], sources: &SourceMap, lang: Lang) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "## {}\n", lang.pick("Changes that no test notices", "没有测试察觉的改动"));
    let _ = writeln!(out, "{}\n", summary(policies, lang));
    let _ = match lang {
        Lang::En => writeln!(out, "| policy | noticed | not noticed | score |\n|---|---:|---:|---:|"),
        Lang::Zh => writeln!(out, "| 政策 | 察觉 | 未察觉 | 得分 |\n|---|---:|---:|---:|"),
    };
    for policy in policies.iter().filter(|policy| !policy.tried.is_empty()) {
        let score = Score::of(policy.tried.iter());
        let percent = score.percent().map_or_else(|| String::from("–"), |percent| format!("{percent} %"));
        let (name, version) = (policy.subject.name(), policy.subject.version());
        let _ =
            writeln!(out, "| {} {version} | {} | {} | {percent} |", cell(name), score.killed, score.survived);
    }
    for policy in policies {
        for (it, witness) in survivors(policy) {
            let _ = writeln!(out, "\n### {}\n", cell(&told(&it.mutation, lang)));
            let _ = writeln!(out, "`{}`\n", line_of(it.mutation.span, sources));
            let changed = lines(&it.mutation, sources);
            if !changed.is_empty() {
                let _ = writeln!(out, "```diff\n{}\n```", changed.join("\n"));
            }
            if let Some(witness) = witness {
                let _ = writeln!(out, "\n{}\n\n```gradus\n{}\n```", told_by(witness, lang), witness.text);
            }
        }
    }
    out
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// An annotation a survivor.
#[must_use]
pub fn github(policies: &[PolicyMutants<'_>], sources: &SourceMap, lang: Lang) -> String {
    let mut out = String::new();
    let title = lang.pick("no test notices this change", "没有测试察觉这处改动");
    for (it, witness) in policies.iter().flat_map(survivors) {
        let mut text = told(&it.mutation, lang);
        if let Some(witness) = witness {
            let _ = write!(text, "\n{}\n{}", told_by(witness, lang), witness.text);
        }
        out.push_str(&annotation(Severity::Warning, sources, Some(it.mutation.span), title, &text));
    }
    out
}
