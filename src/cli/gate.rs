//! What has to be approved before it decides.

use std::collections::{BTreeMap, BTreeSet};

use super::policy::Ready;
use super::session::{Failure, Session};
use crate::base::{FileId, Lang, SourceMap, Str};
use crate::diag::Diagnostic;
use crate::engine;
use crate::plan::Plan;
use crate::review::approval::{self, Kept, Rulebook, Standing, Subject, Verdict};
use crate::store::RulesFolder;
use crate::value::Date;

/// What becomes of a policy that is not approved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Gate {
    /// It does not decide: customers are granted and chased by what comes out.
    Refuse,
    /// It is told: nothing is done by what comes out.
    Tell,
}

/// The people, rules and approvals of a project.
pub struct Office {
    /// The people and rules.
    pub book: Rulebook,
    /// The approvals.
    pub kept: Vec<Kept>,
    /// The day of the office: not the one for which is decided.
    pub today: Date,
}

impl Office {
    /// Those of the settings; none where nothing has to be approved.
    ///
    /// # Errors
    /// The settings make no sense; an approval cannot be read.
    pub fn open(session: &Session<'_>) -> Result<Option<Office>, Failure> {
        let Some(settings) = &session.settings.approval else { return Ok(None) };
        let book = Rulebook::new(settings).map_err(Failure)?;
        let kept = approval::read_all(session.world, &book.folder)?;
        Ok(Some(Office { book, kept, today: session.world.today() }))
    }

    /// How the version at a place of the folder stands.
    #[must_use]
    pub fn look(
        &self,
        folder: &RulesFolder,
        place: usize,
        plan: &Plan,
        sources: &SourceMap,
    ) -> (Subject, Standing) {
        let subject = approval::subject(folder, place, plan, sources);
        let standing = approval::standing(&subject, &self.kept, &self.book, self.today);
        (subject, standing)
    }
}

/// Holds policies that are to run against their approvals; of one that decides without having all of them it is noted how it stands.
///
/// # Errors
/// One is not approved, where that is required.
pub fn hold(
    folder: &RulesFolder,
    policies: &mut [(usize, Ready)],
    gate: Gate,
    session: &Session<'_>,
) -> Result<(), Failure> {
    let Some(office) = Office::open(session)? else { return Ok(()) };
    let required = office.book.required && gate == Gate::Refuse;
    let (mut refused, mut told): (Vec<Diagnostic>, Vec<Diagnostic>) = (Vec::new(), Vec::new());
    for (place, ready) in policies {
        let (subject, standing) = office.look(folder, *place, &ready.plan, &session.sources);
        let mut found = approval::doubts(&standing);
        found.extend(approval::refusal(&subject, &standing, required));
        if let Some((name, value)) = ready.settings.first().filter(|_| required && standing.verdict.holds()) {
            let turned = Diagnostic::nowhere("E570").variant("set").arg("policy", &subject.policy);
            let turned = turned.arg("version", &subject.version).arg("set", format!("{name}={value}"));
            found.push(turned.help("set"));
        }
        match found.iter().any(Diagnostic::is_error) {
            true => refused.extend(found),
            false => told.extend(found),
        }
        ready.standing = Some(standing).filter(|standing| standing.verdict != Verdict::Approved);
    }
    if refused.is_empty() {
        session.tell(&told);
        Ok(())
    } else {
        Err(Failure(refused))
    }
}

/// The versions to be approved among those that were asked for. A policy that others use is approved with them: it is part of what they
/// mean.
#[must_use]
pub fn to_approve(folder: &RulesFolder) -> Vec<usize> {
    let headers = folder.files.iter().filter_map(|file| file.header.as_ref());
    let used: BTreeSet<&Str> = headers.flat_map(|header| header.uses.iter().map(|(name, _)| name)).collect();
    let asked = |place: usize| {
        let file = folder.files.get(place).filter(|file| file.asked);
        file.and_then(|file| file.header.as_ref()).is_some_and(|header| !used.contains(&header.name))
    };
    folder.versions().iter().map(|version| version.place).filter(|place| asked(*place)).collect()
}

/// How the versions stand that were asked for and have to be approved, each under its file; none where nothing has to be. A version with
/// mistakes is left out: it is told of by those.
///
/// # Errors
/// As [`Office::open`].
pub fn standings(
    folder: &RulesFolder,
    session: &Session<'_>,
) -> Result<BTreeMap<FileId, (Subject, Standing)>, Failure> {
    let Some(office) = Office::open(session)? else { return Ok(BTreeMap::new()) };
    let mut found = BTreeMap::new();
    for place in to_approve(folder) {
        let Some(file) = folder.files.get(place) else { continue };
        let Some(plan) = engine::build(folder, place, &session.sources).plan else { continue };
        found.insert(file.file, office.look(folder, place, &plan, &session.sources));
    }
    Ok(found)
}

/// The versions that were asked for and are not approved, in a sentence; nothing where all are, or nothing has to be.
///
/// # Errors
/// As [`Office::open`].
pub fn unapproved(folder: &RulesFolder, session: &Session<'_>) -> Result<Option<String>, Failure> {
    let standings = standings(folder, session)?;
    let mut names = Vec::new();
    for version in folder.versions() {
        let file = folder.files.get(version.place).map(|file| file.file);
        let Some((subject, standing)) = file.and_then(|file| standings.get(&file)) else { continue };
        match &standing.verdict {
            Verdict::Approved => {}
            Verdict::Emergency { until, .. } => names.push(match session.lang() {
                Lang::En => format!("{} (emergency until {until})", subject.name()),
                Lang::Zh => format!("{}（紧急放行至 {until}）", subject.name()),
            }),
            Verdict::Over { .. }
            | Verdict::Incomplete
            | Verdict::Unsigned
            | Verdict::Altered { .. }
            | Verdict::Tables { .. } => names.push(subject.name()),
        }
    }
    Ok((!names.is_empty()).then(|| match session.lang() {
        Lang::En => {
            format!("not approved: {}; `gradus approve --list` shows who is missing", names.join(", "))
        }
        Lang::Zh => format!("尚未批准：{}；`gradus approve --list` 列出还差谁", names.join("、")),
    }))
}
