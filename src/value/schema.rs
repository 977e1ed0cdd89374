//! The facts of a policy as data: what a file of customers must hold.

use super::types::Enums;
use super::{Currency, Date, EnumId, Number, Type, Unit, Value};
use crate::base::{IndexVec, Label, Span, Str};

crate::define_index! {
    /// A fact of a customer.
    FieldId
}
crate::define_index! {
    /// A field of the records of a list fact.
    ListFieldId
}

/// The type of one fact as it is read from a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FieldType {
    /// Yes or no.
    YesNo,
    /// A plain number.
    Number,
    /// A percent.
    Percent,
    /// Money.
    Money(Currency),
    /// Days.
    Days,
    /// Months.
    Months,
    /// A day.
    Date,
    /// A text.
    Text,
    /// A member of a kind or of a grade scale.
    Enum(EnumId),
    /// Some members of a kind.
    Set(EnumId),
    /// A list of values; with a fixed number of them where the policy says so.
    List {
        /// The type of each.
        of: Box<Field>,
        /// How many there must be.
        length: Option<u32>,
    },
    /// A list of records.
    Records(Vec<ListField>),
}

/// What stands for a fact that is not given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Default {
    /// Nothing: the fact is required, a customer without it is rejected.
    Required,
    /// Unknown: the fact is optional.
    Unknown,
    /// This value.
    Value(Value),
}

/// One fact: its name, type, decimals, range, and what stands for it when it is not given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// The name in the policy.
    pub name: Str,
    /// The other names under which a file may give it: the label in each language.
    pub labels: Vec<Str>,
    /// What people call it.
    pub label: Label,
    /// The type as read.
    pub ty: FieldType,
    /// How many decimals may be written: of the percent figure for a percent (12.3456%), else of the number.
    pub decimals: u32,
    /// The least value allowed, inclusive, and the greatest; percents as fractions.
    pub range: Option<(Number, Number)>,
    /// Whether the lower bound itself is out (`> 0`), and the upper one (`< 100`).
    pub open: (bool, bool),
    /// The earliest and the latest day, for a date.
    pub dates: Option<(Date, Date)>,
    /// What stands for it when it is not given.
    pub default: Default,
    /// Values that mean unknown (`unknown when 0`).
    pub unknown_when: Vec<Value>,
    /// Whether it is the key of its records (or of the customers).
    pub key: bool,
    /// Hidden from readers of explanations, decisions and problems who do not ask for it.
    pub personal: bool,
    /// Known to the house alone: no customer is asked for it.
    pub internal: bool,
    /// Where it is declared.
    pub span: Span,
}

impl Field {
    /// A required field with the decimals and the range that its type has where nothing else is said.
    #[must_use]
    pub fn new(name: Str, ty: FieldType, span: Span) -> Field {
        Field {
            label: Label::same(name.clone()),
            name,
            labels: Vec::new(),
            decimals: ty.default_decimals(),
            range: ty.default_range(),
            ty,
            open: (false, false),
            dates: None,
            default: Default::Required,
            unknown_when: Vec::new(),
            key: false,
            personal: false,
            internal: false,
            span,
        }
    }

    /// The same of a record type that the language brings along: named in English, labelled in Chinese.
    #[must_use]
    pub fn built_in((en, zh): (&str, &str), ty: FieldType, span: Span) -> Field {
        Field {
            labels: vec![Str::from(zh)],
            label: Label { en: Str::from(en), zh: Str::from(zh) },
            ..Field::new(Str::from(en), ty, span)
        }
    }
}

/// One field of the records of a list.
pub type ListField = Field;

/// All facts of a policy: the customer's own and the record lists among them, and what the last decision said.
#[derive(Clone, PartialEq, Eq, Debug, std::default::Default)]
pub struct Schema {
    /// The facts of a customer.
    pub fields: IndexVec<FieldId, Field>,
    /// The enumerations that their types mention.
    pub enums: Enums,
    /// What the last recorded decision said of a value: `last.<name>` and since when. Optional always.
    pub last: Vec<LastField>,
}

/// One value that the policy reads from the last decision.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LastField {
    /// The name of the value (`stance` for `last.stance`).
    pub name: Str,
    /// Its type.
    pub ty: Type,
    /// The fact that holds the value.
    pub value: Option<FieldId>,
    /// The fact that holds the day since when it is so.
    pub since: Option<FieldId>,
}

impl Schema {
    /// What is read of the last decision under the name of one of its outputs: a value of a used policy stands there behind that
    /// policy's name.
    #[must_use]
    pub fn last_of(&self, output: &str) -> Option<&LastField> {
        let bare = |last: &&LastField| *last.name == *output;
        let behind = |last: &&LastField| {
            let field = last.value.and_then(|value| self.fields.get(value));
            let headings = field.into_iter().flat_map(|field| &field.labels);
            headings.filter_map(|label| label.strip_prefix("last.")).any(|label| label == output)
        };
        self.last.iter().find(bare).or_else(|| self.last.iter().find(behind))
    }

    /// The fact of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<FieldId> {
        self.fields.iter_enumerated().find(|(_, field)| &*field.name == name).map(|(id, _)| id)
    }

    /// Whether a fact or a field of a list is personal.
    #[must_use]
    pub fn has_personal(&self) -> bool {
        self.fields.iter().any(|field| match &field.ty {
            FieldType::Records(fields) => field.personal || fields.iter().any(|field| field.personal),
            _ => field.personal,
        })
    }
}

impl FieldType {
    /// The type of a fact that holds values of a type; a ratio is read as a number. Lists and records have none.
    #[must_use]
    pub fn holding(ty: &Type) -> Option<FieldType> {
        Some(match ty {
            Type::YesNo => FieldType::YesNo,
            Type::Number(unit) if *unit == Unit::PERCENT => FieldType::Percent,
            Type::Number(unit) if unit.is_plain() => FieldType::Number,
            Type::Number(unit) if *unit == Unit::DAYS => FieldType::Days,
            Type::Number(unit) if *unit == Unit::MONTHS => FieldType::Months,
            Type::Number(unit) => match unit.currency {
                Some(currency) if *unit == Unit::money(currency) => FieldType::Money(currency),
                _ => return None,
            },
            Type::Date => FieldType::Date,
            Type::Text => FieldType::Text,
            Type::Enum(id) => FieldType::Enum(*id),
            Type::Set(id) => FieldType::Set(*id),
            Type::List(_) | Type::Records(_) => return None,
        })
    }

    /// The unit, if it is a number.
    #[must_use]
    pub fn unit(&self) -> Option<Unit> {
        match self {
            FieldType::Number => Some(Unit::NUMBER),
            FieldType::Percent => Some(Unit::PERCENT),
            FieldType::Money(currency) => Some(Unit::money(*currency)),
            FieldType::Days => Some(Unit::DAYS),
            FieldType::Months => Some(Unit::MONTHS),
            FieldType::YesNo
            | FieldType::Date
            | FieldType::Text
            | FieldType::Enum(_)
            | FieldType::Set(_)
            | FieldType::List { .. }
            | FieldType::Records(_) => None,
        }
    }

    /// The type of its values; `list` is the number of the list, for a list of records.
    #[must_use]
    pub fn ty(&self, list: u32) -> Type {
        match self {
            FieldType::YesNo => Type::YesNo,
            FieldType::Number => Type::Number(Unit::NUMBER),
            FieldType::Percent => Type::Number(Unit::PERCENT),
            FieldType::Money(currency) => Type::Number(Unit::money(*currency)),
            FieldType::Days => Type::Number(Unit::DAYS),
            FieldType::Months => Type::Number(Unit::MONTHS),
            FieldType::Date => Type::Date,
            FieldType::Text => Type::Text,
            FieldType::Enum(id) => Type::Enum(*id),
            FieldType::Set(id) => Type::Set(*id),
            FieldType::List { of, .. } => Type::List(Box::new(of.ty.ty(list))),
            FieldType::Records(_) => Type::Records(list),
        }
    }

    /// How many decimals a fact of this type may have where the policy does not say: money those of its currency, a
    /// percent 4 in its figure, a number 6, days and months none.
    #[must_use]
    pub fn default_decimals(&self) -> u32 {
        match self {
            FieldType::Number => 6,
            FieldType::Percent => 4,
            FieldType::Money(currency) => currency.decimals(),
            FieldType::List { of, .. } => of.ty.default_decimals(),
            FieldType::Days
            | FieldType::Months
            | FieldType::YesNo
            | FieldType::Date
            | FieldType::Text
            | FieldType::Enum(_)
            | FieldType::Set(_)
            | FieldType::Records(_) => 0,
        }
    }

    /// The range of a fact of this type where the policy does not say: money ±10^15, a number ±10^9, a percent ±10^9 in
    /// its figure, days ±100,000, months ±10,000.
    #[must_use]
    pub fn default_range(&self) -> Option<(Number, Number)> {
        let most: i64 = match self {
            FieldType::Number => 1_000_000_000,
            FieldType::Percent => 10_000_000,
            FieldType::Money(_) => 1_000_000_000_000_000,
            FieldType::Days => 100_000,
            FieldType::Months => 10_000,
            FieldType::List { of, .. } => return of.ty.default_range(),
            FieldType::YesNo
            | FieldType::Date
            | FieldType::Text
            | FieldType::Enum(_)
            | FieldType::Set(_)
            | FieldType::Records(_) => return None,
        };
        let most = Number::from_i64(most);
        Some((most.neg(), most))
    }
}

/// In so many instalments at most a debt is paid off: a hundred years by the month.
pub const MOST_INSTALMENTS: u32 = 1_200;

/// How many items a list fact may have where the policy does not say.
pub const MOST_ITEMS: usize = 10_000;

/// Why a value of the right type is not admitted as a fact.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Misfit {
    /// Below the least value, or at it where it is out itself.
    Below,
    /// Above the greatest value, or at it where it is out itself.
    Above,
    /// More decimals than declared.
    Decimals,
    /// A list of another number of values than declared.
    Length,
    /// A list of more items than any may have.
    TooMany,
}

impl Field {
    /// Why a value of the right type is not admitted: out of range, too many decimals, a list of the wrong length.
    /// For a list, what is wrong with its first value that is not admitted. An unknown value is admitted: whether a fact
    /// may be missing is not asked here.
    #[must_use]
    pub fn misfit(&self, value: &Value) -> Option<Misfit> {
        match value {
            Value::Number(number) => self.number_misfit(number),
            Value::Date(day) => match self.dates {
                Some((earliest, _)) if *day < earliest => Some(Misfit::Below),
                Some((_, latest)) if *day > latest => Some(Misfit::Above),
                Some(_) | None => None,
            },
            Value::List(values) => match &self.ty {
                FieldType::List { length: Some(length), .. } if values.len() != *length as usize => {
                    Some(Misfit::Length)
                }
                _ if values.len() > MOST_ITEMS => Some(Misfit::TooMany),
                FieldType::List { of, .. } => values.iter().find_map(|value| of.misfit(value)),
                _ => None,
            },
            Value::Unknown(_) | Value::Bool(_) | Value::Code(_) | Value::Set(_) | Value::Text(_) => None,
        }
    }

    fn number_misfit(&self, number: &Number) -> Option<Misfit> {
        if let Some((least, greatest)) = &self.range {
            let (above_least, below_greatest) = self.open;
            if number < least || (above_least && number == least) {
                return Some(Misfit::Below);
            }
            if number > greatest || (below_greatest && number == greatest) {
                return Some(Misfit::Above);
            }
        }
        let figure = if self.ty == FieldType::Percent { 2 } else { 0 };
        let allowed = self.decimals.saturating_add(figure);
        number.decimals().is_none_or(|decimals| decimals > allowed).then_some(Misfit::Decimals)
    }
}
