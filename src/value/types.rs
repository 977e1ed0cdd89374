//! Types and units.

use crate::base::{IndexVec, Str};

crate::define_index! {
    /// An enumeration of a program: a kind, a grade scale, a stance, the steps of a ladder.
    EnumId
}

/// A currency by its three letters of ISO 4217, e.g. `CNY`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency(pub [u8; 3]);

impl Currency {
    /// The currency of three capital letters.
    #[must_use]
    pub fn parse(code: &str) -> Option<Currency> {
        let letters: [u8; 3] = code.as_bytes().try_into().ok()?;
        letters.iter().all(u8::is_ascii_uppercase).then_some(Currency(letters))
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
}

/// A member of an enumeration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    /// The name in the policy.
    pub name: Str,
    /// The label; the name itself where none was given.
    pub label: Str,
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
        self.members
            .iter()
            .position(|member| &*member.name == name)
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
