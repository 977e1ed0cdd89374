//! Facts, parameters, scripts: types, ranges, decimals, and what stands for a fact that is not given.

use super::context::{Checker, Declared, Entity, Expected, Scope, Why};
use super::hir::{self, ValueRange};
use crate::base::{Label, Span, Str, nearest};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{Default, Field, FieldId, FieldType, MOST_ITEMS, Misfit, Number, Type, Unit, Value};

/// As many decimals as a fact may declare; a decision shows 28 digits in all.
const MOST_DECIMALS: u32 = 28;

/// The names of the built-in types, for a suggestion.
const BUILT_IN: [&str; 14] = [
    "number",
    "percent",
    "money",
    "days",
    "months",
    "date",
    "text",
    "数值",
    "百分比",
    "金额",
    "天数",
    "月数",
    "日期",
    "文本",
];

impl<'a> Checker<'a> {
    /// Declares the facts of a block; those of used policies are the same facts where they agree.
    pub(super) fn declare_facts(&mut self, facts: &'a [ast::Fact], scope: &Scope) {
        for fact in facts {
            let Some(field) = self.fact(fact, scope, false) else {
                self.unresolved.insert((scope.policy, fact.name.text.clone()));
                continue;
            };
            if field.key {
                self.customer_key(&field, scope);
            }
            let own =
                self.names.get(scope.policy).and_then(|names| names.customer.get(&fact.name.text)).copied();
            match own {
                Some(Declared { entity: Entity::Fact(id), span }) if !self.owns(scope, span) => {
                    // Listed in `use` and declared as well.
                    self.merge(id, field, fact);
                    self.declare_fields(id, fact, scope);
                    continue;
                }
                Some(first) => {
                    self.twice(&fact.name, first.span);
                    continue;
                }
                None => {}
            }
            let id = match self.program.schema.find(&fact.name.text) {
                Some(id) => {
                    self.merge(id, field, fact);
                    id
                }
                None => self.program.schema.fields.push(field),
            };
            self.declare_customer(&fact.name, Entity::Fact(id));
            self.declare_fields(id, fact, scope);
        }
    }

    /// Whether a name stands for a fact by its declaration rather than by a `use`.
    fn owns(&self, scope: &Scope, span: Span) -> bool {
        self.own_facts.contains(&(scope.policy, span))
    }

    fn customer_key(&mut self, field: &Field, scope: &Scope) {
        let other = self
            .program
            .schema
            .fields
            .iter()
            .find(|other| other.key && other.name != field.name)
            .map(|other| (other.name.clone(), other.span));
        if let Some((name, span)) = other
            && scope.item.is_none()
        {
            self.report(
                Diagnostic::new("E231", field.span).variant("two").arg("name", name).label(span, "first"),
            );
        }
    }

    /// The names of the fields of a record list.
    fn declare_fields(&mut self, id: FieldId, fact: &ast::Fact, scope: &Scope) {
        self.own_facts.insert((scope.policy, fact.name.span));
        let ast::TypeKind::Records(fields) = &fact.ty.kind else { return };
        let places: Vec<(ast::Name, u32)> = match self.program.schema.fields.get(id).map(|list| &list.ty) {
            Some(FieldType::Records(known)) => fields
                .iter()
                .filter_map(|field| {
                    let place = known.iter().position(|other| other.name == field.name.text)?;
                    Some((field.name.clone(), u32::try_from(place).ok()?))
                })
                .collect(),
            _ => Vec::new(),
        };
        for field in fields {
            if places.iter().all(|(name, _)| name.text != field.name.text) {
                self.unresolved_fields.insert((id, field.name.text.clone()));
            }
        }
        let Some(names) = self.names.get_mut(scope.policy) else { return };
        let items = names.items.entry(id).or_default();
        for (name, place) in places {
            items.entry(name.text).or_insert(Declared { entity: Entity::Field(id, place), span: name.span });
        }
    }

    /// A fact, or a field of records.
    fn fact(&mut self, fact: &'a ast::Fact, scope: &Scope, nested: bool) -> Option<Field> {
        let ty = self.fact_type(fact, scope, nested)?;
        let value = ty.ty(0);
        // Range and decimals of a list of values are those of its values.
        let (element, element_type) = match &ty {
            FieldType::List { of, .. } => (of.ty.ty(0), of.ty.clone()),
            _ => (value.clone(), ty.clone()),
        };
        let bounds = self.bounds(&fact.range, &element, &element_type, scope);
        let decimals = self.decimals(fact, &element_type);
        let mut field = Field {
            name: fact.name.text.clone(),
            labels: labels(&fact.label, &fact.name.text),
            label: Checker::label(&fact.label, &fact.name),
            ty,
            decimals,
            range: bounds.range,
            open: bounds.open,
            dates: bounds.dates,
            default: Default::Required,
            unknown_when: Vec::new(),
            key: fact.key.is_some(),
            personal: fact.personal.is_some(),
            span: fact.name.span,
        };
        if let FieldType::List { of, .. } = &mut field.ty {
            of.decimals = decimals;
            of.range = field.range.take();
            of.open = std::mem::take(&mut field.open);
            of.dates = field.dates.take();
        }
        self.clauses(fact, &mut field, &value, scope);
        Some(field)
    }

    fn fact_type(&mut self, fact: &'a ast::Fact, scope: &Scope, nested: bool) -> Option<FieldType> {
        match &fact.ty.kind {
            ast::TypeKind::Records(_) if nested => {
                self.report(Diagnostic::new("E226", fact.ty.span).variant("nested"));
                None
            }
            ast::TypeKind::Records(fields) => {
                let mut lowered: Vec<Field> = Vec::new();
                for part in fields {
                    let Some(field) = self.fact(part, scope, true) else { continue };
                    if let Some(first) = lowered.iter().find(|other| other.name == field.name) {
                        self.twice(&part.name, first.span);
                        continue;
                    }
                    if let (true, Some(first)) = (field.key, lowered.iter().find(|other| other.key)) {
                        self.report(
                            Diagnostic::new("E231", field.span)
                                .variant("two")
                                .arg("name", &first.name)
                                .label(first.span, "first"),
                        );
                    }
                    lowered.push(field);
                }
                Some(FieldType::Records(lowered))
            }
            ast::TypeKind::List(length, of) => {
                if nested || matches!(of.kind, ast::TypeKind::List(..) | ast::TypeKind::Records(_)) {
                    self.report(Diagnostic::new("E226", fact.ty.span).variant("nested"));
                    return None;
                }
                let ty = self.type_expr(of, scope).and_then(|ty| self.field_type(&ty, of.span))?;
                let length = match length {
                    None => None,
                    Some(literal) => {
                        Some(self.whole(literal, 1, u32::try_from(MOST_ITEMS).unwrap_or(u32::MAX))?)
                    }
                };
                let of = Box::new(Field {
                    name: fact.name.text.clone(),
                    labels: Vec::new(),
                    label: Label::same(fact.name.text.clone()),
                    decimals: ty.default_decimals(),
                    range: None,
                    ty,
                    open: (false, false),
                    dates: None,
                    default: Default::Required,
                    unknown_when: Vec::new(),
                    key: false,
                    personal: false,
                    span: of.span,
                });
                Some(FieldType::List { of, length })
            }
            _ => {
                let ty = self.type_expr(&fact.ty, scope)?;
                self.field_type(&ty, fact.ty.span)
            }
        }
    }

    /// The type of a fact that holds values of this type; none for what no file holds.
    pub(super) fn field_type(&mut self, ty: &Type, span: Span) -> Option<FieldType> {
        let found = field_type_of(ty);
        if found.is_none() {
            let report = Diagnostic::new("E226", span).variant("type");
            let report = self.with_type(report, "type", ty);
            self.report(report);
        }
        found
    }

    /// The range of a fact or a parameter: its own, the default of its type where a bound is missing.
    pub(super) fn bounds(
        &mut self,
        range: &ast::Range,
        ty: &Type,
        field: &FieldType,
        scope: &Scope,
    ) -> Bounds {
        let mut bounds = Bounds { range: field.default_range(), open: (false, false), dates: None };
        if range.from.is_none() && range.to.is_none() {
            return bounds;
        }
        match ty {
            Type::Number(_) => {
                let written = self.range(range, ty, scope);
                if let Some((least, greatest)) = &mut bounds.range {
                    if let Some((from, inclusive)) = written.from {
                        *least = from;
                        bounds.open.0 = !inclusive;
                    }
                    if let Some((to, inclusive)) = written.to {
                        *greatest = to;
                        bounds.open.1 = !inclusive;
                    }
                }
                let empty = bounds.range.as_ref().is_some_and(|(least, greatest)| least > greatest);
                if let (true, Some(span)) = (empty, range_span(range)) {
                    self.report(Diagnostic::new("E227", span).variant("default"));
                    bounds.range = field.default_range();
                }
            }
            Type::Date => {
                let day = |cx: &mut Self, bound: &Option<(ast::Expr, bool)>| {
                    let (expr, inclusive) = bound.as_ref()?;
                    match cx.constant(expr, &Type::Date, scope, Why::plain("range"))? {
                        Value::Date(day) => Some((day, *inclusive)),
                        _ => None,
                    }
                };
                let from = day(self, &range.from);
                let to = day(self, &range.to);
                let next = |day: crate::value::Date, by: i64| day.add_days(by).unwrap_or(day);
                let from = from.map_or(
                    crate::value::Date::MIN,
                    |(day, inclusive)| {
                        if inclusive { day } else { next(day, 1) }
                    },
                );
                let to = to.map_or(
                    crate::value::Date::MAX,
                    |(day, inclusive)| {
                        if inclusive { day } else { next(day, -1) }
                    },
                );
                if let (true, Some(span)) = (from > to, range_span(range)) {
                    self.report(Diagnostic::new("E227", span));
                } else {
                    bounds.dates = Some((from, to));
                }
            }
            _ => {
                if let Some(span) = range_span(range) {
                    let report = self.with_type(Diagnostic::new("E226", span).variant("range"), "type", ty);
                    self.report(report);
                }
            }
        }
        bounds
    }

    /// The range behind a type; bounds that are not written are missing.
    pub(crate) fn range(&mut self, range: &ast::Range, ty: &Type, scope: &Scope) -> ValueRange {
        let bound = |cx: &mut Self, bound: &Option<(ast::Expr, bool)>| {
            let (expr, inclusive) = bound.as_ref()?;
            match cx.constant(expr, ty, scope, Why::plain("range"))? {
                Value::Number(number) => Some((number, *inclusive)),
                _ => None,
            }
        };
        let from = bound(self, &range.from);
        let to = bound(self, &range.to);
        if let (Some((least, in_from)), Some((greatest, in_to)), Some(span)) = (&from, &to, range_span(range))
        {
            let empty = least > greatest || least == greatest && !(*in_from && *in_to);
            if empty {
                self.report(Diagnostic::new("E227", span));
                return ValueRange::default();
            }
        }
        ValueRange { from, to }
    }

    fn decimals(&mut self, fact: &ast::Fact, ty: &FieldType) -> u32 {
        let Some(literal) = &fact.decimals else { return ty.default_decimals() };
        if ty.unit().is_none() {
            let report = Diagnostic::new("E226", literal.span).variant("decimals");
            let report = self.with_type(report, "type", &ty.ty(0));
            self.report(report);
            return 0;
        }
        self.whole(literal, 0, MOST_DECIMALS).unwrap_or_else(|| ty.default_decimals())
    }

    /// A whole number from `least` to `most`; reported where it is none.
    pub(crate) fn whole(&mut self, literal: &ast::Literal, least: u32, most: u32) -> Option<u32> {
        let found = match &literal.kind {
            ast::LiteralKind::Number(text, ast::NumberUnit::Bare) => {
                text.parse::<u32>().ok().filter(|n| (least..=most).contains(n))
            }
            _ => None,
        };
        if found.is_none() {
            self.report(
                Diagnostic::new("E229", literal.span)
                    .arg("written", &literal.written)
                    .arg("least", least)
                    .arg("most", most),
            );
        }
        found
    }

    fn clauses(&mut self, fact: &'a ast::Fact, field: &mut Field, ty: &Type, scope: &Scope) {
        if let Some(span) = fact.oldest_first
            && !matches!(field.ty, FieldType::List { .. })
        {
            self.report(Diagnostic::new("E226", span).variant("order"));
        }
        if fact.optional.is_some() {
            field.default = Default::Unknown;
        }
        if let (Some(key), Some(other)) =
            (fact.key, fact.optional.or(fact.default.as_ref().map(|default| default.span)))
        {
            self.report(Diagnostic::new("E226", other).variant("key").label(key, "of_key"));
        }
        if let Some(key) = fact.key
            && !matches!(field.ty, FieldType::Text | FieldType::Number | FieldType::Date | FieldType::Enum(_))
        {
            let report = self.with_type(Diagnostic::new("E226", key).variant("key_type"), "type", ty);
            self.report(report);
        }
        if let Some(default) = &fact.default {
            if let Some(optional) = fact.optional {
                self.report(
                    Diagnostic::new("E226", default.span)
                        .variant("default")
                        .label(optional, "optional")
                        .help("default"),
                );
            } else if let Some(value) = self.constant(default, ty, scope, Why::at("fact", fact.ty.span)) {
                self.admitted(field, &value, default.span, &fact.range);
                field.default = Default::Value(value);
            }
        }
        for value in &fact.unknown_when {
            if let Some(value) = self.constant(value, ty, scope, Why::at("fact", fact.ty.span)) {
                field.unknown_when.push(value);
            }
        }
    }

    /// Reports a constant that the fact itself would refuse.
    pub(super) fn admitted(&mut self, field: &Field, value: &Value, span: Span, range: &ast::Range) {
        let variant = match field.misfit(value) {
            None => return,
            Some(Misfit::Below) => "below",
            Some(Misfit::Above) => "above",
            Some(Misfit::Decimals) => "decimals",
            Some(Misfit::Length | Misfit::TooMany) => "length",
        };
        let mut report = Diagnostic::new("E228", span)
            .variant(variant)
            .arg("name", &field.name)
            .arg("decimals", field.decimals);
        if let Some(span) = range_span(range) {
            report = report.label(span, "range");
        }
        self.report(report);
    }

    /// Makes one fact of two of the same name: same type and range; required where one of the policies requires it.
    fn merge(&mut self, id: FieldId, mut field: Field, fact: &ast::Fact) {
        let Some(known) = self.program.schema.fields.get(id).cloned() else { return };
        let what = merge_field(&known, &mut field);
        match what {
            Some(what) => self.report(
                Diagnostic::new("E230", fact.name.span)
                    .variant(what)
                    .arg("name", &fact.name.text)
                    .label(known.span, "other"),
            ),
            None => {
                if let Some(place) = self.program.schema.fields.get_mut(id) {
                    *place = field;
                }
            }
        }
    }

    /// Declares a parameter.
    pub(super) fn declare_param(&mut self, param: &'a ast::Param, span: Span, scope: &Scope) {
        let Some(ty) = self.type_expr(&param.ty, scope) else {
            self.unresolved.insert((scope.policy, param.name.text.clone()));
            return;
        };
        let field = match field_type_of(&ty) {
            Some(field) if !matches!(ty, Type::List(_) | Type::Records(_) | Type::Set(_)) => field,
            _ => {
                let report = Diagnostic::new("E226", param.ty.span).variant("param");
                let report = self.with_type(report, "type", &ty);
                self.report(report);
                self.unresolved.insert((scope.policy, param.name.text.clone()));
                return;
            }
        };
        let bounds = self.bounds(&param.range, &ty, &field, scope);
        let decimals = field.default_decimals();
        let default = self.constant(&param.value, &ty, scope, Why::at("param", param.ty.span));
        let field = Field {
            name: param.name.text.clone(),
            labels: Vec::new(),
            label: Label::same(param.name.text.clone()),
            ty: field,
            // What a policy writes of itself may have as many decimals as it needs.
            decimals: MOST_DECIMALS,
            range: bounds.range.clone(),
            open: bounds.open,
            dates: bounds.dates,
            default: Default::Required,
            unknown_when: Vec::new(),
            key: false,
            personal: false,
            span: param.name.span,
        };
        if let Some(value) = &default {
            self.admitted(&field, value, param.value.span, &param.range);
        }
        let range = match bounds.range {
            Some((least, greatest)) => {
                ValueRange { from: Some((least, !bounds.open.0)), to: Some((greatest, !bounds.open.1)) }
            }
            None => ValueRange::default(),
        };
        let id = self.program.params.push(hir::Param {
            policy: scope.policy,
            name: param.name.text.clone(),
            label: Self::label(&param.label, &param.name),
            default: default.unwrap_or_else(|| any_value(&ty)),
            ty,
            range,
            decimals,
            cite: param.cite.as_ref().map(|cite| cite.value.clone()),
            span,
        });
        self.declare_customer(&param.name, Entity::Param(id));
    }

    /// Declares the functions of a script.
    pub(super) fn declare_script(
        &mut self,
        script: &'a ast::Script,
        scripts: &dyn Fn(&str) -> Option<Str>,
        scope: &Scope,
    ) {
        // A file that cannot be read was reported by who looked for it.
        let source = scripts(&script.file.value);
        for function in &script.functions {
            let parameters: Vec<Option<Type>> =
                function.parameters.iter().map(|ty| self.script_type(ty, true, scope)).collect();
            let result = self.script_type(&function.result, false, scope);
            let parameters: Option<Vec<Type>> = parameters.into_iter().collect();
            let (Some(parameters), Some(result)) = (parameters, result) else {
                self.unresolved.insert((scope.policy, function.name.text.clone()));
                continue;
            };
            let range = match &result {
                Type::Number(_) => self.range(&function.range, &result, scope),
                _ => {
                    if let Some(span) = range_span(&function.range) {
                        let report = Diagnostic::new("E226", span).variant("range");
                        let report = self.with_type(report, "type", &result);
                        self.report(report);
                    }
                    ValueRange::default()
                }
            };
            let id = self.program.scripts.push(hir::Script {
                policy: scope.policy,
                file: script.file.value.clone(),
                source: source.clone().unwrap_or_else(|| Str::from("")),
                name: function.name.text.clone(),
                label: Self::label(&function.label, &function.name),
                parameters,
                result,
                range,
                span: function.span,
            });
            self.declare_customer(&function.name, Entity::Script(id));
        }
    }

    /// The type of a parameter or result of a script; a parameter may be a list of values.
    fn script_type(&mut self, ty: &ast::TypeExpr, parameter: bool, scope: &Scope) -> Option<Type> {
        let found = match &ty.kind {
            ast::TypeKind::List(_, of) if parameter => {
                self.type_expr(of, scope).map(|of| Type::List(Box::new(of)))
            }
            _ => self.type_expr(ty, scope),
        }?;
        let fits = match &found {
            Type::List(of) => parameter && !matches!(**of, Type::List(_) | Type::Records(_) | Type::Set(_)),
            Type::Records(_) | Type::Set(_) => false,
            Type::YesNo | Type::Number(_) | Type::Date | Type::Text | Type::Enum(_) => true,
        };
        if fits {
            return Some(found);
        }
        let report = self.with_type(Diagnostic::new("E242", ty.span), "type", &found);
        self.report(report);
        None
    }

    /// A type as written; none where it was reported.
    pub(crate) fn type_expr(&mut self, ty: &ast::TypeExpr, scope: &Scope) -> Option<Type> {
        let unit = match &ty.kind {
            ast::TypeKind::Number => Unit::NUMBER,
            ast::TypeKind::Percent => Unit::PERCENT,
            ast::TypeKind::Days => Unit::DAYS,
            ast::TypeKind::Months => Unit::MONTHS,
            ast::TypeKind::Money(None) => return self.own_money(scope, ty.span).map(Type::Number),
            ast::TypeKind::Money(Some(name)) => {
                let Some(currency) = crate::value::Currency::parse(&name.text) else {
                    self.report(Diagnostic::new("E224", name.span).arg("name", &name.text));
                    return None;
                };
                Unit::money(currency)
            }
            ast::TypeKind::Date => return Some(Type::Date),
            ast::TypeKind::Text => return Some(Type::Text),
            ast::TypeKind::YesNo => return Some(Type::YesNo),
            ast::TypeKind::Named(path) => return self.named_type(path, scope).map(Type::Enum),
            ast::TypeKind::Set(path) => return self.named_type(path, scope).map(Type::Set),
            ast::TypeKind::List(..) | ast::TypeKind::Records(_) => {
                self.report(Diagnostic::new("E226", ty.span).variant("list"));
                return None;
            }
            ast::TypeKind::Error => return None,
        };
        Some(Type::Number(unit))
    }

    /// Money of the policy's own currency.
    pub(super) fn own_money(&mut self, scope: &Scope, span: Span) -> Option<Unit> {
        let names = self.names.get(scope.policy)?;
        if let Some(currency) = names.currency {
            return Some(Unit::money(currency));
        }
        let header = self.program.policies.get(scope.policy).map_or(span, |policy| policy.span);
        if !self.reported.iter().any(|(code, at)| *code == "E224" && *at == Some(header)) {
            self.report(
                Diagnostic::new("E224", header).variant("missing").label(span, "money").help("missing"),
            );
        }
        None
    }

    fn named_type(&mut self, path: &[ast::Name], scope: &Scope) -> Option<crate::value::EnumId> {
        let (policy, name) = match path {
            [name] => (scope.policy, name),
            [policy, name] => match self.names.get(scope.policy)?.uses.get(&policy.text) {
                Some(id) => (*id, name),
                None => {
                    self.unknown_policy(policy, scope);
                    return None;
                }
            },
            _ => return None,
        };
        let enums = &self.names.get(policy)?.enums;
        if let Some(id) = enums.get(&name.text) {
            return Some(*id);
        }
        if self.unresolved.contains(&(scope.policy, name.text.clone())) {
            return None;
        }
        let report = Diagnostic::new("E203", name.span).arg("name", &name.text);
        let known: Vec<Str> = enums.keys().cloned().collect();
        let known = known.iter().map(|name| &**name).chain(BUILT_IN.iter().copied());
        let report = match nearest(&name.text, known) {
            Some(near) => report.arg("near", near).fix("near", name.span, near, false),
            None => report.help("types"),
        };
        self.report(report);
        None
    }

    pub(super) fn unknown_policy(&mut self, policy: &ast::Name, scope: &Scope) {
        if self.unresolved.contains(&(scope.policy, policy.text.clone())) {
            return;
        }
        let known: Vec<Str> = self
            .names
            .get(scope.policy)
            .map(|names| names.uses.keys().cloned().collect())
            .unwrap_or_default();
        let report = Diagnostic::new("E201", policy.span).variant("policy").arg("name", &policy.text);
        let report = match nearest(&policy.text, known.iter().map(|name| &**name)) {
            Some(near) => report.arg("near", near).fix("near", policy.span, near, false),
            None => report.help("use"),
        };
        self.report(report);
    }

    /// Adds how a type is called, in both languages.
    pub(crate) fn with_type(&self, report: Diagnostic, key: &'static str, ty: &Type) -> Diagnostic {
        let enums = &self.program.schema.enums;
        report.arg_in(
            key,
            ty.describe(enums, crate::base::Lang::En),
            ty.describe(enums, crate::base::Lang::Zh),
        )
    }

    /// A constant of a type: a literal with its sign, a member of a kind, a list of these.
    pub(crate) fn constant(&mut self, expr: &ast::Expr, ty: &Type, scope: &Scope, why: Why) -> Option<Value> {
        let lowered = self.expr(expr, scope, &Expected::Type(ty.clone(), why));
        let found = const_value(&lowered);
        if found.is_none() && !matches!(lowered.kind, hir::ExprKind::Error) {
            self.report(Diagnostic::new("E232", expr.span));
        }
        found
    }

    /// A constant of this unit: a literal with its sign. Percents are fractions.
    pub(crate) fn constant_number(&mut self, expr: &ast::Expr, unit: Unit) -> Option<Number> {
        let scope = Scope::customer(self.policy);
        match self.constant(expr, &Type::Number(unit), &scope, Why::plain("constant"))? {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }
}

/// The bounds of a fact.
pub(super) struct Bounds {
    pub(super) range: Option<(Number, Number)>,
    pub(super) open: (bool, bool),
    pub(super) dates: Option<(crate::value::Date, crate::value::Date)>,
}

fn const_value(expr: &hir::Expr) -> Option<Value> {
    match &expr.kind {
        hir::ExprKind::Const(value) => Some(value.clone()),
        hir::ExprKind::List(values) => {
            let values: Option<Vec<Value>> = values.iter().map(const_value).collect();
            values.map(|values| Value::List(values.into()))
        }
        _ => None,
    }
}

/// A value of the type, to go on with after a mistake.
fn any_value(ty: &Type) -> Value {
    match ty {
        Type::YesNo => Value::Bool(false),
        Type::Number(_) => Value::Number(Number::ZERO),
        Type::Date => Value::Date(crate::value::Date(0)),
        Type::Text => Value::Text(Str::from("")),
        Type::Enum(_) => Value::Code(0),
        Type::Set(_) => Value::Set(0),
        Type::List(_) | Type::Records(_) => Value::List(Vec::new().into()),
    }
}

/// Where a range stands.
pub(super) fn range_span(range: &ast::Range) -> Option<Span> {
    let from = range.from.as_ref().map(|(expr, _)| expr.span);
    let to = range.to.as_ref().map(|(expr, _)| expr.span);
    match (from, to) {
        (Some(from), Some(to)) => Some(from.to(to)),
        (from, to) => from.or(to),
    }
}

/// The other names under which a file may give a fact.
fn labels(label: &ast::Label, name: &Str) -> Vec<Str> {
    let mut labels: Vec<Str> = Vec::new();
    for text in [&label.plain, &label.zh, &label.en].into_iter().flatten() {
        if text.value != *name && !labels.contains(&text.value) {
            labels.push(text.value.clone());
        }
    }
    labels
}

/// The fact that holds values of a type. A ratio is read as a number.
pub(super) fn field_type_of(ty: &Type) -> Option<FieldType> {
    Some(match ty {
        Type::YesNo => FieldType::YesNo,
        Type::Number(unit) if *unit == Unit::PERCENT => FieldType::Percent,
        Type::Number(unit) if unit.is_plain() => FieldType::Number,
        Type::Number(unit) if *unit == Unit::DAYS => FieldType::Days,
        Type::Number(unit) if *unit == Unit::MONTHS => FieldType::Months,
        Type::Number(unit) => match unit.currency {
            Some(currency) if *unit == Unit::money(currency) => FieldType::Money(currency),
            _ => return None,
        },
        Type::Date => FieldType::Date,
        Type::Text => FieldType::Text,
        Type::Enum(id) => FieldType::Enum(*id),
        Type::Set(id) => FieldType::Set(*id),
        Type::List(_) | Type::Records(_) => return None,
    })
}

/// Makes one of two declarations of a fact; the clause in which they differ, where they do.
fn merge_field(known: &Field, field: &mut Field) -> Option<&'static str> {
    match (&known.ty, &mut field.ty) {
        (FieldType::Records(old), FieldType::Records(new)) => {
            for other in old {
                match new.iter_mut().find(|field| field.name == other.name) {
                    None => {}
                    Some(field) => {
                        if let Some(what) = merge_field(other, field) {
                            return Some(what);
                        }
                    }
                }
            }
            let key =
                |fields: &[Field]| fields.iter().find(|field| field.key).map(|field| field.name.clone());
            if key(old).is_some() && key(new).is_some() && key(old) != key(new) {
                return Some("key");
            }
            // Places of known fields stand; new ones come behind them.
            let mut merged: Vec<Field> = Vec::new();
            for other in old {
                merged.push(new.iter().find(|field| field.name == other.name).unwrap_or(other).clone());
            }
            merged
                .extend(new.iter().filter(|field| old.iter().all(|other| other.name != field.name)).cloned());
            *new = merged;
        }
        (
            FieldType::List { of: old, length: old_length },
            FieldType::List { of: new, length: new_length },
        ) => {
            if old.ty != new.ty || old_length != new_length {
                return Some("type");
            }
            if old.range != new.range || old.open != new.open || old.decimals != new.decimals {
                return Some("range");
            }
        }
        (old, new) if *old != *new => return Some("type"),
        _ => {}
    }
    if known.range != field.range || known.open != field.open || known.dates != field.dates {
        return Some("range");
    }
    if known.decimals != field.decimals {
        return Some("decimals");
    }
    if known.unknown_when != field.unknown_when {
        return Some("unknown");
    }
    field.default = match (&known.default, &field.default) {
        (Default::Required, _) | (_, Default::Required) => Default::Required,
        (old, new) if old == new => old.clone(),
        _ => return Some("default"),
    };
    field.key |= known.key;
    field.personal |= known.personal;
    for label in &known.labels {
        if !field.labels.contains(label) {
            field.labels.push(label.clone());
        }
    }
    field.span = known.span;
    None
}
