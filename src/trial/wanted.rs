//! Which cases are run.

use regex::Regex;

use crate::plan::CaseItem;
use crate::value::Date;

/// Which cases are run, and on which day.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Only cases of whose `policy/name` a part is matched by this; none: all.
    pub run: Option<Regex>,
    /// The day for cases that state none.
    pub as_of: Option<Date>,
}

impl Wanted {
    /// Whether a case of a policy is among them.
    #[must_use]
    pub fn admits(&self, policy: &str, case: &CaseItem) -> bool {
        self.run.as_ref().is_none_or(|run| run.is_match(&full_name(policy, case)))
    }
}

/// The name by which a case is chosen: `trade_credit/a late invoice`.
#[must_use]
pub fn full_name(policy: &str, case: &CaseItem) -> String {
    format!("{policy}/{}", case.name)
}
