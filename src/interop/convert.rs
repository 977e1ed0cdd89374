//! What stands in a file becomes a value of the declared type, or a diagnostic that says what stands there and what was expected.

use std::sync::Arc;

use super::mapping::Styles;
use super::names;
use super::node::{Leaf, Node, Shape};
use crate::base::{Span, Str, nearest};
use crate::diag::Diagnostic;
use crate::value::office::{
    DateFault, NumberFault, PercentStyle, parse_office_date, parse_office_number, parse_office_percent,
};
use crate::value::{
    Cause, Date, Default, Enum, EnumId, Field, FieldType, Member, Misfit, Number, Schema, Value,
};

/// Converts the nodes of one file.
#[derive(Clone, Copy)]
pub(super) struct Converter<'a> {
    pub schema: &'a Schema,
    pub styles: &'a Styles,
}

/// A fact that is being read: its declaration, the name by which people know it, and the number under which it is missing.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub field: &'a Field,
    pub name: Path<'a>,
    /// The name under which a mapping declares the unit of its figures.
    pub unit: &'a str,
    pub unknown: u32,
    /// Whether a required fact that is absent is only unknown, since nothing that is wanted needs it.
    pub lenient: bool,
}

/// The name of a fact as people know it: `net_assets`, `invoices.amount`, `collections.3`. Made into text only when something is wrong.
#[derive(Clone, Copy, Debug)]
pub(super) struct Path<'a> {
    /// The list whose item's field it is.
    pub list: Option<&'a str>,
    /// The fact, or the field.
    pub name: &'a str,
    /// The value of a list of values, from 0.
    pub place: Option<usize>,
}

impl std::fmt::Display for Path<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(list) = self.list {
            write!(out, "{list}.")?;
        }
        out.write_str(self.name)?;
        self.place.map_or(Ok(()), |place| write!(out, ".{}", place.saturating_add(1)))
    }
}

impl<'a> Path<'a> {
    /// A fact of a customer.
    pub(super) fn fact(name: &'a str) -> Path<'a> {
        Path { list: None, name, place: None }
    }
}

impl Converter<'_> {
    /// The value of a node; `None` when it is none of the declared type, range and decimals, and `problems` says why, without
    /// saying what stands there where that is personal.
    pub(super) fn value(
        &self,
        asked: Asked<'_>,
        node: &Node<'_>,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<Value> {
        let before = problems.len();
        let value = self.read(asked, node, problems);
        if asked.field.personal {
            problems.iter_mut().skip(before).for_each(hide);
        }
        value
    }

    fn read(&self, asked: Asked<'_>, node: &Node<'_>, problems: &mut Vec<Diagnostic>) -> Option<Value> {
        if self.blank(node) {
            return absent(asked, node.span(), problems);
        }
        let value = self.typed(asked, node, problems)?;
        if asked.field.unknown_when.contains(&value) {
            return Some(Value::Unknown(Cause::Missing(asked.unknown)));
        }
        // The values of a list were looked at one by one.
        let misfit = match asked.field.misfit(&value) {
            Some(misfit @ (Misfit::Length | Misfit::TooMany)) => Some(misfit),
            Some(_) if matches!(value, Value::List(_)) => None,
            other => other,
        };
        match misfit {
            None => Some(value),
            Some(misfit) => {
                problems.push(self.misfit(asked, node, &value, misfit));
                None
            }
        }
    }

    /// Whether nothing was given: an empty cell, `null`, or one of the words that the mapping declares to mean nothing.
    pub(super) fn blank(&self, node: &Node<'_>) -> bool {
        match node {
            Node::Leaf(leaf) => {
                let text = leaf.text.trim();
                leaf.shape == Shape::Null
                    || leaf.shape == Shape::Written
                        && (text.is_empty() || self.styles.unknown.iter().any(|word| word == text))
            }
            Node::List(..) | Node::Map(..) => false,
        }
    }

    fn typed(&self, asked: Asked<'_>, node: &Node<'_>, problems: &mut Vec<Diagnostic>) -> Option<Value> {
        let wrong = |kind: &'static str| {
            let base = Diagnostic::new("E611", node.span()).variant(kind);
            base.arg("fact", asked.name).arg("unit", asked.unit).arg("value", shown(node))
        };
        if let FieldType::List { of, .. } = &asked.field.ty {
            return self.list(asked, of, node, problems);
        }
        let Node::Leaf(leaf) = node else {
            let kind = match &asked.field.ty {
                FieldType::Set(id) => return self.set(asked, *id, node, problems),
                FieldType::Records(_) => "records",
                _ => "single",
            };
            problems.push(wrong(kind));
            return None;
        };
        let result = match leaf.shape {
            Shape::TooManyDigits => Err(told("E619", "digits", asked, node).help("text")),
            Shape::ErrorCell => Err(told("E619", "error", asked, node)),
            Shape::Time => Err(told("E619", "time", asked, node)),
            Shape::Written | Shape::Number | Shape::Fraction | Shape::Bool | Shape::Date | Shape::Null => {
                match &asked.field.ty {
                    FieldType::YesNo => self.yes_no(leaf).ok_or_else(|| wrong("yes_no")),
                    FieldType::Number => {
                        self.number(asked, leaf, &[]).map_err(|fault| explain(wrong("number"), fault))
                    }
                    FieldType::Money(currency) => self
                        .number(asked, leaf, &[])
                        .map_err(|fault| explain(wrong("money").arg("currency", currency), fault)),
                    FieldType::Days => self
                        .number(asked, leaf, &["days", "day", "天", "日"])
                        .map_err(|fault| explain(wrong("days"), fault)),
                    FieldType::Months => self
                        .number(asked, leaf, &["months", "month", "个月"])
                        .map_err(|fault| explain(wrong("months"), fault)),
                    FieldType::Percent => self.percent(leaf).map_err(|fault| match fault {
                        Some(NumberFault::PercentSign) => wrong("bare").help("percents"),
                        fault => explain(wrong("percent"), fault),
                    }),
                    FieldType::Date => self.date(leaf).map_err(|fault| explain_date(wrong("date"), fault)),
                    FieldType::Text => text(leaf).ok_or_else(|| wrong("text")),
                    FieldType::Enum(id) => self
                        .member(*id, leaf.text.trim())
                        .map(Value::Code)
                        .ok_or_else(|| self.no_member(asked, *id, leaf.text.trim(), leaf.span)),
                    FieldType::Set(id) => return self.set(asked, *id, node, problems),
                    FieldType::Records(_) => Err(wrong("file").help("list")),
                    FieldType::List { .. } => Err(wrong("single")),
                }
            }
        };
        result.map_err(|problem| problems.push(problem)).ok()
    }

    fn yes_no(&self, leaf: &Leaf<'_>) -> Option<Value> {
        let word = leaf.text.trim();
        let is = |words: &[String], own: &[&str]| {
            words.iter().any(|known| known == word)
                || own.iter().any(|known| known.eq_ignore_ascii_case(word))
        };
        match leaf.shape {
            Shape::Bool => Some(Value::Bool(word == "true")),
            Shape::Written if is(&self.styles.yes, &["yes", "true", "是"]) => Some(Value::Bool(true)),
            Shape::Written if is(&self.styles.no, &["no", "false", "否"]) => Some(Value::Bool(false)),
            _ => None,
        }
    }

    fn number(
        &self,
        asked: Asked<'_>,
        leaf: &Leaf<'_>,
        units: &[&str],
    ) -> Result<Value, Option<NumberFault>> {
        let figure = match leaf.shape {
            Shape::Number => exact(&leaf.text).ok_or(None)?,
            Shape::Written => {
                let text = leaf.text.trim();
                let bare = units.iter().find_map(|unit| text.strip_suffix(unit)).unwrap_or(text);
                match self.plain(bare) {
                    Some(number) => number,
                    None => parse_office_number(bare, &self.styles.numbers).map_err(Some)?,
                }
            }
            _ => return Err(None),
        };
        let factor = self.styles.units.get(asked.unit);
        Ok(Value::Number(factor.map_or_else(|| figure.clone(), |factor| figure.mul(factor))))
    }

    /// A number in digits and a point, which reads alike in every style whose point is a point. Most figures of a
    /// large book are such.
    fn plain(&self, text: &str) -> Option<Number> {
        let same = self.styles.numbers.point == '.' && text.len() <= LONGEST;
        if same { Number::decimal(text) } else { None }
    }

    /// A percent as its fraction. A bare figure is refused where nobody said whether 12.5 or 0.125 means 12.5%.
    fn percent(&self, leaf: &Leaf<'_>) -> Result<Value, Option<NumberFault>> {
        match leaf.shape {
            Shape::Fraction => exact(&leaf.text).map(Value::Number).ok_or(None),
            Shape::Number => {
                let figure = exact(&leaf.text).ok_or(None)?;
                match self.styles.numbers.percent {
                    PercentStyle::Signed => Err(Some(NumberFault::PercentSign)),
                    PercentStyle::Figure => {
                        figure.div(&Number::power_of_ten(2)).map(Value::Number).ok_or(None)
                    }
                    PercentStyle::Fraction => Ok(Value::Number(figure)),
                }
            }
            Shape::Written => {
                parse_office_percent(&leaf.text, &self.styles.numbers).map(Value::Number).map_err(Some)
            }
            _ => Err(None),
        }
    }

    fn date(&self, leaf: &Leaf<'_>) -> Result<Value, Option<DateFault>> {
        match leaf.shape {
            Shape::Date => Date::parse(leaf.text.trim()).map(Value::Date).ok_or(Some(DateFault::NoSuchDay)),
            Shape::Written => {
                parse_office_date(&leaf.text, &self.styles.dates).map(Value::Date).map_err(Some)
            }
            _ => Err(None),
        }
    }

    fn member(&self, id: EnumId, written: &str) -> Option<u32> {
        let kind = self.schema.enums.get(id)?;
        let words = self.styles.members.get(&*kind.name);
        let word = words.and_then(|words| words.get(written)).map_or(written, String::as_str);
        member(kind, word)
    }

    fn no_member(&self, asked: Asked<'_>, id: EnumId, written: &str, span: Span) -> Diagnostic {
        let problem =
            Diagnostic::new("E611", span).variant("kind").arg("fact", asked.name).arg("value", clip(written));
        let Some(kind) = self.schema.enums.get(id) else { return problem.arg("kind", "").arg("members", "") };
        let shared = labelled(kind, &names::canonical(written));
        if shared.len() > 1 {
            let names = shared.iter().filter_map(|place| kind.members.get(*place));
            let names: Vec<String> = names.map(|member| format!("`{}`", member.name)).collect();
            let problem = Diagnostic::new("E611", span).variant("label").arg("fact", asked.name);
            let problem = problem.arg("value", clip(written)).arg("kind", &kind.name);
            return problem.arg("members", names.join(", ")).help("name");
        }
        let all: Vec<String> =
            kind.members.iter().take(12).map(|member| format!("`{}`", member.name)).collect();
        let more = if kind.members.len() > 12 { ", …" } else { "" };
        let problem =
            problem.arg("kind", &kind.name).arg("members", format_args!("{}{more}", all.join(", ")));
        let known =
            kind.members.iter().flat_map(|member| [&*member.name, &*member.label.zh, &*member.label.en]);
        match nearest(written, known) {
            Some(near) => problem.arg("near", near).help("near"),
            None => problem,
        }
    }

    fn set(
        &self,
        asked: Asked<'_>,
        id: EnumId,
        node: &Node<'_>,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<Value> {
        let mut bits = 0u128;
        let mut sound = true;
        for (word, span) in parts(node) {
            match word.and_then(|word| self.member(id, word)) {
                Some(code) => bits |= 1u128.checked_shl(code).unwrap_or(0),
                None => {
                    sound = false;
                    problems.push(self.no_member(asked, id, word.unwrap_or("{…}"), span));
                }
            }
        }
        sound.then_some(Value::Set(bits))
    }

    fn list(
        &self,
        asked: Asked<'_>,
        of: &Field,
        node: &Node<'_>,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<Value> {
        let before = problems.len();
        let mut values = Vec::new();
        let mut each = |place: usize, node: &Node<'_>, problems: &mut Vec<Diagnostic>| {
            let one = Asked { field: of, name: Path { place: Some(place), ..asked.name }, ..asked };
            values.extend(self.value(one, node, problems));
        };
        match node {
            Node::List(items, _) => {
                items.iter().enumerate().for_each(|(place, item)| each(place, item, problems));
            }
            Node::Leaf(leaf) => {
                for (place, piece) in leaf.text.split([';', '；']).enumerate() {
                    let shape = if leaf.text.contains([';', '；']) { Shape::Written } else { leaf.shape };
                    let piece = Leaf { text: piece.trim().into(), shape, span: leaf.span };
                    each(place, &Node::Leaf(piece), problems);
                }
            }
            Node::Map(..) => {
                let base = Diagnostic::new("E611", node.span()).variant("list");
                problems.push(base.arg("fact", asked.name).arg("value", shown(node)));
            }
        }
        (problems.len() == before).then(|| Value::List(Arc::from(values)))
    }

    fn misfit(&self, asked: Asked<'_>, node: &Node<'_>, value: &Value, misfit: Misfit) -> Diagnostic {
        let field = asked.field;
        let count = match value {
            Value::List(values) => values.len(),
            _ => 0,
        };
        match misfit {
            Misfit::Below | Misfit::Above => {
                let side = if misfit == Misfit::Below { "below" } else { "above" };
                told("E612", side, asked, node).arg("range", range(field, misfit))
            }
            Misfit::Decimals => {
                let variant = if field.ty == FieldType::Percent { "percent" } else { "" };
                told("E613", variant, asked, node).arg("decimals", field.decimals)
            }
            Misfit::Length => {
                let length = match &field.ty {
                    FieldType::List { length: Some(length), .. } => *length,
                    _ => 0,
                };
                told("E616", "length", asked, node).arg("found", count).arg("expected", length)
            }
            Misfit::TooMany => {
                let most = crate::value::MOST_ITEMS;
                told("E616", "many", asked, node).arg("found", count).arg("expected", most)
            }
        }
    }
}

/// What stands for a fact that was not given; a diagnostic where nothing may stand for it.
pub(super) fn absent(asked: Asked<'_>, at: Span, problems: &mut Vec<Diagnostic>) -> Option<Value> {
    match &asked.field.default {
        Default::Value(value) => Some(value.clone()),
        Default::Unknown => Some(Value::Unknown(Cause::Missing(asked.unknown))),
        Default::Required if asked.lenient => Some(Value::Unknown(Cause::Missing(asked.unknown))),
        Default::Required => {
            problems.push(Diagnostic::new("E610", at).arg("fact", asked.name));
            None
        }
    }
}

/// Says why a text is no number, and what to declare where it is one in another style.
fn explain(problem: Diagnostic, fault: Option<NumberFault>) -> Diagnostic {
    match fault {
        None | Some(NumberFault::Empty) => problem,
        Some(NumberFault::Stray(sign)) if !sign.is_ascii_punctuation() => problem,
        Some(NumberFault::Stray(sign)) => problem.arg("sign", sign).note("stray"),
        Some(NumberFault::Groups(sign)) => problem.arg("sign", sign).note("groups"),
        Some(NumberFault::Separator(sign)) => problem.arg("sign", sign).note("separator").help("numbers"),
        Some(NumberFault::Digits) => problem.note("digits"),
        Some(NumberFault::Signs) => problem.note("signs"),
        Some(NumberFault::TrailingMinus) => problem.help("trailing"),
        Some(NumberFault::Parentheses) => problem.help("brackets"),
        Some(NumberFault::Wan) => problem.help("wan"),
        Some(NumberFault::Mark(mark)) => problem.arg("sign", mark).help("mark"),
        Some(NumberFault::Scientific) => problem.note("scientific").help("text"),
        Some(NumberFault::Percent) => problem.note("percent"),
        Some(NumberFault::PercentSign) => problem.help("percents"),
        Some(NumberFault::Long) => problem.note("long"),
    }
}

/// Says why a text is no day, and what to declare where it is one in another style.
fn explain_date(problem: Diagnostic, fault: Option<DateFault>) -> Diagnostic {
    match fault {
        None | Some(DateFault::Empty | DateFault::Pattern) => problem.help("dates"),
        Some(DateFault::Undeclared(pattern)) => problem.arg("pattern", pattern.name()).help("pattern"),
        Some(DateFault::NoSuchDay) => problem.note("no_day"),
        Some(DateFault::ShortYear) => problem.note("short_year"),
        Some(DateFault::Time) => problem.note("time"),
    }
}

/// Takes out of a problem what stands in the file.
fn hide(problem: &mut Diagnostic) {
    let told = |key: &str| matches!(key, "value" | "near" | "sign");
    for (_, value) in problem.args.iter_mut().chain(&mut problem.zh).filter(|(key, _)| told(key)) {
        *value = Str::from("•••");
    }
    problem.helps.retain(|key| *key != "near");
    problem.fixes.clear();
}

/// The place of the member of this name or label.
pub(super) fn member(kind: &Enum, word: &str) -> Option<u32> {
    let word = names::canonical(word);
    let named = kind.members.iter().position(|member| *member.name == *word);
    let place = named.or_else(|| match *labelled(kind, &word) {
        [place] => Some(place),
        _ => None,
    })?;
    u32::try_from(place).ok()
}

/// The members that bear this label: where two policies have a role that they call the same, a label names neither.
fn labelled(kind: &Enum, word: &str) -> Box<[usize]> {
    let bears = |member: &Member| {
        [&member.label.en, &member.label.zh].into_iter().any(|label| names::canonical(label) == word)
    };
    kind.members.iter().enumerate().filter(|(_, member)| bears(member)).map(|(place, _)| place).collect()
}

/// The range that a value was held against. An end that no policy wrote is said only where the value passes it: `money >= 0`
/// is told as `>= 0`.
fn range(field: &Field, misfit: Misfit) -> String {
    let percent = field.ty == FieldType::Percent;
    let figure = |number: &Number| {
        if percent { format!("{}%", number.mul(&Number::power_of_ten(2))) } else { number.to_string() }
    };
    let ends = match (&field.range, &field.dates) {
        (Some((least, greatest)), _) => (figure(least), figure(greatest)),
        (None, Some((earliest, latest))) => (earliest.to_string(), latest.to_string()),
        (None, None) => return String::new(),
    };
    let usual = field.ty.default_range().zip(field.range.clone());
    match (misfit, usual) {
        (Misfit::Below, Some(((_, usual), (_, greatest)))) if usual == greatest => {
            return format!("{} {}", if field.open.0 { ">" } else { ">=" }, ends.0);
        }
        (Misfit::Above, Some(((usual, _), (least, _)))) if usual == least => {
            return format!("{} {}", if field.open.1 { "<" } else { "<=" }, ends.1);
        }
        _ => {}
    }
    match field.open {
        (false, false) => format!("{}..{}", ends.0, ends.1),
        (true, false) => format!("> {}, <= {}", ends.0, ends.1),
        (false, true) => format!(">= {}, < {}", ends.0, ends.1),
        (true, true) => format!("> {}, < {}", ends.0, ends.1),
    }
}

fn told(code: &'static str, variant: &'static str, asked: Asked<'_>, node: &Node<'_>) -> Diagnostic {
    let told = Diagnostic::new(code, node.span()).variant(variant);
    told.arg("fact", asked.name).arg("value", shown(node))
}

fn text(leaf: &Leaf<'_>) -> Option<Value> {
    match leaf.shape {
        Shape::Written | Shape::Number => Some(Value::Text(Str::from(leaf.text.trim()))),
        _ => None,
    }
}

/// The members of a set: the items of a list, or the pieces of `a;b`. `None` for an item that is no word.
fn parts<'a>(node: &'a Node<'_>) -> Vec<(Option<&'a str>, Span)> {
    match node {
        Node::Leaf(leaf) => leaf
            .text
            .split([';', '；', '、'])
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .map(|word| (Some(word), leaf.span))
            .collect(),
        Node::List(items, _) => items.iter().map(|item| (item.text(), item.span())).collect(),
        Node::Map(_, span) => vec![(None, *span)],
    }
}

/// How many characters a number may have; nobody owes more digits than that.
const LONGEST: usize = 64;

/// The number of a format's own notation: `1234.5`, `1e6`. Bounded in length, since nobody owes 10^1000000.
pub(super) fn exact(text: &str) -> Option<Number> {
    if text.len() > LONGEST {
        return None;
    }
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else {
        return Number::decimal(text);
    };
    let exponent: i32 = exponent.parse().ok().filter(|exponent: &i32| exponent.unsigned_abs() <= 64)?;
    let mantissa = Number::decimal(mantissa)?;
    let power = Number::power_of_ten(exponent.unsigned_abs());
    if exponent < 0 { mantissa.div(&power) } else { Some(mantissa.mul(&power)) }
}

/// What stands in the file, short enough for a line.
pub(super) fn shown(node: &Node<'_>) -> String {
    match node {
        Node::Leaf(leaf) if leaf.shape == Shape::Null => String::from("null"),
        Node::Leaf(leaf) => clip(leaf.text.trim()),
        Node::List(..) => String::from("[…]"),
        Node::Map(..) => String::from("{…}"),
    }
}

/// A text of at most 40 characters, on one line, without what a terminal would obey.
pub(super) fn clip(text: &str) -> String {
    let mut short: String = text.chars().take(40).map(|ch| if ch.is_control() { ' ' } else { ch }).collect();
    if text.chars().nth(40).is_some() {
        short.push('…');
    }
    short
}
