//! Marks on the lines of a change, as a job on GitHub sets them.

use super::Findings;
use crate::diag::render::{annotation, github};
use crate::diag::{Diagnostic, Severity};

/// One annotation for each mistake, and for each check that did not end as it must.
#[must_use]
pub fn annotations(findings: &Findings<'_>) -> String {
    let told: Vec<Diagnostic> = findings.told().cloned().collect();
    let mut out = github(&told, findings.sources, findings.lang);
    for (group, check) in findings.failed() {
        let lines: Vec<String> = check.misses().iter().flat_map(|miss| miss.lines(findings.lang)).collect();
        let title = check.title(group, findings.lang);
        out.push_str(&annotation(Severity::Error, findings.sources, check.place, &title, &lines.join("\n")));
    }
    out
}
