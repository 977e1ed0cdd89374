//! Cases in tables: a `[[table]]` of a case file names a CSV file; each of its rows is a case.
//!
//! The case file says which file, and what the headings mean that do not say it themselves; the rows become
//! [`ast::Case`]s like any other, their names and values at their places in the table.

mod columns;
mod declared;
mod names;
mod rows;

use std::path::Path;

pub(super) use declared::Declared;

use self::names::Names;
use super::read::CaseFile;
use crate::base::SourceMap;
use crate::diag::Diagnostic;
use crate::interop::{Encoding, Format, Input, Texts};
use crate::store::{self, RulesFolder, World, shown};

/// Reads the tables of a case file and adds their rows to its cases. `path` is that of the case file, in whose folder the
/// tables are looked for.
pub(super) fn add(
    world: &dyn World,
    path: &Path,
    file: &mut CaseFile,
    folder: &RulesFolder,
    sources: &mut SourceMap,
) {
    let Some(policy) = file.policy.clone().filter(|_| !file.tables.is_empty()) else { return };
    let names = Names::of(folder, &policy.value);
    for declared in std::mem::take(&mut file.tables) {
        match open(world, path, &declared, sources) {
            Ok(texts) => match columns::read(&declared, &texts, &names) {
                Ok(columns) => rows::read(&declared, &columns, &texts, file, sources),
                Err(mistakes) => file.diagnostics.extend(mistakes),
            },
            Err(mistake) => file.diagnostics.push(*mistake),
        }
    }
}

fn open(
    world: &dyn World,
    path: &Path,
    declared: &Declared,
    sources: &mut SourceMap,
) -> Result<Texts, Box<Diagnostic>> {
    let from = &declared.from;
    let at_from = |mut mistake: Box<Diagnostic>| {
        mistake.span = mistake.span.or(Some(from.span));
        // How a file of facts is told its encoding and delimiter does not hold here.
        mistake.helps = mistake
            .helps
            .iter()
            .map(|help| match *help {
                "gbk" | "utf16" | "save" | "told" => "table",
                "delimiter" => "table_delimiter",
                other => other,
            })
            .collect();
        mistake
    };
    let place = path.parent().unwrap_or(Path::new("")).join(&*from.value);
    let name = shown(&place);
    if Format::of_name(&name) != Some(Format::Csv) {
        let other = Diagnostic::new("E730", from.span).variant("format").arg("path", &name);
        return Err(Box::new(other.help("save")));
    }
    let bytes = store::read(world, &place).map_err(at_from)?;
    let mut input = Input::new(name, bytes, Format::Csv);
    input.encoding = declared.encoding.unwrap_or(Encoding::Utf8);
    input.delimiter = declared.delimiter;
    Texts::open(input, sources).map_err(at_from)
}
