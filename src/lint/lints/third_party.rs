//! Reasons that name a third party to the customer: who has sued it, who will not insure it.

use crate::base::Lang;
use crate::diag::Diagnostic;
use crate::lint::Policy;
use crate::plan::{Piece, Plan, Reason, WordsId};

/// Words for those whose doings are not the customer's to hear from us.
const PARTIES_EN: [&str; 9] = [
    "supplier",
    "suppliers",
    "guarantor",
    "insurer",
    "insurers",
    "competitor",
    "competitors",
    "informant",
    "bureau",
];
const PARTIES_ZH: [&str; 10] = [
    "供应商",
    "担保人",
    "保证人",
    "保险公司",
    "承保人",
    "竞争对手",
    "征信机构",
    "评级机构",
    "其他客户",
    "举报",
];

pub(in crate::lint) fn find(policy: &Policy<'_>) -> Vec<Diagnostic> {
    let plan = policy.seen.plan;
    let items = policy.items().map(|item| (&item.reason, item.span));
    let rules = policy.rules().map(|rule| (&rule.reason, rule.span));
    let mut found: Vec<Diagnostic> = Vec::new();
    for (reason, span) in rules.chain(items) {
        if let Some(party) = told_to_customer(reason).and_then(|words| party(plan, words)) {
            let diagnostic = Diagnostic::new("L010", span).arg("party", party).help("customer");
            // A rule of items that was made for each use of a table is several rules.
            if !found.contains(&diagnostic) {
                found.push(diagnostic);
            }
        }
    }
    found
}

fn told_to_customer(reason: &Reason) -> Option<WordsId> {
    reason.customer.or(reason.because.filter(|_| !reason.internal))
}

fn party(plan: &Plan, words: WordsId) -> Option<&'static str> {
    let words = plan.words.get(words)?;
    let text = |lang: Lang| -> String {
        let pieces = words.pieces(lang).iter().map(|piece| match piece {
            Piece::Text(text) => text.to_lowercase(),
            Piece::Figure(..) => " ".to_owned(),
        });
        pieces.collect()
    };
    let (en, zh) = (text(Lang::En), text(Lang::Zh));
    let english = en
        .split(|ch: char| !ch.is_ascii_alphabetic())
        .find_map(|word| PARTIES_EN.into_iter().find(|party| *party == word));
    english.or_else(|| PARTIES_ZH.into_iter().find(|party| zh.contains(party)))
}
