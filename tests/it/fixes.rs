//! What `check --fix` and `lint --fix` may do: a safe fix takes away what it was told for, brings nothing new, touches nothing else, and
//! never changes what a policy means.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use gradus::base::{FileId, SourceMap, Str};
use gradus::check::{Checked, Source, check};
use gradus::diag::{Diagnostic, Severity, mend, mending};
use gradus::lint::{Level, Seen, run};
use gradus::plan::compile;
use gradus::syntax::parse;
use gradus::value::Date;

use crate::corpus::{files, folder, root};
use crate::diff::compared;

/// A text, all that is said of it, and the digest of its meaning if it has one.
struct Looked {
    sources: SourceMap,
    file: FileId,
    diagnostics: Vec<Diagnostic>,
    digest: Option<Str>,
}

impl Looked {
    fn text(&self) -> Str {
        self.sources.get(self.file).unwrap().text().clone()
    }

    /// The fixes that may be applied without being looked at, each with the place of its diagnostic.
    fn safe(&self) -> Vec<usize> {
        let safe = |place: &usize| mending(&self.diagnostics[*place], false).is_some();
        (0..self.diagnostics.len()).filter(safe).collect()
    }

    /// The text after the fix of one diagnostic.
    fn with(&self, place: usize) -> String {
        let alone = std::slice::from_ref(&self.diagnostics[place]);
        mend(alone, &self.sources, false, |_| false).texts.remove(&self.file).unwrap()
    }
}

fn script(name: &str) -> Option<Str> {
    (name == "seasonality.rhai").then(|| Str::from("fn seasonal(sales) { sales[11] / sales[0] }"))
}

/// Parser, checker, proofs and every lint; each of them only of what those before it let through, as the command has it.
fn look(text: &str) -> Looked {
    let mut sources = SourceMap::new();
    let file = sources.add("a.gradus", text);
    let parsed = parse(file, text);
    let trees = crate::check::files(parsed.file);
    let beside: Vec<Source<'_>> =
        trees.iter().map(|file| Source { file, scripts: &script, references: &|_| None }).collect();
    let Checked { program, diagnostics } = check(&beside);
    let mut told: Vec<Diagnostic> = parsed.diagnostics.into_iter().chain(diagnostics).collect();
    let mut digest = None;
    // A page shows what it speaks of, and may leave away what stands around it: of that, only the grammar is asked.
    let whole = ["policy ", "政策 "].iter().any(|word| text.contains(word));
    if !whole {
        told.retain(|told| told.code.starts_with("E1"));
    } else if !told.iter().any(Diagnostic::is_error) {
        let compiled = compile(&program, &BTreeMap::new());
        told.extend(compiled.diagnostics);
        if let (false, Some(tree)) = (told.iter().any(Diagnostic::is_error), trees.last()) {
            digest = Some(compiled.plan.digest.clone());
            let none = BTreeSet::new();
            let seen = Seen {
                program: &program,
                plan: &compiled.plan,
                file: tree,
                text,
                kept: &parsed.kept,
                trivia: &parsed.trivia,
                above: &none,
                below: &none,
                tried: false,
                day: Date::parse("2026-10-15").unwrap(),
            };
            told.extend(run(&seen, &told, &|_| Level::Warn));
        }
    }
    Looked { sources, file, diagnostics: told, digest }
}

/// Everything wrong that the project shows: the corpora, and the blocks of the pages.
fn shown() -> Vec<(String, String)> {
    let stages = ["parse", "check", "plan", "habits", "lint", "fmt"];
    let paths = stages.iter().flat_map(|stage| files(&folder(stage), ".gradus"));
    let read = |path: &std::path::Path| std::fs::read_to_string(path).unwrap();
    let mut all: Vec<(String, String)> =
        paths.map(|path| (path.display().to_string(), read(&path))).collect();
    for path in files(&root().join("docs/diagnostics"), ".md") {
        let page = read(&path);
        let blocks = page.split("```gradus\n").skip(1).filter_map(|rest| rest.split("```").next());
        all.extend(
            blocks
                .enumerate()
                .map(|(place, block)| (format!("{} block {}", path.display(), place + 1), block.to_owned())),
        );
    }
    all
}

/// Where a place lies after edits; none where the edits wrote it anew.
fn moved(span: Range<usize>, edits: &[(Range<usize>, usize)]) -> Option<Range<usize>> {
    let (mut start, mut end) = (span.start as isize, span.end as isize);
    for (old, new) in edits {
        let grown = *new as isize - old.len() as isize;
        if old.end <= span.start {
            (start, end) = (start + grown, end + grown);
        } else if old.start < span.end {
            end += grown;
        }
    }
    (start <= end).then(|| usize::try_from(start).unwrap()..usize::try_from(end).unwrap())
}

/// What is said of a text, by code and place, as often as it is said; with the places brought over edits.
fn said(looked: &Looked, edits: &[(Range<usize>, usize)]) -> BTreeMap<(&'static str, usize), usize> {
    let mut said = BTreeMap::new();
    for diagnostic in looked.diagnostics.iter().filter(|it| it.severity() == Severity::Error) {
        let at = diagnostic.span.and_then(|span| moved(span.range(), edits)).map_or(0, |range| range.start);
        *said.entry((diagnostic.code, at)).or_default() += 1;
    }
    said
}

/// Where the text that an edit has put in stands after all of them.
fn anew(edit: &(Range<usize>, usize), edits: &[(Range<usize>, usize)]) -> Range<usize> {
    let start = moved(edit.0.start..edit.0.start, edits).unwrap().start;
    start..start + edit.1
}

fn edits_of(diagnostic: &Diagnostic) -> Vec<(Range<usize>, usize)> {
    let fix = mending(diagnostic, false).unwrap();
    fix.edits.iter().map(|(span, new)| (span.range(), new.len())).collect()
}

/// What a single fix does to a text; what is wrong with that.
fn hold(name: &str, before: &Looked, place: usize) -> Vec<String> {
    let diagnostic = &before.diagnostics[place];
    let (text, now) = (before.text(), before.with(place));
    let after = look(&now);
    let mut wrong = Vec::new();
    let mut say = |what: &str| {
        let span = diagnostic.span.unwrap();
        let line = text[..span.range().start].matches('\n').count() + 1;
        let written = mending(diagnostic, false).unwrap();
        wrong.push(format!("{name}:{line}: {} {:?}: {what}", diagnostic.code, written.edits[0].1));
    };
    let edits = edits_of(diagnostic);
    let (was, is) = (said(before, &edits), said(&after, &[]));
    let grammar = parse(before.file, &text).diagnostics.contains(diagnostic);
    let mended: Vec<Range<usize>> = edits.iter().map(|edit| anew(edit, &edits)).collect();
    for ((code, at), count) in is {
        if was.get(&(code, at)).is_some_and(|before| *before >= count) {
            continue;
        }
        let line = |at: usize| now[..at].matches('\n').count() + 1;
        let here = mended.iter().any(|range| range.start <= at && at < range.end.max(range.start + 1));
        let beside = !grammar && mended.iter().any(|range| line(range.start) == line(at));
        let alone = grammar && before.diagnostics.len() == 1;
        // Two blanks that lack beside each other are mended one after the other. A figure in words has a unit only when it is
        // written: that it is compared with what has another, is told then.
        let again = after
            .safe()
            .iter()
            .any(|next| after.diagnostics[*next].span.is_some_and(|span| span.range().start == at));
        let unit = diagnostic.code == "E159" && ["E204", "E210", "E211", "E213"].contains(&code);
        if (here || beside || alone) && !again && !unit {
            let then = now.lines().nth(line(at) - 1).unwrap_or_default();
            say(&format!("brings {code} in line {}: {then}", line(at)));
        }
    }
    let is_left = |other: &&Diagnostic| {
        let here =
            |span: gradus::base::Span| mended.iter().any(|range| *range == span.range() && !range.is_empty());
        other.code == diagnostic.code && other.span.is_some_and(here)
    };
    if after.diagnostics.iter().any(|other| is_left(&other)) {
        say("is still told");
    }
    if before.digest.is_some() && before.digest != after.digest {
        say("changes the digest");
    }
    if before.digest.is_some() && compared(&text, &now).is_some_and(|pair| !pair.diff.is_empty()) {
        say("changes the policy");
    }
    wrong
}

#[test]
fn a_safe_fix_mends_one_thing_and_no_more() {
    let (mut fixes, mut meant, mut wrong) = (0, 0, Vec::new());
    for (name, text) in shown() {
        let before = look(&text);
        for place in before.safe() {
            fixes += 1;
            meant += usize::from(before.digest.is_some());
            wrong.extend(hold(&name, &before, place));
        }
    }
    assert!(fixes > 250 && meant > 0, "{fixes} fixes, {meant} of policies that run");
    assert!(wrong.is_empty(), "{} of {fixes}\n{}", wrong.len(), wrong.join("\n"));
}

/// All fixes at once, round by round, come to the text that they come to one by one, from the first on and from the last; what came
/// out is left alone the next time.
#[test]
fn fixes_together_are_the_fixes_one_by_one() {
    let (mut texts, mut wrong) = (0, Vec::new());
    for (name, text) in shown() {
        let first = look(&text);
        if first.safe().len() < 2 {
            continue;
        }
        texts += 1;
        let together = until_none_is_left(&first, |looked| {
            mend(&looked.diagnostics, &looked.sources, false, |_| false).texts.remove(&looked.file)
        });
        let one_by_one = [
            until_none_is_left(&first, |looked| Some(looked.with(*looked.safe().first()?))),
            until_none_is_left(&first, |looked| Some(looked.with(*looked.safe().last()?))),
        ];
        for single in one_by_one.into_iter().filter(|single| *single != together) {
            wrong.push(format!("{name}\n-- together\n{together}\n-- one by one\n{single}"));
        }
    }
    assert!(texts > 50, "{texts} texts with several fixes");
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

/// What a text comes to; a fix that calls for itself would go on for ever.
fn until_none_is_left(first: &Looked, fix: impl Fn(&Looked) -> Option<String>) -> String {
    let mut now = fix(first);
    let mut text = first.text().to_string();
    for _ in 0..200 {
        let Some(next) = now else { return text };
        now = fix(&look(&next));
        text = next;
    }
    panic!("the fixes go round in a circle\n{text}");
}
