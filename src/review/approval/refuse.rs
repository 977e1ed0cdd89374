//! What is told of a version that is not approved, and of approvals that do not count.

use std::collections::BTreeSet;

use super::change::{Class, words};
use super::standing::{Fault, Missing, Standing, Subject, Verdict, Why};
use crate::base::{Lang, Str};
use crate::diag::Diagnostic;
use crate::store::shown;

/// Why a version may not decide, or what has to be known of it; nothing where all is well.
#[must_use]
pub fn refusal(subject: &Subject, standing: &Standing, required: bool) -> Option<Diagnostic> {
    let code = match (&standing.verdict, required) {
        (Verdict::Approved, _) => return None,
        (Verdict::Emergency { .. }, _) => "W572",
        (_, true) => "E570",
        (_, false) => "W579",
    };
    let told = Diagnostic::nowhere(code)
        .arg("policy", &subject.policy)
        .arg("version", &subject.version)
        .arg("digest", &subject.digest)
        .arg_in("missing", missing(&standing.missing, Lang::En), missing(&standing.missing, Lang::Zh))
        .arg_in(
            "classes",
            words(&standing.change.classes, Lang::En),
            words(&standing.change.classes, Lang::Zh),
        );
    let told = match &standing.verdict {
        Verdict::Approved => return None,
        Verdict::Emergency { until, by } => return Some(told.arg("until", until).arg("by", by).help("sign")),
        Verdict::Over { until } => told.variant("over").arg("until", until),
        Verdict::Incomplete => told.variant("incomplete"),
        Verdict::Unsigned => told.variant("unsigned"),
        Verdict::Altered { signed } => told.variant("altered").arg("signed", signed),
        Verdict::Tables { signed } => told.variant("tables").arg("signed", signed),
    };
    let told = match &standing.verdict {
        Verdict::Altered { .. } => told.help("restore"),
        Verdict::Tables { .. } => told.help("tables"),
        Verdict::Unsigned => told.help("missing"),
        // Their message says who is missing.
        Verdict::Approved | Verdict::Emergency { .. } | Verdict::Over { .. } | Verdict::Incomplete => told,
    };
    Some(told.help("sign").help("list"))
}

/// Why a version may not be released yet, where only what is approved may be; else, what has to be known of it: it is released, and not
/// signed. Nothing where all have approved it.
#[must_use]
pub fn of_release(subject: &Subject, standing: &Standing, before_release: bool) -> Option<Diagnostic> {
    if standing.verdict.holds() || !before_release {
        return refusal(subject, standing, false);
    }
    let told = Diagnostic::nowhere("E578")
        .arg("policy", &subject.policy)
        .arg("version", &subject.version)
        .arg_in("state", state(&standing.verdict, Lang::En), state(&standing.verdict, Lang::Zh))
        .arg_in("missing", missing(&standing.missing, Lang::En), missing(&standing.missing, Lang::Zh))
        .arg_in(
            "classes",
            words(&standing.change.classes, Lang::En),
            words(&standing.change.classes, Lang::Zh),
        );
    Some(told.help("missing").help("sign").help("setting"))
}

/// The approvals that do not count, each with why.
#[must_use]
pub fn doubts(standing: &Standing) -> Vec<Diagnostic> {
    standing.faults.iter().map(doubt).collect()
}

fn doubt(fault: &Fault) -> Diagnostic {
    let by = fault.by.clone().unwrap_or_else(|| Str::from("?"));
    let told = Diagnostic::nowhere("W571").arg("path", shown(&fault.path)).arg("by", by);
    match &fault.why {
        Why::Altered => told.variant("altered").help("restore"),
        Why::Unsigned => told.variant("unsigned").help("sign"),
        Why::Signature => told.variant("signature").help("restore"),
        Why::Key { on } => told.variant("key").arg("on", on).help("again"),
        Why::Person => told.variant("person").help("list"),
        Why::Role { role } => told.variant("role").arg("role", role).help("list"),
        Why::Early { on } => told.variant("early").arg("on", on),
        Why::Paper => told.variant("paper").help("paper"),
        Why::Against { signed } => told.variant("against").arg("signed", signed).help("again"),
        Why::Classes { lacking } => told
            .variant("classes")
            .arg_in("class", lacking.word(Lang::En), lacking.word(Lang::Zh))
            .help("again"),
        Why::NotTheirs { role, class } => {
            let told = told.variant("not_theirs").arg("role", role);
            told.arg_in("class", class.word(Lang::En), class.word(Lang::Zh)).help("rules")
        }
    }
}

/// Who is missing, in words: `2 more (compliance or director)`. Classes that ask for the same are told of once.
#[must_use]
pub fn missing(missing: &[Missing], lang: Lang) -> String {
    let mut told: Vec<(String, BTreeSet<Class>)> = Vec::new();
    for it in missing {
        let text = people(it, lang);
        match told.iter_mut().find(|(known, _)| *known == text) {
            Some((_, classes)) => drop(classes.insert(it.class)),
            None => told.push((text, BTreeSet::from([it.class]))),
        }
    }
    let several = told.len() > 1;
    let told = told.into_iter().map(|(text, classes)| match (several, lang) {
        (false, _) => text,
        (true, Lang::En) => format!("{text} for {}", words(&classes, lang)),
        (true, Lang::Zh) => format!("{text}（{}）", words(&classes, lang)),
    });
    told.collect::<Vec<_>>().join(lang.pick("; ", "；"))
}

fn people(it: &Missing, lang: Lang) -> String {
    let roles = it.roles.iter().map(|role| &**role).collect::<Vec<_>>().join(lang.pick(" or ", "或"));
    let as_what = match (roles.as_str(), lang) {
        ("", _) => String::new(),
        (roles, Lang::En) => format!(" ({roles})"),
        (roles, Lang::Zh) => format!("（{roles}）"),
    };
    let mut text = match lang {
        Lang::En => format!("{} more{as_what}", it.persons),
        Lang::Zh => format!("还差 {} 人{as_what}", it.persons),
    };
    if !it.each.is_empty() {
        let each = it.each.iter().map(|role| &**role).collect::<Vec<_>>();
        text.push_str(&match lang {
            Lang::En => format!(", among them {}", each.join(" and ")),
            Lang::Zh => format!("，其中须有{}", each.join("、")),
        });
    }
    if it.another {
        text.push_str(lang.pick(", who did not write it", "，且非起草人"));
    }
    text
}

/// How a version stands, in words: `approved`, `emergency until 2026-03-08`.
#[must_use]
pub fn state(verdict: &Verdict, lang: Lang) -> String {
    match (verdict, lang) {
        (Verdict::Approved, _) => lang.pick("approved", "已批准").to_owned(),
        (Verdict::Emergency { until, .. }, Lang::En) => format!("emergency until {until}"),
        (Verdict::Emergency { until, .. }, Lang::Zh) => format!("紧急放行至 {until}"),
        (Verdict::Over { until }, Lang::En) => format!("emergency ended {until}"),
        (Verdict::Over { until }, Lang::Zh) => format!("紧急放行已于 {until} 到期"),
        (Verdict::Incomplete, _) => lang.pick("incomplete", "未批齐").to_owned(),
        (Verdict::Unsigned, _) => lang.pick("nobody yet", "尚无人批准").to_owned(),
        (Verdict::Altered { .. }, _) => lang.pick("altered since", "批准后有改动").to_owned(),
        (Verdict::Tables { .. }, _) => lang.pick("tables changed since", "批准后参照表有改动").to_owned(),
    }
}
