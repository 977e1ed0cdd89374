//! What is seen before anything is parsed: comments, texts, brackets, and which line ends end a member.
//!
//! The scan makes the text that the grammar reads: the same bytes at the same places, but with blanks for comments and
//! for every line end behind which a member goes on. It also keeps the places of blocks and members, by which a broken
//! file is cut.

use std::collections::BTreeSet;

use super::{bounds, keywords};
use crate::base::{FileId, Span, Str};
use crate::diag::{Diagnostic, Fix};

/// How deep brackets and `if`s may nest.
const DEPTH: usize = 64;
/// How many brackets that nothing closes are looked for before brackets count for nothing.
const UNCLOSED: usize = 16;

/// A comment or blank lines.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trivia {
    /// What it is.
    pub kind: TriviaKind,
    /// Where it stands: a comment from its `#` to the end of its line, blank lines from the beginning of the first to
    /// the beginning of the line behind the last.
    pub span: Span,
}

/// What stands between the words of a policy without meaning anything.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TriviaKind {
    /// `# …` on a line of its own.
    CommentLine,
    /// `# …` behind something.
    CommentBehind,
    /// One or several blank lines.
    BlankLines,
}

/// What a scan has found; everything in the order of the text.
pub(super) struct Scan {
    /// The text for the grammar, byte for byte as long as the text itself.
    pub(super) text: String,
    /// Comments and blank lines in order.
    pub(super) trivia: Vec<Trivia>,
    /// What was found wrong.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The ends of members: the place, and the block that the member stands in.
    pub(super) ends: Vec<(usize, Option<usize>)>,
    /// The blocks in curly brackets in the order of their beginnings.
    pub(super) blocks: Vec<Block>,
    /// Whether every curly bracket has its twin.
    pub(super) balanced: bool,
    /// Where brackets or `if`s nest too deep for the grammar to be let near.
    pub(super) too_deep: Vec<usize>,
}

impl Scan {
    /// Whether an item ends wherever a line outside all blocks does: the brackets are in order, and no line goes on with `when`.
    pub(super) fn is_cut_into_items(&self) -> bool {
        let ends = self.ends.iter().filter(|(_, block)| block.is_none());
        let mut behind = ends.filter_map(|(at, _)| self.text.get(*at..));
        let goes_on = |text: &str| {
            let text = text.trim_start_matches(['\n', ';', '；', ' ']);
            text.starts_with("when") || text.starts_with('当')
        };
        self.balanced && !behind.any(goes_on)
    }
}

/// A block in curly brackets.
pub(super) struct Block {
    /// The place of `{`.
    pub(super) open: usize,
    /// The place of `}`; none where it is missing.
    pub(super) close: Option<usize>,
}

/// An open bracket.
struct Open {
    /// What it opens.
    kind: Bracket,
    /// As which it was written: a block may stand in other brackets than its own.
    written: Bracket,
    at: usize,
    /// How many `if`s have begun here since the last comma or member.
    ifs: usize,
    /// Whether a comma ends a member here, as between the entries of `given { … }`.
    commas: bool,
    /// The column of the first word of the line it stands on.
    indent: usize,
    /// The block, where it is a curly one.
    block: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Bracket {
    Round,
    Square,
    Curly,
}

/// Looks through a text. With `cut`, an item's first word in column 0 ends whatever is open: for texts whose curly
/// brackets are not in order.
pub(super) fn scan(file: FileId, text: &str, cut: bool) -> Scan {
    let mut unclosed = BTreeSet::new();
    loop {
        let mut scanner = Scanner::new(file, text, cut, &unclosed);
        scanner.run();
        let found = std::mem::take(&mut scanner.found_unclosed);
        // A bracket that nothing closes must not swallow the line ends behind it: again, without it.
        if found.is_empty() || unclosed.len() > UNCLOSED {
            return scanner.finish();
        }
        unclosed.extend(found);
    }
}

struct Scanner<'t> {
    file: FileId,
    source: &'t str,
    cut: bool,
    unclosed: &'t BTreeSet<usize>,
    found_unclosed: Vec<usize>,
    rest: std::iter::Peekable<std::str::CharIndices<'t>>,
    out: Vec<u8>,
    stack: Vec<Open>,
    scan: Scan,
    /// The last character, outside comments and blanks, and the last word if it ends in it.
    last: char,
    last_word: &'t str,
    /// The first word of the member.
    first_word: Option<&'t str>,
    /// The beginning of the line, and whether anything but blanks stands on it.
    line: usize,
    line_used: bool,
    indent: usize,
    /// The beginning of a run of blank lines.
    blank: Option<usize>,
    /// How many `if`s have begun outside all brackets since the last member.
    ifs: usize,
    /// How many `if`s have begun in all that is open.
    all_ifs: usize,
}

impl<'t> Scanner<'t> {
    fn new(file: FileId, source: &'t str, cut: bool, unclosed: &'t BTreeSet<usize>) -> Self {
        Scanner {
            file,
            source,
            cut,
            unclosed,
            found_unclosed: Vec::new(),
            rest: source.char_indices().peekable(),
            out: source.as_bytes().to_vec(),
            stack: Vec::new(),
            scan: Scan {
                text: String::new(),
                trivia: Vec::new(),
                diagnostics: Vec::new(),
                ends: Vec::new(),
                blocks: Vec::new(),
                balanced: true,
                too_deep: Vec::new(),
            },
            last: '\n',
            last_word: "",
            first_word: None,
            line: 0,
            line_used: false,
            indent: 0,
            blank: None,
            ifs: 0,
            all_ifs: 0,
        }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        let at = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        Span::new(self.file, at(start), at(end))
    }

    /// Puts blanks in the place of bytes.
    fn blank_out(&mut self, start: usize, end: usize) {
        for byte in self.out.iter_mut().take(end).skip(start) {
            *byte = b' ';
        }
    }

    fn run(&mut self) {
        while let Some((at, ch)) = self.rest.next() {
            let end = at.saturating_add(ch.len_utf8());
            if ch == '\n' {
                self.line_end(at);
            } else if ch == '\u{feff}' && at == 0 || ch.is_whitespace() {
                self.blank_out(at, end);
            } else if ch == '#' {
                self.comment(at, self.source.len());
            } else if let Some(mark) = self.other_comment_mark(at) {
                self.other_comment(at, mark);
            } else if forbidden(ch) {
                self.forbidden(at, ch);
                self.blank_out(at, end);
            } else {
                if !self.line_used {
                    self.begin_line(at);
                }
                if unicode_ident::is_xid_start(ch) || ch == '_' {
                    self.word(at);
                } else {
                    self.sign(at, ch);
                    self.last_word = "";
                }
                if !matches!(ch, ';' | '；') {
                    self.last = ch;
                }
            }
        }
        for open in std::mem::take(&mut self.stack) {
            self.not_closed(&open, self.source.len());
        }
    }

    fn finish(mut self) -> Scan {
        self.blank_run(self.source.len());
        // Only whole characters were replaced, each byte by a blank.
        self.scan.text = String::from_utf8(self.out).unwrap_or_default();
        self.scan.diagnostics.sort_by_key(|diagnostic| diagnostic.span.map(|span| span.start));
        self.scan
    }

    fn begin_line(&mut self, at: usize) {
        self.blank_run(self.line);
        self.line_used = true;
        self.indent = at.saturating_sub(self.line);
    }

    /// Notes the blank lines before `end`.
    fn blank_run(&mut self, end: usize) {
        if let Some(start) = self.blank.take() {
            let span = self.span(start, end);
            self.scan.trivia.push(Trivia { kind: TriviaKind::BlankLines, span });
        }
    }

    /// The sign at a place that begins a comment in other languages: `//`, `/*`, and `--` where a blank sets it apart.
    fn other_comment_mark(&self, at: usize) -> Option<&'static str> {
        let rest = self.source.get(at..)?;
        let mark = ["//", "／／", "/*", "--"].into_iter().find(|mark| rest.starts_with(mark))?;
        let before = self.source.get(..at)?.chars().next_back();
        let begins = before.is_none_or(char::is_whitespace);
        let is_comment = match mark {
            // `https://…`
            "//" | "／／" | "/*" => before != Some(':'),
            _ => !self.line_used || begins && rest.get(mark.len()..)?.starts_with([' ', '\t']),
        };
        is_comment.then_some(mark)
    }

    /// A comment as other languages have it: told, and passed over as one of ours.
    fn other_comment(&mut self, at: usize, mark: &'static str) {
        let rest = self.source.get(at..).unwrap_or("");
        let line = rest.find('\n').unwrap_or(rest.len());
        let told = Diagnostic::new("E124", self.span(at, at.saturating_add(mark.len()))).arg("found", mark);
        let Some(inside) = rest.find("*/").filter(|_| mark == "/*") else {
            self.scan.diagnostics.push(told.fix(
                "hash",
                self.span(at, at.saturating_add(mark.len())),
                "#",
                true,
            ));
            return self.comment(at, self.source.len());
        };
        let end = at.saturating_add(inside).saturating_add("*/".len());
        let behind = self.source.get(end..).unwrap_or("");
        let told =
            if behind.trim_start_matches([' ', '\t', '\r']).starts_with('\n') || behind.trim().is_empty() {
                let mut told = told.fix("hash", self.span(at, at.saturating_add(mark.len())), "#", true);
                let lines = rest.get(..inside).unwrap_or("").match_indices('\n').map(|(line, _)| line);
                let begins = lines.map(|line| at.saturating_add(line).saturating_add(1));
                let mut edits: Vec<(Span, Str)> =
                    begins.map(|begin| (self.span(begin, begin), "# ".into())).collect();
                edits.push((self.span(end.saturating_sub("*/".len()), end), "".into()));
                told.fixes.iter_mut().for_each(|fix| fix.edits.extend(edits.clone()));
                told
            } else {
                told.help("hash")
            };
        self.scan.diagnostics.push(told);
        self.comment(at, end);
        if inside < line {
            return;
        }
        while let Some((place, _)) = self.rest.next_if(|(place, ch)| *place < end && *ch == '\n') {
            self.line_end(place);
            while self.rest.next_if(|(_, ch)| *ch != '\n' && ch.is_whitespace()).is_some() {}
            if let Some((begin, _)) = self.rest.next_if(|(begin, ch)| *begin < end && *ch != '\n') {
                self.comment(begin, end);
            }
        }
    }

    /// A comment from its mark to the end of its line, or to a place before.
    fn comment(&mut self, at: usize, until: usize) {
        let kind = if self.line_used { TriviaKind::CommentBehind } else { TriviaKind::CommentLine };
        if !self.line_used {
            self.begin_line(at);
        }
        let mut end = at.saturating_add(1);
        while let Some((next, ch)) = self.rest.next_if(|(next, ch)| *next < until && *ch != '\n') {
            if forbidden(ch) {
                self.forbidden(next, ch);
            }
            end = next.saturating_add(ch.len_utf8());
        }
        // The line end of Windows, too: the grammar knows `\n` alone.
        self.blank_out(at, end);
        let written = self.source.get(at..end).unwrap_or("").trim_end().len();
        let span = self.span(at, at.saturating_add(written));
        self.scan.trivia.push(Trivia { kind, span });
    }

    fn line_end(&mut self, at: usize) {
        if !self.line_used {
            self.blank.get_or_insert(self.line);
        }
        self.line = at.saturating_add(1);
        self.line_used = false;
        let in_brackets = self.stack.last().is_some_and(|open| open.kind != Bracket::Curly);
        if in_brackets || self.goes_on() {
            self.blank_out(at, at.saturating_add(1));
        } else {
            self.member_end(at);
        }
    }

    fn member_end(&mut self, at: usize) {
        let block = self.stack.last().and_then(|open| open.block);
        self.scan.ends.push((at, block));
        self.end_ifs();
        self.first_word = None;
        self.last = '\n';
        self.last_word = "";
    }

    /// Forgets the `if`s of the innermost bracket, where a value ends.
    fn end_ifs(&mut self) {
        let ifs = self.stack.last_mut().map_or(&mut self.ifs, |open| &mut open.ifs);
        self.all_ifs = self.all_ifs.saturating_sub(std::mem::take(ifs));
    }

    /// Whether the member goes on behind the line end that was just read.
    fn goes_on(&mut self) -> bool {
        if self.last == '\n' {
            return false;
        }
        if matches!(self.last_word, "and" | "or" | "not" | "is" | "且" | "或" | "非" | "为" | "不为") {
            return true;
        }
        let joins = [
            ',', '，', '、', '=', '＝', ':', '：', '+', '＋', '-', '－', '−', '*', '＊', '×', '/', '／', '÷',
            '^', '＾', '<', '＜', '>', '＞', '≤', '≥', '≠', '→', '&', '|',
        ];
        if self.last_word.is_empty() && joins.contains(&self.last) {
            return true;
        }
        let mut ahead = self.rest.clone();
        while let Some((at, ch)) = ahead.next() {
            if ch == '#' {
                while ahead.next_if(|(_, ch)| *ch != '\n').is_some() {}
            } else if !ch.is_whitespace() {
                let word = self.word_at(at);
                return matches!(ch, '+' | '*' | '/' | '×' | '÷' | '＋' | '＊' | '／')
                    || matches!(
                        word,
                        "and"
                            | "or"
                            | "because"
                            | "cite"
                            | "if"
                            | "且"
                            | "或"
                            | "理由"
                            | "依据"
                            | "若未知"
                            | "若"
                    );
            }
        }
        false
    }

    /// The word that begins at a place; empty where none does.
    fn word_at(&self, at: usize) -> &'t str {
        let rest = self.source.get(at..).unwrap_or("");
        let end = rest
            .char_indices()
            .find(|(place, ch)| !(unicode_ident::is_xid_continue(*ch) || *place == 0 && *ch == '_'))
            .map_or(rest.len(), |(place, _)| place);
        let starts = rest.chars().next().is_some_and(|ch| unicode_ident::is_xid_start(ch) || ch == '_');
        if starts { rest.get(..end).unwrap_or("") } else { "" }
    }

    fn word(&mut self, at: usize) {
        let word = self.word_at(at);
        let end = at.saturating_add(word.len());
        while self.rest.next_if(|(next, _)| *next < end).is_some() {}
        if self.cut && at == self.line && !self.stack.is_empty() && keywords::begins_item(word) {
            for open in std::mem::take(&mut self.stack) {
                self.not_closed(&open, at);
            }
            (self.ifs, self.all_ifs) = (0, 0);
            self.member_end(at.saturating_sub(1));
        }
        self.first_word.get_or_insert(word);
        self.last_word = word;
        if word == "若" || word == "if" && !self.followed_by(end, "unknown") {
            let ifs = self.stack.last_mut().map_or(&mut self.ifs, |open| &mut open.ifs);
            *ifs = ifs.saturating_add(1);
            self.all_ifs = self.all_ifs.saturating_add(1);
            self.depth(at);
        }
    }

    fn followed_by(&self, end: usize, word: &str) -> bool {
        self.source.get(end..).is_some_and(|rest| rest.trim_start().starts_with(word))
    }

    /// Holds the nesting to its limit.
    fn depth(&mut self, at: usize) {
        if self.stack.len().saturating_add(self.all_ifs) > DEPTH {
            self.too_deep(at);
        }
    }

    fn too_deep(&mut self, at: usize) {
        if self.scan.too_deep.is_empty() {
            let span = self.span(at, at.saturating_add(1));
            let deep = Diagnostic::new("E113", span).variant("nesting").arg("most", DEPTH);
            self.scan.diagnostics.push(deep.help("split"));
        }
        self.scan.too_deep.push(at);
    }

    fn sign(&mut self, at: usize, ch: char) {
        match ch {
            '"' | '“' | '「' | '”' => self.text(at, ch),
            '`' => while self.rest.next_if(|(_, ch)| *ch != '\n').is_some_and(|(_, ch)| ch != '`') {},
            '(' | '（' => self.open(at, Bracket::Round),
            '[' | '【' => self.open(at, Bracket::Square),
            '{' | '｛' => self.open(at, Bracket::Curly),
            ')' | '）' => self.close(at, ch, Bracket::Round),
            ']' | '】' => self.close(at, ch, Bracket::Square),
            '}' | '｝' => self.close(at, ch, Bracket::Curly),
            ';' | '；' if self.stack.last().is_none_or(|open| open.kind == Bracket::Curly) => {
                self.member_end(at);
            }
            ',' | '，' | '、' => {
                if self.stack.last().is_some_and(|open| open.commas) {
                    let block = self.stack.last().and_then(|open| open.block);
                    self.scan.ends.push((at, block));
                }
                if !self.stack.is_empty() {
                    self.end_ifs();
                }
            }
            _ => {}
        }
    }

    /// A text in quotation marks, to the mark that closes it or to the end of the line.
    fn text(&mut self, at: usize, quote: char) {
        let close = match quote {
            '“' | '”' => '”',
            '「' => '」',
            _ => '"',
        };
        let mut other = None;
        let mut end = at.saturating_add(quote.len_utf8());
        let begins = self.rest.clone();
        // What may nest inside a figure of the text: its brackets and `if`s. Never too few.
        let mut nests: usize = 0;
        let mut in_figure = false;
        while let Some((next, ch)) = self.rest.next_if(|(_, ch)| *ch != '\n') {
            end = next.saturating_add(ch.len_utf8());
            match ch {
                '{' => in_figure = true,
                '}' => (in_figure, nests) = (false, 0),
                '(' | '（' | '[' | '【' | '若' if in_figure => nests = nests.saturating_add(1),
                'i' if in_figure && self.followed_by(end, "f") => nests = nests.saturating_add(1),
                _ => {}
            }
            if self.stack.len().saturating_add(self.all_ifs).saturating_add(nests) > DEPTH {
                self.too_deep(next);
                nests = 0;
            }
            if ch == '\\' {
                self.rest.next_if(|(_, ch)| *ch != '\n');
            } else if ch == close && quote != '”' {
                let inside = self.source.get(at.saturating_add(quote.len_utf8())..next).unwrap_or("");
                let behind = self.source.get(end..).unwrap_or("");
                if let Some(place) = swallowed(inside, behind, quote) {
                    let open = self.span(at, at.saturating_add(quote.len_utf8()));
                    let place = at.saturating_add(quote.len_utf8()).saturating_add(place);
                    let mark = self.span(place, place.saturating_add(quote.len_utf8()));
                    let told = Diagnostic::new("E102", open).variant("swallowed").arg("close", close);
                    self.scan.diagnostics.push(told.label(mark, "next").help("close"));
                    // What follows is the next text, up to its own mark.
                    if quote == '"' {
                        while self.rest.next_if(|(_, ch)| !matches!(ch, '\n' | '"')).is_some() {}
                        self.rest.next_if(|(_, ch)| *ch == '"');
                    }
                }
                return;
            } else if matches!(ch, '"' | '“' | '”' | '」') {
                other = Some((next, ch));
                if quote == '”' {
                    break;
                }
            }
        }
        let start = self.span(at, at.saturating_add(quote.len_utf8()));
        let diagnostic = match other {
            // ”…”, as an input method leaves it when half a pair was deleted, and “…" of two keyboards.
            Some((place, found)) => {
                let mark = self.span(place, place.saturating_add(found.len_utf8()));
                let (place, mend) = if quote == '”' { (start, '“') } else { (mark, close) };
                let mut diagnostic =
                    Diagnostic::new("E102", start).variant("pair").arg("open", quote).arg("close", found);
                if quote == '”' && found != '”' {
                    diagnostic = diagnostic.help("pair");
                } else {
                    diagnostic = diagnostic.fix("pair", place, String::from(mend), true);
                }
                diagnostic.label(mark, "other")
            }
            None => {
                // The bracket at the end of the line belongs to the policy, not to the text.
                if let Some(bracket) = bracket_at_end(self.source.get(at..end).unwrap_or("")) {
                    end = at.saturating_add(bracket);
                    self.rest = begins;
                    while self.rest.next_if(|(next, _)| *next < end).is_some() {}
                }
                let written = self.source.get(at..end).unwrap_or("").trim_end().len();
                let place = self.span(at.saturating_add(written), at.saturating_add(written));
                Diagnostic::new("E102", start)
                    .variant("open")
                    .arg("close", close)
                    .help("close")
                    .label(place, "end")
            }
        };
        self.scan.diagnostics.push(diagnostic);
    }

    fn open(&mut self, at: usize, written: Bracket) {
        if self.unclosed.contains(&at) {
            self.report_unclosed(at, written, None);
            return;
        }
        let kind = if self.opens_block(at, written) { Bracket::Curly } else { written };
        if kind != written {
            self.put(at, "{", "｛");
        }
        let mut block = None;
        if kind == Bracket::Curly {
            block = Some(self.scan.blocks.len());
            self.scan.blocks.push(Block { open: at, close: None });
        }
        let commas = kind == Bracket::Curly && self.first_word.is_some_and(keywords::holds_entries);
        self.stack.push(Open { kind, written, at, ifs: 0, commas, indent: self.indent, block });
        self.depth(at);
        if kind == Bracket::Curly {
            self.first_word = None;
        }
    }

    /// Whether a bracket that is not a curly one opens a block: behind a head that wants one and has no use for others.
    fn opens_block(&self, at: usize, written: Bracket) -> bool {
        if written == Bracket::Curly || self.stack.iter().any(|open| open.kind != Bracket::Curly) {
            return false;
        }
        let first = self.first_word.unwrap_or("");
        // Behind a sign a value goes on: `limit credit = (…)`; a bracket that touches a word is a call: `MIN(…)`.
        let behind_word = unicode_ident::is_xid_continue(self.last) || "\"“”「」`".contains(self.last);
        let calls = self.source.get(at..).is_some_and(|rest| rest.starts_with('('))
            && self.source.get(..at).is_some_and(|before| before.ends_with(unicode_ident::is_xid_continue))
            && first != self.last_word;
        if !behind_word || calls {
            return false;
        }
        if !self.stack.is_empty() {
            // `expect { grant.given [finance_head] }` names a set of what an approval has, no block of facts.
            let before = self.source.get(..at).map_or("", str::trim_end);
            let part = before.strip_suffix(self.last_word).is_some_and(|of| of.ends_with('.'));
            return !part && keywords::holds_block_within(self.last_word);
        }
        let apart = self.source.get(..at).is_some_and(|before| before.ends_with([' ', '\u{3000}']));
        if keywords::holds_block_alone(first) {
            return apart || written == Bracket::Round || first == self.last_word;
        }
        // In other heads values may stand in brackets; what stands at the end of the line, and behind no word that wants a value,
        // is none.
        let rest = self.source.get(at..).unwrap_or("");
        let ends_line = rest.chars().skip(1).take_while(|ch| *ch != '\n').all(char::is_whitespace);
        apart && ends_line && keywords::begins_block(first) && !keywords::wants_value(self.last_word)
    }

    /// Puts a bracket in the place of one that is as wide: every place in the text stays one of the source.
    fn put(&mut self, at: usize, narrow: &str, wide: &str) {
        let length = self.source.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        let sign = if length == wide.len() { wide } else { narrow };
        for (byte, new) in self.out.iter_mut().skip(at).zip(sign.bytes()) {
            *byte = new;
        }
    }

    fn close(&mut self, at: usize, ch: char, kind: Bracket) {
        let span = self.span(at, at.saturating_add(ch.len_utf8()));
        // A round bracket is not looked for beyond the block that it stands in.
        let found = self.stack.iter().rposition(|open| open.kind == kind || open.kind == Bracket::Curly);
        let closes = |open: &Open| open.kind == kind || open.written == kind;
        let mut twin = found.filter(|twin| self.stack.get(*twin).is_some_and(closes));
        if self.cut && kind == Bracket::Curly && at == self.line.saturating_add(self.indent) {
            // `}` belongs to the line that stands as far left as it does.
            let aligned = |open: &Open| open.kind == Bracket::Curly && open.indent == self.indent;
            twin = self.stack.iter().rposition(aligned).or(twin);
        }
        if twin.is_none() && (self.closes_interval(at, ch, kind) || self.closes_block(at, ch)) {
            return;
        }
        let Some(twin) = twin else {
            self.blank_out(at, at.saturating_add(ch.len_utf8()));
            self.scan.balanced &= kind != Bracket::Curly;
            self.scan
                .diagnostics
                .push(Diagnostic::new("E104", span).arg("found", ch).fix("remove", span, "", false));
            return;
        };
        for open in self.stack.split_off(twin.saturating_add(1)) {
            self.all_ifs = self.all_ifs.saturating_sub(open.ifs);
            self.not_closed(&open, at);
        }
        self.end_ifs();
        let open = self.stack.pop();
        if let Some(open) = open.as_ref().filter(|open| open.kind != open.written) {
            self.tell_brackets(open.at, at, ch);
        }
        let block = open.and_then(|open| open.block);
        if let Some(block) = block.and_then(|block| self.scan.blocks.get_mut(block)) {
            block.close = Some(at);
        }
    }

    /// `)` at the end of a line in the place of the `}` that closes the innermost block; whether it is told so.
    fn closes_block(&mut self, at: usize, ch: char) -> bool {
        let Some(open) = self.stack.last().filter(|open| open.kind == Bracket::Curly) else { return false };
        let text = |from: usize, to: usize| self.source.get(from..to).unwrap_or("");
        let rest = self.source.get(at.saturating_add(ch.len_utf8())..).unwrap_or("");
        let ends =
            rest.lines().next().is_none_or(|line| line.trim().is_empty() || line.trim().starts_with('#'));
        let alone = text(self.line, at).trim().is_empty() && self.indent == open.indent;
        let opened_here = open.at >= self.line;
        // Where another bracket closes the block all the same, this one is too many.
        let closed = rest.trim_start().starts_with(['}', '｝']) && open.indent > 0;
        if !ends || closed || !(alone || opened_here) {
            return false;
        }
        let span = self.span(at, at.saturating_add(ch.len_utf8()));
        let sign = text(open.at, at).chars().next().map_or(1, char::len_utf8);
        let opened = self.span(open.at, open.at.saturating_add(sign));
        let block = open.block;
        self.end_ifs();
        self.stack.pop();
        if let Some(block) = block.and_then(|block| self.scan.blocks.get_mut(block)) {
            block.close = Some(at);
        }
        let told = Diagnostic::new("E145", span).variant("closed").arg("found", ch);
        self.scan.diagnostics.push(told.label(opened, "opened").fix("closed", span, "}", true));
        self.put(at, "}", "｝");
        true
    }

    /// `[2, 5)`, `(2, 5]`: an interval as schools write it, which no bracket of the language is.
    fn closes_interval(&mut self, at: usize, ch: char, kind: Bracket) -> bool {
        let Some(open) = self.stack.last().filter(|open| open.kind != Bracket::Curly && open.kind != kind)
        else {
            return false;
        };
        let start = open.at;
        let end = at.saturating_add(ch.len_utf8());
        let found = self.source.get(start..end).unwrap_or("");
        let Some(written) = bounds::interval(found, self.source.get(self.line..).unwrap_or("")) else {
            return false;
        };
        self.end_ifs();
        self.stack.pop();
        let span = self.span(start, end);
        let told = Diagnostic::new("E117", span).variant("ending").arg("found", found);
        self.scan.diagnostics.push(told.arg("written", &written).fix("written", span, written, true));
        true
    }

    /// A block in other brackets than its own, now that its end is known.
    fn tell_brackets(&mut self, open: usize, close: usize, closing: char) {
        let written = self.source.get(open..).and_then(|rest| rest.chars().next()).unwrap_or('(');
        let place = |at: usize, ch: char| self.span(at, at.saturating_add(ch.len_utf8()));
        let (opens, closes) = (place(open, written), place(close, closing));
        let mut told = Diagnostic::new("E145", opens).arg("found", written);
        if !matches!(closing, '}' | '｝') {
            told = told.label(closes, "close");
        }
        told.fixes.push(Fix {
            key: "braces",
            edits: vec![(opens, "{".into()), (closes, "}".into())],
            safe: true,
        });
        self.scan.diagnostics.push(told);
        self.put(close, "}", "｝");
    }

    /// A bracket that `}` or the end of the text finds open.
    fn not_closed(&mut self, open: &Open, at: usize) {
        match open.kind {
            Bracket::Curly => {
                self.scan.balanced = false;
                self.report_unclosed(open.at, open.kind, Some(at));
            }
            Bracket::Round | Bracket::Square => self.found_unclosed.push(open.at),
        }
    }

    fn report_unclosed(&mut self, at: usize, kind: Bracket, end: Option<usize>) {
        let close = match kind {
            Bracket::Round => ')',
            Bracket::Square => ']',
            Bracket::Curly => '}',
        };
        let written = self.source.get(at..).and_then(|rest| rest.chars().next()).unwrap_or(close);
        let behind = at.saturating_add(written.len_utf8());
        let span = self.span(at, behind);
        let mut diagnostic =
            Diagnostic::new("E103", span).arg("open", written).arg("close", close).help("close");
        let seen = self.source.get(..end.unwrap_or(0)).unwrap_or("").trim_end().len();
        if seen > behind {
            diagnostic = diagnostic.label(self.span(seen, seen), "here");
        }
        self.scan.diagnostics.push(diagnostic);
    }

    fn forbidden(&mut self, at: usize, ch: char) {
        let span = self.span(at, at.saturating_add(ch.len_utf8()));
        self.scan.diagnostics.push(
            Diagnostic::new("E115", span)
                .arg("character", format!("U+{:04X}", u32::from(ch)))
                .fix("remove", span, "", true),
        );
    }
}

/// Where in a text the mark stands that opens the next one, if its own closing mark is missing: `zh “优 en “good”` is one text up to
/// the last mark, and `zh "优 en "good"` is `优 en `, then a word, then a text that does not end.
fn swallowed(inside: &str, behind: &str, quote: char) -> Option<usize> {
    let tagged = |text: &str| {
        let text = text.trim_end();
        let tag = ["en", "zh"].into_iter().find_map(|tag| text.strip_suffix(tag))?;
        tag.ends_with(char::is_whitespace).then_some(())
    };
    if quote == '"' {
        let goes_on = behind.starts_with(unicode_ident::is_xid_start);
        return tagged(inside).filter(|()| goes_on).map(|()| inside.len());
    }
    let marks = inside.char_indices().filter(|(_, ch)| *ch == quote);
    marks.map(|(at, _)| at).find(|at| inside.get(..*at).and_then(tagged).is_some())
}

/// Where the curly bracket stands with which a line ends, if it closes or opens none of the line's own.
fn bracket_at_end(line: &str) -> Option<usize> {
    let line = line.trim_end();
    let place = line.len().checked_sub(1)?;
    let count = |bracket: char| line.matches(bracket).count();
    match line.get(place..)? {
        "{" => Some(place),
        "}" => (count('}') > count('{')).then_some(place),
        _ => None,
    }
}

/// Characters that nobody sees, or that turn the order of the others around: a policy must be what it looks like.
fn forbidden(ch: char) -> bool {
    matches!(
        ch,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{061c}' | '\u{00ad}' | '\u{feff}'
    ) || ch.is_control() && !ch.is_whitespace()
}
