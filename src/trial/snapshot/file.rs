//! Snapshot files in the form of insta: a YAML header between `---` lines, then the body.
//!
//! The header is written as insta writes it, byte for byte, so that a file which cargo-insta has accepted is the one that is
//! accepted here. Of YAML only what such headers hold is read: maps, lists and single values by indentation; a value in any other
//! form is told with its line.

use serde_json::{Map, Number as JsonNumber, Value as Json};

/// What stands in a snapshot file.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Snapshot {
    /// Where it was asked for: `gradus.toml`, or a case file.
    pub source: Option<String>,
    /// What it is, in a line.
    pub description: Option<String>,
    /// What was decided: `trade_credit.review of C0003`.
    pub expression: Option<String>,
    /// Policy, digest, day, values, facts.
    pub info: Map<String, Json>,
    /// The file of the facts.
    pub input_file: Option<String>,
    /// What was decided, in words; line ends are `\n`, without any at the end.
    pub body: String,
}

/// What is wrong with a snapshot file, and in which line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unreadable {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong; a variant of E560.
    pub what: &'static str,
    /// The text of the line.
    pub text: String,
}

impl Unreadable {
    fn new(line: usize, what: &'static str, text: &str) -> Self {
        Unreadable { line, what, text: text.trim().chars().take(60).collect() }
    }
}

impl Snapshot {
    /// The file.
    #[must_use]
    pub fn write(&self) -> String {
        let mut header = Map::new();
        let mut put = |key: &str, value: &Option<String>| {
            if let Some(value) = value {
                header.insert(key.to_owned(), Json::String(value.clone()));
            }
        };
        put("source", &self.source);
        put("description", &self.description);
        put("expression", &self.expression);
        let input = self.input_file.clone().map(Json::String);
        if !self.info.is_empty() {
            header.insert("info".to_owned(), Json::Object(self.info.clone()));
        }
        header.extend(input.map(|input| ("input_file".to_owned(), input)));
        let mut out = String::from("---\n");
        map(&header, 0, &mut out);
        out.push_str("\n---\n");
        out.push_str(&self.body);
        out.push('\n');
        out
    }

    /// Reads a file.
    ///
    /// # Errors
    /// There is no header, it does not end, or it holds what no snapshot has.
    pub fn read(text: &str) -> Result<Snapshot, Unreadable> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = text.lines().zip(1_usize..);
        let first = lines.next().map_or("", |(line, _)| line);
        if first.trim_end() != "---" {
            return Err(Unreadable::new(1, "main", first));
        }
        let mut header = Vec::new();
        let mut closed = false;
        for (line, number) in lines.by_ref() {
            if line.trim_end() == "---" {
                closed = true;
                break;
            }
            header.push((line, number));
        }
        if !closed {
            return Err(Unreadable::new(header.len().saturating_add(1), "open", ""));
        }
        let mut reader = Reader::new(&header)?;
        let mut header = match reader.block(0)? {
            Json::Object(header) => header,
            Json::Null => Map::new(),
            _ => return Err(Unreadable::new(2, "yaml", "")),
        };
        if let Some(line) = reader.rest() {
            return Err(Unreadable::new(line.number, "yaml", line.text));
        }
        if header.get("snapshot_kind").is_some_and(|kind| kind == "binary") {
            return Err(Unreadable::new(2, "binary", ""));
        }
        let mut text_of = |key: &str| match header.remove(key) {
            Some(Json::String(text)) => Some(text),
            Some(Json::Number(number)) => Some(number.to_string()),
            Some(_) | None => None,
        };
        let (source, description) = (text_of("source"), text_of("description"));
        let (expression, input_file) = (text_of("expression"), text_of("input_file"));
        let info = match header.remove("info") {
            Some(Json::Object(info)) => info,
            Some(_) | None => Map::new(),
        };
        let body: Vec<&str> = lines.map(|(line, _)| line).collect();
        let body = body.join("\n").trim_end().to_owned();
        Ok(Snapshot { source, description, expression, info, input_file, body })
    }

    /// Notes what moved and why, for those who review it.
    pub fn note(&mut self, moved: &[String], because: Vec<(String, String)>) {
        self.info.insert("moved".into(), moved.iter().map(|it| Json::from(it.as_str())).collect());
        let because = because.into_iter().map(|(address, words)| (address, Json::from(words)));
        self.info.insert("because".into(), Json::Object(because.collect()));
    }

    /// What caused it: the address and the words of each edit; `facts` and the like for what is no edit.
    pub fn because(&self) -> impl Iterator<Item = (&str, &str)> {
        let because = self.info.get("because").and_then(Json::as_object);
        because.into_iter().flatten().filter_map(|(address, words)| Some((address.as_str(), words.as_str()?)))
    }

    /// A text of the info.
    #[must_use]
    pub fn info_text(&self, key: &str) -> Option<&str> {
        self.info.get(key).and_then(Json::as_str)
    }
}

fn indent(level: usize, out: &mut String) {
    out.push_str(&"  ".repeat(level));
}

/// A map whose first key stands where `out` ends; the others on lines of their own.
fn map(entries: &Map<String, Json>, level: usize, out: &mut String) {
    for (place, (key, value)) in entries.iter().enumerate() {
        if place > 0 {
            out.push('\n');
            indent(level, out);
        }
        out.push_str(&plain_or_quoted(key));
        out.push(':');
        match value {
            Json::Object(inner) if !inner.is_empty() => {
                out.push('\n');
                indent(level.saturating_add(1), out);
                map(inner, level.saturating_add(1), out);
            }
            Json::Array(items) if !items.is_empty() => {
                out.push('\n');
                indent(level.saturating_add(1), out);
                list(items, level.saturating_add(1), out);
            }
            value => {
                out.push(' ');
                out.push_str(&single(value));
            }
        }
    }
}

fn list(items: &[Json], level: usize, out: &mut String) {
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            out.push('\n');
            indent(level, out);
        }
        out.push_str("- ");
        match item {
            Json::Object(inner) if !inner.is_empty() => map(inner, level.saturating_add(1), out),
            Json::Array(inner) if !inner.is_empty() => list(inner, level.saturating_add(1), out),
            item => out.push_str(&single(item)),
        }
    }
}

fn single(value: &Json) -> String {
    match value {
        Json::Null => String::from("~"),
        Json::Bool(yes) => yes.to_string(),
        Json::Number(number) => number.to_string(),
        Json::String(text) => plain_or_quoted(text),
        Json::Array(_) => String::from("[]"),
        Json::Object(_) => String::from("{}"),
    }
}

/// A text as it stands, or in quotation marks where YAML would read it as something else.
fn plain_or_quoted(text: &str) -> String {
    if !needs_quotes(text) {
        return text.to_owned();
    }
    let mut out = String::from("\"");
    for ch in text.chars() {
        match ch {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            ch if u32::from(ch) < 0x20 || ch == '\u{7f}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(ch)))
            }
            ch => out.push(ch),
        }
    }
    out.push('"');
    out
}

/// The words that YAML takes for yes, no and nothing.
const TAKEN: [&str; 22] = [
    "yes", "Yes", "YES", "no", "No", "NO", "True", "TRUE", "true", "False", "FALSE", "false", "on", "On",
    "ON", "off", "Off", "OFF", "null", "Null", "NULL", "~",
];

fn needs_quotes(text: &str) -> bool {
    let begins =
        |ch: char| matches!(ch, '&' | '*' | '?' | '|' | '-' | '<' | '>' | '=' | '!' | '%' | '@' | '.');
    let holds = |ch: char| {
        matches!(ch, ':' | '{' | '}' | '[' | ']' | ',' | '#' | '`' | '"' | '\'' | '\\')
            || matches!(ch, '\0'..='\u{6}' | '\t' | '\n' | '\r' | '\u{e}'..='\u{1a}' | '\u{1c}'..='\u{1f}')
    };
    text.is_empty()
        || text.starts_with(' ')
        || text.ends_with(' ')
        || text.starts_with(begins)
        || text.contains(holds)
        || TAKEN.contains(&text)
        || text.starts_with("0x")
        || is_number(text)
}

/// Whether a text reads as a number: `12`, `-0.5`, `1e7`, `inf`.
fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if ["inf", "infinity", "nan"].contains(&unsigned.to_ascii_lowercase().as_str()) {
        return true;
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent_is_one = exponent.is_none_or(|it| digits(it.strip_prefix(['+', '-']).unwrap_or(it)));
    let mantissa_is_one = match mantissa.split_once('.') {
        Some((whole, part)) => {
            (digits(whole) || digits(part))
                && (whole.is_empty() || digits(whole))
                && (part.is_empty() || digits(part))
        }
        None => digits(mantissa),
    };
    exponent_is_one && mantissa_is_one
}

/// A line of a header.
#[derive(Clone, Copy, Debug)]
struct Line<'t> {
    indent: usize,
    text: &'t str,
    number: usize,
}

/// Maps within maps deeper than this are no header.
const DEEPEST: usize = 32;

struct Reader<'t> {
    lines: Vec<Line<'t>>,
    raw: Vec<(&'t str, usize)>,
    at: usize,
    depth: usize,
}

impl<'t> Reader<'t> {
    fn new(raw: &[(&'t str, usize)]) -> Result<Self, Unreadable> {
        let mut lines = Vec::new();
        for (line, number) in raw {
            let text = line.trim_start_matches(' ');
            if text.starts_with('\t') {
                return Err(Unreadable::new(*number, "tab", text));
            }
            let indent = line.len().saturating_sub(text.len());
            lines.push(Line { indent, text: text.trim_end(), number: *number });
        }
        Ok(Reader { lines, raw: raw.to_vec(), at: 0, depth: 0 })
    }

    /// The next line that says something.
    fn rest(&mut self) -> Option<Line<'t>> {
        while let Some(line) = self.lines.get(self.at) {
            if line.text.is_empty() || line.text.starts_with('#') {
                self.at = self.at.saturating_add(1);
                continue;
            }
            return Some(*line);
        }
        None
    }

    fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    /// What stands at this depth or deeper.
    fn block(&mut self, least: usize) -> Result<Json, Unreadable> {
        let Some(line) = self.rest().filter(|line| line.indent >= least) else { return Ok(Json::Null) };
        self.depth = self.depth.saturating_add(1);
        if self.depth > DEEPEST {
            return Err(Unreadable::new(line.number, "yaml", line.text));
        }
        let found = if is_item(line.text) { self.list(line.indent) } else { self.map(line.indent) };
        self.depth = self.depth.saturating_sub(1);
        found
    }

    fn map(&mut self, indent: usize) -> Result<Json, Unreadable> {
        let mut found = Map::new();
        while let Some(line) = self.rest() {
            if line.indent < indent || is_item(line.text) {
                break;
            }
            let wrong = || Unreadable::new(line.number, "yaml", line.text);
            if line.indent > indent {
                return Err(wrong());
            }
            let (key, value) = key_and_value(line.text).ok_or_else(wrong)?;
            let key = match scalar(key).ok_or_else(wrong)? {
                Json::String(key) => key,
                Json::Number(number) => number.to_string(),
                Json::Bool(yes) => yes.to_string(),
                Json::Null | Json::Array(_) | Json::Object(_) => key.to_owned(),
            };
            self.step();
            let value = self.value(value, indent, line)?;
            if found.insert(key, value).is_some() {
                return Err(Unreadable::new(line.number, "twice", line.text));
            }
        }
        Ok(Json::Object(found))
    }

    fn list(&mut self, indent: usize) -> Result<Json, Unreadable> {
        let mut found = Vec::new();
        while let Some(line) = self.rest() {
            if line.indent != indent || !is_item(line.text) {
                break;
            }
            let item = line.text.strip_prefix('-').unwrap_or("");
            let inner = item.trim_start();
            let deeper = indent.saturating_add(line.text.len().saturating_sub(inner.len()));
            if is_item(inner) || key_and_value(inner).is_some() {
                // A map or a list that begins behind the dash: its first line is read where it stands.
                if let Some(slot) = self.lines.get_mut(self.at) {
                    *slot = Line { indent: deeper, text: inner, number: line.number };
                }
                found.push(self.block(deeper)?);
            } else {
                self.step();
                found.push(self.value(inner, indent, line)?);
            }
        }
        Ok(Json::Array(found))
    }

    /// The value behind a key or a dash; where nothing stands there, what stands below it.
    fn value(&mut self, written: &'t str, indent: usize, line: Line<'t>) -> Result<Json, Unreadable> {
        let wrong = || Unreadable::new(line.number, "yaml", line.text);
        match written {
            "" => match self.rest() {
                Some(below) if below.indent > indent => self.block(indent.saturating_add(1)),
                Some(below) if below.indent == indent && is_item(below.text) && !is_item(line.text) => {
                    self.list(indent)
                }
                Some(_) | None => Ok(Json::Null),
            },
            "|" | "|-" | "|+" => Ok(Json::String(self.literal(indent, written))),
            written => scalar(written).ok_or_else(wrong),
        }
    }

    /// Lines as they stand, without what they are all indented by.
    fn literal(&mut self, indent: usize, style: &str) -> String {
        let mut lines: Vec<&str> = Vec::new();
        let mut own: Option<usize> = None;
        while let (Some(line), Some((raw, _))) = (self.lines.get(self.at), self.raw.get(self.at)) {
            if !line.text.is_empty() && line.indent <= indent {
                break;
            }
            let own = *own.get_or_insert(line.indent);
            lines.push(raw.get(own.min(raw.len())..).unwrap_or(""));
            self.step();
        }
        let text = lines.join("\n");
        let plain = text.trim_end_matches('\n');
        match style {
            "|" => format!("{plain}\n"),
            "|+" => format!("{text}\n"),
            _ => plain.to_owned(),
        }
    }
}

fn is_item(text: &str) -> bool {
    text == "-" || text.starts_with("- ")
}

/// `key: value`, the key plain or in quotation marks.
fn key_and_value(text: &str) -> Option<(&str, &str)> {
    let behind = match text.chars().next()? {
        quote @ ('"' | '\'') => {
            let mut escaped = false;
            let end = text.char_indices().skip(1).find(|(_, ch)| {
                let ends = *ch == quote && !escaped;
                escaped = quote == '"' && *ch == '\\' && !escaped;
                ends
            });
            end?.0.saturating_add(1)
        }
        _ => {
            let colon = text.find(": ").or_else(|| text.strip_suffix(':').map(str::len));
            colon?
        }
    };
    let (key, rest) = text.split_at_checked(behind)?;
    let value = rest.strip_prefix(':')?;
    (value.is_empty() || value.starts_with(' ')).then(|| (key, value.trim()))
}

/// A single value; none where it is written in a form that no snapshot has.
fn scalar(text: &str) -> Option<Json> {
    match text {
        "" | "~" | "null" => return Some(Json::Null),
        "true" => return Some(Json::Bool(true)),
        "false" => return Some(Json::Bool(false)),
        "[]" => return Some(Json::Array(Vec::new())),
        "{}" => return Some(Json::Object(Map::new())),
        _ => {}
    }
    if text.starts_with('"') {
        return match serde_json::from_str(text) {
            Ok(Json::String(text)) => Some(Json::String(text)),
            Ok(_) | Err(_) => None,
        };
    }
    if let Some(inner) = text.strip_prefix('\'') {
        return Some(Json::String(inner.strip_suffix('\'')?.replace("''", "'")));
    }
    if text.starts_with(['[', '{', '&', '*', '!', '|', '>', '%', '@', '`']) {
        return None;
    }
    if let Ok(whole) = text.parse::<i64>() {
        return Some(Json::Number(JsonNumber::from(whole)));
    }
    let text = text.split_once(" #").map_or(text, |(text, _)| text.trim_end());
    Some(Json::String(text.to_owned()))
}
