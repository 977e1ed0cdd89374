//! Numbers as offices write them.

use super::half_width;
use crate::base::{Lang, Str};
use crate::value::Number;

/// How a file writes numbers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NumberStyle {
    /// What stands between groups of three digits; `None` where digits are not grouped. A blank also stands for a
    /// no-break space.
    pub group: Option<char>,
    /// What stands before the decimals.
    pub point: char,
    /// Whether `500-` is minus 500, as ledgers print it.
    pub trailing_minus: bool,
    /// Whether `(500)` is minus 500, as accountants write it.
    pub parentheses: bool,
    /// What may stand before or after a number and says nothing: `¥`, `元`, `CNY`.
    pub marks: Vec<Str>,
    /// Whether `120万`, `1.5亿`, `2万亿` are numbers.
    pub wan: bool,
    /// What a percent without its sign means.
    pub percent: PercentStyle,
}

/// What a percent without its sign means. With the sign it is always what it says.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum PercentStyle {
    /// It is refused: the sign must be there.
    #[default]
    Signed,
    /// The percent figure: `12.5` is 12.5%.
    Figure,
    /// The fraction: `0.125` is 12.5%.
    Fraction,
}

impl NumberStyle {
    /// Digits and a point, a minus in front, percents with their sign: `-1234.56`, `12.5%`.
    #[must_use]
    pub fn plain() -> NumberStyle {
        NumberStyle {
            group: None,
            point: '.',
            trailing_minus: false,
            parentheses: false,
            marks: Vec::new(),
            wan: false,
            percent: PercentStyle::Signed,
        }
    }

    /// The style that a sample shows: `1,234.56`, `1.234,56`, `1 234,56`, `1'234.56`, `1234.56`, `1234,56`.
    /// A sample of this number says how the digits are grouped and which point is used, and nothing else does.
    #[must_use]
    pub fn of_sample(sample: &str) -> Option<NumberStyle> {
        let sample = half_width(sample);
        let rest = sample.strip_prefix('1')?;
        let (group, rest) = match rest.strip_prefix("234") {
            Some(rest) => (None, rest),
            None => {
                let mut letters = rest.chars();
                let group = letters.next()?;
                (Some(group), letters.as_str().strip_prefix("234")?)
            }
        };
        let mut letters = rest.chars();
        let point = letters.next()?;
        let known = |sign: char| matches!(sign, '.' | ',' | ' ' | '\'');
        let apart = group != Some(point) && matches!(point, '.' | ',') && group.is_none_or(known);
        (apart && letters.as_str() == "56").then_some(NumberStyle { group, point, ..NumberStyle::plain() })
    }
}

impl Default for NumberStyle {
    fn default() -> NumberStyle {
        NumberStyle::plain()
    }
}

/// Why a text is no number in the style of its file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NumberFault {
    /// There is nothing.
    Empty,
    /// This character has no place in a number.
    Stray(char),
    /// The separator of groups does not stand before every three digits.
    Groups(char),
    /// This separator of groups (or decimal point) is not the one that the file declares.
    Separator(char),
    /// No digits, or none behind the point, or two points.
    Digits,
    /// Two signs.
    Signs,
    /// `500-`, which the file does not declare.
    TrailingMinus,
    /// `(500)`, which the file does not declare.
    Parentheses,
    /// `万`, `亿` or `万亿`, which the file does not declare.
    Wan,
    /// A currency mark that the file does not declare.
    Mark(Str),
    /// `1.2E+05`: the digits behind it are lost.
    Scientific,
    /// A percent sign on what is no percent.
    Percent,
    /// A percent without its sign.
    PercentSign,
    /// More than 100 characters.
    Long,
}

impl NumberFault {
    /// Why, in words: lower case, without a full stop.
    #[must_use]
    pub fn describe(&self, lang: Lang) -> String {
        match self {
            NumberFault::Empty => lang.pick("there is nothing", "空值").to_owned(),
            NumberFault::Stray(sign) => match lang {
                Lang::En => format!("`{sign}` has no place in a number"),
                Lang::Zh => format!("数字中不应有 `{sign}`"),
            },
            NumberFault::Groups(sign) => match lang {
                Lang::En => format!("`{sign}` must stand before every three digits of the whole part"),
                Lang::Zh => format!("`{sign}` 应在整数部分每三位之前"),
            },
            NumberFault::Separator(sign) => match lang {
                Lang::En => format!("`{sign}` is not how this file was declared to write numbers"),
                Lang::Zh => format!("本文件声明的数字写法不用 `{sign}`"),
            },
            NumberFault::Digits => lang
                .pick("digits are missing, or there are two decimal points", "缺少数字, 或有两个小数点")
                .to_owned(),
            NumberFault::Signs => lang.pick("there are two signs", "有两个正负号").to_owned(),
            NumberFault::TrailingMinus => lang
                .pick(
                    "a minus behind the number is not declared for this file",
                    "本文件未声明负号可在数字之后",
                )
                .to_owned(),
            NumberFault::Parentheses => lang
                .pick(
                    "a negative number in brackets is not declared for this file",
                    "本文件未声明括号表示负数",
                )
                .to_owned(),
            NumberFault::Wan => {
                lang.pick("万 and 亿 are not declared for this file", "本文件未声明使用 万 和 亿").to_owned()
            }
            NumberFault::Mark(mark) => match lang {
                Lang::En => format!("the currency mark `{mark}` is not declared for this file"),
                Lang::Zh => format!("本文件未声明货币符号 `{mark}`"),
            },
            NumberFault::Scientific => lang
                .pick("a number in scientific notation may have lost digits", "科学计数法可能已丢失数位")
                .to_owned(),
            NumberFault::Percent => {
                lang.pick("this is a percent, and none is expected", "此处不是百分比").to_owned()
            }
            NumberFault::PercentSign => lang
                .pick(
                    "the percent sign is missing, and the file does not say what a percent without it means",
                    "缺少百分号, 且本文件未声明无百分号时的含义",
                )
                .to_owned(),
            NumberFault::Long => lang.pick("this has more than 100 characters", "超过 100 个字符").to_owned(),
        }
    }
}

impl std::fmt::Display for NumberFault {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.describe(Lang::En))
    }
}

impl std::error::Error for NumberFault {}

/// The number of a text, for any fact but a percent.
///
/// # Errors
///
/// Why it is none in this style.
pub fn parse_office_number(text: &str, style: &NumberStyle) -> Result<Number, NumberFault> {
    let written = read(text, style)?;
    if written.percent { Err(NumberFault::Percent) } else { Ok(written.number) }
}

/// The fraction of a text, for a percent: `12.5%` is 1/8.
///
/// # Errors
///
/// Why it is none in this style.
pub fn parse_office_percent(text: &str, style: &NumberStyle) -> Result<Number, NumberFault> {
    let written = read(text, style)?;
    let hundredth = |number: &Number| number.div(&Number::from_i64(100)).unwrap_or(Number::ZERO);
    match (written.percent, style.percent) {
        (true, _) | (false, PercentStyle::Figure) => Ok(hundredth(&written.number)),
        (false, PercentStyle::Fraction) => Ok(written.number),
        (false, PercentStyle::Signed) => Err(NumberFault::PercentSign),
    }
}

struct Written {
    number: Number,
    percent: bool,
}

fn read(text: &str, style: &NumberStyle) -> Result<Written, NumberFault> {
    let text = half_width(text);
    if text.is_empty() {
        return Err(NumberFault::Empty);
    }
    if text.len() > 100 {
        return Err(NumberFault::Long);
    }
    let (sign, text) = sign(&text, style)?;
    let mut rest = strip_marks(text, style);
    let percent = match rest.strip_suffix('%') {
        Some(before) => {
            rest = before.trim_end();
            true
        }
        None => false,
    };
    let (times, rest) = wan(rest, style)?;
    // The minus may also stand behind the mark: ¥-500.
    let (negative, digits) = match (sign, rest.strip_prefix('-')) {
        (Sign::None, Some(digits)) => (true, digits),
        (Sign::Plus | Sign::Minus, Some(_)) => return Err(NumberFault::Signs),
        (sign, None) => (sign == Sign::Minus, rest),
    };
    let number = magnitude(digits, style)?.mul(&times);
    Ok(Written { number: if negative { number.neg() } else { number }, percent })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    None,
    Plus,
    Minus,
}

/// The sign, and what is left of the text: `-500`, `+500`, `500-`, `(500)`.
fn sign<'a>(text: &'a str, style: &NumberStyle) -> Result<(Sign, &'a str), NumberFault> {
    if let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
        let inner = inner.trim();
        return match inner.starts_with(['-', '+']) || inner.ends_with('-') {
            _ if !style.parentheses => Err(NumberFault::Parentheses),
            true => Err(NumberFault::Signs),
            false => Ok((Sign::Minus, inner)),
        };
    }
    if let Some(rest) = text.strip_suffix('-') {
        return match rest.starts_with(['-', '+']) {
            _ if !style.trailing_minus => Err(NumberFault::TrailingMinus),
            true => Err(NumberFault::Signs),
            false => Ok((Sign::Minus, rest.trim_end())),
        };
    }
    if let Some(rest) = text.strip_prefix('-') {
        return Ok((Sign::Minus, rest.trim_start()));
    }
    match text.strip_prefix('+') {
        Some(rest) => Ok((Sign::Plus, rest.trim_start())),
        None => Ok((Sign::None, text)),
    }
}

/// The text without one declared mark on each side.
fn strip_marks<'a>(text: &'a str, style: &NumberStyle) -> &'a str {
    let mut rest = text;
    if let Some(after) = style.marks.iter().find_map(|mark| rest.strip_prefix(half_width(mark).as_str())) {
        rest = after.trim_start();
    }
    if let Some(before) = style.marks.iter().find_map(|mark| rest.strip_suffix(half_width(mark).as_str())) {
        rest = before.trim_end();
    }
    rest
}

/// What the Chinese unit behind the digits multiplies by, and the digits. `万亿` is tried before `亿`, `亿` before `万`.
fn wan<'a>(text: &'a str, style: &NumberStyle) -> Result<(Number, &'a str), NumberFault> {
    for (unit, exponent) in [("万亿", 12), ("亿", 8), ("万", 4)] {
        if let Some(digits) = text.strip_suffix(unit) {
            if !style.wan {
                return Err(NumberFault::Wan);
            }
            return Ok((Number::power_of_ten(exponent), digits.trim_end()));
        }
    }
    Ok((Number::ONE, text))
}

/// The number of digits, groups and a point.
fn magnitude(text: &str, style: &NumberStyle) -> Result<Number, NumberFault> {
    stray(text, style)?;
    let (whole, decimals) = match text.split_once(style.point) {
        Some((_, decimals)) if decimals.is_empty() || decimals.contains(style.point) => {
            return Err(NumberFault::Digits);
        }
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (text, None),
    };
    if let Some(group) = style.group
        && (decimals.is_some_and(|decimals| decimals.contains(group)) || !well_grouped(whole, group))
    {
        return Err(NumberFault::Groups(group));
    }
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    let plain = match (digits.as_str(), decimals) {
        ("", None) => return Err(NumberFault::Digits),
        // `.5` is written by some, and can be nothing else.
        ("", Some(decimals)) => format!("0.{decimals}"),
        (digits, Some(decimals)) => format!("{digits}.{decimals}"),
        (digits, None) => digits.to_owned(),
    };
    Number::decimal(&plain).ok_or(NumberFault::Digits)
}

/// Whether the groups are of three digits, the first of one to three; or there are none.
fn well_grouped(whole: &str, group: char) -> bool {
    let mut groups = whole.split(group);
    let first = groups.next().unwrap_or_default();
    let mut more = groups.peekable();
    more.peek().is_none() || ((1..=3).contains(&first.len()) && more.all(|group| group.len() == 3))
}

/// Refuses the first character that is no digit, declared separator or declared point.
fn stray(text: &str, style: &NumberStyle) -> Result<(), NumberFault> {
    let permitted = |sign: char| sign.is_ascii_digit() || sign == style.point || Some(sign) == style.group;
    let Some((place, sign)) = text.char_indices().find(|(_, sign)| !permitted(*sign)) else { return Ok(()) };
    let begun = place > 0;
    Err(match sign {
        '.' | ',' | '\'' | ' ' => NumberFault::Separator(sign),
        'e' | 'E' if begun => NumberFault::Scientific,
        '-' | '+' => NumberFault::Signs,
        '(' | ')' => NumberFault::Parentheses,
        '%' => NumberFault::Percent,
        '万' | '亿' => NumberFault::Wan,
        '¥' | '$' | '€' | '£' | '元' | '圆' => NumberFault::Mark(Str::from(sign.to_string())),
        other => {
            let word: String = text.chars().filter(char::is_ascii_uppercase).collect();
            if word.len() == 3 { NumberFault::Mark(Str::from(word)) } else { NumberFault::Stray(other) }
        }
    })
}
