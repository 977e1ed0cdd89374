//! What the checker carries along: the program that grows, the names that are declared, what was reported.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::hir::{self, ParamId, PolicyId, ReferenceId, ScriptId, SeriesId, ValueId};
use crate::base::{IndexVec, Lang, Span, Str, nearest};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{Currency, EnumId, Field, FieldId, Type};

/// The checker at work. All methods report what is wrong and go on; what could not be checked is
/// [`hir::ExprKind::Error`], which fits everywhere and is never reported again.
pub(crate) struct Checker<'a> {
    /// The program so far.
    pub(crate) program: hir::Program,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) reported: BTreeSet<(&'static str, Option<Span>)>,
    /// What each value was declared as.
    pub(super) declarations: IndexVec<ValueId, Declaration<'a>>,
    /// The names of each policy.
    pub(super) names: IndexVec<PolicyId, Names>,
    /// Where each enumeration was declared.
    pub(super) enum_places: BTreeMap<EnumId, (PolicyId, Span)>,
    /// Where each member of an enumeration was declared.
    pub(super) member_places: BTreeMap<(EnumId, u32), Span>,
    /// The values that are being checked, outermost first.
    pub(super) open: Vec<(ValueId, Span)>,
    /// Names that a mistake reported elsewhere left without a meaning; nothing more is said of them.
    pub(super) unresolved: BTreeSet<(PolicyId, Str)>,
    /// Where such names are read: what stands there is not known, and nothing follows from it.
    pub(super) unclear: RefCell<Vec<Span>>,
    /// Policies of which some lines could not be read.
    pub(super) lost_lines: BTreeSet<PolicyId>,
    /// The same for fields of record lists.
    pub(super) unresolved_fields: BTreeSet<(FieldId, Str)>,
    /// Which lists of values have an order: whether the oldest comes first, and where that is said.
    pub(super) list_orders: BTreeMap<FieldId, (bool, Span)>,
    /// Where each policy declares facts itself, rather than by `use`.
    pub(super) own_facts: BTreeSet<(PolicyId, Span)>,
    /// Inside `…, or month end`: whether it was needed so far.
    pub(super) month_end: Option<bool>,
    /// Inside the rate of interest: the parameters by date that it reads on each day.
    pub(super) in_rate: Option<Vec<SeriesId>>,
    /// Where a rounding stands behind the arithmetic that is being checked.
    pub(super) rounded: bool,
    /// Inside a case, where the facts of used policies are in scope bare.
    pub(super) in_case: bool,
    /// The facts that cases have given so far.
    pub(super) fields_in_cases: BTreeMap<FieldId, std::sync::Arc<Field>>,
    /// Of which value, by the place of its name, the facts of the last decision under a name are.
    pub(super) last_of: BTreeMap<Str, Span>,
    /// The values from which exceptions may be made.
    pub(super) overridden: BTreeMap<ValueId, Span>,
    /// Whether the policy says what must always hold.
    pub(super) has_always: bool,
    /// The codes of reasons, each with the places that give it and the words there.
    pub(super) codes: BTreeMap<Str, BTreeMap<Span, Option<hir::WordsId>>>,
    /// The codes that cases expect.
    pub(super) expected_codes: Vec<ast::Name>,
    /// The texts whose figures are still to be checked: they may show any value, also that of their own construct.
    pub(super) unread: Vec<(hir::WordsId, ast::Words, Scope)>,
    /// What the members of the kinds of authorities ask for, to be found as a case writes it.
    pub(crate) signer_kinds: BTreeMap<EnumId, Vec<hir::Signers>>,
    /// The policy whose items are being checked.
    pub(crate) policy: PolicyId,
}

/// Where an expression stands: whose names it sees.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    /// The policy.
    pub(crate) policy: PolicyId,
    /// The list whose items are meant; none for the customer.
    pub(crate) item: Option<FieldId>,
    /// The item's own name: `invoice`.
    pub(crate) item_name: Option<Str>,
    /// The parameters of an applied table, inside it.
    pub(crate) parameters: Vec<Parameter>,
    /// The lines of a total that stand before, inside it.
    pub(crate) lines: Vec<Line>,
}

/// A line of a total, for the lines behind it.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// Its name.
    pub(crate) name: Str,
    /// The total.
    pub(crate) value: ValueId,
    /// Its place among the lines.
    pub(crate) place: u32,
    /// Its type.
    pub(crate) ty: Type,
    /// Where it is named.
    pub(crate) span: Span,
}

/// A parameter of an applied table.
#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    /// Its name.
    pub(crate) name: Str,
    /// Its type.
    pub(crate) ty: Type,
    /// Where it is declared.
    pub(crate) span: Span,
}

impl Scope {
    /// The scope of the customer.
    pub(crate) fn customer(policy: PolicyId) -> Scope {
        Scope { policy, item: None, item_name: None, parameters: Vec::new(), lines: Vec::new() }
    }

    /// The same for the items of a list.
    pub(crate) fn with_item(&self, list: FieldId, name: Option<Str>) -> Scope {
        Scope { item: Some(list), item_name: name, ..self.clone() }
    }

    /// The same with the parameters of a table.
    pub(crate) fn with_parameters(&self, parameters: Vec<Parameter>) -> Scope {
        Scope { parameters, ..self.clone() }
    }
}

/// Why a type is expected: the place that asks for it, and the words of E210 that say so (`label.<key>`).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Why {
    /// The key of the words.
    pub(crate) key: &'static str,
    /// The place that asks.
    pub(crate) span: Option<Span>,
}

impl Why {
    /// A reason without a place of its own.
    pub(crate) const fn plain(key: &'static str) -> Why {
        Why { key, span: None }
    }

    /// A reason with the place that asks.
    pub(crate) const fn at(key: &'static str, span: Span) -> Why {
        Why { key, span: Some(span) }
    }
}

/// What an expression must be.
#[derive(Clone, Debug)]
pub(crate) enum Expected {
    /// Whatever it is.
    Any,
    /// A value, never a bare member of a kind: the left side of `is`.
    Subject,
    /// A number of any unit.
    Number(Why),
    /// A number or a day.
    Ordered(Why),
    /// Exactly this type.
    Type(Type, Why),
}

/// What a value was declared as.
#[derive(Clone, Debug)]
pub(super) struct Declaration<'a> {
    pub(super) construct: Construct<'a>,
    pub(super) scope: Scope,
    pub(super) state: State,
    /// The type, where it can be told before the body is checked.
    pub(super) ty: Option<Type>,
    /// The parameters of an applied table.
    pub(super) parameters: Vec<Parameter>,
    pub(super) name_span: Span,
}

/// A construct as written.
#[derive(Clone, Copy, Debug)]
pub(super) enum Construct<'a> {
    Let(&'a ast::Let),
    Table(&'a ast::Table),
    Scorecard(&'a ast::Scorecard),
    Grades(&'a ast::Grades),
    Correction(&'a ast::Correction),
    Limit(&'a ast::Limit),
    Triggers(&'a ast::Triggers),
    Escalation(&'a ast::Escalation),
    Total(&'a ast::Total),
    Allocation(&'a ast::Allocation),
    AllocationRest(&'a ast::Allocation),
    Checks(&'a ast::Checks),
    Judgement(&'a ast::Judgement),
    /// A value of a portfolio, the portfolio, and the group in which it stands.
    Book(&'a ast::BookValue, &'a ast::Portfolio, Option<&'a ast::BookGroup>),
    Authority(&'a ast::Authority),
    Checklist(&'a ast::Checklist),
}

/// How far the check of a body has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum State {
    Waiting,
    Open,
    Done,
}

/// What a name stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Entity {
    Fact(FieldId),
    Field(FieldId, u32),
    Param(ParamId),
    Value(ValueId),
    Script(ScriptId),
    Series(SeriesId),
    Reference(ReferenceId),
}

impl Entity {
    /// What a name of it means to a reader.
    pub(super) fn meaning(self) -> hir::Meaning {
        match self {
            Entity::Fact(id) => hir::Meaning::Fact(id),
            Entity::Field(list, place) => hir::Meaning::Field(list, place),
            Entity::Param(id) => hir::Meaning::Param(id),
            Entity::Value(id) => hir::Meaning::Value(id),
            Entity::Script(id) => hir::Meaning::Script(id),
            Entity::Series(id) => hir::Meaning::Series(id),
            Entity::Reference(id) => hir::Meaning::Reference(id),
        }
    }
}

/// A declared name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Declared {
    pub(super) entity: Entity,
    pub(super) span: Span,
}

/// The names of a policy.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// Of the customer.
    pub(super) customer: BTreeMap<Str, Declared>,
    /// Of the items of each list.
    pub(super) items: BTreeMap<FieldId, BTreeMap<Str, Declared>>,
    /// Kinds, grade scales, stances, steps.
    pub(super) enums: BTreeMap<Str, EnumId>,
    /// The portfolios, each with the names of its values.
    pub(super) books: BTreeMap<Str, BTreeSet<Str>>,
    /// The policies used, by name.
    pub(super) uses: BTreeMap<Str, PolicyId>,
    /// Those and what they use in their turn, and the policy itself.
    pub(super) reach: BTreeSet<PolicyId>,
    /// Its roles and actions.
    pub(super) roles: BTreeMap<Str, Span>,
    /// Which role stands over which, as it is written here: higher, lower, and where.
    pub(super) above: Vec<(u32, u32, Span)>,
    pub(super) actions: BTreeMap<Str, Span>,
    /// The currency of `money`, where the header gives one.
    pub(super) currency: Option<Currency>,
    /// Whether the header says how to round.
    pub(super) rounding: bool,
    /// Whether its keywords are Chinese.
    pub(super) chinese: bool,
}

impl Names {
    /// The value of the customer whose name is nearest to a mistyped one.
    pub(super) fn nearest_value(&self, mistyped: &str) -> Option<&str> {
        let is_value = |declared: &Declared| matches!(declared.entity, Entity::Value(_));
        let values = self.customer.iter().filter(|(_, declared)| is_value(declared));
        nearest(mistyped, values.map(|(name, _)| &**name))
    }
}

impl Checker<'_> {
    /// The one of two spellings in which the policy at hand is written.
    pub(super) fn spelled(&self, en: &'static str, zh: &'static str) -> &'static str {
        self.written_in().pick(en, zh)
    }

    /// The language of the keywords of the policy.
    pub(super) fn written_in(&self) -> Lang {
        let chinese = self.names.get(self.policy).is_some_and(|names| names.chinese);
        if chinese { Lang::Zh } else { Lang::En }
    }

    /// Nothing is declared yet.
    pub(super) fn new() -> Self {
        Checker {
            program: hir::Program::default(),
            diagnostics: Vec::new(),
            reported: BTreeSet::new(),
            declarations: IndexVec::new(),
            names: IndexVec::new(),
            enum_places: BTreeMap::new(),
            member_places: BTreeMap::new(),
            open: Vec::new(),
            unresolved: BTreeSet::new(),
            unclear: RefCell::default(),
            lost_lines: BTreeSet::new(),
            unresolved_fields: BTreeSet::new(),
            list_orders: BTreeMap::new(),
            own_facts: BTreeSet::new(),
            month_end: None,
            in_rate: None,
            rounded: false,
            in_case: false,
            fields_in_cases: BTreeMap::new(),
            last_of: BTreeMap::new(),
            overridden: BTreeMap::new(),
            has_always: false,
            codes: BTreeMap::new(),
            expected_codes: Vec::new(),
            unread: Vec::new(),
            signer_kinds: BTreeMap::new(),
            policy: PolicyId(0),
        }
    }

    /// Takes a diagnostic in. The same mistake at the same place is told once.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        if self.reported.insert((diagnostic.code, diagnostic.span)) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Whether a mistake reported elsewhere left a name without a meaning; nothing more is said of it.
    pub(super) fn is_unresolved(&self, policy: PolicyId, name: &ast::Name) -> bool {
        // A case names the facts of used policies bare.
        let of_used = || self.unresolved.iter().any(|(_, text)| *text == name.text);
        let is = self.unresolved.contains(&(policy, name.text.clone())) || self.in_case && of_used();
        self.unclear.borrow_mut().extend(is.then_some(name.span));
        is
    }

    /// Notes what a name stands for.
    pub(crate) fn mention(&mut self, at: Span, of: Span, means: hir::Meaning) {
        self.program.mentions.push(hir::Mention { at, of, means });
    }

    /// Notes that a name stands for what was declared.
    pub(super) fn mention_declared(&mut self, at: Span, declared: Declared) {
        self.mention(at, declared.span, declared.entity.meaning());
    }

    /// Notes that a name stands for a member of an enumeration. Those that the language brings along are declared nowhere.
    pub(super) fn mention_member(&mut self, at: Span, kind: EnumId, code: u32) {
        if let Some(place) = self.member_places.get(&(kind, code)).copied() {
            self.mention(at, place, hir::Meaning::Member(kind, code));
        }
    }

    /// Notes that a name stands for an enumeration.
    pub(super) fn mention_kind(&mut self, at: Span, kind: EnumId) {
        if let Some((_, place)) = self.enum_places.get(&kind).copied() {
            self.mention(at, place, hir::Meaning::Kind(kind));
        }
    }

    /// A label in each language; the name where there is none.
    pub(crate) fn label(label: &ast::Label, name: &ast::Name) -> hir::Label {
        let pick = |own: &Option<ast::Text>, other: &Option<ast::Text>| {
            own.as_ref()
                .or(label.plain.as_ref())
                .or(other.as_ref())
                .map_or_else(|| name.text.clone(), |text| text.value.clone())
        };
        hir::Label { en: pick(&label.en, &label.zh), zh: pick(&label.zh, &label.en) }
    }

    /// What a role is asked, in each language: the words of the other where it has none of its own.
    pub(crate) fn question(label: &ast::Label) -> hir::Label {
        let nameless = ast::Name { text: Str::from(""), span: Span::new(crate::base::FileId(0), 0, 0) };
        Self::label(label, &nameless)
    }

    /// An expression that could not be checked; it was reported.
    pub(crate) fn error(span: Span) -> hir::Expr {
        hir::Expr { kind: hir::ExprKind::Error, ty: Type::YesNo, span }
    }
}
