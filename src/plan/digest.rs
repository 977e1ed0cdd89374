//! The digest of what a policy means.
//!
//! Every step is named by what it does and by what its operands do, so that the place at which a value is written, its
//! number and its label do not count; names, types, expressions, rows, factors and steps in their order, reasons,
//! citations, defaults of parameters, calendars, references and scripts do. What stands beside a policy counts by what it
//! says and not by its file: of a calendar the working days, of a reference the values, of a script its words.

mod script;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::{
    FactorItem, Item, ItemKind, LimitItem, Op, Plan, Question, Reason, Reference, RowItem, Rule, RuleId,
    ScriptFunction, Seat, Signed, Signers, StepId, TotalLineItem, WordsId, text,
};
use crate::base::{Idx, Str};
use crate::value::{Calendar, Default, EnumId, EnumSort, Field, FieldId, FieldType, Number, Type, Value};

/// What stands beside a policy and is published by others: calendars and references.
#[derive(Clone, Copy)]
enum Beside<'a> {
    /// By what they say.
    Said(&'a BTreeMap<Str, Calendar>),
    /// By the names and files that the policy writes.
    Named,
}

/// The digest: `sha256:` and 64 hexadecimal digits.
pub(super) fn digest(plan: &Plan, calendars: &BTreeMap<Str, Calendar>) -> Str {
    of_text(&canonical(plan, Beside::Said(calendars)))
}

/// The digest of a text that stands beside a policy or a decision: `sha256:` and 64 hexadecimal digits.
#[must_use]
pub fn of_text(text: &str) -> Str {
    of_bytes(text.as_bytes())
}

/// The same of a file that is no text: a scan.
#[must_use]
pub fn of_bytes(bytes: &[u8]) -> Str {
    format!("sha256:{}", hash_bytes(bytes)).into()
}

/// The digest of a policy without what calendars and references say, which others publish. A policy of which this stays and
/// the digest does not says what it said, and applies it to other days or tables.
#[must_use]
pub fn of_rules(plan: &Plan) -> Str {
    of_text(&canonical(plan, Beside::Named))
}

/// The same without rates, too, the values of parameters by date: it stays where only tables change that others publish.
#[must_use]
pub fn without_tables(plan: &Plan) -> Str {
    let mut plan = plan.clone();
    for series in &mut plan.series {
        series.periods.clear();
        series.until = None;
    }
    of_rules(&plan)
}

/// What is asked: once where it is the same in both languages.
fn asked(question: &Question) -> Option<Str> {
    let text = question.text.as_ref()?;
    let both = || format!("zh {:?} en {:?}", text.zh, text.en).into();
    Some(if text.en == text.zh { text.en.clone() } else { both() })
}

fn hash(text: &str) -> String {
    hash_bytes(text.as_bytes())
}

fn hash_bytes(bytes: &[u8]) -> String {
    let mut out = String::new();
    for byte in Sha256::digest(bytes) {
        let _ = write!(out, "{byte:02x}");
    }
    out
}

/// What each step means, as the digest has it: the same in two plans where both do the same with the same facts and parameters by
/// name. How those are declared is not in it.
#[must_use]
pub fn steps(plan: &Plan) -> Vec<String> {
    let mut writer = Writer { plan, beside: Beside::Named, steps: Vec::new() };
    writer.name_steps();
    writer.steps
}

/// The text of which the digest is the hash.
fn canonical(plan: &Plan, beside: Beside<'_>) -> String {
    let mut writer = Writer { plan, beside, steps: Vec::new() };
    writer.name_steps();
    let mut lines = vec![String::from("gradus 2")];
    lines.extend(plan.policies.last().map(|asked| format!("of {:?}", asked.name)));
    lines.extend(sorted(plan.policies.iter().map(|policy| {
        let known = policy.known_from.map(|day| format!(" known {day}")).unwrap_or_default();
        format!(
            "policy {:?} {:?} {:?} {:?} {}{known}",
            policy.name, policy.version, policy.effective_from, policy.effective_until, policy.currency
        )
    })));
    lines.extend(sorted(plan.schema.fields.iter().map(|field| format!("fact {}", writer.field(field)))));
    lines.extend(sorted(plan.schema.enums.ids().map(|id| writer.kind(id))));
    lines.extend(sorted(plan.params.iter().map(|param| {
        format!(
            "param {:?} {} {} {:?} {} {:?}",
            param.name,
            writer.ty(&param.ty),
            param.decimals,
            param.range,
            writer.value(&param.default, &param.ty),
            param.cite
        )
    })));
    lines.extend(sorted(plan.series.iter().map(|series| {
        let periods = series
            .periods
            .iter()
            .map(|it| format!("{} {} {:?}", it.from, writer.value(&it.value, &series.ty), it.cite));
        format!("by date {:?} {} {} {:?}", series.name, writer.ty(&series.ty), joined(periods), series.until)
    })));
    lines.extend(sorted(plan.references.iter().map(|it| writer.reference(it))));
    lines.extend(sorted(plan.calendars.iter().map(|name| format!("calendar {}", writer.calendar(name)))));
    lines.extend(sorted(plan.scripts.iter().map(|it| writer.script(it))));
    lines.extend(sorted(
        plan.names.iter().map(|(name, step)| format!("name {name:?} {}", writer.step(*step))),
    ));
    lines.extend(sorted(plan.items.iter().map(|item| writer.item(item))));
    lines.extend(sorted(plan.decisions.iter().map(|decision| {
        let outputs = decision.outputs.iter().map(|output| {
            let internal = if output.internal { " internal" } else { "" };
            format!("{:?} {} {}{internal}", output.name, writer.step(output.step), output.optional)
        });
        format!("decision {:?} {}", decision.name, joined(outputs))
    })));
    lines.extend(plan.applies.iter().map(|applies| format!("applies {}", writer.step(*applies))));
    lines.extend(sorted(plan.always.iter().map(|always| {
        // The place of an `always` among others is no part of what it says.
        let policy = always.address.split('/').next().unwrap_or("");
        format!("always {policy:?} {}", writer.step(always.holds))
    })));
    lines.join("\n")
}

fn sorted(lines: impl Iterator<Item = String>) -> Vec<String> {
    let mut lines: Vec<String> = lines.collect();
    lines.sort();
    lines
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join("; ")
}

struct Writer<'a> {
    plan: &'a Plan,
    beside: Beside<'a>,
    /// The name of each step so far.
    steps: Vec<String>,
}

impl Writer<'_> {
    /// Names each step by what it does, with what its operands do.
    fn name_steps(&mut self) {
        for step in &self.plan.steps {
            let ty = self.ty(&step.ty);
            // Of two names for one value, the one that is written first has the step and the other its copy.
            if let Op::Same(of) = step.op
                && self.plan.steps.get(of).is_some_and(|it| it.scope == step.scope && self.ty(&it.ty) == ty)
            {
                self.steps.push(self.step(of));
                continue;
            }
            if let Op::Or(of) = &step.op
                && let [only] = self.without_labels(of).as_slice()
            {
                self.steps.push(self.step(*only));
                continue;
            }
            let op = self.op(&step.op, &step.ty);
            let scope = match step.scope {
                super::Scope::Customer => String::new(),
                super::Scope::Items(list) => self.fact(list),
            };
            // As long as the whole would be, were it not hashed: a step that is read twice would double at each level.
            self.steps.push(hash(&format!("{ty} {scope} {op}")));
        }
    }

    fn step(&self, step: StepId) -> String {
        self.steps.get(step.place()).cloned().unwrap_or_default()
    }

    fn steps(&self, steps: &[StepId]) -> String {
        joined(steps.iter().map(|step| self.step(*step)))
    }

    fn fact(&self, field: FieldId) -> String {
        self.plan.schema.fields.get(field).map_or_else(String::new, |field| format!("{:?}", field.name))
    }

    fn kind_name(&self, kind: EnumId) -> String {
        self.plan.schema.enums.get(kind).map_or_else(String::new, |kind| format!("{:?}", kind.name))
    }

    fn kind(&self, kind: EnumId) -> String {
        let Some(it) = self.plan.schema.enums.get(kind) else { return String::new() };
        let members = it.members.iter().map(|member| format!("{:?} {}", member.name, member.apart));
        // Roles come in the order in which policies and their `roles` are read.
        let members = if it.sort == EnumSort::BuiltIn { sorted(members) } else { members.collect() };
        format!("kind {:?} {:?} {}", it.name, it.sort, members.join("; "))
    }

    /// A member of a kind.
    fn member(&self, code: u32, kind: EnumId) -> String {
        let members = self.plan.schema.enums.get(kind).map(|kind| &kind.members);
        let member = members.and_then(|members| members.get(code as usize));
        member.map_or_else(|| format!("#{code}"), |member| format!("{:?}", member.name))
    }

    /// A member of the kind that a step gives, or of the kind of its sets.
    fn member_of(&self, code: u32, ty: &Type) -> String {
        match ty {
            Type::Enum(kind) | Type::Set(kind) => self.member(code, *kind),
            Type::List(of) => self.member_of(code, of),
            Type::Records(_) | Type::Number(_) | Type::YesNo | Type::Date | Type::Text => format!("#{code}"),
        }
    }

    fn member_of_step(&self, code: u32, step: StepId) -> String {
        self.plan.steps.get(step).map_or_else(String::new, |step| self.member_of(code, &step.ty))
    }

    /// A value, members by their names.
    fn value(&self, value: &Value, ty: &Type) -> String {
        match value {
            Value::Code(code) => self.member_of(*code, ty),
            Value::Set(set) => {
                format!("{{{}}}", sorted(bits(*set).map(|it| self.member_of(it, ty))).join(", "))
            }
            Value::List(values) => format!("[{}]", joined(values.iter().map(|value| self.value(value, ty)))),
            Value::Unknown(_) | Value::Bool(_) | Value::Number(_) | Value::Date(_) | Value::Text(_) => {
                text::value_text(value)
            }
        }
    }

    /// A value of a fact.
    fn fact_value(&self, value: &Value, ty: &FieldType) -> String {
        match ty {
            FieldType::Enum(kind) | FieldType::Set(kind) => self.value(value, &Type::Set(*kind)),
            FieldType::List { of, .. } => self.fact_value(value, &of.ty),
            FieldType::Records(_)
            | FieldType::Money(_)
            | FieldType::YesNo
            | FieldType::Number
            | FieldType::Percent
            | FieldType::Days
            | FieldType::Months
            | FieldType::Date
            | FieldType::Text => text::value_text(value),
        }
    }

    fn calendar(&self, name: &Str) -> String {
        match self.beside {
            Beside::Said(calendars) => {
                let days = calendars.get(name).map(Calendar::canonical);
                days.map_or_else(|| format!("{name:?}"), |days| hash(&days))
            }
            Beside::Named => format!("{name:?}"),
        }
    }

    fn reference(&self, it: &Reference) -> String {
        let named = |column: &u32| it.columns.get(*column as usize).map(|column| &column.name);
        let keys: Vec<Option<&Str>> = it.keys.iter().map(named).collect();
        let columns = sorted(it.columns.iter().map(|column| self.field(column))).join("; ");
        let said = match self.beside {
            Beside::Said(_) => {
                let row = |row: &Vec<Value>| {
                    let cells = it.columns.iter().zip(row);
                    let cells =
                        cells.map(|(of, cell)| format!("{:?} {}", of.name, self.fact_value(cell, &of.ty)));
                    sorted(cells).join("; ")
                };
                hash(&sorted(it.rows.iter().map(row)).join("\n"))
            }
            Beside::Named => format!("{:?}", it.file),
        };
        format!("reference {:?} {columns} {keys:?} {:?} {said}", it.name, it.latest_within)
    }

    /// A function of a script. Its name may be that of a function of another script, too.
    fn script(&self, it: &ScriptFunction) -> String {
        let takes = joined(it.parameters.iter().map(|ty| self.ty(ty)));
        let (gives, source) = (self.ty(&it.result), hash(&script::words(&it.source)));
        format!("script {:?} ({takes}) {gives} {:?} {source}", it.name, it.range)
    }

    fn role(&self, place: u32) -> String {
        self.plan.roles.get(place as usize).map_or_else(String::new, |(name, _)| format!("{name:?}"))
    }

    fn roles(&self, places: u128) -> String {
        sorted(bits(places).map(|place| self.role(place))).join(" ")
    }

    fn signers(&self, signers: &Signers) -> String {
        let all = |of: &[Signers]| of.iter().map(|it| self.signers(it)).collect::<Vec<_>>().join(", ");
        match signers {
            Signers::Role { role, exactly } => {
                format!("{}{}", self.role(*role), if *exactly { " exactly" } else { "" })
            }
            Signers::And(of) => format!("and ({})", all(of)),
            Signers::Or(of) => format!("or ({})", all(of)),
            Signers::Nobody => String::from("nobody"),
        }
    }

    /// What signatures on a value come to. The places of roles follow the order in which they are read, so each is told by its name.
    fn signed(&self, it: &Signed) -> String {
        let seat = |seat: &Seat| format!("{} by {}", self.role(seat.role), self.roles(seat.may));
        let ways = it.ways.iter().map(|ways| {
            let ways = ways.iter().map(|way| way.iter().map(seat).collect::<Vec<_>>().join(" and "));
            ways.collect::<Vec<_>>().join(" or ")
        });
        let bounds =
            it.bounds.iter().map(|(amount, needed)| format!("{} {}", self.step(*amount), self.step(*needed)));
        format!(
            "signed {:?} {} {:?} fields {} value {} bounds {} ways {} arbiter {:?} carries {:?}",
            it.result,
            self.fact(it.list),
            it.subject,
            self.steps(&it.fields),
            self.steps(&[it.value, it.needed, it.needed_of, it.today]),
            joined(bounds),
            joined(ways),
            it.arbiter.as_ref().map(seat),
            it.carries.as_ref().map(ToString::to_string)
        )
    }

    /// What a step does, its facts, kinds, parameters, calendars and scripts by name.
    fn op(&self, op: &Op, ty: &Type) -> String {
        let named = text::canonical_with(op, &|step| self.step(step));
        let more = match op {
            Op::Fact(field)
            | Op::Aggregate { list: field, .. }
            | Op::Running { list: field, .. }
            | Op::Latest { list: field, .. } => self.fact(*field),
            Op::Const(value) => return format!("const {}", self.value(value, ty)),
            Op::OneOf(of, codes) => {
                let codes = codes.iter().map(|code| self.member_of_step(*code, *of));
                return format!("{} one of {}", self.step(*of), sorted(codes).join(", "));
            }
            Op::Has(of, code) => {
                return format!("{} has {}", self.step(*of), self.member_of_step(*code, *of));
            }
            Op::Collect(of) => {
                let members = of
                    .iter()
                    .map(|(step, code)| format!("{} {}", self.step(*step), self.member_of(*code, ty)));
                return format!("collect {}", joined(members));
            }
            Op::Or(of) => return format!("or {}", self.steps(&self.without_labels(of))),
            Op::Signed(signed) => return self.signed(signed),
            Op::Field(list, place) => format!("{} {:?}", self.fact(*list), self.field_name(*list, *place)),
            Op::Lookup { list, key, field } => {
                let key = key.map(|(place, _)| self.field_name(*list, place));
                format!("{} {:?} by {key:?}", self.fact(*list), self.field_name(*list, *field))
            }
            Op::ByDate(at, _) => format!("{:?}", self.plan.series.get(*at as usize).map(|it| &it.name)),
            Op::Reference { table, column, .. } => {
                let table = self.plan.references.get(*table as usize);
                let column = table.and_then(|it| it.columns.get(*column as usize));
                format!("{:?} {:?}", table.map(|it| &it.name), column.map(|it| &it.name))
            }
            Op::Book(entry, part, key) => {
                let entry = self.plan.book.get(*entry);
                let said = entry.map(|entry| super::book::canonical(entry, &|step| self.step(step)));
                let key = key.map(|key| self.step(key));
                return format!("book {} {key:?} {}", part.name(), said.unwrap_or_default());
            }
            Op::Param(param) => format!("{:?}", self.plan.params.get(*param as usize).map(|it| &it.name)),
            Op::SignedOn(signed) => {
                let subject = self.step(signed.subject);
                let least = signed.amount.map(|amount| self.step(amount));
                let ways = signed.ways.iter();
                let ways = ways
                    .map(|way| way.iter().map(|seat| self.roles(*seat)).collect::<Vec<_>>().join(" and "));
                return format!("signed on {} {subject} {} {least:?}", self.fact(signed.list), joined(ways));
            }
            Op::Rank(_, kind) | Op::OfRank(_, kind) => self.kind_name(*kind),
            Op::AddBusinessDays(_, _, at) | Op::ToBusinessDay(_, _, at) => {
                let name = self.plan.calendars.get(*at as usize);
                name.map_or_else(String::new, |name| self.calendar(name))
            }
            Op::Script(at, _) => {
                let function = self.plan.scripts.get(*at as usize);
                function.map_or_else(String::new, |function| self.script(function))
            }
            _ => return named,
        };
        // The numbers of facts, kinds and the like follow the order in which a file is written.
        let words: Vec<&str> = named.split(' ').filter(|word| !is_number(word)).collect();
        format!("{} {more}", words.join(" "))
    }

    /// A record may say by its label what it decides, and in which role: where a text is held against a name, it is held against
    /// the labels, too. Those are left out here.
    fn without_labels(&self, of: &[StepId]) -> Vec<StepId> {
        let op = |step: StepId| self.plan.steps.get(step).map(|it| &it.op);
        let held = |step: StepId| match op(step) {
            Some(Op::Equal(field, with)) => match op(*with) {
                Some(Op::Const(Value::Text(text))) => Some((*field, text)),
                _ => None,
            },
            _ => None,
        };
        let names: Vec<(StepId, &Str)> = of.iter().filter_map(|step| held(*step)).collect();
        if names.len() < 2 {
            return of.to_vec();
        }
        let is_label = |field: StepId, text: &Str| {
            let of_items = self.plan.items.iter().map(|item| {
                let name = item.address.rsplit_once('/').map_or(&*item.address, |(_, name)| name);
                (name, &item.label)
            });
            let of_roles = self.plan.roles.iter().map(|(name, label)| (&**name, label));
            of_items.chain(of_roles).any(|(name, label)| {
                let is_held = names.iter().any(|(other, held)| *other == field && ***held == *name);
                is_held && **text != *name && (label.en == *text || label.zh == *text)
            })
        };
        let stays = |step: &StepId| held(*step).is_none_or(|(field, text)| !is_label(field, text));
        of.iter().copied().filter(stays).collect()
    }

    fn field_name(&self, list: FieldId, place: u32) -> Option<&Str> {
        match self.plan.schema.fields.get(list).map(|field| &field.ty) {
            Some(FieldType::Records(fields)) => fields.get(place as usize).map(|field| &field.name),
            Some(_) | None => None,
        }
    }

    fn ty(&self, ty: &Type) -> String {
        match ty {
            Type::Enum(kind) => format!("enum {}", self.kind_name(*kind)),
            Type::Set(kind) => format!("set {}", self.kind_name(*kind)),
            Type::List(of) => format!("list {}", self.ty(of)),
            Type::Records(_) => String::from("records"),
            Type::Number(unit) => format!("{unit:?}"),
            Type::YesNo => String::from("yes/no"),
            Type::Date => String::from("date"),
            Type::Text => String::from("text"),
        }
    }

    fn field(&self, field: &Field) -> String {
        let ty = match &field.ty {
            FieldType::Enum(kind) => format!("enum {}", self.kind_name(*kind)),
            FieldType::Set(kind) => format!("set {}", self.kind_name(*kind)),
            FieldType::List { of, length } => format!("list {length:?} {}", self.field(of)),
            FieldType::Records(fields) => {
                format!("records {{{}}}", sorted(fields.iter().map(|field| self.field(field))).join("; "))
            }
            FieldType::Money(currency) => format!("money {currency}"),
            FieldType::YesNo
            | FieldType::Number
            | FieldType::Percent
            | FieldType::Days
            | FieldType::Months
            | FieldType::Date
            | FieldType::Text => format!("{:?}", field.ty),
        };
        let default = match &field.default {
            Default::Required => String::from("required"),
            Default::Unknown => String::from("optional"),
            Default::Value(value) => self.fact_value(value, &field.ty),
        };
        let range = field.range.as_ref().map(|(least, most)| format!("{least}..{most} {:?}", field.open));
        let unknown: Vec<String> =
            field.unknown_when.iter().map(|it| self.fact_value(it, &field.ty)).collect();
        format!(
            "{:?} {ty} {} {range:?} {:?} {default} {unknown:?} {} {}{}",
            field.name,
            field.decimals,
            field.dates,
            field.key,
            field.personal,
            if field.internal { " internal" } else { "" }
        )
    }

    fn reason(&self, reason: &Reason) -> String {
        let words = |id: WordsId| {
            let words = self.plan.words(id);
            words.map(|it| it.written(&|step| self.step(step))).unwrap_or_default()
        };
        let (because, customer) = (reason.because.map(words), reason.customer.map(words));
        let mut text = format!("{:?} {because:?} {:?}", reason.code, reason.cite);
        if reason.internal {
            let _ = write!(text, " internal {customer:?}");
        }
        for (role, note) in &reason.notes {
            let _ = write!(text, " note {role:?} {:?}", words(*note));
        }
        text
    }

    fn rule(&self, rule: RuleId) -> String {
        let Some(rule) = self.plan.rules.get(rule) else { return String::new() };
        let Rule { kind, condition, applies, if_unknown, reason, address: _, scope: _, span: _ } = rule;
        let step = |step: &Option<StepId>| step.map(|step| self.step(step)).unwrap_or_default();
        let if_unknown = if_unknown.as_ref().map(text::unknown_text);
        format!("{kind:?} {} {} {if_unknown:?} {}", step(condition), step(applies), self.reason(reason))
    }

    fn rules(&self, rules: impl Iterator<Item = RuleId>) -> String {
        joined(rules.map(|rule| self.rule(rule)))
    }

    fn row(&self, row: &RowItem) -> String {
        let cells = row.cells.iter().map(|cell| cell.holds.map(|step| self.step(step)).unwrap_or_default());
        let question = row.question.as_ref().map(|it| (&it.role, asked(it)));
        format!("({}) [{}] {} {question:?}", joined(cells), self.rule(row.rule), self.steps(&row.results))
    }

    fn factor(&self, factor: &FactorItem) -> String {
        format!(
            "{:?} {:?} {} {} {:?} [{}] {}",
            factor.name,
            factor.section,
            factor.weight,
            self.step(factor.counted),
            factor.missing,
            self.rule(factor.rule),
            joined(factor.rows.iter().map(|row| self.row(row)))
        )
    }

    /// The layers of a limit; nothing for a limit of methods.
    fn layers(&self, limit: &LimitItem) -> String {
        if limit.layers.is_empty() {
            return String::new();
        }
        let layers = limit.layers.iter().map(|layer| {
            let (bears, rule) = (self.step(layer.bears), self.rule(layer.rule));
            format!("{:?} {bears} {} {rule}", layer.name, layer.skip_unknown)
        });
        let left = limit.layers_for.map(|(_, left)| self.step(left));
        format!(" {} {left:?}", joined(layers))
    }

    fn item(&self, item: &Item) -> String {
        let rounding = item.rounding.as_ref().map(|(_, rounding)| text::rounding_text(rounding));
        let head = format!(
            "item {} {:?} {} {rounding:?} {}",
            text::kind_name(&item.kind),
            item.address,
            self.step(item.value),
            self.reason(&item.reason)
        );
        let body = match &item.kind {
            ItemKind::Let => String::new(),
            // Its step says all of it but why there is a budget.
            ItemKind::Book(it) => self.rules(it.cap.iter().map(|cap| cap.rule)),
            ItemKind::Table(it) => format!(
                "{:?} {} {} {}",
                it.mode,
                self.steps(&it.keys),
                joined(it.rows.iter().map(|row| self.row(row))),
                joined(it.results.iter().map(|(name, _, _, step)| format!("{name:?} {}", self.step(*step))))
            ),
            ItemKind::Correction(it) => {
                format!("{} {}", self.steps(&it.keys), joined(it.rows.iter().map(|row| self.row(row))))
            }
            ItemKind::Scorecard(it) => format!(
                "{} {} {:?} {} {} {}",
                it.added,
                it.base,
                it.scale.as_ref().map(|(a, b, c, d)| [a, b, c, d].map(Number::to_string)),
                joined(it.sections.iter().map(|it| format!("{:?} {}", it.name, self.step(it.value)))),
                joined(it.factors.iter().map(|factor| self.factor(factor))),
                self.rules(it.require.iter().map(|it| it.rule))
            ),
            ItemKind::Grades(it) => format!(
                "{} {} {} {} {} {}",
                self.kind_name(it.scale),
                joined(it.bands.iter().map(|band| {
                    let needs = band.needs.map(|rule| self.rule(rule));
                    format!("{} {} {} {needs:?}", band.code, self.step(band.from), band.inclusive)
                })),
                joined(it.apart.iter().map(|it| format!("{} {}", it.code, self.rule(it.rule)))),
                joined(it.notches.iter().map(|(rule, by)| format!("{by} {}", self.rule(*rule)))),
                joined(it.caps.iter().map(|(rule, place)| format!("{place} {}", self.rule(*rule)))),
                joined(it.forces.iter().map(|(rule, place)| format!("{place} {}", self.rule(*rule))))
            ),
            ItemKind::Limit(it) => format!(
                "{} {} {} {}{}{}",
                text::take_text(it.take),
                it.skip_unknown,
                joined(
                    it.methods.iter().map(|it| {
                        format!("{:?} {} {}", it.name, self.step(it.value), self.rule(it.rule))
                    })
                ),
                joined(it.lines.iter().map(|line| {
                    let kind = text::line_text(&line.kind);
                    format!("{kind} {} {} {}", self.step(line.after), line.skip_unknown, self.rule(line.rule))
                })),
                self.layers(it),
                it.take_rule.map(|rule| format!(" {}", self.rule(rule))).unwrap_or_default()
            ),
            ItemKind::Triggers(it) => format!(
                "{} {} {:?} {}",
                self.kind_name(it.states),
                it.otherwise,
                it.precedence,
                joined(it.groups.iter().map(|group| {
                    let triggers =
                        group.triggers.iter().map(|(name, _, rule)| format!("{name:?} {}", self.rule(*rule)));
                    format!("{} {:?} {}", group.state, group.at_least, joined(triggers))
                }))
            ),
            ItemKind::Total(it) => format!(
                "{} {}",
                joined(it.lines.iter().map(|line| {
                    let TotalLineItem { minus, name, counted, skip_unknown, question, rule, .. } = line;
                    let asks = question.as_ref().map(|it| (&it.role, asked(it)));
                    let (counted, rule) = (self.step(*counted), self.rule(*rule));
                    format!("{minus} {name:?} {counted} {skip_unknown} {asks:?} {rule}")
                })),
                self.rules(it.floor.iter().map(|(_, rule)| *rule))
            ),
            ItemKind::Allocation(it) => format!("{} {}", self.step(it.left), self.steps(&it.keys)),
            ItemKind::Checks(it) => format!(
                "{} {} {} {}",
                self.kind_name(it.holds_enum),
                joined(it.holds.iter().map(|hold| {
                    format!(
                        "{:?} {} {} {:?} {} {:?} {:?}",
                        hold.name,
                        self.rule(hold.rule),
                        self.signers(&hold.release),
                        hold.granted
                            .iter()
                            .flat_map(|(_, of)| of)
                            .map(|it| self.signers(it))
                            .collect::<Vec<_>>(),
                        self.step(hold.status),
                        hold.at_most.map(|days| self.step(days)),
                        hold.after_cure.as_ref().map(|it| self.signers(it))
                    )
                })),
                joined(it.exclusions.iter().map(|(rule, except)| format!("{except:?} {}", self.rule(*rule)))),
                self.steps(&[it.standing, it.worst])
            ),
            ItemKind::Authority(it) => format!(
                "{} {} {:?}",
                self.steps(&it.table.keys),
                joined(it.table.rows.iter().map(|row| self.row(row))),
                it.arbiter
            ),
            ItemKind::Checklist(it) => format!(
                "{} {} {} {}",
                self.kind_name(it.kind),
                self.fact(it.list),
                self.field_name(it.list, it.field).map_or("", |name| name),
                joined(it.papers.iter().map(|paper| {
                    let validity = paper.validity.as_ref().map(|it| self.rule(it.rule));
                    format!("{} {} {validity:?}", paper.code, self.rule(paper.rule))
                }))
            ),
            ItemKind::Escalation(it) => format!(
                "{} {} {} {} {} {} {}",
                self.kind_name(it.steps),
                self.rule(it.entry),
                joined(it.rungs.iter().map(|rung| {
                    format!(
                        "{:?} {} {} {} {:?} {:?} {:?} {:?}",
                        rung.name,
                        self.rule(rung.rule),
                        self.step(rung.day),
                        self.rules(rung.skips.iter().copied()),
                        rung.actions,
                        rung.notify,
                        rung.approval,
                        rung.late
                    )
                })),
                self.rules(it.holds.iter().map(|hold| hold.rule)),
                self.rules(it.delays.iter().map(|(rule, _)| *rule)),
                it.tactics.as_ref().map_or_else(String::new, |(key, _, rows, _)| format!(
                    "{} {}",
                    self.step(*key),
                    joined(rows.iter().map(|row| format!("{} {:?}", self.row(&row.row), row.tactics)))
                )),
                self.step(it.act)
            ),
            ItemKind::Judgement(it) => format!(
                "{:?} Question {{ role: {:?}, text: {:?} }} {:?} {} {}",
                it.roles,
                it.question.role,
                asked(&it.question),
                self.fact(it.answers.list),
                self.step(it.stand_in),
                self.rule(it.rule)
            ),
            ItemKind::Override(it) => format!(
                "{:?} {} {} {}",
                it.roles,
                self.fact(it.exceptions.list),
                self.step(it.ends),
                self.rule(it.rule)
            ),
        };
        format!("{head} {body}")
    }
}

/// The places of the bits that are set.
fn bits(set: u128) -> impl Iterator<Item = u32> {
    (0..u128::BITS).filter(move |place| set.checked_shr(*place).is_some_and(|bits| bits & 1 == 1))
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}
