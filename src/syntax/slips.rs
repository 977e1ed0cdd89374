//! Slips that people are known to make, recognised where the grammar stopped, so that the right word is at hand.

use super::expected::word_of;
use super::grammar::Rule;
use super::keywords::{self, keyword};
use super::{apart, bounds, clauses, days, habits, offices};
use crate::base::{FileId, Span};
use crate::diag::Diagnostic;

/// A place where the grammar stopped.
pub(super) struct Place<'t> {
    /// The file.
    pub(super) file: FileId,
    /// The text as written.
    pub(super) source: &'t str,
    /// The text that the grammar read.
    pub(super) text: &'t str,
    /// The place.
    pub(super) at: usize,
    /// The beginning of the member.
    pub(super) from: usize,
    /// The end of the member.
    pub(super) to: usize,
    /// The head of the block that the member stands in; empty outside all blocks.
    pub(super) head: &'t str,
}

impl<'t> Place<'t> {
    pub(super) fn stretch(&self, start: usize, end: usize) -> Span {
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span::new(self.file, place(start), place(end))
    }

    /// The text from the place on.
    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// The member up to the place.
    pub(super) fn before(&self) -> &'t str {
        self.text.get(self.from..self.at).unwrap_or("")
    }

    /// The member up to the place, as it was written.
    pub(super) fn written_before(&self) -> &'t str {
        self.source.get(self.from..self.at).unwrap_or("")
    }

    /// The word at the place: letters, digits, Chinese characters; empty where another sign stands.
    pub(super) fn word(&self) -> &'t str {
        let rest = self.rest();
        let end = rest
            .char_indices()
            .find(|(_, ch)| !(unicode_ident::is_xid_continue(*ch)))
            .map_or(rest.len(), |(at, _)| at);
        rest.get(..end).unwrap_or("")
    }

    /// The word that the place lies in, from its beginning: the grammar may have stopped behind a number.
    pub(super) fn whole_word(&self) -> (usize, &'t str) {
        let start = self.before().trim_end_matches(unicode_ident::is_xid_continue).len();
        let start = self.from.saturating_add(start);
        let end = self.at.saturating_add(self.word().len());
        (start, self.text.get(start..end).unwrap_or(""))
    }

    pub(super) fn word_span(&self) -> Span {
        self.stretch(self.at, self.at.saturating_add(self.word().len()))
    }

    /// The sign by which the line before goes on to the line of the place, if that is why the two are one member.
    pub(super) fn joined_by(&self) -> Option<(Span, char)> {
        let written = self.source.get(self.from..self.at)?;
        let (line, _) = written.rsplit_once('\n')?;
        // Comments are blanks in the text that the grammar read.
        let seen = self.text.get(self.from..self.from.checked_add(line.len())?)?.trim_end();
        let sign = seen.chars().next_back().filter(|ch| !unicode_ident::is_xid_continue(*ch))?;
        if !",，、=＝:：+＋-－−*＊×/／÷^＾<＜>＞≤≥≠→".contains(sign) {
            return None;
        }
        let end = self.from.checked_add(seen.len())?;
        Some((self.stretch(end.checked_sub(sign.len_utf8())?, end), sign))
    }

    /// Whether the member begins here.
    pub(super) fn at_member_start(&self) -> bool {
        self.before().trim().is_empty()
    }

    /// Whether nothing more stands on the line.
    pub(super) fn at_line_end(&self) -> bool {
        self.at >= self.to || self.rest().starts_with(['\n', ';', '；']) || self.rest().is_empty()
    }

    /// What stands at the place, in English and in Chinese.
    pub(super) fn found(&self) -> (String, String) {
        let sign = self.rest().chars().next();
        if self.at_line_end() && !matches!(sign, Some(',' | '，' | '、')) {
            return if self.at >= self.text.len() {
                ("the end of the file".to_owned(), "文件结尾".to_owned())
            } else {
                ("the end of the line".to_owned(), "行尾".to_owned())
            };
        }
        let found = match (self.word(), self.rest().chars().next()) {
            ("", Some('"' | '“' | '「')) => return ("a text".to_owned(), "文字".to_owned()),
            ("", Some(sign)) => sign.to_string(),
            (word, _) => word.to_owned(),
        };
        (format!("`{found}`"), format!("`{found}`"))
    }

    /// Whether the policy is written with Chinese keywords, as far as this member shows.
    pub(super) fn chinese(&self) -> bool {
        let first = self.text.trim_start().chars().next();
        first.is_some_and(|ch| !ch.is_ascii())
    }
}

/// A slip that is known.
pub(super) fn recognise(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    figure(place)
        .or_else(|| unknown_before_colon(place))
        .or_else(|| asks_in_limit(place, rules))
        .or_else(|| comment(place))
        .or_else(|| quote(place))
        .or_else(|| habits::apostrophe(place))
        .or_else(|| days::recognise(place))
        .or_else(|| clauses::recognise(place, rules))
        .or_else(|| bounds::grade_bound(place, rules))
        .or_else(|| offices::recognise(place, rules))
        .or_else(|| bounds::bound(place, rules))
        .or_else(|| habits::figure(place))
        .or_else(|| apart::recognise(place))
        .or_else(|| glued(place, rules))
        .or_else(|| reserved(place, rules))
        .or_else(|| subject(place))
        .or_else(|| operand(place))
        .or_else(|| decimal_comma(place))
        .or_else(|| odd_name(place))
}

/// A figure inside a text: `"超限 {exposure - } 元"`, `"{}"`.
fn figure(place: &Place<'_>) -> Option<Diagnostic> {
    let line = place.before();
    let mut quote: Option<(usize, char)> = None;
    let mut brace: Option<usize> = None;
    let mut chars = line.char_indices().peekable();
    while let Some((at, ch)) = chars.next() {
        match (quote, ch) {
            (None, '"') => quote = Some((at, '"')),
            (None, '“') => quote = Some((at, '”')),
            (None, '「') => quote = Some((at, '」')),
            (None, _) => {}
            (Some((_, close)), _) if ch == close => (quote, brace) = (None, None),
            (Some(_), '\\') => drop(chars.next()),
            (Some(_), '{') if brace.is_none() && chars.next_if(|(_, next)| *next == '{').is_some() => {}
            (Some(_), '{') => brace = brace.or(Some(at)),
            (Some(_), '}') => brace = None,
            (Some(_), _) => {}
        }
    }
    let (_, brace) = (quote?, brace?);
    let open = place.from.saturating_add(brace);
    let found = place.found();
    Some(
        Diagnostic::new("E149", place.span())
            .arg_in("found", &found.0, &found.1)
            .label(place.stretch(open, open.saturating_add(1)), "open")
            .help("brace"),
    )
}

/// `when sued if unknown applies : 10%`: what holds where the condition is not known stands behind the result.
fn unknown_before_colon(place: &Place<'_>) -> Option<Diagnostic> {
    let word = keyword("if_unknown")?;
    let words = [word.en, word.zh];
    let before = place.before().trim_end();
    // The grammar stops at the word, or behind it where it took it for the fallback of a value.
    let (start, written) = match words.into_iter().find(|word| place.rest().starts_with(word)) {
        Some(written) => (place.at, written),
        None => {
            let written = words.into_iter().find(|word| before.ends_with(word))?;
            (place.from.saturating_add(before.len()).saturating_sub(written.len()), written)
        }
    };
    let line = place.rest().split(['\n', ';', '；']).next()?;
    let (colon, sign) = line.char_indices().find(|(_, ch)| matches!(ch, ':' | '：'))?;
    let quote = line.find(['"', '“', '「']).unwrap_or(line.len());
    if colon > quote {
        return None;
    }
    let span = place.stretch(start, start.saturating_add(written.len()));
    let colon = place.at.saturating_add(colon);
    let told = Diagnostic::new("E190", span).arg("found", written).help("behind");
    Some(told.label(place.stretch(colon, colon.saturating_add(sign.len_utf8())), "colon"))
}

/// `refer to finance_head "…" when …`, `refuse when …` as a line of a limit, each line of which is a figure.
fn asks_in_limit(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    if !rules.contains(&Rule::limit_line) {
        return None;
    }
    let found = ["refer_to", "refuse"].into_iter().filter_map(keyword).find_map(|known| {
        let written = [known.en, known.zh].into_iter().find(|word| place.rest().starts_with(word))?;
        Some((known.role, written))
    });
    let (role, written) = found?;
    let span = place.stretch(place.at, place.at.saturating_add(written.len()));
    let variant = if role == "refuse" { "refuse" } else { "refer" };
    let told = Diagnostic::new("E152", span).variant(variant).help("table");
    Some(if variant == "refer" { told.help("judgement") } else { told })
}

/// `// …`, `/* … */`, `-- …`
fn comment(place: &Place<'_>) -> Option<Diagnostic> {
    let rest = place.rest();
    let mark = ["//", "/*", "--", "／／"].into_iter().find(|mark| rest.starts_with(mark))?;
    let span = place.stretch(place.at, place.at.saturating_add(mark.len()));
    Some(Diagnostic::new("E124", span).arg("found", mark).fix("hash", span, "#", false))
}

/// Marks around a text elsewhere, and what closes each; two of a kind stand for one that is typed twice.
const QUOTES: &[(&str, &str)] = &[
    ("''", "''"),
    ("‘‘", "’’"),
    ("’’", "’’"),
    ("``", "''"),
    ("'", "'"),
    ("‘", "’"),
    ("’", "’"),
    ("『", "』"),
    ("《", "》"),
];

/// `'text'`
fn quote(place: &Place<'_>) -> Option<Diagnostic> {
    let (mark, close) = QUOTES.iter().find(|(mark, _)| place.rest().starts_with(mark))?;
    let span = place.stretch(place.at, place.at.saturating_add(mark.len()));
    let told = Diagnostic::new("E102", span).variant("single").arg("open", mark);
    let inside = place.rest().get(mark.len()..)?;
    let length = inside.find(close).filter(|length| {
        let plain = |inside: &str| !inside.contains(['"', '\n', '“', '”', '{', ':', '\'', '’', '‘']);
        inside.get(..*length).is_some_and(|inside| !inside.is_empty() && plain(inside))
    });
    let Some(length) = length else { return Some(told.help("double")) };
    let whole = place.at.saturating_add(mark.len()).saturating_add(length).saturating_add(close.len());
    let whole = place.stretch(place.at, whole);
    Some(told.fix("double", whole, format!("\"{}\"", inside.get(..length)?), true))
}

/// A keyword glued to a number or a name, a number glued to a word: `满86`, `86且须`.
fn glued(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    let (start, word) = place.whole_word();
    let span = place.stretch(start, start.saturating_add(word.len()));
    let digits = word.chars().take_while(|ch| ch.is_ascii_digit() || *ch == '_').count();
    if digits > 0 && digits < word.len() {
        let (number, rest) = word.split_at_checked(digits)?;
        let unit = ["万亿", "亿", "万", "元", "天"].into_iter().find(|unit| rest.starts_with(unit));
        let split = digits.saturating_add(unit.map_or(0, str::len));
        let tail = word.get(split..).filter(|tail| !tail.is_empty())?;
        let names = |rule: &Rule| matches!(rule, Rule::name | Rule::named | Rule::band | Rule::names);
        // `1级 "优" 满 80`
        if place.from.saturating_add(place.before().len()) == start && rules.iter().any(names)
            || start == place.at && place.at_member_start() && rules.iter().any(names)
        {
            return Some(name_in_ticks(span, word));
        }
        let known = keywords::KEYWORDS.iter().any(|keyword| {
            !keyword.zh.is_empty() && tail.starts_with(keyword.zh)
                || !keyword.en.is_empty() && tail == keyword.en
        });
        if known {
            let at = place.stretch(start.saturating_add(split), start.saturating_add(split));
            let diagnostic =
                Diagnostic::new("E106", span).variant("number").arg("found", word).arg("word", tail);
            return Some(diagnostic.fix("blank", at, " ", true));
        }
        if rules.iter().any(names) {
            return Some(name_in_ticks(span, word));
        }
        // `12个月（`: the unit is one, and what stands behind it is the mistake.
        let is_unit =
            ["天", "个月", "个工作日", "元", "万", "亿", "万亿", "万元", "亿元", "万亿元"].contains(&rest);
        let told = Diagnostic::new("E109", span).arg("number", number).arg("unit", rest).help("units");
        return (!is_unit).then_some(told);
    }
    let expected: Vec<&str> = rules
        .iter()
        .filter_map(|rule| word_of(*rule))
        .filter_map(keyword)
        .map(|keyword| keyword.zh)
        .collect();
    if let Some(found) = keyword_of(word, &expected) {
        // Another keyword, or more words behind it, may have been meant: `未知时不适用`, `自2026年…`.
        let tail = word.get(found.len()..).unwrap_or("");
        let plain = tail.chars().all(|ch| ch.is_ascii_digit() || ".%_万亿元天".contains(ch));
        return Some(two_words(place, start, word, found, expected.contains(&found) && plain));
    }
    // The word before: `降1级 当` was taken for the name of a grade.
    let before = place.text.get(place.from..start)?.trim_end();
    let from = before.trim_end_matches(unicode_ident::is_xid_continue).len();
    let previous = before.get(from..)?;
    let found = keyword_of(previous, &[])?;
    Some(two_words(place, place.from.saturating_add(from), previous, found, true))
}

/// The Chinese keyword that a word begins with: one that could stand there, or any one with a number behind it.
fn keyword_of(word: &str, expected: &[&'static str]) -> Option<&'static str> {
    let glued = |zh: &&'static str| !zh.is_empty() && word.len() > zh.len() && word.starts_with(*zh);
    let numeric = |zh: &&'static str| {
        word.get(zh.len()..).is_some_and(|tail| tail.starts_with(|ch: char| ch.is_ascii_digit()))
    };
    let all = keywords::KEYWORDS.iter().map(|keyword| keyword.zh);
    let numbered = all.filter(|zh| glued(zh) && numeric(zh));
    expected.iter().copied().filter(|zh| glued(zh)).chain(numbered).max_by_key(|zh| zh.len())
}

pub(super) fn two_words(
    place: &Place<'_>,
    start: usize,
    word: &str,
    keyword: &str,
    sure: bool,
) -> Diagnostic {
    let split = start.saturating_add(keyword.len());
    Diagnostic::new("E106", place.stretch(start, start.saturating_add(word.len())))
        .variant("keyword")
        .arg("found", word)
        .arg("word", keyword)
        .fix("blank", place.stretch(split, split), " ", sure)
}

/// A reserved word where a name is wanted.
fn reserved(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    let word = place.word();
    let wants = rules
        .iter()
        .any(|rule| matches!(rule, Rule::name | Rule::named | Rule::fact | Rule::output | Rule::band));
    let is_reserved = keywords::RESERVED.contains(&word);
    let wants_type =
        rules.iter().any(|rule| matches!(rule, Rule::r#type | Rule::type_named | Rule::kw_money));
    (wants && is_reserved && !wants_type).then(|| {
        Diagnostic::new("E116", place.word_span()).arg("word", word).fix(
            "ticks",
            place.word_span(),
            format!("`{word}`"),
            false,
        )
    })
}

/// `class is B or is C`, `信用等级 为 B 或 为 C`: the second comparison has no subject.
fn subject(place: &Place<'_>) -> Option<Diagnostic> {
    let signs = ["不为", "为", "is not ", "is "];
    let sign = signs.into_iter().find(|sign| place.rest().starts_with(sign))?;
    let line = place.before().rfind(['\n', ';', '；', '{']).map_or(0, |at| at.saturating_add(1));
    let before = place.before().get(line..)?.trim_end();
    let joints = ["或者", "或", "且", "or", "and"];
    let head = joints.into_iter().find_map(|joint| before.strip_suffix(joint))?;
    let at = signs.into_iter().filter_map(|first| head.rfind(&format!(" {}", first.trim_end()))).min()?;
    let subject = head.get(..at)?.trim_end();
    let is_part = |ch: char| unicode_ident::is_xid_continue(ch) || ch == '.';
    let subject = subject.get(subject.trim_end_matches(is_part).len()..).filter(|name| !name.is_empty())?;
    let span = place.stretch(place.at, place.at.saturating_add(sign.trim_end().len()));
    let told = Diagnostic::new("E111", span).variant("operand").arg("name", subject);
    let begins = place.stretch(place.at, place.at);
    Some(told.fix("subject", begins, format!("{subject} "), true))
}

/// `x >= 86 and <= 100`, `评分 大于 60 并且 小于 86`
fn operand(place: &Place<'_>) -> Option<Diagnostic> {
    let rest = place.rest();
    // The second comparison is in words, and the grammar took them for a name.
    let before = place.before().trim_end();
    let said = [
        "小于等于",
        "大于等于",
        "不超过",
        "不低于",
        "小于",
        "大于",
        "低于",
        "高于",
        "less than",
        "more than",
        "greater than",
    ];
    let said = said.into_iter().find(|word| before.ends_with(word) || rest.starts_with(word));
    if let Some(said) = said {
        let head = before.strip_suffix(said).unwrap_or(before).trim_end();
        let joined = ["and", "or", "且", "或", "并且", "而且"].into_iter().any(|word| head.ends_with(word));
        let start = place.from.saturating_add(head.len());
        let start = start.saturating_add(before.len().saturating_sub(head.len()).saturating_sub(said.len()));
        let start = if before.ends_with(said) { start } else { place.at };
        let span = place.stretch(start, start.saturating_add(said.len()));
        if joined {
            return Some(Diagnostic::new("E111", span).variant("operand").help("repeat"));
        }
    }
    let mark = ["<=", ">=", "<", ">", "≤", "≥"].into_iter().find(|mark| rest.starts_with(mark))?;
    let before = place.before().trim_end();
    let joined = ["and", "or", "且", "或", "并且", "而且"].into_iter().any(|word| before.ends_with(word));
    let span = place.stretch(place.at, place.at.saturating_add(mark.len()));
    joined.then(|| Diagnostic::new("E111", span).variant("operand").help("repeat"))
}

/// `12,5%`
fn decimal_comma(place: &Place<'_>) -> Option<Diagnostic> {
    // Where a comma could stand for another reason, the grammar stops behind it: `times 12,5% when …`.
    let behind =
        place.before().ends_with([',', '，']) && place.rest().starts_with(|ch: char| ch.is_ascii_digit());
    let comma = if behind { place.before().chars().next_back() } else { place.rest().chars().next() };
    let comma = comma.filter(|comma| matches!(comma, ',' | '，'))?;
    let at = if behind { place.at.checked_sub(comma.len_utf8())? } else { place.at };
    let tail = place.text.get(at.saturating_add(comma.len_utf8())..)?;
    let before = place.text.get(place.from..at)?;
    if !before.ends_with(|ch: char| ch.is_ascii_digit()) || !tail.starts_with(|ch: char| ch.is_ascii_digit())
    {
        return None;
    }
    let start = before.trim_end_matches(|ch: char| ch.is_ascii_digit()).len();
    let whole = before.get(start..)?;
    let fraction: String = tail.chars().take_while(char::is_ascii_digit).collect();
    let from = place.from.saturating_add(start);
    let end = at.saturating_add(comma.len_utf8()).saturating_add(fraction.len());
    let span = place.stretch(from, end);
    let written = format!("{whole},{fraction}");
    let plain = format!("{whole}.{fraction}");
    Some(Diagnostic::new("E108", span).arg("written", written).fix("plain", span, plain, false))
}

/// `A+`, `AA-`: names that want back-ticks.
fn odd_name(place: &Place<'_>) -> Option<Diagnostic> {
    let sign = place.rest().chars().next().filter(|ch| matches!(ch, '+' | '-' | '*' | '＋'))?;
    let before = place.before();
    let start = before.trim_end_matches(unicode_ident::is_xid_continue).len();
    let name = before.get(start..).filter(|name| name.starts_with(unicode_ident::is_xid_start))?;
    let end = place.at.saturating_add(sign.len_utf8());
    let span = place.stretch(place.from.saturating_add(start), end);
    // `F-1` in a case is a text: the number of an invoice.
    let behind = place.text.get(end..)?;
    let tail =
        behind.find(|ch: char| !unicode_ident::is_xid_continue(ch) && ch != '-').unwrap_or(behind.len());
    let declares = keywords::begins_item(before.split_whitespace().next().unwrap_or(""))
        && before.split_whitespace().count() == 2;
    if tail > 0 && sign == '-' && declares {
        let span = place.stretch(place.from.saturating_add(start), end.saturating_add(tail));
        let found = place.text.get(span.range())?;
        let told = Diagnostic::new("E125", span).variant("dash").arg("name", found);
        return Some(told.fix("joined", span, found.replace('-', "_"), false));
    }
    if tail > 0 && sign == '-' {
        let span = place.stretch(place.from.saturating_add(start), end.saturating_add(tail));
        let found = place.text.get(span.range())?;
        let told = Diagnostic::new("E158", span).arg("found", found);
        return Some(told.fix("quotes", span, format!("\"{found}\""), false));
    }
    Some(name_in_ticks(span, &format!("{name}{sign}")))
}

fn name_in_ticks(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new("E125", span).arg("name", name).fix("ticks", span, format!("`{name}`"), true)
}

/// A sound head for a block whose own is broken, by the words of the broken one: what stands before and behind it.
pub(super) fn sound_head(head: &str) -> Option<(&'static str, &'static str)> {
    let words: Vec<&str> =
        head.split(|ch: char| !unicode_ident::is_xid_continue(ch)).filter(|word| !word.is_empty()).collect();
    let first = words.first()?;
    let role = |roles: &[&str], word: &str| {
        roles.iter().filter_map(|role| keyword(role)).any(|keyword| {
            keyword.en.split(' ').next() == Some(word) || keyword.zh == word || keyword.others.contains(&word)
        })
    };
    let heads: &[(&[&str], (&str, &str))] = &[
        (&["policy"], ("policy x ", "")),
        (&["roles"], ("roles ", "")),
        (&["actions", "kind"], ("actions ", "")),
        (&["authority"], ("authority x for y ", "")),
        (&["facts"], ("facts ", "")),
        (&["param"], ("param x number by date ", "")),
        (&["reference"], ("reference x from \"\" ", "")),
        (&["for_each"], ("for each x ", "")),
        (&["table"], ("table x -> number ", "")),
        (&["scorecard"], ("scorecard x ", "")),
        (&["grades"], ("grades x from y ", "")),
        (&["correction"], ("correction x by y ", "")),
        (&["limit"], ("limit x ", "")),
        (&["total"], ("total x ", "")),
        (&["triggers"], ("triggers x else y ", "")),
        (&["escalation"], ("escalation x ", "")),
        (&["checks"], ("checks x ", "")),
        (&["checklist"], ("checklist x of y against z ", "")),
        (&["decision"], ("decision x ", "")),
        (&["portfolio"], ("portfolio x ", "")),
        (&["group"], ("portfolio x { group y by z ", "}")),
        (&["case"], ("case \"\" ", "")),
        (&["script"], ("script \"\" ", "")),
        (&["section"], ("scorecard x { section y ", "}")),
        (&["given"], ("case \"\" { given ", "}")),
        (&["expect"], ("case \"\" { expect ", "}")),
    ];
    if let Some((_, head)) = heads.iter().find(|(roles, _)| role(roles, first)) {
        return Some(*head);
    }
    let last = words.last()?;
    if role(&["list"], last) {
        return Some(("facts { x list ", "}"));
    }
    if role(&["points"], last) {
        return Some(("scorecard x { y points ", "}"));
    }
    words.iter().any(|word| role(&["when"], word)).then_some(("triggers x else y { z when any ", "}"))
}
