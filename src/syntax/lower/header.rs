//! The head of a policy and its names: `policy`, `use`, `roles`, `actions`, `kind`, `script`.

use super::{Lowering, ast, rounding_mode};
use crate::diag::Diagnostic;
use crate::syntax::grammar::{Pair, Rule};

impl Lowering {
    pub(super) fn policy(&mut self, pair: Pair<'_>) -> Option<ast::Policy> {
        let (mut name, mut label) = (None, ast::Label::default());
        let (mut version, mut from, mut until, mut known) = (None, None, None, None);
        let (mut currency, mut rounding, mut calendar, mut applies) = (None, None, None, None);
        for child in pair.into_inner() {
            let span = self.span(&child);
            match child.as_rule() {
                Rule::name => name = Some(self.name(&child)),
                Rule::label => label = self.label(child),
                Rule::version => {
                    if let Some(text) = self.first_text(child) {
                        self.once(&mut version, text, span);
                    }
                }
                Rule::effective => {
                    let mut dates = child.into_inner().filter(|part| part.as_rule() == Rule::literal);
                    if let Some(first) = dates.next().and_then(|date| self.day(date)) {
                        self.once(&mut from, first, span);
                    }
                    if let Some(last) = dates.next().and_then(|date| self.day(date)) {
                        until = until.or(Some(last));
                    }
                }
                Rule::known_from => {
                    let day = child.into_inner().find(|part| part.as_rule() == Rule::literal);
                    if let Some(day) = day.and_then(|date| self.day(date)) {
                        self.once(&mut known, day, span);
                    }
                }
                Rule::currency => {
                    if let Some(code) = self.first_name(child) {
                        self.once(&mut currency, code, span);
                    }
                }
                Rule::header_rounding => {
                    let mode = child.into_inner().find(|part| part.as_rule() == Rule::rounding_mode);
                    let place = mode.as_ref().map_or(span, |mode| self.span(mode));
                    if let Some(mode) = mode.and_then(rounding_mode) {
                        self.once(&mut rounding, (mode, place), span);
                    }
                }
                Rule::calendar => {
                    if let Some(text) = self.first_text(child) {
                        self.once(&mut calendar, text, span);
                    }
                }
                Rule::applies_when => {
                    if let Some(when) = self.only_expr(child) {
                        self.once(&mut applies, ast::AppliesWhen { when, span }, span);
                    }
                }
                _ => {}
            }
        }
        Some(ast::Policy {
            name: name?,
            label,
            version,
            effective_from: from,
            effective_until: until,
            known_from: known,
            currency,
            rounding,
            calendar,
            applies,
        })
    }

    /// A literal that must be a day.
    pub(super) fn day(&mut self, pair: Pair<'_>) -> Option<ast::Literal> {
        let literal = self.literal(pair)?;
        if matches!(literal.kind, ast::LiteralKind::Date(..)) {
            return Some(literal);
        }
        self.report(
            Diagnostic::new("E107", literal.span).variant("no_date").arg("written", &literal.written),
        );
        None
    }

    /// The first text among the children.
    pub(super) fn first_text(&mut self, pair: Pair<'_>) -> Option<ast::Text> {
        let text = pair.into_inner().find(|child| child.as_rule() == Rule::text)?;
        Some(self.text(&text))
    }

    pub(super) fn use_item(&mut self, pair: Pair<'_>) -> Option<ast::Use> {
        let (mut policy, mut version, mut names) = (None, None, Vec::new());
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::name => policy = Some(self.name(&child)),
                Rule::text => version = Some(self.text(&child)),
                Rule::use_names => {
                    names = child
                        .into_inner()
                        .filter(|part| part.as_rule() == Rule::name)
                        .map(|part| self.name(&part))
                        .collect();
                }
                _ => {}
            }
        }
        Some(ast::Use { policy: policy?, version: version?, names })
    }

    /// The names of a rule that holds a list of them: `roles { … }`.
    pub(super) fn names(&mut self, pair: Pair<'_>) -> Vec<ast::Named> {
        pair.into_inner()
            .filter(|child| child.as_rule() == Rule::names)
            .flat_map(Pair::into_inner)
            .filter_map(|child| if child.as_rule() == Rule::named { self.named(child) } else { None })
            .collect()
    }

    pub(super) fn kind(&mut self, pair: Pair<'_>) -> Option<ast::Kind> {
        let (name, label) = self.head(pair.clone());
        Some(ast::Kind { name: name?, label, members: self.names(pair) })
    }

    /// The name and the label of a construct.
    pub(super) fn head(&mut self, pair: Pair<'_>) -> (Option<ast::Name>, ast::Label) {
        let (mut name, mut label) = (None, None);
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::name if name.is_none() => name = Some(self.name(&child)),
                Rule::label if label.is_none() => label = Some(self.label(child)),
                _ => {}
            }
        }
        (name, label.unwrap_or_default())
    }

    pub(super) fn script(&mut self, pair: Pair<'_>) -> Option<ast::Script> {
        let (mut file, mut functions) = (None, Vec::new());
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::text => file = Some(self.text(&child)),
                Rule::script_function => functions.extend(self.script_function(child)),
                _ => {}
            }
        }
        Some(ast::Script { file: file?, functions })
    }

    fn script_function(&mut self, pair: Pair<'_>) -> Option<ast::ScriptFunction> {
        let span = self.span(&pair);
        let (name, label) = self.head(pair.clone());
        let (mut types, mut range) = (Vec::new(), ast::Range::default());
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::r#type => types.push(self.type_expr(child)),
                Rule::range => range = self.range(child),
                _ => {}
            }
        }
        let result = types.pop()?;
        Some(ast::ScriptFunction { name: name?, label, parameters: types, result, range, span })
    }
}
