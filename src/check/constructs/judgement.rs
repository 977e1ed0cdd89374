//! `judgement` and `override`: what a person decides, and which records of it count.

use super::common::{broken, fixed};
use crate::base::{Label, Span, Str};
use crate::check::context::{Checker, Expected, Scope, Why};
use crate::check::hir::{self, DefinitionKind, Grants, RoleTest};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{Default, EnumId, Field, FieldId, FieldType, Type, Unit, Value};

/// The fields of a record, English and Chinese, as a policy that spells out its own list may call them.
const VALUE: &[&str] = &["value", "answer", "取值", "答复"];
const AMOUNT: &[&str] = &["amount", "金额"];
const FROM: &[&str] = &["from", "on", "起日", "日期"];
const UNTIL: &[&str] = &["until", "止日"];
const ROLE: &[&str] = &["role", "岗位"];
const PERSON: &[&str] = &["person", "批准人", "签批人"];
const REASON: &[&str] = &["reason", "事由"];
const SUBJECT: &[&str] = &["subject", "事项"];
const SCOPE: &[&str] = &["scope", "范围"];
const KEY: &[&str] = &["key", "对象"];
const VERDICT: &[&str] = &["verdict", "结论"];

/// `judgement`
pub(crate) fn judgement(cx: &mut Checker<'_>, it: &ast::Judgement, scope: &Scope) -> DefinitionKind {
    // That it stands in `for each` was told when it was read.
    if scope.item.is_some() {
        return DefinitionKind::Error;
    }
    let Some(ty) = cx.type_expr(&it.ty, scope) else { return DefinitionKind::Error };
    if matches!(ty, Type::Text | Type::Set(_) | Type::List(_) | Type::Records(_)) {
        let report = Diagnostic::new("E355", it.ty.span).variant("type");
        let report = cx.with_type(report, "type", &ty).help("type");
        cx.report(report);
        return DefinitionKind::Error;
    }
    let roles = it.roles.iter().map(|role| cx.role(role)).collect::<Vec<_>>();
    let between = match &it.between {
        Some((least, most)) => match bounds(cx, least, most, &ty, scope) {
            Some(bounds) => Some(bounds),
            None => return DefinitionKind::Error,
        },
        None => None,
    };
    let Some(stand_in) = stand_in(cx, it, &ty, between.as_ref(), scope) else { return DefinitionKind::Error };
    let valid = match &it.valid {
        Some(valid) => match stretch(cx, valid, scope) {
            Some(valid) => Some(valid),
            None => return DefinitionKind::Error,
        },
        None => None,
    };
    let names = Names { name: &it.name, label: Checker::label(&it.label, &it.name) };
    let list = match &it.from {
        Some(list) => cx.list(list, scope),
        None => own_answers(cx, it, &ty),
    };
    let at = it.from.as_ref().map_or(it.name.span, |list| list.span);
    let Some(answers) = list.and_then(|list| grants(cx, list, at, &ty, &it.roles, &names, scope)) else {
        return DefinitionKind::Error;
    };
    let question = Checker::question(&it.question);
    let reason = cx.reason(&it.reason);
    DefinitionKind::Judgement(Box::new(hir::Judgement {
        between,
        roles,
        question,
        answers,
        valid,
        stand_in,
        reason,
    }))
}

/// What the records call the value that they are about.
struct Names<'a> {
    name: &'a ast::Name,
    label: Label,
}

/// The bounds of an answer: of what has an order, the lower one first.
fn bounds(
    cx: &mut Checker<'_>,
    least: &ast::Expr,
    most: &ast::Expr,
    ty: &Type,
    scope: &Scope,
) -> Option<(hir::Expr, hir::Expr)> {
    let span = least.span.to(most.span);
    if !matches!(ty, Type::Number(_) | Type::Date) {
        let report = cx.with_type(Diagnostic::new("E355", span).variant("order"), "type", ty);
        cx.report(report.help("drop"));
        return None;
    }
    let expected = Expected::Type(ty.clone(), Why::plain("given"));
    let (low, high) = (cx.expr(least, scope, &expected), cx.expr(most, scope, &expected));
    if broken(&low) || broken(&high) {
        return None;
    }
    if let (Some(from), Some(to)) = (fixed(&low), fixed(&high))
        && from > to
    {
        cx.report(Diagnostic::new("E364", span).help("turn"));
        return None;
    }
    Some((low, high))
}

fn stand_in(
    cx: &mut Checker<'_>,
    it: &ast::Judgement,
    ty: &Type,
    between: Option<&(hir::Expr, hir::Expr)>,
    scope: &Scope,
) -> Option<hir::StandIn> {
    let bound = |cx: &mut Checker<'_>, span: Span, stand_in: hir::StandIn| match between {
        Some(_) => Some(stand_in),
        None => {
            cx.report(Diagnostic::new("E354", span).arg("name", &it.name.text).help("between"));
            None
        }
    };
    match &it.stand_in {
        ast::StandIn::Lowest(span) => bound(cx, *span, hir::StandIn::Lowest),
        ast::StandIn::Highest(span) => bound(cx, *span, hir::StandIn::Highest),
        ast::StandIn::Unknown(_) => Some(hir::StandIn::Unknown),
        ast::StandIn::Value(value) => {
            let expected = Expected::Type(ty.clone(), Why::at("given", it.ty.span));
            let found = cx.expr(value, scope, &expected);
            if broken(&found) {
                return None;
            }
            let outside = between.is_some_and(|(least, most)| match fixed(&found) {
                Some(value) => {
                    fixed(least).is_some_and(|least| value < least)
                        || fixed(most).is_some_and(|most| value > most)
                }
                None => false,
            });
            if outside {
                cx.report(Diagnostic::new("E379", value.span).arg("name", &it.name.text).help("inside"));
                return None;
            }
            Some(hir::StandIn::Value(found))
        }
    }
}

/// `90 days`, `3 months`: longer than nothing.
fn stretch(cx: &mut Checker<'_>, written: &ast::Expr, scope: &Scope) -> Option<hir::Expr> {
    let found = cx.expr(written, scope, &Expected::Number(Why::plain("given")));
    if broken(&found) {
        return None;
    }
    let in_days = [Unit::DAYS, Unit::MONTHS].iter().any(|unit| found.ty == Type::Number(*unit));
    if !in_days || fixed(&found).is_some_and(|length| !length.is_positive()) {
        cx.report(Diagnostic::new("E365", written.span).help("days"));
        return None;
    }
    Some(found)
}

/// The list of the answers that a judgement has of its own: `<name>.answers`.
fn own_answers(cx: &mut Checker<'_>, it: &ast::Judgement, ty: &Type) -> Option<FieldId> {
    let name = Str::from(format!("{}.answers", it.name.text));
    if let Some(list) = cx.program.schema.find(&name) {
        return Some(list);
    }
    let value = FieldType::holding(ty)?;
    let roles = cx.role_kind();
    let field = |names: (&str, &str), ty: FieldType, default: Default| Field {
        default,
        ..Field::built_in(names, ty, it.name.span)
    };
    let fields = vec![
        field(("answer", "答复"), value, Default::Required),
        field(("role", "岗位"), FieldType::Enum(roles), Default::Required),
        field(("person", "签批人"), FieldType::Text, Default::Required),
        field(("on", "日期"), FieldType::Date, Default::Required),
        field(("reason", "事由"), FieldType::Text, Default::Unknown),
    ];
    let own = Checker::label(&it.label, &it.name);
    let mut list = field(("", ""), FieldType::Records(fields), Default::Unknown);
    list.name = name;
    list.labels = vec![Str::from(format!("{}.答复", it.name.text))];
    list.label = Label {
        en: Str::from(format!("answers to {}", own.en)),
        zh: Str::from(format!("{}的答复", own.zh)),
    };
    Some(cx.program.schema.fields.push(list))
}

/// The fields of a list of decisions, by their names.
struct Fields<'a> {
    list: FieldId,
    fields: &'a [Field],
}

impl Fields<'_> {
    fn find(&self, names: &[&str]) -> Option<(u32, &Field)> {
        let called = |field: &&(usize, &Field), name: &str| {
            &*field.1.name == name || field.1.labels.iter().any(|label| &**label == name)
        };
        let all: Vec<(usize, &Field)> = self.fields.iter().enumerate().collect();
        let (place, field) = names.iter().find_map(|name| all.iter().find(|field| called(field, name)))?;
        Some((u32::try_from(*place).ok()?, *field))
    }

    fn read(&self, place: u32, field: &Field, span: Span) -> hir::Expr {
        hir::Expr { kind: hir::ExprKind::Field(self.list, place), ty: field.ty.ty(self.list.0), span }
    }
}

/// Which records of a list count for a value, and what they say.
fn grants(
    cx: &mut Checker<'_>,
    list: FieldId,
    at: Span,
    ty: &Type,
    roles: &[ast::Name],
    names: &Names<'_>,
    scope: &Scope,
) -> Option<Grants> {
    let declared = cx.program.schema.fields.get(list)?.clone();
    let FieldType::Records(fields) = &declared.ty else { return None };
    let fields = Fields { list, fields };
    let lacks = |cx: &mut Checker<'_>, field: &'static str, variant: &'static str| {
        let report =
            Diagnostic::new("E289", at).variant(variant).arg("list", &declared.name).arg("field", field);
        let report = cx.with_type(report, "type", ty);
        cx.report(report.label(declared.span, "list").help("fields"));
    };
    let (value, verdict) = decided(cx, &fields, ty, at).or_else(|| {
        lacks(cx, "value", "value");
        None
    })?;
    let Some((from, _)) = fields.find(FROM).filter(|(_, field)| field.ty == FieldType::Date) else {
        lacks(cx, "on", "day");
        return None;
    };
    let until = fields.find(UNTIL).filter(|(_, field)| field.ty == FieldType::Date).map(|(place, _)| place);
    let Some((role, role_field)) = fields.find(ROLE) else {
        lacks(cx, "role", "role");
        return None;
    };
    let by = match &role_field.ty {
        FieldType::Text => RoleTest::Texts(role_texts(cx, roles)),
        FieldType::Enum(kind) => RoleTest::Codes(role_codes(cx, *kind, roles)?),
        _ => {
            lacks(cx, "role", "role");
            return None;
        }
    };
    let text = |names: &[&str]| {
        fields.find(names).filter(|(_, field)| field.ty == FieldType::Text).map(|(place, _)| place)
    };
    let mut called = vec![names.name.text.clone()];
    for label in [&names.label.en, &names.label.zh] {
        if !called.contains(label) {
            called.push(label.clone());
        }
    }
    let _ = scope;
    let for_whom = fields.find(SCOPE).and_then(|(place, field)| match field.ty {
        FieldType::Enum(kind) => Some((place, kind)),
        _ => None,
    });
    let key = for_whom.zip(text(KEY)).map(|((_, kind), place)| {
        let member = |names: (&str, &str)| {
            let kind = cx.program.schema.enums.get(kind)?;
            kind.code(names.0).or_else(|| kind.code(names.1))
        };
        let [customer, group, _] = hir::SCOPES.map(member);
        hir::Concerned { place, customer, group }
    });
    Some(Grants {
        list,
        value,
        from,
        until,
        role,
        by,
        person: text(PERSON),
        reason: text(REASON),
        subject: text(SUBJECT).map(|place| (place, called)),
        scope: for_whom,
        key,
        verdict,
    })
}

/// What a record decides; and the field of its verdict with the verdicts under which it counts.
type Decided = (hir::Expr, Option<(u32, Vec<u32>)>);

/// What a record decides, and under which verdicts it counts. A yes or no may be the verdict itself.
fn decided(cx: &mut Checker<'_>, fields: &Fields<'_>, ty: &Type, span: Span) -> Option<Decided> {
    let verdict = fields.find(VERDICT).and_then(|(place, field)| match field.ty {
        FieldType::Enum(kind) => Some((place, kind, field)),
        _ => None,
    });
    let code = |cx: &Checker<'_>, kind: EnumId, names: &[&str]| {
        let kind = cx.program.schema.enums.get(kind)?;
        names.iter().find_map(|name| kind.code(name))
    };
    let approved = verdict.and_then(|(_, kind, _)| code(cx, kind, &["approved", "同意"]));
    let fits = |field: &Field| match (&field.ty.ty(fields.list.0), ty) {
        (Type::Number(own), Type::Number(asked)) => own == asked,
        (own, asked) => own == asked,
    };
    let value = fields
        .find(VALUE)
        .filter(|(_, field)| fits(field))
        .or_else(|| fields.find(AMOUNT).filter(|(_, field)| fits(field)));
    if let Some((place, field)) = value {
        let counts = verdict.zip(approved).map(|((verdict, ..), approved)| (verdict, vec![approved]));
        return Some((fields.read(place, field, span), counts));
    }
    let ((place, kind, field), approved) = verdict.zip(approved)?;
    if *ty != Type::YesNo {
        return None;
    }
    let refused = code(cx, kind, &["refused", "否决"])?;
    let read = fields.read(place, field, span);
    let is = hir::ExprKind::Is(Box::new(read), Box::new(hir::Pattern::Code(approved)));
    Some((hir::Expr { kind: is, ty: Type::YesNo, span }, Some((place, vec![approved, refused]))))
}

/// The roles that are named, and those that stand over one of them: a higher role may decide in the place of a lower.
fn with_higher<'p>(cx: &'p Checker<'_>, roles: &[ast::Name]) -> Vec<&'p hir::Named> {
    let program = &cx.program;
    let named = |name: &Str| program.roles.iter().position(|known| known.name == *name);
    let mut places: Vec<usize> = roles.iter().filter_map(|role| named(&role.text)).collect();
    for (higher, lower) in program.over.get(&cx.policy).into_iter().flatten() {
        if places.contains(&(*lower as usize)) && !places.contains(&(*higher as usize)) {
            places.push(*higher as usize);
        }
    }
    places.into_iter().filter_map(|place| program.roles.get(place)).collect()
}

/// The names and labels of roles, as a file may give them.
fn role_texts(cx: &Checker<'_>, roles: &[ast::Name]) -> Vec<Str> {
    let mut texts: Vec<Str> = Vec::new();
    for role in with_higher(cx, roles) {
        for text in [&role.name, &role.label.en, &role.label.zh] {
            if !texts.contains(text) {
                texts.push(text.clone());
            }
        }
    }
    texts
}

/// The roles as members of the enumeration that the list has for them.
fn role_codes(cx: &mut Checker<'_>, kind: EnumId, roles: &[ast::Name]) -> Option<Vec<u32>> {
    // A role that is not declared has been told of.
    let declared = |role: &ast::Name| cx.program.roles.iter().any(|known| known.name == role.text);
    if !roles.iter().all(declared) {
        return None;
    }
    let own: Option<Vec<u32>> = roles.iter().map(|role| cx.enum_member(kind, role)).collect();
    let mut codes = own?;
    let members = cx.program.schema.enums.get(kind)?;
    let higher: Vec<u32> =
        with_higher(cx, roles).into_iter().filter_map(|role| members.code(&role.name)).collect();
    codes.extend(higher);
    codes.sort_unstable();
    codes.dedup();
    Some(codes)
}

/// `override`: an exception from a value of the customer.
pub(crate) fn exception(
    cx: &mut Checker<'_>,
    it: &ast::Override,
    name: &ast::Name,
    definition: &hir::Definition,
    span: Span,
    scope: &Scope,
) -> Option<hir::Override> {
    let ty = definition.ty.clone();
    let roles: Vec<Str> = it.roles.iter().map(|role| cx.role(role)).collect();
    let most = match &it.most {
        Some(most) => {
            let expected = Expected::Type(ty.clone(), Why::at("given", it.target.span));
            let found = cx.expr(most, scope, &expected);
            if broken(&found) {
                return None;
            }
            if !ordered(cx, &found) {
                let report = cx.with_type(Diagnostic::new("E355", most.span).variant("most"), "type", &ty);
                cx.report(report.help("drop"));
                return None;
            }
            Some(found)
        }
        None => None,
    };
    let length = match &it.length {
        Some(length) => Some(stretch(cx, length, scope)?),
        None => None,
    };
    let list = cx.list(&it.from, scope)?;
    let names = Names { name, label: definition.label.clone() };
    let exceptions = grants(cx, list, it.from.span, &ty, &it.roles, &names, scope)?;
    if exceptions.until.is_none() && length.is_none() {
        cx.report(
            Diagnostic::new("E289", it.from.span).variant("until").arg("list", &it.from.text).help("until"),
        );
        return None;
    }
    let reason = cx.reason(&it.reason);
    Some(hir::Override { roles, exceptions, most, length, reason, span })
}

/// Whether one value of a type is more than another: a number, a day, a grade that has a place in its order.
fn ordered(cx: &Checker<'_>, most: &hir::Expr) -> bool {
    match (&most.ty, &most.kind) {
        (Type::Number(_) | Type::Date, _) => true,
        (Type::Enum(kind), hir::ExprKind::Const(Value::Code(code))) => {
            let kind = cx.program.schema.enums.get(*kind);
            kind.and_then(|kind| kind.member(*code)).is_some_and(|member| !member.apart)
        }
        (Type::Enum(_), _) => true,
        _ => false,
    }
}
