//! The customers that a command works with, read by its options and the settings.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::args::Facts;
use super::session::{Failure, Session};
use crate::base::{Span, Str};
use crate::diag::Diagnostic;
use crate::interop::{Encoding, Format, Input, Mapping, Reader, Reject, Request, rejects_csv, rejects_jsonl};
use crate::store::shown;
use crate::value::office::{DatePattern, DateStyle, NumberStyle};
use crate::value::{FieldId, Schema};

/// So many rejected customers are told on the terminal; the rejects file has them all.
const MOST_TOLD: usize = 10;

/// Opens one file of customers, with the lists, the mapping and the last decisions that go with it, for a policy among those
/// whose schemas are `all`: a column or a list of one is no stray because another does not read it. Who opens the file for all of
/// them tells what is to be noted, and holds several to `--strict`.
///
/// # Errors
/// A file that cannot be read or understood at all; a setting that cannot be.
pub fn open<'s>(
    facts: &Facts,
    file: &Path,
    schema: &'s Schema,
    all: &[&Schema],
    needed: BTreeSet<FieldId>,
    origins: bool,
    session: &mut Session<'_>,
) -> Result<Reader<'s>, Failure> {
    let settings = session.settings.decide.clone();
    let encoding = match (facts.encoding, settings.encoding.as_deref()) {
        (Some(encoding), _) => encoding,
        (None, None) => Encoding::Utf8,
        (None, Some(name)) => Encoding::of_name(name)
            .ok_or_else(|| bad_setting("encoding", name, "utf-8, gbk, utf-16", session))?,
    };
    let numbers = match (&facts.numbers, settings.numbers.as_deref()) {
        (Some(style), _) => Some(style.clone()),
        (None, Some(sample)) => Some(
            NumberStyle::of_sample(sample)
                .ok_or_else(|| bad_setting("numbers", sample, "1,234.56, 1.234,56, 1 234,56", session))?,
        ),
        (None, None) => None,
    };
    let dates = match (&facts.dates, settings.dates.as_deref()) {
        (Some(style), _) => Some(style.clone()),
        (None, Some(sample)) => Some(date_style(sample, session)?),
        (None, None) => None,
    };
    let mapping_path = facts.map.as_ref().or(settings.mapping.as_ref());
    let mut mapping = match mapping_path {
        Some(path) => {
            let bytes = session.read(path)?;
            Mapping::parse(shown(path), bytes, schema, &mut session.sources).map_err(Failure)?
        }
        None => Mapping::default(),
    };
    mapping.declare(numbers, dates);
    let mut request = Request::new(input(file, facts, encoding, session)?);
    request.mapping = mapping;
    request.strict = all.len() < 2 && (facts.strict || settings.strict == Some(true));
    request.origins = origins;
    let mut lists: BTreeMap<String, PathBuf> = settings.lists.clone();
    lists.extend(facts.lists.iter().cloned());
    for (list, path) in &lists {
        let by_settings = !facts.lists.iter().any(|(name, _)| name == list);
        let wanted = schema.find(list).is_none_or(|field| needed.contains(&field));
        // A list of the settings that this decision does not read needs no file.
        if by_settings && !wanted {
            continue;
        }
        // A list of another policy is none of this one's.
        if schema.find(list).is_none() && all.iter().any(|other| other.find(list).is_some()) {
            continue;
        }
        request.lists.push((Str::from(list.as_str()), input(path, facts, encoding, session)?));
    }
    if let Some(path) = &facts.last {
        request.last = Some(input(path, facts, Encoding::Utf8, session)?);
    }
    request.needed = Some(needed);
    Reader::open(schema, request, &mut session.sources).map_err(Failure)
}

/// A value that a setting does not take, at its place in the settings.
pub fn bad_setting(name: &str, written: &str, known: &str, session: &Session<'_>) -> Failure {
    let span = session.settings.path.as_ref().and_then(|path| place_of(name, written, path, session));
    let told = match span {
        Some(span) => Diagnostic::new("E910", span),
        None => Diagnostic::nowhere("E910"),
    };
    told.arg("setting", name).arg("written", written).arg("known", known).help("known").into()
}

/// Where a value stands in the settings, behind the name of its setting.
fn place_of(name: &str, written: &str, path: &Path, session: &Session<'_>) -> Option<Span> {
    let called = session.world.name_of(path);
    let (file, source) = session.sources.iter().find(|(_, source)| source.name() == called)?;
    let text: &str = source.text();
    let mut begins = 0_usize;
    for line in text.split_inclusive('\n') {
        let named = line.find(name).filter(|at| {
            let behind =
                line.get(at.saturating_add(name.len())..).unwrap_or("").trim_start_matches(['"', '\'']);
            behind.trim_start().starts_with('=')
        });
        let value = named.and_then(|at| Some(at.saturating_add(line.get(at..)?.find(written)?)));
        if let Some(at) = value {
            let start = u32::try_from(begins.saturating_add(at)).ok()?;
            return Some(Span::new(file, start, start.saturating_add(u32::try_from(written.len()).ok()?)));
        }
        begins = begins.saturating_add(line.len());
    }
    None
}

fn date_style(sample: &str, session: &Session<'_>) -> Result<DateStyle, Failure> {
    DateStyle::of_names(sample).ok_or_else(|| {
        let known: Vec<&str> = DatePattern::ALL.iter().map(|pattern| pattern.name()).collect();
        bad_setting("dates", sample, &known.join(", "), session)
    })
}

fn input(path: &Path, facts: &Facts, encoding: Encoding, session: &Session<'_>) -> Result<Input, Failure> {
    let name = match (path.as_os_str() == "-", &facts.stdin_filename) {
        (true, Some(name)) => name.clone(),
        (true, None) => return Err(Diagnostic::nowhere("E911").variant("stdin").help("stdin").into()),
        (false, _) => shown(path),
    };
    let Some(format) = Format::of_name(&name) else {
        return Err(Diagnostic::nowhere("E911").arg("path", &name).help("endings").into());
    };
    let mut input = Input::new(name.as_str(), session.read(path)?, format);
    input.encoding = encoding;
    input.sheet = facts.sheet.as_deref().map(Str::from);
    Ok(input)
}

/// Tells what is wrong with the rejected customers, and writes the rejects file where one is asked for. Gives how many there are.
///
/// # Errors
/// The rejects file cannot be written.
pub fn tell_rejects(
    reader: &Reader<'_>,
    rejects: &[Reject],
    file: Option<&PathBuf>,
    session: &mut Session<'_>,
) -> Result<(), Failure> {
    let told: Vec<Diagnostic> =
        rejects.iter().take(MOST_TOLD).flat_map(|reject| reject.problems.iter().cloned()).collect();
    session.tell(&told);
    if let Some(more) = rejects.len().checked_sub(MOST_TOLD).filter(|more| *more > 0) {
        session.note(&match session.lang() {
            crate::base::Lang::En => format!("… and {more} more rejected records"),
            crate::base::Lang::Zh => format!("……另有 {more} 条记录被拒收"),
        });
    }
    let Some(path) = file else { return Ok(()) };
    let as_csv = Format::of_name(&shown(path)) == Some(Format::Csv);
    let files = if as_csv { rejects_csv(reader, rejects, &session.sources, session.lang()) } else { None };
    match files {
        Some(files) => {
            for part in files {
                let target = match &part.list {
                    None => path.clone(),
                    Some(list) => {
                        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or("rejects");
                        path.with_file_name(format!("{stem}.{list}.csv"))
                    }
                };
                session.write_file(&target, part.text.as_bytes())?;
            }
            Ok(())
        }
        None => {
            let text = rejects_jsonl(reader, rejects, &session.sources, session.lang());
            session.write_file(path, text.as_bytes())
        }
    }
}
