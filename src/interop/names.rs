//! Which fact a heading means.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization;

use crate::base::nearest;
use crate::value::{Field, FieldType};

/// A heading as it is compared: in NFC, without blanks around it.
pub(super) fn canonical(heading: &str) -> String {
    heading.trim().nfc().collect()
}

/// Headings that mean the customer where no fact is the key, in any case.
const CUSTOMER: &[&str] = &["id", "customer", "customer_id", "客户", "客户编号", "客户号"];

/// What a column, or a key of an object, gives.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Target {
    /// The fact of this number.
    Fact(u32),
    /// One value of a list fact, from 0: `collections.1`.
    Element(u32, u32),
    /// Nothing that is read: declared so, the customer's key where it is no fact, or what an earlier run wrote into a rejects file.
    Nothing,
}

/// What is known about a heading.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Found {
    /// This.
    Target(Target),
    /// Two facts share it as their label.
    Ambiguous,
    /// Nothing.
    Unknown,
}

/// How the column with the customer's key is found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct KeyRule {
    /// The headings that mean it, first the surest.
    pub headings: Vec<String>,
    /// Whether any of the usual headings does, too.
    pub usual: bool,
}

/// The headings of one file.
#[derive(Debug)]
pub(super) struct Names {
    targets: BTreeMap<String, Vec<Target>>,
    /// Every name and label, for did-you-mean.
    known: Vec<String>,
    /// The facts that may be given by one column a value.
    lists: BTreeSet<u32>,
    key: KeyRule,
    prefixes: Vec<&'static str>,
}

/// Columns that a rejects file has beside those of the input.
pub(super) const PROBLEM_COLUMNS: [&str; 3] = ["problem_at", "problem_code", "problem"];

impl Names {
    /// The headings that some facts may have: their names and labels, and what a mapping says besides.
    /// `columns` maps a heading to a fact's name, to `collections.1`, or to `-` for a column that is not read.
    pub(super) fn new<'a>(
        fields: impl IntoIterator<Item = (u32, &'a Field)>,
        columns: &BTreeMap<String, String>,
        key: KeyRule,
    ) -> Names {
        let fields: Vec<(u32, &Field)> = fields.into_iter().collect();
        let mut targets: BTreeMap<String, Vec<Target>> = BTreeMap::new();
        let mut known = Vec::new();
        for (number, field) in fields.iter().copied() {
            for label in &field.labels {
                let places = targets.entry(canonical(label)).or_default();
                if !places.contains(&Target::Fact(number)) {
                    places.push(Target::Fact(number));
                }
                known.push(label.to_string());
            }
        }
        // A name is surer than a label of another fact.
        for (number, field) in fields.iter().copied() {
            targets.insert(canonical(&field.name), vec![Target::Fact(number)]);
            known.push(field.name.to_string());
        }
        let lists = fields.iter().filter(|(_, field)| is_list(field)).map(|(number, _)| *number).collect();
        let mut names = Names { targets, known, lists, key, prefixes: Vec::new() };
        for (heading, wanted) in columns {
            let target = if wanted == "-" { Some(Target::Nothing) } else { names.own(wanted, &fields) };
            names.targets.insert(canonical(heading), target.into_iter().collect());
        }
        names
    }

    /// Also finds `last.stance` under `stance`.
    pub(super) fn with_prefix(mut self, prefix: &'static str) -> Names {
        self.prefixes.push(prefix);
        self
    }

    /// The target that a mapping names.
    fn own(&self, wanted: &str, fields: &[(u32, &Field)]) -> Option<Target> {
        match self.exact(wanted) {
            Some(Found::Target(target)) => Some(target),
            _ => fields
                .iter()
                .find(|(_, field)| &*field.name == wanted)
                .map(|(number, _)| Target::Fact(*number)),
        }
    }

    fn exact(&self, heading: &str) -> Option<Found> {
        let found = |targets: &[Target]| match targets {
            [] => Some(Found::Target(Target::Nothing)),
            [one] => Some(Found::Target(*one)),
            _ => Some(Found::Ambiguous),
        };
        let canonical = canonical(heading);
        if let Some(targets) = self.targets.get(&canonical) {
            return found(targets);
        }
        let (base, place) = element(&canonical)?;
        match self.targets.get(base)?.as_slice() {
            [Target::Fact(number)] if self.lists.contains(number) => {
                Some(Found::Target(Target::Element(*number, place)))
            }
            _ => None,
        }
    }

    /// What a heading means.
    pub(super) fn find(&self, heading: &str) -> Found {
        if let Some(found) = self.exact(heading) {
            return found;
        }
        for prefix in &self.prefixes {
            if let Some(found) = self.exact(&format!("{prefix}{}", heading.trim())) {
                return found;
            }
        }
        if self.key_rank(heading).is_some() || PROBLEM_COLUMNS.contains(&heading.trim()) {
            return Found::Target(Target::Nothing);
        }
        Found::Unknown
    }

    /// The name or label that is nearest to a heading that means nothing.
    pub(super) fn near(&self, heading: &str) -> Option<String> {
        nearest(heading.trim(), self.known.iter().map(String::as_str)).map(str::to_owned)
    }

    /// How surely a heading means the customer's key: the least is the surest.
    pub(super) fn key_rank(&self, heading: &str) -> Option<usize> {
        let heading = canonical(heading);
        if let Some(rank) = self.key.headings.iter().position(|known| *known == heading) {
            return Some(rank);
        }
        let usual = self.key.usual && CUSTOMER.iter().any(|known| known.eq_ignore_ascii_case(&heading));
        usual.then_some(self.key.headings.len())
    }
}

/// `collections.1` and `collections[1]`: the list and the place, from 0.
fn element(heading: &str) -> Option<(&str, u32)> {
    let (base, digits) = match heading.strip_suffix(']') {
        Some(open) => open.rsplit_once('[')?,
        None => heading.rsplit_once('.')?,
    };
    let place: u32 = digits.parse().ok()?;
    // A list holds so many items at most; a heading cannot ask for more room than that.
    let place = place.checked_sub(1).filter(|place| (*place as usize) < crate::value::MOST_ITEMS)?;
    Some((base.trim_end(), place))
}

/// Whether a fact can be given by columns of its own, one a value.
fn is_list(field: &Field) -> bool {
    matches!(field.ty, FieldType::List { .. })
}
