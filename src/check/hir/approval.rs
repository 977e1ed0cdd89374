//! The records of sign-offs and exceptions, and who must sign.

use super::Program;
use crate::base::Lang;
use crate::syntax::keywords::keyword;

/// A record type that the language brings along, in the lists that a policy declares of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum RecordType {
    /// `list sign_off`: who signed what, in which role, on which day, for how much, with which verdict.
    SignOff,
    /// `list exception of money`: what was decided otherwise, for whom, from when to when, by whom and why.
    Exception,
}

/// The places of the fields of a sign-off.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum SignOffField {
    /// The name of what is approved: a text.
    Subject,
    /// The role in which the person signs: a member of the enumeration of all roles.
    Role,
    /// The person: a text. Two records of one text are of one person.
    Person,
    /// The day.
    On,
    /// The amount signed for, in the currency of the policy; may be unknown.
    Amount,
    /// A member of the built-in kind `verdict`.
    Verdict,
}

impl SignOffField {
    /// All fields, by place.
    pub const ALL: [SignOffField; 6] = [
        SignOffField::Subject,
        SignOffField::Role,
        SignOffField::Person,
        SignOffField::On,
        SignOffField::Amount,
        SignOffField::Verdict,
    ];

    /// Its place among the fields of the records.
    #[must_use]
    pub fn place(self) -> u32 {
        match self {
            SignOffField::Subject => 0,
            SignOffField::Role => 1,
            SignOffField::Person => 2,
            SignOffField::On => 3,
            SignOffField::Amount => 4,
            SignOffField::Verdict => 5,
        }
    }

    /// Its names, English and Chinese.
    #[must_use]
    pub fn names(self) -> (&'static str, &'static str) {
        match self {
            SignOffField::Subject => ("subject", "事项"),
            SignOffField::Role => ("role", "岗位"),
            SignOffField::Person => ("person", "签批人"),
            SignOffField::On => ("on", "日期"),
            SignOffField::Amount => ("amount", "金额"),
            SignOffField::Verdict => ("verdict", "结论"),
        }
    }
}

/// The places of the fields of an exception.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ExceptionField {
    /// A member of the built-in kind `scope`.
    Scope,
    /// Whom it concerns: the key of the customer or of the group, a text; unknown for all.
    Key,
    /// What then stands, of the type that the list is declared of.
    Value,
    /// The first day.
    From,
    /// The last day, included.
    Until,
    /// Who decided it: a text.
    Person,
    /// In which role: a member of the enumeration of all roles.
    Role,
    /// Why: a text; may be unknown.
    Reason,
}

impl ExceptionField {
    /// All fields, by place.
    pub const ALL: [ExceptionField; 8] = [
        ExceptionField::Scope,
        ExceptionField::Key,
        ExceptionField::Value,
        ExceptionField::From,
        ExceptionField::Until,
        ExceptionField::Person,
        ExceptionField::Role,
        ExceptionField::Reason,
    ];

    /// Its place among the fields of the records.
    #[must_use]
    pub fn place(self) -> u32 {
        match self {
            ExceptionField::Scope => 0,
            ExceptionField::Key => 1,
            ExceptionField::Value => 2,
            ExceptionField::From => 3,
            ExceptionField::Until => 4,
            ExceptionField::Person => 5,
            ExceptionField::Role => 6,
            ExceptionField::Reason => 7,
        }
    }

    /// Its names, English and Chinese.
    #[must_use]
    pub fn names(self) -> (&'static str, &'static str) {
        match self {
            ExceptionField::Scope => ("scope", "范围"),
            ExceptionField::Key => ("key", "对象"),
            ExceptionField::Value => ("value", "取值"),
            ExceptionField::From => ("from", "起日"),
            ExceptionField::Until => ("until", "止日"),
            ExceptionField::Person => ("person", "批准人"),
            ExceptionField::Role => ("role", "岗位"),
            ExceptionField::Reason => ("reason", "事由"),
        }
    }
}

/// The members of the built-in kind `verdict`, English and Chinese, by place.
pub const VERDICTS: [(&str, &str); 3] = [("proposed", "提议"), ("approved", "同意"), ("refused", "否决")];

/// The members of the built-in kind `scope`, English and Chinese, by place: the narrowest first.
pub const SCOPES: [(&str, &str); 3] = [("customer", "客户"), ("group", "集团"), ("all", "全部")];

/// Whose signatures are asked for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Signers {
    /// A role, by its place among the roles; with `exactly`, no higher role in its place.
    Role {
        /// The role.
        role: u32,
        /// `exactly`
        exactly: bool,
    },
    /// All of them, each by another person.
    And(Vec<Signers>),
    /// Any of them.
    Or(Vec<Signers>),
    /// It is not to be had.
    Nobody,
}

/// One signature that is asked for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Seat {
    /// The role, by its place among the roles.
    pub role: u32,
    /// No higher role in its place.
    pub exactly: bool,
}

impl Signers {
    /// The sets of signatures of which one must be complete, each by as many persons as it has seats: `a and (b or c)` is
    /// `a b` or `a c`. None for nobody.
    #[must_use]
    pub fn alternatives(&self) -> Vec<Vec<Seat>> {
        match self {
            Signers::Nobody => Vec::new(),
            Signers::Role { role, exactly } => vec![vec![Seat { role: *role, exactly: *exactly }]],
            Signers::Or(parts) => parts.iter().flat_map(Signers::alternatives).collect(),
            Signers::And(parts) => parts.iter().fold(vec![Vec::new()], |sets, part| {
                let more = part.alternatives();
                let joined = |set: &Vec<Seat>| {
                    let set = set.clone();
                    more.iter().map(move |other| [set.as_slice(), other].concat()).collect::<Vec<_>>()
                };
                sets.iter().flat_map(joined).collect()
            }),
        }
    }

    /// Whether both ask for the same, in whatever order they are written.
    #[must_use]
    pub fn same(&self, other: &Signers) -> bool {
        self.sorted() == other.sorted()
    }

    fn sorted(&self) -> Signers {
        let all = |parts: &[Signers]| {
            let mut parts: Vec<Signers> = parts.iter().map(Signers::sorted).collect();
            parts.sort();
            parts
        };
        match self {
            Signers::And(parts) => Signers::And(all(parts)),
            Signers::Or(parts) => Signers::Or(all(parts)),
            Signers::Role { .. } | Signers::Nobody => self.clone(),
        }
    }

    /// As a policy writes it, in the words of a language, the roles by their names.
    #[must_use]
    pub fn written(&self, program: &Program, lang: Lang) -> String {
        self.with_names(lang, &|role| {
            program.roles.get(role as usize).map_or_else(|| "?".to_owned(), |role| role.name.to_string())
        })
    }

    /// As people read it: the roles by their labels.
    #[must_use]
    pub fn read(&self, program: &Program, lang: Lang) -> String {
        self.told(lang, &|role| {
            program
                .roles
                .get(role as usize)
                .map_or_else(|| "?".to_owned(), |role| role.label.pick(lang).to_string())
        })
    }

    /// In the words of a language, each role by a name of the caller's choice.
    pub(crate) fn with_names(&self, lang: Lang, name: &dyn Fn(u32) -> String) -> String {
        let word = |role: &str| keyword(role).map_or("?", |word| lang.pick(word.en, word.zh));
        self.joined(
            &Joints {
                nobody: word("nobody"),
                exactly: &format!("{} ", word("exactly")),
                and: &format!(" {} ", word("and")),
                or: &format!(" {} ", word("or")),
                brackets: ("(", ")"),
            },
            name,
        )
    }

    /// The same in a sentence: in Chinese with the words of speech, and without blanks.
    pub(crate) fn told(&self, lang: Lang, name: &dyn Fn(u32) -> String) -> String {
        match lang {
            Lang::En => self.with_names(lang, name),
            Lang::Zh => self.joined(
                &Joints { nobody: "无人", exactly: "限", and: "与", or: "或", brackets: ("（", "）") },
                name,
            ),
        }
    }

    fn joined(&self, joints: &Joints<'_>, name: &dyn Fn(u32) -> String) -> String {
        let all = |parts: &[Signers], by: &str| {
            let part = |part: &Signers| match part {
                Signers::And(_) | Signers::Or(_) => {
                    format!("{}{}{}", joints.brackets.0, part.joined(joints, name), joints.brackets.1)
                }
                Signers::Role { .. } | Signers::Nobody => part.joined(joints, name),
            };
            parts.iter().map(part).collect::<Vec<String>>().join(by)
        };
        match self {
            Signers::Nobody => joints.nobody.to_owned(),
            Signers::Role { role, exactly: true } => format!("{}{}", joints.exactly, name(*role)),
            Signers::Role { role, exactly: false } => name(*role),
            Signers::And(parts) => all(parts, joints.and),
            Signers::Or(parts) => all(parts, joints.or),
        }
    }
}

/// The words between the names of who signs.
struct Joints<'w> {
    nobody: &'w str,
    exactly: &'w str,
    and: &'w str,
    or: &'w str,
    brackets: (&'w str, &'w str),
}

impl Program {
    /// The roles that may take a seat in what a policy asks for, as bits by their places: the role itself, and those that stand over
    /// it in that policy unless it must be exactly that one.
    #[must_use]
    pub fn may_take(&self, policy: super::PolicyId, seat: Seat) -> u128 {
        let bit = |role: u32| 1u128.checked_shl(role).unwrap_or(0);
        let over = self.over.get(&policy).into_iter().flatten();
        let over = over.filter(|(_, lower)| *lower == seat.role && !seat.exactly);
        over.fold(bit(seat.role), |roles, (higher, _)| roles | bit(*higher))
    }
}

/// `authority`: who must sign for a value, and what the signatures come to.
#[derive(Clone, Debug)]
pub struct Authority {
    /// What is approved.
    pub of: super::Expr,
    /// Its name, as records of signatures give it in `subject`.
    pub subject: crate::base::Str,
    /// Who must sign, row by row: a table of the keys and, last, the value; its result is a member of `kind`.
    pub table: super::Table,
    /// The same table with a parameter in place of the value: `grant[exposure + amount]`.
    pub applied: super::Table,
    /// The enumeration of all that the rows ask for.
    pub kind: crate::value::EnumId,
    /// What each member of it asks for.
    pub signers: Vec<Signers>,
    /// The list of the signatures.
    pub list: crate::value::FieldId,
    /// Who decides where one has approved and another refused.
    pub arbiter: Option<Seat>,
    /// The part of the excess that a signer carries beyond his own limit; none where nobody may sign beyond it.
    pub carries: Option<crate::value::Number>,
}
