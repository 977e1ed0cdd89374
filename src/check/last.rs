//! What the last recorded decision said, as facts: `last.stance`, `last.stance.since`, `last.on`, and the records of
//! ladders. A policy without state reads its own past only through them.

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
            Some(ty) => match self.last_value(name, &ty) {
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
        let fact = self.last_of(value, scope).and_then(|ty| self.last_value(value, &ty));
        match fact {
            Some((_, since)) => hir::Expr { kind: ExprKind::Fact(since), ty: Type::Date, span },
            None => Self::error(span),
        }
    }

    /// The value of the customer whose last one is asked for.
    fn last_of(&mut self, name: &ast::Name, scope: &Scope) -> Option<Type> {
        let names = self.names.get(scope.policy)?;
        let found = names.customer.get(&name.text).copied();
        let Some(Declared { entity: Entity::Value(id), span }) = found else {
            if self.unresolved.contains(&(scope.policy, name.text.clone())) {
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
            Some(ty) => Some(ty),
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

    /// The facts that hold what the last decision said of a value of the customer, and since when.
    pub(crate) fn last_value(&mut self, name: &ast::Name, ty: &Type) -> Option<(FieldId, FieldId)> {
        let Some(field) = FieldType::holding(ty) else {
            let report = Diagnostic::new("E222", name.span).variant("unit").arg("name", &name.text);
            let report = self.with_type(report, "type", ty);
            self.report(report);
            return None;
        };
        if let Some(known) = self.program.schema.last.iter().find(|known| known.name == name.text) {
            if let (true, Some(value), Some(since)) = (known.ty == *ty, known.value, known.since) {
                return Some((value, since));
            }
            self.report(Diagnostic::new("E222", name.span).variant("differs").arg("name", &name.text));
            return None;
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
        let full = Str::from(format!("last.{}", name.text));
        let list = match self.program.schema.find(&full) {
            Some(list) => list,
            None => {
                let mut fields = vec![key];
                for check in &checks.checks {
                    let hold = &check.name;
                    fields.push(recorded(hold.text.clone(), FieldType::Enum(statuses), hold.span));
                    let since = format!("{}.since", hold.text);
                    let mut since = recorded(Str::from(since), FieldType::Date, hold.span);
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

/// Calls the facts of the last decision by what people call their values, which are all known only at the end.
pub(super) fn label(program: &mut hir::Program) {
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
        // The policy that was asked for stands last, and its names go before those of the policies that it uses.
        let value = program.values.iter().rev().find(|value| &*value.name == what);
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
