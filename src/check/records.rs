//! Lists of the record types that the language brings along: sign-offs and exceptions.

use super::context::{Checker, Declared, Entity, Scope};
use super::hir::{ExceptionField, RecordType, SCOPES, SignOffField, VERDICTS};
use crate::base::{Label, Span, Str};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{Default, Field, FieldId, FieldType, Number};

impl Checker<'_> {
    /// The fields of a record type; none for any other type, and where a part of it could not be read.
    pub(super) fn built_in_records(&mut self, of: &ast::TypeExpr, scope: &Scope) -> Option<Vec<Field>> {
        let optional = |mut field: Field| {
            field.default = Default::Unknown;
            field
        };
        match &of.kind {
            ast::TypeKind::SignOff => {
                let money = self.own_money(scope, of.span)?;
                let money = FieldType::holding(&crate::value::Type::Number(money))?;
                let roles = FieldType::Enum(self.role_kind());
                let verdicts = FieldType::Enum(self.built_in_kind("verdict", &VERDICTS));
                let field = |which: SignOffField, ty| built_in_field(which.names(), ty, of.span);
                Some(
                    SignOffField::ALL
                        .into_iter()
                        .map(|which| match which {
                            SignOffField::Subject | SignOffField::Person => field(which, FieldType::Text),
                            SignOffField::Role => field(which, roles.clone()),
                            SignOffField::On => field(which, FieldType::Date),
                            SignOffField::Amount => {
                                let mut amount = optional(field(which, money.clone()));
                                amount.range = amount.range.map(|(_, most)| (Number::ZERO, most));
                                amount
                            }
                            SignOffField::Verdict => field(which, verdicts.clone()),
                        })
                        .collect(),
                )
            }
            ast::TypeKind::Exception(value) => {
                let value = self.type_expr(value, scope).and_then(|ty| self.field_type(&ty, value.span))?;
                let roles = FieldType::Enum(self.role_kind());
                let scopes = FieldType::Enum(self.built_in_kind("scope", &SCOPES));
                let field = |which: ExceptionField, ty| built_in_field(which.names(), ty, of.span);
                Some(
                    ExceptionField::ALL
                        .into_iter()
                        .map(|which| match which {
                            ExceptionField::Scope => field(which, scopes.clone()),
                            ExceptionField::Value => field(which, value.clone()),
                            ExceptionField::From | ExceptionField::Until => field(which, FieldType::Date),
                            ExceptionField::Person => field(which, FieldType::Text),
                            ExceptionField::Role => field(which, roles.clone()),
                            ExceptionField::Key | ExceptionField::Reason => {
                                optional(field(which, FieldType::Text))
                            }
                        })
                        .collect(),
                )
            }
            _ => None,
        }
    }

    /// Names the fields of a list of a record type in the policy: in both languages, whichever it is written in.
    pub(super) fn declare_built_in(&mut self, id: FieldId, fact: &ast::Fact, scope: &Scope) {
        let ast::TypeKind::List(_, of) = &fact.ty.kind else { return };
        type InBoth = (&'static str, &'static str);
        let (record, names): (RecordType, Vec<(u32, InBoth)>) = match &of.kind {
            ast::TypeKind::SignOff => {
                (RecordType::SignOff, SignOffField::ALL.map(|field| (field.place(), field.names())).into())
            }
            ast::TypeKind::Exception(_) => (
                RecordType::Exception,
                ExceptionField::ALL.map(|field| (field.place(), field.names())).into(),
            ),
            _ => return,
        };
        self.program.records.insert(id, record);
        let Some(known) = self.names.get_mut(scope.policy) else { return };
        let items = known.items.entry(id).or_default();
        for (place, (en, zh)) in names {
            for name in [en, zh] {
                let declared = Declared { entity: Entity::Field(id, place), span: fact.ty.span };
                items.entry(Str::from(name)).or_insert(declared);
            }
        }
    }

    /// The list of this record type that is meant: the one named, else the only one that the policy has. Reported where
    /// there is none, or where several could be meant.
    pub(crate) fn record_list(
        &mut self,
        named: Option<&ast::Name>,
        record: RecordType,
        at: Span,
        scope: &Scope,
    ) -> Option<FieldId> {
        let kind = match record {
            RecordType::SignOff => "sign_off",
            RecordType::Exception => "exception",
        };
        if let Some(name) = named {
            let list = self.list(name, scope)?;
            if self.program.records.get(&list) == Some(&record) {
                return Some(list);
            }
            let mut report = Diagnostic::new("E252", name.span).arg("name", &name.text).arg("type", kind);
            if let Some(field) = self.program.schema.fields.get(list) {
                report = report.label(field.span, "declared");
            }
            self.report(report.help("declare"));
            return None;
        }
        let own = self.names.get(scope.policy).into_iter().flat_map(|names| &names.customer);
        let lists: Vec<(Str, FieldId, Span)> = own
            .filter_map(|(name, declared)| match declared.entity {
                Entity::Fact(id) if self.program.records.get(&id) == Some(&record) => {
                    Some((name.clone(), id, declared.span))
                }
                _ => None,
            })
            .collect();
        match lists.as_slice() {
            [(_, id, _)] => Some(*id),
            [] => {
                self.report(Diagnostic::new("E252", at).variant("none").arg("type", kind).help("declare"));
                None
            }
            [(first, _, here), (second, _, there), ..] => {
                self.report(
                    Diagnostic::new("E252", at)
                        .variant("several")
                        .arg("type", kind)
                        .arg("first", first)
                        .arg("second", second)
                        .label(*here, "one")
                        .label(*there, "one")
                        .help("name"),
                );
                None
            }
        }
    }
}

/// A field of a built-in record type.
fn built_in_field((en, zh): (&str, &str), ty: FieldType, span: Span) -> Field {
    Field {
        name: Str::from(en),
        labels: vec![Str::from(zh)],
        label: Label { en: Str::from(en), zh: Str::from(zh) },
        decimals: ty.default_decimals(),
        range: ty.default_range(),
        ty,
        open: (false, false),
        dates: None,
        default: Default::Required,
        unknown_when: Vec::new(),
        key: false,
        personal: false,
        span,
    }
}
