//! Labels and reasons that only readers of one language can read, in a policy that has them in both.

use crate::diag::Diagnostic;
use crate::lint::Policy;
use crate::syntax::Node;

pub(in crate::lint) fn find(policy: &Policy<'_>) -> Vec<Diagnostic> {
    let seen = policy.seen;
    let mut labels = Vec::new();
    for item in policy.rules_as_read() {
        collect(item, &mut labels);
    }
    let languages = |node: &Node| node.children_of("label_lang").count();
    if !labels.iter().any(|label| languages(label) > 1) {
        return Vec::new();
    }
    let single = labels.iter().filter(|label| languages(label) < 2);
    let told = single.map(|label| {
        let text = seen.text.get(label.span.range()).unwrap_or_default();
        // `2026` and `A+` read the same in both languages.
        let in_words = text.chars().any(|ch| ch.is_alphabetic() && !ch.is_ascii_uppercase());
        in_words.then(|| {
            let missing =
                if text.chars().any(|ch| ('\u{3400}'..='\u{9fff}').contains(&ch)) { "en" } else { "zh" };
            Diagnostic::new("L019", label.span).variant(missing).help(missing)
        })
    });
    told.flatten().collect()
}

fn collect(node: &Node, labels: &mut Vec<Node>) {
    match node.rule {
        "case" => {}
        "label" | "words" => labels.push(node.clone()),
        _ => node.children.iter().for_each(|child| collect(child, labels)),
    }
}
