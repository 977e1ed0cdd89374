//! Names, texts, labels, literals.

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::{Lowering, ast};
use crate::base::{Span, Str};
use crate::diag::Diagnostic;
use crate::syntax::grammar::{Pair, Rule};

/// The digits that a literal may have: more than any sum of money needs, few enough for exact arithmetic to stay quick.
const DIGITS: usize = 60;

impl Lowering {
    /// A name, NFC, without back-ticks.
    pub(super) fn name(&mut self, pair: &Pair<'_>) -> ast::Name {
        let span = self.span(pair);
        ast::Name { text: spelled(pair.as_str()), span }
    }

    /// A text: escapes and doubled braces resolved.
    pub(super) fn text(&mut self, pair: &Pair<'_>) -> ast::Text {
        let span = self.span(pair);
        let mut inner = pair.as_str().chars();
        let opening = inner.next().map_or(0, char::len_utf8);
        inner.next_back();
        let start = span.start.saturating_add(u32::try_from(opening).unwrap_or(0));
        ast::Text { value: self.unescaped(inner.as_str(), start), span }
    }

    /// What stands between quotation marks from byte `start` on: escapes and doubled braces resolved.
    pub(super) fn unescaped(&mut self, written: &str, start: u32) -> Str {
        let mut value = String::new();
        let mut at = start;
        let mut rest = written.chars().peekable();
        while let Some(ch) = rest.next() {
            let here = Span::new(self.file, at, at.saturating_add(u32::try_from(ch.len_utf8()).unwrap_or(1)));
            at = here.end;
            match ch {
                '\\' => {
                    let escaped = rest.next().unwrap_or('\\');
                    at = at.saturating_add(u32::try_from(escaped.len_utf8()).unwrap_or(1));
                    match escaped {
                        'n' => value.push('\n'),
                        't' => value.push('\t'),
                        '\\' | '"' | '“' | '”' | '「' | '」' => value.push(escaped),
                        _ => {
                            let whole = Span::new(self.file, here.start, at);
                            self.report(
                                Diagnostic::new("E121", whole)
                                    .variant("escape")
                                    .arg("found", format!("\\{escaped}"))
                                    .help("escape"),
                            );
                        }
                    }
                }
                '{' | '}' => {
                    if rest.next_if_eq(&ch).is_some() {
                        at = at.saturating_add(1);
                    } else {
                        self.report(Diagnostic::new("E121", here).variant("brace").arg("found", ch).fix(
                            "double",
                            here,
                            format!("{ch}{ch}"),
                            true,
                        ));
                    }
                    value.push(ch);
                }
                _ => value.push(ch),
            }
        }
        value.into()
    }

    /// The label behind a name.
    pub(super) fn label(&mut self, pair: Pair<'_>) -> ast::Label {
        let mut label = ast::Label::default();
        let mut chinese = None;
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::label_lang => chinese = Some(child.as_str() == "zh"),
                Rule::text => {
                    let text = self.text(&child);
                    let span = text.span;
                    match chinese {
                        None => label.plain = Some(text),
                        Some(true) => self.once(&mut label.zh, text, span),
                        Some(false) => self.once(&mut label.en, text, span),
                    }
                }
                _ => {}
            }
        }
        label
    }

    /// A name with its label.
    pub(super) fn named(&mut self, pair: Pair<'_>) -> Option<ast::Named> {
        let (mut name, mut label) = (None, ast::Label::default());
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::name => name = Some(self.name(&child)),
                Rule::label => label = self.label(child),
                _ => {}
            }
        }
        Some(ast::Named { name: name?, label })
    }

    /// A literal; none where it is no such thing (a day that no calendar has), which is reported.
    pub(super) fn literal(&mut self, pair: Pair<'_>) -> Option<ast::Literal> {
        let span = self.span(&pair);
        let written = self.written(pair.as_str().trim_end());
        let child = pair.into_inner().next()?;
        let kind = match child.as_rule() {
            Rule::number => return self.number(&child),
            Rule::grouped => return self.grouped(&child),
            Rule::date => self.date(child.as_str(), span, false)?,
            Rule::loose_date => self.date(child.as_str(), span, true)?,
            Rule::text => ast::LiteralKind::Text(self.text(&child).value),
            Rule::kw_yes => ast::LiteralKind::Bool(true),
            Rule::kw_no => ast::LiteralKind::Bool(false),
            _ => return None,
        };
        Some(ast::Literal { kind, written, span })
    }

    /// How a literal is written, where that is kept.
    fn written(&self, written: &str) -> Str {
        if self.bare { Str::default() } else { written.into() }
    }

    /// A number with its unit.
    pub(super) fn number(&mut self, pair: &Pair<'_>) -> Option<ast::Literal> {
        let span = self.span(pair);
        let written = pair.as_str().trim_end();
        self.figure(written, written, span)
    }

    /// `1,000`: refused, with the number that it most likely is.
    fn grouped(&mut self, pair: &Pair<'_>) -> Option<ast::Literal> {
        let span = self.span(pair);
        let written = pair.as_str().trim_end();
        // In `1.234,56` the mark that stands last is the decimal mark; in `1,234` and `1.234.567` all marks group.
        let marks = |mark: [char; 2]| written.chars().filter(|ch| mark.contains(ch)).count();
        let decimal_comma = written.rfind('.') < written.find([',', '，']) && marks(['.', '．']) > 0;
        let points_group = decimal_comma || marks(['.', '．']) > 1;
        let mut plain = String::new();
        for ch in written.chars() {
            match ch {
                ',' | '，' if decimal_comma => plain.push('.'),
                ',' | '，' => plain.push('_'),
                '.' | '．' if points_group => plain.push('_'),
                _ => plain.push(ch),
            }
        }
        let mut diagnostic =
            Diagnostic::new("E108", span).arg("written", written).fix("plain", span, plain.clone(), false);
        if !decimal_comma && !points_group {
            diagnostic = diagnostic.help("list");
        }
        self.report(diagnostic);
        self.figure(&plain, written, span)
    }

    fn figure(&mut self, text: &str, written: &str, span: Span) -> Option<ast::Literal> {
        let mut whole = String::new();
        let mut fraction = String::new();
        let mut in_fraction = false;
        let mut rest = text;
        for ch in text.chars() {
            match plain_digit(ch) {
                Some(digit) if in_fraction => fraction.push(digit),
                Some(digit) => whole.push(digit),
                None if ch == '_' => {}
                None if matches!(ch, '.' | '．' | '。') && !in_fraction => in_fraction = true,
                None => break,
            }
            rest = rest.strip_prefix(ch).unwrap_or("");
        }
        if whole.len().saturating_add(fraction.len()) > DIGITS {
            self.report(Diagnostic::new("E114", span).variant("digits").arg("most", DIGITS));
            return None;
        }
        let (zeros, rest) = [("万亿", 12usize), ("亿", 8), ("万", 4)]
            .into_iter()
            .find_map(|(word, zeros)| Some((zeros, rest.strip_prefix(word)?)))
            .unwrap_or((0, rest));
        for _ in 0..zeros {
            let digit = if fraction.is_empty() { '0' } else { fraction.remove(0) };
            whole.push(digit);
        }
        let whole = whole.trim_start_matches('0');
        let mut value = String::from(if whole.is_empty() { "0" } else { whole });
        if !fraction.is_empty() {
            value.push('.');
            value.push_str(&fraction);
        }
        let unit = match rest.trim_start().chars().next() {
            Some('%' | '％') => ast::NumberUnit::Percent,
            Some('‰') => ast::NumberUnit::Permille,
            Some('b') => ast::NumberUnit::BusinessDays,
            Some('个') if rest.contains("工作日") => ast::NumberUnit::BusinessDays,
            Some('d' | '天') => ast::NumberUnit::Days,
            Some('m' | '个') => ast::NumberUnit::Months,
            Some('元') => ast::NumberUnit::Yuan,
            _ => ast::NumberUnit::Bare,
        };
        Some(ast::Literal {
            kind: ast::LiteralKind::Number(value.into(), unit),
            written: self.written(written),
            span,
        })
    }

    fn date(&mut self, written: &str, span: Span, loose: bool) -> Option<ast::LiteralKind> {
        let digits: String = written.chars().map(|ch| plain_digit(ch).unwrap_or(' ')).collect();
        let mut parts = digits.split_whitespace().map(|part| part.parse::<i16>().ok());
        let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
        let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
        let exists = year > 0 && (1..=12).contains(&month) && (1..=days_of(year, month)).contains(&day);
        if !exists {
            self.report(Diagnostic::new("E107", span).variant("no_such_day").arg("written", written));
            return None;
        }
        if loose {
            let iso = format!("{year:04}-{month:02}-{day:02}");
            self.report(
                Diagnostic::new("E107", span)
                    .variant("written")
                    .arg("written", written)
                    .arg("iso", &iso)
                    .fix("iso", span, iso, true),
            );
        }
        Some(ast::LiteralKind::Date(year, month, day))
    }
}

/// A name without back-ticks, in NFC: two spellings that look alike are one name.
pub(super) fn spelled(written: &str) -> Str {
    let bare = written.trim_end().trim_matches('`');
    if is_nfc(bare) { bare.into() } else { bare.nfc().collect::<String>().into() }
}

/// A digit, half-width or full-width, as its half-width twin.
pub(super) fn plain_digit(ch: char) -> Option<char> {
    match ch {
        '0'..='9' => Some(ch),
        '０'..='９' => char::from_digit(u32::from(ch).saturating_sub(u32::from('０')), 10),
        _ => None,
    }
}

fn days_of(year: i16, month: u8) -> u8 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 31,
    }
}
