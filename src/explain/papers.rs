//! Checklists: each paper, why it is required, whether it is there, and until when it holds.

use std::collections::BTreeMap;

use super::condition::line;
use super::names::Name;
use super::sources::Reader;
use super::{Figure, RuleLine};
use crate::base::Str;
use crate::plan::{ChecklistItem, Item, Label, Op, PaperItem, StepId};
use crate::value::{Date, Type, Value};

/// A checklist.
#[derive(Clone, Debug)]
pub struct ChecklistStory {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// Whether all that is required is there and holds; unknown where nobody gave the list.
    pub complete: Figure,
    /// The papers in the order of the policy.
    pub papers: Vec<PaperLine>,
}

/// A paper.
#[derive(Clone, Debug)]
pub struct PaperLine {
    /// Which.
    pub paper: Figure,
    /// Why it is required, or would be.
    pub rule: RuleLine,
    /// Whether it is required.
    pub required: Option<bool>,
    /// How it stands.
    pub standing: PaperStanding,
    /// The last day of the one that holds longest, where days are counted.
    pub until: Option<Date>,
    /// Where that day was counted: from which of the paper's own, and for how long.
    pub counted: Option<Counted>,
    /// Whether its validity could not be judged, so that what the policy says of that stands.
    pub doubtful: bool,
}

/// How the last day of a paper was counted: the step of the day that it bears, that day, how long it is good for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Counted {
    /// The step of the day.
    pub step: StepId,
    /// The day.
    pub from: Figure,
    /// How long.
    pub lasts: Figure,
}

/// How a paper stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PaperStanding {
    /// There, and it holds.
    Valid,
    /// There, and it holds no longer.
    Expired,
    /// Not there.
    Missing,
    /// Nobody gave the list.
    Unknown,
}

impl PaperStanding {
    /// The word for it in files: `valid`, `expired`, `missing`, `unknown`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            PaperStanding::Valid => "valid",
            PaperStanding::Expired => "expired",
            PaperStanding::Missing => "missing",
            PaperStanding::Unknown => "unknown",
        }
    }
}

/// The story of a checklist.
pub(super) fn story(reader: &Reader<'_>, item: &Item, it: &ChecklistItem) -> ChecklistStory {
    let papers = it.papers.iter().filter_map(|paper| paper_line(reader, it, paper)).collect();
    ChecklistStory {
        name: item.name.clone(),
        label: item.label.clone(),
        complete: reader.figure(item.value),
        papers,
    }
}

fn paper_line(reader: &Reader<'_>, it: &ChecklistItem, paper: &PaperItem) -> Option<PaperLine> {
    let count = reader.facts.records(it.list).map_or(0, |records| records.items);
    let mut until: Option<Date> = None;
    let mut counted: Option<Counted> = None;
    let mut doubtful = false;
    for place in 0..count {
        let of = reader.at_item(place);
        if of.holds(paper.is) != Some(true) {
            continue;
        }
        let Some(validity) = &paper.validity else { continue };
        if let Some(step) = validity.until
            && let Value::Date(day) = of.value(step)
            && until.is_none_or(|known| known < day)
        {
            (until, counted) = (Some(day), self::counted(&of, step));
        }
        let condition = reader.plan.rules.get(validity.rule).and_then(|rule| rule.condition);
        doubtful |= condition.is_some_and(|condition| !of.value(condition).is_known());
    }
    let standing = match (reader.holds(paper.given), reader.holds(paper.holds)) {
        (_, Some(true)) => PaperStanding::Valid,
        (Some(true), _) => PaperStanding::Expired,
        (Some(false), _) => PaperStanding::Missing,
        (None, _) => PaperStanding::Unknown,
    };
    Some(PaperLine {
        paper: Figure { value: Value::Code(paper.code), ty: Type::Enum(it.kind) },
        rule: line(reader, paper.rule)?,
        required: reader.holds(paper.required),
        standing,
        until,
        counted,
        doubtful,
    })
}

/// How a day was counted from another, where it was.
fn counted(reader: &Reader<'_>, step: StepId) -> Option<Counted> {
    match &reader.plan.steps.get(step)?.op {
        Op::Same(of) => counted(reader, *of),
        Op::IfUnknown(of, other) => counted(reader, if reader.value(*of).is_known() { *of } else { *other }),
        Op::Pick { of, .. } => {
            let day = reader.value(step);
            counted(reader, *of.iter().find(|one| reader.value(**one) == day)?)
        }
        Op::AddDays(from, lasts) | Op::AddMonths(from, lasts, _) => {
            Some(Counted { step: *from, from: reader.figure(*from), lasts: reader.figure(*lasts) })
        }
        _ => None,
    }
}

/// What the sets of a checklist are called.
pub(super) fn names(item: &Item, papers: &ChecklistItem, names: &mut BTreeMap<StepId, Name>) {
    let (required, missing, expired) = papers.sets;
    for (step, part, en, zh) in [
        (required, "required", "required", "应交"),
        (missing, "missing", "missing", "缺交"),
        // In the set is what has run out, and what nobody has shown to hold still.
        (expired, "expired", "not shown to be valid", "未证明有效"),
    ] {
        let label = Label {
            en: Str::from(format!("{} · {en}", item.label.en)),
            zh: Str::from(format!("{}·{zh}", item.label.zh)),
        };
        names.insert(step, Name { name: Str::from(format!("{}.{part}", item.name)), label });
    }
}
