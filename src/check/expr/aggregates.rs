//! Aggregates: over the items of a record list, and over a list of values.

use crate::base::Span;
use crate::check::bodies::is_error;
use crate::check::context::{Checker, Declared, Entity, Expected, Scope, Why};
use crate::check::hir::{self, AggregateFunction, ExprKind};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{FieldId, FieldType, Number, Type, Unit};

impl Checker<'_> {
    pub(super) fn aggregate(&mut self, aggregate: &ast::Aggregate, span: Span, scope: &Scope) -> hir::Expr {
        // `count of invoices` may come as a list without an operand or as an operand without a list.
        let bare_list = match (&aggregate.list, &aggregate.operand) {
            (None, Some(ast::Expr { kind: ast::ExprKind::Name(name), .. })) => Some(name),
            _ => None,
        };
        if let Some(name) = aggregate.list.as_ref().or(bare_list)
            && self.customer_list(name, scope).is_none_or(|id| self.is_records(id))
            && (aggregate.list.is_some() || self.customer_list(name, scope).is_some())
        {
            let Some(list) = self.list(name, scope) else { return Self::error(span) };
            let operand = if aggregate.list.is_some() { aggregate.operand.as_ref() } else { None };
            return self.item_aggregate(aggregate, list, operand, span, scope);
        }
        self.list_aggregate(aggregate, span, scope)
    }

    /// The list fact that a name of the customer stands for.
    fn customer_list(&self, name: &ast::Name, scope: &Scope) -> Option<FieldId> {
        match self.names.get(scope.policy)?.customer.get(&name.text)? {
            Declared { entity: Entity::Fact(id), .. } => {
                let field = self.program.schema.fields.get(*id)?;
                matches!(field.ty, FieldType::Records(_) | FieldType::List { .. }).then_some(*id)
            }
            _ => None,
        }
    }

    fn item_aggregate(
        &mut self,
        aggregate: &ast::Aggregate,
        list: FieldId,
        operand: Option<&ast::Expr>,
        span: Span,
        scope: &Scope,
    ) -> hir::Expr {
        let function = aggregate.function;
        let items = scope.with_item(list, None);
        let filter = aggregate.filter.as_ref().map(|filter| self.yes_no(filter, &items));
        let operand = match (function, operand) {
            (AggregateFunction::Count, Some(operand)) if aggregate.known.is_none() => {
                self.report(Diagnostic::new("E218", operand.span).variant("count").help("count"));
                return Self::error(span);
            }
            (AggregateFunction::Count, None) => None,
            (_, None) => {
                self.report(Diagnostic::new("E218", span).variant("operand").help("operand"));
                return Self::error(span);
            }
            (_, Some(operand)) => Some(self.expr(operand, &items, &wanted(function))),
        };
        if operand.as_ref().is_some_and(is_error) || filter.as_ref().is_some_and(is_error) {
            return Self::error(span);
        }
        let of = operand.as_ref().map(|operand| &operand.ty);
        let Some(ty) = self.result(function, of, span) else { return Self::error(span) };
        hir::Expr {
            kind: ExprKind::Aggregate {
                function,
                known: aggregate.known.is_some(),
                list,
                operand: operand.map(Box::new),
                filter: filter.map(Box::new),
            },
            ty,
            span,
        }
    }

    fn list_aggregate(&mut self, aggregate: &ast::Aggregate, span: Span, scope: &Scope) -> hir::Expr {
        let function = aggregate.function;
        if let Some(filter) = &aggregate.filter {
            self.report(Diagnostic::new("E218", filter.span).variant("filter"));
            return Self::error(span);
        }
        let list = match (&aggregate.list, &aggregate.operand) {
            (Some(name), None) => self.name(name, scope, &Expected::Subject),
            (None, Some(operand)) => self.expr(operand, scope, &Expected::Subject),
            (Some(name), Some(_)) => {
                // `sum of x in collections`: a list of values has no fields.
                self.report(
                    Diagnostic::new("E218", name.span)
                        .variant("values")
                        .arg("name", &name.text)
                        .help("values"),
                );
                return Self::error(span);
            }
            (None, None) => {
                self.report(Diagnostic::new("E218", span).variant("operand").help("operand"));
                return Self::error(span);
            }
        };
        if is_error(&list) {
            return list;
        }
        let Type::List(of) = &list.ty else {
            let report = Diagnostic::new("E218", list.span).variant("list").help("list");
            let report = self.with_type(report, "type", &list.ty);
            self.report(report);
            return Self::error(span);
        };
        let of = (**of).clone();
        let fits = match wanted(function) {
            Expected::Type(ty, _) => of == ty,
            Expected::Number(_) => matches!(of, Type::Number(_)),
            Expected::Ordered(_) => matches!(of, Type::Number(_) | Type::Date),
            Expected::Any | Expected::Subject => true,
        };
        let ty = if fits { self.result(function, Some(&of), span) } else { None };
        let Some(ty) = ty else {
            let report = Diagnostic::new("E218", list.span).variant("element");
            let report = self.with_type(report, "type", &of);
            self.report(report);
            return Self::error(span);
        };
        hir::Expr {
            kind: ExprKind::ListAggregate {
                function,
                known: aggregate.known.is_some(),
                list: Box::new(list),
            },
            ty,
            span,
        }
    }

    /// The type of an aggregate over values of a type.
    fn result(&self, function: AggregateFunction, of: Option<&Type>, _span: Span) -> Option<Type> {
        result_type(function, of)
    }

    /// `weighted average of collections by (1, 2, 3, 4, 5, 6)`
    pub(super) fn weighted_average(
        &mut self,
        of: &ast::Expr,
        weights: &[ast::Expr],
        span: Span,
        scope: &Scope,
    ) -> hir::Expr {
        let list = self.expr(of, scope, &Expected::Subject);
        let numbers: Vec<Option<Number>> =
            weights.iter().map(|weight| self.constant_number(weight, Unit::NUMBER)).collect();
        if is_error(&list) {
            return list;
        }
        let element = match &list.ty {
            Type::List(of) => match **of {
                Type::Number(unit) => unit,
                _ => {
                    let report = Diagnostic::new("E218", list.span).variant("element");
                    let report = self.with_type(report, "type", of);
                    self.report(report);
                    return Self::error(span);
                }
            },
            ty => {
                let report = Diagnostic::new("E218", list.span).variant("list").help("list");
                let report = self.with_type(report, "type", ty);
                self.report(report);
                return Self::error(span);
            }
        };
        let Some(numbers) = numbers.into_iter().collect::<Option<Vec<Number>>>() else {
            return Self::error(span);
        };
        let (length, declared) = self.length(&list);
        let written = match (weights.first(), weights.last()) {
            (Some(first), Some(last)) => first.span.to(last.span),
            _ => span,
        };
        match length {
            Some(length) if length == numbers.len() => {}
            Some(length) => {
                let mut report =
                    Diagnostic::new("E219", written).arg("count", numbers.len()).arg("length", length);
                if let Some(declared) = declared {
                    report = report.label(declared, "declared");
                }
                self.report(report);
                return Self::error(span);
            }
            None => {
                let mut report =
                    Diagnostic::new("E219", list.span).variant("unknown").arg("count", numbers.len());
                if let Some(declared) = declared {
                    report = report.label(declared, "declared");
                }
                self.report(report.help("length"));
                return Self::error(span);
            }
        }
        if Number::sum(&numbers).is_zero() {
            self.report(Diagnostic::new("E219", written).variant("zero"));
            return Self::error(span);
        }
        hir::Expr {
            kind: ExprKind::WeightedAverage(Box::new(list), numbers),
            ty: Type::Number(element),
            span,
        }
    }

    /// How many values a list always has, and where that is declared.
    pub(super) fn length(&self, list: &hir::Expr) -> (Option<usize>, Option<Span>) {
        match &list.kind {
            ExprKind::List(values) => (Some(values.len()), None),
            ExprKind::Recent { count, .. } => (Some(*count as usize), None),
            ExprKind::Fact(id) => match self.program.schema.fields.get(*id) {
                Some(field) => match &field.ty {
                    FieldType::List { length, .. } => {
                        (length.map(|length| length as usize), Some(field.span))
                    }
                    _ => (None, Some(field.span)),
                },
                None => (None, None),
            },
            _ => (None, None),
        }
    }
}

/// What an aggregate takes.
pub(crate) fn wanted(function: AggregateFunction) -> Expected {
    let why = Why::plain("aggregate");
    match function {
        AggregateFunction::Sum | AggregateFunction::Average => Expected::Number(why),
        AggregateFunction::Lowest | AggregateFunction::Highest => Expected::Ordered(why),
        AggregateFunction::Share | AggregateFunction::Any | AggregateFunction::All => {
            Expected::Type(Type::YesNo, Why::plain("condition"))
        }
        AggregateFunction::Count => Expected::Subject,
    }
}

/// The type of an aggregate over values of a type.
pub(crate) fn result_type(function: AggregateFunction, of: Option<&Type>) -> Option<Type> {
    Some(match function {
        AggregateFunction::Count => Type::Number(Unit::NUMBER),
        AggregateFunction::Share => Type::Number(Unit::RATIO),
        AggregateFunction::Any | AggregateFunction::All => Type::YesNo,
        AggregateFunction::Sum
        | AggregateFunction::Lowest
        | AggregateFunction::Highest
        | AggregateFunction::Average => of?.clone(),
    })
}
