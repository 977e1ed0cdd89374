//! Types as written, how they are called, and constants of them.

use super::context::{Checker, Expected, Scope, Why};
use super::hir;
use crate::base::{Span, Str, nearest};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{Currency, Number, Type, Unit, Value};

/// What types are called in databases, sheets and other languages.
const ELSEWHERE: &[(&str, &str)] = &[
    ("int", "number"),
    ("integer", "number"),
    ("float", "number"),
    ("double", "number"),
    ("decimal", "number"),
    ("numeric", "number"),
    ("currency", "money"),
    ("amount", "money"),
    ("string", "text"),
    ("varchar", "text"),
    ("char", "text"),
    ("boolean", "yes/no"),
    ("bool", "yes/no"),
    ("yesno", "yes/no"),
    ("datetime", "date"),
    ("timestamp", "date"),
    ("day", "date"),
    ("percentage", "percent"),
    ("year", "months"),
    ("years", "months"),
    ("数字", "数值"),
    ("整数", "数值"),
    ("小数", "数值"),
    ("浮点", "数值"),
    ("货币", "金额"),
    ("字符串", "文本"),
    ("文字", "文本"),
    ("字符", "文本"),
    ("布尔", "是/否"),
    ("是否", "是/否"),
    ("逻辑", "是/否"),
    ("时间", "日期"),
    ("比例", "百分比"),
    ("年", "月数"),
    ("年数", "月数"),
];

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

/// What currencies are called, and their codes.
const CURRENCIES: &[(&str, &str)] = &[
    ("RMB", "CNY"),
    ("CNH", "CNY"),
    ("yuan", "CNY"),
    ("renminbi", "CNY"),
    ("人民币", "CNY"),
    ("人民币元", "CNY"),
    ("元", "CNY"),
    ("dollar", "USD"),
    ("dollars", "USD"),
    ("美元", "USD"),
    ("美金", "USD"),
    ("euro", "EUR"),
    ("euros", "EUR"),
    ("欧元", "EUR"),
    ("港元", "HKD"),
    ("港币", "HKD"),
    ("yen", "JPY"),
    ("日元", "JPY"),
    ("日圆", "JPY"),
    ("pound", "GBP"),
    ("sterling", "GBP"),
    ("STG", "GBP"),
    ("英镑", "GBP"),
    ("韩元", "KRW"),
    ("韩圆", "KRW"),
    ("澳元", "AUD"),
    ("加元", "CAD"),
    ("新元", "SGD"),
    ("新加坡元", "SGD"),
    ("NTD", "TWD"),
    ("台币", "TWD"),
    ("新台币", "TWD"),
    ("澳门元", "MOP"),
    ("瑞士法郎", "CHF"),
    ("瑞郎", "CHF"),
    ("卢布", "RUB"),
    ("泰铢", "THB"),
    ("印度卢比", "INR"),
];

impl Checker<'_> {
    /// The currency of a code of ISO 4217; none where it was reported.
    pub(crate) fn currency(&mut self, name: &ast::Name) -> Option<Currency> {
        let found = &*name.text;
        if let Some(currency) = Currency::parse(found).filter(|currency| currency.is_of_iso()) {
            return Some(currency);
        }
        let told = Diagnostic::new("E224", name.span).arg("name", found);
        let upper = found.to_ascii_uppercase();
        let known = CURRENCIES.iter().find(|(called, _)| called.eq_ignore_ascii_case(found));
        let own = known.map(|(_, code)| *code).or_else(|| Currency::codes().find(|code| *code == upper));
        let told = match own {
            Some(code) => told.variant("named").arg("code", code).fix("code", name.span, code, false),
            None => match nearest(&upper, Currency::codes().filter(|code| !code.starts_with('X'))) {
                Some(near) => told.arg("near", near).fix("near", name.span, near, false),
                None => told,
            },
        };
        self.report(told);
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
            ast::TypeKind::Money(Some(name)) => Unit::money(self.currency(name)?),
            ast::TypeKind::Date => return Some(Type::Date),
            ast::TypeKind::Text => return Some(Type::Text),
            ast::TypeKind::YesNo => return Some(Type::YesNo),
            ast::TypeKind::Named(path) => return self.named_type(path, scope).map(Type::Enum),
            ast::TypeKind::Set(path) => return self.named_type(path, scope).map(Type::Set),
            ast::TypeKind::List(..) | ast::TypeKind::Records(_) => {
                self.report(Diagnostic::new("E226", ty.span).variant("list"));
                return None;
            }
            ast::TypeKind::SignOff(_) | ast::TypeKind::Exception(_) => {
                self.report(Diagnostic::new("E251", ty.span).help("list"));
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
        if let Some(id) = enums.get(&name.text).copied() {
            self.mention_kind(name.span, id);
            return Some(id);
        }
        if self.is_unresolved(scope.policy, name) {
            return None;
        }
        if let Some(known) = BUILT_IN.iter().find(|known| known.eq_ignore_ascii_case(&name.text)) {
            let told = Diagnostic::new("E141", name.span).arg("found", &name.text).arg("word", known);
            self.report(told.fix("when", name.span, *known, true));
            return None;
        }
        let report = Diagnostic::new("E203", name.span).arg("name", &name.text);
        if let Some((_, known)) = ELSEWHERE.iter().find(|(other, _)| other.eq_ignore_ascii_case(&name.text)) {
            self.report(report.arg("near", known).fix("near", name.span, *known, false));
            return None;
        }
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
        if self.is_unresolved(scope.policy, policy) {
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
