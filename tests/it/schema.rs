//! JSON documents held to their JSON Schema (draft 7): all of it that the schemas in `tests/schemas` use. A keyword that is not known
//! here fails the test, so that nothing of a schema is passed over.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value as Json;

/// The schema of SARIF 2.1.0.
static SARIF: LazyLock<Json> = LazyLock::new(|| {
    let path = crate::corpus::root().join("tests/schemas/sarif-2.1.0.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
});

/// A day and its time, as RFC 3339 writes them.
static DATE_TIME: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$").unwrap());

/// What is wrong with a SARIF log by the schema of the standard, each with its place.
pub fn sarif(log: &Json) -> Vec<String> {
    let mut wrong = Vec::new();
    hold(&SARIF, &SARIF, log, "", &mut wrong);
    wrong
}

fn hold(root: &Json, schema: &Json, value: &Json, at: &str, wrong: &mut Vec<String>) {
    let Json::Object(rules) = schema else {
        panic!("{at}: {schema} is no schema of draft 7 that is used here")
    };
    // Beside a reference, draft 7 reads nothing.
    if let Some(target) = rules.get("$ref") {
        let target = target.as_str().unwrap().strip_prefix("#").unwrap();
        return hold(root, root.pointer(target).unwrap(), value, at, wrong);
    }
    let mut tell = |what: String| wrong.push(format!("{}: {what}", if at.is_empty() { "/" } else { at }));
    for (rule, wanted) in rules {
        match rule.as_str() {
            "$schema" | "$id" | "title" | "description" | "default" | "definitions" => {}
            "type" => {
                let kind = match value {
                    Json::Null => "null",
                    Json::Bool(_) => "boolean",
                    Json::Number(number) if number.is_i64() || number.is_u64() => "integer",
                    Json::Number(_) => "number",
                    Json::String(_) => "string",
                    Json::Array(_) => "array",
                    Json::Object(_) => "object",
                };
                let fits = |wanted: &Json| wanted == kind || wanted == "number" && kind == "integer";
                let fits = wanted.as_array().map_or_else(|| fits(wanted), |any| any.iter().any(fits));
                if !fits {
                    tell(format!("{kind} where {wanted} is wanted"));
                }
            }
            "enum" if !wanted.as_array().unwrap().contains(value) => {
                tell(format!("{value} is none of {wanted}"))
            }
            "enum" => {}
            "required" => {
                for key in wanted.as_array().unwrap() {
                    if value.as_object().is_some_and(|object| !object.contains_key(key.as_str().unwrap())) {
                        tell(format!("{key} is missing"));
                    }
                }
            }
            "minimum" if value.as_f64().is_some_and(|it| it < wanted.as_f64().unwrap()) => {
                tell(format!("{value} is below {wanted}"));
            }
            "maximum" if value.as_f64().is_some_and(|it| it > wanted.as_f64().unwrap()) => {
                tell(format!("{value} is above {wanted}"));
            }
            "minimum" | "maximum" => {}
            "minItems" => {
                if value.as_array().is_some_and(|items| (items.len() as u64) < wanted.as_u64().unwrap()) {
                    tell(format!("fewer than {wanted} items"));
                }
            }
            "uniqueItems" => {
                let items = value.as_array().map_or(&[][..], Vec::as_slice);
                let twice = items.iter().enumerate().any(|(place, item)| items[..place].contains(item));
                if twice && wanted == true {
                    tell(String::from("an item stands twice"));
                }
            }
            "pattern" => {
                let pattern = Regex::new(wanted.as_str().unwrap()).unwrap();
                if value.as_str().is_some_and(|text| !pattern.is_match(text)) {
                    tell(format!("{value} is not of the form {wanted}"));
                }
            }
            "format" => {
                let fits = value.as_str().is_none_or(|text| match wanted.as_str().unwrap() {
                    "uri" => {
                        is_uri_reference(text)
                            && text.split_once(':').is_some_and(|(scheme, _)| !scheme.is_empty())
                    }
                    "uri-reference" => is_uri_reference(text),
                    "date-time" => DATE_TIME.is_match(text),
                    other => panic!("{at}: the format `{other}` is not known here"),
                });
                if !fits {
                    tell(format!("{value} is no {wanted}"));
                }
            }
            "properties" | "additionalProperties" | "items" | "anyOf" | "oneOf" => {}
            other => panic!("{at}: the keyword `{other}` is not known here"),
        }
    }
    for (rule, one) in [("anyOf", false), ("oneOf", true)] {
        if let Some(Json::Array(choices)) = rules.get(rule) {
            let fits = |choice: &&Json| {
                let mut inner = Vec::new();
                hold(root, choice, value, at, &mut inner);
                inner.is_empty()
            };
            let count = choices.iter().filter(fits).count();
            if count == 0 || one && count > 1 {
                wrong.push(format!("{at}: fits {count} of {rule}"));
            }
        }
    }
    if let (Some(schema), Json::Array(items)) = (rules.get("items"), value) {
        for (place, item) in items.iter().enumerate() {
            hold(root, schema, item, &format!("{at}/{place}"), wrong);
        }
    }
    let Json::Object(object) = value else { return };
    let own = rules.get("properties").and_then(Json::as_object);
    for (key, inner) in object {
        let place = format!("{at}/{key}");
        match (own.and_then(|own| own.get(key)), rules.get("additionalProperties")) {
            (Some(schema), _) => hold(root, schema, inner, &place, wrong),
            (None, Some(Json::Bool(false))) => wrong.push(format!("{place}: the schema has no such key")),
            (None, None | Some(Json::Bool(true))) => {}
            (None, Some(schema)) => hold(root, schema, inner, &place, wrong),
        }
    }
}

/// Characters that RFC 3986 allows, and whole percent signs.
fn is_uri_reference(text: &str) -> bool {
    let allowed = |ch: char| ch.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(ch);
    let whole = text.split('%').skip(1).all(|rest| {
        rest.len() >= 2 && rest.is_char_boundary(2) && rest[..2].chars().all(|ch| ch.is_ascii_hexdigit())
    });
    text.chars().all(allowed) && whole
}

/// A schema that lets everything pass would hold nothing.
#[test]
fn the_schema_of_sarif_refuses_what_is_wrong() {
    let sound = serde_json::json!({
        "version": "2.1.0",
        "runs": [{ "tool": { "driver": { "name": "gradus" } }, "columnKind": "unicodeCodePoints", "results": [
            { "message": { "text": "no fact has this name" }, "level": "error", "locations": [
                { "physicalLocation": { "artifactLocation": { "uri": "rules/a%20b.gradus" }, "region": { "startLine": 1 } } }
            ] }
        ] }],
    });
    assert_eq!(sarif(&sound), Vec::<String>::new());
    let changed = |pointer: &str, new: Json| {
        let mut log = sound.clone();
        *log.pointer_mut(pointer).unwrap() = new;
        sarif(&log)
    };
    let result = "/runs/0/results/0";
    for (pointer, new) in [
        ("/version".to_owned(), serde_json::json!("2.0.0")),
        ("/runs".to_owned(), serde_json::json!({})),
        ("/runs/0/tool".to_owned(), serde_json::json!({})),
        ("/runs/0/columnKind".to_owned(), serde_json::json!("bytes")),
        (format!("{result}/level"), serde_json::json!("fatal")),
        (format!("{result}/message"), serde_json::json!({ "words": "x" })),
        (
            format!("{result}/locations/0/physicalLocation/artifactLocation/uri"),
            serde_json::json!("rules/a b.gradus"),
        ),
        (format!("{result}/locations/0/physicalLocation/region/startLine"), serde_json::json!(0)),
        (format!("{result}/locations/0/physicalLocation/region/startLine"), serde_json::json!("1")),
        (format!("{result}/locations"), serde_json::json!([{ "place": 1 }])),
    ] {
        assert!(!changed(&pointer, new.clone()).is_empty(), "{pointer} = {new} is let pass");
    }
}
