//! What of two policies is compared: the outputs that both decide, known by their names, since numbers differ from plan to plan.

use crate::base::{Label, Lang, Str};
use crate::plan::{DecisionItem, ItemKind, OutputItem, Plan, Scope, StepId};
use crate::value::display::{Show, show_number};
use crate::value::{Currency, Date, EnumSort, Number, Type, Unit, Value};

/// A value that means the same under any plan.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Figure {
    /// It is not known, was withheld, or there is none.
    Unknown,
    /// A member of an enumeration, by its name.
    Member(Str),
    /// A number; a percent as its fraction.
    Number(Number),
    /// Yes or no.
    Bool(bool),
    /// A day.
    Date(Date),
    /// A text, or several values as one text.
    Text(Str),
}

impl Figure {
    /// The figure of a value of a plan.
    #[must_use]
    pub fn of(value: &Value, ty: &Type, plan: &Plan) -> Figure {
        match (value, ty) {
            (Value::Unknown(_), _) => Figure::Unknown,
            (Value::Number(number), _) => Figure::Number(number.clone()),
            (Value::Bool(yes), _) => Figure::Bool(*yes),
            (Value::Date(day), _) => Figure::Date(*day),
            (Value::Text(text), _) => Figure::Text(text.clone()),
            (Value::Code(code), Type::Enum(kind)) => {
                let member = plan.schema.enums.get(*kind).and_then(|kind| kind.member(*code));
                member.map_or(Figure::Unknown, |member| Figure::Member(member.name.clone()))
            }
            (Value::Code(_) | Value::Set(_) | Value::List(_), _) => {
                Figure::Text(Str::from(plan.shown(value, ty, Lang::En, false)))
            }
        }
    }

    /// The number, where it is one.
    #[must_use]
    pub fn number(&self) -> Option<&Number> {
        match self {
            Figure::Number(number) => Some(number),
            Figure::Unknown | Figure::Member(_) | Figure::Bool(_) | Figure::Date(_) | Figure::Text(_) => None,
        }
    }
}

/// What kind of thing an output is, for the comparison.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// A grade of a scale.
    Grade,
    /// A stance, another kind, yes or no.
    Stance,
    /// An amount of money that is granted: the value of a `limit`, with its exceptions.
    Limit,
    /// Any other number.
    Number,
    /// A day or a text.
    Other,
    /// Where items, or the customer, stand on a ladder.
    Ladder,
    /// What order checks come to.
    Checks,
    /// A value of each item of a list.
    Items,
}

/// A member of an enumeration, as it is shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    /// Its name.
    pub name: Str,
    /// What people read.
    pub label: Label,
    /// Outside the order, as NR is.
    pub apart: bool,
}

/// An output that both sides decide.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Output {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// What kind of thing it is.
    pub shape: Shape,
    /// The members of its enumeration: those of the old side in their order, then those that only the new side has.
    pub members: Vec<Member>,
    /// The unit of a number.
    pub unit: Option<Unit>,
}

impl Output {
    /// The place of a grade in the order, best first; none for one that stands apart or is not known.
    #[must_use]
    pub fn rank(&self, figure: &Figure) -> Option<usize> {
        let Figure::Member(name) = figure else { return None };
        self.members.iter().filter(|member| !member.apart).position(|member| member.name == *name)
    }

    /// A figure as people read it.
    #[must_use]
    pub fn shown(&self, figure: &Figure, words: &Words) -> String {
        let lang = words.lang;
        match figure {
            Figure::Unknown => match self.shape {
                Shape::Ladder | Shape::Checks | Shape::Items => String::from("–"),
                Shape::Grade | Shape::Stance | Shape::Limit | Shape::Number | Shape::Other => {
                    lang.pick("unknown", "未知").to_owned()
                }
            },
            Figure::Member(name) => {
                let member = self.members.iter().find(|member| member.name == *name);
                member.map_or_else(|| name.to_string(), |member| member.label.pick(lang).to_string())
            }
            Figure::Number(number) => words.number(number, self.unit.unwrap_or(Unit::NUMBER)),
            Figure::Bool(yes) => match yes {
                true => lang.pick("yes", "是").to_owned(),
                false => lang.pick("no", "否").to_owned(),
            },
            Figure::Date(day) => day.to_string(),
            Figure::Text(text) => text.to_string(),
        }
    }
}

/// How figures are written for a reader.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Words {
    /// The reader's language.
    pub lang: Lang,
    /// The currency of the policy, which need not be named.
    pub currency: Option<Currency>,
}

impl Words {
    /// A number in its unit.
    #[must_use]
    pub fn number(&self, number: &Number, unit: Unit) -> String {
        let how = Show { home: self.currency, approximate: Some(4), ..Show::new(self.lang) };
        show_number(number, unit, &how)
    }

    /// An amount of the policy's money.
    #[must_use]
    pub fn money(&self, number: &Number) -> String {
        self.number(number, self.unit())
    }

    /// An amount with its sign: `+1,000.00`.
    #[must_use]
    pub fn change(&self, number: &Number) -> String {
        let sign = if number.is_positive() { "+" } else { "" };
        format!("{sign}{}", self.money(number))
    }

    /// The policy's money.
    #[must_use]
    pub fn unit(&self) -> Unit {
        self.currency.map_or(Unit::NUMBER, Unit::money)
    }
}

/// What of two policies is compared.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct View {
    /// The decisions that are made, by name.
    pub decisions: Vec<Str>,
    /// The outputs that both sides have, in the order of the old one.
    pub outputs: Vec<Output>,
    /// The place of the grade after which customers are sorted.
    pub grade: Option<usize>,
    /// The place of the limit that is added up.
    pub limit: Option<usize>,
    /// Outputs that only the new side has.
    pub added: Vec<Str>,
    /// Outputs that only the old side has.
    pub gone: Vec<Str>,
    /// The currency of the old side.
    pub currency: Option<Currency>,
}

/// The outputs of some decisions of a plan, each name once, in the order written.
fn outputs<'p>(plan: &'p Plan, decisions: &[Str]) -> Vec<&'p OutputItem> {
    let mut found: Vec<&OutputItem> = Vec::new();
    let wanted = |decision: &&DecisionItem| decisions.contains(&decision.name);
    for output in plan.decisions.iter().filter(wanted).flat_map(|decision| &decision.outputs) {
        if !found.iter().any(|known| known.name == output.name) {
            found.push(output);
        }
    }
    found
}

/// Adds to a plan the one decision that makes all these: what a review looks at is worked out once for each customer. Gives its
/// place.
pub fn unite(plan: &mut Plan, decisions: &[Str]) -> usize {
    let span = plan.decisions.first().map(|decision| decision.span);
    let united = outputs(plan, decisions).into_iter().cloned().collect();
    add(plan, united, span)
}

/// Adds to a plan a decision that lists some of its values by their steps. Gives its place.
pub fn add_values(plan: &mut Plan, values: &[(Str, StepId)]) -> usize {
    let span = plan.decisions.first().map(|decision| decision.span);
    let Some(at) = span else { return plan.decisions.len() };
    let output = |(name, step): &(Str, StepId)| OutputItem {
        name: name.clone(),
        label: Label::same(name.clone()),
        step: *step,
        item: None,
        optional: true,
        internal: false,
        span: at,
    };
    let listed = values.iter().map(output).collect();
    add(plan, listed, span)
}

fn add(plan: &mut Plan, outputs: Vec<OutputItem>, span: Option<crate::base::Span>) -> usize {
    let place = plan.decisions.len();
    if let Some(span) = span {
        // No policy has a decision of this name.
        let name = Str::from("·impact");
        plan.decisions.push(DecisionItem { label: Label::same(name.clone()), name, outputs, span });
    }
    place
}

/// What a value of a plan is for the comparison.
fn describe(plan: &Plan, output: &OutputItem) -> Option<Output> {
    let step = plan.steps.get(output.step).filter(|_| !plan.is_personal(output.step))?;
    let item = output.item.and_then(|item| plan.items.get(item));
    let whole = item.filter(|item| item.name == output.name);
    let sort = match &step.ty {
        Type::Enum(kind) => plan.schema.enums.get(*kind).map(|kind| kind.sort),
        _ => None,
    };
    let money = matches!(&step.ty, Type::Number(unit) if unit.money == 1 && unit.days == 0);
    let granted = plan.items.iter().any(|item| match &item.kind {
        ItemKind::Limit(_) => item.value == output.step || item.name == output.name,
        ItemKind::Override(_) => item.name == output.name,
        _ => false,
    });
    let shape = match (whole.map(|item| &item.kind), step.scope, &step.ty) {
        (Some(ItemKind::Escalation(_)), ..) => Shape::Ladder,
        (Some(ItemKind::Checks(_)), ..) => Shape::Checks,
        (_, Scope::Items(_), _) => Shape::Items,
        (_, Scope::Customer, Type::Enum(_)) if sort == Some(EnumSort::Grades) => Shape::Grade,
        (_, Scope::Customer, Type::Enum(_) | Type::YesNo) => Shape::Stance,
        (_, Scope::Customer, Type::Number(_)) if money && granted => Shape::Limit,
        (_, Scope::Customer, Type::Number(_)) => Shape::Number,
        (_, Scope::Customer, _) => Shape::Other,
    };
    let members = match &step.ty {
        Type::Enum(kind) => members(plan, *kind, &step.ty),
        _ => Vec::new(),
    };
    let unit = match &step.ty {
        Type::Number(unit) => Some(*unit),
        _ => None,
    };
    Some(Output { name: output.name.clone(), label: output.label.clone(), shape, members, unit })
}

fn members(plan: &Plan, kind: crate::value::EnumId, ty: &Type) -> Vec<Member> {
    let Some(kind) = plan.schema.enums.get(kind) else { return Vec::new() };
    let member = |(code, member): (u32, &crate::value::Member)| {
        let text = |lang: Lang| Str::from(plan.shown(&Value::Code(code), ty, lang, false));
        let label = Label { en: text(Lang::En), zh: text(Lang::Zh) };
        Member { name: member.name.clone(), label, apart: member.apart }
    };
    (0..).zip(&kind.members).map(member).collect()
}

impl View {
    /// What two plans have in common under some decisions.
    #[must_use]
    pub fn of(before: &Plan, after: &Plan, decisions: &[Str]) -> View {
        let (old, new) = (outputs(before, decisions), outputs(after, decisions));
        let names = |all: &[&OutputItem], other: &[&OutputItem]| -> Vec<Str> {
            let lacks = |output: &&&OutputItem| !other.iter().any(|it| it.name == output.name);
            all.iter().filter(lacks).map(|output| output.name.clone()).collect()
        };
        let mut view = View {
            decisions: decisions.to_vec(),
            added: names(&new, &old),
            gone: names(&old, &new),
            currency: before.policies.last().map(|policy| policy.currency),
            ..View::default()
        };
        for output in &old {
            let Some(other) = new.iter().find(|it| it.name == output.name) else { continue };
            let (Some(mut was), Some(is)) = (describe(before, output), describe(after, other)) else {
                continue;
            };
            let more: Vec<Member> = is
                .members
                .into_iter()
                .filter(|member| !was.members.iter().any(|known| known.name == member.name))
                .collect();
            was.members.extend(more);
            view.outputs.push(was);
        }
        view.grade = view.outputs.iter().position(|output| output.shape == Shape::Grade);
        view.limit = view.outputs.iter().position(|output| output.shape == Shape::Limit);
        view
    }

    /// The place of an output of a name and a shape.
    #[must_use]
    pub fn find(&self, name: &str, shape: Shape) -> Option<usize> {
        self.outputs.iter().position(|output| &*output.name == name && output.shape == shape)
    }

    /// The names of all outputs of a shape.
    #[must_use]
    pub fn named(&self, shape: Shape) -> Vec<&str> {
        self.outputs.iter().filter(|output| output.shape == shape).map(|output| &*output.name).collect()
    }

    /// The output of a place.
    #[must_use]
    pub fn output(&self, place: usize) -> Option<&Output> {
        self.outputs.get(place)
    }

    /// How figures are written for a reader of a language.
    #[must_use]
    pub fn words(&self, lang: Lang) -> Words {
        Words { lang, currency: self.currency }
    }
}
