//! A figure that stands in several rules: whoever changes it in one forgets the others, and no what-if can turn it.

use std::collections::BTreeMap;

use crate::base::Span;
use crate::diag::Diagnostic;
use crate::lint::Policy;
use crate::syntax::Node;

/// So often a figure may stand in conditions and formulas.
const OFTEN: usize = 3;

/// Constructs whose figures are bounds and factors. Those of a table, a card, a ladder are its own matter, row by row.
const CALCULATES: [&str; 7] = ["let_item", "for_each", "limit", "triggers", "checks", "total", "always"];

pub(in crate::lint) fn find(policy: &Policy<'_>) -> Vec<Diagnostic> {
    let seen = policy.seen;
    let mut figures: BTreeMap<String, Vec<Span>> = BTreeMap::new();
    for item in policy.rules_as_read() {
        if CALCULATES.contains(&item.rule) {
            collect(item, seen.text, &mut figures);
        }
    }
    let repeated = figures.into_iter().filter(|(_, places)| places.len() >= OFTEN);
    let told = repeated.filter_map(|(figure, places)| {
        let (first, others) = places.split_first()?;
        let told = Diagnostic::new("L018", *first).arg("figure", &figure).arg("count", places.len());
        Some(others.iter().take(3).fold(told, |told, place| told.label(*place, "again")).help("param"))
    });
    told.collect()
}

/// The figures of conditions and formulas. The rows of a table, weights and bands each have figures of their own.
fn collect(node: &Node, text: &str, figures: &mut BTreeMap<String, Vec<Span>>) {
    match node.rule {
        "table" | "scorecard" | "grades" | "correction" | "release_days" | "rounding" | "words" | "text" => {}
        "number" => {
            let written = text.get(node.span.range()).unwrap_or_default();
            if tells_something(written) {
                let plain: String = written.chars().filter(|ch| !ch.is_whitespace() && *ch != '_').collect();
                figures.entry(plain).or_default().push(node.span);
            }
        }
        _ => node.children.iter().for_each(|child| collect(child, text, figures)),
    }
}

/// Small whole numbers, 100, a month or a year of so many days say nothing of their own; a percent, an amount, a term do.
fn tells_something(written: &str) -> bool {
    let digits: String = written.chars().filter(|ch| ch.is_ascii_digit() || *ch == '.').collect();
    let unit: String =
        written.chars().filter(|ch| !ch.is_ascii_digit() && !matches!(ch, '_' | ' ')).collect();
    let whole: Option<u64> = digits.parse().ok();
    let counts = match unit.as_str() {
        "" | "months" | "month" | "个月" => whole.is_some_and(|whole| whole <= 12 || whole == 100),
        "days" | "day" | "天" => whole.is_some_and(|whole| matches!(whole, 0 | 1 | 30 | 90 | 360 | 365)),
        _ => matches!(digits.as_str(), "100" | "0"),
    };
    let calendar = unit.is_empty() && whole.is_some_and(|whole| matches!(whole, 30 | 90 | 360 | 365));
    !counts && !calendar
}
