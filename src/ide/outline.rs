//! The constructs of a file, as a reader leafs through them.

use crate::base::{Lang, Span};
use crate::syntax::ast;
use crate::syntax::keywords::keyword;

/// A construct, or a part of one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Symbol {
    /// Its name.
    pub name: String,
    /// What it is, and how people call it.
    pub detail: String,
    /// What kind of thing it is.
    pub kind: SymbolKind,
    /// The whole of it.
    pub span: Span,
    /// Its name in the text.
    pub name_span: Span,
    /// Its parts.
    pub parts: Vec<Symbol>,
}

/// What kind of thing a construct is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum SymbolKind {
    /// A policy, or one that is used.
    Policy,
    /// A block of declarations.
    Block,
    /// A fact.
    Fact,
    /// A kind, a grade scale.
    Kind,
    /// A member of one.
    Member,
    /// A parameter.
    Param,
    /// A value.
    Value,
    /// What is decided.
    Decision,
    /// A case.
    Case,
    /// A function of a script.
    Function,
}

/// The constructs of a file in the order written.
#[must_use]
pub fn outline(file: &ast::File, lang: Lang) -> Vec<Symbol> {
    items(&file.items, lang)
}

fn items(items: &[ast::Item], lang: Lang) -> Vec<Symbol> {
    items.iter().filter_map(|item| of_item(item, lang)).collect()
}

/// The word of a role, and a label behind it.
fn detail(role: &str, label: Option<&ast::Label>, lang: Lang) -> String {
    let word = keyword(role).map_or("", |word| lang.pick(word.en, word.zh));
    match label.and_then(|label| shown(label, lang)) {
        Some(label) => format!("{word} · {label}"),
        None => word.to_owned(),
    }
}

fn shown(label: &ast::Label, lang: Lang) -> Option<String> {
    let (own, other) = lang.pick((&label.en, &label.zh), (&label.zh, &label.en));
    own.as_ref().or(label.plain.as_ref()).or(other.as_ref()).map(|text| text.value.to_string())
}

fn symbol(name: &ast::Name, detail: String, kind: SymbolKind, span: Span, parts: Vec<Symbol>) -> Symbol {
    Symbol {
        name: name.text.to_string(),
        detail,
        kind,
        span: span.to(name.span),
        name_span: name.span,
        parts,
    }
}

/// A block without a name, called by its word.
fn block(role: &str, kind: SymbolKind, span: Span, parts: Vec<Symbol>, lang: Lang) -> Symbol {
    let name = keyword(role).map_or(role, |word| lang.pick(word.en, word.zh)).to_owned();
    Symbol { name, detail: String::new(), kind, span, name_span: Span { end: span.start, ..span }, parts }
}

fn member(named: &ast::Named, lang: Lang) -> Symbol {
    let label = shown(&named.label, lang).unwrap_or_default();
    symbol(&named.name, label, SymbolKind::Member, named.name.span, Vec::new())
}

fn facts(facts: &[ast::Fact], lang: Lang) -> Vec<Symbol> {
    let fact = |fact: &ast::Fact| {
        let parts = match &fact.ty.kind {
            ast::TypeKind::Records(fields) => self::facts(fields, lang),
            _ => Vec::new(),
        };
        let label = shown(&fact.label, lang).unwrap_or_default();
        symbol(&fact.name, label, SymbolKind::Fact, fact.span, parts)
    };
    facts.iter().map(fact).collect()
}

fn card(card: &ast::Scorecard, lang: Lang) -> Vec<Symbol> {
    let factor = |factor: &ast::Factor| {
        let label = shown(&factor.label, lang).unwrap_or_default();
        symbol(&factor.name, label, SymbolKind::Member, factor.span, Vec::new())
    };
    let part = |part: &ast::CardPart| match part {
        ast::CardPart::Factor(it) => factor(it),
        ast::CardPart::Section(it) => {
            let parts = it.factors.iter().map(factor).collect();
            let label = detail("section", Some(&it.label), lang);
            symbol(&it.name, label, SymbolKind::Block, it.span, parts)
        }
    };
    card.parts.iter().map(part).collect()
}

fn of_item(item: &ast::Item, lang: Lang) -> Option<Symbol> {
    let span = item.span;
    let value = |role: &str, name: &ast::Name, label: &ast::Label, parts: Vec<Symbol>| {
        symbol(name, detail(role, Some(label), lang), SymbolKind::Value, span, parts)
    };
    Some(match &item.kind {
        ast::ItemKind::Policy(it) => {
            symbol(&it.name, detail("policy", Some(&it.label), lang), SymbolKind::Policy, span, Vec::new())
        }
        ast::ItemKind::Use(it) => {
            let version = format!("{} {}", detail("use", None, lang), it.version.value);
            symbol(&it.policy, version, SymbolKind::Policy, span, Vec::new())
        }
        ast::ItemKind::Roles(roles) => {
            let parts = roles.iter().map(|role| member(&role.named, lang)).collect();
            block("roles", SymbolKind::Block, span, parts, lang)
        }
        ast::ItemKind::Actions(actions) => {
            let parts = actions.iter().map(|action| member(action, lang)).collect();
            block("actions", SymbolKind::Block, span, parts, lang)
        }
        ast::ItemKind::Kind(it) => {
            let parts = it.members.iter().map(|named| member(named, lang)).collect();
            symbol(&it.name, detail("kind", Some(&it.label), lang), SymbolKind::Kind, span, parts)
        }
        ast::ItemKind::Facts(it) => block("facts", SymbolKind::Block, span, facts(it, lang), lang),
        ast::ItemKind::Param(it) => {
            symbol(&it.name, detail("param", Some(&it.label), lang), SymbolKind::Param, span, Vec::new())
        }
        ast::ItemKind::Reference(it) => value("reference", &it.name, &it.label, facts(&it.fields, lang)),
        ast::ItemKind::Let(it) => value("let", &it.name, &it.label, Vec::new()),
        ast::ItemKind::ForEach(it) => {
            let parts = items(&it.items, lang);
            symbol(&it.list, detail("for_each", None, lang), SymbolKind::Block, span, parts)
        }
        ast::ItemKind::Table(it) => value("table", &it.name, &it.label, Vec::new()),
        ast::ItemKind::Scorecard(it) => value("scorecard", &it.name, &it.label, card(it, lang)),
        ast::ItemKind::Grades(it) => {
            let bands = it.bands.iter().map(|band| member(&band.grade, lang));
            let apart = it.apart.iter().map(|apart| member(&apart.grade, lang));
            value("grades", &it.name, &it.label, bands.chain(apart).collect())
        }
        ast::ItemKind::Correction(it) => value("correction", &it.name, &it.label, Vec::new()),
        ast::ItemKind::Limit(it) => value("limit", &it.name, &it.label, Vec::new()),
        ast::ItemKind::Triggers(it) => {
            let states = it.states.iter().map(|state| member(&state.state, lang));
            value("triggers", &it.name, &it.label, states.chain([member(&it.otherwise, lang)]).collect())
        }
        ast::ItemKind::Escalation(it) => {
            let steps = it.steps.iter().map(|step| member(&step.step, lang)).collect();
            value("escalation", &it.name, &it.label, steps)
        }
        ast::ItemKind::Judgement(it) => value("judgement", &it.name, &it.label, Vec::new()),
        ast::ItemKind::Override(it) => {
            let ast::ExprKind::Name(name) = &it.target.kind else { return None };
            symbol(name, detail("override", None, lang), SymbolKind::Value, span, Vec::new())
        }
        ast::ItemKind::Authority(it) => value("authority", &it.name, &it.label, Vec::new()),
        ast::ItemKind::Checks(it) => {
            let part = |check: &ast::Check| {
                let label = shown(&check.label, lang).unwrap_or_default();
                symbol(&check.name, label, SymbolKind::Member, check.name.span, Vec::new())
            };
            value("checks", &it.name, &it.label, it.checks.iter().map(part).collect())
        }
        ast::ItemKind::Checklist(it) => value("checklist", &it.name, &it.label, Vec::new()),
        ast::ItemKind::Decision(it) => symbol(
            &it.name,
            detail("decision", Some(&it.label), lang),
            SymbolKind::Decision,
            span,
            Vec::new(),
        ),
        ast::ItemKind::Always(_) => block("always", SymbolKind::Decision, span, Vec::new(), lang),
        ast::ItemKind::Case(it) => Symbol {
            name: it.name.value.to_string(),
            detail: detail("case", None, lang),
            kind: SymbolKind::Case,
            span,
            name_span: it.name.span,
            parts: Vec::new(),
        },
        ast::ItemKind::Script(it) => {
            let part = |it: &ast::ScriptFunction| {
                let label = shown(&it.label, lang).unwrap_or_default();
                symbol(&it.name, label, SymbolKind::Function, it.span, Vec::new())
            };
            let parts = it.functions.iter().map(part).collect();
            Symbol {
                name: it.file.value.to_string(),
                detail: detail("script", None, lang),
                kind: SymbolKind::Block,
                span,
                name_span: it.file.span,
                parts,
            }
        }
        ast::ItemKind::Portfolio(it) => {
            let parts = it.values().map(|(value, _)| {
                let label = shown(&value.label, lang).unwrap_or_default();
                symbol(&value.name, label, SymbolKind::Value, value.span, Vec::new())
            });
            let word = detail("portfolio", None, lang);
            symbol(&it.name, word, SymbolKind::Block, span, parts.collect())
        }
        ast::ItemKind::Total(it) => value("total", &it.name, &it.label, Vec::new()),
        ast::ItemKind::Allocation(it) => value("allocate", &it.applied.name, &it.applied.label, Vec::new()),
    })
}
