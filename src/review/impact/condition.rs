//! Conditions over the measures of an effect, by which a build fails: `downgraded > 5% or limits_lost > 5000万`.

use super::measures::{Measure, Measures};
use crate::base::{Lang, nearest};
use crate::diag::Diagnostic;
use crate::engine;
use crate::value::office::half_width;
use crate::value::{Currency, Number, Unit};

/// A condition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Condition {
    /// As written.
    pub written: String,
    test: Test,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Test {
    Compare(Compare),
    And(Box<Test>, Box<Test>),
    Or(Box<Test>, Box<Test>),
    Not(Box<Test>),
}

/// A measure beside a bound.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Compare {
    measure: Measure,
    order: Order,
    bound: Number,
    /// The bound is a part of the whole of the measure.
    percent: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Order {
    Above,
    AtLeast,
    Below,
    AtMost,
    Equal,
    Unequal,
}

/// A measure that a condition speaks of, as it came out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    /// The measure.
    pub measure: Measure,
    /// What it is.
    pub value: Number,
    /// What part of its whole that is, where a percent was asked for.
    pub share: Option<Number>,
}

/// A condition held against an effect.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judged {
    /// As written.
    pub written: String,
    /// Whether it holds: the build fails.
    pub holds: bool,
    /// The measures that it speaks of.
    pub told: Vec<Told>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Token {
    Word(String),
    Number(String),
    Order(Order),
    Open,
    Close,
}

/// Reads a bound or an amount as people write it: `50000万`, `1.5亿`, `¥3000000`, `200`.
#[must_use]
pub fn amount(written: &str) -> Option<Number> {
    let money = Currency::parse("CNY").map(Unit::money)?;
    engine::number(written.trim(), money)
}

impl Condition {
    /// Reads a condition.
    ///
    /// # Errors
    /// It is not written as one, or names a measure that there is not.
    pub fn parse(written: &str) -> Result<Condition, Box<Diagnostic>> {
        let tokens = tokens(written)?;
        let mut parser = Parser { written, tokens: &tokens, at: 0 };
        let test = parser.either()?;
        match parser.tokens.get(parser.at) {
            None => Ok(Condition { written: written.trim().to_owned(), test }),
            Some(_) => Err(parser.wrong("behind")),
        }
    }

    /// Holds it against the measures of an effect.
    #[must_use]
    pub fn judge(&self, measures: &Measures) -> Judged {
        let mut told = Vec::new();
        let holds = self.test.holds(measures, &mut told);
        Judged { written: self.written.clone(), holds, told }
    }
}

impl Test {
    fn holds(&self, measures: &Measures, told: &mut Vec<Told>) -> bool {
        // Both sides are looked at, so that each measure is told.
        match self {
            Test::Compare(compare) => compare.holds(measures, told),
            Test::And(one, other) => {
                let (one, other) = (one.holds(measures, told), other.holds(measures, told));
                one && other
            }
            Test::Or(one, other) => {
                let (one, other) = (one.holds(measures, told), other.holds(measures, told));
                one || other
            }
            Test::Not(test) => !test.holds(measures, told),
        }
    }
}

impl Compare {
    fn holds(&self, measures: &Measures, told: &mut Vec<Told>) -> bool {
        let value = measures.get(self.measure);
        // Of nothing, no part is more than 0.
        let share = measures.whole(self.measure).and_then(|whole| value.div(&whole)).unwrap_or(Number::ZERO);
        let left = if self.percent { &share } else { &value };
        let holds = match self.order {
            Order::Above => *left > self.bound,
            Order::AtLeast => *left >= self.bound,
            Order::Below => *left < self.bound,
            Order::AtMost => *left <= self.bound,
            Order::Equal => *left == self.bound,
            Order::Unequal => *left != self.bound,
        };
        told.push(Told { measure: self.measure, value, share: self.percent.then_some(share) });
        holds
    }
}

struct Parser<'p> {
    written: &'p str,
    tokens: &'p [Token],
    at: usize,
}

impl Parser<'_> {
    fn either(&mut self) -> Result<Test, Box<Diagnostic>> {
        let mut test = self.both()?;
        while self.takes(&["or", "或"]) {
            test = Test::Or(Box::new(test), Box::new(self.both()?));
        }
        Ok(test)
    }

    fn both(&mut self) -> Result<Test, Box<Diagnostic>> {
        let mut test = self.one()?;
        while self.takes(&["and", "且"]) {
            test = Test::And(Box::new(test), Box::new(self.one()?));
        }
        Ok(test)
    }

    fn one(&mut self) -> Result<Test, Box<Diagnostic>> {
        if self.takes(&["not", "非"]) {
            return Ok(Test::Not(Box::new(self.one()?)));
        }
        if self.tokens.get(self.at) == Some(&Token::Open) {
            self.at = self.at.saturating_add(1);
            let test = self.either()?;
            if self.tokens.get(self.at) != Some(&Token::Close) {
                return Err(self.wrong("open"));
            }
            self.at = self.at.saturating_add(1);
            return Ok(test);
        }
        let Some(Token::Word(name)) = self.tokens.get(self.at) else { return Err(self.wrong("measure")) };
        let measure = measure(name)?;
        self.at = self.at.saturating_add(1);
        let Some(Token::Order(order)) = self.tokens.get(self.at) else { return Err(self.wrong("order")) };
        let order = *order;
        self.at = self.at.saturating_add(1);
        let Some(Token::Number(written)) = self.tokens.get(self.at) else { return Err(self.wrong("bound")) };
        let percent = written.ends_with('%');
        let Some(bound) = amount(written.trim_end_matches('%')) else { return Err(self.wrong("bound")) };
        if percent && measure.whole() == super::measures::Whole::None {
            let told = Diagnostic::nowhere("E589").variant("percent").arg("written", self.written);
            return Err(Box::new(told.arg("name", name)));
        }
        self.at = self.at.saturating_add(1);
        let hundredth = Number::ratio(1, 100).unwrap_or(Number::ONE);
        let bound = if percent { bound.mul(&hundredth) } else { bound };
        Ok(Test::Compare(Compare { measure, order, bound, percent }))
    }

    fn takes(&mut self, words: &[&str]) -> bool {
        let is =
            matches!(self.tokens.get(self.at), Some(Token::Word(word)) if words.contains(&word.as_str()));
        self.at = self.at.saturating_add(usize::from(is));
        is
    }

    fn wrong(&self, what: &'static str) -> Box<Diagnostic> {
        let found = match self.tokens.get(self.at) {
            Some(Token::Word(text) | Token::Number(text)) => text.clone(),
            Some(Token::Order(_)) => String::from("…"),
            Some(Token::Open) => String::from("("),
            Some(Token::Close) => String::from(")"),
            None => String::new(),
        };
        let variant = match (what, found.is_empty()) {
            ("behind", _) => "behind",
            ("open", _) => "open",
            (_, true) => "end",
            ("measure", false) => "measure",
            ("order", false) => "order",
            (_, false) => "bound",
        };
        let told = Diagnostic::nowhere("E589").variant(variant).arg("written", self.written);
        Box::new(told.arg("found", found).help("form"))
    }
}

/// The measure of a name.
///
/// # Errors
/// There is none; the nearest is named.
pub fn measure(name: &str) -> Result<Measure, Box<Diagnostic>> {
    let by_label = || {
        let is = |measure: &Measure| [Lang::En, Lang::Zh].iter().any(|lang| measure.label(*lang) == name);
        Measure::ALL.into_iter().find(is)
    };
    Measure::of_name(name).or_else(by_label).ok_or_else(|| {
        let names = || Measure::ALL.iter().map(|measure| measure.name());
        let unknown = Diagnostic::nowhere("E590").arg("name", name);
        Box::new(match nearest(name, names()) {
            Some(near) => unknown.arg("near", near).help("near"),
            None => unknown.arg("known", names().collect::<Vec<_>>().join(", ")).help("known"),
        })
    })
}

fn tokens(written: &str) -> Result<Vec<Token>, Box<Diagnostic>> {
    let text = half_width(written);
    let mut found = Vec::new();
    let mut rest: &str = &text;
    while let Some(ch) = rest.chars().next() {
        let taken = match ch {
            _ if ch.is_whitespace() => ch.len_utf8(),
            '(' | ')' => {
                found.push(if ch == '(' { Token::Open } else { Token::Close });
                1
            }
            '<' | '>' | '=' | '!' | '≥' | '≤' | '≠' => {
                let (order, length) = order(rest).ok_or_else(|| {
                    let told = Diagnostic::nowhere("E589").variant("order").arg("written", written);
                    Box::new(told.arg("found", ch).help("form"))
                })?;
                found.push(Token::Order(order));
                length
            }
            '-' | '¥' | '0'..='9' => {
                let fits = |ch: char| {
                    ch.is_ascii_digit()
                        || matches!(ch, '.' | '_' | ',' | '-' | '¥' | '万' | '亿' | '元' | '%')
                };
                let length = rest.find(|ch: char| !fits(ch)).unwrap_or(rest.len());
                found.push(Token::Number(rest.get(..length).unwrap_or_default().to_owned()));
                length
            }
            _ if ch.is_alphabetic() || ch == '_' => {
                let fits = |ch: char| ch.is_alphanumeric() || ch == '_';
                let length = rest.find(|ch: char| !fits(ch)).unwrap_or(rest.len());
                found.push(Token::Word(rest.get(..length).unwrap_or_default().to_owned()));
                length
            }
            _ => {
                let told = Diagnostic::nowhere("E589").variant("sign").arg("written", written);
                return Err(Box::new(told.arg("found", ch).help("form")));
            }
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    Ok(found)
}

fn order(text: &str) -> Option<(Order, usize)> {
    const SIGNS: [(&str, Order); 10] = [
        (">=", Order::AtLeast),
        ("<=", Order::AtMost),
        ("!=", Order::Unequal),
        ("==", Order::Equal),
        ("≥", Order::AtLeast),
        ("≤", Order::AtMost),
        ("≠", Order::Unequal),
        (">", Order::Above),
        ("<", Order::Below),
        ("=", Order::Equal),
    ];
    SIGNS.iter().find(|(sign, _)| text.starts_with(sign)).map(|(sign, order)| (*order, sign.len()))
}
