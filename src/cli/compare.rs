//! The parallel run: what the policy decides beside what is granted today.

use crate::base::{Idx, Label, Lang, Str, nearest};
use crate::cli::output::Writer;
use crate::cli::session::Failure;
use crate::diag::Diagnostic;
use crate::eval::{Decision, Facts, Outcome, ReasonSource};
use crate::explain::rule_called;
use crate::interop::Cell;
use crate::plan::{DecisionItem, OutputItem, Plan, RuleId, StepId, slice};
use crate::value::display::{Show, show};
use crate::value::{Cause, Default as Unless, Field, FieldId, FieldType, Number, Schema, Type, Value};

/// Outputs that are compared with columns of the customers' file.
pub struct Comparison<'p> {
    pairs: Vec<Pair<'p>>,
    schema: Option<Schema>,
}

struct Pair<'p> {
    output: &'p OutputItem,
    place: usize,
    /// The column, as a fact behind those of the policy.
    column: FieldId,
    name: Str,
    ty: Type,
    /// The rules that this output depends on.
    rules: Vec<RuleId>,
    agree: u64,
    differ: u64,
    unknown: u64,
    today: Number,
    decided: Number,
}

/// One output of one customer beside what is granted today.
pub struct Compared {
    output: Str,
    ty: Type,
    today: Value,
    now: Value,
    agrees: Option<bool>,
    difference: Option<Number>,
    because: String,
}

impl<'p> Comparison<'p> {
    /// Understands what is to be compared: `credit_limit=current_limit`, or `current_limit` alone where one output's name
    /// ends as the column's does.
    ///
    /// # Errors
    /// There is no such output, several could be meant, or it is a list.
    pub fn new(plan: &'p Plan, decision: &'p DecisionItem, wanted: &[String]) -> Result<Self, Failure> {
        let mut pairs = Vec::new();
        let mut schema = plan.schema.clone();
        let mut wrong = Vec::new();
        for wish in wanted {
            let (found, column) = match wish.split_once('=') {
                Some((output, column)) => (by_name(decision, output.trim()), column.trim()),
                None => (by_ending(decision, wish.trim()), wish.trim()),
            };
            let place = match found {
                Ok(place) => place,
                Err(diagnostic) => {
                    wrong.push(diagnostic.arg("column", column));
                    continue;
                }
            };
            let Some(output) = decision.outputs.get(place) else { continue };
            let ty = plan.steps.get(output.step).map_or(Type::YesNo, |step| step.ty.clone());
            // A fact of the policy that holds what is granted today has its label and range from there.
            // It stays a fact: a column that the policy reads is never taken from it.
            let own = heading_of(&plan.schema, column);
            let column_id = match (own, field(plan, column, &ty)) {
                (Some(own), _) => own,
                (None, Some(field)) => schema.fields.push(field),
                (None, None) => {
                    wrong.push(
                        Diagnostic::nowhere("E914")
                            .variant("list")
                            .arg("output", &output.name)
                            .arg("column", column),
                    );
                    continue;
                }
            };
            pairs.push(Pair {
                output,
                place,
                column: column_id,
                name: Str::from(column),
                rules: rules_under(plan, output.step),
                ty,
                agree: 0,
                differ: 0,
                unknown: 0,
                today: Number::ZERO,
                decided: Number::ZERO,
            });
        }
        if !wrong.is_empty() {
            return Err(Failure(wrong));
        }
        let schema = (!pairs.is_empty()).then_some(schema);
        Ok(Comparison { pairs, schema })
    }

    /// The facts of the policy with the columns compared behind them; none where nothing is compared.
    #[must_use]
    pub fn schema(&self) -> Option<&Schema> {
        self.schema.as_ref()
    }

    /// The columns compared, as facts.
    pub fn columns(&self) -> impl Iterator<Item = FieldId> + '_ {
        self.pairs.iter().map(|pair| pair.column)
    }

    /// Compares one customer, and counts it.
    pub fn compare(&mut self, plan: &Plan, facts: &Facts, decided: &Decision, lang: Lang) -> Vec<Compared> {
        let mut compared = Vec::new();
        for pair in &mut self.pairs {
            let missing = Value::Unknown(Cause::Missing(pair.column.0));
            let today = facts.values.get(pair.column.place()).cloned().unwrap_or(missing);
            let now = match decided.values.get(pair.place).map(|value| &value.outcome) {
                Some(Outcome::One(value)) => value.clone(),
                _ => Value::Unknown(Cause::Missing(pair.column.0)),
            };
            let (agrees, difference) = match (&today, &now) {
                (Value::Unknown(_), _) | (_, Value::Unknown(_)) => (None, None),
                (Value::Number(old), Value::Number(new)) => {
                    pair.today = pair.today.add(old);
                    pair.decided = pair.decided.add(new);
                    (Some(old == new), Some(new.sub(old)))
                }
                // A fact of the policy itself may hold a class as text.
                (Value::Text(old), Value::Code(code)) => (Some(member_is(plan, &pair.ty, *code, old)), None),
                (old, new) => (Some(old == new), None),
            };
            let count = match agrees {
                Some(true) => &mut pair.agree,
                Some(false) => &mut pair.differ,
                None => &mut pair.unknown,
            };
            *count = count.saturating_add(1);
            let because =
                if agrees == Some(true) { String::new() } else { because(plan, pair, decided, lang) };
            compared.push(Compared {
                output: pair.output.name.clone(),
                ty: pair.ty.clone(),
                today,
                now,
                agrees,
                difference,
                because,
            });
        }
        compared
    }

    /// The headings of [`Compared::texts`].
    #[must_use]
    pub fn headings(&self, lang: Lang) -> Vec<Str> {
        self.pairs
            .iter()
            .flat_map(|pair| {
                [
                    pair.output.name.clone(),
                    pair.name.clone(),
                    Str::from(lang.pick("difference", "差额")),
                    Str::from(lang.pick("because", "原因")),
                ]
            })
            .collect()
    }

    /// How many agree and differ, and what both come to in all.
    #[must_use]
    pub fn totals(&self, plan: &Plan, lang: Lang) -> String {
        let how = Show {
            home: plan.policies.last().map(|policy| policy.currency),
            approximate: Some(4),
            ..Show::new(lang)
        };
        let mut out = String::new();
        for pair in &self.pairs {
            let Pair { output, name, agree, differ, unknown, .. } = pair;
            out.push_str(&match lang {
                Lang::En => format!(
                    "{} against {name}: {agree} agree, {differ} differ, {unknown} unknown",
                    output.name
                ),
                Lang::Zh => {
                    format!("{} 与 {name}：{agree} 户一致，{differ} 户不同，{unknown} 户未知", output.name)
                }
            });
            if matches!(pair.ty, Type::Number(unit) if unit.money == 1) {
                let figure = |number: &Number| {
                    show(&Value::Number(number.clone()), &pair.ty, &plan.schema.enums, &how)
                };
                let change = pair.decided.sub(&pair.today);
                let sign = if change.is_positive() { "+" } else { "" };
                out.push_str(&format!(
                    "{} {} → {} ({sign}{})",
                    lang.pick("; in all", "；合计"),
                    figure(&pair.today),
                    figure(&pair.decided),
                    figure(&change)
                ));
            }
            out.push('\n');
        }
        out
    }
}

impl Compared {
    /// What the policy decides, what is granted today, the difference, and because of which rule: for a terminal.
    #[must_use]
    pub fn texts(&self, plan: &Plan, lang: Lang) -> Vec<String> {
        let how = Show {
            home: plan.policies.last().map(|policy| policy.currency),
            approximate: Some(4),
            ..Show::new(lang)
        };
        let figure = |value: &Value| show(value, &self.ty, &plan.schema.enums, &how);
        let difference = match (&self.difference, self.agrees) {
            (_, Some(true)) => lang.pick("agrees", "一致").to_owned(),
            (Some(number), _) => {
                let text = figure(&Value::Number(number.clone()));
                if number.is_positive() { format!("+{text}") } else { text }
            }
            (None, Some(false)) => lang.pick("differs", "不同").to_owned(),
            (None, None) => String::from("?"),
        };
        vec![figure(&self.now), figure(&self.today), difference, self.because.clone()]
    }

    /// The same for files; `whole` puts it under one key.
    #[must_use]
    pub fn cells(&self, writer: &Writer<'_>, whole: bool) -> Vec<(Str, Cell)> {
        let name = |part: &str| {
            if whole { Str::from(part) } else { Str::from(format!("{}.{part}", self.output)) }
        };
        let difference = self.difference.clone().map(Value::Number);
        let cells = vec![
            (name("today"), writer.cell(&self.today, &self.ty)),
            (name("agrees"), self.agrees.map_or(Cell::Empty, Cell::Bool)),
            (
                name("difference"),
                difference.map_or(Cell::Empty, |difference| writer.cell(&difference, &self.ty)),
            ),
            (name("because"), Cell::Text(Str::from(self.because.as_str()))),
        ];
        if whole { vec![(Str::from(format!("compare {}", self.output)), Cell::Map(cells))] } else { cells }
    }
}

fn member_is(plan: &Plan, ty: &Type, code: u32, text: &str) -> bool {
    let Type::Enum(id) = ty else { return false };
    let member = plan.schema.enums.get(*id).and_then(|it| it.member(code));
    member.is_some_and(|member| &*member.name == text || member.label.is(text))
}

/// The fact that reads the column of this heading: by its name, or by its label.
fn heading_of(schema: &Schema, column: &str) -> Option<FieldId> {
    let headed = |field: &Field| field.labels.iter().any(|label| label.trim() == column);
    schema
        .find(column)
        .or_else(|| schema.fields.iter_enumerated().find(|(_, field)| headed(field)).map(|(id, _)| id))
}

fn by_name(decision: &DecisionItem, name: &str) -> Result<usize, Box<Diagnostic>> {
    decision.outputs.iter().position(|output| &*output.name == name).ok_or_else(|| {
        let unknown = Diagnostic::nowhere("E914").arg("output", name);
        Box::new(match nearest(name, decision.outputs.iter().map(|output| &*output.name)) {
            Some(near) => unknown.arg("near", near).help("near"),
            None => unknown.help("known").arg("known", known(decision)),
        })
    })
}

/// The output whose name ends as the column's does: `credit_limit` for `current_limit`.
fn by_ending(decision: &DecisionItem, column: &str) -> Result<usize, Box<Diagnostic>> {
    if let Ok(place) = by_name(decision, column) {
        return Ok(place);
    }
    let ending = column
        .split_once('_')
        .map(|(_, ending)| ending)
        .or_else(|| ["现行", "当前", "目前"].iter().find_map(|word| column.strip_prefix(word)))
        .unwrap_or(column);
    let found: Vec<usize> = decision
        .outputs
        .iter()
        .enumerate()
        .filter(|(_, output)| output.name.ends_with(ending))
        .map(|(place, _)| place)
        .collect();
    match found.as_slice() {
        [place] => Ok(*place),
        _ => {
            let variant = if found.is_empty() { "no_ending" } else { "endings" };
            let first = decision.outputs.get(found.first().copied().unwrap_or(0));
            let first = first.map_or("", |output| &*output.name);
            let unclear = Diagnostic::nowhere("E914").variant(variant).arg("known", known(decision));
            Err(Box::new(unclear.arg("first", first).help("pair")))
        }
    }
}

fn known(decision: &DecisionItem) -> String {
    decision.outputs.iter().map(|output| &*output.name).collect::<Vec<_>>().join(", ")
}

/// The column as an optional fact of the output's type.
fn field(plan: &Plan, column: &str, ty: &Type) -> Option<Field> {
    let field_ty = FieldType::holding(ty)?;
    Some(Field {
        name: Str::from(column),
        labels: Vec::new(),
        label: Label::same(column),
        decimals: field_ty.default_decimals(),
        range: field_ty.default_range(),
        open: (false, false),
        dates: None,
        default: Unless::Unknown,
        unknown_when: Vec::new(),
        key: false,
        personal: false,
        internal: false,
        span: plan.policies.last()?.span,
        ty: field_ty,
    })
}

/// The rules that a step depends on.
fn rules_under(plan: &Plan, step: StepId) -> Vec<RuleId> {
    let mut needed = vec![false; plan.steps.len()];
    for step in slice(plan, &[step], &std::collections::BTreeSet::new()) {
        if let Some(flag) = needed.get_mut(step.place()) {
            *flag = true;
        }
    }
    let within = |step: Option<StepId>| step.is_some_and(|step| needed.get(step.place()) == Some(&true));
    plan.rules
        .iter_enumerated()
        .filter(|(_, rule)| within(rule.applies) || within(rule.condition))
        .map(|(id, _)| id)
        .collect()
}

/// The rules behind what differs, in the policy's words.
fn because(plan: &Plan, pair: &Pair<'_>, decided: &Decision, lang: Lang) -> String {
    let mut words: Vec<String> = Vec::new();
    // Rules that give no reason in words go by what they ask, where nothing else speaks.
    let mut silent: Vec<String> = Vec::new();
    for reason in &decided.reasons {
        match reason.source {
            ReasonSource::Rule(id) if pair.rules.contains(&id) => {
                let Some(rule) = plan.rules.get(id) else { continue };
                let said = reason.because(plan, lang);
                let list = if said.is_some() { &mut words } else { &mut silent };
                let text = said.unwrap_or_else(|| rule_called(plan, &rule.address, lang));
                if !list.contains(&text) {
                    list.push(text);
                }
            }
            ReasonSource::Rule(_) => {}
            ReasonSource::Unknown { output, cause: Cause::Missing(fact) } if output == pair.place => {
                if let Some(field) = plan.schema.fields.get(FieldId(fact)) {
                    words.push(format!("{}?", field.name));
                }
            }
            ReasonSource::Unknown { .. } => {}
        }
    }
    if words.is_empty() { silent } else { words }.join(lang.pick("; ", "；"))
}
