//! Names: what stands at a place, where it is declared, where else it stands.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{FileId, Span};
use crate::check::hir::{Meaning, Mention};

/// The name at a byte of a file, or right before it. A name that stands for a value and for its grades is told as the value.
#[must_use]
pub fn at<'m>(
    mentions: impl IntoIterator<Item = &'m Mention>,
    file: FileId,
    offset: u32,
) -> Option<&'m Mention> {
    let here = mentions
        .into_iter()
        .filter(|mention| mention.at.file == file && mention.at.start <= offset && offset <= mention.at.end);
    here.min_by_key(|mention| {
        let behind = mention.at.end == offset;
        (behind, matches!(mention.means, Meaning::Kind(_)), mention.at.start)
    })
}

/// Where a name is declared first: a name that is listed in a `use` leads on to where it was written.
#[must_use]
pub fn declaration<'m>(mentions: impl Iterator<Item = &'m Mention> + Clone, of: Span) -> Span {
    let mut place = of;
    // As many steps as policies can use one another in a row.
    for _ in 0..32 {
        let further = mentions.clone().find(|mention| mention.at == place && mention.of != place);
        match further {
            Some(mention) => place = mention.of,
            None => break,
        }
    }
    place
}

/// All places at which what is declared at a place is named, that place among them, in the order of the files.
#[must_use]
pub fn same<'m>(mentions: impl Iterator<Item = &'m Mention>, of: Span) -> BTreeSet<Span> {
    let mut beside: BTreeMap<Span, BTreeSet<Span>> = BTreeMap::new();
    for mention in mentions {
        beside.entry(mention.at).or_default().insert(mention.of);
        beside.entry(mention.of).or_default().insert(mention.at);
    }
    let mut found = BTreeSet::from([of]);
    let mut waiting = vec![of];
    while let Some(place) = waiting.pop() {
        for next in beside.get(&place).into_iter().flatten() {
            if found.insert(*next) {
                waiting.push(*next);
            }
        }
    }
    found
}
