//! The grammar that editors colour policies by is the one that is made from the words of the language.

#[path = "../../examples/make_grammar/grammar.rs"]
mod grammar;

use gradus::syntax::keywords::KEYWORDS;
use serde_json::Value;

use crate::corpus::root;

#[test]
fn the_grammar_of_the_extension_is_made_from_the_words() {
    let path = root().join("editors/vscode/syntaxes/gradus.tmLanguage.json");
    let written = std::fs::read_to_string(path).unwrap();
    assert!(
        written == grammar::grammar(),
        "make it anew: cargo run --example make_grammar > editors/vscode/syntaxes/gradus.tmLanguage.json"
    );
}

/// Every spelling of every word is one of the grammar's patterns.
#[test]
fn every_word_is_coloured() {
    let grammar: Value = serde_json::from_str(&grammar::grammar()).unwrap();
    let patterns: Vec<regex::Regex> = grammar["repository"]["words"]["patterns"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|it| it["match"].as_str())
        .filter(|it| it.contains("(?:"))
        // The engine of editors looks around; here a word stands alone.
        .map(|it| it.replace("(?<![\\p{L}\\p{N}_])", "^").replace("(?![\\p{L}\\p{N}_])", "$"))
        .map(|it| regex::Regex::new(&it).unwrap())
        .collect();
    for word in KEYWORDS {
        for spelling in [word.en, word.zh].into_iter().chain(word.others.iter().copied()) {
            let found = spelling.is_empty() || patterns.iter().any(|it| it.is_match(spelling));
            assert!(found, "`{spelling}` is not coloured");
        }
    }
}

/// What the editor takes for a word, at which it offers names and finds where they are declared, is a name of the language. Its regular
/// expressions know letters of all scripts only where they are told to, with the flag `u`.
#[test]
fn a_name_is_a_word_of_the_editor() {
    let path = root().join("editors/vscode/language-configuration.json");
    let settings: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let word = &settings["wordPattern"];
    assert_eq!(word["flags"], "u");
    let word = regex::Regex::new(word["pattern"].as_str().unwrap()).unwrap();
    let found: Vec<&str> =
        word.find_iter("当 净资产 <= monthly_sales*2 且 `A+` 为 CA2").map(|it| it.as_str()).collect();
    assert_eq!(found, ["当", "净资产", "monthly_sales", "且", "`A+`", "为", "CA2"]);
}

/// What a new project recommends is this extension, by the id under which editors find it.
#[test]
fn new_projects_recommend_the_extension() {
    let read = |path: &str| -> serde_json::Value {
        serde_json::from_str(&std::fs::read_to_string(crate::corpus::root().join(path)).unwrap()).unwrap()
    };
    let package = read("editors/vscode/package.json");
    let id = format!("{}.{}", package["publisher"].as_str().unwrap(), package["name"].as_str().unwrap());
    let recommended = read("templates/shared/vscode-extensions.json");
    assert!(
        recommended["recommendations"].as_array().unwrap().contains(&id.clone().into()),
        "{id} is not recommended"
    );
}
