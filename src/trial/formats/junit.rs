//! JUnit XML, which every build server shows as a table of tests.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::{Check, Findings, Group, Verdict, line};
use crate::diag::Diagnostic;
use crate::diag::render::{Told, tell};

/// One document: a suite for each policy, a test for each thing tried. What kept policies from being tried is a suite of
/// errors. No clock is in it: the same run gives the same bytes.
#[must_use]
pub fn junit(findings: &Findings<'_>) -> String {
    let mut report = Report::new("gradus test");
    for group in &findings.groups {
        report.add_test_suite(suite(group, findings));
    }
    for (name, told) in [("gradus check", findings.wrong), ("gradus test", findings.whole)] {
        if !told.is_empty() {
            let mut wrong = TestSuite::new(name);
            for diagnostic in told {
                wrong.add_test_case(mistake(diagnostic, findings));
            }
            report.add_test_suite(wrong);
        }
    }
    // Names hold what people write; the library leaves out the characters that XML cannot hold.
    let mut text = report.to_string().unwrap_or_default();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

fn suite(group: &Group, findings: &Findings<'_>) -> TestSuite {
    let mut suite = TestSuite::new(group.name.as_str());
    suite.extra.insert("file".into(), group.file.as_str().into());
    for check in &group.checks {
        suite.add_test_case(test(group, check, findings));
    }
    suite
}

fn test(group: &Group, check: &Check, findings: &Findings<'_>) -> TestCase {
    let kind = match &check.verdict {
        Verdict::Passed => None,
        Verdict::Failed(_) => Some(NonSuccessKind::Failure),
        Verdict::Error(_) => Some(NonSuccessKind::Error),
    };
    let status = match kind {
        None => TestCaseStatus::success(),
        Some(kind) => {
            let mut status = TestCaseStatus::non_success(kind);
            let sentences: Vec<String> =
                check.misses().iter().map(|miss| miss.sentence(findings.lang)).collect();
            let lines: Vec<String> =
                check.misses().iter().flat_map(|miss| miss.lines(findings.lang)).collect();
            status
                .set_message(sentences.join("\n"))
                .set_type(check.kind.rule())
                .set_description(lines.join("\n"));
            status
        }
    };
    let mut test = TestCase::new(check.name.as_str(), status);
    test.set_classname(group.name.split(' ').next().unwrap_or(&group.name));
    if let Some((file, line)) =
        check.place.map(|place| line(place, findings.sources)).as_deref().and_then(parts)
    {
        test.extra.insert("file".into(), file.into());
        test.extra.insert("line".into(), line.into());
    }
    test
}

fn mistake(diagnostic: &Diagnostic, findings: &Findings<'_>) -> TestCase {
    let Told { code, name, message, main, helps, .. } = tell(diagnostic, findings.lang);
    let said: Vec<String> = main.into_iter().map(|(_, words)| words).chain(helps).collect();
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    let place = diagnostic.span.map(|span| line(span, findings.sources)).unwrap_or_default();
    status.set_message(message).set_type(code).set_description(said.join("\n"));
    let mut test = TestCase::new(format!("{code} {name}"), status);
    test.set_classname("check");
    if let Some((file, line)) = parts(&place) {
        test.extra.insert("file".into(), file.into());
        test.extra.insert("line".into(), line.into());
    }
    test
}

/// The file and the line of a place.
fn parts(place: &str) -> Option<(&str, &str)> {
    place.rsplit_once(':')
}
