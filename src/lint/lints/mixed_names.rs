//! Names of two languages in one policy: who searches for a fact must know in which of them it was named.

use crate::base::Span;
use crate::diag::Diagnostic;
use crate::lint::Policy;
use crate::syntax::ast;

pub(in crate::lint) fn find(policy: &Policy<'_>) -> Vec<Diagnostic> {
    let facts = policy.seen.file.items.iter().filter_map(|item| match &item.kind {
        ast::ItemKind::Facts(facts) => Some(facts.iter().map(|fact| (&*fact.name.text, fact.name.span))),
        _ => None,
    });
    let values = policy.definitions().map(|definition| (&*definition.name, definition.name_span));
    let names: Vec<(&str, Span)> = facts.flatten().chain(values).collect();
    let (chinese, others): (Vec<_>, Vec<_>) = names.into_iter().partition(|(name, _)| is_chinese(name));
    let (fewer, more) = if chinese.len() < others.len() { (chinese, others) } else { (others, chinese) };
    let (Some((name, here)), Some((other, there))) = (fewer.first(), more.first()) else { return Vec::new() };
    let told = Diagnostic::new("L027", *here).arg("name", name).arg("other", other);
    vec![told.arg("count", fewer.len()).label(*there, "other").help("one")]
}

/// Whether a name has a character of Chinese; `VIP客户` is one.
fn is_chinese(name: &str) -> bool {
    name.chars().any(|ch| ('\u{3400}'..='\u{9fff}').contains(&ch))
}
