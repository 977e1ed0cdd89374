//! Lists of the record types that the language brings along: sign-offs and exceptions.

use super::context::{Checker, Declared, Entity, Scope};
use super::hir::{ExceptionField, RecordType, SCOPES, SignOffField, VERDICTS};
use crate::base::{Span, Str};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{Default, Field, FieldId, FieldType, Number, Type};

impl Checker<'_> {
    /// The fields of a record type; none for any other type, and where a part of it could not be read.
    pub(super) fn built_in_records(&mut self, of: &ast::TypeExpr, scope: &Scope) -> Option<Vec<Field>> {
        let optional = |mut field: Field| {
            field.default = Default::Unknown;
            field
        };
        match &of.kind {
            ast::TypeKind::SignOff(signed_for) => {
                let amounts = self.signed_for(signed_for.as_deref(), of.span, scope)?;
                let amounts = FieldType::holding(&amounts)?;
                let roles = FieldType::Enum(self.role_kind());
                let verdicts = FieldType::Enum(self.built_in_kind("verdict", &VERDICTS));
                let field = |which: SignOffField, ty| Field::built_in(which.names(), ty, of.span);
                Some(
                    SignOffField::ALL
                        .into_iter()
                        .map(|which| match which {
                            SignOffField::Subject | SignOffField::Person => field(which, FieldType::Text),
                            SignOffField::Role => field(which, roles.clone()),
                            SignOffField::On => field(which, FieldType::Date),
                            SignOffField::Amount => {
                                let mut amount = optional(field(which, amounts.clone()));
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
                let field = |which: ExceptionField, ty| Field::built_in(which.names(), ty, of.span);
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

    /// What the amounts of signatures are: money, unless the list says otherwise. Something that has no size cannot be signed for
    /// up to so much.
    fn signed_for(&mut self, written: Option<&ast::TypeExpr>, at: Span, scope: &Scope) -> Option<Type> {
        let Some(written) = written else { return self.own_money(scope, at).map(Type::Number) };
        let ty = self.type_expr(written, scope)?;
        if let Type::Number(_) = ty {
            return Some(ty);
        }
        let report = self.with_type(Diagnostic::new("E263", written.span), "type", &ty);
        self.report(report.help("kinds"));
        None
    }

    /// Whether a list of sign-offs is for amounts of this type; reported where it is not.
    pub(crate) fn signs_for(&mut self, list: FieldId, ty: &Type, at: Span) -> bool {
        let place = SignOffField::Amount.place() as usize;
        let Some(field) = self.program.schema.fields.get(list) else { return false };
        let amount = match &field.ty {
            FieldType::Records(fields) => fields.get(place).map(|amount| amount.ty.ty(list.0)),
            _ => None,
        };
        let Some(amount) = amount else { return false };
        if amount.unit().zip(ty.unit()).is_some_and(|(amount, unit)| amount.same_dimension(unit)) {
            return true;
        }
        let report = Diagnostic::new("E262", at).arg("list", &field.name).label(field.span, "declared");
        let report = self.with_type(self.with_type(report, "amounts", &amount), "type", ty);
        self.report(report.help("own"));
        false
    }

    /// Names the fields of a list of a record type in the policy: in both languages, whichever it is written in.
    pub(super) fn declare_built_in(&mut self, id: FieldId, fact: &ast::Fact, scope: &Scope) {
        let ast::TypeKind::List(_, of) = &fact.ty.kind else { return };
        type InBoth = (&'static str, &'static str);
        let (record, names): (RecordType, Vec<(u32, InBoth)>) = match &of.kind {
            ast::TypeKind::SignOff(_) => {
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
