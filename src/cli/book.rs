//! The book of a run: made of all its customers before any is decided, or read from a file for one that is decided alone.

use std::collections::BTreeSet;
use std::path::Path;

use super::lanes::Members;
use super::session::{Failure, Session};
use crate::base::{Lang, Str};
use crate::diag::Diagnostic;
use crate::eval::book::{Book, Doubt, Kept, Portfolio};
use crate::eval::{Env, Facts};
use crate::interop::{Reject, read_book, write_book};
use crate::plan::{MOST_CUSTOMERS, Plan};
use crate::review::impact::Cores;
use crate::review::impact::decide;
use crate::store::shown;
use crate::value::Value;
use crate::value::display::{Show, show};

/// Whether the decision reads the book, and nobody has given one: then it is made of all customers of the run.
#[must_use]
pub fn is_made(plan: &Plan, decision: usize, given: Option<&Path>) -> bool {
    given.is_none() && Portfolio::of(plan, decision).is_some()
}

/// The book of a file, where one is given.
///
/// # Errors
/// It cannot be read, or was made by another policy or with other parameters.
pub fn given(
    path: Option<&Path>,
    plan: &Plan,
    decision: usize,
    env: &Env<'_>,
    session: &Session<'_>,
) -> Result<Option<Book>, Failure> {
    let Some(path) = path else { return Ok(None) };
    let Some(portfolio) = Portfolio::of(plan, decision) else {
        let named = plan.decisions.get(decision).map(|it| it.name.clone()).unwrap_or_default();
        session.tell(&[Diagnostic::nowhere("W918").arg("decision", named)]);
        return Ok(None);
    };
    let file = shown(path);
    let bytes = session.read(path)?;
    let book = read_book(&bytes).map_err(|reason| {
        Failure::from(Diagnostic::nowhere("E631").arg("file", &file).arg("reason", reason).help("write"))
    })?;
    // An empty book of this policy, day and parameters says what the one given must be.
    let own = portfolio.begin(Vec::new(), 0, env).finish();
    let other = |variant: &'static str| {
        let report = Diagnostic::nowhere("E632").variant(variant).arg("file", &file);
        let report = report.arg("policy", &book.policy.0).arg("version", &book.policy.1);
        Failure::from(report.help(""))
    };
    if book.policy != own.policy {
        return Err(other("policy"));
    }
    if book.as_of != own.as_of {
        let report = Diagnostic::nowhere("W633").arg("file", &file);
        session.tell(&[report.arg("day", book.as_of).arg("today", own.as_of)]);
    }
    if book.digest != own.digest {
        return Err(other("digest"));
    }
    if book.params != own.params {
        return Err(other("params"));
    }
    Ok(Some(book.lined_up(plan)))
}

/// The book of all customers of a run with what it is made of, or of those that are a policy's own. A customer that stands in two files counts by the
/// first; one of whom nobody can say whose it is counts as rejected.
///
/// # Errors
/// There are more customers than a book may hold.
pub fn make<'p>(
    files: &[Members<'_, '_>],
    plan: &'p Plan,
    decision: usize,
    env: &Env<'p>,
    jobs: Option<u16>,
    session: &Session<'_>,
) -> Result<Option<Kept<'p>>, Failure> {
    if !is_made(plan, decision, None) {
        return Ok(None);
    }
    let cores = Cores::new(jobs);
    let mut rejected = 0_usize;
    let mut seen: BTreeSet<Str> = BTreeSet::new();
    let mut customers: Vec<Facts> = Vec::new();
    for Members { reader, own } in files {
        let is_nobodys = |reject: &Reject| reject.problems.iter().any(|problem| problem.code == "E635");
        let one = |_: &mut (), place: &usize| match own.and_then(|(all, own)| Some((all.get(*place)?, own))) {
            Some((Ok(other), own)) if *other != own => None,
            Some((Err(reject), _)) => (!is_nobodys(reject)).then_some(None),
            Some((Ok(_), _)) | None => Some(reader.customer(*place).ok()),
        };
        let places: Vec<usize> = (0..reader.len()).collect();
        let read: Vec<Option<Option<Facts>>> = cores.map(&places, || (), one);
        for facts in read.into_iter().flatten() {
            match facts {
                Some(facts) if seen.insert(facts.id.clone()) => customers.push(facts),
                Some(_) => {}
                None => rejected = rejected.saturating_add(1),
            }
        }
    }
    if customers.len() > MOST_CUSTOMERS as usize {
        let report = Diagnostic::nowhere("E631").variant("large");
        return Err(report.arg("count", customers.len()).arg("most", MOST_CUSTOMERS).help("large").into());
    }
    let making = decide::book_made(plan, decision, env, &customers, rejected, &cores);
    let Some(making) = making else { return Ok(None) };
    let kept = Kept::new(making, customers);
    session.tell(&disputed(plan, kept.book()));
    Ok(Some(kept))
}

/// Writes a book to a file.
///
/// # Errors
/// It cannot be written.
pub fn write(path: &Path, book: Option<&Book>, session: &Session<'_>) -> Result<(), Failure> {
    match book {
        Some(book) => session.write_file(path, write_book(book).as_bytes()),
        None => {
            session.tell(&[Diagnostic::nowhere("W918").variant("out").arg("file", shown(path))]);
            Ok(())
        }
    }
}

/// Budgets on which the members of a group do not agree.
fn disputed(plan: &Plan, book: &Book) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (value, entry) in book.values.iter().zip(&plan.book) {
        let Some(cap) = &entry.cap else { continue };
        for (key, group) in &value.groups {
            if let Some(Doubt::Budgets(one, other)) = &group.doubt {
                let report = Diagnostic::new("E630", cap.span).arg("one", one).arg("other", other);
                let report = report.arg("name", &entry.name).help("");
                found.push(if key.is_empty() { report } else { report.variant("group").arg("group", key) });
            }
        }
    }
    found
}

/// Whether the members of some group do not agree on their budget.
#[must_use]
pub fn is_disputed(book: &Book) -> bool {
    let groups = book.values.iter().flat_map(|value| value.groups.values());
    groups.into_iter().any(|group| matches!(group.doubt, Some(Doubt::Budgets(..))))
}

/// The budgets that did not reach for all, in sentences.
#[must_use]
pub fn short(plan: &Plan, book: &Book, lang: Lang) -> Vec<String> {
    let mut found = Vec::new();
    for (value, entry) in book.values.iter().zip(&plan.book) {
        for (key, group) in value.groups.iter().filter(|(_, group)| group.short > 0) {
            let (Some(budget), Some(cap)) = (&group.budget, &entry.cap) else { continue };
            let Some(step) = plan.steps.get(cap.budget) else { continue };
            let figure = Value::Number(budget.clone());
            let budget = show(&figure, &step.ty, &plan.schema.enums, &Show::new(lang));
            let name = &entry.name;
            let of = if key.is_empty() { String::new() } else { lang.pick(" (", "（").to_owned() };
            let of = if of.is_empty() { of } else { format!("{of}{key}{}", lang.pick(")", "）")) };
            found.push(match lang {
                Lang::En => format!(
                    "the budget of `{name}`{of}, {budget}, did not reach: {} of {} members get less than they asked for",
                    group.short,
                    group.members
                ),
                Lang::Zh => format!(
                    "`{name}`{of}的预算 {budget} 不足：{} 户中有 {} 户未足额满足",
                    group.members,
                    group.short
                ),
            });
        }
    }
    found
}
