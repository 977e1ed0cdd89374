//! SARIF, in which code hosts take findings.

use super::{CheckKind, Findings};
use crate::base::Lang;
use crate::diag::render::{Finding, Rule, findings_of, sarif_log};
use crate::diag::{Diagnostic, Severity};

/// One log: the mistakes of policies and case files, and each check that did not end as it must.
#[must_use]
pub fn sarif(findings: &Findings<'_>) -> String {
    let lang = findings.lang;
    let told: Vec<Diagnostic> = findings.told().cloned().collect();
    let mut all = findings_of(&told, lang);
    for (group, check) in findings.failed() {
        let sentences: Vec<String> = check.misses().iter().map(|miss| miss.sentence(lang)).collect();
        all.push(Finding {
            rule: rule(check.kind, lang),
            message: format!("{}\n{}", check.title(group, lang), sentences.join("\n")),
            place: check.place,
            related: Vec::new(),
            fixes: Vec::new(),
        });
    }
    sarif_log(&all, findings.sources, lang)
}

fn rule(kind: CheckKind, lang: Lang) -> Rule {
    let help = match kind {
        CheckKind::Case => lang.pick(
            "a case of a policy came out otherwise than it expects: change the rule back, or the case with it",
            "政策的案例未得到应得结果: 请改回规则, 或随之修改案例",
        ),
        CheckKind::Snapshot => lang.pick(
            "a decision is not as it was accepted: gradus review",
            "评定与已接受的不同: gradus review",
        ),
    };
    Rule {
        id: kind.rule().to_owned(),
        name: kind.rule().to_owned(),
        help: help.to_owned(),
        severity: Severity::Error,
    }
}
