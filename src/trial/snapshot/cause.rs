//! Why a decision is another than the one that was accepted: each edit of the rules since then is undone alone, and it is decided
//! again. An edit without which the decision would be another plays a part; one that changes nothing by being undone does not.

use std::collections::BTreeMap;

use super::Subject;
use super::edits::{Called, Edit, called};
use super::file::Snapshot;
use super::signed::Signed;
use crate::base::{Lang, SourceMap};
use crate::plan::Plan;

/// So many edits are undone one by one; of more, those of one construct are undone together.
const MOST_EDITS: usize = 24;

/// Why a decision is another.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Causes {
    /// The edits that play a part.
    pub edits: Vec<Called>,
    /// None of them alone does it, all of them together do.
    pub together: bool,
    /// The facts are others.
    pub facts: bool,
    /// The day before and the day now.
    pub day: Option<(String, String)>,
    /// The parameters that were set are others.
    pub set: bool,
    /// What the rules said is no longer known: the file of that digest is not there.
    pub lost: bool,
    /// The text that was accepted is another than was signed for, or is gone: who signed, and on which day.
    pub by_hand: Option<(String, String)>,
    /// Nothing that is compared here is another: the program that decides is.
    pub program: bool,
    /// Nobody's acceptance of the text is recorded.
    pub unsigned: bool,
}

impl Causes {
    /// Each cause by the address under which it is accepted, and in words: the edits, and what is no edit of the rules.
    #[must_use]
    pub fn named(&self, lang: Lang) -> Vec<(String, String)> {
        let placed = |edit: &Called| match edit.place.is_empty() {
            true => edit.words.clone(),
            false => format!("{} ({})", edit.words, edit.place),
        };
        let mut found: Vec<(String, String)> =
            self.edits.iter().map(|edit| (edit.address.clone(), placed(edit))).collect();
        let mut add =
            |name: &str, is: bool, words: &str| found.extend(is.then(|| (name.to_owned(), words.to_owned())));
        add("facts", self.facts, lang.pick("the facts changed", "资料有变"));
        add("day", self.day.is_some(), lang.pick("the day changed", "评定日有变"));
        add("parameters", self.set, lang.pick("the parameters that are set changed", "所设参数有变"));
        add("policy", self.lost, lang.pick("the policy changed", "政策有变"));
        let by_hand = lang.pick("the text of the snapshot was changed by hand", "快照文字经人工改动");
        add("text", self.by_hand.is_some(), by_hand);
        add("program", self.program, lang.pick("gradus itself changed", "gradus 本身有变"));
        found
    }

    /// Each cause in words.
    #[must_use]
    pub fn sentence(&self, lang: Lang) -> Vec<String> {
        let mut says: Vec<String> = Vec::new();
        for edit in &self.edits {
            let place = match (edit.place.is_empty(), lang) {
                (true, _) => String::new(),
                (false, Lang::En) => format!(" ({})", edit.place),
                (false, Lang::Zh) => format!("（{}）", edit.place),
            };
            says.push(format!("{}{place}", edit.words));
        }
        if self.together && says.len() > 1 {
            let all = says.join(lang.pick(" and ", "，"));
            says = vec![match lang {
                Lang::En => format!("only together: {all}"),
                Lang::Zh => format!("共同作用：{all}"),
            }];
        }
        if let Some((was, is)) = &self.day {
            says.push(match lang {
                Lang::En => format!("the day {was} → {is}"),
                Lang::Zh => format!("评定日 {was} → {is}"),
            });
        }
        if self.set {
            says.push(lang.pick("the parameters that are set changed", "所设参数有变").to_owned());
        }
        if self.lost {
            says.push(
                lang.pick(
                    "the policy changed, and what its rules said before is not kept",
                    "政策有变，且未保存其原条文",
                )
                .to_owned(),
            );
        }
        if let Some((by, on)) = &self.by_hand {
            says.push(match lang {
                Lang::En => format!(
                    "the text of the snapshot is not the one that {by} accepted on {on}: it was changed by hand since"
                ),
                Lang::Zh => format!("快照文字与 {by} 于 {on} 接受的不同：此后经人工改动"),
            });
        }
        if self.program && self.unsigned {
            says.push(
                lang.pick(
                    "neither rules nor facts changed, and no acceptance of this text is recorded: it was put there or changed by \
                     hand, or this version of gradus tells or decides it otherwise",
                    "条文与资料均无变化，且无接受此文字的记录：文字系人工写入或改动，或本版 gradus 的评定或表述有所不同",
                )
                .to_owned(),
            );
        } else if self.program {
            says.push(
                lang.pick(
                    "neither rules nor facts changed: this version of gradus tells or decides it otherwise",
                    "条文与资料均无变化：本版 gradus 的评定或表述有所不同",
                )
                .to_owned(),
            );
        }
        says
    }
}

/// The texts of decisions with some edits undone, by the files of their snapshots; none where the rules cannot be run so.
pub type Texts = Option<BTreeMap<std::path::PathBuf, String>>;

/// Finds why subjects of one run differ from what was accepted under the same rules.
///
/// Beside each stands whether what was accepted is still what was signed for. `edits` is how the rules differ from what they said then; none where that is not known. `again` decides with some of them undone.
#[must_use]
pub fn causes(
    changed: &[(&Subject, &Snapshot, Signed)],
    edits: Option<&[Edit]>,
    plan: &Plan,
    sources: &SourceMap,
    (base, lang): (&str, Lang),
    again: &mut dyn FnMut(&[&Edit]) -> Texts,
) -> Vec<Causes> {
    let known = edits.unwrap_or_default();
    let groups = groups(known, plan, sources, base);
    let all: Vec<&Edit> = known.iter().filter(|edit| edit.can_be_undone()).collect();
    let without_all = if all.is_empty() { None } else { again(&all) };
    // With one edit, without it is without all.
    let alone: Vec<Texts> = match groups.as_slice() {
        [only] if only.len() == all.len() => vec![without_all.clone()],
        groups => groups.iter().map(|group| again(group)).collect(),
    };
    let mut found = Vec::new();
    for (subject, accepted, signed) in changed {
        let body = subject.body();
        let text = |texts: &Texts| texts.as_ref().and_then(|texts| texts.get(&subject.path).cloned());
        let mut causes = Causes { lost: edits.is_none(), ..Causes::default() };
        let called = |edits: &[&Edit]| {
            edits.iter().map(|edit| called(edit, plan, sources, base, lang)).collect::<Vec<_>>()
        };
        for (group, texts) in groups.iter().zip(&alone) {
            // What cannot be undone alone may play a part, where undoing everything does.
            let plays = match texts {
                Some(_) => text(texts).is_none_or(|without| without != body),
                None => text(&without_all).is_none_or(|without| without != body),
            };
            if plays {
                causes.edits.extend(called(group));
            }
        }
        let outside: Vec<&Edit> = known.iter().filter(|edit| !edit.can_be_undone()).collect();
        let restored = text(&without_all).is_some_and(|without| without == accepted.body);
        if causes.edits.is_empty() && text(&without_all).is_some_and(|without| without != body) {
            causes.edits = called(&all);
            causes.together = true;
        }
        if !restored {
            causes.edits.extend(called(&outside));
            let was = |key: &str| accepted.info_text(key).unwrap_or("").to_owned();
            causes.day = (was("as_of") != subject.as_of).then(|| (was("as_of"), subject.as_of.clone()));
            let own = subject.snapshot();
            causes.set = own.info.get("set") != accepted.info.get("set");
            let kept = |snapshot: &Snapshot, customer: &str| {
                super::moved::kept(snapshot, customer, "facts").cloned().unwrap_or_default()
            };
            causes.facts = subject.decided.iter().any(|it| kept(accepted, &it.customer) != it.facts);
            if let Signed::Altered { by, on } = signed {
                causes.by_hand = Some((by.clone(), on.clone()));
            }
            causes.unsigned = *signed == Signed::Unknown;
            causes.program = causes.edits.is_empty()
                && causes.by_hand.is_none()
                && !causes.lost
                && !causes.facts
                && !causes.set
                && causes.day.is_none();
        }
        found.push(causes);
    }
    found
}

/// The edits as they are undone: one by one, or those of one construct together where there are many.
fn groups<'e>(edits: &'e [Edit], plan: &Plan, sources: &SourceMap, base: &str) -> Vec<Vec<&'e Edit>> {
    let inside: Vec<&Edit> = edits.iter().filter(|edit| edit.can_be_undone()).collect();
    if inside.len() <= MOST_EDITS {
        return inside.into_iter().map(|edit| vec![edit]).collect();
    }
    let mut by_place: BTreeMap<String, Vec<&Edit>> = BTreeMap::new();
    for edit in &inside {
        let address = called(edit, plan, sources, base, Lang::En).address;
        let construct: Vec<&str> = address.split('/').take(2).collect();
        by_place.entry(construct.join("/")).or_default().push(edit);
    }
    if by_place.len() <= MOST_EDITS { by_place.into_values().collect() } else { vec![inside] }
}
