//! Bytes to text: UTF-8 with or without its mark, GBK and UTF-16 when told. An encoding is never guessed; a file that is
//! in another one is named as such.

use super::Encoding;
use crate::base::{FileId, SourceMap, Span, Str};
use crate::diag::Diagnostic;

/// The text of some bytes, without a byte order mark; the source map takes it in under `name`.
///
/// # Errors
///
/// The bytes are not text in that encoding, or more than offsets of 32 bits can count.
pub(super) fn decode(
    name: &Str,
    bytes: Vec<u8>,
    encoding: Encoding,
    sources: &mut SourceMap,
) -> Result<(FileId, Str), Box<Diagnostic>> {
    if u32::try_from(bytes.len()).is_err() {
        return Err(Box::new(Diagnostic::nowhere("E602").variant("large").arg("file", name)));
    }
    // The mark of UTF-8 says what a file is, whatever was said of the files of the run.
    let marked = bytes.starts_with(&[0xEF, 0xBB, 0xBF]);
    let text: Str = match encoding {
        Encoding::Gbk if marked => utf8(name, bytes, sources)?.into(),
        Encoding::Utf8 => utf8(name, bytes, sources)?.into(),
        Encoding::Gbk => legacy(name, &bytes, encoding_rs::GB18030, "GBK")?,
        Encoding::Utf16 => {
            let order =
                if bytes.starts_with(&[0xFE, 0xFF]) { encoding_rs::UTF_16BE } else { encoding_rs::UTF_16LE };
            legacy(name, &bytes, order, "UTF-16")?
        }
    };
    let file = sources.add(name.clone(), text.clone());
    Ok((file, text))
}

fn utf8(name: &Str, mut bytes: Vec<u8>, sources: &mut SourceMap) -> Result<String, Box<Diagnostic>> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(Box::new(Diagnostic::nowhere("E601").variant("utf16").arg("file", name).help("utf16")));
    }
    if bytes.starts_with(&[0xEF, 0xBB, 0xBF]) {
        bytes.drain(..3);
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = u32::try_from(error.utf8_error().valid_up_to()).unwrap_or(u32::MAX);
        let bytes = error.into_bytes();
        let byte = bytes.get(at as usize).copied().unwrap_or(0);
        // What stands before the bad byte is sound, so its place is the same in the text that is shown.
        let shown = String::from_utf8_lossy(&bytes).into_owned();
        let file = sources.add(name.clone(), shown);
        let gbk = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(&bytes).is_some();
        let problem = Diagnostic::new("E601", Span::new(file, at, at.saturating_add(3))).variant("utf8");
        let problem = problem.arg("file", name).arg("byte", format_args!("{byte:02X}"));
        Box::new(problem.help(if gbk { "gbk" } else { "save" }))
    })
}

fn legacy(
    name: &Str,
    bytes: &[u8],
    encoding: &'static encoding_rs::Encoding,
    called: &str,
) -> Result<Str, Box<Diagnostic>> {
    let (text, faulty) = encoding.decode_with_bom_removal(bytes);
    if faulty {
        let problem = Diagnostic::nowhere("E601").variant("told").arg("file", name).arg("encoding", called);
        return Err(Box::new(problem.help("told")));
    }
    Ok(Str::from(text))
}
