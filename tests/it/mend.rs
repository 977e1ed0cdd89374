//! Fixes: every safe one mends what it was told for, and none makes a policy worse; and as SARIF carries them they come to the same.

use gradus::base::{FileId, SourceMap, Str};
use gradus::check::{Source, check};
use gradus::diag::render::sarif;
use gradus::diag::{Diagnostic, Lang, mend, mending};
use gradus::syntax::parse;
use serde::Deserialize;

use crate::corpus::{files, folder};

/// A text, and what parser and checker say of it.
struct Read {
    sources: SourceMap,
    file: FileId,
    diagnostics: Vec<Diagnostic>,
}

fn read(text: &str) -> Read {
    let mut sources = SourceMap::new();
    let file = sources.add("rules/a b.gradus", text);
    let parsed = parse(file, text);
    let mut diagnostics = parsed.diagnostics;
    let source = Source { file: &parsed.file, scripts: &|_| None::<Str>, references: &|_| None };
    diagnostics.extend(check(&[source]).diagnostics);
    Read { sources, file, diagnostics }
}

/// All policies of the corpus that have a mistake.
fn wrong_policies() -> Vec<(String, String)> {
    let stages = ["parse/err", "check/err", "plan/err", "habits/err"];
    let paths = stages.iter().flat_map(|stage| files(&folder(stage), ".gradus"));
    paths.map(|path| (path.display().to_string(), std::fs::read_to_string(&path).unwrap())).collect()
}

fn fixable(read: &Read) -> usize {
    read.diagnostics.iter().filter(|diagnostic| mending(diagnostic, false).is_some()).count()
}

/// Round by round, until no safe fix is left; each mends its mistake, so that rounds come to an end, and no text has more mistakes
/// of grammar than before.
#[test]
fn safe_fixes_come_to_an_end_and_do_no_harm() {
    let mut mended = 0;
    for (name, text) in wrong_policies() {
        let mut now = text.clone();
        let began = parse(FileId(0), &text).diagnostics.len();
        for round in 0.. {
            let it = read(&now);
            let safe = fixable(&it);
            let changed = mend(&it.diagnostics, &it.sources, false, |_| false);
            assert_eq!(changed.applied.is_empty(), safe == 0, "{name}: a safe fix that is never applied");
            if changed.applied.is_empty() {
                break;
            }
            assert!(round < 40, "{name}: the fixes go round in a circle\n{now}");
            mended += changed.applied.len();
            now = changed.texts[&it.file].clone();
        }
        let left = parse(FileId(0), &now).diagnostics.len();
        assert!(left <= began, "{name}: {began} mistakes of grammar became {left}\n{now}");
    }
    assert!(mended > 30, "the corpus shows few safe fixes: {mended}");
}

/// Two fixes of one place: the second waits for the next round.
#[test]
fn fixes_that_touch_are_applied_one_at_a_time() {
    let it = read("facts { a number }\nlet b = a\n");
    let span = |start, end| gradus::base::Span::new(it.file, start, end);
    let told = |start, end, new: &str, safe| {
        Diagnostic::new("E117", span(start, end)).fix("word", span(start, end), new, safe)
    };
    let diagnostics = [
        told(19, 22, "set", true),
        told(22, 22, " it", true),
        told(8, 9, "x", true),
        told(27, 28, "a * 2", false),
        told(500, 501, "beyond the text", true),
    ];
    let mended = mend(&diagnostics, &it.sources, false, |_| false);
    assert_eq!(mended.applied, [0, 2]);
    assert_eq!(mended.texts[&it.file], "facts { x number }\nset b = a\n");
    let mended = mend(&diagnostics, &it.sources, true, |_| false);
    assert_eq!(mended.applied, [0, 2, 3]);
    assert!(mend(&diagnostics, &it.sources, true, |_| true).texts.is_empty(), "a text that is barred");
}

/// What we write of SARIF 2.1.0, as types: no key that we do not mean. That it is by the standard, its schema says.
mod standard {
    use super::Deserialize;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct Log {
        #[serde(rename = "$schema")]
        pub schema: String,
        pub version: String,
        pub runs: Vec<Run>,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct Run {
        pub tool: Tool,
        pub column_kind: String,
        pub results: Vec<Finding>,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Tool {
        pub driver: Driver,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct Driver {
        pub name: String,
        pub semantic_version: String,
        pub language: String,
        pub rules: Vec<Rule>,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct Rule {
        pub id: String,
        pub name: String,
        pub help: Message,
        pub default_configuration: Configuration,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Configuration {
        pub level: Level,
    }
    #[derive(Deserialize, PartialEq, Debug)]
    #[serde(rename_all = "lowercase")]
    pub enum Level {
        None,
        Note,
        Warning,
        Error,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Message {
        pub text: String,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct Finding {
        pub rule_id: String,
        pub rule_index: usize,
        pub level: Level,
        pub message: Message,
        #[serde(default)]
        pub locations: Vec<Location>,
        #[serde(default)]
        pub related_locations: Vec<Location>,
        #[serde(default)]
        pub fixes: Vec<Fix>,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct Location {
        pub physical_location: Physical,
        pub message: Option<Message>,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct Physical {
        pub artifact_location: Artifact,
        pub region: Region,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Artifact {
        pub uri: String,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct Region {
        pub start_line: usize,
        pub start_column: usize,
        pub end_line: usize,
        pub end_column: usize,
        pub byte_offset: usize,
        pub byte_length: usize,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct Fix {
        pub description: Message,
        pub artifact_changes: Vec<Change>,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct Change {
        pub artifact_location: Artifact,
        pub replacements: Vec<Replacement>,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct Replacement {
        pub deleted_region: Region,
        pub inserted_content: Message,
    }
}

/// Where a line and a column lie in a text, columns counted in characters, as `columnKind` says.
fn offset(text: &str, line: usize, column: usize) -> usize {
    assert!(line >= 1 && column >= 1, "lines and columns count from 1");
    let begins: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let inside = text[begins..].char_indices().nth(column - 1).map_or(text.len() - begins, |(at, _)| at);
    begins + inside
}

fn hold_region(name: &str, text: &str, region: &standard::Region) -> std::ops::Range<usize> {
    let by_lines = offset(text, region.start_line, region.start_column)
        ..offset(text, region.end_line, region.end_column);
    let by_bytes = region.byte_offset..region.byte_offset + region.byte_length;
    assert_eq!(by_lines, by_bytes, "{name}: lines and bytes name two places");
    by_bytes
}

#[test]
fn sarif_is_of_the_standards_shape_and_carries_the_fixes() {
    let mut fixes = 0;
    for (name, text) in wrong_policies() {
        let it = read(&text);
        for lang in [Lang::En, Lang::Zh] {
            let log = sarif(&it.diagnostics, &it.sources, lang);
            let wrong = crate::schema::sarif(&serde_json::from_str(&log).unwrap());
            assert!(wrong.is_empty(), "{name}: {wrong:#?}");
            let log: standard::Log =
                serde_json::from_str(&log).unwrap_or_else(|error| panic!("{name}: {error}\n{log}"));
            assert_eq!((log.version.as_str(), log.runs.len()), ("2.1.0", 1));
            assert!(log.schema.starts_with("https://") && log.schema.ends_with("sarif-2.1.0.json"));
            let run = &log.runs[0];
            assert_eq!(run.column_kind, "unicodeCodePoints");
            let driver = &run.tool.driver;
            assert_eq!((driver.name.as_str(), driver.semantic_version.split('.').count()), ("gradus", 3));
            assert_eq!(driver.language, if lang == Lang::En { "en" } else { "zh" });
            let mut ids: Vec<&str> = driver.rules.iter().map(|rule| rule.id.as_str()).collect();
            ids.sort_unstable();
            assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "{name}: a rule stands twice");
            assert!(driver.rules.iter().all(|rule| !rule.name.is_empty() && !rule.help.text.is_empty()));
            assert_eq!(run.results.len(), it.diagnostics.len(), "{name}: something was dropped");
            for (finding, diagnostic) in run.results.iter().zip(&it.diagnostics) {
                let rule = &driver.rules[finding.rule_index];
                assert_eq!((&rule.id, &rule.default_configuration.level), (&finding.rule_id, &finding.level));
                assert!(!finding.message.text.is_empty(), "{name}: a finding without a word");
                for place in finding.locations.iter().chain(&finding.related_locations) {
                    assert_eq!(place.physical_location.artifact_location.uri, "rules/a%20b.gradus");
                    hold_region(&name, &text, &place.physical_location.region);
                }
                assert!(finding.related_locations.iter().all(|place| place.message.is_some()));
                assert_eq!(finding.fixes.len(), diagnostic.fixes.len(), "{name}: a fix was dropped");
                for (fix, meant) in finding.fixes.iter().zip(&diagnostic.fixes) {
                    fixes += 1;
                    assert!(!fix.description.text.is_empty(), "{name}: a fix without a word");
                    let [change] = fix.artifact_changes.as_slice() else {
                        panic!("{name}: one file changes")
                    };
                    assert_eq!(change.artifact_location.uri, "rules/a%20b.gradus");
                    assert_eq!(change.replacements.len(), meant.edits.len());
                    for (replacement, (span, new)) in change.replacements.iter().zip(&meant.edits) {
                        assert_eq!(hold_region(&name, &text, &replacement.deleted_region), span.range());
                        assert_eq!(replacement.inserted_content.text, new.to_string());
                    }
                }
            }
        }
    }
    assert!(fixes > 150, "few fixes were seen: {fixes}");
}
