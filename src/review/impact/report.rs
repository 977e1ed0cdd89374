//! All that a comparison of two policies on a book came to, as data; every format is written from it.

use super::attribute::Attribution;
use super::budgets::Budget;
use super::condition::Judged;
use super::effect::Effect;
use super::measures::Measures;
use super::sweep::Sweep;
use super::view::View;
use crate::base::{Label, Lang, Str};
use crate::plan::Plan;
use crate::value::Date;

/// A side of the comparison.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Party {
    /// As people wrote it: `main:rules`, `trade_credit@2026.3`.
    pub written: String,
    /// The policy's name.
    pub policy: Str,
    /// Its label.
    pub label: Label,
    /// Its version.
    pub version: Str,
    /// The digest of what it means.
    pub digest: Str,
    /// The parameters that are set, as written.
    pub set: Vec<(String, String)>,
}

impl Party {
    /// The side that a plan is.
    #[must_use]
    pub fn of(written: &str, plan: &Plan, set: &[(String, String)]) -> Party {
        let policy = plan.policies.last();
        let text = |read: fn(&crate::plan::PolicyInfo) -> Str| policy.map(read).unwrap_or_default();
        Party {
            written: written.to_owned(),
            policy: text(|policy| policy.name.clone()),
            label: policy.map_or_else(|| Label::same(""), |policy| policy.label.clone()),
            version: text(|policy| policy.version.clone()),
            digest: plan.digest.clone(),
            set: set.to_vec(),
        }
    }

    /// `trade_credit 2026.4`, `trade_credit 2026.4 with late_payments = 3`.
    #[must_use]
    pub fn name(&self, lang: Lang) -> String {
        let own = format!("{} {}", self.policy, self.version);
        if self.set.is_empty() {
            return own;
        }
        let set: Vec<String> = self.set.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        let set = set.join(lang.pick(", ", "，"));
        match lang {
            Lang::En => format!("{own} with {set}"),
            Lang::Zh => format!("{own}（设 {set}）"),
        }
    }
}

/// What a comparison came to.
#[derive(Clone, Debug)]
pub struct Report {
    /// Both sides: what is, and what is proposed.
    pub sides: (Party, Party),
    /// The day for which both decide.
    pub day: Date,
    /// What is compared.
    pub view: View,
    /// What a customer owes: the value's name and label; none where nothing says.
    pub exposure: Option<(Str, Label)>,
    /// By what the limits are told apart.
    pub segment: Option<Label>,
    /// The effect.
    pub effect: Effect,
    /// Its measures.
    pub measures: Measures,
    /// The budgets.
    pub budgets: Vec<Budget>,
    /// Which edit does what; none where there is but one edit or none.
    pub attribution: Option<Attribution>,
    /// How the parameter that is swept acts.
    pub sweep: Option<Sweep>,
    /// The conditions of the reader, as they came out.
    pub judged: Vec<Judged>,
    /// How many records of the book could not be read.
    pub rejected: usize,
    /// How many movers are told.
    pub most_movers: usize,
}

impl Report {
    /// Whether the book comes out the same under both.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.effect.movers.is_empty()
    }
}
