//! The list of words and the grammar say the same.

use std::collections::{BTreeMap, BTreeSet};

use pest::Parser;

use super::{KEYWORDS, MEMBERS, RESERVED};
use crate::syntax::grammar::{GradusParser, Rule};

const GRAMMAR: &str = include_str!("../../../grammar/gradus.pest");

/// Whether a rule reads a text to its end.
fn reads(rule: Rule, text: &str) -> bool {
    GradusParser::parse(rule, text)
        .is_ok_and(|mut pairs| pairs.next().is_some_and(|pair| pair.as_str() == text))
}

/// The texts in quotation marks of a piece of the grammar; those joined by `gap` are one.
fn words(piece: &str) -> BTreeSet<String> {
    let piece = piece.replace("\" ~ gap ~ \"", " ");
    piece.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_word_is_read_in_its_role_and_every_role_has_its_words() {
    let rules: BTreeMap<String, Rule> =
        Rule::all_rules().iter().map(|rule| (format!("{rule:?}"), *rule)).collect();
    let mut roles = BTreeSet::new();
    for keyword in KEYWORDS {
        assert!(roles.insert(keyword.role), "{} stands twice", keyword.role);
        let rule = rules.get(&format!("kw_{}", keyword.role));
        let rule = *rule.unwrap_or_else(|| panic!("the grammar has no kw_{}", keyword.role));
        let list: BTreeSet<String> = [keyword.en, keyword.zh]
            .into_iter()
            .chain(keyword.others.iter().copied())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect();
        for word in &list {
            assert!(reads(rule, word), "kw_{} does not read `{word}`", keyword.role);
        }
        let head = format!("\nkw_{} ", keyword.role);
        let line = GRAMMAR.split(&head).nth(1).and_then(|rest| rest.lines().next()).unwrap();
        let line = line.split("edge").next().unwrap();
        assert_eq!(words(line), list, "kw_{}", keyword.role);
    }
    for name in rules.keys().filter_map(|name| name.strip_prefix("kw_")) {
        assert!(roles.contains(name), "kw_{name} is not in the list");
    }
}

#[test]
fn reserved_words_are_no_names_and_all_others_are() {
    let listed: BTreeSet<String> = RESERVED.iter().map(|word| (*word).to_owned()).collect();
    assert_eq!(words(GRAMMAR.split("\nreserved ").nth(1).unwrap()), listed);
    for word in RESERVED {
        assert!(!reads(Rule::name, word), "`{word}` is read as a name");
        assert!(reads(Rule::name, &format!("`{word}`")));
    }
    for word in KEYWORDS.iter().flat_map(|keyword| [keyword.en, keyword.zh]) {
        let one_word = !word.is_empty() && !word.contains([' ', '/']);
        if one_word && !RESERVED.contains(&word) {
            assert!(reads(Rule::name, word), "`{word}` is not read as a name");
        }
    }
}

#[test]
fn members_have_two_names_each() {
    for (en, zh) in MEMBERS {
        assert_eq!(super::member(en), Some(*en));
        assert_eq!(super::member(zh), Some(*en));
    }
}
