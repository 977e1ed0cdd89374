//! `approve VERSION`: who approves a version signs what it means; the sheet for those who sign on paper; how versions stand.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::json;

use crate::base::{Lang, Str, document, nearest};
use crate::cli::Exit;
use crate::cli::args::{Format, day};
use crate::cli::gate::{self, Office};
use crate::cli::session::{Failure, Session};
use crate::cli::table::aligned;
use crate::diag::Diagnostic;
use crate::engine;
use crate::plan::{Plan, digest};
use crate::review::approval::{
    self, Armour, Form, Kept, Layout, Person, Sheet, Signature, Standing, Statement, Subject, Verdict, Why,
    words,
};
use crate::store::{self, Roots, RulesFolder, shown};
use crate::value::Date;

/// Approves a version of a policy: signs what it means, with a key or on paper
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The version: `trade_credit@2026.4`, or the policy alone for the one in force
    #[arg(value_name = "VERSION", required_unless_present = "standings")]
    pub subject: Option<String>,
    /// Who approves, as gradus.toml names them
    #[arg(long = "by", value_name = "NAME", required_unless_present_any = ["standings", "change_sheet"])]
    pub approver: Option<String>,
    /// Why
    #[arg(long = "reason", value_name = "TEXT", required_unless_present_any = ["standings", "change_sheet"])]
    pub why: Option<String>,
    /// The file of the key that signs, minisign or SSH; a public SSH key for one in an agent. Without it, the statement is written for signing elsewhere
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// As what, for those who have several roles
    #[arg(long, value_name = "ROLE")]
    pub role: Option<String>,
    /// Who wrote the version, besides those that git knows
    #[arg(long = "author", value_name = "NAME")]
    pub authors: Vec<String>,
    /// Let it decide with this approval alone until the others follow
    #[arg(long, conflicts_with = "paper")]
    pub emergency: bool,
    /// Register an approval that was signed on paper
    #[arg(long, conflicts_with = "key", requires_all = ["sheet_number", "signed_on"])]
    pub paper: bool,
    /// The check number on the sheet that was signed
    #[arg(long, value_name = "NUMBER", requires = "paper")]
    pub sheet_number: Option<String>,
    /// The day on which it was signed
    #[arg(id = "signed_on", long = "on", value_name = "DATE", value_parser = day, requires = "paper")]
    pub on: Option<Date>,
    /// A scan of the sheet, whose digest is recorded
    #[arg(long, value_name = "FILE", requires = "paper")]
    pub scan: Option<PathBuf>,
    /// Print the change sheet to be signed on paper
    #[arg(id = "change_sheet", long = "sheet", conflicts_with_all = ["approver", "key", "paper", "emergency"])]
    pub change_sheet: bool,
    /// List who has approved which version, and who is missing
    #[arg(id = "standings", long = "list", conflicts_with_all = ["approver", "key", "paper", "emergency", "change_sheet"])]
    pub standings: bool,
    /// Further files and folders of rules, as the other commands take them
    #[arg(long = "rules", value_name = "PATH")]
    pub rules: Vec<PathBuf>,
    /// How to print the list or the sheet
    #[arg(long, value_name = "FORMAT", value_parser = Format::among(&[Format::Pretty, Format::Plain, Format::Json, Format::Md, Format::Html]))]
    pub format: Option<Format>,
}

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    let Some(office) = Office::open(session)? else {
        return Err(Diagnostic::nowhere("E574").variant("settings").help("page").into());
    };
    let roots = Roots::new(session.world, &session.settings, &args.rules);
    let folder = store::load(session.world, &roots, &session.settings, &mut session.sources);
    let chosen = match &args.subject {
        Some(version) => Some(selected(&folder, version, office.today)?),
        None => None,
    };
    if args.standings {
        return list(&folder, chosen, &office, args.format, session);
    }
    let Some(place) = chosen else { return Ok(Exit::Done) };
    let plan = built(&folder, place, session)?;
    let (subject, standing) = office.look(&folder, place, &plan, &session.sources);
    // Where the tables alone changed, that is what is approved.
    let subject = Subject { change: standing.change.clone(), ..subject };
    let desk = Desk { office, folder, place, subject, standing };
    if args.change_sheet {
        return desk.print_sheet(args, session);
    }
    desk.approve(args, session)
}

/// The place of the version that is meant; that of the only policy may be named alone.
fn selected(folder: &RulesFolder, written: &str, day: Date) -> Result<usize, Failure> {
    let versions = folder.versions();
    let names: BTreeSet<&str> = versions.iter().map(|version| version.name).collect();
    if !written.contains('@') && !names.contains(written) {
        let mut named = versions.iter().filter(|version| version.version == written);
        if let (Some(one), None) = (named.next(), named.next()) {
            return Ok(one.place);
        }
    }
    Ok(folder.select(Some(written), day)?)
}

fn built(folder: &RulesFolder, place: usize, session: &Session<'_>) -> Result<Plan, Failure> {
    let built = engine::build(folder, place, &session.sources);
    let Some(plan) = built.plan else { return Err(Failure(built.diagnostics)) };
    let broken = crate::script::check(&plan.scripts);
    if broken.iter().any(Diagnostic::is_error) { Err(Failure(broken)) } else { Ok(plan) }
}

/// How versions stand: one, or all that were asked for.
fn list(
    folder: &RulesFolder,
    chosen: Option<usize>,
    office: &Office,
    format: Option<Format>,
    session: &mut Session<'_>,
) -> Result<Exit, Failure> {
    let mut told = Vec::new();
    let mut doubts = Vec::new();
    for place in chosen.map_or_else(|| gate::to_approve(folder), |place| vec![place]) {
        let plan = built(folder, place, session)?;
        let (subject, standing) = office.look(folder, place, &plan, &session.sources);
        doubts.extend(approval::doubts(&standing));
        told.push((subject, standing));
    }
    let lang = session.lang();
    let text = match format {
        Some(Format::Json) => document(&json!({
            "format_version": 1,
            "versions": told.iter().map(|(subject, standing)| as_json(subject, standing)).collect::<Vec<_>>(),
        })),
        Some(_) | None => {
            let headings = lang.pick(
                ["version", "state", "class", "approved by", "missing"],
                ["版本", "状态", "变更类别", "已批准", "尚缺"],
            );
            let rows: Vec<Vec<String>> =
                told.iter().map(|(subject, standing)| row(subject, standing, lang)).collect();
            aligned(&headings, &rows, &[])
        }
    };
    session.write(&text)?;
    session.tell(&doubts);
    let whole = told.iter().all(|(_, standing)| standing.verdict == Verdict::Approved);
    Ok(if whole { Exit::Done } else { Exit::Found })
}

fn row(subject: &Subject, standing: &Standing, lang: Lang) -> Vec<String> {
    let given = standing.given.iter().map(|it| match lang {
        Lang::En => format!("{} ({}, {}{})", it.by, it.role, it.on, form(&it.form, lang)),
        Lang::Zh => format!("{}（{}，{}{}）", it.by, it.role, it.on, form(&it.form, lang)),
    });
    vec![
        subject.name(),
        approval::state(&standing.verdict, lang),
        words(&standing.change.classes, lang),
        given.collect::<Vec<_>>().join(lang.pick(", ", "、")),
        approval::missing(&standing.missing, lang),
    ]
}

fn form(form: &Form, lang: Lang) -> &'static str {
    match form {
        Form::Signed => "",
        Form::Emergency { .. } => lang.pick(", emergency", "，紧急"),
        Form::Paper { .. } => lang.pick(", on paper", "，纸质"),
    }
}

fn as_json(subject: &Subject, standing: &Standing) -> serde_json::Value {
    let given = standing.given.iter().map(|it| {
        json!({
            "by": &*it.by,
            "role": &*it.role,
            "on": it.on.to_string(),
            "form": match it.form {
                Form::Signed => "signed",
                Form::Emergency { .. } => "emergency",
                Form::Paper { .. } => "paper",
            },
            "reason": &*it.reason,
        })
    });
    let missing = standing.missing.iter().map(|it| {
        json!({
            "class": it.class.key(),
            "persons": it.persons,
            "roles": it.roles.iter().map(|role| &**role).collect::<Vec<_>>(),
            "each": it.each.iter().map(|role| &**role).collect::<Vec<_>>(),
            "not_the_author": it.another,
        })
    });
    json!({
        "policy": &*subject.policy,
        "version": &*subject.version,
        "digest": &*subject.digest,
        "state": standing.verdict.key(),
        "until": standing.verdict.until().map(|day| day.to_string()),
        "against": standing.change.against.to_string(),
        "classes": standing.change.classes.iter().map(|class| class.key()).collect::<Vec<_>>(),
        "approved_by": given.collect::<Vec<_>>(),
        "missing": missing.collect::<Vec<_>>(),
        "not_counted": standing.faults.iter().map(|it| shown(&it.path)).collect::<Vec<_>>(),
    })
}

/// A version that is to be approved, and all that is known of it.
struct Desk {
    office: Office,
    folder: RulesFolder,
    place: usize,
    subject: Subject,
    standing: Standing,
}

impl Desk {
    fn print_sheet(&self, args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
        // A sheet may be printed before it is known who wrote the version; approved it is not.
        let authors = self.listed(&args.authors, session)?;
        let versions = self.folder.versions();
        let from =
            versions.iter().find(|version| version.place == self.place).and_then(|version| version.from);
        let changes = if self.subject.is_of_tables() {
            approval::tables(&self.folder, self.place, &session.sources, session.lang())
        } else {
            approval::changes(&self.folder, self.place, &session.sources, session.lang())
        };
        let sheet = Sheet {
            subject: &self.subject,
            from,
            authors: &authors,
            changes: &changes,
            book: &self.office.book,
        };
        let layout = match args.format {
            Some(Format::Html) => Layout::Html,
            Some(Format::Md) => Layout::Markdown,
            Some(_) | None => Layout::Plain,
        };
        session.write(&approval::sheet(&sheet, layout, session.lang()))?;
        Ok(Exit::Done)
    }

    /// Who wrote the version: those who are named, and those whom git knows. Each must be listed, so that nobody approves what they wrote
    /// themselves under another name.
    fn authors(&self, named: &[String], session: &Session<'_>) -> Result<Vec<Str>, Failure> {
        let authors = self.listed(named, session)?;
        if authors.is_empty() {
            return Err(Diagnostic::nowhere("E576").variant("none").help("author").into());
        }
        Ok(authors)
    }

    /// Those authors of whom something is known.
    fn listed(&self, named: &[String], session: &Session<'_>) -> Result<Vec<Str>, Failure> {
        let file = self.folder.files.get(self.place);
        let version = format!("\"{}\"", self.subject.version);
        let known =
            file.and_then(|file| session.world.writers(&file.path, &version).ok()).unwrap_or_default();
        let book = &self.office.book;
        let mut authors = BTreeSet::new();
        let mut unknown = Vec::new();
        for name in named {
            match book.person(name) {
                Some(person) => drop(authors.insert(person.name.clone())),
                None => unknown.push(Diagnostic::nowhere("E576").arg("name", name).help("list")),
            }
        }
        for [name, address] in known {
            match book.person(&name).or_else(|| book.person(&address)) {
                Some(person) => drop(authors.insert(person.name.clone())),
                None => {
                    let stranger = Diagnostic::nowhere("E576").variant("git").arg("name", name);
                    unknown.push(stranger.arg("address", address).help("also"));
                }
            }
        }
        if !unknown.is_empty() {
            return Err(Failure(unknown));
        }
        Ok(authors.into_iter().collect())
    }

    fn approve(&self, args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
        let by = args.approver.as_deref().unwrap_or_default();
        let person = self.person(by)?;
        let role = role(person, args.role.as_deref())?;
        if let Some(given) = self.standing.given.iter().find(|it| person.is(&it.by)) {
            let already = Diagnostic::nowhere("E574").variant("already").arg("name", &person.name);
            return Err(already.arg("version", self.subject.name()).arg("on", given.on).help("once").into());
        }
        let reason = approval::one_line(args.why.as_deref().unwrap_or_default());
        if reason.is_empty() {
            return Err(Diagnostic::nowhere("E574").variant("reason").help("reason").into());
        }
        let form = self.form(args, session)?;
        if let (Form::Emergency { .. }, Some(emergency)) = (&form, &self.office.book.emergency)
            && !emergency.roles.is_empty()
            && !emergency.roles.contains(&role.to_string())
        {
            let other = Diagnostic::nowhere("E574").variant("urgent_role").arg("role", &role);
            return Err(other.arg("known", emergency.roles.join(", ")).help("urgent_role").into());
        }
        let statement = Statement {
            policy: self.subject.policy.clone(),
            version: self.subject.version.clone(),
            digest: self.subject.digest.clone(),
            rules: self.subject.rules.clone(),
            against: self.subject.change.against.clone(),
            classes: self.subject.change.classes.clone(),
            authors: self.authors(&args.authors, session)?,
            by: person.name.clone(),
            role,
            on: args.on.unwrap_or(self.office.today),
            form,
            reason,
        };
        let bytes = statement.text().into_bytes();
        let path = self.path(&statement);
        let mut signature = None;
        if let Some(key) = &args.key {
            let ask = || session.password();
            let (armour, signed) = approval::sign(session.world, key, &bytes, ask)?;
            self.hold_key(person, &bytes, armour, &signed)?;
            signature = Some((armour, signed));
        }
        // What would not count is not written.
        let signatures = signature.iter().map(|(armour, signed)| Signature::read(*armour, signed)).collect();
        let kept =
            Kept { path: path.clone(), statement: Some(statement.clone()), bytes: bytes.clone(), signatures };
        let mut all: Vec<Kept> = self.office.kept.iter().filter(|it| it.path != path).cloned().collect();
        all.push(kept);
        let standing = approval::standing(&self.subject, &all, &self.office.book, self.office.today);
        let wrong = standing.faults.iter().find(|it| it.path == path && it.why != Why::Unsigned);
        if wrong.is_some() {
            let only = Standing { faults: wrong.cloned().into_iter().collect(), ..standing.clone() };
            let mut told = approval::doubts(&only);
            told.push(Diagnostic::nowhere("E574").variant("vain").arg("name", &person.name).help("list"));
            return Err(Failure(told));
        }
        session.make_folder(&self.office.book.folder)?;
        session.write_file(&path, &bytes)?;
        for armour in Armour::ALL {
            let beside = approval::beside(&path, armour);
            match &signature {
                Some((made, signed)) if *made == armour => session.write_file(&beside, signed)?,
                // What was signed before is not what stands there now.
                _ if session.world.place(&beside).is_some() => {
                    session.world.remove(&beside).map_err(|error| {
                        Diagnostic::nowhere("E907").arg("path", shown(&beside)).arg("reason", error)
                    })?;
                }
                _ => {}
            }
        }
        self.tell(&statement, &standing, signature.is_some(), &path, session)?;
        Ok(Exit::Done)
    }

    fn tell(
        &self,
        statement: &Statement,
        standing: &Standing,
        signed: bool,
        path: &std::path::Path,
        session: &mut Session<'_>,
    ) -> Result<(), Failure> {
        let (name, lang) = (self.subject.name(), session.lang());
        let classes = words(&statement.classes, lang);
        let on_paper = matches!(statement.form, Form::Paper { .. });
        let file = shown(path);
        if !signed && !on_paper {
            session.write(&match lang {
                Lang::En => format!("to be signed: {file}\n"),
                Lang::Zh => format!("待签：{file}\n"),
            })?;
            session.note(&match lang {
                Lang::En => format!("sign it with one of\n  ssh-keygen -Y sign -n gradus -f KEY {file}\n  minisign -Sm {file}"),
                Lang::Zh => format!("请用以下命令之一签署\n  ssh-keygen -Y sign -n gradus -f 密钥 {file}\n  minisign -Sm {file}"),
            });
            return Ok(());
        }
        let (by, role, how) = (&statement.by, &statement.role, form(&statement.form, lang));
        session.write(&match lang {
            Lang::En => format!("{name}: approved by {by} ({role}{how}) for: {classes}\n{file}\n"),
            Lang::Zh => format!("{name}：{by}（{role}{how}）已批准，变更类别：{classes}\n{file}\n"),
        })?;
        let missing = approval::missing(&standing.missing, lang);
        session.note(&match (missing.is_empty(), lang) {
            (true, Lang::En) => format!("{name} is approved"),
            (true, Lang::Zh) => format!("{name} 已批齐"),
            (false, Lang::En) => format!("still missing: {missing}"),
            (false, Lang::Zh) => format!("尚缺：{missing}"),
        });
        Ok(())
    }

    fn person(&self, by: &str) -> Result<&Person, Failure> {
        let book = &self.office.book;
        let unknown = || {
            let unknown = Diagnostic::nowhere("E574").variant("person").arg("name", by);
            Failure::from(match nearest(by, book.people.iter().map(|person| &*person.name)) {
                Some(near) => unknown.arg("near", near).help("near"),
                None => unknown.help("list"),
            })
        };
        book.person(by).ok_or_else(unknown)
    }

    fn form(&self, args: &Args, session: &Session<'_>) -> Result<Form, Failure> {
        if args.emergency {
            let Some(emergency) = &self.office.book.emergency else {
                return Err(Diagnostic::nowhere("E574").variant("emergency").help("emergency").into());
            };
            let today = self.office.today;
            return Ok(Form::Emergency { until: today.add_days(i64::from(emergency.days)).unwrap_or(today) });
        }
        if !args.paper {
            return Ok(Form::Signed);
        }
        let sheet = approval::number(&self.subject);
        let typed = args.sheet_number.as_deref().unwrap_or_default();
        let plain =
            |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
        if plain(typed) != plain(&sheet) {
            let other = Diagnostic::nowhere("E577").arg("typed", typed).arg("version", self.subject.name());
            return Err(other.help("print").into());
        }
        let scan = match &args.scan {
            Some(path) => Some(digest::of_bytes(&session.read(path)?)),
            None => None,
        };
        Ok(Form::Paper { sheet, scan })
    }

    /// Where a statement is kept: not in place of another person's whose name reads alike in files.
    fn path(&self, statement: &Statement) -> PathBuf {
        let path = approval::path_of(&self.office.book.folder, statement);
        let other = |path: &PathBuf| {
            let kept = self.office.kept.iter().find(|it| it.path == *path);
            kept.and_then(|it| it.statement.as_ref()).is_some_and(|it| it.by != statement.by)
        };
        let mut free = path.clone();
        let mut count = 1_u32;
        while other(&free) {
            count = count.saturating_add(1);
            free = path.with_extension(format!("{count}.approval"));
        }
        free
    }

    /// The key that signed is one of the person's.
    fn hold_key(&self, person: &Person, text: &[u8], armour: Armour, signed: &[u8]) -> Result<(), Failure> {
        let signature = Signature::read(armour, signed);
        let theirs = signature
            .as_ref()
            .is_some_and(|signature| person.keys.iter().any(|held| held.key.verifies(text, signature)));
        if theirs {
            return Ok(());
        }
        let foreign = Diagnostic::nowhere("E575").variant("foreign").arg("name", &person.name);
        let whose = signature.and_then(|signature| {
            let keys = self
                .office
                .book
                .people
                .iter()
                .flat_map(|other| other.keys.iter().map(move |held| (other, held)));
            let mut keys = keys.filter(|(_, held)| held.key.verifies(text, &signature));
            keys.next().map(|(other, _)| other.name.clone())
        });
        Err(match whose {
            Some(other) => foreign.arg("other", other).help("other"),
            None => foreign.help("key"),
        }
        .into())
    }
}

/// As what somebody approves.
fn role(person: &Person, wanted: Option<&str>) -> Result<Str, Failure> {
    let known = person.roles.iter().map(|role| format!("`{role}`")).collect::<Vec<_>>().join(", ");
    let told =
        |variant| Diagnostic::nowhere("E574").variant(variant).arg("name", &person.name).arg("known", &known);
    match (wanted, person.roles.as_slice()) {
        (_, []) => Err(told("no_role").help("list").into()),
        (None, [only]) => Ok(only.clone()),
        (None, _) => Err(told("which_role").help("role").into()),
        (Some(wanted), roles) => match roles.iter().find(|role| &***role == wanted) {
            Some(role) => Ok(role.clone()),
            None => Err(told("role").arg("role", wanted).help("known").into()),
        },
    }
}
