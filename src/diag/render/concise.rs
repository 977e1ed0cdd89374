//! One line a diagnostic: `path:line:column: severity[CODE]: message`.

use super::{Place, severity_word, tell};
use crate::base::SourceMap;
use crate::diag::{Diagnostic, Lang};

/// One line a diagnostic, for people who search and for editors that jump: `path:line:column: severity[CODE]: message`.
#[must_use]
pub fn concise(diagnostics: &[Diagnostic], sources: &SourceMap, lang: Lang) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        let told = tell(diagnostic, lang);
        if let Some(place) = told.main.as_ref().and_then(|(span, _)| Place::new(sources, *span)) {
            let at = place.from();
            out.push_str(&format!("{}:{}:{}: ", place.source.name(), at.line, at.column));
        }
        let message = annotate_snippets::normalize_untrusted_str(&told.message).replace('\n', " ");
        out.push_str(&format!("{}[{}]: {message}\n", severity_word(told.severity, lang), told.code));
    }
    out
}
