//! What order checks come to for an item: the verdict, the holds that stand, and what each hold is.

use crate::plan::{CheckItem, ChecksItem, Plan, Signers, StepId};
use crate::value::Value;

use super::row::Scratch;

/// What checks come to for an item, or for the customer. What there is none of is unknown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckRecord {
    /// The item, by its place in its list; none for checks on the customer.
    pub item: Option<usize>,
    /// The item's key, where its list has one.
    pub key: Option<Value>,
    /// The verdict, a code of its kind.
    pub verdict: Value,
    /// The holds that stand, a set of their places.
    pub standing: Value,
    /// The worst of them, its place.
    pub worst: Value,
    /// The holds in the order of the policy.
    pub holds: Vec<HoldRecord>,
}

/// What a hold is for an item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HoldRecord {
    /// A code of the kind of what a hold may be.
    pub status: Value,
    /// Since when.
    pub since: Value,
    /// The day up to which it is released.
    pub until: Value,
    /// The member that an authority gives for the amount.
    pub granted: Value,
}

impl CheckRecord {
    /// The holds that stand, in the order of the policy.
    pub fn standing<'p>(&self, checks: &'p ChecksItem) -> impl Iterator<Item = &'p CheckItem> + use<'p> {
        let members = match self.standing {
            Value::Set(members) => members,
            _ => 0,
        };
        let stands = move |place: u32| members.checked_shr(place).is_some_and(|bits| bits & 1 == 1);
        (0u32..).zip(&checks.holds).filter(move |(place, _)| stands(*place)).map(|(_, hold)| hold)
    }

    /// The holds that stand, each with who can do something about it; none where nobody can.
    #[must_use]
    pub fn releases<'p>(&self, checks: &'p ChecksItem) -> Vec<(&'p CheckItem, Option<&'p Signers>)> {
        let records = |hold: &CheckItem| {
            checks.holds.iter().zip(&self.holds).find(|(it, _)| it.name == hold.name).map(|(_, it)| it)
        };
        let asked = |hold: &'p CheckItem| {
            records(hold).and_then(|record| hold.asked(&record.status, &record.granted))
        };
        self.standing(checks).map(|hold| (hold, asked(hold))).collect()
    }

    /// Who may release the holds that stand, or must sign for one that is cured: of several holds alike, once.
    #[must_use]
    pub fn asked<'p>(&self, checks: &'p ChecksItem) -> Vec<&'p Signers> {
        let mut all: Vec<&Signers> = Vec::new();
        for (hold, record) in checks.holds.iter().zip(&self.holds) {
            if let Some(signers) = hold.asked(&record.status, &record.granted)
                && !all.contains(&signers)
            {
                all.push(signers);
            }
        }
        all
    }
}

/// What checks come to for one item, or for the customer.
pub(super) fn record(
    checks: &ChecksItem,
    item: Option<usize>,
    key: Option<Value>,
    scratch: &Scratch,
) -> CheckRecord {
    let place = item.unwrap_or(0);
    let read = |step: StepId| scratch.value(step, place).clone();
    let hold = |hold: &CheckItem| HoldRecord {
        status: read(hold.status),
        since: read(hold.since),
        until: read(hold.until),
        granted: hold.granted.as_ref().map_or(Value::Bool(false), |(step, _)| read(*step)),
    };
    CheckRecord {
        item,
        key,
        verdict: read(checks.verdict),
        standing: read(checks.standing),
        worst: read(checks.worst),
        holds: checks.holds.iter().map(hold).collect(),
    }
}

/// The steps of a record of checks, and of the rules whose reasons it gives.
pub(super) fn targets(plan: &Plan, checks: &ChecksItem) -> Vec<StepId> {
    let mut targets = vec![checks.verdict, checks.standing, checks.worst];
    for hold in &checks.holds {
        targets.extend([hold.status, hold.since, hold.until, hold.blocks]);
        for measure in &hold.measures {
            targets.extend([measure.value, measure.threshold, measure.excess]);
            targets.extend(measure.tolerance);
        }
        targets.extend(hold.at_most);
        targets.extend(hold.granted.iter().map(|(step, _)| *step));
    }
    let rules = checks.holds.iter().map(|hold| hold.rule);
    let rules = rules.chain(checks.exclusions.iter().map(|(rule, _)| *rule));
    let rules = rules.filter_map(|rule| plan.rules.get(rule));
    targets.extend(rules.flat_map(|rule| [rule.applies, rule.condition]).flatten());
    targets
}
