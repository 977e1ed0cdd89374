//! What each word of a text is, to be coloured by meaning.

use std::collections::BTreeMap;

use super::View;
use crate::base::Span;
use crate::check::hir::Meaning;
use crate::syntax::{self, Node, TriviaKind, ast};

/// A stretch of a text and what it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Token {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: TokenKind,
    /// Whether it is declared here.
    pub declares: bool,
}

/// What a word is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum TokenKind {
    /// A word of the language.
    Keyword,
    /// A comment.
    Comment,
    /// A text.
    Text,
    /// A number, with its unit, or a day.
    Number,
    /// A fact, or a field of a record.
    Fact,
    /// A value that the policy works out.
    Value,
    /// A parameter.
    Param,
    /// A member of a kind, a grade, a state, a step.
    Member,
    /// A kind or a scale of grades.
    Kind,
    /// A role or an action.
    Person,
    /// A policy.
    Policy,
    /// A function of a script.
    Function,
}

impl TokenKind {
    /// All of them, in their order.
    pub const ALL: [TokenKind; 12] = [
        TokenKind::Keyword,
        TokenKind::Comment,
        TokenKind::Text,
        TokenKind::Number,
        TokenKind::Fact,
        TokenKind::Value,
        TokenKind::Param,
        TokenKind::Member,
        TokenKind::Kind,
        TokenKind::Person,
        TokenKind::Policy,
        TokenKind::Function,
    ];
}

/// The words of a file in their order; none overlaps another.
#[must_use]
pub fn tokens(view: &View<'_>) -> Vec<Token> {
    let read = syntax::stretches(view.file, view.text);
    let mut names: BTreeMap<Span, (TokenKind, bool)> = BTreeMap::new();
    for mention in view.program.mentions.iter().filter(|mention| mention.at.file == view.file) {
        let kind = match mention.means {
            Meaning::Fact(_) | Meaning::Field(..) => TokenKind::Fact,
            Meaning::Param(_) | Meaning::Series(_) | Meaning::Local => TokenKind::Param,
            Meaning::Value(_) | Meaning::Part(..) | Meaning::Reference(_) => TokenKind::Value,
            Meaning::Script(_) => TokenKind::Function,
            Meaning::Member(..) | Meaning::Reason(_) => TokenKind::Member,
            Meaning::Kind(_) => TokenKind::Kind,
            Meaning::Role(_) | Meaning::Action(_) => TokenKind::Person,
            Meaning::Policy(_) => TokenKind::Policy,
        };
        let told = names.entry(mention.at).or_insert((kind, false));
        // The name of a scale is the name of its value, too.
        if told.0 == TokenKind::Kind {
            told.0 = kind;
        }
        told.1 |= mention.at == mention.of;
    }
    // Names of which nothing else speaks.
    for item in &view.tree.items {
        let own: Vec<Span> = match &item.kind {
            ast::ItemKind::Decision(decision) => vec![decision.name.span],
            ast::ItemKind::Triggers(it) => {
                let triggers = it.states.iter().flat_map(|state| &state.triggers);
                triggers.map(|trigger| trigger.name.span).collect()
            }
            _ => Vec::new(),
        };
        own.into_iter().for_each(|span| {
            names.entry(span).or_insert((TokenKind::Value, true));
        });
    }
    let mut found: Vec<Token> =
        names.into_iter().map(|(span, (kind, declares))| Token { span, kind, declares }).collect();
    for item in read.items.iter().filter_map(|stretch| stretch.item.as_ref()) {
        leaves(item, &mut found);
    }
    let comments = read.trivia.iter().filter(|it| it.kind != TriviaKind::BlankLines);
    found.extend(comments.map(|it| Token { span: it.span, kind: TokenKind::Comment, declares: false }));
    found.sort_by_key(|token| (token.span.start, token.kind == TokenKind::Text, token.span.end));
    let mut end = 0;
    found.retain(|token| {
        let fits = token.span.start >= end && token.span.end > token.span.start;
        if fits {
            end = token.span.end;
        }
        fits
    });
    // A text with figures in it is a text before, between and behind them.
    found
}

fn leaves(node: &Node, found: &mut Vec<Token>) {
    let kind = match node.rule {
        "text" => Some(TokenKind::Text),
        "number" | "date" => Some(TokenKind::Number),
        rule if rule.starts_with("kw_") || rule.starts_with("fold_") || rule.starts_with("pick_") => {
            Some(TokenKind::Keyword)
        }
        "op_and" | "op_or" | "op_not" | "op_of" | "op_of_zh" => Some(TokenKind::Keyword),
        _ => None,
    };
    if let Some(kind) = kind {
        found.push(Token { span: node.span, kind, declares: false });
        return;
    }
    for child in &node.children {
        leaves(child, found);
    }
}
