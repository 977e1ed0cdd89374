//! Words for people: `because`, `cite`, `internal`, `customer says`, `note to`, and the figures in their texts.

use super::{Lowering, ast};
use crate::base::Span;
use crate::syntax::grammar::{Pair, Rule};

impl Lowering {
    /// Takes a word on why a rule is there in; a pair that is none is passed over.
    pub(super) fn why(&mut self, pair: Pair<'_>, reason: &mut ast::Reason) {
        let span = self.span(&pair);
        match pair.as_rule() {
            Rule::because => {
                for child in pair.into_inner() {
                    match child.as_rule() {
                        Rule::name => {
                            let name = self.name(&child);
                            reason.code.get_or_insert(name);
                        }
                        Rule::words => {
                            let words = self.words(child);
                            self.once(&mut reason.because, words, span);
                        }
                        _ => {}
                    }
                }
            }
            Rule::cite => {
                if let Some(child) = pair.into_inner().find(|child| child.as_rule() == Rule::text) {
                    let text = self.text(&child);
                    self.once(&mut reason.cite, text, span);
                }
            }
            Rule::internal => self.once(&mut reason.internal, span, span),
            Rule::customer_says => {
                if let Some(child) = pair.into_inner().find(|child| child.as_rule() == Rule::words) {
                    let words = self.words(child);
                    self.once(&mut reason.customer, (words, span), span);
                }
            }
            Rule::note_to => {
                let (mut role, mut words) = (None, None);
                for child in pair.into_inner() {
                    match child.as_rule() {
                        Rule::name => role = Some(self.name(&child)),
                        Rule::words => words = Some(self.words(child)),
                        _ => {}
                    }
                }
                if let (Some(role), Some(words)) = (role, words) {
                    reason.notes.push(ast::Note { role, words, span });
                }
            }
            _ => {}
        }
    }

    /// A text for people, one for all or one in each language.
    pub(super) fn words(&mut self, pair: Pair<'_>) -> ast::Words {
        let mut words = ast::Words::default();
        let mut chinese = None;
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::label_lang => chinese = Some(child.as_str() == "zh"),
                Rule::phrase => {
                    let phrase = self.phrase(child);
                    let span = phrase.span;
                    match chinese {
                        None => words.plain = Some(phrase),
                        Some(true) => self.once(&mut words.zh, phrase, span),
                        Some(false) => self.once(&mut words.en, phrase, span),
                    }
                }
                _ => {}
            }
        }
        words
    }

    fn phrase(&mut self, pair: Pair<'_>) -> ast::Phrase {
        let span = self.span(&pair);
        let mut pieces = Vec::new();
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::plain_straight | Rule::plain_curved | Rule::plain_corner => {
                    // Blanks at the end of a piece belong to it.
                    let start = self.span(&child).start;
                    pieces.push(ast::Piece::Text(self.unescaped(child.as_str(), start)));
                }
                Rule::shown => pieces.extend(self.shown(child).map(ast::Piece::Figure)),
                _ => {}
            }
        }
        ast::Phrase { pieces, span }
    }

    fn shown(&mut self, pair: Pair<'_>) -> Option<ast::Figure> {
        let span: Span = self.span(&pair);
        let (mut value, mut rounding) = (None, None);
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::expr => value = Some(self.expr(child)),
                Rule::rounding => rounding = self.rounding(child),
                _ => {}
            }
        }
        Some(ast::Figure { value: value?, rounding, span })
    }
}
