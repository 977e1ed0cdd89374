//! Plans made by hand: a schema, then step upon step.

use gradus::base::{FileId, IndexVec, Label, Span, Str};
use gradus::plan::{
    Bounds, DecisionItem, Op, OutputItem, Piece, Plan, PolicyInfo, Reason, Rule, RuleId, RuleKind, Scope,
    Step, StepId, Words,
};
use gradus::value::{
    Currency, Default, Enum, EnumSort, Field, FieldId, FieldType, Member, Number, Schema, Type, Unit, Value,
};

/// Nowhere in particular.
pub const SPAN: Span = Span::new(FileId(0), 0, 0);
/// What policies are written in.
pub const CNY: Currency = Currency(*b"CNY");

/// A label that is the same in both languages.
pub fn label(text: &str) -> Label {
    Label { en: text.into(), zh: text.into() }
}

/// A number as written.
pub fn number(text: &str) -> Value {
    Value::Number(Number::decimal(text).unwrap())
}

/// An optional fact.
pub fn field(name: &str, ty: FieldType) -> Field {
    Field {
        name: name.into(),
        labels: Vec::new(),
        label: Label::same(name),
        ty,
        decimals: 6,
        range: None,
        open: (false, false),
        dates: None,
        default: Default::Unknown,
        unknown_when: Vec::new(),
        key: false,
        personal: false,
        internal: false,
        span: SPAN,
    }
}

/// An enumeration; members behind `ordered` are apart.
pub fn scale(name: &str, members: &[&str], ordered: usize) -> Enum {
    let member = |(place, name): (usize, &&str)| Member {
        name: Str::from(*name),
        label: Label::same(*name),
        apart: place >= ordered,
    };
    Enum {
        name: name.into(),
        sort: EnumSort::Grades,
        members: members.iter().enumerate().map(member).collect(),
    }
}

/// A plan without steps.
pub fn plan(schema: Schema) -> Plan {
    Plan {
        policies: vec![PolicyInfo {
            name: "hand_made".into(),
            label: label("hand_made"),
            version: "2026.1".into(),
            effective_from: None,
            known_from: None,
            effective_until: None,
            currency: CNY,
            span: SPAN,
        }],
        schema,
        roles: Vec::new(),
        actions: Vec::new(),
        params: Vec::new(),
        series: Vec::new(),
        references: Vec::new(),
        steps: std::iter::empty::<Step>().collect(),
        rules: std::iter::empty::<Rule>().collect(),
        book: std::iter::empty().collect(),
        strata: Vec::new(),
        items: std::iter::empty().collect(),
        names: std::collections::BTreeMap::new(),
        decisions: Vec::new(),
        applies: None,
        always: Vec::new(),
        cases: Vec::new(),
        calendars: Vec::new(),
        scripts: Vec::new(),
        words: IndexVec::new(),
        digest: "sha256:0".into(),
    }
}

/// Adds a step.
pub fn step(plan: &mut Plan, op: Op, ty: Type, scope: Scope) -> StepId {
    plan.steps.push(Step { op, ty, scope, bounds: Bounds { unknown: true, ..Bounds::default() }, span: SPAN })
}

/// Adds a step with a number of the customer.
pub fn money(plan: &mut Plan, op: Op) -> StepId {
    step(plan, op, Type::Number(Unit::money(CNY)), Scope::Customer)
}

/// Adds a step with a yes or no of the customer.
pub fn yes_no(plan: &mut Plan, op: Op) -> StepId {
    step(plan, op, Type::YesNo, Scope::Customer)
}

/// Adds a step with a number.
pub fn constant(plan: &mut Plan, text: &str) -> StepId {
    money(plan, Op::Const(number(text)))
}

/// Adds a fact of the customer.
pub fn fact(plan: &mut Plan, id: FieldId) -> StepId {
    money(plan, Op::Fact(id))
}

/// Adds a rule with these words.
pub fn rule(
    plan: &mut Plan,
    kind: RuleKind,
    address: &str,
    applies: Option<StepId>,
    because: &str,
) -> RuleId {
    let because = (!because.is_empty()).then(|| {
        let text = vec![Piece::Text(because.into())];
        plan.words.push(Words { en: text.clone(), zh: text })
    });
    plan.rules.push(Rule {
        kind,
        address: address.into(),
        condition: applies,
        applies,
        if_unknown: None,
        reason: Reason { because, ..Reason::default() },
        scope: Scope::Customer,
        span: SPAN,
    })
}

/// Adds a decision of one output.
pub fn decision(plan: &mut Plan, outputs: &[(&str, StepId)]) -> usize {
    let outputs = outputs.iter().map(|(name, step)| OutputItem {
        name: (*name).into(),
        label: label(name),
        step: *step,
        item: None,
        optional: true,
        internal: false,
        span: SPAN,
    });
    let outputs = outputs.collect();
    plan.decisions.push(DecisionItem { name: "review".into(), label: label("review"), outputs, span: SPAN });
    plan.decisions.len() - 1
}
