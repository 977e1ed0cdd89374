//! What persons decided: the answer to a judgement, the exceptions from a value, each record with why it counts or not.

use super::sources::Reader;
use super::{Figure, Reason, Unknowing};
use crate::base::Str;
use crate::plan::{GrantTest, GrantsItem, Item, JudgementItem, Label, OverrideItem, RuleId};
use crate::value::{Date, FieldType, Type, Value};

/// A judgement of a person.
#[derive(Clone, Debug)]
pub struct JudgementStory {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// What stands.
    pub value: Figure,
    /// Why it is unknown.
    pub because: Option<Unknowing>,
    /// The least and the greatest answer.
    pub between: Option<(Figure, Figure)>,
    /// Whether the bounds leave an answer; unknown where one of them is.
    pub sound: Option<bool>,
    /// The roles that may answer: name, label.
    pub roles: Vec<(Str, Label)>,
    /// What is asked.
    pub question: Label,
    /// Whether somebody answered.
    pub answered: bool,
    /// What stands without an answer.
    pub stand_in: Figure,
    /// The answers given.
    pub records: Vec<GrantLine>,
    /// Why it is asked.
    pub reason: Reason,
}

/// Exceptions from a value.
#[derive(Clone, Debug)]
pub struct OverrideStory {
    /// The name of the value.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// What stands.
    pub value: Figure,
    /// What the policy itself comes to.
    pub computed: Figure,
    /// Whether an exception stands.
    pub applies: bool,
    /// The last day on which it holds, and how many days are left.
    pub until: Option<(Figure, i64)>,
    /// The most that one may grant.
    pub most: Option<Figure>,
    /// For how long one may hold.
    pub length: Option<Figure>,
    /// The roles that may make one: name, label.
    pub roles: Vec<(Str, Label)>,
    /// The exceptions made.
    pub records: Vec<GrantLine>,
    /// Why there may be any.
    pub reason: Reason,
}

/// A record of what a person decided.
#[derive(Clone, Debug)]
pub struct GrantLine {
    /// What was decided.
    pub value: Figure,
    /// By whom.
    pub person: Option<Str>,
    /// In which role.
    pub role: Figure,
    /// From which day.
    pub from: Figure,
    /// Until which day, as far as it is allowed.
    pub until: Option<Figure>,
    /// For whom.
    pub scope: Option<Figure>,
    /// Why.
    pub reason: Option<Str>,
    /// Whether it stands.
    pub standing: GrantStanding,
}

/// Whether a record stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GrantStanding {
    /// It stands.
    Stands,
    /// It would count, but a narrower or a later one stands.
    Outranked,
    /// It would stand, but another one of the same rank and day says otherwise: neither stands.
    Contradicted,
    /// It does not count, because it fails this.
    Fails(GrantTest),
}

/// The story of a judgement.
pub(super) fn judgement(reader: &Reader<'_>, item: &Item, it: &JudgementItem) -> JudgementStory {
    let value = reader.figure(item.value);
    JudgementStory {
        name: item.name.clone(),
        label: item.label.clone(),
        because: reader.because(&value.value),
        value,
        between: it.between.map(|(least, most)| (reader.figure(least), reader.figure(most))),
        sound: it.sound.map_or(Some(true), |sound| reader.holds(sound)),
        roles: roles(reader, &it.roles),
        question: it.question.text.clone().unwrap_or_else(|| Label::same("")),
        answered: reader.holds(it.answers.any) == Some(true),
        stand_in: reader.figure(it.stand_in),
        records: records(reader, &it.answers, None),
        reason: said(reader, it.rule),
    }
}

/// The story of the exceptions from a value.
pub(super) fn exception(reader: &Reader<'_>, item: &Item, it: &OverrideItem, today: Date) -> OverrideStory {
    let ends = reader.figure(it.ends);
    let conflict = reader.holds(it.exceptions.conflict) == Some(true);
    let until = match ends.value {
        Value::Date(day) if !conflict => Some((ends, today.days_until(day))),
        _ => None,
    };
    let exceptions = &it.exceptions;
    OverrideStory {
        name: item.name.clone(),
        label: item.label.clone(),
        value: reader.figure(item.value),
        computed: reader.figure(it.computed),
        applies: reader.holds(exceptions.any) == Some(true) && !conflict,
        until,
        most: it.most.map(|most| reader.figure(most)),
        length: it.length.map(|length| reader.figure(length)),
        roles: roles(reader, &it.roles),
        records: records(reader, exceptions, exceptions.until),
        reason: said(reader, it.rule),
    }
}

fn said(reader: &Reader<'_>, rule: RuleId) -> Reason {
    let rule = reader.plan.rules.get(rule);
    rule.map(|rule| super::reason::reason(reader, &rule.reason)).unwrap_or_default()
}

fn roles(reader: &Reader<'_>, roles: &[Str]) -> Vec<(Str, Label)> {
    let label = |role: &Str| {
        let known = reader.plan.roles.iter().find(|(name, _)| name == role);
        known.map_or_else(|| Label::same(role.clone()), |(_, label)| label.clone())
    };
    roles.iter().map(|role| (role.clone(), label(role))).collect()
}

/// A role by its label, where the list has it as a text.
fn role(reader: &Reader<'_>, role: Figure) -> Figure {
    let Value::Text(text) = &role.value else { return role };
    let known = reader.plan.roles.iter().find(|(name, label)| name == text || label.is(text));
    match known {
        Some((name, _)) => Figure { value: Value::Text(name.clone()), ty: role.ty },
        None => role,
    }
}

fn records(reader: &Reader<'_>, it: &GrantsItem, until: Option<crate::plan::StepId>) -> Vec<GrantLine> {
    let Some(records) = reader.facts.records(it.list) else { return Vec::new() };
    let conflict = reader.holds(it.conflict) == Some(true);
    let types: Vec<Type> = match reader.plan.schema.fields.get(it.list).map(|list| &list.ty) {
        Some(FieldType::Records(fields)) => fields.iter().map(|field| field.ty.ty(it.list.0)).collect(),
        _ => Vec::new(),
    };
    (0..records.items)
        .map(|place| {
            let read = |field: u32| {
                let value = records.columns.get(field as usize).and_then(|column| column.get(place)).cloned();
                let missing = Value::Unknown(crate::value::Cause::Missing(it.list.0));
                let ty = types.get(field as usize).cloned().unwrap_or(Type::Text);
                Figure { value: value.unwrap_or(missing), ty }
            };
            let text = |field: Option<u32>| match field.map(read).map(|figure| figure.value) {
                Some(Value::Text(text)) => Some(text),
                _ => None,
            };
            let one = reader.at_item(place);
            let failed = it.tests.iter().find(|(_, step)| one.holds(*step) != Some(true));
            let standing = match failed {
                Some((test, _)) => GrantStanding::Fails(*test),
                None if one.holds(it.wins) == Some(true) && conflict => GrantStanding::Contradicted,
                None if one.holds(it.wins) == Some(true) => GrantStanding::Stands,
                None => GrantStanding::Outranked,
            };
            GrantLine {
                value: one.figure(it.value),
                person: text(it.person),
                role: role(reader, read(it.role)),
                from: read(it.from),
                until: until.map(|until| one.figure(until)),
                scope: it.scope.map(|(field, _)| read(field)),
                reason: text(it.reason),
                standing,
            }
        })
        .collect()
}
