//! Types and units.

use crate::base::{IndexVec, Label, Lang, Str};

crate::define_index! {
    /// An enumeration of a program: a kind, a grade scale, a stance, the steps of a ladder.
    EnumId
}

/// The codes of ISO 4217: currencies, funds and metals, `XTS` for tests and `XXX` for none; and those that were withdrawn of late, in
/// which older invoices still stand.
const CODES: &str = "
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CLF CLP
    CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS
    INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR
    MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD
    SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST
    XAD XAF XAG XAU XBA XBB XBC XBD XCD XCG XDR XOF XPD XPF XPT XSU XTS XUA XXX YER ZAR ZMW ZWG
    ANG BGN BYR CUC HRK LTL MRO SLL STD VEF ZMK ZWL";

/// A currency by its three letters of ISO 4217, e.g. `CNY`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency(pub [u8; 3]);

impl Currency {
    /// No currency: that of a policy that names none (`XXX` in ISO 4217).
    pub const NONE: Self = Self(*b"XXX");

    /// The currency of three capital letters.
    #[must_use]
    pub fn parse(code: &str) -> Option<Currency> {
        let letters: [u8; 3] = code.as_bytes().try_into().ok()?;
        letters.iter().all(u8::is_ascii_uppercase).then_some(Currency(letters))
    }

    /// Whether ISO 4217 knows the code.
    #[must_use]
    pub fn is_of_iso(self) -> bool {
        Currency::codes().any(|code| code.as_bytes() == self.0)
    }

    /// The codes of ISO 4217.
    pub fn codes() -> impl Iterator<Item = &'static str> {
        CODES.split_whitespace()
    }

    /// How many decimals its minor unit has (ISO 4217): 2 for CNY (分), 0 for JPY, 3 for KWD.
    #[must_use]
    pub fn decimals(self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF"
            | b"UGX" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }
}

impl std::fmt::Display for Currency {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(std::str::from_utf8(&self.0).unwrap_or("???"))
    }
}

impl std::fmt::Debug for Currency {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{self}")
    }
}

/// How a number without money or days is written and read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Style {
    /// A plain number: `2.12`.
    Number,
    /// A percent: `12.5%`. Its value is the fraction 1/8.
    Percent,
    /// A ratio, which compares with both: what a quotient of two amounts is.
    Ratio,
}

/// The unit of a number: powers of money, days and months.
///
/// `money / money` is a number, `money * days` is money·days (the textbook's 万天).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Unit {
    /// The power of money.
    pub money: i8,
    /// The currency of that money; `None` where the power is 0.
    pub currency: Option<Currency>,
    /// The power of days.
    pub days: i8,
    /// The power of months.
    pub months: i8,
    /// How a number without any of these is written.
    pub style: Style,
}

impl Unit {
    /// A plain number.
    pub const NUMBER: Unit = Unit { money: 0, currency: None, days: 0, months: 0, style: Style::Number };
    /// A percent.
    pub const PERCENT: Unit = Unit { style: Style::Percent, ..Unit::NUMBER };
    /// A ratio of two amounts.
    pub const RATIO: Unit = Unit { style: Style::Ratio, ..Unit::NUMBER };
    /// Days.
    pub const DAYS: Unit = Unit { days: 1, ..Unit::NUMBER };
    /// Months.
    pub const MONTHS: Unit = Unit { months: 1, ..Unit::NUMBER };

    /// Money of a currency.
    #[must_use]
    pub const fn money(currency: Currency) -> Unit {
        Unit { money: 1, currency: Some(currency), ..Unit::NUMBER }
    }

    /// Whether units are multiplied in it, as in money times money or money times days. Money a day is no such unit.
    #[must_use]
    pub fn is_product(self) -> bool {
        let powers = [self.money, self.days, self.months];
        powers.iter().filter(|power| **power > 0).map(|power| i32::from(*power)).fold(0, i32::saturating_add)
            > 1
    }

    /// Whether no money, days or months are in it.
    #[must_use]
    pub fn is_plain(self) -> bool {
        self.money == 0 && self.days == 0 && self.months == 0
    }

    /// Whether both have the same powers and currency; the style does not count.
    #[must_use]
    pub fn same_dimension(self, other: Unit) -> bool {
        (self.money, self.currency, self.days, self.months)
            == (other.money, other.currency, other.days, other.months)
    }

    /// The unit of a product; `None` where two currencies would mix or a power leaves all sense.
    ///
    /// A percent of money is money, a percent of a percent a percent; a number times a percent is a ratio.
    #[must_use]
    pub fn multiply(self, other: Unit) -> Option<Unit> {
        let style = if self.is_plain() && other.is_plain() {
            if self.style == other.style { self.style } else { Style::Ratio }
        } else {
            // The product of amounts over amounts is a ratio: money per day times days per money.
            Style::Ratio
        };
        self.combine(other, i8::checked_add, style)
    }

    /// The unit of a quotient; `None` where two currencies would mix or a power leaves all sense.
    ///
    /// Money over money is a ratio, and so is a number over a number or a percent over a percent:
    /// 3 late of 10 invoices compare with 0.3 and with 30%.
    #[must_use]
    pub fn divide(self, other: Unit) -> Option<Unit> {
        self.combine(other, i8::checked_sub, Style::Ratio)
    }

    /// The unit of a power; `None` where a power leaves all sense.
    #[must_use]
    pub fn power(self, exponent: u32) -> Option<Unit> {
        let times = i8::try_from(exponent).ok()?;
        let money = self.money.checked_mul(times)?;
        Some(Unit {
            money,
            currency: self.currency.filter(|_| money != 0),
            days: self.days.checked_mul(times)?,
            months: self.months.checked_mul(times)?,
            style: self.style,
        })
    }

    /// The unit of a sum or a difference; `None` where the two do not add up (money and days, two currencies).
    /// A number and a percent make a ratio: `1 + growth`.
    #[must_use]
    pub fn add_compatible(self, other: Unit) -> Option<Unit> {
        if !self.same_dimension(other) {
            return None;
        }
        Some(Unit { style: if self.style == other.style { self.style } else { Style::Ratio }, ..self })
    }

    /// Whether values of the two may be compared: the same powers and currency, and no declared number with a
    /// declared percent, since 12 and 12% would be mixed up. A ratio compares with both.
    #[must_use]
    pub fn comparable(self, other: Unit) -> bool {
        self.join(other).is_some()
    }

    /// The unit of what is one or the other (`if … then … else`, `lowest of`, the results of a table);
    /// `None` where the two do not compare.
    #[must_use]
    pub fn join(self, other: Unit) -> Option<Unit> {
        if !self.same_dimension(other) {
            return None;
        }
        match (self.style, other.style) {
            _ if !self.is_plain() => Some(self),
            (left, right) if left == right => Some(self),
            (Style::Ratio, _) | (_, Style::Ratio) => Some(Unit { style: Style::Ratio, ..self }),
            (Style::Number | Style::Percent, Style::Number | Style::Percent) => None,
        }
    }

    /// Whether a value of the unit `given` may stand where this unit is declared: a ratio may stand for a number and
    /// for a percent, and both for a ratio.
    #[must_use]
    pub fn accepts(self, given: Unit) -> bool {
        self.comparable(given)
    }

    /// How it is called: `money`, `percent`, `days`, `money·days`, `money/days`; `金额`, `百分比`, `天`.
    #[must_use]
    pub fn describe(self, lang: Lang) -> String {
        self.name(lang, false)
    }

    /// How a figure of it is read, its money in the currency: `CNY·days`, `元·天`.
    #[must_use]
    pub fn counted(self, lang: Lang, home: Option<Currency>) -> String {
        let name = self.name(lang, false);
        match (self.currency.or(home), lang) {
            (Some(Currency([b'C', b'N', b'Y'])), Lang::Zh) => name.replacen("金额", "元", 1),
            (Some(currency), _) => name.replacen(lang.pick("money", "金额"), &currency.to_string(), 1),
            (None, _) => name,
        }
    }

    /// How it is called, with the currency of its money: `money in CNY`, `CNY 金额`.
    #[must_use]
    pub fn describe_with_currency(self, lang: Lang) -> String {
        self.name(lang, true)
    }

    fn combine(self, other: Unit, powers: fn(i8, i8) -> Option<i8>, plain: Style) -> Option<Unit> {
        let currency = match (self.currency, other.currency) {
            (Some(left), Some(right)) if left != right => return None,
            (left, right) => left.or(right),
        };
        let money = powers(self.money, other.money)?;
        let mut unit = Unit {
            money,
            currency: currency.filter(|_| money != 0),
            days: powers(self.days, other.days)?,
            months: powers(self.months, other.months)?,
            style: Style::Number,
        };
        if unit.is_plain() {
            unit.style = plain;
        }
        Some(unit)
    }

    fn name(self, lang: Lang, with_currency: bool) -> String {
        if self.is_plain() {
            return match self.style {
                Style::Number => lang.pick("number", "数值"),
                Style::Percent => lang.pick("percent", "百分比"),
                Style::Ratio => lang.pick("ratio", "比率"),
            }
            .to_owned();
        }
        let parts = [
            (self.money, lang.pick("money", "金额")),
            (self.days, lang.pick("days", "天")),
            (self.months, lang.pick("months", "月")),
        ];
        let side = |negative: bool| -> Vec<String> {
            parts
                .iter()
                .filter(|(power, _)| *power != 0 && (*power < 0) == negative)
                .map(|(power, name)| match power.unsigned_abs() {
                    1 => (*name).to_owned(),
                    power => format!("{name}^{power}"),
                })
                .collect()
        };
        let over = side(false).join("·");
        let under = side(true);
        let name = match (over.is_empty(), under.len()) {
            (_, 0) => over,
            (true, _) => format!("1/{}", under.join("/")),
            (false, _) => format!("{over}/{}", under.join("/")),
        };
        match self.currency {
            Some(currency) if with_currency => match lang {
                Lang::En => format!("{name} in {currency}"),
                Lang::Zh => format!("{currency} {name}"),
            },
            _ => name,
        }
    }
}

/// The type of a value.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Type {
    /// Yes or no.
    YesNo,
    /// A number with its unit.
    Number(Unit),
    /// A day.
    Date,
    /// A text; it knows only `is`.
    Text,
    /// A member of an enumeration.
    Enum(EnumId),
    /// Some members of a kind.
    Set(EnumId),
    /// A list of values of one type.
    List(Box<Type>),
    /// A list of records: the list of this number in the schema.
    Records(u32),
}

impl Type {
    /// The unit, if it is a number.
    #[must_use]
    pub fn unit(&self) -> Option<Unit> {
        match self {
            Type::Number(unit) => Some(*unit),
            Type::YesNo
            | Type::Date
            | Type::Text
            | Type::Enum(_)
            | Type::Set(_)
            | Type::List(_)
            | Type::Records(_) => None,
        }
    }

    /// The type of what is one or the other; `None` where the two have nothing in common.
    #[must_use]
    pub fn join(&self, other: &Type) -> Option<Type> {
        match (self, other) {
            (Type::Number(left), Type::Number(right)) => left.join(*right).map(Type::Number),
            (Type::List(left), Type::List(right)) => left.join(right).map(|of| Type::List(Box::new(of))),
            _ => (self == other).then(|| self.clone()),
        }
    }

    /// How it is called: `money`, `yes/no`, the name of its kind, `list of money`.
    #[must_use]
    pub fn describe(&self, enums: &Enums, lang: Lang) -> String {
        self.name(enums, lang, false)
    }

    /// How it is called, with the currency of money: `money in CNY`.
    #[must_use]
    pub fn describe_with_currency(&self, enums: &Enums, lang: Lang) -> String {
        self.name(enums, lang, true)
    }

    fn name(&self, enums: &Enums, lang: Lang, with_currency: bool) -> String {
        let kind = |id: EnumId| match enums.get(id) {
            Some(kind) => kind.name.to_string(),
            None => lang.pick("kind", "种类").to_owned(),
        };
        match self {
            Type::YesNo => lang.pick("yes/no", "是/否").to_owned(),
            Type::Number(unit) => unit.name(lang, with_currency),
            Type::Date => lang.pick("date", "日期").to_owned(),
            Type::Text => lang.pick("text", "文本").to_owned(),
            Type::Enum(id) => kind(*id),
            Type::Set(id) => match lang {
                Lang::En => format!("set of {}", kind(*id)),
                Lang::Zh => format!("{}集合", kind(*id)),
            },
            Type::List(of) => match lang {
                Lang::En => format!("list of {}", of.name(enums, lang, with_currency)),
                Lang::Zh => format!("{}列表", of.name(enums, lang, with_currency)),
            },
            Type::Records(_) => lang.pick("list of records", "记录列表").to_owned(),
        }
    }
}

/// What an enumeration is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum EnumSort {
    /// A declared kind: no order.
    Kind,
    /// The grades of a scale: ordered, best first; apart grades behind them.
    Grades,
    /// The states of a stance.
    Stance,
    /// The steps of a ladder: ordered, first to last.
    Steps,
    /// The holds of order checks, in the order written.
    Holds,
    /// A kind that the language brings along, with a name in each language: verdicts, scopes, roles; what a hold may be, which has an order.
    BuiltIn,
}

/// A member of an enumeration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    /// The name in the policy.
    pub name: Str,
    /// The label; the name itself where none was given.
    pub label: Label,
    /// Outside the order, as NR is.
    pub apart: bool,
}

/// A kind, a grade scale, a stance, the steps of a ladder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Enum {
    /// The name in the policy.
    pub name: Str,
    /// What it is.
    pub sort: EnumSort,
    /// The members; a [`super::Value::Code`] is a place in this list.
    pub members: Vec<Member>,
}

impl Enum {
    /// The place of the member of this name.
    #[must_use]
    pub fn code(&self, name: &str) -> Option<u32> {
        let by_name = self.members.iter().position(|member| &*member.name == name);
        let by_label = || self.members.iter().position(|member| &*member.label.zh == name);
        by_name
            .or_else(|| if self.sort == EnumSort::BuiltIn { by_label() } else { None })
            .and_then(|place| u32::try_from(place).ok())
    }

    /// The member at a place.
    #[must_use]
    pub fn member(&self, code: u32) -> Option<&Member> {
        self.members.get(code as usize)
    }

    /// How many members stand in the order; they come before the apart ones.
    #[must_use]
    pub fn ordered(&self) -> usize {
        self.members.iter().filter(|member| !member.apart).count()
    }
}

/// All enumerations of a program.
pub type Enums = IndexVec<EnumId, Enum>;
