//! One mistake in every format: two versions of a policy in force on the same day.

use gradus::base::{FileId, SourceMap, Span};
use gradus::diag::render::{Colour, concise, full, github, json, sarif};
use gradus::diag::{Diagnostic, Lang};

const EARLIER: &str = "policy trade_credit \"客户信用政策\" {\n  version \"2026.4\"\n  effective from 2026-10-01 until 2027-12-31\n}\n";
const LATER: &str =
    "政策 trade_credit {\n  版本 \"2027.1\"； 生效 自 2027-01-01\n}\n\n脚本 \"季节.rhia\" {\n}\n";

fn span(file: FileId, text: &str, word: &str) -> Span {
    let start = text.find(word).unwrap();
    Span::new(file, start as u32, (start + word.len()) as u32)
}

fn mistakes() -> (Vec<Diagnostic>, SourceMap) {
    let mut sources = SourceMap::new();
    let earlier = sources.add("rules/trade_credit@2026.4.gradus", EARLIER);
    let later = sources.add("规则/信用.gradus", LATER);
    let overlap = Diagnostic::new("E525", span(later, LATER, "2027-01-01"))
        .arg("name", "trade_credit")
        .arg("earlier", "2026.4")
        .arg("later", "2027.1")
        .arg("from", "2027-01-01")
        .arg("to", "2027-12-31")
        .arg("day", "2026-12-31")
        .label(span(earlier, EARLIER, "2027-12-31"), "other")
        .note("why")
        .fix("until", span(earlier, EARLIER, "2027-12-31"), "2026-12-31", false);
    let typo = Diagnostic::new("E531", span(later, LATER, "季节.rhia"))
        .arg("path", "季节.rhia")
        .arg("near", "季节.rhai")
        .help("beside")
        .fix("near", span(later, LATER, "季节.rhia"), "季节.rhai", true);
    let gap =
        Diagnostic::nowhere("W526").arg("name", "terms").arg("from", "2026-01-01").arg("to", "2026-01-31");
    (vec![overlap, typo, gap], sources)
}

#[test]
fn full_in_both_languages() {
    let (mistakes, sources) = mistakes();
    insta::assert_snapshot!("full_en", full(&mistakes, &sources, Lang::En, Colour::Without));
    insta::assert_snapshot!("full_zh", full(&mistakes, &sources, Lang::Zh, Colour::Without));
}

#[test]
fn concise_is_one_line_each() {
    let (mistakes, sources) = mistakes();
    insta::assert_snapshot!(concise(&mistakes, &sources, Lang::En));
}

#[test]
fn json_has_places_as_people_and_as_programs_count() {
    let (mistakes, sources) = mistakes();
    insta::assert_snapshot!(json(&mistakes, &sources, Lang::Zh));
}

#[test]
fn sarif_is_one_run() {
    let (mistakes, sources) = mistakes();
    insta::assert_snapshot!(sarif(&mistakes, &sources, Lang::En));
}

#[test]
fn github_escapes_what_its_commands_mean() {
    let (mistakes, sources) = mistakes();
    insta::assert_snapshot!(github(&mistakes, &sources, Lang::En));
}

#[test]
fn colours_are_an_option() {
    let (mistakes, sources) = mistakes();
    assert!(full(&mistakes, &sources, Lang::En, Colour::With).contains("\u{1b}["));
    assert!(!full(&mistakes, &sources, Lang::En, Colour::Without).contains('\u{1b}'));
}

/// The names of a customer file may hold anything; a terminal must not obey them.
#[test]
fn escape_sequences_of_a_text_are_not_obeyed() {
    let diagnostic =
        Diagnostic::nowhere("E522").arg("name", "\u{1b}[31mred").arg("known", "\u{202e}x").help("known");
    let shown = full(&[diagnostic], &SourceMap::new(), Lang::En, Colour::Without);
    assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202e}'), "{shown:?}");
}

#[test]
fn unknown_codes_and_words_are_told_all_the_same() {
    let diagnostic = Diagnostic::nowhere("E000").help("none").note("none");
    assert_eq!(concise(&[diagnostic], &SourceMap::new(), Lang::Zh), "错误[E000]: E000\n");
}

/// A key that nobody gave stays visible; braces that are no key are text.
#[test]
fn figures_are_filled_in_once() {
    let diagnostic = Diagnostic::nowhere("E522").arg("name", "{known} {name}");
    let shown = concise(&[diagnostic], &SourceMap::new(), Lang::En);
    assert_eq!(shown, "error[E522]: there is no policy `{known} {name}` in the rules folders\n");
}

proptest::proptest! {
    /// Places outside the text, inside a character, turned round: all are shown somewhere.
    #[test]
    fn no_place_ends_a_run(
        text in "(\\PC|\n|\r|\t|流动资产|😀){0,40}",
        places in proptest::collection::vec((0u32..3, 0u32..200, 0u32..200), 1..5),
        new in "\\PC{0,5}",
    ) {
        let mut sources = SourceMap::new();
        sources.add("a.gradus", text.as_str());
        sources.add("b.gradus", "");
        let spans: Vec<Span> = places.iter().map(|(file, start, end)| Span::new(FileId(*file), *start, *end)).collect();
        let mut diagnostic = Diagnostic::new("E525", spans[0]);
        for span in &spans {
            diagnostic = diagnostic.label(*span, "other").fix("until", *span, new.as_str(), true);
        }
        let all = [diagnostic];
        let _ = full(&all, &sources, Lang::Zh, Colour::With);
        let _ = concise(&all, &sources, Lang::En);
        let _ = json(&all, &sources, Lang::En);
        let _ = sarif(&all, &sources, Lang::En);
        let _ = github(&all, &sources, Lang::En);
    }
}
