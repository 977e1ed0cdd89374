//! Decisions that were accepted, and how today's differ: a rule change is reviewed by what it does to customers.
//!
//! A subject is what one snapshot file holds: one decided customer, or all customers of a file. [`judge`] compares it with its
//! `.snap`; what differs is told in the words of the business with the edit of the rules that caused it ([`cause`]), written as
//! `.snap.new`, and waits there until somebody accepts or rejects it ([`waiting`]). The files are those of insta, so that
//! cargo-insta lists, accepts and rejects them, too.

pub mod cases;
pub mod cause;
pub mod decided;
pub mod edits;
pub mod file;
pub mod moved;
pub mod report;
pub mod review;
pub mod rulebook;
pub mod signed;
pub mod waiting;

use std::path::{Path, PathBuf};

use serde_json::{Map, Value as Json};

use crate::base::{Lang, Str};
use crate::diag::Diagnostic;
use crate::plan::{Plan, digest_of};
use crate::store::{World, shown};
use cause::Causes;
use decided::{Decided, Output};
use file::Snapshot;
use moved::Moved;
pub use report::Report;

/// The folder beside the facts in which snapshots stand.
pub const FOLDER: &str = "snapshots";

/// The project whose decisions are kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Project {
    /// The folder of the settings, with a slash behind it; empty where the command was started there.
    pub base: String,
    /// The file of the settings, from that folder.
    pub settings: String,
    /// The language in which decisions are kept, whatever the reader's.
    pub lang: Lang,
}

impl Project {
    /// The snapshot of one customer of a file, or of all of them, with nobody decided yet: `kept` is the file, and what it is called
    /// in the names of snapshots.
    #[must_use]
    pub fn subject(
        &self,
        plan: &Plan,
        decision: usize,
        (file, stem): (&Path, &str),
        customer: Option<&str>,
        as_of: String,
    ) -> Subject {
        let own = plan.policies.last();
        let (name, version) = own.map_or(("", ""), |policy| (&*policy.name, &*policy.version));
        let made = plan.decisions.get(decision);
        let decision_name = made.map_or("", |decision| &*decision.name);
        let policy = own.map_or("", |policy| &**policy.label.pick(self.lang));
        let decided_as = made.map_or("", |decision| &**decision.label.pick(self.lang));
        Subject {
            path: file.parent().unwrap_or(Path::new("")).join(FOLDER).join(file_name(
                name,
                decision_name,
                stem,
                customer,
            )),
            source: self.settings.clone(),
            input_file: Some(rulebook::beneath(&self.base, &shown(file))),
            policy: (name.to_owned(), version.to_owned(), plan.digest.to_string()),
            decision: decision_name.to_owned(),
            title: match self.lang {
                Lang::En => format!("{decided_as}, by {policy}"),
                Lang::Zh => format!("{decided_as}，依据{policy}"),
            },
            as_of,
            set: Vec::new(),
            currency: own.map(|policy| policy.currency.to_string()).unwrap_or_default(),
            decided: Vec::new(),
            outputs: Vec::new(),
        }
    }
}

/// What one snapshot file holds.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The file, `….snap`.
    pub path: PathBuf,
    /// Where it was asked for, from the folder of the settings.
    pub source: String,
    /// The file of the facts, from the folder of the settings.
    pub input_file: Option<String>,
    /// The policy: name, version, digest.
    pub policy: (String, String, String),
    /// The decision.
    pub decision: String,
    /// Decision and policy in the words of the project.
    pub title: String,
    /// The day for which it was decided.
    pub as_of: String,
    /// The parameters that were set.
    pub set: Vec<(String, String)>,
    /// The currency of the policy.
    pub currency: String,
    /// The customers, in the order of the file.
    pub decided: Vec<Decided>,
    /// What the decision lists.
    pub outputs: Vec<Output>,
}

impl Subject {
    /// What its file is to hold.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let (policy, version, digest) = &self.policy;
        let named = |json: &str| Json::from(json);
        let mut info = Map::new();
        info.insert("policy".into(), named(policy));
        info.insert("version".into(), named(version));
        info.insert("digest".into(), named(digest));
        info.insert("decision".into(), named(&self.decision));
        info.insert("as_of".into(), named(&self.as_of));
        if !self.set.is_empty() {
            let set = self.set.iter().map(|(name, value)| (name.clone(), named(value)));
            info.insert("set".into(), Json::Object(set.collect()));
        }
        info.insert("currency".into(), named(&self.currency));
        let granted = self.outputs.iter().filter(|output| output.granted);
        info.insert("granted".into(), granted.map(|output| named(&output.name)).collect());
        let decided = self.decided.iter().map(|it| {
            let mut kept = Map::new();
            kept.insert("values".into(), Json::Object(it.values.clone()));
            kept.insert("facts".into(), Json::Object(it.facts.clone()));
            (it.customer.to_string(), Json::Object(kept))
        });
        info.insert("decided".into(), Json::Object(decided.collect()));
        let of = match self.decided.as_slice() {
            [only] => format!(" of {}", only.customer),
            all => format!(" of {} customers", all.len()),
        };
        Snapshot {
            source: Some(self.source.clone()),
            description: Some(self.title.clone()),
            expression: Some(format!("{policy}.{}{of}", self.decision)),
            info,
            input_file: self.input_file.clone(),
            body: self.body(),
        }
    }

    /// What people read.
    #[must_use]
    pub fn body(&self) -> String {
        let bodies: Vec<&str> = self.decided.iter().map(|decided| decided.body.as_str()).collect();
        bodies.join("\n\n")
    }

    /// The policy with its version: `trade_credit 2026.4`.
    #[must_use]
    pub fn policy_name(&self) -> String {
        format!("{} {}", self.policy.0, self.policy.1)
    }

    /// The name by which it is asked for: that of its file.
    #[must_use]
    pub fn name(&self) -> String {
        name_of(&self.path)
    }
}

/// The name of a snapshot: that of its file without its ending.
#[must_use]
pub fn name_of(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let name = name.strip_suffix(".new").unwrap_or(&name);
    name.strip_suffix(".snap").unwrap_or(name).to_owned()
}

/// The pending file of a snapshot.
#[must_use]
pub fn pending_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    PathBuf::from(name)
}

/// So many bytes of a name are kept: file systems take 255, and endings and a digest come behind.
const LONGEST_NAME: usize = 220;

/// The name of the file of a snapshot: `trade_credit.review__customers@C0003.snap`. What no file system wants in a name is replaced,
/// what is too long is cut, and a digest keeps such names apart.
#[must_use]
pub fn file_name(policy: &str, decision: &str, input: &str, customer: Option<&str>) -> String {
    let own = match customer {
        Some(customer) => format!("{policy}.{decision}__{input}@{customer}"),
        None => format!("{policy}.{decision}__{input}"),
    };
    let fits = |ch: char| ch.is_alphanumeric() || matches!(ch, '_' | '-' | '.' | '@');
    let mut plain: String = own.chars().map(|ch| if fits(ch) { ch } else { '_' }).collect();
    while plain.len() > LONGEST_NAME {
        plain.pop();
    }
    let mark = if plain == own {
        String::new()
    } else {
        let digest: String = digest_of(&own).trim_start_matches("sha256:").chars().take(6).collect();
        format!("~{digest}")
    };
    format!("{plain}{mark}.snap")
}

/// How a subject stands.
#[derive(Clone, PartialEq, Debug)]
pub enum State {
    /// As accepted.
    Same,
    /// Nothing was accepted yet.
    New,
    /// Another decision than accepted.
    Changed,
    /// The accepted file cannot be read.
    Broken,
}

/// A subject beside what was accepted.
#[derive(Clone, Debug)]
pub struct Judged {
    /// How it stands.
    pub state: State,
    /// What was accepted.
    pub accepted: Option<Snapshot>,
    /// Why the accepted file cannot be read.
    pub problem: Option<Box<Diagnostic>>,
}

/// Compares a subject with its file.
#[must_use]
pub fn judge(subject: &Subject, world: &dyn World, sources: &mut crate::base::SourceMap) -> Judged {
    if world.place(&subject.path).is_none() {
        return Judged { state: State::New, accepted: None, problem: None };
    }
    match read(&subject.path, world, sources) {
        Ok(accepted) => {
            let state = if accepted.body == subject.body() { State::Same } else { State::Changed };
            Judged { state, accepted: Some(accepted), problem: None }
        }
        Err(problem) => Judged { state: State::Broken, accepted: None, problem: Some(problem) },
    }
}

/// Reads a snapshot file.
///
/// # Errors
/// It cannot be read, or is no snapshot: told with its line.
pub fn read(
    path: &Path,
    world: &dyn World,
    sources: &mut crate::base::SourceMap,
) -> Result<Snapshot, Box<Diagnostic>> {
    let name = shown(path);
    let unreadable = |reason: &dyn std::fmt::Display| {
        Box::new(Diagnostic::nowhere("E906").arg("path", &name).arg("reason", reason))
    };
    let bytes = world.read(path).map_err(|error| unreadable(&error))?;
    let text = crate::store::decode(&bytes, &name, sources)?;
    Snapshot::read(&text).map_err(|wrong| {
        let file = sources.add(name.clone(), text.clone());
        let start: usize = text.split_inclusive('\n').take(wrong.line.saturating_sub(1)).map(str::len).sum();
        let line = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("");
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let span = crate::base::Span::new(file, place(start), place(start.saturating_add(line.len())));
        let broken = Diagnostic::new("E560", span).variant(wrong.what).arg("text", &wrong.text);
        Box::new(broken.arg("file", &name).help("again"))
    })
}

/// What is to be told of a subject that is not as accepted.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The name of the snapshot.
    pub name: String,
    /// The policy with its version.
    pub policy: String,
    /// Its file, from the folder of the settings.
    pub file: String,
    /// New or changed.
    pub state: State,
    /// The customers that it holds.
    pub customers: Vec<Str>,
    /// What moved, customer by customer.
    pub moved: Vec<Moved>,
    /// Why.
    pub causes: Causes,
    /// Whether `.snap.new` was written.
    pub written: bool,
}

/// So many customers of one snapshot are told one by one.
const MOST_TOLD: usize = 12;

impl Finding {
    /// What moved and why, a line for each customer.
    #[must_use]
    pub fn sentences(&self, lang: Lang) -> Vec<String> {
        let colon = lang.pick(": ", "：");
        let comma = lang.pick(", ", "，");
        if self.state == State::New {
            let customers: Vec<&str> = self.customers.iter().take(MOST_TOLD).map(|it| &**it).collect();
            return vec![match (&self.causes.by_hand, lang) {
                (None, Lang::En) => format!("{}: new, nothing was accepted yet", customers.join(", ")),
                (None, Lang::Zh) => format!("{}：新增，尚无已接受的结果", customers.join("、")),
                (Some((by, on)), Lang::En) => {
                    format!("{}: the file that {by} accepted on {on} is gone", customers.join(", "))
                }
                (Some((by, on)), Lang::Zh) => {
                    format!("{}：{by} 于 {on} 接受的文件已不在", customers.join("、"))
                }
            }];
        }
        if self.state == State::Broken {
            let what = lang.pick(
                "what was accepted cannot be read; what is decided today waits as a new snapshot",
                "已接受的文件无法读取；今天评定的结果作为新增待定",
            );
            return vec![what.to_owned()];
        }
        let why = self.causes.sentence(lang);
        let mut lines = Vec::new();
        for moved in self.moved.iter().take(MOST_TOLD) {
            let what = if moved.is_moved() {
                moved.outputs.join(comma)
            } else {
                lang.pick("the outcome is the same, not the way there", "结果相同，过程有变").to_owned()
            };
            let mut why = why.clone();
            if self.causes.facts && !moved.facts.is_empty() {
                let facts = moved.facts.join(comma);
                why.push(match lang {
                    Lang::En => format!("the facts changed: {facts}"),
                    Lang::Zh => format!("资料有变：{facts}"),
                });
            }
            let because = match (why.is_empty(), lang) {
                (true, _) => String::new(),
                (false, Lang::En) => format!(", because {}", why.join("; ")),
                (false, Lang::Zh) => format!("，原因：{}", why.join("；")),
            };
            lines.push(format!("{}{colon}{what}{because}", moved.customer));
        }
        if let Some(more) = self.moved.len().checked_sub(MOST_TOLD).filter(|more| *more > 0) {
            lines.push(match lang {
                Lang::En => format!("… and {more} more customers"),
                Lang::Zh => format!("……另有 {more} 户"),
            });
        }
        if lines.is_empty() {
            lines.push(lang.pick("the text differs", "文字有变").to_owned());
        }
        lines
    }
}
