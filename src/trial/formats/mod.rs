//! What a run found, in the formats of those who take such findings: JUnit, SARIF, annotations, Markdown.
//!
//! All of them show the same [`Findings`], whatever was tried: cases, snapshots. A module that tries something else adds its
//! [`Group`]s.

mod annotations;
mod junit;
mod md;
mod sarif;

pub use annotations::annotations;
pub use junit::junit;
pub use md::md;
pub use sarif::sarif;

use super::run::{CaseTrial, PolicyTrial};
use super::words::{Miss, misses};
use crate::base::{Lang, SourceMap, Span};
use crate::diag::Diagnostic;

/// All that a run found.
#[derive(Clone, Debug)]
pub struct Findings<'a> {
    /// What was tried, grouped as people look for it: by policy.
    pub groups: Vec<Group>,
    /// What kept policies and case files from being tried.
    pub wrong: &'a [Diagnostic],
    /// What is found of the run as a whole: nothing was tried, too little is covered, snapshots that nothing asks for.
    pub whole: &'a [Diagnostic],
    /// The run in a sentence or two.
    pub headline: Vec<String>,
    /// The texts.
    pub sources: &'a SourceMap,
    /// The language of people.
    pub lang: Lang,
}

/// What was tried of one policy, or of another whole.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group {
    /// Its name: `trade_credit 2026.4`.
    pub name: String,
    /// Its file.
    pub file: String,
    /// Each thing that was tried, in its order.
    pub checks: Vec<Check>,
}

/// One thing that was tried.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Check {
    /// What it is.
    pub kind: CheckKind,
    /// Its name.
    pub name: String,
    /// The place that a reader should look at: the case, the edit that moved a snapshot.
    pub place: Option<Span>,
    /// How it ended.
    pub verdict: Verdict,
}

/// What was tried.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum CheckKind {
    /// A case.
    Case,
    /// A decision against its snapshot.
    Snapshot,
}

/// How it ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// As it must.
    Passed,
    /// Otherwise; each difference.
    Failed(Vec<Miss>),
    /// It could not be tried; why.
    Error(Vec<Miss>),
}

impl CheckKind {
    /// The rule that a finding breaks, as code hosts know it; never translated.
    #[must_use]
    pub fn rule(self) -> &'static str {
        match self {
            CheckKind::Case => "case-fails",
            CheckKind::Snapshot => "snapshot-differs",
        }
    }

    fn word(self, lang: Lang) -> &'static str {
        match self {
            CheckKind::Case => lang.pick("case", "案例"),
            CheckKind::Snapshot => lang.pick("snapshot", "快照"),
        }
    }
}

impl Check {
    /// What came out otherwise, or kept it from being tried; empty where all is well.
    #[must_use]
    pub fn misses(&self) -> &[Miss] {
        match &self.verdict {
            Verdict::Passed => &[],
            Verdict::Failed(misses) | Verdict::Error(misses) => misses,
        }
    }

    /// `case "late" of trade_credit fails`
    fn title(&self, group: &Group, lang: Lang) -> String {
        let policy = group.name.split(' ').next().unwrap_or(&group.name);
        let (word, name) = (self.kind.word(lang), &self.name);
        match (self.kind, lang) {
            (CheckKind::Case, Lang::En) => format!("{word} \"{name}\" of {policy} fails"),
            (CheckKind::Case, Lang::Zh) => format!("{policy} 的{word} “{name}” 未通过"),
            (CheckKind::Snapshot, Lang::En) => format!("{word} {name} differs"),
            (CheckKind::Snapshot, Lang::Zh) => format!("{word} {name} 不同"),
        }
    }
}

impl Findings<'_> {
    /// All that is told beside checks.
    fn told(&self) -> impl Iterator<Item = &Diagnostic> {
        self.wrong.iter().chain(self.whole)
    }

    /// Each check that did not end as it must, with its group.
    fn failed(&self) -> impl Iterator<Item = (&Group, &Check)> {
        let all = self.groups.iter().flat_map(|group| group.checks.iter().map(move |check| (group, check)));
        all.filter(|(_, check)| check.verdict != Verdict::Passed)
    }
}

/// The cases of policies as groups of checks.
#[must_use]
pub fn groups(policies: &[PolicyTrial<'_>], lang: Lang) -> Vec<Group> {
    let tried = policies.iter().filter(|policy| !policy.cases.is_empty());
    tried
        .map(|policy| Group {
            name: format!("{} {}", policy.subject.name(), policy.subject.version()),
            file: policy.subject.file.clone(),
            checks: policy.cases.iter().map(|case| check(policy, case, lang)).collect(),
        })
        .collect()
}

fn check(policy: &PolicyTrial<'_>, case: &CaseTrial, lang: Lang) -> Check {
    let verdict = match (case.result.passed(), case.result.errors.is_empty()) {
        (true, _) => Verdict::Passed,
        (false, true) => Verdict::Failed(misses(policy, case, lang)),
        (false, false) => Verdict::Error(misses(policy, case, lang)),
    };
    Check { kind: CheckKind::Case, name: case.case.name.to_string(), place: Some(case.case.span), verdict }
}

/// `rules/trade_credit.gradus:172`
fn line(span: Span, sources: &SourceMap) -> String {
    match sources.get(span.file) {
        Some(source) => format!("{}:{}", source.name(), source.line_column(span.start).line),
        None => String::from("?"),
    }
}
