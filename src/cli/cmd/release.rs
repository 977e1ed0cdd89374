//! `release NAME@VERSION…`: versions that stay as they are from now on.
//!
//! A command of its own, not an option of `versions`: who lists what is in force must not be able to fix it by a slip.

use std::path::PathBuf;

use crate::base::Lang;
use crate::cli::args::day;
use crate::cli::gate::Office;
use crate::cli::session::{Failure, Session};
use crate::cli::{Exit, released, snapshots};
use crate::diag::Diagnostic;
use crate::engine;
use crate::plan::{Plan, digest};
use crate::review::approval;
use crate::review::versions::{Lock, Release};
use crate::script;
use crate::store::{self, Roots, RulesFolder, shown};
use crate::value::Date;

/// Releases versions: what they mean is recorded, and `check` holds them to it
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The versions, each as name@version
    #[arg(value_name = "NAME@VERSION", required = true)]
    pub versions: Vec<String>,
    /// Who releases
    #[arg(long, value_name = "NAME", required = true)]
    pub by: String,
    /// The day on which they were released; without it, today
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub on: Option<Date>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// Record that a calendar or a reference beside a released version was published anew; its rules must be those released
    #[arg(long, requires = "reason")]
    pub amend: bool,
    /// Files and folders of rules; without it, those of gradus.toml, or the folder `rules`
    #[arg(long = "rules", value_name = "PATH")]
    pub rules: Vec<PathBuf>,
}

/// A version that is to be recorded, and what it says.
struct Ready {
    release: Release,
    rules: crate::base::Str,
}

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    let roots = Roots::new(session.world, &session.settings, &args.rules);
    let folder = store::load(session.world, &roots, &session.settings, &mut session.sources);
    let mut lock = Lock::load(session.world, &session.settings, &mut session.sources).map_err(Failure)?;
    let lang = session.lang();
    let desk = Desk { args, lock: &lock, folder: &folder, office: Office::open(session)? };
    let (mut ready, mut refused, mut told) = (Vec::new(), Vec::new(), Vec::new());
    for title in &args.versions {
        match desk.prepare(title, session, &mut told) {
            Ok(Some(it)) => ready.push(it),
            Ok(None) => {}
            Err(Failure(why)) => refused.extend(why),
        }
    }
    // All of them are released, or none.
    if !refused.is_empty() {
        session.tell(&refused);
        return Ok(Exit::Found);
    }
    session.tell(&told);
    if ready.is_empty() {
        return Ok(Exit::Done);
    }
    let path = Lock::path(&session.settings);
    for Ready { release, rules } in ready {
        let kept = released::kept_path(&path, &release.name, &release.digest);
        if let Some(folder) = kept.parent() {
            session.make_folder(folder)?;
        }
        session.write_file(&kept, rules.as_bytes())?;
        session.write(&format!(
            "{} {}  {}\n",
            lang.pick("released", "已发布"),
            release.title(),
            release.digest
        ))?;
        lock.add(release);
    }
    session.write_file(&path, lock.write().as_bytes())?;
    session.note(&match lang {
        Lang::En => format!("recorded in {}", shown(&path)),
        Lang::Zh => format!("已记入 {}", shown(&path)),
    });
    Ok(Exit::Done)
}

/// What versions are held to before they are recorded.
struct Desk<'a> {
    args: &'a Args,
    lock: &'a Lock,
    folder: &'a RulesFolder,
    /// Who approves; none where nothing has to be approved.
    office: Option<Office>,
}

impl Desk<'_> {
    /// Makes a version ready to be recorded; none where it was released as it is. What has to be known of it is added to `told`.
    fn prepare(
        &self,
        title: &str,
        session: &mut Session<'_>,
        told: &mut Vec<Diagnostic>,
    ) -> Result<Option<Ready>, Failure> {
        let Desk { args, lock, folder, office } = self;
        let Some((name, version)) = title.split_once('@') else {
            let known: Vec<String> =
                folder.versions().iter().map(|it| format!("`{}@{}`", it.name, it.version)).collect();
            let unnamed = Diagnostic::nowhere("E554").variant("version").arg("written", title);
            return Err(unnamed.arg("known", known.join(", ")).help("written").into());
        };
        let place = folder.select(Some(title), session.as_of(None))?;
        let plan = sound(folder, place, session)?;
        let rules = digest::of_rules(&plan);
        if let Some(office) = office {
            let (subject, standing) = office.look(folder, place, &plan, &session.sources);
            let unsigned = approval::of_release(&subject, &standing, office.book.before_release);
            let is_refused = unsigned.as_ref().is_some_and(Diagnostic::is_error);
            let found = approval::doubts(&standing).into_iter().chain(unsigned);
            if is_refused {
                return Err(Failure(found.collect()));
            }
            told.extend(found);
        }
        let refuse = |variant: &'static str| {
            Diagnostic::nowhere("E554").variant(variant).arg("name", name).arg("version", version)
        };
        let standing = lock.find(name, version);
        if let Some(standing) = standing {
            let refuse =
                |variant: &'static str| refuse(variant).arg("day", standing.released).arg("by", &standing.by);
            if *standing.digest == *plan.digest {
                session.note(&match session.lang() {
                    Lang::En => {
                        format!("{title} is released already: on {} by {}", standing.released, standing.by)
                    }
                    Lang::Zh => format!("{title} 已由 {} 于 {} 发布", standing.by, standing.released),
                });
                return Ok(None);
            }
            match (*standing.rules == *rules, args.amend) {
                (false, true) => return Err(refuse("rules").help("new").into()),
                (false, false) => return Err(refuse("").help("new").into()),
                (true, false) => return Err(refuse("").help("amend").into()),
                (true, true) => {}
            }
        } else if args.amend {
            return Err(refuse("never").help("first").into());
        }
        let Some(header) = plan.policies.last() else { return Ok(None) };
        let release = Release {
            name: name.to_owned(),
            version: version.to_owned(),
            digest: plan.digest.to_string(),
            rules: rules.to_string(),
            from: header.effective_from,
            until: header.effective_until,
            known: header.known_from,
            released: session.as_of(args.on),
            by: args.by.clone(),
            reason: args.reason.clone(),
            amends: standing.map(|standing| standing.digest.clone()),
            span: None,
        };
        let rules = released::rules(folder, place, &plan, &session.sources, &snapshots::base(session));
        Ok(Some(Ready { release, rules }))
    }
}

/// The plan of a policy that has no mistake, nor its folder where it concerns the policy.
fn sound(folder: &RulesFolder, place: usize, session: &Session<'_>) -> Result<Plan, Failure> {
    let built = engine::build(folder, place, &session.sources);
    let mut wrong: Vec<Diagnostic> = built.diagnostics;
    wrong.extend(folder.concerning(&folder.with_uses(place).into_iter().collect()).cloned());
    wrong.extend(built.plan.iter().flat_map(|plan| script::check(&plan.scripts)));
    wrong.retain(Diagnostic::is_error);
    match built.plan {
        Some(plan) if wrong.is_empty() => Ok(plan),
        Some(_) | None => Err(Failure(wrong)),
    }
}
