//! Grades as a staircase: band, needs, apart, notches, caps, forces.

use super::condition::line_of;
use super::sources::Reader;
use super::{Figure, GradeStage, GradeStory, RuleLine, StageKind, Subject};
use crate::plan::{GradesItem, Item, Op, StepId};
use crate::value::{Number, Type, Value};

/// The story of a grade.
pub(super) fn story(reader: &Reader<'_>, item: &Item, grades: &GradesItem) -> GradeStory {
    let grade = |code: u32| Figure { value: Value::Code(code), ty: Type::Enum(grades.scale) };
    let value = reader.figure(item.value);
    let mut stages = Vec::new();
    let mut stage = |kind: StageKind, after: Figure, rules: Vec<Option<RuleLine>>| {
        if kind == StageKind::Band || !rules.is_empty() {
            stages.push(GradeStage { kind, after, rules: rules.into_iter().flatten().collect() });
        }
    };
    // An apart grade stands beside the bands: it is found before all else, and a force may still set it aside.
    stage(StageKind::Band, reader.figure(grades.by_band), Vec::new());
    let apart =
        grades.apart.iter().map(|apart| line_of(reader, apart.rule, Subject::Apart(grade(apart.code))));
    stage(StageKind::Apart, reader.figure(grades.by_band), apart.collect());
    let needs = grades.bands.iter().filter_map(|band| Some((band.needs?, band.code)));
    let needs = needs.map(|(rule, code)| line_of(reader, rule, Subject::Needs(grade(code))));
    stage(StageKind::Needs, reader.figure(grades.after_needs), needs.collect());
    let notches = grades.notches.iter().map(|(rule, by)| line_of(reader, *rule, Subject::Notches(*by)));
    stage(StageKind::Notches, reader.figure(grades.after_notches), notches.collect());
    let caps = grades.caps.iter().map(|(rule, code)| line_of(reader, *rule, Subject::NotAbove(grade(*code))));
    stage(StageKind::Caps, reader.figure(grades.after_caps), caps.collect());
    let forces =
        grades.forces.iter().map(|(rule, code)| line_of(reader, *rule, Subject::Force(grade(*code))));
    stage(StageKind::Forces, value.clone(), forces.collect());
    GradeStory {
        name: item.name.clone(),
        label: item.label.clone(),
        score: reader.figure(grades.score),
        score_name: reader.words(grades.score),
        score_step: grades.score,
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

/// The band that this card would reach with another score; none where the grade rests on something else.
pub(super) fn band_of(
    reader: &Reader<'_>,
    grades: &GradesItem,
    card: StepId,
    score: &Number,
) -> Option<Figure> {
    let mut step = grades.score;
    while step != card {
        let Op::Same(of) = &reader.plan.steps.get(step)?.op else { return None };
        step = *of;
    }
    let band = grades.bands.iter().find(|band| match reader.value(band.from) {
        Value::Number(from) => *score > from || band.inclusive && *score == from,
        _ => false,
    })?;
    Some(Figure { value: Value::Code(band.code), ty: Type::Enum(grades.scale) })
}
