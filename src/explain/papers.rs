//! Checklists: each paper, why it is required, whether it is there, and until when it holds.

use std::collections::BTreeMap;

use super::condition::line;
use super::names::Name;
use super::sources::Reader;
use super::{Figure, RuleLine};
use crate::base::Str;
use crate::plan::{ChecklistItem, Item, Label, PaperItem, StepId};
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
    /// Whether its validity could not be judged, so that what the policy says of that stands.
    pub doubtful: bool,
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
    let mut doubtful = false;
    for place in 0..count {
        let of = reader.at_item(place);
        if of.holds(paper.is) != Some(true) {
            continue;
        }
        let Some(validity) = &paper.validity else { continue };
        if let Some(Value::Date(day)) = validity.until.map(|step| of.value(step)) {
            until = until.max(Some(day));
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
        doubtful,
    })
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
