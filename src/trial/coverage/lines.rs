//! Goals by the lines on which they stand.

use std::collections::BTreeMap;

use super::tally::PolicyCoverage;
use crate::base::{FileId, SourceMap};

/// A line with goals.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Line {
    /// The goals that somebody can reach, by their places.
    pub(super) goals: Vec<usize>,
    /// Those that nobody can.
    pub(super) never: Vec<usize>,
}

/// The lines of the files of a policy that hold goals, by file and number from 1.
pub(super) fn lines(
    policy: &PolicyCoverage<'_>,
    sources: &SourceMap,
) -> BTreeMap<FileId, BTreeMap<usize, Line>> {
    let mut files: BTreeMap<FileId, BTreeMap<usize, Line>> = BTreeMap::new();
    for (place, goal) in policy.goals.iter().enumerate() {
        let Some(source) = sources.get(goal.span.file) else { continue };
        let number = source.line_column(goal.span.start).line;
        let line = files.entry(goal.span.file).or_default().entry(number).or_default();
        if goal.never.is_some() { line.never.push(place) } else { line.goals.push(place) }
    }
    files
}
