//! Coverage as LCOV: a line counts as often as runs reached something on it, each goal on it is a branch.

use super::lines::{Line, lines};
use super::tally::{Coverage, PolicyCoverage};
use crate::base::SourceMap;

/// The trace file that genhtml and review tools read. Goals that nobody can reach are left out.
#[must_use]
pub fn lcov(coverage: &Coverage<'_>, sources: &SourceMap) -> String {
    coverage.policies.iter().map(|policy| of_policy(policy, sources)).collect()
}

fn of_policy(policy: &PolicyCoverage<'_>, sources: &SourceMap) -> String {
    let mut text = String::new();
    for (file, lines) in lines(policy, sources) {
        let Some(source) = sources.get(file) else { continue };
        text.push_str(&format!("TN:{}\nSF:{}\n", test_name(policy), source.name()));
        let lines: Vec<(usize, Line)> =
            lines.into_iter().filter(|(_, line)| !line.goals.is_empty()).collect();
        let (mut found, mut hit) = (0_usize, 0_usize);
        for (number, line) in &lines {
            let runs = hits(policy, line);
            for (branch, goal) in line.goals.iter().enumerate() {
                let times = policy.times(*goal);
                // A branch on a line that nothing ran is not `0` but `-`.
                let taken = if runs == 0 { "-".to_owned() } else { times.to_string() };
                text.push_str(&format!("BRDA:{number},0,{branch},{taken}\n"));
                found = found.saturating_add(1);
                hit = hit.saturating_add(usize::from(times > 0));
            }
        }
        text.push_str(&format!("BRF:{found}\nBRH:{hit}\n"));
        let mut lines_hit = 0_usize;
        for (number, line) in &lines {
            let runs = hits(policy, line);
            text.push_str(&format!("DA:{number},{runs}\n"));
            lines_hit = lines_hit.saturating_add(usize::from(runs > 0));
        }
        text.push_str(&format!("LF:{}\nLH:{lines_hit}\nend_of_record\n", lines.len()));
    }
    text
}

/// How many runs reached something on a line.
fn hits(policy: &PolicyCoverage<'_>, line: &Line) -> usize {
    let runs = policy.runs.iter();
    runs.filter(|run| line.goals.iter().any(|goal| run.reached.has(*goal))).count()
}

/// The name of a test may hold letters, digits and underscores only.
fn test_name(policy: &PolicyCoverage<'_>) -> String {
    let name = policy.subject.name();
    let plain = name.chars().all(|ch| ch.is_ascii_alphanumeric() || ch == '_');
    if plain { name.to_owned() } else { String::new() }
}
