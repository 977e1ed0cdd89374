//! What `test` tells of coverage: the table and the gaps, the files beside it, and whether it is enough.

use std::path::PathBuf;

use super::args::Format;
use super::session::{Failure, Session};
use super::table::aligned;
use crate::base::{Lang, SourceMap, Span};
use crate::diag::Diagnostic;
use crate::trial::coverage::{self, Count, Coverage, GoalKind, PolicyCoverage, Teller};

/// What is wanted of coverage.
#[derive(Debug, Default, clap::Args)]
pub struct CoverageArgs {
    /// Tell which rows, thresholds and other parts of the policies the cases exercise, and which they do not
    #[arg(long)]
    pub coverage: bool,
    /// Write the coverage as one HTML page: the policies with what was not exercised marked
    #[arg(long, value_name = "FILE")]
    pub coverage_html: Option<PathBuf>,
    /// Write the coverage as JSON
    #[arg(long, value_name = "FILE")]
    pub coverage_json: Option<PathBuf>,
    /// Write the coverage as LCOV, as genhtml and review tools read it
    #[arg(long, value_name = "FILE")]
    pub coverage_lcov: Option<PathBuf>,
    /// Fail where less than so many percent are exercised
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub threshold: Option<u8>,
}

impl CoverageArgs {
    /// Whether coverage is to be measured at all.
    #[must_use]
    pub fn wanted(&self) -> bool {
        let files = [&self.coverage_html, &self.coverage_json, &self.coverage_lcov];
        self.coverage || self.threshold.is_some() || files.iter().any(|file| file.is_some())
    }

    /// That less is exercised than was asked for; none where it is enough, or nothing was asked.
    #[must_use]
    pub fn too_little(&self, coverage: &Coverage<'_>) -> Option<Diagnostic> {
        let count = coverage.count();
        let least = self.threshold.filter(|least| !count.meets(*least))?;
        Some(too_little(coverage, least, count))
    }

    /// Tells what was measured. The table stands behind the result where that is for people; a job on GitHub has one in its summary.
    ///
    /// # Errors
    /// A file, or stdout, cannot be written.
    pub(super) fn report(
        &self,
        coverage: &Coverage<'_>,
        format: Format,
        session: &mut Session<'_>,
    ) -> Result<(), Failure> {
        let (lang, sources) = (session.lang(), &session.sources);
        let write = |path: &Option<PathBuf>, text: &dyn Fn() -> String| match path {
            Some(path) => session.write_file(path, text().as_bytes()),
            None => Ok(()),
        };
        write(&self.coverage_html, &|| coverage::html(coverage, sources, lang))?;
        write(&self.coverage_json, &|| coverage::json(coverage, sources, lang))?;
        write(&self.coverage_lcov, &|| coverage::lcov(coverage, sources))?;
        if self.coverage && matches!(format, Format::Pretty | Format::Plain) {
            let text = text(coverage, sources, lang);
            session.write(&text)?;
        }
        if format == Format::Github {
            session.job_summary(&markdown(coverage, lang))?;
        }
        session.note(&summary(coverage.count(), lang));
        Ok(())
    }
}

/// The coverage as a table for the summary of a job.
fn markdown(coverage: &Coverage<'_>, lang: Lang) -> String {
    let head = lang.pick("| policy | reached | of | % |", "| 政策 | 已覆盖 | 共 | % |");
    let mut text = format!("\n{head}\n|---|--:|--:|--:|\n");
    for policy in &coverage.policies {
        let count = policy.count(None);
        let row = format!("| {} | {} | {} | {} |\n", name(policy), count.reached, count.of, count.percent());
        text.push_str(&row);
    }
    text
}

fn summary(count: Count, lang: Lang) -> String {
    let Count { reached, of } = count;
    let percent = count.percent();
    match lang {
        Lang::En => format!("coverage: {reached} of {of} places exercised, {percent} %"),
        Lang::Zh => format!("覆盖率：{of} 处中已覆盖 {reached} 处，{percent} %"),
    }
}

fn name(policy: &PolicyCoverage<'_>) -> String {
    format!("{} {}", policy.subject.name(), policy.subject.version())
}

fn text(coverage: &Coverage<'_>, sources: &SourceMap, lang: Lang) -> String {
    let shown = |count: Count| [count.reached.to_string(), count.of.to_string(), count.percent()];
    let rows: Vec<Vec<String>> = coverage
        .policies
        .iter()
        .map(|policy| [vec![name(policy)], shown(policy.count(None)).to_vec()].concat())
        .collect();
    let heading = |first: &'static str| match lang {
        Lang::En => [first, "reached", "of", "%"],
        Lang::Zh => [first, "已覆盖", "共", "%"],
    };
    let mut text = format!("\n{}", aligned(&heading(lang.pick("policy", "政策")), &rows, &[1, 2, 3]));
    let kinds: Vec<Vec<String>> = GoalKind::ALL
        .iter()
        .map(|kind| (kind.label(lang), coverage.count_of(*kind)))
        .filter(|(_, count)| count.of > 0)
        .chain([(lang.pick("all", "合计"), coverage.count())])
        .map(|(label, count)| [vec![label.to_owned()], shown(count).to_vec()].concat())
        .collect();
    text.push_str(&format!("\n{}", aligned(&heading(lang.pick("kind", "类别")), &kinds, &[1, 2, 3])));
    for policy in &coverage.policies {
        text.push_str(&gaps(policy, sources, lang));
    }
    text
}

/// What is not exercised, and what nobody can exercise.
fn gaps(policy: &PolicyCoverage<'_>, sources: &SourceMap, lang: Lang) -> String {
    let teller = Teller::new(&policy.subject.plan, lang);
    let line = |span: Span, said: &str| format!("  {}  {said}\n", place(sources, span));
    // A row and its threshold often want the same: it is said once.
    let mut missing: Vec<String> = Vec::new();
    for (_, goal) in policy.gaps() {
        let said = line(goal.span, &teller.gap(goal));
        if !missing.contains(&said) {
            missing.push(said);
        }
    }
    let gaps = policy.gaps().count();
    let never: Vec<String> = policy
        .goals
        .iter()
        .filter_map(|goal| teller.never(goal).map(|said| line(goal.span, &said)))
        .collect();
    let mut text = String::new();
    let parts = [
        (gaps, missing, lang.pick("not exercised", "未覆盖")),
        (never.len(), never, lang.pick("cannot be reached", "无法覆盖")),
    ];
    for (count, lines, what) in parts.into_iter().filter(|(_, lines, _)| !lines.is_empty()) {
        text.push_str(&match lang {
            Lang::En => format!("\n{}, {what}: {count}\n", name(policy)),
            Lang::Zh => format!("\n{}，{what}：{count}\n", name(policy)),
        });
        text.extend(lines);
    }
    text
}

/// `rules/trade_credit.gradus:172`
fn place(sources: &SourceMap, span: Span) -> String {
    match sources.get(span.file) {
        Some(source) => format!("{}:{}", source.name(), source.line_column(span.start).line),
        None => String::from("?"),
    }
}

/// That too little is exercised, with the first places that are not.
fn too_little(coverage: &Coverage<'_>, least: u8, count: Count) -> Diagnostic {
    let mut diagnostic = Diagnostic::nowhere("E920")
        .arg("least", least)
        .arg("percent", count.percent())
        .arg("missing", count.of.saturating_sub(count.reached))
        .help("list");
    let gaps = coverage.policies.iter().flat_map(|policy| policy.gaps().map(move |(_, goal)| (policy, goal)));
    for (key, (policy, goal)) in ["first", "second", "third"].into_iter().zip(gaps) {
        let said = |lang: Lang| Teller::new(&policy.subject.plan, lang).gap(goal);
        diagnostic.span = diagnostic.span.or(Some(goal.span));
        diagnostic = diagnostic.arg_in(key, said(Lang::En), said(Lang::Zh)).label(goal.span, key);
    }
    diagnostic
}
