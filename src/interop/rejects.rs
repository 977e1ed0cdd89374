//! The rejects: every customer that was not decided, as it came, with what is wrong. A file that was mended can be read
//! again as it is.

use super::names::PROBLEM_COLUMNS;
use super::{Original, Reader, Reject};
use crate::base::{Lang, SourceMap, Str};
use crate::diag::Diagnostic;
use crate::diag::render::tell;

/// A rejects file in CSV.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RejectsFile {
    /// The list whose items it holds; none for the customers.
    pub list: Option<Str>,
    /// Its text: the columns of the input, then those of the problems.
    pub text: String,
}

/// The rejects as CSV: a file of customers with the columns that they came with, and one for each list in a file of its own
/// that has items to give back. None where an input was no table; [`rejects_jsonl`] takes any.
#[must_use]
pub fn rejects_csv(
    reader: &Reader<'_>,
    rejects: &[Reject],
    sources: &SourceMap,
    lang: Lang,
) -> Option<Vec<RejectsFile>> {
    let mut lists: Vec<Option<Str>> = vec![None];
    for list in
        rejects.iter().flat_map(|reject| reject.list.iter().chain(reject.items.iter().map(|item| &item.list)))
    {
        if !lists.contains(&Some(list.clone())) {
            lists.push(Some(list.clone()));
        }
    }
    let mut files = Vec::new();
    for list in lists {
        let (headings, delimiter) = reader.headings(list.as_deref())?;
        let mut rows: Vec<(&[Str], [String; 3])> = Vec::new();
        for reject in rejects {
            if reject.list == list {
                rows.push((cells(&reject.original)?, problems(&reject.problems, sources, lang)));
            }
            // The items of a rejected customer come along, or they would belong to nobody the next time.
            for item in reject.items.iter().filter(|item| list.as_ref() == Some(&item.list)) {
                rows.push((cells(&item.original)?, Default::default()));
            }
        }
        let width = rows.iter().map(|(cells, _)| cells.len()).fold(headings.len(), usize::max);
        let mut writer =
            csv::WriterBuilder::new().delimiter(delimiter).flexible(true).from_writer(Vec::new());
        let head = padded(&headings, width).chain(PROBLEM_COLUMNS);
        // Writing to memory does not fail.
        writer.write_record(head).ok()?;
        for (cells, problems) in &rows {
            writer.write_record(padded(cells, width).chain(problems.iter().map(String::as_str))).ok()?;
        }
        let text = String::from_utf8(writer.into_inner().ok()?).ok()?;
        files.push(RejectsFile { list, text });
    }
    Some(files)
}

fn cells(original: &Original) -> Option<&[Str]> {
    match original {
        Original::Cells(cells) => Some(cells),
        Original::Json(_) => None,
    }
}

fn padded(cells: &[Str], width: usize) -> impl Iterator<Item = &str> {
    cells.iter().map(|cell| &**cell).chain(std::iter::repeat("")).take(width)
}

fn problems(problems: &[Diagnostic], sources: &SourceMap, lang: Lang) -> [String; 3] {
    let join =
        |text: &dyn Fn(&Diagnostic) -> String| problems.iter().map(text).collect::<Vec<_>>().join("; ");
    [
        join(&|problem| place(problem, sources)),
        join(&|problem| problem.code.to_owned()),
        join(&|problem| tell(problem, lang).message),
    ]
}

/// `customers.csv:3:14`, `Sheet1!C7`.
fn place(problem: &Diagnostic, sources: &SourceMap) -> String {
    let cell = problem.args.iter().find(|(name, cell)| *name == "at" && !cell.is_empty());
    match (cell, problem.span) {
        (Some((_, cell)), _) => cell.trim_matches(['`', ':', ' ']).to_owned(),
        (None, Some(span)) => sources.place(span),
        (None, None) => String::new(),
    }
}

/// The rejects as JSON lines: `id`, `place`, `problems` (code, place, message), `list` where it is an item, `given` as it came, and the
/// `items` of its lists that stand in files of their own.
#[must_use]
pub fn rejects_jsonl(reader: &Reader<'_>, rejects: &[Reject], sources: &SourceMap, lang: Lang) -> String {
    let mut text = String::new();
    for reject in rejects {
        let told = reject.problems.iter().map(|problem| {
            serde_json::json!({
                "code": problem.code,
                "place": place(problem, sources),
                "message": tell(problem, lang).message,
            })
        });
        let mut line = serde_json::Map::new();
        line.insert("id".into(), reject.id.as_deref().into());
        if let Some(list) = &reject.list {
            line.insert("list".into(), (&**list).into());
        }
        line.insert("place".into(), sources.place(reject.span).into());
        line.insert("problems".into(), told.collect());
        line.insert("given".into(), given(reader, reject.list.as_deref(), &reject.original));
        if !reject.items.is_empty() {
            let items = reject.items.iter().map(|item| {
                serde_json::json!({
                    "list": &*item.list,
                    "given": given(reader, Some(&item.list), &item.original),
                })
            });
            line.insert("items".into(), items.collect());
        }
        text.push_str(&serde_json::Value::Object(line).to_string());
        text.push('\n');
    }
    text
}

fn given(reader: &Reader<'_>, list: Option<&str>, original: &Original) -> serde_json::Value {
    match original {
        Original::Cells(cells) => {
            let headings = reader.headings(list).map(|(headings, _)| headings).unwrap_or_default();
            let mut object = serde_json::Map::new();
            for (place, cell) in cells.iter().enumerate() {
                // A cell behind the last heading is kept, too.
                let heading = headings.get(place).filter(|heading| !heading.is_empty());
                let heading =
                    heading.map_or_else(|| format!("column {}", place.saturating_add(1)), Str::to_string);
                object.insert(heading, (&**cell).into());
            }
            serde_json::Value::Object(object)
        }
        // What is no JSON is given back as a text.
        Original::Json(text) => {
            serde_json::from_str(text).unwrap_or_else(|_| serde_json::Value::String(text.to_string()))
        }
    }
}
