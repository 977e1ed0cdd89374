//! A book in a file: written by a run, read for a customer that is decided alone.
//!
//! The file is JSON. Figures are texts, so that they stay exact: `"0.35"`, `"1/3"`.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json as object};

use crate::base::Str;
use crate::eval::Book;
use crate::eval::book::{BookValue, Doubt, GroupValue, Member};
use crate::value::{Date, Number, Value};

/// The version of the form.
const FORM: u64 = 1;

/// The text of a book.
#[must_use]
pub fn write_book(book: &Book) -> String {
    let values: Vec<Json> =
        book.values.iter().filter(|value| !value.groups.is_empty()).map(value_json).collect();
    let params: Map<String, Json> =
        book.params.iter().map(|(name, value)| (name.to_string(), Json::from(&**value))).collect();
    let document = object!({
        "gradus_book": FORM,
        "policy": &*book.policy.0,
        "version": &*book.policy.1,
        "digest": &*book.digest,
        "as_of": book.as_of.to_string(),
        "params": params,
        "customers": book.customers,
        "rejected": book.rejected,
        "values": values,
    });
    crate::base::document(&document)
}

fn value_json(value: &BookValue) -> Json {
    let groups: Vec<Json> = value
        .groups
        .iter()
        .map(|(key, group)| {
            let mut object = Map::new();
            object.insert("group".into(), Json::from(&**key));
            object.insert("members".into(), Json::from(group.members));
            if let Some(figure) = &group.value {
                object.insert("value".into(), figure_json(figure));
            }
            if !group.left_out.is_empty() {
                let names: Vec<&str> = group.left_out.iter().map(|name| &**name).collect();
                object.insert("left_out".into(), Json::from(names));
            }
            if let Some(doubt) = &group.doubt {
                object.insert("unknown".into(), doubt_json(doubt));
            }
            if let Some(whole) = &group.whole {
                object.insert("whole".into(), Json::from(whole.to_string()));
            }
            if let Some(budget) = &group.budget {
                object.insert("budget".into(), Json::from(budget.to_string()));
                object.insert("served".into(), Json::from(group.served.to_string()));
                object.insert("short".into(), Json::from(group.short));
            }
            Json::Object(object)
        })
        .collect();
    let members: Map<String, Json> = value
        .members
        .iter()
        .map(|(id, member)| {
            let mut object = Map::new();
            object.insert("group".into(), Json::from(&*member.group));
            if let Some(figure) = &member.value {
                object.insert("value".into(), figure_json(figure));
            }
            if let Some((served, left, place)) = &member.served {
                object.insert("served".into(), Json::from(served.to_string()));
                object.insert("left".into(), Json::from(left.to_string()));
                object.insert("place".into(), Json::from(*place));
            }
            (id.to_string(), Json::Object(object))
        })
        .collect();
    object!({ "name": &*value.name, "groups": groups, "members": members })
}

fn figure_json(value: &Value) -> Json {
    match value {
        Value::Bool(yes) => Json::Bool(*yes),
        Value::Number(number) => Json::from(number.to_string()),
        Value::Date(day) => Json::from(day.to_string()),
        Value::Text(text) => Json::from(&**text),
        Value::Unknown(_) | Value::Code(_) | Value::Set(_) | Value::List(_) => Json::Null,
    }
}

fn doubt_json(doubt: &Doubt) -> Json {
    match doubt {
        Doubt::Rejected(count) => object!({ "rejected": count }),
        Doubt::Unknown(count, first) => object!({ "members": count, "first": &**first }),
        Doubt::Budgets(one, other) => object!({ "budgets": [&**one, &**other] }),
        Doubt::Nothing => object!({}),
    }
}

/// Reads a book from its text. Its values stand in the order of the file: [`Book::lined_up`] brings them into that of a plan.
///
/// # Errors
/// What is wrong with it, for people: no JSON, no book, a part that is missing or no such thing. Places in the text are lines.
pub fn read_book(bytes: &[u8]) -> Result<Book, String> {
    let document: Json =
        serde_json::from_slice(bytes).map_err(|error| format!("JSON {}:{}", error.line(), error.column()))?;
    if document.get("gradus_book").and_then(Json::as_u64) != Some(FORM) {
        return Err(format!("`gradus_book`: {FORM}"));
    }
    let day = text(&document, "as_of")?;
    let mut params = BTreeMap::new();
    for (name, value) in document.get("params").and_then(Json::as_object).into_iter().flatten() {
        params.insert(Str::from(name.as_str()), Str::from(value.as_str().unwrap_or_default()));
    }
    let values = document.get("values").and_then(Json::as_array).ok_or_else(|| String::from("`values`"))?;
    Ok(Book {
        policy: (text(&document, "policy")?, text(&document, "version")?),
        digest: text(&document, "digest")?,
        as_of: Date::parse(&day).ok_or_else(|| format!("`as_of`: {day}"))?,
        params,
        customers: count(&document, "customers")?,
        rejected: count(&document, "rejected")?,
        values: values.iter().map(value).collect::<Result<_, _>>()?,
    })
}

fn text(of: &Json, key: &str) -> Result<Str, String> {
    of.get(key).and_then(Json::as_str).map(Str::from).ok_or_else(|| format!("`{key}`"))
}

fn count(of: &Json, key: &str) -> Result<usize, String> {
    let count = of.get(key).and_then(Json::as_u64).and_then(|count| usize::try_from(count).ok());
    count.ok_or_else(|| format!("`{key}`"))
}

fn value(of: &Json) -> Result<BookValue, String> {
    let mut made = BookValue { name: text(of, "name")?, ..BookValue::default() };
    for group in of.get("groups").and_then(Json::as_array).into_iter().flatten() {
        let left_out = group.get("left_out").and_then(Json::as_array).into_iter().flatten();
        let read = GroupValue {
            value: group.get("value").map(figure).transpose()?,
            members: count(group, "members")?,
            left_out: left_out.filter_map(Json::as_str).map(Str::from).collect(),
            doubt: group.get("unknown").map(doubt).transpose()?,
            budget: group.get("budget").map(number).transpose()?,
            whole: group.get("whole").map(number).transpose()?,
            served: group.get("served").map(number).transpose()?.unwrap_or_default(),
            short: group.get("short").map(|_| count(group, "short")).transpose()?.unwrap_or(0),
        };
        made.groups.insert(text(group, "group")?, read);
    }
    for (id, member) in of.get("members").and_then(Json::as_object).into_iter().flatten() {
        let served = match member.get("served") {
            Some(served) => Some((
                number(served)?,
                number(member.get("left").unwrap_or(&Json::Null))?,
                count(member, "place")?,
            )),
            None => None,
        };
        let value = member.get("value").map(figure).transpose()?;
        made.members.insert(Str::from(id.as_str()), Member { group: text(member, "group")?, value, served });
    }
    Ok(made)
}

fn figure(of: &Json) -> Result<Value, String> {
    match of {
        Json::Bool(yes) => Ok(Value::Bool(*yes)),
        Json::String(text) => match Date::parse(text) {
            Some(day) => Ok(Value::Date(day)),
            None => number(of).map(Value::Number),
        },
        _ => Err(format!("{of}")),
    }
}

/// A number as it is written: a decimal, or a fraction.
fn number(of: &Json) -> Result<Number, String> {
    let wrong = || format!("{of}");
    let text = of.as_str().ok_or_else(wrong)?;
    let read = match text.split_once('/') {
        Some((over, by)) => {
            Number::decimal(over).zip(Number::decimal(by)).and_then(|(over, by)| over.div(&by))
        }
        None => Number::decimal(text),
    };
    read.ok_or_else(wrong)
}

fn doubt(of: &Json) -> Result<Doubt, String> {
    if of.get("rejected").is_some() {
        return Ok(Doubt::Rejected(count(of, "rejected")?));
    }
    if of.get("first").is_some() {
        return Ok(Doubt::Unknown(count(of, "members")?, text(of, "first")?));
    }
    match of.get("budgets").and_then(Json::as_array).map(Vec::as_slice) {
        Some([one, other]) => {
            let name = |of: &Json| Str::from(of.as_str().unwrap_or_default());
            Ok(Doubt::Budgets(name(one), name(other)))
        }
        _ => Ok(Doubt::Nothing),
    }
}
