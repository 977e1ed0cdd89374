//! What the tests of policies reach, counted.

use super::super::suite::{Subject, Suite};
use super::super::threads;
use super::super::wanted::Wanted;
use super::goal::{Goal, GoalKind, Reached};
use super::goals::goals;
use super::record::of_case;
use crate::base::Str;

/// What the tests of policies reach.
pub struct Coverage<'s> {
    /// The policies, in the order of their files.
    pub policies: Vec<PolicyCoverage<'s>>,
}

/// What the tests of a policy reach.
pub struct PolicyCoverage<'s> {
    /// The policy.
    pub subject: &'s Subject,
    /// What there is to reach.
    pub goals: Vec<Goal>,
    /// What was run, in order: the cases, then the customers of snapshots.
    pub runs: Vec<Run>,
    /// What all runs together reached.
    pub reached: Reached,
}

/// A run: a case, or the decision of a customer.
#[derive(Clone, Debug)]
pub struct Run {
    /// The name of the case, or the customer.
    pub name: Str,
    /// What it reached.
    pub reached: Reached,
}

/// How many of how many goals were reached. Those that nobody can reach are not counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Count {
    /// So many were reached.
    pub reached: usize,
    /// Of so many.
    pub of: usize,
}

impl<'s> Coverage<'s> {
    /// Runs the cases that are wanted of all policies of a suite, on all threads.
    #[must_use]
    pub fn of(suite: &'s Suite, wanted: &Wanted) -> Coverage<'s> {
        let subjects: Vec<&'s Subject> = suite.subjects.iter().collect();
        let policies = threads::map(suite.jobs, &subjects, |subject| {
            let subject: &'s Subject = subject;
            let goals = goals(&subject.plan);
            let mut policy = PolicyCoverage { subject, goals, runs: Vec::new(), reached: Reached::none() };
            for case in subject.cases(wanted) {
                let (_, reached) =
                    of_case(&subject.plan, &policy.goals, &case, &subject.calendars, subject.scripts());
                policy.add(case.name, reached);
            }
            policy
        });
        Coverage { policies }
    }

    /// Adds the decision of a customer to the policy at a place of the folder.
    pub fn add(&mut self, place: usize, customer: Str, reached: Reached) {
        if let Some(policy) = self.policies.iter_mut().find(|policy| policy.subject.place == place) {
            policy.add(customer, reached);
        }
    }

    /// All goals of all policies.
    #[must_use]
    pub fn count(&self) -> Count {
        self.policies.iter().map(|policy| policy.count(None)).fold(Count::default(), Count::with)
    }

    /// The goals of one kind of all policies.
    #[must_use]
    pub fn count_of(&self, kind: GoalKind) -> Count {
        self.policies.iter().map(|policy| policy.count(Some(kind))).fold(Count::default(), Count::with)
    }
}

impl PolicyCoverage<'_> {
    /// Adds a run: of a case, or of the decision of a customer ([`of_decision`](super::of_decision)).
    pub fn add(&mut self, name: Str, reached: Reached) {
        self.reached.merge(&reached);
        self.runs.push(Run { name, reached });
    }

    /// How many goals were reached; of one kind, or of all.
    #[must_use]
    pub fn count(&self, kind: Option<GoalKind>) -> Count {
        let mut count = Count::default();
        for (place, goal) in self.goals.iter().enumerate() {
            if goal.never.is_some() || kind.is_some_and(|kind| kind != goal.kind) {
                continue;
            }
            count.of = count.of.saturating_add(1);
            if self.reached.has(place) {
                count.reached = count.reached.saturating_add(1);
            }
        }
        count
    }

    /// The goals that somebody could reach and no run did, with their places.
    pub fn gaps(&self) -> impl Iterator<Item = (usize, &Goal)> {
        let gap = |(place, goal): &(usize, &Goal)| goal.never.is_none() && !self.reached.has(*place);
        self.goals.iter().enumerate().filter(gap)
    }

    /// How many runs reached a goal.
    #[must_use]
    pub fn times(&self, goal: usize) -> usize {
        self.runs.iter().filter(|run| run.reached.has(goal)).count()
    }
}

impl Count {
    fn with(self, other: Count) -> Count {
        Count { reached: self.reached.saturating_add(other.reached), of: self.of.saturating_add(other.of) }
    }

    /// The part reached in percent with one decimal, never rounded up: 100 only where nothing is left. Of nothing, all.
    #[must_use]
    pub fn percent(self) -> String {
        let tenths = self.reached.saturating_mul(1000).checked_div(self.of).unwrap_or(1000);
        format!("{}.{}", tenths / 10, tenths % 10)
    }

    /// Whether at least so many percent were reached.
    #[must_use]
    pub fn meets(self, percent: u8) -> bool {
        self.reached.saturating_mul(100) >= self.of.saturating_mul(usize::from(percent))
    }
}
