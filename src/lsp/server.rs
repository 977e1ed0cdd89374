//! The life of a server: what it can do, what the editor tells it, when it builds and publishes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use serde_json::{Value as Json, json};

use super::answers;
use super::lenses;
use super::project::Project;
use super::text::{Encoding, Range, Text};
use super::uri::{path_of, uri_of};
use crate::base::{FileId, Lang, Span};
use crate::diag::{Diagnostic, Severity, render};
use crate::ide;
use crate::store::World;

/// A text that the editor has open.
pub(super) struct Document {
    /// Its name, as the editor writes it.
    pub(super) uri: String,
    pub(super) version: Json,
    pub(super) text: Text,
}

/// One editor, served.
pub struct Server<'w> {
    pub(super) project: Project<'w>,
    pub(super) encoding: Encoding,
    pub(super) documents: BTreeMap<PathBuf, Document>,
    /// Whether the editor itself shows what came of a case.
    pub(super) shows_cases: bool,
    /// Whether it can be told that files changed on the disk.
    watches: bool,
    /// The file that was edited last.
    edited: Option<PathBuf>,
    /// What was told of each file last.
    told: BTreeMap<PathBuf, Json>,
    next_id: i32,
}

impl<'w> Server<'w> {
    /// Greets an editor.
    ///
    /// # Errors
    /// The editor did not greet, or went away: in words.
    pub fn begin(connection: &Connection, world: &'w dyn World, lang: Lang) -> Result<Server<'w>, String> {
        let (id, hello) = connection.initialize_start().map_err(|error| error.to_string())?;
        let server = Server::greet(&hello, world, lang);
        let answer = json!({
            "capabilities": capabilities(server.encoding),
            "serverInfo": { "name": "gradus", "version": env!("CARGO_PKG_VERSION") },
        });
        connection.initialize_finish(id, answer).map_err(|error| error.to_string())?;
        Ok(server)
    }

    fn greet(hello: &Json, world: &'w dyn World, lang: Lang) -> Server<'w> {
        let encodings = hello.pointer("/capabilities/general/positionEncodings").and_then(Json::as_array);
        let utf8 = encodings.is_some_and(|all| all.iter().any(|it| it == "utf-8"));
        let root = hello
            .pointer("/workspaceFolders/0/uri")
            .or_else(|| hello.get("rootUri"))
            .and_then(Json::as_str)
            .map(path_of)
            .or_else(|| hello.get("rootPath").and_then(Json::as_str).map(PathBuf::from));
        let options = |key: &str| hello.get("initializationOptions").and_then(|options| options.get(key));
        let lang = match options("lang").and_then(Json::as_str) {
            Some("zh") => Lang::Zh,
            Some("en") => Lang::En,
            _ => lang,
        };
        let watches = "/capabilities/workspace/didChangeWatchedFiles/dynamicRegistration";
        Server {
            project: Project::new(world, root, lang),
            encoding: if utf8 { Encoding::Utf8 } else { Encoding::Utf16 },
            documents: BTreeMap::new(),
            shows_cases: options("showsCases").and_then(Json::as_bool).unwrap_or(false),
            watches: hello.pointer(watches).and_then(Json::as_bool).unwrap_or(false),
            edited: None,
            told: BTreeMap::new(),
            next_id: 0,
        }
    }

    /// Serves until the editor says goodbye.
    ///
    /// # Errors
    /// The editor went away without a word: in words.
    pub fn run(&mut self, connection: &Connection) -> Result<(), String> {
        self.project.read();
        if self.watches {
            self.watch(connection);
        }
        loop {
            let message = if self.project.is_waiting() {
                match connection.receiver.try_recv() {
                    Ok(message) => Some(message),
                    Err(error) if error.is_empty() => None,
                    Err(_) => return Ok(()),
                }
            } else {
                match connection.receiver.recv() {
                    Ok(message) => Some(message),
                    Err(_) => return Ok(()),
                }
            };
            match message {
                None => {
                    self.project.build_next(self.edited.clone().as_deref());
                    self.publish(connection);
                    self.project.let_go();
                }
                Some(Message::Request(request)) => {
                    if connection.handle_shutdown(&request).map_err(|error| error.to_string())? {
                        return Ok(());
                    }
                    self.answer(request, connection);
                }
                Some(Message::Notification(it)) => self.hear(&it, connection),
                Some(Message::Response(_)) => {}
            }
        }
    }

    fn send(&self, connection: &Connection, message: impl Into<Message>) {
        // An editor that has gone is noticed where it is listened to.
        let _ = connection.sender.send(message.into());
    }

    fn notify(&self, connection: &Connection, method: &str, params: Json) {
        self.send(connection, Notification { method: method.to_owned(), params });
    }

    pub(super) fn say(&self, connection: &Connection, text: &str) {
        self.notify(connection, "window/showMessage", json!({ "type": 3, "message": text }));
    }

    /// Asks to be told of files that change on the disk.
    fn watch(&mut self, connection: &Connection) {
        self.next_id = self.next_id.saturating_add(1);
        let watchers: Vec<Json> = ["**/*.gradus", "**/*.md", "**/*.toml", "**/*.rhai", "**/*.csv"]
            .iter()
            .map(|glob| json!({ "globPattern": glob }))
            .collect();
        let registration = json!({
            "id": "files",
            "method": "workspace/didChangeWatchedFiles",
            "registerOptions": { "watchers": watchers },
        });
        let request = Request {
            id: RequestId::from(self.next_id),
            method: "client/registerCapability".to_owned(),
            params: json!({ "registrations": [registration] }),
        };
        self.send(connection, request);
    }

    fn answer(&mut self, request: Request, connection: &Connection) {
        let Request { id, method, params } = request;
        let response = match answers::answer(self, &method, &params, connection) {
            Some(Ok(answer)) => Response { id, response_result: Ok(answer) },
            Some(Err(reason)) => {
                let failed = ErrorCode::RequestFailed as i32;
                Response::new_err(id, failed, reason)
            }
            None => {
                let unknown = ErrorCode::MethodNotFound as i32;
                Response::new_err(id, unknown, format!("`{method}` is not answered"))
            }
        };
        self.send(connection, response);
    }

    /// Takes in what the editor tells.
    fn hear(&mut self, it: &Notification, connection: &Connection) {
        let params = &it.params;
        let uri = params.pointer("/textDocument/uri").and_then(Json::as_str).unwrap_or_default();
        let path = path_of(uri);
        let version = params.pointer("/textDocument/version").cloned().unwrap_or(Json::Null);
        match it.method.as_str() {
            "textDocument/didOpen" => {
                let text = params.pointer("/textDocument/text").and_then(Json::as_str).unwrap_or_default();
                let text = Text::new(text.to_owned());
                self.project.open(&path, text.as_str());
                self.documents.insert(path.clone(), Document { uri: uri.to_owned(), version, text });
                self.project.read();
                self.edited = Some(path);
            }
            "textDocument/didChange" => {
                let Some(document) = self.documents.get_mut(&path) else { return };
                let changes = params.get("contentChanges").and_then(Json::as_array);
                for change in changes.into_iter().flatten() {
                    let new = change.get("text").and_then(Json::as_str).unwrap_or_default();
                    let range = change.get("range").and_then(range_of);
                    document.text.change(range, new, self.encoding);
                }
                document.version = version;
                let text = document.text.as_str().to_owned();
                self.project.open(&path, &text);
                self.project.read_after_edit(self.watches);
                self.edited = Some(path);
            }
            "textDocument/didClose" => {
                self.documents.remove(&path);
                self.project.close(&path);
                self.edited = None;
                self.project.read();
                self.publish(connection);
            }
            "textDocument/didSave" | "workspace/didChangeWatchedFiles" => {
                self.project.read();
                self.publish(connection);
            }
            // What is not heard here is of no concern to a policy.
            _ => {}
        }
    }

    /// Tells what is wrong, of each file of which it is known and not what was told last.
    fn publish(&mut self, connection: &Connection) {
        self.project.tell();
        let found = self.project.diagnostics();
        let mut news: Vec<(PathBuf, Json)> = Vec::new();
        for (path, of_file) in &found {
            let Some(of_file) = of_file else { continue };
            let told: Vec<Json> = of_file.iter().filter_map(|it| self.diagnostic(it)).collect();
            news.push((path.clone(), Json::Array(told)));
        }
        // Of what is gone nothing is wrong any more.
        let gone = self.told.keys().filter(|path| !found.contains_key(*path));
        news.extend(gone.map(|path| (path.clone(), json!([]))).collect::<Vec<_>>());
        for (path, told) in news {
            let version = self.documents.get(&path).map_or(Json::Null, |document| document.version.clone());
            let news = json!({ "version": version, "diagnostics": told });
            let nothing = told == json!([]) && version.is_null();
            if self.told.get(&path).map_or(nothing, |last| *last == news) {
                continue;
            }
            let mut params = json!({ "uri": self.uri(&path), "diagnostics": told });
            if let (Some(params), false) = (params.as_object_mut(), version.is_null()) {
                params.insert("version".to_owned(), version);
            }
            self.notify(connection, "textDocument/publishDiagnostics", params);
            self.told.insert(path, news);
        }
    }

    /// The name of a file: as the editor wrote it, where it has.
    pub(super) fn uri(&self, path: &Path) -> String {
        self.documents.get(path).map_or_else(|| uri_of(path), |document| document.uri.clone())
    }

    /// The text of a source with its lines, and how many bytes of the editor's text stand before it: a byte order mark is none of
    /// the policy.
    fn lines(&self, file: FileId) -> Option<(PathBuf, Text, usize)> {
        let path = self.project.path(file)?;
        match self.documents.get(&path) {
            Some(document) => {
                let mark = if document.text.as_str().starts_with('\u{feff}') { 3 } else { 0 };
                Some((path, document.text.clone(), mark))
            }
            None => {
                let text = Text::new(self.project.sources().get(file)?.text().to_string());
                Some((path, text, 0))
            }
        }
    }

    /// A stretch as the editor counts, with its file.
    pub(super) fn location(&self, span: Span) -> Option<(PathBuf, Range)> {
        let (path, text, mark) = self.lines(span.file)?;
        let (start, end) = (span.range().start.saturating_add(mark), span.range().end.saturating_add(mark));
        Some((path, text.range(start..end, self.encoding)))
    }

    /// Stretches of one file as the editor counts.
    pub(super) fn ranges(&self, file: FileId) -> impl Fn(std::ops::Range<usize>) -> Range + use<'_, 'w> {
        let encoding = self.encoding;
        let lines = self.lines(file);
        move |bytes| match &lines {
            Some((_, text, mark)) => {
                text.range(bytes.start.saturating_add(*mark)..bytes.end.saturating_add(*mark), encoding)
            }
            None => Text::new(String::new()).range(0..0, encoding),
        }
    }

    fn diagnostic(&self, diagnostic: &Diagnostic) -> Option<Json> {
        let lang = self.project.lang();
        let told = render::tell(diagnostic, lang);
        let (_, range) = self.location(diagnostic.span?)?;
        let mut message = told.message.clone();
        if let Some((_, words)) = told.main.as_ref().filter(|(_, words)| !words.is_empty()) {
            message = format!("{message}: {words}");
        }
        for note in &told.notes {
            message = format!("{message}\n{} {note}", lang.pick("note:", "说明:"));
        }
        for help in &told.helps {
            message = format!("{message}\n{} {help}", lang.pick("help:", "建议:"));
        }
        let severity = match told.severity {
            Severity::Error => 1,
            Severity::Warning => 2,
            Severity::Note => 3,
        };
        let related: Vec<Json> = told
            .labels
            .iter()
            .filter_map(|(span, words)| {
                let (path, range) = self.location(*span)?;
                Some(json!({ "location": { "uri": self.uri(&path), "range": range }, "message": words }))
            })
            .collect();
        Some(json!({
            "range": range,
            "severity": severity,
            "code": told.code,
            "source": "gradus",
            "message": message,
            "relatedInformation": related,
        }))
    }
}

/// A stretch of an editor's message.
pub(super) fn range_of(json: &Json) -> Option<Range> {
    serde_json::from_value(json.clone()).ok()
}

/// What the server can do.
fn capabilities(encoding: Encoding) -> Json {
    let encoding = match encoding {
        Encoding::Utf8 => "utf-8",
        Encoding::Utf16 => "utf-16",
    };
    json!({
        "positionEncoding": encoding,
        "textDocumentSync": { "openClose": true, "change": 2, "save": true },
        "hoverProvider": true,
        "completionProvider": { "triggerCharacters": ["."] },
        "definitionProvider": true,
        "referencesProvider": true,
        "documentHighlightProvider": true,
        "renameProvider": { "prepareProvider": true },
        "documentSymbolProvider": true,
        "foldingRangeProvider": true,
        "documentFormattingProvider": true,
        "codeActionProvider": { "codeActionKinds": ["quickfix", "source.fixAll"] },
        "semanticTokensProvider": {
            "legend": {
                "tokenTypes": ide::TokenKind::ALL.map(answers::token_type),
                "tokenModifiers": ["declaration"],
            },
            "full": true,
        },
        "inlayHintProvider": true,
        "codeLensProvider": { "resolveProvider": true },
        "executeCommandProvider": { "commands": [lenses::RUN_CASE] },
    })
}
