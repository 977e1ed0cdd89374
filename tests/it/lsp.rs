//! The language server as an editor speaks with it: a case is a file that says what stands in a folder, what is opened, typed and
//! asked; its snapshot draws what was answered under the lines of the text.
//!
//! ```toml
//! encoding = "utf-8"                    # what the editor offers; else UTF-16 alone
//! lang     = "zh"
//! files    = { "a.gradus" = "…" }
//!
//! [[step]]                              # in their order
//! open = "a.gradus"                     # what stands on the disk
//! [[step]]
//! type = "a.gradus"                     # the only stretch `was` becomes `is`; without `was`, the whole text
//! was  = "weight 12"
//! is   = "weight 8"
//! [[step]]
//! told = "a.gradus"                     # what is wrong with it now
//! [[step]]
//! ask  = "hover"                        # with the cursor at `‸` in `at`, which stands once in the file
//! file = "a.gradus"
//! at   = "cap at net_‸assets"
//! name = "own_capital"                  # of a rename
//! [[step]]
//! ask  = "completion"                   # with the cursor at `‸` in `is`, while that stands in the place of `was`
//! file = "a.gradus"
//! was  = "currency CNY"
//! is   = "currency ‸"
//! ```
//!
//! The client counts lines and characters by itself, so that client and server cannot be wrong in the same way.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use gradus::base::Lang;
use gradus::lsp::{Project, Server};
use gradus::store::{Memory, Place, World};
use gradus::value::Date;
use lsp_server::{Connection, Message, Notification, Request, RequestId};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use unicode_width::UnicodeWidthStr as _;

use crate::corpus::{each, snapshot};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Session {
    #[serde(default)]
    encoding: String,
    #[serde(default)]
    lang: String,
    files: BTreeMap<String, String>,
    step: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    open: Option<String>,
    #[serde(rename = "type")]
    typed: Option<String>,
    #[serde(default)]
    was: String,
    #[serde(default)]
    is: String,
    told: Option<String>,
    ask: Option<String>,
    #[serde(default)]
    file: String,
    #[serde(default)]
    at: String,
    #[serde(default)]
    name: String,
    /// Of completions, only those that begin so.
    #[serde(default)]
    like: String,
}

#[test]
fn sessions_with_an_editor() {
    each("lsp", ".toml", |path| {
        let session: Session = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        snapshot(path, &play(&session, path));
    });
}

/// An editor: the server's process, and the texts as they stand in it.
struct Editor {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    root: String,
    utf8: bool,
    texts: BTreeMap<String, String>,
    versions: BTreeMap<String, i64>,
    /// What was told last of each file.
    told: BTreeMap<String, Json>,
    asked: i64,
}

impl Editor {
    fn send(&mut self, message: &Json) {
        let text = message.to_string();
        write!(self.to, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        self.to.flush().unwrap();
    }

    fn receive(&mut self) -> Json {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert!(self.from.read_line(&mut line).unwrap() > 0, "the server is gone");
            match line.trim() {
                "" => break,
                line => {
                    if let Some(count) = line.strip_prefix("Content-Length: ") {
                        length = count.parse().unwrap();
                    }
                }
            }
        }
        let mut bytes = vec![0; length];
        self.from.read_exact(&mut bytes).unwrap();
        let message: Json = serde_json::from_slice(&bytes).unwrap();
        if message["method"] == "textDocument/publishDiagnostics" {
            let name = self.name_of(message["params"]["uri"].as_str().unwrap());
            self.told.insert(name, message["params"].clone());
        }
        message
    }

    fn notify(&mut self, method: &str, params: Json) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn ask(&mut self, method: &str, params: Json) -> Result<Json, String> {
        self.asked += 1;
        let id = self.asked;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let message = self.receive();
            if message["id"] == id && message.get("method").is_none() {
                return match message.get("error") {
                    Some(error) => Err(error["message"].as_str().unwrap().to_owned()),
                    None => Ok(message["result"].clone()),
                };
            }
        }
    }

    fn uri(&self, name: &str) -> String {
        let mut uri = format!("file://{}/", self.root);
        for byte in name.bytes() {
            match byte {
                b'/' | b'.' | b'_' | b'-' => uri.push(char::from(byte)),
                byte if byte.is_ascii_alphanumeric() => uri.push(char::from(byte)),
                byte => write!(uri, "%{byte:02X}").unwrap(),
            }
        }
        uri
    }

    fn name_of(&self, uri: &str) -> String {
        let known = self.texts.keys().find(|name| self.uri(name) == uri);
        known.cloned().unwrap_or_else(|| uri.rsplit('/').next().unwrap().to_owned())
    }

    fn width(&self, text: &str) -> usize {
        if self.utf8 { text.len() } else { text.encode_utf16().count() }
    }

    fn place(&self, name: &str, offset: usize) -> Json {
        let before = &self.texts[name][..offset];
        let line = before.matches('\n').count();
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        json!({ "line": line, "character": self.width(&before[start..]) })
    }

    fn offset(&self, name: &str, place: &Json) -> usize {
        let text = &self.texts[name];
        let line = usize::try_from(place["line"].as_u64().unwrap()).unwrap();
        let wanted = usize::try_from(place["character"].as_u64().unwrap()).unwrap();
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        let rest = &text[start..];
        let found = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
        let mut fits = found.filter(|at| self.width(&rest[..*at]) == wanted);
        start + fits.next().unwrap_or_else(|| panic!("{place} lies inside a character of {name}"))
    }

    /// Puts a stretch in the place of the only one that reads so, or of all; gives the change as the protocol has it.
    fn changed(&mut self, name: &str, was: &str, is: &str) -> Json {
        if was.is_empty() {
            self.texts.insert(name.to_owned(), is.to_owned());
            return json!({ "text": is });
        }
        let start = self.cursor(name, was);
        let end = start + was.len();
        let range = json!({ "start": self.place(name, start), "end": self.place(name, end) });
        self.texts.get_mut(name).unwrap().replace_range(start..end, is);
        json!({ "range": range, "text": is })
    }

    fn tell_change(&mut self, name: &str, change: &Json) {
        let version = self.versions.get_mut(name).unwrap();
        *version += 1;
        let document = json!({ "uri": self.uri(name), "version": self.versions[name] });
        let params = json!({ "textDocument": document, "contentChanges": [change] });
        self.notify("textDocument/didChange", params);
    }

    fn cursor(&self, name: &str, at: &str) -> usize {
        let bare = at.replace('‸', "");
        let text = &self.texts[name];
        assert_eq!(text.matches(&bare).count(), 1, "`{bare}` must stand once in {name}");
        text.find(&bare).unwrap() + at.find('‸').unwrap_or(0)
    }

    /// A stretch, drawn under its line.
    fn draw(&self, name: &str, range: &Json) -> String {
        let (start, end) = (self.offset(name, &range["start"]), self.offset(name, &range["end"]));
        let text = &self.texts[name];
        let from = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line = text[from..].split('\n').next().unwrap();
        let marked = &text[start..end.min(from + line.len())];
        let sign = if marked.is_empty() { "↑".to_owned() } else { "▔".repeat(marked.width()) };
        let number = text[..start].matches('\n').count() + 1;
        let lead = format!("{name}:{number}  ");
        let blank = " ".repeat(lead.width() + text[from..start].width());
        let more = if end > from + line.len() { " …" } else { "" };
        format!("{lead}{line}\n{blank}{sign}{more}\n")
    }

    /// The text of a file after some edits.
    fn edited(&self, name: &str, edits: &[Json]) -> String {
        let mut text = self.texts[name].clone();
        let places = edits.iter().map(|edit| {
            let range = &edit["range"];
            let (start, end) = (self.offset(name, &range["start"]), self.offset(name, &range["end"]));
            (start, end, edit["newText"].as_str().unwrap())
        });
        let mut places: Vec<_> = places.collect();
        places.sort();
        for (start, end, new) in places.into_iter().rev() {
            text.replace_range(start..end, new);
        }
        text
    }

    /// The lines that edits change, as they are then.
    fn changes(&self, edit: &Json) -> String {
        let mut out = String::new();
        for (uri, edits) in edit["changes"].as_object().unwrap() {
            let name = self.name_of(uri);
            let new = self.edited(&name, edits.as_array().unwrap());
            for (number, (old, new)) in (1..).zip(self.texts[&name].lines().zip(new.lines())) {
                if old != new {
                    writeln!(out, "{name}:{number}\n- {old}\n+ {new}").unwrap();
                }
            }
        }
        out
    }
}

fn play(session: &Session, path: &Path) -> String {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    for (name, text) in &session.files {
        let file = root.join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_gradus"));
    command.arg("lsp").current_dir(&root).env_clear().env("LANG", "C");
    if !session.lang.is_empty() {
        command.env("GRADUS_LANG", &session.lang);
    }
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (to, from) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    let mut editor = Editor {
        child,
        to,
        from,
        root: root.to_string_lossy().into_owned(),
        utf8: session.encoding == "utf-8",
        texts: session.files.clone(),
        versions: BTreeMap::new(),
        told: BTreeMap::new(),
        asked: 0,
    };
    let mut capabilities = json!({});
    if !session.encoding.is_empty() {
        capabilities = json!({ "general": { "positionEncodings": [session.encoding] } });
    }
    let hello = json!({
        "processId": null,
        "rootUri": format!("file://{}", editor.root),
        "capabilities": capabilities,
    });
    let answer = editor.ask("initialize", hello).unwrap();
    let agreed = answer["capabilities"]["positionEncoding"].as_str().unwrap();
    assert_eq!(agreed == "utf-8", editor.utf8, "{}", path.display());
    editor.notify("initialized", json!({}));
    let mut out = String::new();
    for step in &session.step {
        take(&mut editor, step, &mut out);
    }
    editor.ask("shutdown", Json::Null).unwrap();
    editor.notify("exit", Json::Null);
    assert_eq!(editor.child.wait().unwrap().code(), Some(0));
    out
}

fn take(editor: &mut Editor, step: &Step, out: &mut String) {
    if let Some(name) = &step.open {
        let (uri, text) = (editor.uri(name), editor.texts[name].clone());
        editor.versions.insert(name.clone(), 1);
        let document = json!({ "uri": uri, "languageId": "gradus", "version": 1, "text": text });
        editor.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }
    if let Some(name) = &step.typed {
        let change = editor.changed(name, &step.was, &step.is);
        // Of a file that is not open, what is wrong is awaited anew.
        let open: Vec<String> = editor.versions.keys().cloned().collect();
        editor.told.retain(|name, _| open.contains(name));
        editor.tell_change(name, &change);
        writeln!(out, "TYPED {name}: `{}` → `{}`\n", step.was, step.is).unwrap();
    }
    if let Some(name) = &step.told {
        let version = editor.versions.get(name).copied();
        while editor.told.get(name).is_none_or(|told| told.get("version").and_then(Json::as_i64) < version) {
            editor.receive();
        }
        writeln!(out, "TOLD {name}").unwrap();
        for it in editor.told[name]["diagnostics"].as_array().unwrap() {
            out.push_str(&editor.draw(name, &it["range"]));
            let (code, message) = (it["code"].as_str().unwrap(), it["message"].as_str().unwrap());
            writeln!(out, "{code} {}", message.replace('\n', "\n     ")).unwrap();
            for also in it["relatedInformation"].as_array().unwrap() {
                let other = editor.name_of(also["location"]["uri"].as_str().unwrap());
                write!(out, "  {}\n{}", also["message"].as_str().unwrap(), {
                    editor.draw(&other, &also["location"]["range"])
                })
                .unwrap();
            }
        }
        out.push('\n');
    }
    if let Some(ask) = &step.ask {
        let before = editor.texts[&step.file].clone();
        let mut at = (!step.at.is_empty()).then(|| editor.cursor(&step.file, &step.at));
        if !step.was.is_empty() {
            at = Some(editor.cursor(&step.file, &step.was) + step.is.find('‸').unwrap());
            let change = editor.changed(&step.file, &step.was, &step.is.replace('‸', ""));
            editor.tell_change(&step.file, &change);
        }
        question(editor, ask, step, at, out);
        if !step.was.is_empty() {
            let change = editor.changed(&step.file, "", &before);
            editor.tell_change(&step.file, &change);
        }
        out.push('\n');
    }
}

fn question(editor: &mut Editor, ask: &str, step: &Step, at: Option<usize>, out: &mut String) {
    let name = &step.file;
    let document = json!({ "uri": editor.uri(name) });
    let mut params = json!({ "textDocument": document });
    writeln!(out, "{} {name}", ask.to_uppercase()).unwrap();
    if let Some(at) = at {
        let place = editor.place(name, at);
        out.push_str(&editor.draw(name, &json!({ "start": place, "end": place })));
        params["position"] = place.clone();
        params["range"] = json!({ "start": place, "end": place });
    }
    if ask == "references" {
        params["context"] = json!({ "includeDeclaration": true });
    }
    if ask == "rename" {
        params["newName"] = json!(step.name);
        writeln!(out, "→ {}", step.name).unwrap();
    }
    let method = match ask {
        "tokens" => "textDocument/semanticTokens/full".to_owned(),
        "hints" => "textDocument/inlayHint".to_owned(),
        "lens" => "textDocument/codeLens".to_owned(),
        "symbols" => "textDocument/documentSymbol".to_owned(),
        "folding" => "textDocument/foldingRange".to_owned(),
        "actions" => "textDocument/codeAction".to_owned(),
        "highlight" => "textDocument/documentHighlight".to_owned(),
        other => format!("textDocument/{other}"),
    };
    let answer = match editor.ask(&method, params) {
        Ok(Json::Null) => {
            out.push_str("nothing\n");
            return;
        }
        Ok(answer) => answer,
        Err(reason) => {
            writeln!(out, "refused: {reason}").unwrap();
            return;
        }
    };
    let all = |answer: &Json| answer.as_array().unwrap().clone();
    match ask {
        "hover" => {
            out.push_str(&editor.draw(name, &answer["range"]));
            out.push_str(answer["contents"]["value"].as_str().unwrap());
            out.push('\n');
        }
        "definition" => {
            let other = editor.name_of(answer["uri"].as_str().unwrap());
            out.push_str(&editor.draw(&other, &answer["range"]));
        }
        "references" | "highlight" | "hints" => {
            for it in all(&answer) {
                let other = it["uri"].as_str().map_or_else(|| name.clone(), |uri| editor.name_of(uri));
                let place = &it["position"];
                let range = if place.is_null() {
                    it["range"].clone()
                } else {
                    json!({ "start": place, "end": place })
                };
                out.push_str(&editor.draw(&other, &range));
                if let Some(label) = it["label"].as_str() {
                    writeln!(out, "{label}").unwrap();
                }
            }
        }
        "rename" => out.push_str(&editor.changes(&answer)),
        "actions" => {
            for it in all(&answer) {
                writeln!(out, "{} ({})", it["title"].as_str().unwrap(), it["kind"].as_str().unwrap())
                    .unwrap();
                out.push_str(&editor.changes(&it["edit"]));
            }
        }
        "completion" => {
            let items = all(&answer["items"]);
            let like = items.iter().filter(|it| it["label"].as_str().unwrap().starts_with(&step.like));
            for it in like.clone().take(8) {
                writeln!(out, "{} — {}", it["label"].as_str().unwrap(), it["detail"].as_str().unwrap())
                    .unwrap();
            }
            let more: Vec<&str> = like.skip(8).map(|it| it["label"].as_str().unwrap()).collect();
            if !more.is_empty() {
                writeln!(out, "… {}", more.join(" ")).unwrap();
            }
            if items.is_empty() {
                out.push_str("nothing\n");
            }
        }
        "symbols" => symbols(&answer, 0, out),
        "folding" => {
            for it in all(&answer) {
                let line = |key: &str| it[key].as_u64().unwrap() + 1;
                writeln!(out, "{}–{} {}", line("startLine"), line("endLine"), it["kind"].as_str().unwrap())
                    .unwrap();
            }
        }
        "formatting" => out.push_str(&editor.edited(name, &all(&answer))),
        "tokens" => tokens(editor, name, &answer, out),
        "lens" => {
            for it in all(&answer) {
                let whole = editor.ask("codeLens/resolve", it.clone()).unwrap();
                out.push_str(&editor.draw(name, &whole["range"]));
                writeln!(out, "{}", whole["command"]["title"].as_str().unwrap()).unwrap();
                let command = json!({
                    "command": whole["command"]["command"],
                    "arguments": whole["command"]["arguments"],
                });
                match editor.ask("workspace/executeCommand", command) {
                    Ok(ran) => writeln!(out, "{}", ran["story"].as_str().unwrap_or("no story")).unwrap(),
                    Err(reason) => writeln!(out, "refused: {reason}").unwrap(),
                }
            }
        }
        other => panic!("nobody knows how to show {other}"),
    }
}

fn symbols(answer: &Json, depth: usize, out: &mut String) {
    for it in answer.as_array().unwrap() {
        let (name, detail) = (it["name"].as_str().unwrap(), it["detail"].as_str().unwrap());
        let line = it["selectionRange"]["start"]["line"].as_u64().unwrap() + 1;
        writeln!(out, "{}{name} — {detail} :{line}", "  ".repeat(depth)).unwrap();
        symbols(&it["children"], depth + 1, out);
    }
}

/// Each word with what it is, in the order of the text; words of several lines come line by line.
fn tokens(editor: &Editor, name: &str, answer: &Json, out: &mut String) {
    const KINDS: [&str; 12] = [
        "keyword", "comment", "text", "number", "fact", "value", "param", "member", "kind", "person",
        "policy", "function",
    ];
    let data: Vec<u64> = answer["data"].as_array().unwrap().iter().map(|it| it.as_u64().unwrap()).collect();
    let (mut line, mut character) = (0, 0);
    for token in data.chunks(5) {
        character = if token[0] == 0 { character + token[1] } else { token[1] };
        line += token[0];
        let start = editor.offset(name, &json!({ "line": line, "character": character }));
        let end = editor.offset(name, &json!({ "line": line, "character": character + token[2] }));
        let kind = KINDS[usize::try_from(token[3]).unwrap()];
        let declared = if token[4] == 1 { " declared" } else { "" };
        writeln!(out, "{}:{character} {} {kind}{declared}", line + 1, &editor.texts[name][start..end])
            .unwrap();
    }
}

const POLICY: &str = "policy p \"政策 𠮷\" {\n  version \"1\"\n  currency CNY\n}\n\nfacts {\n  净资产 \"净资产 🏦\" money 0..1亿\n  days_late days 0..999 optional\n}\n\ntable share \"占比\" by days_late -> percent {\n  at most 30 : 50%\n  above 30 : 10%\n  unknown : 0%\n}\n\nlimit 额度 {\n  method a = 净资产 * share\n  rounded down to multiples of 1000\n}\n\ndecision d { 额度 }\n\ncase \"甲\" {\n  given { 净资产 100万, days_late 5 }\n  expect { 额度 50万 }\n}\n";

/// A server in this process, and what was told last of the policy.
fn served<T>(talk: impl FnOnce(&Connection) -> T) -> T {
    let (editor, server) = Connection::memory();
    let thread = std::thread::spawn(move || {
        let world = Memory::new(Date::from_ymd(2026, 1, 1).unwrap());
        Server::begin(&server, &world, Lang::En).unwrap().run(&server).unwrap();
    });
    request(&editor, "initialize", json!({ "capabilities": {} }));
    tell(&editor, "initialized", json!({}));
    let said = talk(&editor);
    request(&editor, "shutdown", Json::Null);
    tell(&editor, "exit", Json::Null);
    thread.join().expect("the server must not panic");
    said
}

fn tell(editor: &Connection, method: &str, params: Json) {
    editor.sender.send(Message::Notification(Notification { method: method.to_owned(), params })).unwrap();
}

fn request(editor: &Connection, method: &str, params: Json) -> Json {
    let id = RequestId::from(7);
    let method = method.to_owned();
    editor.sender.send(Message::Request(Request { id, method, params })).unwrap();
    loop {
        if let Message::Response(response) = editor.receiver.recv().unwrap() {
            return response.response_result.unwrap_or(Json::Null);
        }
    }
}

const URI: &str = "file:///rules/p.gradus";

fn open(editor: &Connection, text: &str) {
    let document = json!({ "uri": URI, "languageId": "gradus", "version": 0, "text": text });
    tell(editor, "textDocument/didOpen", json!({ "textDocument": document }));
}

/// All that a server says of the text that it has now.
fn all_said(editor: &Connection) -> Vec<Json> {
    let document = json!({ "uri": URI });
    let whole = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9999, "character": 0 } });
    let asked = json!({ "textDocument": document, "range": whole });
    [
        "documentSymbol",
        "semanticTokens/full",
        "foldingRange",
        "formatting",
        "codeAction",
        "inlayHint",
        "codeLens",
    ]
    .iter()
    .map(|what| request(editor, &format!("textDocument/{what}"), asked.clone()))
    .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// A server that heard every edit says of the text what one says that is shown the text at once.
    #[test]
    fn edits_never_crash_nor_drift(
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..6, prop::sample::select(vec![
            "", "x", "\n", "}", "{", "\"", "净", "𠮷", "🏦\n", " % ", "\r\n", "#", "given { 净资产 3 }", "（", "案例 “乙”", "`",
        ])), 1..8),
    ) {
        let mut text = POLICY.to_owned();
        let (heard, places) = served(|editor| {
            open(editor, &text);
            for (version, (at, length, new)) in (1..).zip(&edits) {
                let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
                let first = at.index(ends.len());
                let (start, end) = (ends[first], ends[(first + length).min(ends.len() - 1)]);
                let place = |text: &str, offset: usize| {
                    // `\r` alone ends a line, too, and inside `\r\n` no place begins.
                    let plain = text[..offset].replace("\r\n", "\n").replace('\r', "\n");
                    let line = plain.matches('\n').count();
                    let start = plain.rfind('\n').map_or(0, |at| at + 1);
                    json!({ "line": line, "character": plain[start..].encode_utf16().count() })
                };
                let between = |offset: usize| text[..offset].ends_with('\r') && text[offset..].starts_with('\n');
                if between(start) || between(end) {
                    continue;
                }
                let change = json!({ "range": { "start": place(&text, start), "end": place(&text, end) }, "text": new });
                let document = json!({ "uri": URI, "version": version });
                tell(editor, "textDocument/didChange", json!({ "textDocument": document, "contentChanges": [change] }));
                text.replace_range(start..end, new);
                let hover = json!({ "textDocument": { "uri": URI }, "position": place(&text, start.min(text.len())) });
                if text.is_char_boundary(start) {
                    request(editor, "textDocument/hover", hover.clone());
                    request(editor, "textDocument/completion", hover);
                }
            }
            (all_said(editor), text.clone())
        });
        let fresh = served(|editor| {
            open(editor, &places);
            all_said(editor)
        });
        prop_assert_eq!(heard, fresh, "{}", places);
    }
}

/// A world in which time goes by as it is told to.
struct Clocked {
    files: Memory,
    millis: AtomicU64,
}

impl World for Clocked {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.files.read(path)
    }
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.files.write(path, bytes)
    }
    fn append_at(&self, path: &Path, seen: u64, sound: u64, bytes: &[u8]) -> io::Result<()> {
        self.files.append_at(path, seen, sound, bytes)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.files.remove(path)
    }
    fn make_folder(&self, path: &Path) -> io::Result<()> {
        self.files.make_folder(path)
    }
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        self.files.list(folder)
    }
    fn stamp(&self, path: &Path) -> Option<u128> {
        self.files.stamp(path)
    }
    fn place(&self, path: &Path) -> Option<Place> {
        self.files.place(path)
    }
    fn today(&self) -> Date {
        self.files.today()
    }
    fn elapsed(&self) -> Duration {
        Duration::from_millis(self.millis.load(Ordering::Relaxed))
    }
    fn lines_since(&self, path: &Path, revision: &str) -> io::Result<Vec<(usize, usize)>> {
        self.files.lines_since(path, revision)
    }
    fn at(&self, revision: &str) -> io::Result<Box<dyn World>> {
        self.files.at(revision)
    }
}

#[test]
fn the_disk_is_looked_at_once_a_second_where_nobody_tells_of_it() {
    let used = "policy q { version \"1\"; currency CNY }\nfacts { sales money }\nlet twice = sales * 2\n";
    let own = "policy p { version \"1\"; currency CNY }\nuse q \"1\": twice\ndecision d { twice }\n";
    let files = Memory::new(Date::from_ymd(2026, 1, 1).unwrap());
    let world = Clocked { files, millis: AtomicU64::new(0) };
    world.write(Path::new("rules/q.gradus"), used.as_bytes()).unwrap();
    world.write(Path::new("rules/p.gradus"), own.as_bytes()).unwrap();
    let mut project = Project::new(&world, Some(PathBuf::new()), Lang::En);
    let path = Path::new("rules/p.gradus");
    project.open(path, own);
    project.read();
    let wrong = |project: &mut Project<'_>| {
        project.settle_all();
        let told = project.diagnostics();
        let told = told.get(path).and_then(|told| told.as_ref());
        told.map_or(0, |told| told.iter().filter(|told| told.is_error()).count())
    };
    assert_eq!(wrong(&mut project), 0);
    world.write(Path::new("rules/q.gradus"), used.replace("twice", "double").as_bytes()).unwrap();
    world.millis.store(900, Ordering::Relaxed);
    project.read_after_edit(false);
    assert_eq!(wrong(&mut project), 0, "within the second, what was read stands");
    world.millis.store(1100, Ordering::Relaxed);
    project.read_after_edit(true);
    assert_eq!(wrong(&mut project), 0, "an editor that tells of changes has told of none");
    project.read_after_edit(false);
    assert!(wrong(&mut project) > 0, "after a second, the disk is looked at");
}
