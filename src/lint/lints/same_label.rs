//! Two facts that people read under one label: a form, a letter, an explanation shows both alike.

use std::collections::BTreeMap;

use crate::base::Span;
use crate::diag::Diagnostic;
use crate::lint::Policy;
use crate::syntax::ast;

pub(in crate::lint) fn find(policy: &Policy<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut facts: Vec<&ast::Fact> = Vec::new();
    for item in &policy.seen.file.items {
        if let ast::ItemKind::Facts(declared) = &item.kind {
            facts.extend(declared);
        }
    }
    for fact in &facts {
        if let ast::TypeKind::Records(fields) = &fact.ty.kind {
            twins(fields.iter(), &mut found);
        }
    }
    twins(facts.into_iter(), &mut found);
    found
}

/// Finds those of which one before has the same label in a language.
fn twins<'a>(facts: impl Iterator<Item = &'a ast::Fact>, found: &mut Vec<Diagnostic>) {
    let mut known: BTreeMap<(&str, &str), (&ast::Name, Span)> = BTreeMap::new();
    for fact in facts {
        let ast::Label { plain, zh, en } = &fact.label;
        let both = plain.iter().flat_map(|text| [("zh", text), ("en", text)]);
        let texts = both.chain(zh.iter().map(|text| ("zh", text))).chain(en.iter().map(|text| ("en", text)));
        let mut told = false;
        for (lang, text) in texts {
            match known.get(&(lang, text.value.trim())) {
                Some((other, at)) if !told => {
                    let twin = Diagnostic::new("L032", text.span).arg("label", &text.value);
                    let twin = twin.arg("name", &fact.name.text).arg("other", &other.text);
                    found.push(twin.label(*at, "other").help("apart"));
                    told = true;
                }
                Some(_) => {}
                None => {
                    known.insert((lang, text.value.trim()), (&fact.name, text.span));
                }
            }
        }
    }
}
