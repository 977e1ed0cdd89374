//! Days as offices write them: `1/1/2026`, `31.12.2025`, `Jan 1, 2026`, `26年1月1日`. The language has one way, `2026-01-01`.

use super::ast;
use super::slips::Place;
use crate::base::Span;
use crate::diag::Diagnostic;

const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// A day whose figures are known.
struct Day {
    year: u16,
    month: u8,
    day: u8,
    /// Whether day and month could be the other way about, as in 3/4/2026.
    either: bool,
}

impl Day {
    /// Of two figures of which the one is the day and the other the month.
    fn of(first: u8, second: u8, year: u16) -> Option<Day> {
        let is_month = |figure: u8| (1..=12).contains(&figure);
        let is_day = |figure: u8| (1..=31).contains(&figure);
        let either = is_month(first) && is_month(second) && first != second;
        let (month, day) = if is_month(first) && is_day(second) { (first, second) } else { (second, first) };
        (is_month(month) && is_day(day)).then_some(Day { year, month, day, either })
    }

    fn iso(&self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// As it was meant, if that is certain; else the two days that it may be.
    fn told(&self, span: Span, written: &str) -> Diagnostic {
        let told = Diagnostic::new("E107", span).variant("written").arg("written", written);
        if self.either {
            let other = Day { month: self.day, day: self.month, ..*self };
            return told.arg("one", self.iso()).arg("other", other.iso()).help("either");
        }
        told.arg("iso", self.iso()).fix("iso", span, self.iso(), true)
    }
}

/// `1/1/2026` and `31-12-2025`, which the grammar reads as arithmetic: three figures and two marks without a blank between them.
pub(super) fn of_arithmetic(left: &ast::Expr, mark: &str, at: Span, right: &ast::Expr) -> Option<Diagnostic> {
    let ast::ExprKind::Binary(op, first, second) = &left.kind else { return None };
    let same = match op {
        ast::BinaryOp::Divide => matches!(mark, "/" | "／"),
        ast::BinaryOp::Subtract => mark == "-",
        _ => false,
    };
    let one = Span::new(at.file, first.span.end, second.span.start);
    let tight = one.range().len() == 1 && left.span.end == at.start && at.end == right.span.start;
    let year = small(right).filter(|year| (1900..=2199).contains(year))?;
    let figure = |expr| u8::try_from(small(expr)?).ok();
    let day = Day::of(figure(first)?, figure(second)?, year).filter(|_| same && tight)?;
    let sign = if *op == ast::BinaryOp::Divide { "/" } else { "-" };
    let written = format!("{}{sign}{}{sign}{year}", figure(first)?, figure(second)?);
    Some(day.told(left.span.to(right.span), &written))
}

/// The whole number of a literal without a unit.
fn small(expr: &ast::Expr) -> Option<u16> {
    match &expr.kind {
        ast::ExprKind::Literal(ast::Literal {
            kind: ast::LiteralKind::Number(text, ast::NumberUnit::Bare),
            ..
        }) => text.parse().ok(),
        _ => None,
    }
}

/// A day where the grammar stopped inside it.
pub(super) fn recognise(place: &Place<'_>) -> Option<Diagnostic> {
    pointed(place).or_else(|| slashed(place)).or_else(|| named_month(place)).or_else(|| chinese(place))
}

/// `31.12.2025`: the grammar stops behind `31.12`.
fn pointed(place: &Place<'_>) -> Option<Diagnostic> {
    let year: String = place.rest().strip_prefix('.')?.chars().take_while(char::is_ascii_digit).collect();
    let before = place.before();
    let start = before.trim_end_matches(|ch: char| ch.is_ascii_digit() || ch == '.').len();
    let (day, month) = before.get(start..)?.split_once('.')?;
    let span = place
        .stretch(place.from.saturating_add(start), place.at.saturating_add(1).saturating_add(year.len()));
    let (day, month) = (day.parse().ok()?, month.parse().ok()?);
    let year = year.parse().ok().filter(|year| (1900..=2199).contains(year))?;
    let written = place.text.get(span.range())?;
    Some(Day::of(day, month, year)?.told(span, written))
}

/// `1/1/2026`, `1-1-2026` where a day is wanted and no arithmetic: the grammar stops behind the first figure.
fn slashed(place: &Place<'_>) -> Option<Diagnostic> {
    let sign = place.rest().chars().next().filter(|sign| matches!(sign, '/' | '／' | '-'))?;
    let before = place.before();
    let start = before.trim_end_matches(|ch: char| ch.is_ascii_digit()).len();
    let behind = place.rest().get(sign.len_utf8()..)?;
    let (second, rest) = behind.split_once(sign)?;
    let year: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let end = place.text.len().checked_sub(rest.len())?.checked_add(year.len())?;
    let span = place.stretch(place.from.saturating_add(start), end);
    let year = year.parse().ok().filter(|year| (1900..=2199).contains(year))?;
    let day = Day::of(before.get(start..)?.parse().ok()?, second.parse().ok()?, year)?;
    Some(day.told(span, place.text.get(span.range())?))
}

/// `Jan 1, 2026`, `1 January 2026`, `1-Jan-2026`.
fn named_month(place: &Place<'_>) -> Option<Diagnostic> {
    let month_of = |word: &str| {
        let word = word.to_ascii_lowercase();
        let month = MONTHS.iter().position(|month| word.starts_with(month))?;
        (word.len() <= 9).then_some(month.saturating_add(1))
    };
    // The line, cut into words and figures with their places, around where the grammar stopped.
    let before = place.before();
    let line_start = before.rfind(['\n', ';', '；']).map_or(0, |at| at.saturating_add(1));
    let start = place.from.saturating_add(line_start);
    let line = place.text.get(start..)?.split(['\n', ';']).next()?;
    let words = pieces(line);
    for three in words.windows(3) {
        let [(from, first), (_, second), (to, third)] = three else { continue };
        let near = start.saturating_add(*from) <= place.at
            && place.at <= start.saturating_add(*to).saturating_add(third.len()).saturating_add(1);
        let (month, day) = match (month_of(first), month_of(second)) {
            (Some(month), _) => (month, second),
            (None, Some(month)) => (month, first),
            (None, None) => continue,
        };
        let day = day.trim_end_matches(|ch: char| ch.is_ascii_alphabetic()).parse::<u8>().ok();
        let year = third.parse::<u16>().ok().filter(|year| (1900..=2199).contains(year));
        if let (true, Some(day), Some(year)) = (near, day, year) {
            let day = Day { year, month: u8::try_from(month).ok()?, day, either: false };
            let span = place
                .stretch(start.saturating_add(*from), start.saturating_add(*to).saturating_add(third.len()));
            return Some(day.told(span, place.text.get(span.range())?));
        }
    }
    None
}

/// The words and figures of a line, each with its place.
fn pieces(line: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut from = None;
    for (at, ch) in line.char_indices().chain([(line.len(), ' ')]) {
        match (from, ch.is_alphanumeric()) {
            (None, true) => from = Some(at),
            (Some(start), false) => {
                found.extend(line.get(start..at).map(|word| (start, word)));
                from = None;
            }
            _ => {}
        }
    }
    found
}

/// `26年1月1日`, `2026年1月`, `1月1日`: parts of a day are missing.
fn chinese(place: &Place<'_>) -> Option<Diagnostic> {
    let before = place.before();
    let start = before.trim_end_matches(unicode_ident::is_xid_continue).len();
    let whole = before.get(start..)?.len().saturating_add(place.word().len());
    let from = place.from.saturating_add(start);
    let written = place.text.get(from..from.checked_add(whole)?)?;
    if !written.starts_with(|ch: char| ch.is_ascii_digit()) {
        return None;
    }
    let mut rest = written;
    let mut part = |sign: char| -> Option<u16> {
        let (figure, behind) = rest.split_once(sign)?;
        let figure = figure.parse().ok()?;
        rest = behind;
        Some(figure)
    };
    let (year, month) = (part('年'), part('月')?);
    let day = part('日').or_else(|| part('号'));
    if !rest.is_empty() {
        return None;
    }
    let span = place.stretch(from, from.saturating_add(whole));
    let told = Diagnostic::new("E107", span).variant("written").arg("written", written);
    let month = u8::try_from(month).ok().filter(|month| (1..=12).contains(month))?;
    Some(match (year, day) {
        (Some(year), Some(day)) if year < 100 => {
            let day =
                Day { year: year.checked_add(2000)?, month, day: u8::try_from(day).ok()?, either: false };
            told.arg("iso", day.iso()).fix("iso", span, day.iso(), false)
        }
        (Some(year), None) if year >= 1900 => {
            let day = Day { year, month, day: 1, either: false };
            told.arg("iso", day.iso()).fix("day_missing", span, day.iso(), false)
        }
        (None, Some(_)) => told.help("year_missing"),
        _ => return None,
    })
}
