//! Parameters and the functions of scripts.

use super::context::{Checker, Entity, Scope, Why};
use super::facts::{MOST_DECIMALS, range_span};
use super::hir::{self, ValueRange};
use crate::base::{Span, Str};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{Field, FieldType, Number, Type, Value};

impl<'a> Checker<'a> {
    /// Declares a parameter.
    pub(super) fn declare_param(&mut self, param: &'a ast::Param, span: Span, scope: &Scope) {
        let Some(ty) = self.type_expr(&param.ty, scope) else {
            self.unresolved.insert((scope.policy, param.name.text.clone()));
            return;
        };
        let field = match FieldType::holding(&ty) {
            Some(field) if !matches!(ty, Type::List(_) | Type::Records(_) | Type::Set(_)) => field,
            _ => {
                let report = Diagnostic::new("E226", param.ty.span).variant("param");
                let report = self.with_type(report, "type", &ty);
                self.report(report);
                self.unresolved.insert((scope.policy, param.name.text.clone()));
                return;
            }
        };
        let value = match &param.value {
            ast::ParamValue::One(value) => value,
            ast::ParamValue::ByDate(by_date) => {
                self.declare_series(param, by_date, ty, span, scope);
                return;
            }
        };
        let bounds = self.bounds(&param.range, &ty, &field, scope);
        let decimals = field.default_decimals();
        let default = self.constant(value, &ty, scope, Why::at("param", param.ty.span));
        let field = Field {
            // What a policy writes of itself may have as many decimals as it needs.
            decimals: MOST_DECIMALS,
            range: bounds.range.clone(),
            open: bounds.open,
            dates: bounds.dates,
            ..Field::new(param.name.text.clone(), field, param.name.span)
        };
        if let Some(default) = &default {
            self.admitted(&field, default, value.span, &param.range);
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
        // A file that cannot be read was reported by who looked for it, and has no text; an empty one has an empty line.
        let source = match scripts(&script.file.value) {
            None => Str::from(""),
            Some(source) if source.is_empty() => Str::from("\n"),
            Some(source) => source,
        };
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
                source: source.clone(),
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
