//! Words for people: reasons, what a customer reads in their place, notes, and the figures in their texts.

use super::bodies::is_error;
use super::context::{Checker, Expected, Scope};
use super::hir::{self, Piece, WordsId};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::Type;

impl Checker<'_> {
    /// Why a rule of the value under way is there.
    pub(crate) fn reason(&mut self, reason: &ast::Reason) -> hir::Reason {
        let under_way = self.open.last().and_then(|(id, _)| self.declarations.get(*id));
        let scope = under_way.map_or_else(|| Scope::customer(self.policy), |it| it.scope.clone());
        self.reason_in(reason, &scope)
    }

    /// Why a rule is there, with figures of this scope.
    pub(crate) fn reason_in(&mut self, reason: &ast::Reason, scope: &Scope) -> hir::Reason {
        if let Some((_, span)) = &reason.customer
            && reason.internal.is_none()
        {
            self.report(Diagnostic::new("E372", *span).help("internal"));
        }
        let mut roles: Vec<&ast::Name> = Vec::new();
        for note in &reason.notes {
            if let Some(first) = roles.iter().find(|role| role.text == note.role.text) {
                self.report(
                    Diagnostic::new("E373", note.span)
                        .arg("role", &note.role.text)
                        .label(first.span, "first")
                        .help(""),
                );
            }
            roles.push(&note.role);
        }
        let because = reason.because.as_ref().map(|words| self.words(words, scope));
        if let Some(code) = &reason.code {
            self.codes.entry(code.text.clone()).or_default().insert(code.span, because);
        }
        hir::Reason {
            code: reason.code.as_ref().map(|code| code.text.clone()),
            because,
            cite: reason.cite.as_ref().map(|text| text.value.clone()),
            internal: reason.internal.is_some(),
            customer: reason.customer.as_ref().map(|(words, _)| self.words(words, scope)),
            notes: reason
                .notes
                .iter()
                .map(|note| (self.role(&note.role), self.words(&note.words, scope)))
                .collect(),
        }
    }

    /// Notes where the codes of reasons stand: all rules and cases that say one mean the one that is given first.
    pub(super) fn mention_codes(&mut self) {
        let codes = std::mem::take(&mut self.codes);
        for (first, places) in
            codes.values().filter_map(|places| Some((*places.first_key_value()?.0, places)))
        {
            for (place, words) in places {
                self.mention(*place, first, hir::Meaning::Reason(*words));
            }
        }
        for code in std::mem::take(&mut self.expected_codes) {
            if let Some((first, words)) = codes.get(&code.text).and_then(|places| places.first_key_value()) {
                self.mention(code.span, *first, hir::Meaning::Reason(*words));
            }
        }
    }

    /// A text for people; its figures are checked when every value is.
    pub(crate) fn words(&mut self, words: &ast::Words, scope: &Scope) -> WordsId {
        let id = self.program.words.push(hir::Words::default());
        self.unread.push((id, words.clone(), scope.clone()));
        id
    }

    /// Checks the figures of all texts.
    pub(super) fn check_words(&mut self) {
        let own = self.policy;
        for (id, words, scope) in std::mem::take(&mut self.unread) {
            self.policy = scope.policy;
            let mut told = hir::Words::default();
            let plain = words.plain.map(|phrase| self.phrase(&phrase, &scope, &mut told));
            let zh = words.zh.map(|phrase| self.phrase(&phrase, &scope, &mut told));
            let en = words.en.map(|phrase| self.phrase(&phrase, &scope, &mut told));
            // One text stands for both languages, as a label does.
            let either = |own: &Option<Vec<Piece>>, other: &Option<Vec<Piece>>| {
                own.as_ref().or(plain.as_ref()).or(other.as_ref()).cloned().unwrap_or_default()
            };
            told.zh = either(&zh, &en);
            told.en = either(&en, &zh);
            if let Some(place) = self.program.words.get_mut(id) {
                *place = told;
            }
        }
        self.policy = own;
    }

    fn phrase(&mut self, phrase: &ast::Phrase, scope: &Scope, told: &mut hir::Words) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for piece in &phrase.pieces {
            match piece {
                ast::Piece::Text(text) => pieces.push(Piece::Text(text.clone())),
                ast::Piece::Figure(figure) => {
                    let Some(shown) = self.shown(figure, scope) else { continue };
                    pieces.push(Piece::Figure(u32::try_from(told.figures.len()).unwrap_or(u32::MAX)));
                    told.figures.push(shown);
                }
            }
        }
        pieces
    }

    fn shown(&mut self, figure: &ast::Figure, scope: &Scope) -> Option<hir::Shown> {
        let value = self.expr(&figure.value, scope, &Expected::Any);
        if is_error(&value) {
            return None;
        }
        if matches!(value.ty, Type::Records(_)) {
            self.report(Diagnostic::new("E295", figure.span).help("aggregate"));
            return None;
        }
        let rounding = match (&figure.rounding, value.ty.unit()) {
            (None, _) => None,
            (Some(rounding), Some(unit)) => self.rounding(rounding, unit),
            (Some(rounding), None) => {
                let report = Diagnostic::new("E233", rounding.span).variant("type");
                let report = self.with_type(report, "type", &value.ty);
                self.report(report);
                None
            }
        };
        Some(hir::Shown { value, rounding, span: figure.span })
    }
}
