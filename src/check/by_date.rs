//! Parameters whose value changes by date, and tables that stand in files beside the policy.

use super::context::{Checker, Entity, Scope, Why};
use super::facts::MOST_DECIMALS;
use super::hir::{self, Series, SeriesPeriod};
use super::uses::day;
use super::{Source, reference_file};
use crate::base::Span;
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{Date, Default, Field, FieldType, Type};

impl<'a> Checker<'a> {
    /// Declares a parameter by date.
    pub(super) fn declare_series(
        &mut self,
        param: &'a ast::Param,
        by_date: &'a ast::ByDate,
        ty: Type,
        span: Span,
        scope: &Scope,
    ) {
        let Some(holding) = FieldType::holding(&ty) else { return };
        let bounds = self.bounds(&param.range, &ty, &holding, scope);
        let field = Field {
            decimals: MOST_DECIMALS,
            range: bounds.range,
            open: bounds.open,
            dates: bounds.dates,
            ..Field::new(param.name.text.clone(), holding, param.name.span)
        };
        let mut periods: Vec<SeriesPeriod> = Vec::new();
        let mut before: Option<Span> = None;
        for written in &by_date.periods {
            let value = self.constant(&written.value, &ty, scope, Why::at("param", param.ty.span));
            if let Some(value) = &value {
                self.admitted(&field, value, written.value.span, &param.range);
            }
            let Some(from) = self.day_of(&written.from) else { continue };
            if let (Some(last), Some(first)) = (periods.last(), before)
                && from <= last.from
            {
                let variant = if from == last.from { "twice" } else { "" };
                self.report(
                    Diagnostic::new("E267", written.from.span)
                        .variant(variant)
                        .arg("day", from)
                        .arg("before", last.from)
                        .label(first, "before"),
                );
                continue;
            }
            before = Some(written.from.span);
            let Some(value) = value else { continue };
            let cite = written.cite.as_ref().map(|cite| cite.value.clone());
            periods.push(SeriesPeriod { from, value, cite: cite.or_else(|| cite_of(param)) });
        }
        if by_date.periods.is_empty() {
            self.report(Diagnostic::new("E267", by_date.span).variant("empty").arg("name", &param.name.text));
        }
        let until = by_date.until.as_ref().and_then(|until| Some((self.day_of(until)?, until.span)));
        if let (Some((until, at)), Some(last), Some(first)) = (until, periods.last(), before)
            && until < last.from
        {
            self.report(
                Diagnostic::new("E267", at)
                    .variant("until")
                    .arg("day", until)
                    .arg("before", last.from)
                    .label(first, "before"),
            );
        }
        let id = self.program.series.push(Series {
            policy: scope.policy,
            name: param.name.text.clone(),
            label: Self::label(&param.label, &param.name),
            ty,
            periods,
            until: until.map(|(day, _)| day),
            span,
        });
        self.declare_customer(&param.name, Entity::Series(id));
    }

    /// A date as written; reported where it is none.
    fn day_of(&mut self, literal: &ast::Literal) -> Option<Date> {
        let found = day(literal);
        if found.is_none() {
            self.report(
                Diagnostic::new("E267", literal.span).variant("day").arg("written", &literal.written),
            );
        }
        found
    }

    /// Declares a reference and reads its file.
    pub(super) fn declare_reference(
        &mut self,
        reference: &'a ast::Reference,
        span: Span,
        source: &Source<'a>,
        scope: &Scope,
    ) {
        let mut columns: Vec<Field> = Vec::new();
        let mut keys: Vec<u32> = Vec::new();
        let mut latest: Option<(u32, u32)> = None;
        let mut sound = true;
        for written in &reference.fields {
            let Some(field) = self.fact(written, scope, true) else {
                sound = false;
                continue;
            };
            if let Some(first) = columns.iter().find(|other| other.name == field.name) {
                self.twice(&written.name, first.span);
                sound = false;
                continue;
            }
            let place = u32::try_from(columns.len()).unwrap_or(u32::MAX);
            let variant = match &field.ty {
                FieldType::Set(_) | FieldType::List { .. } | FieldType::Records(_) => Some("type"),
                _ if !matches!(field.default, Default::Required | Default::Unknown) => Some("default"),
                _ if !field.unknown_when.is_empty() => Some("default"),
                _ => None,
            };
            if let Some(variant) = variant {
                self.report(Diagnostic::new("E268", written.span).variant(variant).arg("name", &field.name));
                sound = false;
            }
            if field.key {
                keys.push(place);
            }
            if let Some(within) = &written.latest_within {
                if field.key && field.ty == FieldType::Date && latest.is_none() {
                    latest = self.within(within).map(|days| (place, days));
                } else {
                    self.report(Diagnostic::new("E268", within.span).variant("latest"));
                    sound = false;
                }
            }
            columns.push(field);
        }
        if sound && (keys.is_empty() || keys.len() == columns.len()) {
            let variant = if keys.is_empty() { "keys" } else { "columns" };
            self.report(
                Diagnostic::new("E268", reference.name.span)
                    .variant(variant)
                    .arg("name", &reference.name.text)
                    .help(variant),
            );
            sound = false;
        }
        if !sound {
            self.unresolved.insert((scope.policy, reference.name.text.clone()));
            return;
        }
        if let Some((place, _)) = latest {
            keys.retain(|key| *key != place);
            keys.push(place);
        }
        // A file that cannot be read was reported by who looked for it.
        let (text, rows) = match (source.references)(&reference.file.value) {
            Some((file, text)) => {
                let read = reference_file::read(file, &text, &columns, &keys, &self.program.schema.enums);
                for diagnostic in read.diagnostics {
                    self.report(diagnostic.label(reference.name.span, "declared"));
                }
                (text, read.rows)
            }
            None => ("".into(), Vec::new()),
        };
        let id = self.program.references.push(hir::Reference {
            policy: scope.policy,
            name: reference.name.text.clone(),
            label: Self::label(&reference.label, &reference.name),
            file: reference.file.value.clone(),
            source: text,
            columns,
            keys,
            latest_within: latest.map(|(_, days)| days),
            rows,
            span,
        });
        self.declare_customer(&reference.name, Entity::Reference(id));
    }

    /// `latest within 7 days`
    fn within(&mut self, literal: &ast::Literal) -> Option<u32> {
        let days = match &literal.kind {
            ast::LiteralKind::Number(text, ast::NumberUnit::Days) => text.parse::<u32>().ok(),
            _ => None,
        };
        if days.is_none() {
            self.report(
                Diagnostic::new("E268", literal.span).variant("within").arg("written", &literal.written),
            );
        }
        days
    }
}

fn cite_of(param: &ast::Param) -> Option<crate::base::Str> {
    param.cite.as_ref().map(|cite| cite.value.clone())
}
