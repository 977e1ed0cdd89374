//! Facts: types, ranges, decimals, and what stands for a fact that is not given.

use super::context::{Checker, Declared, Entity, Scope, Why};
use super::hir::ValueRange;
use crate::base::{Span, Str};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{Default, Field, FieldId, FieldType, MOST_ITEMS, Misfit, Number, Type, Value};

/// As many decimals as a fact may declare; a decision shows 28 digits in all.
pub(super) const MOST_DECIMALS: u32 = 28;

impl<'a> Checker<'a> {
    /// Declares the facts of a block; those of used policies are the same facts where they agree.
    pub(super) fn declare_facts(&mut self, facts: &'a [ast::Fact], scope: &Scope) {
        for fact in facts {
            self.no_latest(fact);
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
                    self.mention_item(fact.name.span, Declared { entity: Entity::Fact(id), span });
                    self.merge(id, field, fact);
                    self.order_of(id, fact);
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
            self.order_of(id, fact);
            self.declare_customer(&fact.name, Entity::Fact(id));
            self.declare_fields(id, fact, scope);
        }
    }

    /// Only a reference is read by the latest day.
    fn no_latest(&mut self, fact: &ast::Fact) {
        if let Some(within) = &fact.latest_within {
            self.report(Diagnostic::new("E268", within.span).variant("fact"));
        }
    }

    /// Notes in which order a list of values comes; two policies must say the same.
    fn order_of(&mut self, id: FieldId, fact: &ast::Fact) {
        let said = fact.oldest_first.map(|span| (true, span)).or(fact.latest_first.map(|span| (false, span)));
        let Some((oldest_first, span)) = said else { return };
        match self.list_orders.get(&id).copied() {
            Some((known, _)) if known == oldest_first => {}
            Some((_, other)) => self.report(
                Diagnostic::new("E230", span)
                    .variant("order")
                    .arg("name", &fact.name.text)
                    .label(other, "other"),
            ),
            None => {
                self.list_orders.insert(id, (oldest_first, span));
            }
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
        self.declare_built_in(id, fact, scope);
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
        for (name, place) in &places {
            self.mention_item(name.span, Declared { entity: Entity::Field(id, *place), span: name.span });
        }
        let Some(names) = self.names.get_mut(scope.policy) else { return };
        let items = names.items.entry(id).or_default();
        for (name, place) in places {
            items.entry(name.text).or_insert(Declared { entity: Entity::Field(id, place), span: name.span });
        }
    }

    /// A fact, or a field of records.
    pub(super) fn fact(&mut self, fact: &'a ast::Fact, scope: &Scope, nested: bool) -> Option<Field> {
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
            labels: labels(&fact.label, &fact.name.text),
            label: Checker::label(&fact.label, &fact.name),
            decimals,
            range: bounds.range,
            open: bounds.open,
            dates: bounds.dates,
            key: fact.key.is_some(),
            personal: fact.personal.is_some(),
            internal: fact.internal.is_some(),
            ..Field::new(fact.name.text.clone(), ty, fact.name.span)
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
                    self.no_latest(part);
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
            ast::TypeKind::List(None, of)
                if !nested && matches!(of.kind, ast::TypeKind::SignOff(_) | ast::TypeKind::Exception(_)) =>
            {
                self.built_in_records(of, scope).map(FieldType::Records)
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
                let of = Field { range: None, ..Field::new(fact.name.text.clone(), ty, of.span) };
                let of = Box::new(of);
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
        let found = FieldType::holding(ty);
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
        if let (Some(first), Some(second)) = (fact.oldest_first, fact.latest_first) {
            self.report(Diagnostic::new("E226", second).variant("orders").label(first, "order"));
        }
        if let Some(span) = fact.oldest_first.or(fact.latest_first)
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
}

/// The bounds of a fact.
pub(super) struct Bounds {
    pub(super) range: Option<(Number, Number)>,
    pub(super) open: (bool, bool),
    pub(super) dates: Option<(crate::value::Date, crate::value::Date)>,
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
