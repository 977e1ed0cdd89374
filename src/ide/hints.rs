//! What a card comes to, said behind its name: the total of its weights, and the scores that it can give.

use super::View;
use super::words;
use crate::check::hir::{self, DefinitionKind};
use crate::value::Number;

/// A short text shown in a line, behind a byte of the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hint {
    /// Behind which byte.
    pub offset: u32,
    /// What it says.
    pub text: String,
    /// What it says at length.
    pub why: String,
}

/// The hints of a file, in its order.
#[must_use]
pub fn hints(view: &View<'_>) -> Vec<Hint> {
    let mut hints = Vec::new();
    for value in view.program.values.iter().filter(|value| value.name_span.file == view.file) {
        if let DefinitionKind::Scorecard(card) = &value.kind {
            weights(view, value, card, &mut hints);
            scores(view, value, &mut hints);
        }
    }
    hints.sort_by_key(|hint| hint.offset);
    hints
}

/// The total of the weights: of the card, and of each of several sections.
fn weights(view: &View<'_>, value: &hir::Definition, card: &hir::Scorecard, hints: &mut Vec<Hint>) {
    // Weights of 70% and 30% come to 100%, as they are written.
    let written = |factor: &hir::Factor| {
        let head = view.text.get(factor.span.range()).and_then(|text| text.split('{').next());
        head.is_some_and(|head| head.contains(['%', '％']))
    };
    let percent = card.factors.iter().filter(|factor| factor.weight.is_some()).all(written);
    let sum = |section: Option<u32>| {
        let within = card.factors.iter().filter(|it| section.is_none() || it.section == section);
        let weights: Vec<&Number> = within.filter_map(|factor| factor.weight.as_ref()).collect();
        let total = Number::sum(weights.iter().copied());
        let shown =
            if percent { format!("{}%", total.mul(&Number::from_i64(100))) } else { total.to_string() };
        (!weights.is_empty()).then_some(shown)
    };
    let total = view.lang.pick("weights", "权重合计");
    if let Some(all) = sum(None) {
        let why = view.lang.pick("the total of the weights of all factors", "全部因素的权重合计");
        hints.push(Hint { offset: value.name_span.end, text: format!("{total} {all}"), why: why.to_owned() });
    }
    if card.sections.len() > 1 {
        for (place, section) in (0..).zip(&card.sections) {
            let Some(of) = sum(Some(place)) else { continue };
            let name = view.text.get(section.span.range()).and_then(|text| text.find(&*section.name));
            let name = name.and_then(|at| u32::try_from(at.saturating_add(section.name.len())).ok());
            let Some(behind) = name else { continue };
            let why = view.lang.pick("the total of the weights of this section", "本组因素的权重合计");
            hints.push(Hint {
                offset: section.span.start.saturating_add(behind),
                text: format!("{total} {of}"),
                why: why.to_owned(),
            });
        }
    }
}

/// The least and the greatest score that a customer can get.
fn scores(view: &View<'_>, value: &hir::Definition, hints: &mut Vec<Hint>) {
    let Some(plan) = view.plan else { return };
    let Some(item) = plan.items.iter().find(|item| item.span == value.span) else { return };
    let Some((low, high)) = plan.steps.get(item.value).and_then(|step| step.bounds.range.clone()) else {
        return;
    };
    let text = words::range(Some((&low, true)), Some((&high, true)), &value.ty).unwrap_or_default();
    let why = view
        .lang
        .pick("the least and the greatest score that a customer can get", "客户可能得到的最低分与最高分");
    let scores = view.lang.pick("scores", "得分");
    hints.push(Hint { offset: value.name_span.end, text: format!("{scores} {text}"), why: why.to_owned() });
}
