//! What the last recorded decision said, as facts: `last.stance`, `last.stance.since`, `last.on`, and the records of
//! ladders. A policy without state reads its own past only through them.

use std::collections::BTreeMap;

use super::context::{Checker, Declared, Entity, Scope, State};
use super::hir::{self, ExprKind, LastLadder};
use crate::base::{Label, Span, Str};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{Default, EnumId, Field, FieldId, FieldType, LastField, Number, Type, Value};

/// A recorded value has as many decimals as a decision shows.
const DECIMALS: u32 = 28;

/// The names of the fields of a ladder's records behind the key, English and Chinese.
const LADDER_FIELDS: [(&str, &str); 5] =
    [("step", "步骤"), ("on", "日期"), ("approved", "已批"), ("held", "已停天数"), ("held_since", "停自")];

impl Checker<'_> {
    /// `last.on`, `last.stance`
    pub(super) fn last_member(&mut self, name: &ast::Name, span: Span, scope: &Scope) -> hir::Expr {
        if matches!(&*name.text, "on" | "日期") {
            let id = self.last_on(span);
            return hir::Expr { kind: ExprKind::Fact(id), ty: Type::Date, span };
        }
        match self.last_of(name, scope) {
            Some((ty, declared)) => match self.last_value(name, &ty, declared) {
                Some((fact, _)) => hir::Expr { kind: ExprKind::Fact(fact), ty, span },
                None => Self::error(span),
            },
            None => Self::error(span),
        }
    }

    /// `last.stance.since`
    pub(super) fn last_since(
        &mut self,
        value: &ast::Name,
        since: &ast::Name,
        span: Span,
        scope: &Scope,
    ) -> hir::Expr {
        if !matches!(&*since.text, "since" | "起始日") {
            self.report(
                Diagnostic::new("E222", since.span).variant("part").arg("name", &value.text).help("part"),
            );
            return Self::error(span);
        }
        let of = self.last_of(value, scope);
        let fact = of.and_then(|(ty, declared)| self.last_value(value, &ty, declared));
        match fact {
            Some((_, since)) => hir::Expr { kind: ExprKind::Fact(since), ty: Type::Date, span },
            None => Self::error(span),
        }
    }

    /// The type of the value of the customer whose last one is asked for, and where it is declared.
    fn last_of(&mut self, name: &ast::Name, scope: &Scope) -> Option<(Type, Span)> {
        let names = self.names.get(scope.policy)?;
        let found = names.customer.get(&name.text).copied();
        let Some(Declared { entity: Entity::Value(id), span }) = found else {
            if self.is_unresolved(scope.policy, name) {
                return None;
            }
            let of_items = names.items.values().any(|items| {
                matches!(items.get(&name.text), Some(Declared { entity: Entity::Value(_), .. }))
            });
            let report = Diagnostic::new("E222", name.span).arg("name", &name.text);
            let report = match (found, names.nearest_value(&name.text)) {
                _ if of_items => report.variant("items"),
                (Some(declared), _) => report.variant("no_value").label(declared.span, "declared"),
                (None, Some(near)) => report.arg("near", near).fix("near", name.span, near, false),
                (None, None) => report,
            };
            self.report(report);
            return None;
        };
        self.mention(name.span, span, hir::Meaning::Value(id));
        if self.waits(id) {
            self.ensure(id, name.span);
        }
        match self.value_type(id) {
            Some(ty) => Some((ty, self.declarations.get(id)?.name_span)),
            None => {
                let open =
                    self.declarations.get(id).is_some_and(|declaration| declaration.state == State::Open);
                if open {
                    self.report(
                        Diagnostic::new("E222", name.span)
                            .variant("own")
                            .arg("name", &name.text)
                            .label(span, "declared"),
                    );
                }
                None
            }
        }
    }

    /// The fact that holds the day of the last decision.
    pub(super) fn last_on(&mut self, span: Span) -> FieldId {
        let name = Str::from("last.on");
        match self.program.schema.find(&name) {
            Some(id) => id,
            None => self.program.schema.fields.push(recorded(name, FieldType::Date, span)),
        }
    }

    /// Notes of which value the facts of the last decision under a name are; reported where they are those of another, for nothing
    /// in a record would say which of the two is meant.
    fn claim_last(&mut self, name: &ast::Name, declared: Span) -> bool {
        let first = *self.last_of.entry(name.text.clone()).or_insert(declared);
        if first != declared {
            self.report(
                Diagnostic::new("E222", name.span)
                    .variant("shared")
                    .arg("name", &name.text)
                    .label(first, "other")
                    .help("shared"),
            );
        }
        first == declared
    }

    /// A value of the policy that is asked for, called like another value whose last one a used policy reads: what is recorded of
    /// the one would be read as the other.
    pub(super) fn refuse_shared_last(&mut self) {
        let Some(names) = self.program.policies.ids().last().and_then(|root| self.names.get(root)) else {
            return;
        };
        let mut shared: Vec<ast::Name> = Vec::new();
        for (name, first) in &self.last_of {
            let items = names.items.values().filter_map(|items| items.get(name));
            for declared in names.customer.get(name).into_iter().chain(items) {
                let Entity::Value(id) = declared.entity else { continue };
                let place = self.declarations.get(id).map(|declaration| declaration.name_span);
                if place.is_some_and(|place| place != *first) {
                    shared.push(ast::Name { text: name.clone(), span: declared.span });
                }
            }
        }
        for name in shared {
            self.claim_last(&name, name.span);
        }
    }

    /// The facts that hold what the last decision said of a value of the customer, declared there, and since when.
    pub(crate) fn last_value(
        &mut self,
        name: &ast::Name,
        ty: &Type,
        declared: Span,
    ) -> Option<(FieldId, FieldId)> {
        if !self.claim_last(name, declared) {
            return None;
        }
        let Some(field) = FieldType::holding(ty) else {
            let report = Diagnostic::new("E222", name.span).variant("unit").arg("name", &name.text);
            let report = self.with_type(report, "type", ty);
            self.report(report);
            return None;
        };
        if let Some(known) = self.program.schema.last.iter().find(|known| known.name == name.text) {
            return known.value.zip(known.since).filter(|_| known.ty == *ty);
        }
        let fields = &mut self.program.schema.fields;
        let value = fields.push(recorded(Str::from(format!("last.{}", name.text)), field, name.span));
        let since =
            fields.push(recorded(Str::from(format!("last.{}.since", name.text)), FieldType::Date, name.span));
        self.program.schema.last.push(LastField {
            name: name.text.clone(),
            ty: ty.clone(),
            value: Some(value),
            since: Some(since),
        });
        Some((value, since))
    }

    /// The facts that hold what a ladder has carried out: a list of records found by the item's key. A list without a
    /// key is reported.
    pub(crate) fn last_ladder(
        &mut self,
        name: &ast::Name,
        steps: EnumId,
        scope: &Scope,
    ) -> Option<LastLadder> {
        let (item_key, key) = self.record_key(name, scope)?;
        if !self.claim_last(name, name.span) {
            return None;
        }
        let full = Str::from(format!("last.{}", name.text));
        let list = match self.program.schema.find(&full) {
            Some(list) => list,
            None => {
                let types = [
                    FieldType::Enum(steps),
                    FieldType::Date,
                    FieldType::Enum(steps),
                    FieldType::Days,
                    FieldType::Date,
                ];
                let mut fields = vec![key];
                for ((en, zh), ty) in LADDER_FIELDS.into_iter().zip(types) {
                    let days = ty == FieldType::Days;
                    let mut field = recorded(Str::from(en), ty, name.span);
                    field.labels.push(Str::from(zh));
                    if days {
                        field.default = Default::Value(Value::Number(Number::ZERO));
                        field.decimals = 0;
                        field.range = Some((Number::ZERO, Number::from_i64(100_000)));
                    }
                    fields.push(field);
                }
                let list =
                    self.program.schema.fields.push(recorded(full, FieldType::Records(fields), name.span));
                self.program.schema.last.push(LastField {
                    name: name.text.clone(),
                    ty: Type::Records(list.0),
                    value: Some(list),
                    since: None,
                });
                list
            }
        };
        Some(LastLadder { list, item_key, key: 0, step: 1, on: 2, approved: 3, held: 4, held_since: 5 })
    }

    /// The field by which the records of a construct are found: the item's key, with its place among the item's fields. A list
    /// without a key is reported.
    fn record_key(&mut self, name: &ast::Name, scope: &Scope) -> Option<(Option<u32>, Field)> {
        match scope.item {
            None => Some((None, recorded(Str::from("key"), FieldType::Text, name.span))),
            Some(list) => {
                let field = self.program.schema.fields.get(list)?;
                let FieldType::Records(fields) = &field.ty else { return None };
                let place = fields.iter().position(|field| field.key);
                let Some((place, key)) = place.and_then(|place| Some((place, fields.get(place)?))) else {
                    let (list, span) = (field.name.clone(), field.span);
                    self.report(
                        Diagnostic::new("E231", name.span)
                            .arg("name", &name.text)
                            .arg("list", list)
                            .label(span, "list")
                            .help("key"),
                    );
                    return None;
                };
                Some((u32::try_from(place).ok(), Field { default: Default::Required, ..key.clone() }))
            }
        }
    }

    /// The facts that hold what the holds of checks were: a list of records found by the item's key, with two fields a hold.
    pub(crate) fn last_checks(
        &mut self,
        checks: &ast::Checks,
        statuses: EnumId,
        scope: &Scope,
    ) -> Option<hir::LastChecks> {
        let name = &checks.name;
        let (item_key, key) = self.record_key(name, scope)?;
        if !self.claim_last(name, name.span) {
            return None;
        }
        let full = Str::from(format!("last.{}", name.text));
        let list = match self.program.schema.find(&full) {
            Some(list) => list,
            None => {
                let mut fields = vec![key];
                for check in &checks.checks {
                    let hold = &check.name;
                    let label = Self::label(&check.label, hold);
                    let status = recorded(hold.text.clone(), FieldType::Enum(statuses), hold.span);
                    fields.push(Field { label: label.clone(), ..status });
                    let since = format!("{}.since", hold.text);
                    let mut since = recorded(Str::from(since), FieldType::Date, hold.span);
                    since.label = Label {
                        en: Str::from(format!("{}, since", label.en)),
                        zh: Str::from(format!("{}起始日", label.zh)),
                    };
                    since.labels.push(Str::from(format!("{}.起始日", hold.text)));
                    fields.push(since);
                }
                let records = recorded(full, FieldType::Records(fields), name.span);
                let list = self.program.schema.fields.push(records);
                self.program.schema.last.push(LastField {
                    name: name.text.clone(),
                    ty: Type::Records(list.0),
                    value: Some(list),
                    since: None,
                });
                list
            }
        };
        Some(hir::LastChecks { list, item_key, key: 0 })
    }
}

/// Calls the facts of the last decision by what people call their values, which are all known only at the end. What a policy that
/// is used records stands in a decision behind its name, and is found by that name as well.
pub(super) fn label(program: &mut hir::Program, last_of: &BTreeMap<Str, Span>) {
    let root = program.policies.ids().last();
    let ids: Vec<FieldId> = program.schema.fields.ids().collect();
    for id in ids {
        let Some(field) = program.schema.fields.get_mut(id) else { continue };
        let Some(rest) = field.name.strip_prefix("last.") else { continue };
        if rest == "on" {
            field.label =
                Label { en: Str::from("day of the last decision"), zh: Str::from("上次评定日") };
            continue;
        }
        let (what, since) = rest.strip_suffix(".since").map_or((rest, false), |what| (what, true));
        let (what, since) = (what.to_owned(), since);
        let place = last_of.get(&*what);
        let value = program.values.iter().find(|value| place == Some(&value.name_span));
        let used = value.filter(|value| Some(value.policy) != root);
        if let Some(policy) = used.and_then(|value| program.policies.get(value.policy)) {
            let rest = if since { ".since" } else { "" };
            field.labels.push(Str::from(format!("last.{}.{what}{rest}", policy.name)));
        }
        let what = &*what;
        let of = value.map_or_else(|| Label::same(what), |value| value.label.clone());
        let (en, zh) = if since { (", since", "起始日") } else { ("", "") };
        field.label = Label {
            en: Str::from(format!("last {}{en}", of.en)),
            zh: Str::from(format!("上次{}{zh}", of.zh)),
        };
    }
}

/// A fact of the last decision: unknown the first time.
fn recorded(name: Str, ty: FieldType, span: Span) -> Field {
    let most = Number::power_of_ten(15);
    let range = ty.unit().map(|_| (most.neg(), most));
    let decimals = if ty.unit().is_some() { DECIMALS } else { 0 };
    Field { decimals, range, default: Default::Unknown, ..Field::new(name, ty, span) }
}
