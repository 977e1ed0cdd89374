//! A reader of JSON that knows where everything stands, and that keeps numbers as they are written.
//!
//! serde_json gives values without places, and a bad fact has to be shown where it stands.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::node::{Entry, Leaf, Node, Shape};
use crate::base::{FileId, Span};

/// How deep lists and maps may stand in each other; a customer needs three.
const DEPTH: u32 = 64;

/// What is wrong, and where.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Fault {
    /// The byte.
    pub at: u32,
    /// The variant of the message.
    pub what: &'static str,
}

/// A reader at a place of a text.
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
    end: usize,
    file: FileId,
    depth: u32,
}

impl<'a> Reader<'a> {
    /// A reader of the bytes `start..end` of a text.
    pub(super) fn new(text: &'a str, file: FileId, start: usize, end: usize) -> Self {
        Reader { text, at: start, end: end.min(text.len()), file, depth: 0 }
    }

    /// One value and nothing behind it.
    pub(super) fn whole(&mut self) -> Result<Node<'a>, Fault> {
        let node = self.value()?;
        self.nothing_more()?;
        Ok(node)
    }

    /// The stretches of the objects that a file gives: the items of its array, those under one of `keys`, or the one object itself.
    pub(super) fn items(&mut self, keys: &[&str]) -> Result<Vec<Span>, Fault> {
        self.blank();
        let start = self.at;
        if self.peek() == Some(b'[') {
            let items = self.spans()?;
            self.nothing_more()?;
            return Ok(items);
        }
        // An object: read once to see that it is sound, then once more for what stands under the key.
        let node = self.whole()?;
        let Node::Map(entries, span) = &node else {
            return Err(Fault { at: offset(start), what: "top" });
        };
        for entry in entries {
            if keys.contains(&entry.key.as_ref()) && matches!(entry.value, Node::List(..)) {
                let place = entry.value.span();
                return Reader::new(self.text, self.file, place.start as usize, place.end as usize).spans();
            }
        }
        Ok(vec![*span])
    }

    fn spans(&mut self) -> Result<Vec<Span>, Fault> {
        let mut items = Vec::new();
        self.list(|_, node| items.push(node.span()))?;
        Ok(items)
    }

    fn nothing_more(&mut self) -> Result<(), Fault> {
        self.blank();
        if self.at < self.end { self.fault("end") } else { Ok(()) }
    }

    fn fault<T>(&self, what: &'static str) -> Result<T, Fault> {
        Err(Fault { at: offset(self.at), what })
    }

    fn peek(&self) -> Option<u8> {
        if self.at < self.end { self.text.as_bytes().get(self.at).copied() } else { None }
    }

    fn skip(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        if there {
            self.skip();
        }
        there
    }

    fn blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.skip();
        }
    }

    fn span(&self, start: usize) -> Span {
        Span::new(self.file, offset(start), offset(self.at))
    }

    fn value(&mut self) -> Result<Node<'a>, Fault> {
        self.blank();
        let start = self.at;
        match self.peek() {
            Some(b'{') => self.map(),
            Some(b'[') => {
                let mut items = Vec::new();
                self.list(|_, node| items.push(node))?;
                Ok(Node::List(items, self.span(start)))
            }
            Some(b'"') => {
                let text = self.string()?;
                Ok(self.leaf(start, text, Shape::Written))
            }
            Some(b't' | b'f' | b'n') => self.word(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(_) => self.fault("value"),
            None => self.fault("early"),
        }
    }

    fn leaf(&self, start: usize, text: Cow<'a, str>, shape: Shape) -> Node<'a> {
        Node::Leaf(Leaf { text, shape, span: self.span(start) })
    }

    fn deeper(&mut self) -> Result<(), Fault> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > DEPTH { self.fault("deep") } else { Ok(()) }
    }

    fn list(&mut self, mut each: impl FnMut(&Self, Node<'a>)) -> Result<(), Fault> {
        self.deeper()?;
        self.skip();
        self.blank();
        if !self.take(b']') {
            loop {
                let node = self.value()?;
                each(self, node);
                self.blank();
                if self.take(b']') {
                    break;
                }
                if !self.take(b',') {
                    return self.fault(if self.peek().is_none() { "early" } else { "list" });
                }
            }
        }
        self.depth = self.depth.saturating_sub(1);
        Ok(())
    }

    fn map(&mut self) -> Result<Node<'a>, Fault> {
        let start = self.at;
        self.deeper()?;
        self.skip();
        self.blank();
        let mut entries: Vec<Entry<'a>> = Vec::new();
        let mut keys: BTreeSet<Cow<'a, str>> = BTreeSet::new();
        if !self.take(b'}') {
            loop {
                self.blank();
                let from = self.at;
                match self.peek() {
                    Some(b'"') => {}
                    Some(_) => return self.fault("key"),
                    None => return self.fault("early"),
                }
                let key = self.string()?;
                let at = self.span(from);
                if !keys.insert(key.clone()) {
                    return Err(Fault { at: at.start, what: "twice" });
                }
                self.blank();
                if !self.take(b':') {
                    return self.fault("colon");
                }
                let value = self.value()?;
                entries.push(Entry { key, at, value });
                self.blank();
                if self.take(b'}') {
                    break;
                }
                if !self.take(b',') {
                    return self.fault(if self.peek().is_none() { "early" } else { "map" });
                }
            }
        }
        self.depth = self.depth.saturating_sub(1);
        Ok(Node::Map(entries, self.span(start)))
    }

    fn word(&mut self) -> Result<Node<'a>, Fault> {
        let start = self.at;
        let rest = self.text.get(start..self.end).unwrap_or("");
        for (word, shape) in [("true", Shape::Bool), ("false", Shape::Bool), ("null", Shape::Null)] {
            if rest.starts_with(word) {
                self.at = self.at.saturating_add(word.len());
                return Ok(self.leaf(start, Cow::Borrowed(word), shape));
            }
        }
        self.fault("value")
    }

    fn digits(&mut self) -> bool {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.skip();
        }
        self.at > start
    }

    fn number(&mut self) -> Result<Node<'a>, Fault> {
        let start = self.at;
        self.take(b'-');
        let zero = self.peek() == Some(b'0');
        let whole = self.at;
        if !self.digits() || zero && self.at > whole.saturating_add(1) {
            return self.fault("number");
        }
        if self.take(b'.') && !self.digits() {
            return self.fault("number");
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.skip();
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.skip();
            }
            if !self.digits() {
                return self.fault("number");
            }
        }
        let text = self.text.get(start..self.at).unwrap_or("");
        Ok(self.leaf(start, Cow::Borrowed(text), Shape::Number))
    }

    fn string(&mut self) -> Result<Cow<'a, str>, Fault> {
        let open = self.at;
        self.skip();
        let mut from = self.at;
        let mut made: Option<String> = None;
        loop {
            match self.peek() {
                None => return Err(Fault { at: offset(open), what: "quote" }),
                Some(b'"') => {
                    let piece = self.text.get(from..self.at).unwrap_or("");
                    self.skip();
                    return Ok(match made {
                        Some(mut made) => {
                            made.push_str(piece);
                            Cow::Owned(made)
                        }
                        None => Cow::Borrowed(piece),
                    });
                }
                Some(b'\\') => {
                    let piece = self.text.get(from..self.at).unwrap_or("");
                    let mut text = made.take().unwrap_or_default();
                    text.push_str(piece);
                    text.push(self.escape()?);
                    made = Some(text);
                    from = self.at;
                }
                Some(0..=0x1F) => return self.fault("control"),
                Some(_) => self.skip(),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let start = self.at;
        self.skip();
        let byte = self.peek();
        self.skip();
        let simple = match byte {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let wrong = Fault { at: offset(start), what: "escape" };
                let high = self.hex().ok_or(wrong)?;
                let code = if (0xD800..0xDC00).contains(&high) {
                    if !(self.take(b'\\') && self.take(b'u')) {
                        return Err(wrong);
                    }
                    let low = self.hex().filter(|low| (0xDC00..0xE000).contains(low)).ok_or(wrong)?;
                    let upper = (high & 0x3FF) << 10;
                    (upper | (low & 0x3FF)).saturating_add(0x1_0000)
                } else {
                    high
                };
                return char::from_u32(code).ok_or(wrong);
            }
            _ => return Err(Fault { at: offset(start), what: "escape" }),
        };
        Ok(simple)
    }

    fn hex(&mut self) -> Option<u32> {
        let end = self.at.checked_add(4).filter(|end| *end <= self.end)?;
        let digits = self.text.get(self.at..end)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.at = end;
        u32::from_str_radix(digits, 16).ok()
    }
}

/// A byte's place as a span counts it; texts are no longer than 32 bits can count.
pub(super) fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
