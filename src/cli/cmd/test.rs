//! `test [PATHS]`: the cases of policies and of case files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::base::{FileId, nearest};
use crate::cli::Exit;
use crate::cli::args::{Format, day};
use crate::cli::session::{Failure, Session};
use crate::diag::render::Colour;
use crate::diag::{Diagnostic, Fix};
use crate::engine;
use crate::script::{self, Host};
use crate::store::{self, Roots, RulesFolder, shown};
use crate::syntax::ast;
use crate::trial::{self, CaseFile, Painter, PolicyTrial, Wanted};
use crate::value::Date;

/// Runs the cases in the policies and in case files
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Policies, case files, and folders of them; without any, those of gradus.toml, or the folder `rules`
    #[arg(value_name = "PATHS")]
    pub paths: Vec<PathBuf>,
    /// Further files and folders of rules, as the other commands take them
    #[arg(long = "rules", value_name = "PATH")]
    pub rules: Vec<PathBuf>,
    /// Only cases whose policy or name holds this text
    #[arg(long, value_name = "TEXT")]
    pub run: Option<String>,
    /// The day for cases that state none
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub as_of: Option<Date>,
    /// How to print what was found
    #[arg(long, value_name = "FORMAT", value_parser = Format::among(&[Format::Pretty, Format::Plain, Format::Json, Format::Github]))]
    pub format: Option<Format>,
}

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    let given: Vec<PathBuf> = args.paths.iter().chain(&args.rules).cloned().collect();
    let found = load(&given, session)?;
    let Placed { mut wrong, cases: more, broken } = placed(&found, args, session);
    let mut policies: Vec<PolicyTrial> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    let lang = session.lang();
    for (place, file) in found.folder.files.iter().enumerate() {
        let cases = more.get(&place).cloned().unwrap_or_default();
        if !file.asked && cases.is_empty() {
            continue;
        }
        let of_files: BTreeSet<FileId> = cases.iter().map(|item| item.span.file).collect();
        let built = engine::build_with(&found.folder, place, cases, &session.sources);
        let Some(plan) = built.plan.filter(|_| !broken.contains(&place)) else {
            wrong.extend(built.diagnostics.into_iter().filter(Diagnostic::is_error));
            continue;
        };
        let scripts: Vec<Diagnostic> =
            script::check(&plan.scripts).into_iter().filter(Diagnostic::is_error).collect();
        if !scripts.is_empty() {
            wrong.extend(scripts);
            continue;
        }
        let wanted =
            Wanted { text: args.run.clone(), as_of: args.as_of, files: (!file.asked).then_some(of_files) };
        names.extend(plan.policies.last().map(|policy| policy.name.to_string()));
        names.extend(plan.cases.iter().map(|case| case.name.to_string()));
        let host = Host::new(&plan.scripts, &plan.schema.enums);
        let cases = trial::run(&plan, &wanted, &built.calendars, Some(&host), &session.sources, lang);
        policies.push(PolicyTrial { plan, file: shown(&file.path), cases });
    }
    tell(&found.folder, wrong.clone(), session);
    report(&policies, args, session)?;
    let ran: usize = policies.iter().map(|policy| policy.cases.len()).sum();
    if wrong.iter().any(Diagnostic::is_error) {
        return Ok(Exit::Failed);
    }
    if ran == 0 {
        session.tell(&[nothing_ran(args, &names)]);
        return Ok(Exit::Found);
    }
    let passed = policies.iter().flat_map(|policy| &policy.cases).all(|case| case.result.passed());
    Ok(if passed { Exit::Done } else { Exit::Found })
}

/// The rules, and the case files with their paths.
struct Found {
    folder: RulesFolder,
    files: Vec<CaseFile>,
}

fn load(given: &[PathBuf], session: &mut Session<'_>) -> Result<Found, Failure> {
    let is_case_file = |path: &&PathBuf| path.extension().is_some_and(|ending| ending == "toml");
    let (named, rules): (Vec<&PathBuf>, Vec<&PathBuf>) = given.iter().partition(is_case_file);
    let rules: Vec<PathBuf> = rules.into_iter().cloned().collect();
    let mut roots = Roots::new(session.world, &session.settings, &rules);
    let mut places: Vec<PathBuf> = named.iter().map(|path| (*path).clone()).collect();
    if rules.is_empty() && !named.is_empty() {
        // Only the cases of these files are run; their policies stand in the usual folders, or beside them.
        let beside = named.iter().filter_map(|path| path.parent());
        let beside = beside.map(|folder| if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
        let usual = std::mem::take(&mut roots.asked);
        roots.around = usual.into_iter().chain(beside.map(Path::to_owned)).collect();
    } else {
        places.extend(roots.asked.iter().cloned());
    }
    if given.is_empty() {
        places.extend(session.settings.test.paths.iter().cloned());
    }
    let paths = trial::case_files(session.world, &places);
    let mut files = Vec::new();
    for path in named.into_iter().filter(|path| !paths.contains(path)) {
        session.read(path)?;
    }
    for path in &paths {
        let bytes = session.read(path)?;
        let text = store::decode(&bytes, &shown(path), &mut session.sources)?;
        let file = session.sources.add(shown(path), text.clone());
        files.push(trial::read(file, &text));
    }
    let mut folder = store::load(session.world, &roots, &session.settings, &mut session.sources);
    // A folder of case files alone is a folder with something to run.
    let holds_cases = |path: &str| paths.iter().any(|file| file.starts_with(path));
    folder.diagnostics.retain(|it| {
        let path = it.args.iter().find(|(key, _)| *key == "path").map(|(_, path)| &**path);
        !(it.code == "E532" && it.variant == "empty" && path.is_some_and(holds_cases))
    });
    Ok(Found { folder, files })
}

/// The cases of case files with their policies.
#[derive(Default)]
struct Placed {
    /// What is wrong with folders and case files.
    wrong: Vec<Diagnostic>,
    /// The cases, by the place of their policy.
    cases: BTreeMap<usize, Vec<ast::Item>>,
    /// Policies with a case file that is wrong: all its mistakes are told, its cases are not run.
    broken: BTreeSet<usize>,
}

fn placed(found: &Found, args: &Args, session: &Session<'_>) -> Placed {
    let mut placed = Placed::default();
    for file in &found.files {
        placed.wrong.extend(file.diagnostics.iter().cloned());
        let Some(policy) = &file.policy else { continue };
        for item in &file.cases {
            let ast::ItemKind::Case(case) = &item.kind else { continue };
            let stated = case.as_of.as_ref().and_then(|literal| match literal.kind {
                ast::LiteralKind::Date(year, month, day) => Date::from_ymd(year, month, day),
                _ => None,
            });
            match policy_of(&found.folder, policy, session.as_of(stated.or(args.as_of))) {
                Ok(place) => {
                    placed.cases.entry(place).or_default().push(item.clone());
                    if !file.diagnostics.is_empty() {
                        placed.broken.insert(place);
                    }
                }
                Err(diagnostic) => placed.wrong.push(*diagnostic),
            }
        }
    }
    let asked = (0..found.folder.files.len()).filter(|place| {
        found.folder.files.get(*place).is_some_and(|file| file.asked) || placed.cases.contains_key(place)
    });
    let run: BTreeSet<usize> = asked.flat_map(|place| found.folder.with_uses(place)).collect();
    placed.wrong.extend(found.folder.concerning(&run).filter(|it| it.is_error()).cloned());
    placed
}

/// The policy of a case file: the only version there is, or the one in force on the day of the case.
fn policy_of(folder: &RulesFolder, wanted: &ast::Text, day: Date) -> Result<usize, Box<Diagnostic>> {
    let of_name = |header: &store::Header| *header.name == *wanted.value;
    let versions: Vec<usize> = (0..folder.files.len())
        .filter(|place| folder.files.get(*place).and_then(|file| file.header.as_ref()).is_some_and(of_name))
        .collect();
    match versions.as_slice() {
        [only] => Ok(*only),
        _ => folder.select(Some(&wanted.value), day).map_err(|mut diagnostic| {
            diagnostic.span = Some(wanted.span);
            diagnostic.helps.retain(|help| !matches!(*help, "as_of" | "folder"));
            diagnostic
        }),
    }
}

/// Tells each mistake once, in the order of the texts; those of policies that only stand beside are for who asks for them.
fn tell(folder: &RulesFolder, mut wrong: Vec<Diagnostic>, session: &Session<'_>) {
    wrong.sort_by_key(|it| it.span.map(|span| (span.file, span.start, span.end)));
    let mut told: Vec<Diagnostic> = Vec::new();
    for mut diagnostic in wrong {
        folder.tell_known(&mut diagnostic);
        mend_whole(&mut diagnostic, session);
        if !told.contains(&diagnostic) {
            told.push(diagnostic);
        }
    }
    session.tell(&told);
}

/// A name with escapes has no places within: what would mend a part of it is said in words.
fn mend_whole(diagnostic: &mut Diagnostic, session: &Session<'_>) {
    let is_quoted = |fix: &Fix| {
        fix.edits.iter().any(|(span, _)| {
            session.sources.get(span.file).is_some_and(|source| source.slice(*span).starts_with(['"', '\'']))
        })
    };
    let (words, mends) =
        std::mem::take(&mut diagnostic.fixes).into_iter().partition::<Vec<Fix>, _>(is_quoted);
    diagnostic.helps.extend(words.into_iter().map(|fix| fix.key));
    diagnostic.fixes = mends;
}

fn report(policies: &[PolicyTrial], args: &Args, session: &mut Session<'_>) -> Result<(), Failure> {
    let format = args.format.unwrap_or(if session.terminal.github { Format::Github } else { Format::Pretty });
    let lang = session.lang();
    let sources = &session.sources;
    let text = match format {
        Format::Json => trial::json(policies, sources, lang),
        Format::Github => trial::github(policies, sources, lang),
        Format::Pretty => trial::text(policies, sources, lang, Painter(session.colour() == Colour::With)),
        Format::Plain | Format::Concise | Format::Jsonl | Format::Csv | Format::Xlsx | Format::Sarif => {
            trial::text(policies, sources, lang, Painter(false))
        }
    };
    session.write(&text)?;
    if policies.iter().any(|policy| !policy.cases.is_empty()) {
        let summary = trial::summary(policies, lang);
        session.note(&summary);
        if format == Format::Github {
            session.job_summary(&format!("{summary}\n"))?;
        }
    }
    Ok(())
}

/// Why no case ran.
fn nothing_ran(args: &Args, names: &[String]) -> Diagnostic {
    let Some(text) = &args.run else { return Diagnostic::nowhere("E917").help("write") };
    let none = Diagnostic::nowhere("E917").variant("run").arg("text", text);
    match nearest(text, names.iter().map(String::as_str)) {
        Some(near) => none.arg("near", near).help("near"),
        None => none.help("names"),
    }
}
