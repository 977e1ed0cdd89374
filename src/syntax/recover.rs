//! Reading a file as a whole, and a broken one piece by piece.
//!
//! The grammar stops at the first mistake. So a file that it does not read is cut into its items, each read by itself;
//! in an item that does not read, the member with the mistake is blanked and the item read again, until what is left is
//! sound. Where the head of a block is broken, its members are still read, under a sound head in its place.
//!
//! A text of which items were read before is read item by item, too: each is what it was, or read by itself.

use pest::Parser;
use pest::error::{Error, ErrorVariant, InputLocation};
use pest::iterators::Pairs;

use super::again::{Before, Kept, behind_sign, stretches};
use super::forms::Form;
use super::grammar::{GradusParser, Rule};
use super::lower::Lowering;
use super::restore::Broken;
use super::scan::{Block, Scan, scan};
use super::{Parsed, ast, expected, habits, keywords, slips, synonyms};
use crate::base::{FileId, Span, Str};
use crate::diag::Diagnostic;

/// How many bytes a text may have.
const BYTES: usize = 4 << 20;
/// How many mistakes of one item are told.
const MISTAKES: usize = 30;

/// Reads a text, of which some items may have been read before; what is broken as it was likely meant, or as it stands.
pub(super) fn parse(file: FileId, text: &str, before: Before<'_>, guesses: bool) -> Parsed {
    let whole = Span::new(file, 0, u32::try_from(text.len()).unwrap_or(u32::MAX));
    if text.len() > BYTES {
        let start = Span { end: 0, ..whole };
        let diagnostic = Diagnostic::new("E114", start).variant("file").arg("most", BYTES >> 20);
        let file = ast::File {
            items: Vec::new(),
            lost: Vec::new(),
            mended: Vec::new(),
            span: whole,
            chinese: false,
        };
        let kept = Kept::default();
        return Parsed { file, trivia: Vec::new(), diagnostics: vec![diagnostic], kept };
    }
    let mut seen = scan(file, text, false);
    if seen.too_deep.is_empty()
        && (before.is_empty() || !seen.is_cut_into_items())
        && let Ok(mut pairs) = GradusParser::parse(Rule::file, &seen.text)
    {
        let mut lowering = Lowering::new(file, 0);
        let items = pairs.next().map(|pair| lowering.items(pair)).unwrap_or_default();
        let stretches = stretches(&seen, &items, &lowering.diagnostics);
        let Scan { trivia, mut diagnostics, text: read, .. } = seen;
        diagnostics.append(&mut lowering.diagnostics);
        let (lost, mended) = (Vec::new(), Vec::new());
        let broken = Broken { file, source: text, items, stretches, lost, mended, told: diagnostics };
        return broken.restored(whole, trivia, read, guesses);
    }
    if !seen.balanced {
        seen = scan(file, text, true);
    }
    let mut recovery = Recovery {
        file,
        source: text,
        budget: text.len().saturating_mul(12).saturating_add(1 << 20),
        before,
        items: Vec::new(),
        stretches: Vec::new(),
        lost: Vec::new(),
        told: Vec::new(),
        ended: None,
        headless: false,
        members: Vec::new(),
        scan: &seen,
    };
    recovery.pieces();
    let Recovery { items, stretches, lost, mut told, members, .. } = recovery;
    let Scan { trivia, mut diagnostics, text: read, .. } = seen;
    // The bracket that closes a block of which the opening one lacks.
    let closes = |told: &Diagnostic| {
        let at = told.span.map_or(0, |span| span.range().start);
        told.code == "E104" && members.iter().any(|(from, to)| (*from..=*to).contains(&at))
    };
    diagnostics.retain(|told| !closes(told));
    diagnostics.append(&mut told);
    let broken = Broken { file, source: text, items, stretches, lost, mended: Vec::new(), told: diagnostics };
    broken.restored(whole, trivia, read, guesses)
}

/// The reading of a broken file.
struct Recovery<'t> {
    file: FileId,
    source: &'t str,
    scan: &'t Scan,
    /// How many bytes may still be read: mistakes by the thousand must not cost time by the square.
    budget: usize,
    /// The items that were read before.
    before: Before<'t>,
    items: Vec<ast::Item>,
    /// For each item the stretch that it was read from, if that is sound.
    stretches: Vec<Option<(usize, usize)>>,
    lost: Vec<ast::Name>,
    told: Vec<Diagnostic>,
    /// Where the member behind one begins that had not ended.
    ended: Option<usize>,
    /// Whether the item before lacks the bracket that opens its block: its members stand there as items.
    headless: bool,
    /// Where such members stand.
    members: Vec<(usize, usize)>,
}

/// A text to be read, and how its places lie in the file.
struct Piece {
    text: String,
    /// The byte of the file at which the piece begins, less what was put before it.
    start: usize,
    /// How many bytes were put before it.
    put_before: usize,
}

impl Piece {
    /// The place in the file of a place in the piece; none in what was put before it.
    fn in_file(&self, place: usize) -> Option<usize> {
        place.checked_sub(self.put_before)?.checked_add(self.start)
    }

    /// Puts blanks in the place of a stretch of the file.
    fn blank(&mut self, start: usize, end: usize) {
        self.put(start, end, "");
    }

    /// Puts a word in the place of a stretch of the file that is as long or longer, and blanks behind it.
    fn put(&mut self, start: usize, end: usize, word: &str) {
        let shift = |place: usize| place.saturating_sub(self.start).saturating_add(self.put_before);
        let (start, end) = (shift(start), shift(end).min(self.text.len()));
        if let Some(stretch) = self.text.get(start..end) {
            let blanks = " ".repeat(stretch.len().saturating_sub(word.len()));
            self.text.replace_range(start..end, &format!("{word}{blanks}"));
        }
    }
}

impl<'t> Recovery<'t> {
    fn pieces(&mut self) {
        let mut start = 0;
        let mut ends: Vec<usize> =
            self.scan.ends.iter().filter(|(_, block)| block.is_none()).map(|(at, _)| *at).collect();
        ends.push(self.scan.text.len());
        for end in ends {
            // A piece takes its line end along, so that nothing stands between pieces.
            let end = end.max(start);
            let text = self.scan.text.get(start..end).unwrap_or("");
            let deep = self.scan.too_deep.partition_point(|at| *at < start);
            let too_deep = self.scan.too_deep.get(deep).is_some_and(|at| *at < end);
            if !text.trim().is_empty() && !too_deep {
                self.headless &= !begins_item(text);
                if self.headless {
                    self.lose(start, end);
                    self.members.push((start, end));
                } else {
                    self.piece(start, text);
                }
            } else if self.headless {
                self.members.push((start, end));
            }
            start = self.behind(end);
        }
    }

    fn behind(&self, end: usize) -> usize {
        behind_sign(&self.scan.text, end)
    }

    /// Whether a text reads as an item; none where the budget is spent.
    fn read(&mut self, text: &str) -> Option<Result<(), Box<Error<Rule>>>> {
        self.budget = self.budget.checked_sub(text.len())?;
        Some(GradusParser::parse(Rule::item_alone, text).map(|_| ()).map_err(Box::new))
    }

    /// Lowers what was read of a piece.
    fn lower(&mut self, mut pairs: Pairs<'_, Rule>, start: usize, sound: Option<(usize, usize)>) {
        let base = u32::try_from(start).unwrap_or(u32::MAX);
        let mut lowering = Lowering::new(self.file, base);
        let items = pairs.next().map(|pair| lowering.items(pair)).unwrap_or_default();
        let sound = sound.filter(|_| lowering.diagnostics.is_empty());
        self.stretches.extend(items.iter().map(|_| sound));
        self.items.extend(items);
        self.told.append(&mut lowering.diagnostics);
    }

    fn piece(&mut self, start: usize, text: &str) {
        let end = start.saturating_add(text.len());
        // What the scan has told of a piece's curly brackets explains all that the grammar could say of it.
        if !self.scan.balanced
            && self.scan_told(start, end, &["E103", "E104"])
            && self.blocks(start, end).iter().any(|block| block.close.is_none())
        {
            self.lose(start, end);
            return;
        }
        let Some(budget) = self.budget.checked_sub(text.len()) else { return self.lose(start, end) };
        self.budget = budget;
        if let Some(item) = self.before.take(text, start) {
            self.items.push(item);
            self.stretches.push(Some((start, end)));
            return;
        }
        let error = match GradusParser::parse(Rule::item_alone, text) {
            Ok(pairs) => return self.lower(pairs, start, Some((start, end))),
            Err(error) => error,
        };
        let mut piece = Piece { text: text.to_owned(), start, put_before: 0 };
        if self.mend_one(&mut piece, end, &error)
            && self.mend(&mut piece, end, MISTAKES.saturating_sub(1))
            && let Ok(pairs) = GradusParser::parse(Rule::item_alone, &piece.text)
        {
            self.lower(pairs, start, None);
        } else {
            self.lose(start, end);
        }
    }

    /// The blocks that begin in a stretch.
    fn blocks(&self, start: usize, end: usize) -> &[Block] {
        let first = self.scan.blocks.partition_point(|block| block.open < start);
        let behind = self.scan.blocks.partition_point(|block| block.open < end);
        self.scan.blocks.get(first..behind).unwrap_or(&[])
    }

    /// Whether the scan has told one of these codes of a stretch.
    fn scan_told(&self, start: usize, end: usize, codes: &[&str]) -> bool {
        let at = |told: &Diagnostic| told.span.map_or(0, |span| span.start as usize);
        let first = self.scan.diagnostics.partition_point(|told| at(told) < start);
        let rest = self.scan.diagnostics.iter().skip(first);
        rest.take_while(|told| at(told) <= end).any(|told| codes.contains(&told.code))
    }

    /// Tells every mistake of a piece, up to so many, and blanks the members that hold them. Whether what is left reads.
    fn mend(&mut self, piece: &mut Piece, end: usize, most: usize) -> bool {
        for _ in 0..most {
            let Some(read) = self.read(&piece.text) else { return false };
            let Err(error) = read else { return true };
            if !self.mend_one(piece, end, &error) {
                return false;
            }
        }
        false
    }

    /// Tells the mistake at which the grammar stopped, and blanks the member that holds it; false where nothing can be blanked.
    fn mend_one(&mut self, piece: &mut Piece, end: usize, error: &Error<Rule>) -> bool {
        let InputLocation::Pos(place) = error.location else { return false };
        let Some(at) = piece.in_file(place) else { return false };
        if self.read_as_keyword(piece, place, at, end) || self.read_as_near(piece, place, at, end, error) {
            return true;
        }
        match self.member_at(at, piece.start, end) {
            Some((from, to)) => {
                // `a ; b` on one line, where `a` had not ended: the mistake is the mark between them.
                let goes_on = self.ended == Some(from)
                    && self.scan.text.get(from..at).is_some_and(|before| before.trim().is_empty());
                if goes_on {
                    self.lose(from, to);
                } else {
                    self.tell(at, from, to, error);
                }
                let at_end = self.scan.text.get(at..to).is_some_and(|rest| rest.trim().is_empty());
                let mark = self.scan.text.get(to..).is_some_and(|rest| rest.starts_with([';', '；']));
                self.ended = (at_end && mark).then(|| self.behind(to));
                // The comma behind an entry goes with it: nothing stands before it any more.
                let comma = self.scan.text.get(to..).and_then(|rest| rest.chars().next());
                let comma = comma.filter(|ch| matches!(ch, ',' | '，' | '、')).map_or(0, char::len_utf8);
                piece.blank(from, to.saturating_add(comma));
                self.inner(from, to);
                true
            }
            None => {
                if piece.put_before == 0 && self.opened_by_colon(piece.start, end) {
                    return false;
                }
                if piece.put_before == 0 {
                    let is_end = self.scan.text.get(at..end).is_some_and(|rest| rest.trim().is_empty());
                    self.headless = is_end && expected_at(error).contains(&Rule::open_curly);
                    self.tell(at, piece.start, end, error);
                    self.inner(piece.start, end);
                }
                false
            }
        }
    }

    /// Tells a head that ends in a colon, behind which its lines stand without brackets; whether it is one.
    fn opened_by_colon(&mut self, start: usize, end: usize) -> bool {
        let text = self.scan.text.get(start..end).unwrap_or("");
        let lead = text.len().saturating_sub(text.trim_start().len());
        // What was read goes on behind the sign as if there were no line end: only the source has it.
        let line = self.source.get(start.saturating_add(lead)..end).and_then(|source| source.lines().next());
        let head = text.trim_start().get(..line.map_or(0, str::len)).unwrap_or("").trim_end();
        let Some(sign) = head.chars().next_back().filter(|sign| matches!(sign, ':' | '：')) else {
            return false;
        };
        if text.contains('{') {
            return false;
        }
        self.headless = true;
        let Some(form) = Form::of(head).filter(|form| form.has_block()) else { return false };
        let to = start.saturating_add(lead).saturating_add(head.len());
        let place = self.place(to.saturating_sub(sign.len_utf8()), start, end, "");
        let told = Diagnostic::new("E155", place.stretch(place.at, to)).variant("block").arg("found", sign);
        self.told.push(told.arg("form", form.whole(place.chinese())).help("block"));
        self.lose(start, end);
        true
    }

    /// Whether the grammar reads on where a word at the place it stopped is read as the keyword that was meant; if so, the word is
    /// told and stands so in the piece.
    fn read_as_keyword(&mut self, piece: &mut Piece, stopped: usize, at: usize, end: usize) -> bool {
        let member = self.member_at(at, piece.start, end);
        let (from, to) = member.unwrap_or((piece.start, end));
        let place = self.place(at, from, to, "");
        // A numbered line between two constructs is prose, not a member with a mark.
        let mut candidates = synonyms::instead(&place);
        candidates.retain(|instead| member.is_some() || instead.kind != synonyms::Kind::Mark);
        for instead in candidates {
            let mut changed = Piece { text: piece.text.clone(), ..*piece };
            changed.put(instead.start, instead.end, instead.word);
            let goes_on = match self.read(&changed.text) {
                None => return false,
                Some(Ok(())) => true,
                Some(Err(error)) => matches!(error.location, InputLocation::Pos(place) if place > stopped),
            };
            if goes_on {
                let joined = self.told.last_mut().is_some_and(|last| synonyms::joins(last, &place, &instead));
                if !joined {
                    self.told.push(synonyms::told(&place, &instead));
                }
                *piece = changed;
                return true;
            }
        }
        false
    }

    /// Whether the grammar reads on where a misspelt word is read as the keyword that is near; if so, that is told and nothing is lost.
    fn read_as_near(
        &mut self,
        piece: &mut Piece,
        stopped: usize,
        at: usize,
        end: usize,
        error: &Error<Rule>,
    ) -> bool {
        let (from, to) = self.member_at(at, piece.start, end).unwrap_or((piece.start, end));
        if self.scan_told(from, to, &["E102", "E103", "E104", "E115"]) {
            return false;
        }
        let told = self.diagnostic(at, from, to, error);
        let near = told.fixes.iter().find(|fix| fix.key == "near").and_then(|fix| fix.edits.first());
        let Some((span, word)) = near.map(|(span, word)| (span.range(), word.clone())) else { return false };
        // A word that is longer than what stands there takes blanks behind it, but for one.
        let behind = self.scan.text.get(span.end..to).unwrap_or("");
        let blanks = behind.len().saturating_sub(behind.trim_start_matches(' ').len()).saturating_sub(1);
        if span.len().saturating_add(blanks) < word.len() {
            return false;
        }
        let mut changed = Piece { text: piece.text.clone(), ..*piece };
        changed.put(span.start, span.end.max(span.start.saturating_add(word.len())), &word);
        // Beyond the member: what is near, and leaves the rest of the line unread, was not meant.
        let beyond = to.saturating_sub(at).saturating_add(stopped);
        let goes_on = match self.read(&changed.text) {
            None => return false,
            Some(Ok(())) => true,
            Some(Err(error)) => {
                matches!(error.location, InputLocation::Pos(place) if place > stopped && place > beyond)
            }
        };
        if goes_on {
            self.told.push(told);
            *piece = changed;
        }
        goes_on
    }

    /// A place of the text, in a member and in the block with this head.
    fn place(&self, at: usize, from: usize, to: usize, head: &'t str) -> slips::Place<'t> {
        let text = &self.scan.text;
        slips::Place { file: self.file, source: self.source, text, at, from, to, head }
    }

    /// What stands before the bracket of the innermost block that a member stands in; empty outside all blocks.
    fn head_around(&self, member: usize) -> &'t str {
        let before = self.scan.blocks.partition_point(|block| block.open < member);
        let mut around = self.scan.blocks.iter().take(before).rev();
        let block = around.find(|block| block.close.is_none_or(|close| member <= close));
        let text = block.and_then(|block| self.scan.text.get(..block.open)).unwrap_or("");
        text.rsplit(['\n', ';', '；', '{', '}']).next().unwrap_or("")
    }

    /// The member of an innermost block that a place lies in; none for the head of a piece.
    fn member_at(&self, at: usize, start: usize, end: usize) -> Option<(usize, usize)> {
        let before = self.scan.blocks.partition_point(|block| block.open < at);
        let open = self.scan.blocks.iter().enumerate().take(before).rev();
        let mut open = open.take_while(|(_, block)| block.open >= start);
        let (place, block) = open.find(|(_, block)| block.close.is_none_or(|close| at <= close))?;
        let first = self.behind(block.open);
        let close = block.close.unwrap_or(end);
        let mut from = first;
        let mut to = close;
        let lowest = self.scan.ends.partition_point(|(end, _)| *end < first);
        for (end, _) in self
            .scan
            .ends
            .iter()
            .skip(lowest)
            .take_while(|(end, _)| *end < close)
            .filter(|(_, of)| *of == Some(place))
        {
            if *end < at {
                // A mistake at the end of a block is that of its last member.
                let behind = self.behind(*end);
                let rest = self.scan.text.get(behind..close).unwrap_or("");
                if at < close || !rest.trim().is_empty() {
                    from = behind;
                }
            } else {
                to = *end;
                break;
            }
        }
        let member = self.scan.text.get(from..to).unwrap_or("");
        (!member.trim().is_empty()).then_some((from, to))
    }

    /// Reads the block of a member or an item whose head is broken.
    fn inner(&mut self, start: usize, end: usize) {
        let Some(block) = self.blocks(start, end).first() else { return };
        let (open, Some(close)) = (block.open, block.close) else { return };
        let head = self.scan.text.get(start..open).unwrap_or("");
        let Some((before, behind)) = slips::sound_head(head) else { return };
        let body = self.scan.text.get(open..=close).unwrap_or("");
        let mut piece =
            Piece { text: format!("{before}{body}{behind}"), start: open, put_before: before.len() };
        self.mend(&mut piece, close, MISTAKES);
    }

    /// Keeps what a stretch that cannot be read may have named, so that its users are not told that there is no such name.
    fn lose(&mut self, from: usize, to: usize) {
        let stretch = self.scan.text.get(from..to).unwrap_or("");
        let is_part = |ch: char| unicode_ident::is_xid_continue(ch) || ch == '`';
        // The stretch itself, too, of which no word may be a name.
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let whole = Span::new(self.file, place(from), place(to));
        self.lost.push(ast::Name { text: Str::from(""), span: whole });
        let mut rest = stretch;
        while let Some(start) = rest.find(is_part) {
            rest = rest.get(start..).unwrap_or("");
            let word = rest.get(..rest.find(|ch| !is_part(ch)).unwrap_or(rest.len())).unwrap_or("");
            let at = from.saturating_add(stretch.len().saturating_sub(rest.len()));
            rest = rest.get(word.len()..).unwrap_or("");
            if word.starts_with(|ch: char| !ch.is_ascii_digit()) {
                let span = Span::new(self.file, place(at), place(at.saturating_add(word.len())));
                // Two words may be a name that was written with a blank.
                let next =
                    rest.strip_prefix(' ').map(|next| next.split(|ch| !is_part(ch)).next().unwrap_or(""));
                let joined = next.filter(|next| !next.is_empty()).map(|next| format!("{word}_{next}"));
                let joined = joined.map(|name| ast::Name { text: Str::from(name), span });
                self.lost.push(ast::Name { text: Str::from(word.trim_matches('`')), span });
                self.lost.extend(joined);
            }
        }
    }

    /// Tells a mistake, unless the scan has told one of the same member.
    fn tell(&mut self, at: usize, from: usize, to: usize, error: &Error<Rule>) {
        self.lose(from, to);
        if self.scan_told(from, to, &["E102", "E103", "E104", "E115", "E117"]) {
            return;
        }
        let diagnostic = self.diagnostic(at, from, to, error);
        // Two words that are one name: where it is read, it stands as one.
        let joined = diagnostic.fixes.iter().filter(|fix| fix.key == "joined").flat_map(|fix| &fix.edits);
        let joined =
            joined.map(|(span, name)| ast::Name { text: name.trim_matches('`').into(), span: *span });
        self.lost.extend(joined);
        self.without_blanks(&diagnostic);
        self.told.push(diagnostic);
    }

    /// The words of one that lacks its blanks: each may be the name that is used elsewhere.
    fn without_blanks(&mut self, told: &Diagnostic) {
        let fixes = told.fixes.iter().filter(|fix| fix.key == "blank").flat_map(|fix| &fix.edits);
        for (edit, put) in fixes {
            let (Some(whole), true) = (told.span, told.code == "E106") else { continue };
            let behind = Span { start: edit.end, ..whole };
            let words =
                if edit.start == edit.end { self.source.get(behind.range()).unwrap_or("") } else { put };
            let words = words.split(' ').filter(|word| !word.is_empty());
            self.lost.extend(words.map(|word| ast::Name { text: Str::from(word), span: whole }));
        }
    }

    /// What is told of a mistake.
    fn diagnostic(&self, at: usize, from: usize, to: usize, error: &Error<Rule>) -> Diagnostic {
        let rules = expected_at(error);
        let place = self.place(at, from, to, self.head_around(from));
        let diagnostic = slips::recognise(&place, rules).or_else(|| habits::recognise(&place, rules));
        diagnostic.unwrap_or_else(|| expected::unexpected(&place, rules))
    }
}

/// What could have stood where the grammar stopped.
fn expected_at(error: &Error<Rule>) -> &[Rule] {
    match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives.as_slice(),
        ErrorVariant::CustomError { .. } => &[],
    }
}

/// Whether a text begins with the word of a construct.
fn begins_item(text: &str) -> bool {
    let text = text.trim_start();
    let end = text.find(|ch| !unicode_ident::is_xid_continue(ch)).unwrap_or(text.len());
    text.get(..end).is_some_and(keywords::begins_item)
}
