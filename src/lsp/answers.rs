//! What an editor asks, and what it is answered: one question a function.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use lsp_server::Connection;
use serde_json::{Value as Json, json};

use super::lenses;
use super::server::{Server, range_of};
use super::text::{Position, Range};
use super::uri::path_of;
use crate::base::{FileId, Lang, Span};
use crate::check::hir::{Meaning, Mention};
use crate::diag::{Fix, render};
use crate::ide::{self, CompletionKind, FoldKind, SymbolKind, TokenKind};

/// An answer, or why there is none.
pub(super) type Answer = Result<Json, String>;

/// Answers a question; none where it is not one that is answered.
pub(super) fn answer(
    server: &mut Server<'_>,
    method: &str,
    params: &Json,
    connection: &Connection,
) -> Option<Answer> {
    let uri = params.pointer("/textDocument/uri").and_then(Json::as_str).unwrap_or_default();
    let path = path_of(uri);
    Some(match method {
        "textDocument/codeAction" => Ok(actions(server, &path, params)),
        "textDocument/hover" => Ok(hover(server, &path, params)),
        "textDocument/completion" => Ok(completion(server, &path, params)),
        "textDocument/definition" => Ok(definition(server, &path, params)),
        "textDocument/references" => Ok(references(server, &path, params)),
        "textDocument/documentHighlight" => Ok(highlights(server, &path, params)),
        "textDocument/prepareRename" => Ok(prepare_rename(server, &path, params)),
        "textDocument/rename" => rename(server, &path, params),
        "textDocument/documentSymbol" => Ok(symbols(server, &path)),
        "textDocument/foldingRange" => Ok(folding(server, &path)),
        "textDocument/formatting" => Ok(formatting(server, &path)),
        "textDocument/semanticTokens/full" => Ok(tokens(server, &path)),
        "textDocument/inlayHint" => Ok(hints(server, &path, params)),
        "textDocument/codeLens" => Ok(lenses::all(server, &path)),
        "codeLens/resolve" => Ok(lenses::resolve(server, params)),
        "workspace/executeCommand" => lenses::execute(server, params, connection),
        _ => return None,
    })
}

/// The byte of the place that is asked about, in the text of the policy.
fn offset(server: &Server<'_>, path: &Path, place: &Json) -> Option<u32> {
    let place: Position = serde_json::from_value(place.clone()).ok()?;
    let document = server.documents.get(path)?;
    let mark = if document.text.as_str().starts_with('\u{feff}') { 3 } else { 0 };
    let offset = document.text.offset(place, server.encoding).saturating_sub(mark);
    u32::try_from(offset).ok()
}

/// The byte at which the cursor stands.
pub(super) fn asked(server: &Server<'_>, path: &Path, params: &Json) -> Option<u32> {
    offset(server, path, params.get("position")?)
}

/// The name that is asked about.
fn named(server: &Server<'_>, path: &Path, params: &Json) -> Option<Mention> {
    let at = asked(server, path, params)?;
    if let Some(held) = server.project.case_file(path) {
        return Some(*server.project.case_files().tried(path)?.named(held.file, at)?.2);
    }
    let file = server.project.file(path)?.file;
    let own = server.project.built(path)?;
    // Its own policy knows best; a file that is used may be named by others alone.
    let found = ide::at(&own.program.mentions, file, at);
    found.or_else(|| ide::at(server.project.mentions(), file, at)).copied()
}

fn location(server: &Server<'_>, span: Span) -> Option<Json> {
    let (path, range) = server.location(span)?;
    Some(json!({ "uri": server.uri(&path), "range": range }))
}

fn hover(server: &mut Server<'_>, path: &Path, params: &Json) -> Json {
    server.project.settle_all();
    lenses::hover(server, path, params).or_else(|| hover_name(server, path, params)).unwrap_or(Json::Null)
}

pub(super) fn markdown(text: &str, range: Range) -> Json {
    json!({ "contents": { "kind": "markdown", "value": text }, "range": range })
}

fn hover_name(server: &Server<'_>, path: &Path, params: &Json) -> Option<Json> {
    let Some(mention) = named(server, path, params) else {
        let view = server.project.view(path)?;
        let (span, text) = ide::unnamed(&view, asked(server, path, params)?)?;
        return Some(markdown(&text, server.location(span)?.1));
    };
    let view = server.project.view(path).or_else(|| server.project.view_of_cases(path, mention.at))?;
    let of = ide::declaration(server.project.mentions(), mention.of);
    let declared: BTreeSet<Span> =
        server.project.mentions().filter(|it| it.at == it.of).map(|it| it.at).collect();
    let uses: Vec<Span> = ide::same(server.project.mentions(), of)
        .into_iter()
        .filter(|span| !declared.contains(span))
        .collect();
    let text = ide::hover(&view, &mention, &uses)?;
    Some(markdown(&text, server.location(mention.at)?.1))
}

fn completion(server: &mut Server<'_>, path: &Path, params: &Json) -> Json {
    server.project.settle(path);
    let at_use =
        || Some(ide::names_others(&server.project.file(path)?.program, asked(server, path, params)?));
    if at_use() == Some(true) {
        server.project.settle_all();
    }
    let found = || {
        let at = asked(server, path, params)?;
        let view = server.project.view(path)?;
        let (start, found) = ide::complete(&view, at, &server.project.beside(path));
        let range = server.ranges(view.file)(start..at as usize);
        let items: Vec<Json> = found
            .into_iter()
            .enumerate()
            .map(|(place, it)| {
                json!({
                    "label": it.text,
                    "kind": completion_kind(it.kind),
                    "detail": it.detail,
                    "sortText": format!("{place:05}"),
                    "filterText": it.text,
                    "textEdit": { "range": range, "newText": it.text },
                })
            })
            .collect();
        Some(json!({ "isIncomplete": false, "items": items }))
    };
    found().unwrap_or(Json::Null)
}

/// The number that the protocol gives a kind of completion.
fn completion_kind(kind: CompletionKind) -> u8 {
    match kind {
        CompletionKind::Fact => 5,
        CompletionKind::Value => 6,
        CompletionKind::Param => 21,
        CompletionKind::Member => 20,
        CompletionKind::Kind => 13,
        CompletionKind::Person => 12,
        CompletionKind::Policy => 9,
        CompletionKind::Keyword => 14,
        CompletionKind::Lint => 21,
    }
}

fn definition(server: &mut Server<'_>, path: &Path, params: &Json) -> Json {
    server.project.settle(path);
    let found = || {
        let mention = named(server, path, params)?;
        location(server, ide::declaration(server.project.mentions(), mention.of))
    };
    found().unwrap_or(Json::Null)
}

/// All places of the name that is asked about.
fn places(server: &Server<'_>, path: &Path, params: &Json) -> Option<(Mention, BTreeSet<Span>)> {
    let mention = named(server, path, params)?;
    Some((mention, ide::same(server.project.mentions(), mention.of)))
}

fn references(server: &mut Server<'_>, path: &Path, params: &Json) -> Json {
    server.project.settle_everywhere();
    let with_declaration =
        params.pointer("/context/includeDeclaration").and_then(Json::as_bool).unwrap_or(true);
    let Some((_, spans)) = places(server, path, params) else { return Json::Null };
    let declared: BTreeSet<Span> =
        server.project.mentions().filter(|it| it.at == it.of).map(|it| it.at).collect();
    let wanted = spans.iter().filter(|span| with_declaration || !declared.contains(*span));
    Json::Array(wanted.filter_map(|span| location(server, *span)).collect())
}

fn highlights(server: &mut Server<'_>, path: &Path, params: &Json) -> Json {
    server.project.settle(path);
    let Some((mention, spans)) = places(server, path, params) else { return Json::Null };
    let here = spans.iter().filter(|span| span.file == mention.at.file);
    let ranges = server.ranges(mention.at.file);
    Json::Array(here.map(|span| json!({ "range": ranges(span.range()) })).collect())
}

fn prepare_rename(server: &mut Server<'_>, path: &Path, params: &Json) -> Json {
    server.project.settle(path);
    let found = || {
        let mention = named(server, path, params)?;
        let (_, range) = server.location(mention.at)?;
        let text = server.project.sources().get(mention.at.file)?.slice(mention.at).trim_matches('`');
        Some(json!({ "range": range, "placeholder": text }))
    };
    found().unwrap_or(Json::Null)
}

/// Changes a name wherever it stands. What would then be wrong is tried first, and refuses it.
fn rename(server: &mut Server<'_>, path: &Path, params: &Json) -> Answer {
    server.project.settle_everywhere();
    let lang = server.project.lang();
    let new = params.get("newName").and_then(Json::as_str).unwrap_or_default();
    let mention = named(server, path, params)
        .ok_or_else(|| lang.pick("there is no name here", "此处没有名称").to_owned())?;
    let (spans, spelled) =
        ide::rename(server.project.mentions(), mention.of, new).map_err(|refusal| match refusal {
            ide::Refusal::NoName => match lang {
                Lang::En => format!("`{new}` is no name"),
                Lang::Zh => format!("`{new}` 不能作名称"),
            },
        })?;
    // Two reasons under one code could never be told apart again, and nothing would be wrong.
    let is_other = |it: &Mention| {
        let source = server.project.sources().get(it.at.file);
        let text = source.map_or("", |source| source.slice(it.at));
        matches!(it.means, Meaning::Reason(_)) && !spans.contains(&it.at) && text == spelled
    };
    let files: BTreeSet<FileId> = spans.iter().map(|span| span.file).collect();
    if matches!(mention.means, Meaning::Reason(_))
        && server.project.mentions().any(|it| files.contains(&it.at.file) && is_other(it))
    {
        return Err(match lang {
            Lang::En => format!("there is a reason `{spelled}` already"),
            Lang::Zh => format!("已有理由代码 `{spelled}`"),
        });
    }
    let edits: Vec<(Span, String)> =
        spans.into_iter().map(|span| server.project.spelled(span, &spelled, mention.means)).collect();
    if let Some(mistake) = server.project.would_break(&edits) {
        return Err(mistake);
    }
    Ok(json!({ "changes": changes(server, edits.into_iter()) }))
}

/// Edits by file, as the protocol has them.
fn changes(server: &Server<'_>, edits: impl Iterator<Item = (Span, String)>) -> Json {
    let mut by_file: BTreeMap<String, Vec<Json>> = BTreeMap::new();
    for (span, text) in edits {
        if let Some((path, range)) = server.location(span) {
            let edit = json!({ "range": range, "newText": text });
            by_file.entry(server.uri(&path)).or_default().push(edit);
        }
    }
    json!(by_file)
}

fn actions(server: &mut Server<'_>, path: &Path, params: &Json) -> Json {
    server.project.settle(path);
    let (Some(file), Some(range)) = (server.project.source(path), params.get("range").and_then(range_of))
    else {
        return json!([]);
    };
    let found = server.project.diagnostics();
    let own = found.get(path).and_then(|of_file| of_file.as_ref()).cloned().unwrap_or_default();
    let ranges = server.ranges(file);
    let lang = server.project.lang();
    let mut actions = Vec::new();
    let mut safe: Vec<&Fix> = Vec::new();
    for diagnostic in own {
        safe.extend(diagnostic.fixes.iter().filter(|fix| fix.safe));
        let Some(span) = diagnostic.span else { continue };
        let here = ranges(span.range());
        if here.end < range.start || range.end < here.start {
            continue;
        }
        for fix in render::tell(diagnostic, lang).fixes {
            let edits = fix.edits.iter().map(|(span, text)| (*span, text.to_string()));
            actions.push(json!({
                "title": fix.title,
                "kind": "quickfix",
                "isPreferred": fix.safe,
                "diagnostics": [{ "range": here, "code": diagnostic.code, "source": "gradus", "message": fix.title }],
                "edit": { "changes": changes(server, edits) },
            }));
        }
    }
    let edits = apart(&safe);
    if !edits.is_empty() {
        actions.push(json!({
            "title": lang.pick("make all safe corrections", "应用所有安全的修正"),
            "kind": "source.fixAll",
            "edit": { "changes": changes(server, edits.into_iter()) },
        }));
    }
    Json::Array(actions)
}

/// The edits of fixes that can be made at once: of two that touch, the first.
fn apart(fixes: &[&Fix]) -> Vec<(Span, String)> {
    let mut taken: Vec<(Span, String)> = Vec::new();
    for fix in fixes {
        let touches = |span: &Span| {
            taken.iter().any(|(other, _)| {
                other.file == span.file && span.start <= other.end && other.start <= span.end
            })
        };
        if !fix.edits.iter().any(|(span, _)| touches(span)) {
            taken.extend(fix.edits.iter().map(|(span, text)| (*span, text.to_string())));
        }
    }
    taken
}

fn symbols(server: &mut Server<'_>, path: &Path) -> Json {
    let Some(file) = server.project.file(path) else { return Json::Null };
    let ranges = server.ranges(file.file);
    let outline = ide::outline(&file.tree, server.project.lang());
    Json::Array(outline.iter().map(|it| symbol(it, &ranges)).collect())
}

fn symbol(it: &ide::Symbol, ranges: &impl Fn(std::ops::Range<usize>) -> Range) -> Json {
    let kind = match it.kind {
        SymbolKind::Policy => 4,
        SymbolKind::Block => 3,
        SymbolKind::Fact => 8,
        SymbolKind::Kind => 10,
        SymbolKind::Member => 22,
        SymbolKind::Param => 14,
        SymbolKind::Value => 13,
        SymbolKind::Decision => 24,
        SymbolKind::Case => 6,
        SymbolKind::Function => 12,
    };
    // The protocol wants a name; an author may be about to write it.
    let name = if it.name.trim().is_empty() { "…" } else { &it.name };
    json!({
        "name": name,
        "detail": it.detail,
        "kind": kind,
        "range": ranges(it.span.range()),
        "selectionRange": ranges(it.name_span.range()),
        "children": it.parts.iter().map(|part| symbol(part, ranges)).collect::<Vec<_>>(),
    })
}

fn folding(server: &mut Server<'_>, path: &Path) -> Json {
    let Some(file) = server.project.file(path) else { return Json::Null };
    let ranges = server.ranges(file.file);
    let folds = ide::folds(file.file, &file.program).into_iter().filter_map(|fold| {
        let range = ranges(fold.start as usize..fold.end as usize);
        let (kind, last) = match fold.kind {
            // The line with the closing bracket stays.
            FoldKind::Block => ("region", range.end.line.saturating_sub(1)),
            FoldKind::Comment => ("comment", range.end.line),
        };
        (last > range.start.line)
            .then(|| json!({ "startLine": range.start.line, "endLine": last, "kind": kind }))
    });
    Json::Array(folds.collect())
}

fn formatting(server: &mut Server<'_>, path: &Path) -> Json {
    let Some(file) = server.project.file(path) else { return Json::Null };
    let Some(source) = server.project.sources().get(file.file) else { return Json::Null };
    let is_literate = path.extension().is_some_and(|ending| ending == "md");
    match ide::format(source.text(), is_literate) {
        Some((bytes, new)) => json!([{ "range": server.ranges(file.file)(bytes), "newText": new }]),
        None => json!([]),
    }
}

/// The name that the protocol has for a kind of word.
pub(super) fn token_type(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Keyword => "keyword",
        TokenKind::Comment => "comment",
        TokenKind::Text => "string",
        TokenKind::Number => "number",
        TokenKind::Fact => "property",
        TokenKind::Value => "variable",
        TokenKind::Param => "parameter",
        TokenKind::Member => "enumMember",
        TokenKind::Kind => "enum",
        TokenKind::Person => "class",
        TokenKind::Policy => "namespace",
        TokenKind::Function => "function",
    }
}

/// Words, each told from the one before: lines on, characters on, length, kind, whether it is declared here.
fn tokens(server: &mut Server<'_>, path: &Path) -> Json {
    server.project.settle(path);
    let Some(view) = server.project.view(path) else { return Json::Null };
    let ranges = server.ranges(view.file);
    let mut data: Vec<usize> = Vec::new();
    let mut last = Position { line: 0, character: 0 };
    for token in ide::tokens(&view) {
        let kind = TokenKind::ALL.iter().position(|kind| *kind == token.kind).unwrap_or(0);
        // A word of several lines is told line by line, as not every editor takes it whole.
        let text = view.text.get(token.span.range()).unwrap_or("");
        let mut at = token.span.range().start;
        for line in text.split_inclusive('\n') {
            let end = at.saturating_add(line.trim_end_matches(['\n', '\r']).len());
            let range = ranges(at..end);
            at = at.saturating_add(line.len());
            let length = range.end.character.saturating_sub(range.start.character);
            if length == 0 || range.start.line != range.end.line {
                continue;
            }
            let down = range.start.line.saturating_sub(last.line);
            let on = match down {
                0 => range.start.character.saturating_sub(last.character),
                _ => range.start.character,
            };
            data.extend([down, on, length, kind, usize::from(token.declares)]);
            last = range.start;
        }
    }
    json!({ "data": data })
}

fn hints(server: &mut Server<'_>, path: &Path, params: &Json) -> Json {
    server.project.settle(path);
    let Some(view) = server.project.view(path) else { return Json::Null };
    let ranges = server.ranges(view.file);
    let wanted = params.get("range").and_then(range_of);
    let hints = ide::hints(&view).into_iter().filter_map(|hint| {
        let place = ranges(hint.offset as usize..hint.offset as usize).start;
        let seen = wanted.is_none_or(|range| range.start <= place && place <= range.end);
        seen.then(
            || json!({ "position": place, "label": hint.text, "tooltip": hint.why, "paddingLeft": true }),
        )
    });
    Json::Array(hints.collect())
}
