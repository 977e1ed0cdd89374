//! SARIF 2.1.0, the format in which code hosts take findings.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Place, ToldFix, tell};
use crate::base::{SourceMap, Span};
use crate::diag::{Diagnostic, Lang, Severity};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log<'f> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: Vec<Run<'f>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'f> {
    tool: Tool<'f>,
    column_kind: &'static str,
    results: Vec<Result<'f>>,
}

#[derive(Serialize)]
struct Tool<'f> {
    driver: Driver<'f>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'f> {
    name: &'static str,
    semantic_version: &'static str,
    language: &'static str,
    rules: Vec<ReportingRule<'f>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReportingRule<'f> {
    id: &'f str,
    name: &'f str,
    help: Message,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Result<'f> {
    rule_id: &'f str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fix>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Clone, Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
    byte_offset: u32,
    byte_length: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix {
    description: Message,
    artifact_changes: Vec<ArtifactChange>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange {
    artifact_location: ArtifactLocation,
    replacements: Vec<Replacement>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Region,
    inserted_content: Message,
}

/// What a finding breaks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rule {
    /// Its code: `E201`, `case-fails`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What to do.
    pub help: String,
    /// How bad it is.
    pub severity: Severity,
}

/// One finding, in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// What it breaks.
    pub rule: Rule,
    /// What is wrong, a sentence a line.
    pub message: String,
    /// Where.
    pub place: Option<Span>,
    /// Further places, each with its words.
    pub related: Vec<(Span, String)>,
    /// Changes that mend it.
    pub fixes: Vec<ToldFix>,
}

/// Diagnostics as findings.
#[must_use]
pub fn findings_of(diagnostics: &[Diagnostic], lang: Lang) -> Vec<Finding> {
    let finding = |diagnostic: &Diagnostic| {
        let told = tell(diagnostic, lang);
        let mut sentences = vec![told.message];
        sentences.extend(told.main.iter().map(|(_, words)| words.clone()).filter(|words| !words.is_empty()));
        sentences.extend(told.helps);
        sentences.extend(told.notes);
        Finding {
            rule: Rule {
                id: told.code.to_owned(),
                name: told.name,
                help: format!("gradus explain {}", told.code),
                severity: told.severity,
            },
            message: sentences.join("\n"),
            place: told.main.map(|(span, _)| span),
            related: told.labels,
            fixes: told.fixes,
        }
    };
    diagnostics.iter().map(finding).collect()
}

/// Diagnostics as one SARIF log with one run.
#[must_use]
pub fn sarif(diagnostics: &[Diagnostic], sources: &SourceMap, lang: Lang) -> String {
    sarif_log(&findings_of(diagnostics, lang), sources, lang)
}

/// One SARIF log with one run. Columns count characters, as people do.
#[must_use]
pub fn sarif_log(findings: &[Finding], sources: &SourceMap, lang: Lang) -> String {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let mut rules = Vec::new();
    let mut results = Vec::new();
    for Finding { rule, message, place, related, fixes } in findings {
        let rule_index = *places.entry(&rule.id).or_insert_with(|| {
            rules.push(ReportingRule {
                id: &rule.id,
                name: &rule.name,
                help: Message { text: rule.help.clone() },
                default_configuration: Configuration { level: level(rule.severity) },
            });
            rules.len().saturating_sub(1)
        });
        results.push(Result {
            rule_id: &rule.id,
            rule_index,
            level: level(rule.severity),
            message: Message { text: message.clone() },
            locations: place.iter().filter_map(|span| location(sources, *span, None)).collect(),
            related_locations: related
                .iter()
                .filter_map(|(span, text)| location(sources, *span, Some(Message { text: text.clone() })))
                .collect(),
            fixes: fixes
                .iter()
                .map(|fix| Fix {
                    description: Message { text: fix.title.clone() },
                    artifact_changes: changes(sources, &fix.edits),
                })
                .collect(),
        });
    }
    let driver = Driver {
        name: "gradus",
        semantic_version: env!("CARGO_PKG_VERSION"),
        language: match lang {
            Lang::En => "en",
            Lang::Zh => "zh",
        },
        rules,
    };
    crate::base::document(&Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: vec![Run { tool: Tool { driver }, column_kind: "unicodeCodePoints", results }],
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn location(sources: &SourceMap, span: Span, message: Option<Message>) -> Option<Location> {
    let place = Place::new(sources, span)?;
    let physical_location = PhysicalLocation { artifact_location: artifact(place), region: region(place) };
    Some(Location { physical_location, message })
}

fn changes(sources: &SourceMap, edits: &[(Span, crate::base::Str)]) -> Vec<ArtifactChange> {
    let mut changes: Vec<ArtifactChange> = Vec::new();
    for (span, new) in edits {
        let Some(place) = Place::new(sources, *span) else { continue };
        let file = artifact(place);
        let replacement = Replacement {
            deleted_region: region(place),
            inserted_content: Message { text: new.to_string() },
        };
        match changes.iter_mut().find(|change| change.artifact_location.uri == file.uri) {
            Some(change) => change.replacements.push(replacement),
            None => changes.push(ArtifactChange { artifact_location: file, replacements: vec![replacement] }),
        }
    }
    changes
}

fn region(place: Place<'_>) -> Region {
    let (from, to) = (place.from(), place.to());
    Region {
        start_line: from.line,
        start_column: from.column,
        end_line: to.line,
        end_column: to.column,
        byte_offset: place.start,
        byte_length: place.end.saturating_sub(place.start),
    }
}

fn artifact(place: Place<'_>) -> ArtifactLocation {
    ArtifactLocation { uri: uri(place.source.name()) }
}

/// A path as a URI reference: `规则/信用.gradus` has its bytes in percents, a backslash becomes a slash.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' | b'@' => {
                uri.push(char::from(byte))
            }
            b'\\' => uri.push('/'),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}
