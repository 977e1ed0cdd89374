//! The policy and the day that a command works with.

use super::args::Rules;
use super::gate::{self, Gate};
use super::session::{Failure, Session};
use crate::diag::{Diagnostic, Severity};
use crate::engine::{self, Built};
use crate::eval::Env;
use crate::plan::Plan;
use crate::review::approval::Standing;
use crate::script::Host;
use crate::store::{self, Roots, RulesFolder};
use crate::value::{Calendar, Date};

/// A policy made ready by the options of a command.
pub struct Ready {
    /// What runs.
    pub plan: Plan,
    /// The place of the decision that is made.
    pub decision: usize,
    /// The as-of date.
    pub day: Date,
    /// The day of what was known, where it was asked for.
    pub known_at: Option<Date>,
    /// The parameters that were set, as written.
    pub settings: Vec<(String, String)>,
    /// How the version stands, where it decides without all the approvals that it needs.
    pub standing: Option<Standing>,
    calendars: Vec<Calendar>,
    scripts: Host,
}

impl Ready {
    /// The environment that the plan runs in.
    ///
    /// # Errors
    /// A parameter that there is not, or a value that it cannot have.
    pub fn environment(&self) -> Result<Env<'_>, Failure> {
        self.environment_with(&self.settings)
    }

    /// The same with other parameters set.
    ///
    /// # Errors
    /// As [`Ready::environment`].
    pub fn environment_with(&self, settings: &[(String, String)]) -> Result<Env<'_>, Failure> {
        engine::environment(&self.plan, self.day, settings, &self.calendars, Some(&self.scripts))
            .map_err(Failure)
    }
}

/// Loads the policies that the options mean, each with its decision: the one that is named or is alone; where none is named
/// and each of several says to whom it applies, all of these. Without a wish for a decision, `usual` chooses it, and after it the
/// settings.
///
/// # Errors
/// No such policy or decision, or mistakes in a policy: all of them at once.
pub fn load(
    rules: &Rules,
    session: &mut Session<'_>,
    usual: impl Fn(&Plan) -> Option<usize>,
) -> Result<Vec<Ready>, Failure> {
    let (_, policies) = placed(rules, session, usual)?;
    Ok(policies.into_iter().map(|(_, ready)| ready).collect())
}

/// The same, held against their approvals: where the settings ask for some, one that lacks them is refused or told of.
///
/// # Errors
/// As [`load`]; a policy is not approved.
pub fn load_held(
    rules: &Rules,
    session: &mut Session<'_>,
    usual: impl Fn(&Plan) -> Option<usize>,
    gate: Gate,
) -> Result<Vec<Ready>, Failure> {
    let (folder, mut policies) = placed(rules, session, usual)?;
    gate::hold(&folder, &mut policies, gate, session)?;
    Ok(policies.into_iter().map(|(_, ready)| ready).collect())
}

/// The policies that the options mean, each with its place in the folder.
fn placed(
    rules: &Rules,
    session: &mut Session<'_>,
    usual: impl Fn(&Plan) -> Option<usize>,
) -> Result<(RulesFolder, Vec<(usize, Ready)>), Failure> {
    let (folder, wanted, day) = open(rules, session);
    let scoped = if wanted.is_none() { folder.scoped(day) } else { Vec::new() };
    let places = match scoped.is_empty() {
        true => vec![selected(&folder, wanted.as_deref(), day)?],
        false => scoped,
    };
    let mut policies = Vec::new();
    for place in places {
        policies.push((place, at(&folder, place, rules, day, session, &usual)?));
    }
    Ok((folder, policies))
}

/// The policy that the settings mean in a folder that is loaded already, with its place there.
///
/// # Errors
/// As [`load`].
pub fn of(folder: &RulesFolder, rules: &Rules, session: &mut Session<'_>) -> Result<(usize, Ready), Failure> {
    let day = session.as_of(rules.moment.as_of);
    let wanted = rules.policy.clone().or_else(|| session.settings.decide.policy.clone());
    let place = selected(folder, wanted.as_deref(), day)?;
    Ok((place, at(folder, place, rules, day, session, &|_: &Plan| None)?))
}

/// The folder of rules, the policy that is asked for, and the day.
fn open(rules: &Rules, session: &mut Session<'_>) -> (RulesFolder, Option<String>, Date) {
    let day = session.as_of(rules.moment.as_of);
    if let Some(asked) = &rules.policy {
        settle(asked, session);
    }
    let roots = Roots::new(session.world, &session.settings, &rules.paths);
    let mut folder = store::load(session.world, &roots, &session.settings, &mut session.sources);
    if let Some(known_at) = rules.moment.known_at {
        folder.leave_unknown(known_at);
    }
    // Who names the files that decide does not mean the policy that the settings choose of other files.
    if let (None, false, Some(usual)) =
        (&rules.policy, rules.paths.is_empty(), &session.settings.decide.policy)
        && !folder.asks_for(name_of(usual))
    {
        let decide = &mut session.settings.decide;
        (decide.policy, decide.mapping, decide.decision) = (None, None, None);
        decide.lists.clear();
    }
    let wanted = rules.policy.clone().or_else(|| session.settings.decide.policy.clone());
    (folder, wanted, day)
}

fn selected(folder: &RulesFolder, wanted: Option<&str>, day: Date) -> Result<usize, Failure> {
    folder.select(wanted, day).map_err(|diagnostic| {
        // A policy that cannot be read may be the one that is missed.
        let mut all: Vec<Diagnostic> =
            folder.diagnostics.iter().filter(|it| it.is_error()).cloned().collect();
        all.extend(
            folder.files.iter().flat_map(|file| &file.diagnostics).filter(|it| it.is_error()).cloned(),
        );
        all.push(*diagnostic);
        Failure(all)
    })
}

/// Makes the policy at a place of the folder ready.
fn at(
    folder: &RulesFolder,
    place: usize,
    rules: &Rules,
    day: Date,
    session: &mut Session<'_>,
    usual: &impl Fn(&Plan) -> Option<usize>,
) -> Result<Ready, Failure> {
    let mut ready = built(engine::build(folder, place, &session.sources), rules, day, session)?;
    let plan = &ready.plan;
    // A command that is about one kind of decision, as `worklist` is about ladders, goes before the settings.
    let by_settings = || {
        let name = session.settings.decide.decision.as_deref()?;
        plan.decisions.iter().any(|decision| &*decision.name == name).then_some(name)
    };
    ready.decision = match (rules.decision.as_deref(), usual(plan)) {
        (None, Some(place)) => place,
        (None, None) => engine::choose(plan, by_settings())?,
        (named, _) => engine::choose(plan, named)?,
    };
    Ok(ready)
}

/// Makes what came of building a policy ready, its first decision chosen.
///
/// # Errors
/// Mistakes in the policy or in its scripts: all of them at once.
pub fn built(built: Built, rules: &Rules, day: Date, session: &Session<'_>) -> Result<Ready, Failure> {
    let Some(mut plan) = built.plan else { return Err(Failure(built.diagnostics)) };
    if rules.show_personal {
        plan.show_personal();
    }
    let broken: Vec<Diagnostic> = crate::script::check_among(&plan.scripts, &session.sources);
    if broken.iter().any(Diagnostic::is_error) {
        return Err(Failure(broken));
    }
    if session.verbose() > 0 {
        let told: Vec<Diagnostic> =
            built.diagnostics.into_iter().filter(|it| it.severity() < Severity::Error).collect();
        session.tell(&told);
    }
    Ok(ready(plan, built.calendars, rules, day))
}

/// The same without a word of what is wrong; none where anything is.
#[must_use]
pub fn quiet(built: Built, rules: &Rules, day: Date) -> Option<Ready> {
    let mut plan = built.plan?;
    if rules.show_personal {
        plan.show_personal();
    }
    let broken = crate::script::check(&plan.scripts).iter().any(Diagnostic::is_error);
    (!broken).then(|| ready(plan, built.calendars, rules, day))
}

fn ready(plan: Plan, calendars: Vec<Calendar>, rules: &Rules, day: Date) -> Ready {
    let scripts = Host::new(&plan.scripts, &plan.schema.enums);
    let (known_at, settings) = (rules.moment.known_at, rules.settings.clone());
    Ready { plan, decision: 0, day, known_at, settings, standing: None, calendars, scripts }
}

/// What the settings say of decision, lists and headings, they say for their own policy: another is decided without.
pub fn settle(policy: &str, session: &mut Session<'_>) {
    let decide = &mut session.settings.decide;
    if decide.policy.as_deref().is_some_and(|usual| name_of(usual) != name_of(policy)) {
        (decide.mapping, decide.decision) = (None, None);
        decide.lists.clear();
    }
}

fn name_of(wanted: &str) -> &str {
    wanted.split('@').next().unwrap_or("")
}
