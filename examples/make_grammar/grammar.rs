//! The TextMate grammar of Gradus, made from the words of the language: what editors colour a policy by before a server has
//! spoken.

use gradus::syntax::keywords::{KEYWORDS, Keyword, items};
use serde_json::json;

/// What a name may not touch on either side of a word.
const EDGES: (&str, &str) = ("(?<![\\p{L}\\p{N}_])", "(?![\\p{L}\\p{N}_])");

/// The grammar as a JSON document.
pub fn grammar() -> String {
    let operators =
        ["and", "or", "not", "is", "is_not", "is_known", "is_unknown", "of", "of_zh", "in_list", "where"];
    let constants = ["yes", "no", "today", "unknown", "known"];
    let types = ["money", "number", "percent", "date", "days", "months", "text", "yes_no", "list", "set_of"];
    let of = |roles: &[&str]| words(KEYWORDS.iter().filter(|word| roles.contains(&word.role)));
    let begins: Vec<&str> = items().map(|word| word.role).collect();
    let special = |word: &&Keyword| {
        [&operators[..], &constants, &types, &begins].iter().any(|roles| roles.contains(&word.role))
    };
    let others = words(KEYWORDS.iter().filter(|word| !special(word)));
    let figure = json!({
        "name": "meta.embedded.gradus",
        "begin": "\\{(?!\\{)",
        "end": "\\}",
        "patterns": [{ "include": "#words" }],
    });
    let text = |begin: &str, end: &str| {
        json!({
            "name": "string.quoted.double.gradus",
            "begin": begin,
            "end": end,
            "patterns": [
                { "name": "constant.character.escape.gradus", "match": "\\\\.|\\{\\{|\\}\\}" },
                figure,
            ],
        })
    };
    let document = json!({
        "$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
        "name": "Gradus",
        "scopeName": "source.gradus",
        "fileTypes": ["gradus"],
        "patterns": [
            { "name": "comment.line.number-sign.gradus", "match": "#.*$" },
            text("\"", "\"|$"),
            text("“", "”|$"),
            { "include": "#words" },
        ],
        "repository": {
            "words": {
                "patterns": [
                    { "name": "variable.other.quoted.gradus", "match": "`[^`\\n]+`" },
                    { "name": "constant.numeric.date.gradus", "match": "\\b\\d{4}-\\d{2}-\\d{2}\\b" },
                    { "name": "constant.numeric.gradus", "match": "[0-9０-９][0-9０-９_]*(?:[.．][0-9０-９]+)?(?:万亿|万|亿)?[%％‰]?" },
                    { "name": "keyword.declaration.gradus", "match": of(&begins) },
                    { "name": "constant.language.gradus", "match": of(&constants) },
                    { "name": "support.type.gradus", "match": of(&types) },
                    { "name": "keyword.operator.word.gradus", "match": of(&operators) },
                    { "name": "keyword.other.gradus", "match": others },
                    { "name": "keyword.operator.gradus", "match": "->|<=|>=|[-+*/^<>=≤≥＝＜＞]|\\.\\." },
                ],
            },
        },
    });
    let mut text = serde_json::to_string_pretty(&document).expect("a grammar is JSON");
    text.push('\n');
    text
}

/// A pattern of some words, in all spellings: the longest first, so that `is not` is no `is`.
fn words<'k>(keywords: impl Iterator<Item = &'k Keyword>) -> String {
    let mut spellings: Vec<&str> =
        keywords.flat_map(|word| [word.en, word.zh].into_iter().chain(word.others.iter().copied())).collect();
    spellings.retain(|spelling| !spelling.is_empty());
    spellings.sort_by_key(|spelling| (std::cmp::Reverse(spelling.chars().count()), *spelling));
    spellings.dedup();
    let spelled: Vec<String> = spellings.iter().map(|spelling| spelling.replace(' ', " +")).collect();
    format!("{}(?:{}){}", EDGES.0, spelled.join("|"), EDGES.1)
}
