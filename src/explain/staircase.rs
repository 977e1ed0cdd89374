//! Grades as a staircase: band, needs, apart, notches, caps, forces.

use super::condition::line;
use super::sources::Reader;
use super::{Figure, GradeStage, GradeStory, StageKind};
use crate::plan::{GradesItem, Item};
use crate::value::{Type, Value};

/// The story of a grade.
pub(super) fn story(reader: &Reader<'_>, item: &Item, grades: &GradesItem) -> GradeStory {
    let rules =
        |ids: Vec<crate::plan::RuleId>| ids.into_iter().filter_map(|id| line(reader, id)).collect::<Vec<_>>();
    let value = reader.figure(item.value);
    let mut stages =
        vec![GradeStage { kind: StageKind::Band, after: reader.figure(grades.by_band), rules: Vec::new() }];
    let needs = rules(grades.bands.iter().filter_map(|band| band.needs).collect());
    if !needs.is_empty() {
        stages.push(GradeStage {
            kind: StageKind::Needs,
            after: reader.figure(grades.after_needs),
            rules: needs,
        });
    }
    if !grades.notches.is_empty() {
        stages.push(GradeStage {
            kind: StageKind::Notches,
            after: reader.figure(grades.after_notches),
            rules: rules(grades.notches.iter().map(|(rule, _)| *rule).collect()),
        });
    }
    if !grades.caps.is_empty() {
        stages.push(GradeStage {
            kind: StageKind::Caps,
            after: reader.figure(grades.after_caps),
            rules: rules(grades.caps.iter().map(|(rule, _)| *rule).collect()),
        });
    }
    if !grades.apart.is_empty() {
        stages.push(GradeStage {
            kind: StageKind::Apart,
            after: value.clone(),
            rules: rules(grades.apart.iter().map(|apart| apart.rule).collect()),
        });
    }
    if !grades.forces.is_empty() {
        stages.push(GradeStage {
            kind: StageKind::Forces,
            after: value.clone(),
            rules: rules(grades.forces.iter().map(|(rule, _)| *rule).collect()),
        });
    }
    GradeStory {
        name: item.name.clone(),
        label: item.label.clone(),
        score: reader.figure(grades.score),
        score_name: reader.words(grades.score),
        because: reader.because(&value.value),
        next: next(reader, grades),
        value,
        stages,
    }
}

/// The next better band: the grade, its least score, and what the score lacks.
fn next(reader: &Reader<'_>, grades: &GradesItem) -> Option<(Figure, Figure, Figure)> {
    let score = reader.figure(grades.score);
    let Value::Code(place) = reader.value(grades.by_band) else { return None };
    let better = place.checked_sub(1)?;
    let band = grades.bands.iter().find(|band| band.code == better)?;
    let from = reader.figure(band.from);
    let lacking = super::condition::distance(&score, &from)?;
    Some((Figure { value: Value::Code(better), ty: Type::Enum(grades.scale) }, from, lacking))
}
