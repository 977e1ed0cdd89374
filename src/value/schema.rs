//! The facts of a policy as data: what a file of customers must hold.

use super::types::Enums;
use super::{Currency, Date, EnumId, Number, Type};
use crate::base::{IndexVec, Span, Str};

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
    Value(super::Value),
}

/// One fact: its name, type, decimals, range, and what stands for it when it is not given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// The name in the policy.
    pub name: Str,
    /// The other names under which a file may give it: the label in each language.
    pub labels: Vec<Str>,
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
    pub unknown_when: Vec<super::Value>,
    /// Whether it is the key of its records (or of the customers).
    pub key: bool,
    /// Hidden in logs and snapshots.
    pub personal: bool,
    /// Where it is declared.
    pub span: Span,
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
    /// The fact of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<FieldId> {
        self.fields.iter_enumerated().find(|(_, field)| &*field.name == name).map(|(id, _)| id)
    }
}
