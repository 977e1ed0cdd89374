//! One mistake gives one diagnostic: slips as people make them, one at a time, over sound policies of the corpora.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;

use gradus::base::{FileId, Lang, SourceMap};
use gradus::check::{Checked, Source, check};
use gradus::diag::{Diagnostic, render};
use gradus::plan::compile;
use gradus::syntax::{Node, Parsed, concrete, parse, parse_as_typed};

use crate::corpus::{files, folder};

/// A slip: what it is, where, and what stands there then.
#[derive(Clone, Debug)]
struct Slip {
    kind: &'static str,
    edit: (Range<usize>, String),
}

impl Slip {
    fn made(&self, text: &str) -> String {
        let mut out = text.to_owned();
        out.replace_range(self.edit.0.clone(), &self.edit.1);
        out
    }
}

/// Two letters in the wrong order, or one that is missing where the word is Chinese; a short word gets a letter too many.
fn misspelt(word: &str) -> Option<String> {
    let mut letters: Vec<char> = word.chars().collect();
    if word.is_ascii() {
        let at = (1..letters.len().saturating_sub(1)).find(|at| letters[*at] != letters[at + 1])?;
        if letters.len() < 4 || word.contains(' ') {
            return None;
        }
        letters.swap(at, at + 1);
    } else {
        if letters.len() < 3 {
            return None;
        }
        letters.remove(1);
    }
    Some(letters.into_iter().collect())
}

/// The kind of slip of which two are two mistakes, wherever they stand.
const USED: &str = "name misspelt where used";

struct Found<'t> {
    text: &'t str,
    slips: Vec<Slip>,
}

impl Found<'_> {
    fn put(&mut self, kind: &'static str, range: Range<usize>, new: impl Into<String>) {
        let new = new.into();
        if self.text[range.clone()] != new {
            self.slips.push(Slip { kind, edit: (range, new) });
        }
    }

    fn line(&self, at: usize) -> Range<usize> {
        let start = self.text[..at].rfind('\n').map_or(0, |at| at + 1);
        let end = self.text[at..].find('\n').map_or(self.text.len(), |length| at + length + 1);
        start..end
    }

    fn walk(&mut self, node: &Node, above: &[&Node]) {
        let (rule, range) = (node.rule, node.span.range());
        let word = &self.text[range.clone()];
        let parent = above.last().map_or("", |node| node.rule);
        let is_first = |name: &str| {
            above.last().is_some_and(|above| above.child(name).is_some_and(|it| it.span == node.span))
        };
        match rule {
            "open_curly" => {
                let brace = range.start..range.start + word.chars().next().map_or(0, char::len_utf8);
                self.put("opening brace gone", brace, "");
            }
            "close_curly" => self.put("closing brace gone", range.clone(), ""),
            "colon" => {
                self.put("colon gone", range.clone(), "");
                self.put("colon a comma", range.clone(), ",");
                self.put("line broken before its colon", range.start..range.start, "\n    ");
            }
            "arrow" => self.put("arrow gone", range.clone(), ""),
            "define" => {
                self.put("equal sign gone", range.clone(), "");
                self.put("equal sign twice", range.clone(), "==");
            }
            "dots" => self.put("a dash between ends", range.clone(), "-"),
            "text" => {
                let close = word.chars().next_back().map_or(0, char::len_utf8);
                self.put("closing quote gone", range.end - close..range.end, "");
                let open = word.chars().next().map_or(0, char::len_utf8);
                self.put("opening quote gone", range.start..range.start + open, "");
                let other = if word.ends_with('"') { "”" } else { "\"" };
                self.put("half a pair of quotes", range.end - close..range.end, other);
            }
            "name" if parent == "fact" && is_first("name") => {
                misspelt(word)
                    .into_iter()
                    .for_each(|new| self.put("fact misspelt where declared", range.clone(), new));
                self.put("fact's name with a blank", range.clone(), word.replacen('_', " ", 1));
            }
            "name" if above.len() == 2 && above[0].rule == "item" && is_first("name") => {
                misspelt(word)
                    .into_iter()
                    .for_each(|new| self.put("item misspelt where declared", range.clone(), new));
            }
            "name" if parent == "band" || parent == "named" => {
                misspelt(word)
                    .into_iter()
                    .for_each(|new| self.put("member misspelt where declared", range.clone(), new));
            }
            "name" | "any_name" if parent == "path" || parent == "dotted" => {
                misspelt(word).into_iter().for_each(|new| self.put(USED, range.clone(), new));
            }
            "name" => {
                misspelt(word)
                    .into_iter()
                    .for_each(|new| self.put("other name misspelt", range.clone(), new));
            }
            "cells" if node.children.len() > 1 => {
                let before = node.children[node.children.len() - 2].span.range().end;
                self.put("a cell too few", before..range.end, "");
                self.put("a cell too many", range.end..range.end, ", any");
            }
            "outcomes" if node.children.len() > 1 => {
                let before = node.children[node.children.len() - 2].span.range().end;
                self.put("a result too few", before..range.end, "");
            }
            "outcomes" => self.put("a result too many", range.end..range.end, ", 0"),
            "unit_days" | "unit_months" | "unit_business_days" | "unit_percent" => {
                self.put("unit left out", range.clone(), "");
                let other = if rule == "unit_percent" { " days" } else { "%" };
                self.put("another unit", range.clone(), other);
            }
            "figure" => {
                if word.contains('.') {
                    self.put("decimal comma", range.clone(), word.replace('.', ","));
                }
                let digit = word.chars().next().and_then(|ch| ch.to_digit(10));
                let wide = digit.and_then(|digit| char::from_u32(0xff10 + digit));
                wide.into_iter()
                    .for_each(|wide| self.put("full-width digit", range.start..range.start + 1, wide));
                self.put("a letter in a figure", range.end - 1..range.end, "o");
            }
            "if_unknown" => self.put("what holds where it is unknown gone", range.clone(), ""),
            "missing" if matches!(parent, "card_member" | "factor" | "scorecard") => {
                self.put("what a card does with what is missing gone", range.clone(), "");
            }
            "because" => {
                if let Some(word) = node.children.first() {
                    self.put("because of nothing", word.span.range().end..range.end, "");
                }
            }
            "version" | "effective" | "currency" | "header_rounding" | "calendar" => {
                self.put("header field gone", range.clone(), "");
            }
            "band" => {
                let from = node.child("from").map(|from| from.span.range());
                from.into_iter().for_each(|from| self.put("a grade with both ends", from, "86-100"));
                let line = self.line(range.start);
                self.put("grade gone", line, "");
            }
            "row" | "factor" | "fact" | "step" | "trigger" | "check" | "authority_row" | "total_line" => {
                let line = self.line(range.start);
                if line.end >= range.end {
                    let twice = self.text[line.clone()].repeat(2);
                    self.put("line pasted twice", line.clone(), twice);
                    self.put("line end gone", line.end - 1..line.end, " ");
                    let blanks: Vec<usize> =
                        word.match_indices(' ').map(|(at, _)| range.start + at).collect();
                    for at in [blanks.len() / 3, blanks.len() * 2 / 3] {
                        blanks.get(at).into_iter().for_each(|at| {
                            self.put("line half written", *at..line.end - 1, "");
                        });
                    }
                    self.put("line gone", line, "");
                }
            }
            "cell" => self.put("cell pasted with quotation marks", range.clone(), format!("\"{word}\"")),
            "op_ge" | "op_le" => {
                self.put("operator turned round", range.clone(), if rule == "op_ge" { "=>" } else { "=<" })
            }
            "op_and" => self.put("operator of a sheet", range.clone(), "&&"),
            _ => {}
        }
        if parent == "item" && rule == "use_item" || rule == "use" {
            let line = self.line(range.start);
            self.put("use gone", line, "");
        }
        if rule.starts_with("type_") {
            misspelt(word).into_iter().for_each(|new| self.put("type misspelt", range.clone(), new));
            let behind = self.text[range.end..].trim_start_matches(' ');
            if ["number", "money", "percent", "days", "date"].contains(&word)
                && behind.starts_with(['\n', ';'])
            {
                self.put("another type", range.clone(), "text");
            }
        }
        if rule.starts_with("kw_") {
            misspelt(word).into_iter().for_each(|new| self.put("keyword misspelt", range.clone(), new));
            self.put("keyword gone", range.clone(), "");
            if let Some(first) = word.chars().next().filter(char::is_ascii_lowercase) {
                let capital = first.to_ascii_uppercase().to_string();
                self.put("keyword with a capital", range.start..range.start + 1, capital);
            }
        }
        let above: Vec<&Node> = above.iter().copied().chain([node]).collect();
        for child in &node.children {
            self.walk(child, &above);
        }
    }
}

/// Every slip that can be made in a policy, in the order of the text; none in its cases.
fn slips(text: &str) -> Vec<Slip> {
    let items = concrete(FileId(0), text);
    assert!(!items.is_empty());
    let mut found = Found { text, slips: Vec::new() };
    for item in items.iter().filter(|item| item.rule != "case") {
        let wrap = Node { rule: "item", span: item.span, children: Vec::new() };
        found.walk(item, &[&wrap]);
    }
    let parsed = parse(FileId(0), text);
    let mut closed: Vec<Range<usize>> = parsed.trivia.iter().map(|it| it.span.range()).collect();
    for trivia in &parsed.trivia {
        let range = trivia.span.range();
        if text[range.clone()].starts_with('#') {
            found.put("comment without its sign", range.start..range.start + 1, "");
        }
    }
    let mut texts = Vec::new();
    items.iter().for_each(|item| leaves(item, &mut texts));
    closed.extend(texts);
    let cases = items.iter().filter(|item| item.rule == "case").map(|item| item.span.range());
    closed.extend(cases);
    for (at, ch) in text.char_indices().filter(|(_, ch)| matches!(ch, ',' | '，' | '、' | '(' | ')')) {
        if closed.iter().any(|range| range.contains(&at)) {
            continue;
        }
        let range = at..at + ch.len_utf8();
        match ch {
            '(' | ')' => found.put("round bracket gone", range, ""),
            _ => {
                found.put("comma gone", range.clone(), "");
                found.put("comma a semicolon", range, ";");
            }
        }
    }
    found.slips.sort_by_key(|slip| slip.edit.0.start);
    found.slips
}

fn leaves(node: &Node, out: &mut Vec<Range<usize>>) {
    if matches!(node.rule, "text" | "phrase" | "label" | "words") {
        out.push(node.span.range());
    }
    node.children.iter().for_each(|child| leaves(child, out));
}

/// What parser, checker and proofs say of a text.
fn told(text: &str) -> (Vec<Diagnostic>, SourceMap) {
    told_as(text, parse)
}

/// The same of a text that is read so.
fn told_as(text: &str, read: impl Fn(FileId, &str) -> Parsed) -> (Vec<Diagnostic>, SourceMap) {
    let mut sources = SourceMap::new();
    let file = sources.add("a.gradus", text);
    let parsed = read(file, text);
    let trees = crate::check::files(parsed.file);
    let beside: Vec<Source<'_>> =
        trees.iter().map(|file| Source { file, scripts: &|_| None, references: &|_| None }).collect();
    let Checked { program, diagnostics } = check(&beside);
    let mut told: Vec<Diagnostic> = parsed.diagnostics.into_iter().chain(diagnostics).collect();
    if !told.iter().any(Diagnostic::is_error) {
        told.extend(compile(&program, &BTreeMap::new()).diagnostics);
    }
    (told, sources)
}

/// Policies without mistakes that need nothing beside them, each with constructs of its own.
fn sound() -> Vec<(String, String)> {
    let paths = ["plan/ok", "pipeline"].into_iter().flat_map(|stage| files(&folder(stage), ".gradus"));
    let read = |path: PathBuf| (path.display().to_string(), std::fs::read_to_string(path).unwrap());
    paths.map(read).filter(|(_, text)| told(text).0.is_empty()).collect()
}

/// Of so many slips of a kind, spread over all policies, what is said.
const OF_A_KIND: usize = 8;
/// How many of a hundred slips that are told are told once. It may only rise.
const ONCE: usize = 100;
/// How many diagnostics a slip may give. It may only fall.
const MOST: usize = 1;
/// The same of a text that somebody is writing: it is read as it stands.
const ONCE_TYPED: usize = 100;
/// The same of it.
const MOST_TYPED: usize = 1;

#[test]
fn one_mistake_gives_one_diagnostic() {
    hold_once(parse, ONCE, MOST);
}

#[test]
fn one_mistake_gives_one_diagnostic_while_somebody_types() {
    hold_once(parse_as_typed, ONCE_TYPED, MOST_TYPED);
}

/// Holds that of a hundred slips that are told so many are told once, and none more often than this.
fn hold_once(read: impl Fn(FileId, &str) -> Parsed, once: usize, at_most: usize) {
    let mut kinds: BTreeMap<&'static str, Vec<(String, String, Slip)>> = BTreeMap::new();
    for (name, text) in sound() {
        for slip in slips(&text) {
            kinds.entry(slip.kind).or_default().push((name.clone(), text.clone(), slip));
        }
    }
    let (mut counts, mut worst) = ([0_usize; 3], Vec::new());
    for (kind, all) in &kinds {
        for (name, text, slip) in all.iter().step_by(all.len().div_ceil(OF_A_KIND)) {
            let (said, sources) = told_as(&slip.made(text), &read);
            counts[said.len().min(2)] += 1;
            if said.len() > 1 {
                let line = text[..slip.edit.0.start].matches('\n').count() + 1;
                let (was, is) = (&text[slip.edit.0.clone()], &slip.edit.1);
                let shown = render::concise(&said, &sources, Lang::En);
                let shown: Vec<&str> = shown.lines().take(12).collect();
                let shown = shown.join("\n    ");
                worst.push((said.len(), format!("{kind}: {name}:{line}: {was:?} → {is:?}\n    {shown}")));
            }
        }
    }
    worst.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    let most = worst.first().map_or(0, |(count, _)| *count);
    let shown: Vec<&str> = worst.iter().take(25).map(|(_, told)| told.as_str()).collect();
    let shown =
        format!("not told, told once, told more often: {counts:?}, at most {most}\n{}", shown.join("\n"));
    assert!(kinds.len() > 30, "{} kinds of slips", kinds.len());
    assert!(most <= at_most && counts[1] * 100 >= (counts[1] + counts[2]) * once, "{shown}");
}

/// Slips that are mistakes of their own beside any other.
const APART: [&str; 6] =
    [USED, "unit left out", "colon gone", "type misspelt", "decimal comma", "closing quote gone"];
/// So many slips of a policy are paired.
const OF_A_POLICY: usize = 9;
/// How many of a hundred pairs may show one mistake alone: what reads a name that means nothing has no type, and is not looked into
/// any further.
const APART_HIDDEN: usize = 1;
/// The same of a text that somebody is writing: what may rest on a line that does not read is told when that reads.
const APART_HIDDEN_TYPED: usize = 8;

/// The place of an item that a slip is made in.
fn item_of(text: &str, slip: &Slip) -> Option<usize> {
    let items = concrete(FileId(0), text);
    items.iter().position(|item| item.span.range().contains(&slip.edit.0.start))
}

#[test]
fn two_mistakes_give_two_diagnostics() {
    hold_apart(parse, OF_A_POLICY, APART_HIDDEN);
}

#[test]
fn two_mistakes_give_two_diagnostics_while_somebody_types() {
    hold_apart(parse_as_typed, OF_A_POLICY / 2, APART_HIDDEN_TYPED);
}

/// Holds that of a hundred pairs of slips, so many slips of a policy paired, at most so many show one mistake alone.
fn hold_apart(read: impl Fn(FileId, &str) -> Parsed, of_a_policy: usize, at_most: usize) {
    let (mut pairs, mut hidden) = (0, Vec::new());
    for (name, text) in sound() {
        let all: Vec<Slip> = slips(&text).into_iter().filter(|slip| APART.contains(&slip.kind)).collect();
        let some = all.iter().step_by(all.len().div_ceil(of_a_policy).max(1));
        let told_of: Vec<(&Slip, Option<usize>)> = some
            .filter(|slip| told_as(&slip.made(&text), &read).0.len() == 1)
            .map(|slip| (slip, item_of(&text, slip)))
            .collect();
        for (place, (one, item)) in told_of.iter().enumerate() {
            let rest = told_of.iter().skip(place + 1);
            for (other, _) in
                rest.filter(|(other, of)| of != item && (other.edit.1 != one.edit.1 || one.kind != USED))
            {
                let (said, sources) = told_as(&one.made(&other.made(&text)), &read);
                pairs += 1;
                if said.len() < 2 {
                    let at = |slip: &Slip| text[..slip.edit.0.start].matches('\n').count() + 1;
                    let both = [one, other].map(|slip| {
                        format!(
                            "{}:{} {:?} → {:?}",
                            slip.kind,
                            at(slip),
                            &text[slip.edit.0.clone()],
                            slip.edit.1
                        )
                    });
                    let shown = render::concise(&said, &sources, Lang::En);
                    hidden.push(format!("{name}: {}\n    {shown}", both.join("; ")));
                }
            }
        }
    }
    assert!(pairs > 50, "{pairs} pairs");
    let shown: Vec<&str> = hidden.iter().take(25).map(String::as_str).collect();
    assert!(
        hidden.len() * 100 <= pairs * at_most,
        "{} of {pairs} pairs hide one mistake behind another\n{}",
        hidden.len(),
        shown.join("\n")
    );
}
