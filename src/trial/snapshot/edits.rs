//! How rules differ from what they said when a decision was accepted: each line that was changed, added or taken out, what it is
//! called, and the rules with it undone.

use std::collections::BTreeMap;

use super::rulebook::{Line, Outside, PolicyText, RuleBook};
use crate::base::{Lang, SourceMap, Span, Str};
use crate::plan::{ItemKind, Plan, RuleKind};
use crate::store::RulesFolder;
use crate::syntax;
use crate::value::Calendar;

/// A place where rules differ.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    /// The policy, by name.
    pub policy: String,
    /// What the line said; none where it was added.
    pub was: Option<String>,
    /// The line as it is; none where it was taken out.
    pub is: Option<Line>,
    /// Where a line that was taken out stood: the line behind it.
    pub before: Option<Span>,
    /// What stands beside the policy and is another: a calendar, a script, a table of a file.
    pub outside: Option<String>,
    /// How the lines of that file differ; none where they were not kept.
    pub within: Vec<Edit>,
    /// What that file said; none where it was not kept.
    pub text: Option<String>,
}

impl Edit {
    /// Whether it can be undone: what stands beside a policy only where it was kept.
    #[must_use]
    pub fn can_be_undone(&self) -> bool {
        self.outside.is_none() || self.text.is_some()
    }

    /// Where it can be seen in the rules of today.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        self.is.as_ref().and_then(|line| line.span).or(self.before)
    }
}

/// So many pairs of lines are compared; beyond that, a stretch counts as rewritten.
const MOST_PAIRS: usize = 4_000_000;

/// Where two rule books differ, in the order of the rules of today.
#[must_use]
pub fn edits(was: &RuleBook, is: &RuleBook) -> Vec<Edit> {
    let mut found = Vec::new();
    let nothing = PolicyText::default();
    for policy in &is.policies {
        let old = was.policies.iter().find(|old| old.name == policy.name).unwrap_or(&nothing);
        found.extend(of_policy(old, policy));
    }
    for file in &is.outside {
        let old = was.outside.iter().find(|old| old.name == file.name);
        if old.is_none_or(|old| old.digest != file.digest) {
            found.push(outside(old, file));
        }
    }
    for old in was.outside.iter().filter(|old| !is.outside.iter().any(|file| file.name == old.name)) {
        found.push(outside(None, &Outside { name: old.name.clone(), ..Outside::default() }));
    }
    found
}

fn outside(old: Option<&Outside>, new: &Outside) -> Edit {
    let text =
        |of: &Outside| PolicyText { name: of.name.clone(), lines: of.lines.clone(), ..PolicyText::default() };
    let kept = old.filter(|old| !old.lines.is_empty() && !new.lines.is_empty());
    Edit {
        policy: String::new(),
        was: None,
        is: None,
        before: None,
        outside: Some(new.name.clone()),
        within: kept.map(|old| of_policy(&text(old), &text(new))).unwrap_or_default(),
        text: kept.map(|old| old.lines.iter().map(|line| format!("{}\n", line.text)).collect()),
    }
}

fn of_policy(old: &PolicyText, new: &PolicyText) -> Vec<Edit> {
    let words = |lines: &[Line]| lines.iter().map(Line::words).collect::<Vec<_>>();
    let (was, is) = (words(&old.lines), words(&new.lines));
    let ahead = was.iter().zip(&is).take_while(|(was, is)| was == is).count();
    let most = was.len().min(is.len()).saturating_sub(ahead);
    let behind = was.iter().rev().zip(is.iter().rev()).take(most).take_while(|(was, is)| was == is).count();
    let middle = |all: usize| ahead..all.saturating_sub(behind);
    let (mine, yours) = (middle(was.len()), middle(is.len()));
    let kept = common(was.get(mine.clone()).unwrap_or_default(), is.get(yours.clone()).unwrap_or_default());
    let mut found = Vec::new();
    let (mut a, mut b) = (mine.start, yours.start);
    let ends = std::iter::once((mine.len(), yours.len()));
    for (x, y) in kept.into_iter().chain(ends) {
        let (x, y) = (mine.start.saturating_add(x), yours.start.saturating_add(y));
        let words = (was.get(a..x).unwrap_or_default(), is.get(b..y).unwrap_or_default());
        found.extend(between(old.lines.get(a..x).unwrap_or_default(), words, new, b));
        (a, b) = (x.saturating_add(1), y.saturating_add(1));
    }
    found
}

/// The lines of two stretches that are the same, in order: the longest such row of pairs.
pub(super) fn common(was: &[String], is: &[String]) -> Vec<(usize, usize)> {
    if was.len().saturating_mul(is.len()) > MOST_PAIRS {
        return Vec::new();
    }
    let width = is.len().saturating_add(1);
    let at = |x: usize, y: usize| x.saturating_mul(width).saturating_add(y);
    let mut longest = vec![0_u32; at(was.len(), is.len()).saturating_add(1)];
    let get = |longest: &[u32], x: usize, y: usize| longest.get(at(x, y)).copied().unwrap_or(0);
    for (x, mine) in was.iter().enumerate().rev() {
        for (y, yours) in is.iter().enumerate().rev() {
            let (down, right) = (x.saturating_add(1), y.saturating_add(1));
            let best = match mine == yours {
                true => get(&longest, down, right).saturating_add(1),
                false => get(&longest, down, y).max(get(&longest, x, right)),
            };
            if let Some(slot) = longest.get_mut(at(x, y)) {
                *slot = best;
            }
        }
    }
    let (mut x, mut y) = (0, 0);
    let mut kept = Vec::new();
    while let (Some(mine), Some(yours)) = (was.get(x), is.get(y)) {
        let (down, right) = (x.saturating_add(1), y.saturating_add(1));
        if mine == yours {
            kept.push((x, y));
            (x, y) = (down, right);
        } else if get(&longest, down, y) >= get(&longest, x, right) {
            x = down;
        } else {
            y = right;
        }
    }
    kept
}

/// A stretch in which no line is the same. What was only broken into other lines is no edit; what stands between is.
fn between(was: &[Line], words: (&[String], &[String]), new: &PolicyText, begin: usize) -> Vec<Edit> {
    let (mine, yours) = words;
    let mut found = Vec::new();
    let (mut a, mut b) = (0_usize, 0_usize);
    let (mut x, mut y) = (0_usize, 0_usize);
    let placed = |place: usize| begin.saturating_add(place);
    while y < yours.len() {
        let rest = (mine.get(x..).unwrap_or_default(), yours.get(y..).unwrap_or_default());
        if let Some((read, seen)) = heads_alike(rest.0, rest.1) {
            found.extend(stretch(was.get(a..x).unwrap_or_default(), new, placed(b)..placed(y)));
            (x, y) = (x.saturating_add(read), y.saturating_add(seen));
            (a, b) = (x, y);
        } else if x < mine.len() {
            x = x.saturating_add(1);
        } else {
            (x, y) = (a, y.saturating_add(1));
        }
    }
    found.extend(stretch(was.get(a..).unwrap_or_default(), new, placed(b)..placed(yours.len())));
    found
}

/// How many lines at the beginning of two texts say the same, whatever their line ends: the fewest; none where they begin otherwise.
fn heads_alike(was: &[String], is: &[String]) -> Option<(usize, usize)> {
    let (one, other) = (was.first()?, is.first()?);
    if !one.starts_with(other.as_str()) && !other.starts_with(one.as_str()) {
        return None;
    }
    let (mut one, mut other) = (one.clone(), other.clone());
    let (mut read, mut seen) = (1_usize, 1_usize);
    while one != other {
        if other.starts_with(&one) {
            one.push_str(was.get(read)?);
            read = read.saturating_add(1);
        } else if one.starts_with(&other) {
            other.push_str(is.get(seen)?);
            seen = seen.saturating_add(1);
        } else {
            return None;
        }
    }
    Some((read, seen))
}

/// A stretch in which no line is the same: lines that are alike belong together, the others were added or taken out.
fn stretch(was: &[Line], new: &PolicyText, is: std::ops::Range<usize>) -> Vec<Edit> {
    let lines = new.lines.get(is.clone()).unwrap_or_default();
    let behind = new.lines.get(is.end).and_then(|line| line.span);
    let edit = |was: Option<&Line>, is: Option<&Line>, before: Option<Span>| Edit {
        policy: new.name.clone(),
        was: was.map(|line| line.text.clone()),
        is: is.cloned(),
        before,
        outside: None,
        within: Vec::new(),
        text: None,
    };
    let mut found = Vec::new();
    let mut rest = was;
    for (place, line) in lines.iter().enumerate() {
        // A line that a later one names is that one's mate: a declaration put before another of its kind is no edit of it.
        let later = lines.get(place.saturating_add(1)..).unwrap_or_default();
        let is_free = |old: &Line| {
            let names = |other: &Line| begin_alike(&old.text, &other.text);
            begin_alike(&old.text, &line.text) || !later.iter().any(names)
        };
        let mate = rest.iter().position(|old| are_alike(&old.text, &line.text) && is_free(old));
        let mate = mate.or_else(|| (was.len() == lines.len() && !rest.is_empty()).then_some(0));
        match mate {
            Some(place) => {
                let gone = rest.get(..place).unwrap_or_default();
                found.extend(gone.iter().map(|old| edit(Some(old), None, line.span)));
                found.push(edit(rest.get(place), Some(line), None));
                rest = rest.get(place.saturating_add(1)..).unwrap_or_default();
            }
            None => found.push(edit(None, Some(line), None)),
        }
    }
    found.extend(rest.iter().map(|old| edit(Some(old), None, behind)));
    found
}

/// Whether two lines begin with the same two words: the kind of a declaration and its name, a factor and its weight.
fn begin_alike(one: &str, other: &str) -> bool {
    let head = |text: &str| tokens(text).into_iter().take(2).collect::<Vec<_>>();
    head(one) == head(other)
}

/// Whether most words of two lines are the same.
fn are_alike(one: &str, other: &str) -> bool {
    let (one, other) = (tokens(one), tokens(other));
    let same = one.iter().filter(|word| other.contains(word)).count();
    same.saturating_mul(2) >= one.len().max(other.len())
}

/// The words of a line: texts in quotation marks are one each, brackets and commas stand alone.
fn tokens(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut quoted = false;
    for ch in text.chars() {
        if quoted || ch == '"' {
            word.push(ch);
            if ch == '"' {
                quoted = !quoted;
            }
        } else if ch.is_whitespace() {
            found.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
        } else if matches!(ch, ',' | '(' | ')' | '{' | '}' | '[' | ']') {
            found.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
            found.push(ch.to_string());
        } else {
            word.push(ch);
        }
    }
    found.extend((!word.is_empty()).then_some(word));
    found
}

/// The rules folder as if edits had not been made; none where the text cannot be read then.
#[must_use]
pub fn undone(folder: &RulesFolder, edits: &[&Edit], sources: &mut SourceMap) -> Option<RulesFolder> {
    let mut by_file: BTreeMap<usize, Vec<(std::ops::Range<usize>, String)>> = BTreeMap::new();
    for edit in edits.iter().filter(|edit| edit.outside.is_none()) {
        let span = edit.span()?;
        let place = folder.files.iter().position(|file| file.file == span.file)?;
        let change = match (&edit.was, &edit.is) {
            (Some(was), Some(_)) => (span.range(), was.clone()),
            (None, Some(_)) => (span.range(), String::new()),
            (Some(was), None) => (span.range().start..span.range().start, format!("{was}\n")),
            (None, None) => return None,
        };
        by_file.entry(place).or_default().push(change);
    }
    let mut folder = folder.clone();
    for (place, mut changes) in by_file {
        let file = folder.files.get_mut(place)?;
        // From the end, so that places before it stay; several lines put in at one place keep their order.
        changes.sort_by_key(|(range, _)| range.start);
        let mut text = String::new();
        let mut at = 0_usize;
        for (range, put) in &changes {
            text.push_str(file.program.get(at..range.start)?);
            text.push_str(put);
            at = range.end;
        }
        text.push_str(file.program.get(at..)?);
        let name = sources.get(file.file).map_or_else(String::new, |source| source.name().to_owned());
        let text = Str::from(text);
        let id = sources.add(name, text.clone());
        let parsed = syntax::parse(id, &text);
        if parsed.diagnostics.iter().any(crate::diag::Diagnostic::is_error) {
            return None;
        }
        let was = file.file;
        (file.file, file.program, file.tree) = (id, text, parsed.file);
        (file.trivia, file.kept) = (parsed.trivia, parsed.kept);
        folder.scripts.iter_mut().filter(|it| it.policy == was).for_each(|it| it.policy = id);
        folder.references.iter_mut().filter(|it| it.policy == was).for_each(|it| it.policy = id);
    }
    for edit in edits {
        if let Some(outside) = &edit.outside {
            put_back(&mut folder, outside, edit.text.as_ref()?, sources)?;
        }
    }
    Some(folder)
}

/// A calendar, a script, a table of a file as it was; none where it cannot be read so.
fn put_back(folder: &mut RulesFolder, outside: &str, text: &str, sources: &mut SourceMap) -> Option<()> {
    let (kind, name) = outside.split_once(' ')?;
    let file = sources.add(outside.to_owned(), Str::from(text));
    match kind {
        "calendar" => {
            let known = folder.calendars.get_mut(name)?;
            (known.file, known.calendar) = (file, Some(Calendar::parse(text).ok()?));
        }
        "script" => {
            folder.scripts.iter_mut().filter(|it| *it.name == *name).for_each(|it| it.file = file);
        }
        _ => folder.references.iter_mut().filter(|it| *it.name == *name).for_each(|it| it.file = file),
    }
    Some(())
}

/// What a place of the rules is called, and how people name it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Called {
    /// Its address: `characteristic_analysis/finance_leaning_strict/payment_record`.
    pub address: String,
    /// The edit in words: `weight of payment_record 12 → 8`.
    pub words: String,
    /// Where: `rules/rating/characteristic_analysis.gradus:91`.
    pub place: String,
    /// The same place in the texts of the run.
    pub span: Option<Span>,
}

/// What an edit is called.
#[must_use]
pub fn called(edit: &Edit, plan: &Plan, sources: &SourceMap, base: &str, lang: Lang) -> Called {
    if let Some(outside) = &edit.outside {
        return called_beside(outside, &edit.within, sources, base, lang);
    }
    let span = edit.span();
    let owner =
        span.map_or(Owner::Policy, |span| owner(plan, changed_at(edit, span), span, edit.is.is_none()));
    let place = span.and_then(|span| line_of(span, sources, base));
    let address = match &owner {
        Owner::Factor(address, _) | Owner::Rule(address, _) | Owner::Item(address, _) => address.to_string(),
        Owner::Policy | Owner::Beside(_) => edit.policy.clone(),
    };
    Called { address, words: words(edit, &owner, lang), place: place.unwrap_or_default(), span }
}

/// So many lines of a file beside the policy are told; of more, how many they are.
const MOST_WITHIN: usize = 3;

/// What an edit of a calendar, a script, a table of a file is called: by the lines that differ.
fn called_beside(outside: &str, within: &[Edit], sources: &SourceMap, base: &str, lang: Lang) -> Called {
    let (kind, name) = outside.split_once(' ').unwrap_or(("", outside));
    let kind_zh = match kind {
        "calendar" => "日历",
        "script" => "脚本",
        "reference" => "参照表",
        _ => kind,
    };
    let own = format!("{} {name}", lang.pick(kind, kind_zh));
    let said: Vec<String> =
        within.iter().map(|edit| words(edit, &Owner::Beside(own.clone()), lang)).collect();
    let words = match (said.as_slice(), lang) {
        ([], Lang::En) => format!("{own} changed"),
        ([], Lang::Zh) => format!("{own} 有变"),
        (told, _) if told.len() <= MOST_WITHIN => told.join(lang.pick(", ", "，")),
        (told, Lang::En) => format!("{own}: {} lines changed", told.len()),
        (told, Lang::Zh) => format!("{own}：{} 行有变", told.len()),
    };
    let span = within.iter().find_map(Edit::span);
    let place = span.and_then(|span| line_of(span, sources, base)).unwrap_or_default();
    Called { address: format!("{kind}/{name}"), words, place, span }
}

/// `rules/rating/characteristic_analysis.gradus:91`
fn line_of(span: Span, sources: &SourceMap, base: &str) -> Option<String> {
    let source = sources.get(span.file)?;
    let line = source.line_column(span.start).line;
    Some(format!("{}:{line}", super::rulebook::beneath(base, source.name())))
}

/// Whose line it is.
enum Owner {
    /// A factor of a card: address, name.
    Factor(Str, Str),
    /// A rule: address, the name of its construct.
    Rule(Str, Str),
    /// A construct: address, name.
    Item(Str, Str),
    /// Of the policy itself.
    Policy,
    /// A file beside the policy, as people call it.
    Beside(String),
}

/// The place of the first word that differs.
fn changed_at(edit: &Edit, span: Span) -> Span {
    let (Some(was), Some(is)) = (&edit.was, &edit.is) else { return span };
    let same =
        was.chars().zip(is.text.chars()).take_while(|(was, is)| was == is).map(|(_, ch)| ch.len_utf8());
    let ahead = u32::try_from(same.sum::<usize>()).unwrap_or(0);
    let start = span.start.saturating_add(ahead).min(span.end.saturating_sub(1));
    Span { start, end: start.saturating_add(1), ..span }
}

fn owner(plan: &Plan, at: Span, line: Span, only_items: bool) -> Owner {
    let holds = |span: Span| span.file == at.file && span.start <= at.start && at.start < span.end;
    let width = |span: Span| span.end.saturating_sub(span.start);
    let item = plan.items.iter().filter(|item| holds(item.span)).min_by_key(|item| width(item.span));
    let rule =
        plan.rules.iter().filter(|rule| holds(rule.span) && !only_items).min_by_key(|rule| width(rule.span));
    if let Some(rule) = rule.filter(|rule| item.is_none_or(|item| width(rule.span) <= width(item.span))) {
        let factor = plan.items.iter().find_map(|item| match &item.kind {
            ItemKind::Scorecard(card) => card.factors.iter().find(|factor| {
                rule.kind == RuleKind::Factor
                    && plan.rules.get(factor.rule).is_some_and(|it| it.span == rule.span)
            }),
            _ => None,
        });
        return match (factor, item) {
            (Some(factor), _) => Owner::Factor(rule.address.clone(), factor.name.clone()),
            (None, Some(item)) => Owner::Rule(rule.address.clone(), item.name.clone()),
            (None, None) => Owner::Rule(rule.address.clone(), rule.address.clone()),
        };
    }
    let band = plan.items.iter().find_map(|item| match &item.kind {
        ItemKind::Grades(grades) => {
            let band = grades.bands.iter().find(|band| holds(band.span) && !only_items)?;
            let name = plan.schema.enums.get(grades.scale)?.member(band.code)?.name.clone();
            Some((item, name))
        }
        _ => None,
    });
    if let Some((item, name)) = band {
        return Owner::Rule(Str::from(format!("{}/{name}", item.address)), item.name.clone());
    }
    if let Some(item) = item {
        return Owner::Item(item.address.clone(), item.name.clone());
    }
    if let Some(param) = plan.params.iter().find(|param| !only_items && is_in(param.span, line)) {
        let policy = plan.policies.iter().find(|policy| policy.span.file == at.file);
        let policy = policy.map_or_else(|| Str::from(""), |policy| policy.name.clone());
        return Owner::Item(Str::from(format!("{policy}/{}", param.name)), param.name.clone());
    }
    Owner::Policy
}

/// Whether a declaration whose name or whole is `span` stands in a line.
fn is_in(span: Span, line: Span) -> bool {
    span.file == line.file && span.start < line.end && line.start < span.end
}

/// So many characters of a line are shown.
const MOST_SHOWN: usize = 70;

fn words(edit: &Edit, owner: &Owner, lang: Lang) -> String {
    let of = match owner {
        Owner::Factor(_, name) | Owner::Rule(_, name) | Owner::Item(_, name) => name.to_string(),
        Owner::Policy => edit.policy.clone(),
        Owner::Beside(name) => name.clone(),
    };
    let colon = lang.pick(": ", "：");
    match (&edit.was, &edit.is) {
        (Some(was), Some(is)) => {
            let (ahead, was, is) = differing(was, &is.text);
            match (owner, ahead.last().map(String::as_str)) {
                (Owner::Factor(..), Some("weight" | "权重")) => match lang {
                    Lang::En => format!("weight of {of} {was} → {is}"),
                    Lang::Zh => format!("{of} 的权重 {was} → {is}"),
                },
                _ => {
                    let ahead = without_labels(&ahead);
                    let own = ahead.iter().take(2).any(|word| *word == of);
                    let ahead = shortened(&ahead.join(" ").replace(" ,", ","));
                    let gap = if ahead.is_empty() { "" } else { " " };
                    let head = if own { String::new() } else { format!("{of}{colon}") };
                    format!("{head}{ahead}{gap}{was} → {is}")
                }
            }
        }
        (None, Some(is)) => match lang {
            Lang::En => format!("{of}: added `{}`", shortened(&is.text)),
            Lang::Zh => format!("{of}：新增 `{}`", shortened(&is.text)),
        },
        (Some(was), None) => match lang {
            Lang::En => format!("{of}: taken out `{}`", shortened(was)),
            Lang::Zh => format!("{of}：删去 `{}`", shortened(was)),
        },
        (None, None) => of,
    }
}

/// The words that both lines begin with, and what stands between these and those that both end with.
fn differing(was: &str, is: &str) -> (Vec<String>, String, String) {
    let (was, is) = (tokens(was), tokens(is));
    let ahead = was.iter().zip(&is).take_while(|(was, is)| was == is).count();
    let most = was.len().min(is.len()).saturating_sub(ahead);
    let behind = was.iter().rev().zip(is.iter().rev()).take(most).take_while(|(was, is)| was == is).count();
    let middle = |words: &[String]| {
        let middle = words.get(ahead..words.len().saturating_sub(behind)).unwrap_or_default();
        let text = middle.join(" ").replace(" ,", ",");
        if text.is_empty() { String::from("–") } else { shortened(&text) }
    };
    let texts = (middle(&was), middle(&is));
    (was.into_iter().take(ahead).collect(), texts.0, texts.1)
}

/// Words without the labels of names: `CA2 from` of `CA2 zh "优良" en "good" from`.
fn without_labels(words: &[String]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in words {
        let is_label = found.last().is_some_and(|last| last == "zh" || last == "en") && word.starts_with('"');
        if is_label {
            found.pop();
        } else {
            found.push(word.clone());
        }
    }
    found
}

fn shortened(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= MOST_SHOWN {
        return text;
    }
    let ahead: String = text.chars().take(MOST_SHOWN.saturating_sub(1)).collect();
    format!("{}…", ahead.trim_end())
}
