//! Cases where they are written, in a policy or in a case file: the lens above each, its story, the hover over its name.

use std::path::{Path, PathBuf};

use lsp_server::Connection;
use serde_json::{Value as Json, json};

use super::answers::{Answer, asked, markdown};
use super::cases::{self, Ran};
use super::server::Server;
use super::uri::path_of;
use crate::base::Lang;
use crate::engine::Built;
use crate::store::World as _;
use crate::syntax::ast;

/// The command that runs a case: the name of the file, and the place of the case's name in bytes.
pub(super) const RUN_CASE: &str = "gradus.runCase";
/// The command of an editor that shows a case by itself.
const SHOW_CASE: &str = "gradus.showCase";

/// The cases of a policy or of a case file.
fn cases_of<'s>(server: &'s Server<'_>, path: &Path) -> Vec<&'s ast::Case> {
    if let Some(held) = server.project.case_file(path) {
        return held.cases().collect();
    }
    let items = server.project.file(path).map(|file| file.tree.items.as_slice()).unwrap_or_default();
    let cases = items.iter().filter_map(|item| match &item.kind {
        ast::ItemKind::Case(case) => Some(case),
        _ => None,
    });
    cases.collect()
}

/// The case whose name stands at a place.
fn case_at<'s>(server: &'s Server<'_>, path: &Path, at: u32) -> Option<&'s ast::Case> {
    let mut cases = cases_of(server, path).into_iter();
    cases.find(|case| case.name.span.start <= at && at < case.name.span.end)
}

/// What a case runs on.
fn built_of<'s>(server: &'s Server<'_>, path: &Path, case: &ast::Case) -> Option<&'s Built> {
    match server.project.case_file(path) {
        Some(_) => Some(server.project.case_files().tried(path)?.policy_of(case.name.span)?.1),
        None => server.project.built(path),
    }
}

fn ran(server: &Server<'_>, path: &Path, case: &ast::Case) -> Option<Ran> {
    let built = built_of(server, path, case)?;
    let project = &server.project;
    cases::run(built, case.name.span, project.sources(), (project.overlay.today(), project.lang()))
}

/// What the case under the cursor comes to.
pub(super) fn hover(server: &Server<'_>, path: &Path, params: &Json) -> Option<Json> {
    let case = case_at(server, path, asked(server, path, params)?)?;
    let range = server.location(case.name.span)?.1;
    let ran = ran(server, path, case)?;
    let story = ran.story.map(|story| format!("\n\n```text\n{}\n```", story.trim_end())).unwrap_or_default();
    Some(markdown(&format!("**{}**\n\n{}{story}", case.name.value, ran.line), range))
}

/// A lens above each case, still without words.
pub(super) fn all(server: &mut Server<'_>, path: &Path) -> Json {
    let Some(file) = server.project.source(path) else { return Json::Null };
    let ranges = server.ranges(file);
    let uri = server.uri(path);
    let lenses = cases_of(server, path).into_iter().map(|case| {
        let start = case.name.span.start;
        json!({ "range": ranges(case.name.span.range()), "data": { "uri": uri, "case": start } })
    });
    Json::Array(lenses.collect())
}

/// The case that a lens or a command means: its name, and what came of it.
fn case_of(server: &mut Server<'_>, uri: &str, start: u64) -> Option<(String, Option<Ran>)> {
    let path: PathBuf = path_of(uri);
    server.project.settle(&path);
    let case = case_at(server, &path, u32::try_from(start).ok()?)?;
    Some((case.name.value.to_string(), ran(server, &path, case)))
}

/// Runs the case of a lens, and puts its decision in words.
pub(super) fn resolve(server: &mut Server<'_>, params: &Json) -> Json {
    let uri = params.pointer("/data/uri").and_then(Json::as_str).unwrap_or_default().to_owned();
    let start = params.pointer("/data/case").and_then(Json::as_u64).unwrap_or(u64::MAX);
    let lang = server.project.lang();
    let title = match case_of(server, &uri, start) {
        Some((_, Some(ran))) => format!("{} {}", if ran.passed { "✓" } else { "✗" }, ran.line),
        _ => lang.pick("the policy does not run yet", "政策尚不能运行").to_owned(),
    };
    let command = if server.shows_cases { SHOW_CASE } else { RUN_CASE };
    let mut lens = params.clone();
    if let Some(lens) = lens.as_object_mut() {
        let command = json!({ "title": title, "command": command, "arguments": [uri, start] });
        lens.insert("command".to_owned(), command);
    }
    lens
}

/// Runs a case and gives its story; an editor that does not show it itself is told the line.
pub(super) fn execute(server: &mut Server<'_>, params: &Json, connection: &Connection) -> Answer {
    let lang = server.project.lang();
    if params.get("command").and_then(Json::as_str) != Some(RUN_CASE) {
        return Err(lang.pick("there is no such command", "没有这个命令").to_owned());
    }
    let uri = params.pointer("/arguments/0").and_then(Json::as_str).unwrap_or_default().to_owned();
    let start = params.pointer("/arguments/1").and_then(Json::as_u64).unwrap_or(u64::MAX);
    match case_of(server, &uri, start) {
        Some((name, Some(ran))) => {
            if !server.shows_cases {
                server.say(connection, &format!("{name}: {}", ran.line));
            }
            Ok(json!({ "name": name, "passed": ran.passed, "line": ran.line, "story": ran.story }))
        }
        Some((name, None)) => match lang {
            Lang::En => Err(format!("`{name}` cannot be run: the policy has mistakes")),
            Lang::Zh => Err(format!("`{name}` 无法运行：政策中有错误")),
        },
        None => Err(lang.pick("there is no case here", "此处没有案例").to_owned()),
    }
}
