//! Words for people. Their figures are lowered when all values are: a reason may show any value, also one that rests on its
//! own rule.

use super::super::{Piece, Reason, StepId, Words, WordsId};
use super::Lower;
use crate::base::IndexVec;
use crate::check::hir;

/// A text whose figures are still to be lowered, and where it stands.
pub(super) struct Unsaid {
    words: hir::WordsId,
    under_way: Option<hir::ValueId>,
    /// The arguments of the application of the table in which it stands.
    arguments: Vec<StepId>,
}

/// A figure of a text, to be judged when all steps are there.
pub(in super::super) struct ShownFigure {
    pub(in super::super) step: StepId,
    pub(in super::super) written: crate::base::Span,
}

impl Lower<'_> {
    /// The words of a rule.
    pub(super) fn reason(&mut self, reason: &hir::Reason) -> Reason {
        Reason {
            code: reason.code.clone(),
            because: reason.because.map(|words| self.text_of(words)),
            cite: reason.cite.clone(),
            internal: reason.internal,
            customer: reason.customer.map(|words| self.text_of(words)),
            notes: reason.notes.iter().map(|(role, words)| (role.clone(), self.text_of(*words))).collect(),
        }
    }

    fn text_of(&mut self, words: hir::WordsId) -> WordsId {
        let under_way = self.under_way.last().copied();
        self.unsaid.push(Unsaid { words, under_way, arguments: self.arguments.clone() })
    }

    /// The texts, with the steps of their figures.
    pub(super) fn all_words(&mut self) -> IndexVec<WordsId, Words> {
        let program = self.program;
        let mut all = IndexVec::new();
        let unsaid = std::mem::take(&mut self.unsaid);
        for it in &unsaid {
            let Some(words) = program.words.get(it.words) else {
                all.push(Words::default());
                continue;
            };
            self.under_way.extend(it.under_way);
            self.arguments = it.arguments.clone();
            let mut steps = Vec::new();
            for figure in &words.figures {
                let raw = self.expr(&figure.value);
                let step = self.rounded(raw, figure.rounding.as_ref(), figure.span);
                self.findings.shown.push(ShownFigure { step, written: figure.span });
                steps.push(step);
            }
            self.arguments.clear();
            if it.under_way.is_some() {
                self.under_way.pop();
            }
            let pieces = |pieces: &[hir::Piece]| {
                pieces
                    .iter()
                    .filter_map(|piece| match piece {
                        hir::Piece::Text(text) => Some(Piece::Text(text.clone())),
                        hir::Piece::Figure(place) => steps.get(*place as usize).copied().map(Piece::Figure),
                    })
                    .collect()
            };
            all.push(Words { en: pieces(&words.en), zh: pieces(&words.zh) });
        }
        all
    }
}
