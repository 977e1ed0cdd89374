//! Slips that people are known to make, recognised where the grammar stopped, so that the right word is at hand.

use super::expected::word_of;
use super::grammar::Rule;
use super::keywords::{self, keyword};
use super::{days, habits, offices};
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
        if self.at_line_end() {
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
        .or_else(|| days::recognise(place))
        .or_else(|| grade_bound(place, rules))
        .or_else(|| offices::recognise(place, rules))
        .or_else(|| bound(place, rules))
        .or_else(|| habits::figure(place))
        .or_else(|| glued(place, rules))
        .or_else(|| reserved(place, rules))
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
    let colon = line.find([':', '：'])?;
    let quote = line.find(['"', '“', '「']).unwrap_or(line.len());
    if colon > quote {
        return None;
    }
    let span = place.stretch(start, start.saturating_add(written.len()));
    let colon = place.at.saturating_add(colon);
    let told = Diagnostic::new("E190", span).arg("found", written).help("behind");
    Some(told.label(place.stretch(colon, colon.saturating_add(1)), "colon"))
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

/// `'text'`
fn quote(place: &Place<'_>) -> Option<Diagnostic> {
    let mark = place.rest().chars().next().filter(|ch| matches!(ch, '\'' | '‘' | '’' | '『' | '《'))?;
    let span = place.stretch(place.at, place.at.saturating_add(mark.len_utf8()));
    let told = Diagnostic::new("E102", span).variant("single").arg("open", mark);
    let close = match mark {
        '‘' => '’',
        '『' => '』',
        '《' => '》',
        same => same,
    };
    let inside = place.rest().get(mark.len_utf8()..)?;
    let length = inside.find(close).filter(|length| {
        inside.get(..*length).is_some_and(|inside| !inside.contains(['"', '\n', '“', '”', '{', ':']))
    });
    let Some(length) = length else { return Some(told.help("double")) };
    let whole =
        place.at.saturating_add(mark.len_utf8()).saturating_add(length).saturating_add(close.len_utf8());
    let whole = place.stretch(place.at, whole);
    Some(told.fix("double", whole, format!("\"{}\"", inside.get(..length)?), true))
}

/// Words for bounds that are not those of the language, at the beginning of a row.
const PHRASES: &[(&str, &str)] = &[
    ("at least", "from_bound"),
    ("not less than", "from_bound"),
    ("more than", "above"),
    ("greater than", "above"),
    ("over", "above"),
    ("less than", "below"),
    ("under", "below"),
    ("up to", "at_most"),
    ("not more than", "at_most"),
    ("otherwise", "any"),
    ("else", "any"),
    ("default", "any"),
    ("大于等于", "from_bound"),
    ("不小于", "from_bound"),
    ("不低于", "from_bound"),
    ("至少", "from_bound"),
    ("大于", "above"),
    ("高于", "above"),
    ("小于等于", "at_most"),
    ("不大于", "at_most"),
    ("不高于", "at_most"),
    ("至多", "at_most"),
    ("小于", "below"),
    ("低于", "below"),
    ("其他", "any"),
    ("其它", "any"),
    ("其余", "any"),
    ("否则", "any"),
];

/// The Chinese bound that a name begins with, a number behind it, and the word of the language for it: `满20万`, `大于20万`.
pub(super) fn glued_bound(name: &str) -> Option<(&'static str, &'static str)> {
    let own = ["from_bound", "below", "above", "at_most"]
        .into_iter()
        .filter_map(keyword)
        .map(|word| (word.zh, word.zh));
    let others = PHRASES.iter().filter_map(|(phrase, role)| Some((*phrase, keyword(role)?.zh)));
    own.chain(others).find(|(phrase, _)| {
        name.strip_prefix(phrase).is_some_and(|rest| rest.starts_with(|ch: char| ch.is_ascii_digit()))
    })
}

/// `不高于 B 当 …`, `at most B when …` among grades: the best grade that may be given is a rule with a word of its own.
fn grade_bound(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    if !rules.iter().any(|rule| matches!(rule, Rule::kw_apart | Rule::apart)) {
        return None;
    }
    let before = place.before().trim_end();
    let phrase =
        ["不高于", "不超过", "不优于", "至多", "最高", "at most", "no better than", "not better than"];
    let phrase = phrase.into_iter().find(|phrase| before.ends_with(phrase))?;
    let start = place.from.saturating_add(before.len()).saturating_sub(phrase.len());
    let span = place.stretch(start, start.saturating_add(phrase.len()));
    let word = keyword("not_above").map_or("", |word| if phrase.is_ascii() { word.en } else { word.zh });
    let told = Diagnostic::new("E117", span).variant("operator").arg("found", phrase).arg("word", word);
    Some(told.fix("word", span, word, true))
}

/// `86分（含）以上`, `60万（含）以下`: the figure that stands at a place, what is in brackets behind it, and the word that bounds.
fn inclusive(place: &Place<'_>, it: (usize, &str, &str, &str), in_grades: bool) -> Diagnostic {
    let (start, figure, mark, word) = it;
    let length = figure.len().saturating_add(mark.len()).saturating_add(word.len());
    let span = place.stretch(start, start.saturating_add(length));
    let found = format!("{figure}{mark}{word}");
    let above = word == "以上";
    if in_grades && !above {
        return Diagnostic::new("E157", span).arg("found", found).help("upper");
    }
    let role = keyword(if above { "from_bound" } else { "at_most" }).map_or("", |word| word.zh);
    let written = format!("{role} {}", figure.strip_suffix('分').unwrap_or(figure));
    let told = Diagnostic::new("E117", span).variant("ending").arg("found", found).arg("written", &written);
    told.fix("written", span, written, true)
}

/// A number with a word behind it that sets a bound: `10万元以内`, `86 ~ 100`, `>= 86` in a cell.
fn bound(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    let rest = place.rest();
    let in_cell = rules.iter().any(|rule| {
        matches!(
            rule,
            Rule::cells
                | Rule::cell
                | Rule::pattern
                | Rule::row
                | Rule::correction_row
                | Rule::row_when
                | Rule::columns
                | Rule::from
                | Rule::above
                | Rule::kw_from_bound
        )
    });
    let in_grades = rules.iter().any(|rule| matches!(rule, Rule::kw_apart | Rule::apart));
    let chinese = place.chinese();
    let say = |role: &str| keyword(role).map_or("", |word| if chinese { word.zh } else { word.en });
    if in_cell {
        let operators = [
            (">=", "from_bound"),
            ("<=", "at_most"),
            ("≥", "from_bound"),
            ("≤", "at_most"),
            (">", "above"),
            ("<", "below"),
        ];
        if let Some((mark, role)) = operators.into_iter().find(|(mark, _)| rest.starts_with(mark)) {
            if in_grades && matches!(role, "at_most" | "below") {
                let line = rest.split(['\n', ';', '；', '}']).next().unwrap_or("").trim_end();
                let span = place.stretch(place.at, place.at.saturating_add(line.len()));
                return Some(Diagnostic::new("E157", span).arg("found", line).help("upper"));
            }
            let span = place.stretch(place.at, place.at.saturating_add(mark.len()));
            let blank =
                if rest.get(mark.len()..).is_some_and(|rest| rest.starts_with(' ')) { "" } else { " " };
            let fix = format!("{}{blank}", say(role));
            return Some(
                Diagnostic::new("E117", span)
                    .variant("operator")
                    .arg("found", mark)
                    .arg("word", say(role))
                    .fix("word", span, fix, true),
            );
        }
    }
    if in_cell || rules.contains(&Rule::colon) {
        let member = place.text.get(place.from..place.to).unwrap_or("");
        let start = place.from.saturating_add(member.len().saturating_sub(member.trim_start().len()));
        let spelled = PHRASES.iter().find(|(phrase, _)| {
            let rest = member.trim_start().strip_prefix(phrase);
            rest.is_some_and(|rest| !rest.starts_with(|ch: char| ch.is_ascii_alphabetic()))
        });
        if let Some((phrase, role)) = spelled {
            let span = place.stretch(start, start.saturating_add(phrase.len()));
            let fix = say(role);
            let glued = place
                .text
                .get(span.range().end..)
                .is_some_and(|rest| rest.starts_with(|ch: char| ch.is_ascii_digit()));
            let told =
                Diagnostic::new("E117", span).variant("operator").arg("found", phrase).arg("word", fix);
            return Some(told.fix("word", span, format!("{fix}{}", if glued { " " } else { "" }), true));
        }
    }
    // The word that holds the place, back to its beginning: the grammar may have stopped behind the number.
    let start = place
        .before()
        .char_indices()
        .rev()
        .take_while(|(_, ch)| unicode_ident::is_xid_continue(*ch) || matches!(ch, '.' | '-'))
        .last()
        .map_or(place.at, |(at, _)| place.from.saturating_add(at));
    let whole = place.text.get(start..).unwrap_or("");
    let end = whole
        .char_indices()
        .find(|(_, ch)| !(unicode_ident::is_xid_continue(*ch) || matches!(ch, '.' | '%' | '-')))
        .map_or(whole.len(), |(at, _)| at);
    // `86分（含）以上`: what stands in the brackets, the word behind them says, too.
    let rest_of_it = whole.get(end..).unwrap_or("");
    let included = ["（含）", "(含)", "（含本数）", "(含本数)"].into_iter().find_map(|mark| {
        let behind = rest_of_it.strip_prefix(mark)?;
        let word = ["以上", "以下", "以内"].into_iter().find(|word| behind.starts_with(word))?;
        Some((mark, word))
    });
    if let Some((mark, word)) = included {
        return Some(inclusive(place, (start, whole.get(..end)?, mark, word), in_grades));
    }
    let whole = whole.get(..end).unwrap_or("");
    let span = place.stretch(start, start.saturating_add(whole.len()));
    let numeric = whole.starts_with(|ch: char| ch.is_ascii_digit() || ch == '-');
    let behind = [
        ("以内", "at_most"),
        ("及以上", "or_better"),
        ("及以下", "or_worse"),
        ("以上", "from_bound"),
        ("以下", "at_most"),
    ];
    // `0到100%` in the range of a fact
    if numeric && let Some((from, to, _)) = habits::ends(whole).filter(|(.., length)| *length == whole.len())
    {
        let told = Diagnostic::new("E117", span).variant("between").arg("found", whole);
        return Some(told.fix("dots", span, format!("{from}..{to}"), false));
    }
    // `在61至85之间` and `61到85之间`: the ends are known, the word is not.
    if whole.ends_with("之间") {
        if let Some(told) = habits::between(place) {
            return Some(told);
        }
        if let Some(written) = habits::stretch_meant(whole) {
            let told = Diagnostic::new("E151", span).variant("between").arg("found", "之间");
            return Some(told.fix("span", span, written, false));
        }
    }
    // Behind `>=` the phrase says it twice, and which of the two was meant is not known.
    let compared = place
        .text
        .get(place.from..start)
        .is_some_and(|before| before.trim_end().ends_with(['<', '>', '=', '≤', '≥', '＜', '＞', '＝']));
    for (ending, role) in behind {
        let Some(stem) = whole.strip_suffix(ending).filter(|stem| !stem.is_empty()) else { continue };
        let stem = stem.strip_suffix('分').filter(|_| numeric).unwrap_or(stem);
        if numeric && in_grades && matches!(role, "or_worse" | "at_most" | "below") {
            return Some(Diagnostic::new("E157", span).arg("found", whole).help("upper"));
        }
        let fix = match (numeric, role) {
            // `cap at 10万元以内`: the line says already which end it is.
            (true, "at_most" | "or_worse") if ends_with_word(place, start, &["cap_at"]) => stem.to_owned(),
            (true, "from_bound" | "or_better") if ends_with_word(place, start, &["floor_at"]) => {
                stem.to_owned()
            }
            (true, "or_better") => format!("{} {stem}", say("from_bound")),
            (true, "or_worse") => format!("{} {stem}", say("at_most")),
            (true, _) => format!("{} {stem}", say(role)),
            (false, "or_better" | "from_bound") => format!("{stem} {}", say("or_better")),
            (false, _) => format!("{stem} {}", say("or_worse")),
        };
        return Some(
            Diagnostic::new("E117", span)
                .variant("ending")
                .arg("found", whole)
                .arg("written", &fix)
                .fix("written", span, fix, !compared),
        );
    }
    let between = place
        .before()
        .trim_end()
        .ends_with(|ch: char| ch.is_ascii_digit() || matches!(ch, '%' | '万' | '亿'));
    let spans = rules.iter().any(|rule| matches!(rule, Rule::dots | Rule::default | Rule::kw_default));
    let between = between || spans && place.before().ends_with(|ch: char| ch.is_ascii_digit());
    let marks: &[&str] = if spans {
        &["~", "～", "—", "–", "至", "到", "to ", "-"]
    } else {
        &["~", "～", "—", "–", "至", "to "]
    };
    let mark = marks.iter().copied().find(|mark| rest.starts_with(mark));
    if mark == Some("to ")
        && let Some(told) = spans_by_dash(place)
    {
        return Some(told);
    }
    if let (true, Some(mark)) = (between, mark) {
        let span = place.stretch(place.at, place.at.saturating_add(mark.trim_end().len()));
        return Some(
            Diagnostic::new("E117", span)
                .variant("between")
                .arg("found", mark.trim_end())
                .fix("dots", span, "..", false),
        );
    }
    None
}

/// `scale 0-10 to 0-100`: the grammar took the dash for a minus and stopped at `to`, where nothing is wrong.
fn spans_by_dash(place: &Place<'_>) -> Option<Diagnostic> {
    let figure = |text: &str| !text.is_empty() && text.chars().all(|ch| ch.is_ascii_digit() || ch == '.');
    let dashed = |text: &str| {
        let (from, to) = text.split_once('-')?;
        (figure(from) && figure(to)).then(|| format!("{from}..{to}"))
    };
    let before = place.before().trim_end();
    let start = before.rfind([' ', '\t']).map_or(0, |at| at.saturating_add(1));
    let found = before.get(start..)?;
    let from = place.from.saturating_add(start);
    let span = place.stretch(from, from.saturating_add(found.len()));
    let told = Diagnostic::new("E117", span).variant("range").arg("found", found);
    let mut told = told.fix("dots", span, dashed(found)?, false);
    let behind = place.rest().strip_prefix("to ")?;
    let second = behind.split(|ch: char| ch.is_whitespace()).next()?;
    if let (Some(written), Some(fix)) = (dashed(second), told.fixes.first_mut()) {
        let at = place.at.saturating_add("to ".len());
        fix.edits.push((place.stretch(at, at.saturating_add(second.len())), written.into()));
    }
    Some(told)
}

/// Whether the member up to a place ends with one of these keywords.
fn ends_with_word(place: &Place<'_>, at: usize, roles: &[&str]) -> bool {
    let before = place.text.get(place.from..at).unwrap_or("").trim_end();
    let mut words = roles.iter().filter_map(|role| keyword(role)).flat_map(|word| [word.en, word.zh]);
    words.any(|word| !word.is_empty() && before.ends_with(word))
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
        if rules.iter().any(|rule| matches!(rule, Rule::name | Rule::named | Rule::band | Rule::names)) {
            return Some(name_in_ticks(span, word));
        }
        return Some(Diagnostic::new("E109", span).arg("number", number).arg("unit", rest).help("units"));
    }
    let expected: Vec<&str> = rules
        .iter()
        .filter_map(|rule| word_of(*rule))
        .filter_map(keyword)
        .map(|keyword| keyword.zh)
        .collect();
    if let Some(found) = keyword_of(word, &expected) {
        return Some(two_words(place, start, word, found));
    }
    // The word before: `降1级 当` was taken for the name of a grade.
    let before = place.text.get(place.from..start)?.trim_end();
    let from = before.trim_end_matches(unicode_ident::is_xid_continue).len();
    let previous = before.get(from..)?;
    let found = keyword_of(previous, &[])?;
    Some(two_words(place, place.from.saturating_add(from), previous, found))
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

fn two_words(place: &Place<'_>, start: usize, word: &str, keyword: &str) -> Diagnostic {
    let split = start.saturating_add(keyword.len());
    Diagnostic::new("E106", place.stretch(start, start.saturating_add(word.len())))
        .variant("keyword")
        .arg("found", word)
        .arg("word", keyword)
        .fix("blank", place.stretch(split, split), " ", true)
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
