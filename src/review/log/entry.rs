//! One line of a log.

use serde_json::{Map, Value as Json};

use crate::base::Str;
use crate::plan;

/// A line of a log.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// Its number, from 1.
    pub number: u64,
    /// The hash of the line before; empty before the first.
    pub prev: Str,
    /// What it records.
    pub kind: Kind,
    /// The hash of the line.
    pub hash: Str,
}

/// What a line records.
#[derive(Clone, PartialEq, Debug)]
pub enum Kind {
    /// The book of a run, before the decisions that read it.
    Book {
        /// Its document.
        book: Json,
        /// Its digest.
        digest: Str,
    },
    /// A decision.
    Decision {
        /// The record, as `decide --format jsonl` writes it: policy, version, digest, day, parameters, values, reasons.
        record: Json,
        /// The digest of the facts.
        facts_digest: Str,
        /// The facts, unless they are kept apart.
        facts: Option<Json>,
        /// The digest of the book that was read, if one was.
        book: Option<Str>,
        /// The language of the texts in the record: `en`, `zh`.
        lang: Str,
    },
}

/// The canonical text of a document: RFC 8785. Our documents hold no numbers but counts, so that it always exists.
pub(super) fn canonical(document: &Json) -> String {
    serde_json_canonicalizer::to_string(document).unwrap_or_default()
}

/// The digest of a document.
pub(super) fn digest(document: &Json) -> Str {
    plan::digest_of(&canonical(document))
}

impl Entry {
    /// A line behind another, its hash computed.
    pub(super) fn after(number: u64, prev: Str, kind: Kind) -> Entry {
        let mut entry = Entry { number, prev, kind, hash: Str::from("") };
        entry.hash = digest(&Json::Object(entry.body()));
        entry
    }

    /// The hash that its content has.
    pub(super) fn true_hash(&self) -> Str {
        digest(&Json::Object(self.body()))
    }

    /// The line, without its end.
    pub(super) fn line(&self) -> String {
        let mut body = self.body();
        body.insert("hash".into(), Json::from(&*self.hash));
        canonical(&Json::Object(body))
    }

    fn body(&self) -> Map<String, Json> {
        let mut body = Map::new();
        let mut put = |key: &str, value: Json| body.insert(key.to_owned(), value);
        put("n", Json::from(self.number));
        put("prev", Json::from(&*self.prev));
        match &self.kind {
            Kind::Book { book, digest } => {
                put("book", book.clone());
                put("book_digest", Json::from(&**digest));
            }
            Kind::Decision { record, facts_digest, facts, book, lang } => {
                put("record", record.clone());
                put("facts_digest", Json::from(&**facts_digest));
                if let Some(facts) = facts {
                    put("facts", facts.clone());
                }
                if let Some(book) = book {
                    put("book_digest", Json::from(&**book));
                }
                put("lang", Json::from(&**lang));
            }
        }
        body
    }

    /// What a line says; none where it is no line of a log, or is not written as this module writes it.
    pub(super) fn read(line: &str) -> Option<Entry> {
        let Json::Object(mut body) = serde_json::from_str(line).ok()? else { return None };
        let text = |body: &Map<String, Json>, key: &str| Some(Str::from(body.get(key)?.as_str()?));
        let (number, prev, hash) = (body.get("n")?.as_u64()?, text(&body, "prev")?, text(&body, "hash")?);
        let kind = match body.remove("record") {
            Some(record) => Kind::Decision {
                record,
                facts_digest: text(&body, "facts_digest")?,
                facts: body.remove("facts"),
                book: text(&body, "book_digest"),
                lang: text(&body, "lang")?,
            },
            None => Kind::Book { book: body.remove("book")?, digest: text(&body, "book_digest")? },
        };
        let entry = Entry { number, prev, kind, hash };
        // What stands in the line beside what is read would not be held by its hash.
        (entry.line() == line).then_some(entry)
    }
}
