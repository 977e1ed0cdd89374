//! What came of the snapshots, for people and for programs.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use super::super::formats::{Check, CheckKind, Group, Verdict};
use super::super::report::Painter;
use super::super::words::Miss;
use super::{Finding, State};
use crate::base::{Lang, Span, Str};
use crate::diag::Diagnostic;
use crate::trial::coverage::Reached;

/// What came of the snapshots of a run.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The snapshots that are as accepted: policy and name of each.
    pub same: Vec<(String, String)>,
    /// How many customers were decided.
    pub customers: usize,
    /// Those that are new or differ.
    pub findings: Vec<Finding>,
    /// The files that nothing asks for.
    pub unreferenced: Vec<String>,
    /// The policies of which something was decided, by their places.
    pub policies: BTreeSet<usize>,
    /// What the decisions reached: the place of the policy, the customer.
    pub reached: Vec<(usize, Str, Reached)>,
    /// What hinders.
    pub wrong: Vec<Diagnostic>,
    /// Those that were accepted at once: policy and name of each.
    pub accepted: Vec<(String, String)>,
}

impl Report {
    /// How many snapshots were looked at.
    #[must_use]
    pub fn all(&self) -> usize {
        self.same.len().saturating_add(self.findings.len()).saturating_add(self.accepted.len())
    }

    /// How many are as accepted, and those that differ, with what moved and why.
    #[must_use]
    pub fn text(&self, lang: Lang, painter: Painter) -> String {
        if self.all() == 0 {
            return String::new();
        }
        let counted = self.counted(lang).join(lang.pick(", ", "，"));
        let counted = if self.findings.is_empty() { painter.good(&counted) } else { painter.bad(&counted) };
        let mut out = format!("{}{counted}\n", lang.pick("snapshots: ", "快照："));
        for finding in &self.findings {
            let mark = painter.bad(if finding.state == State::New { "+" } else { "✗" });
            out.push_str(&format!("\n  {mark} {}  {}\n", finding.name, painter.faint(&finding.file)));
            for line in finding.sentences(lang) {
                out.push_str(&format!("      {line}\n"));
            }
        }
        out
    }

    /// How many stand how.
    fn counted(&self, lang: Lang) -> Vec<String> {
        let new = self.findings.iter().filter(|finding| finding.state == State::New).count();
        let differ = self.findings.len().saturating_sub(new);
        let mut says = vec![match lang {
            Lang::En => format!("{} as accepted", self.same.len()),
            Lang::Zh => format!("{} 个与已接受的相同", self.same.len()),
        }];
        let mut add = |count: usize, en: String, zh: String| {
            if count > 0 {
                says.push(lang.pick(en, zh));
            }
        };
        let differs = if differ == 1 { "differs" } else { "differ" };
        add(differ, format!("{differ} {differs}"), format!("{differ} 个不同"));
        add(new, format!("{new} new"), format!("{new} 个新增"));
        let accepted = self.accepted.len();
        add(accepted, format!("{accepted} accepted"), format!("{accepted} 个已接受"));
        says
    }

    /// One sentence on all of them.
    #[must_use]
    pub fn summary(&self, lang: Lang) -> String {
        let plural = |count: usize, one: &str, several: &str| {
            format!("{count} {}", if count == 1 { one } else { several })
        };
        let says = self.counted(lang);
        match lang {
            Lang::En => format!(
                "{} of {}: {}",
                plural(self.all(), "snapshot", "snapshots"),
                plural(self.customers, "customer", "customers"),
                says.join(", ")
            ),
            Lang::Zh => format!("{} 户的 {} 个快照：{}", self.customers, self.all(), says.join("，")),
        }
    }

    /// What to type next; nothing where nothing is to be done.
    #[must_use]
    pub fn next(&self, lang: Lang) -> Vec<String> {
        if self.findings.is_empty() {
            return Vec::new();
        }
        if !self.findings.iter().any(|finding| finding.written) {
            return vec![
                lang.pick(
                    "nothing was written; on your own machine: `gradus test`, then `gradus review`",
                    "没有写入文件；请在本机运行 `gradus test`，再运行 `gradus review`",
                )
                .to_owned(),
            ];
        }
        let mut says =
            vec![lang.pick("to go through them: `gradus review`", "逐个审阅：`gradus review`").to_owned()];
        let mut causes: Vec<&str> = Vec::new();
        for finding in &self.findings {
            // What moved for one reason alone can be accepted by it.
            if let ([only], false) = (finding.causes.edits.as_slice(), finding.causes.facts)
                && !causes.contains(&only.address.as_str())
            {
                causes.push(&only.address);
            }
        }
        let head = lang.pick("to accept all that moved by one edit: ", "接受同一处修改引起的全部变动：");
        let end = lang.pick("--by NAME --reason TEXT", "--by 姓名 --reason 理由");
        says.extend(
            causes.iter().map(|cause| format!("{head}`gradus accept --cause {} {end}`", quoted(cause))),
        );
        if self.findings.iter().any(|finding| finding.causes.by_hand.is_some()) {
            says.push(
                lang.pick(
                    "what was changed by hand: restore the file, as version control has it; or accept what is decided today",
                    "经人工改动者：从版本库恢复该文件，或接受今天评定的结果",
                )
                .to_owned(),
            );
        }
        if self.findings.iter().all(|finding| finding.state == State::New) {
            let all = lang.pick("to accept what is new: ", "接受全部新增：");
            says.push(format!("{all}`gradus accept --all {end}`"));
        } else {
            says.push(format!(
                "{}`gradus reject --all`",
                lang.pick("to keep what was accepted: ", "保留原结果：")
            ));
        }
        says
    }

    /// The snapshots of each policy as checks, for the formats that show whatever was tried: those that differ at the edit that
    /// moved them.
    #[must_use]
    pub fn groups(&self, lang: Lang) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        let mut add = |policy: &str, file: &str, name: &str, place: Option<Span>, verdict: Verdict| {
            let check = Check { kind: CheckKind::Snapshot, name: name.to_owned(), place, verdict };
            match groups.iter_mut().find(|group| group.name == policy) {
                Some(group) => group.checks.push(check),
                None => {
                    let (name, file) = (policy.to_owned(), file.to_owned());
                    groups.push(Group { name, file, checks: vec![check] });
                }
            }
        };
        for (policy, name) in self.same.iter().chain(&self.accepted) {
            add(policy, "gradus.toml", name, None, Verdict::Passed);
        }
        for finding in &self.findings {
            let place = finding.causes.edits.iter().find_map(|edit| edit.span);
            let misses = finding.sentences(lang).into_iter().map(Miss::because).collect();
            add(&finding.policy, "gradus.toml", &finding.name, place, Verdict::Failed(misses));
        }
        groups
    }

    /// The same for programs.
    #[must_use]
    pub fn json(&self, lang: Lang) -> Json {
        let findings = self.findings.iter().map(|finding| {
            let moved = finding.moved.iter().map(
                |moved| json!({ "customer": moved.customer, "outputs": moved.outputs, "facts": moved.facts }),
            );
            let because =
                finding.causes.edits.iter().map(
                    |edit| json!({ "address": edit.address, "change": edit.words, "place": edit.place }),
                );
            json!({
                "name": finding.name,
                "file": finding.file,
                "status": if finding.state == State::New { "new" } else { "changed" },
                "moved": moved.collect::<Vec<_>>(),
                "because": because.collect::<Vec<_>>(),
                "text": finding.sentences(lang),
                "pending": finding.written,
            })
        });
        json!({
            "customers": self.customers,
            "same": self.same.len(),
            "accepted": self.accepted.len(),
            "findings": findings.collect::<Vec<_>>(),
            "unreferenced": self.unreferenced,
        })
    }
}

/// An address with blanks in quotation marks, as a shell wants it.
fn quoted(address: &str) -> String {
    if address.contains(|ch: char| ch.is_whitespace() || "'$*?()<>|&;".contains(ch)) {
        format!("'{}'", address.replace('\'', "'\\''"))
    } else {
        address.to_owned()
    }
}
