//! Policies inside Markdown.

use std::ops::Range;

/// The program of a literate policy: the text with blanks for all that stands outside its ` ```gradus ` blocks, byte for
/// byte as long, so that every place of the program is a place of the `.md` file.
#[must_use]
pub fn literate(markdown: &str) -> String {
    let blank = |text: &str, program: &mut String| {
        let bytes = text.bytes();
        program.extend(bytes.map(|byte| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { ' ' }));
    };
    let mut program = String::with_capacity(markdown.len());
    let mut at = 0;
    for block in blocks(markdown) {
        blank(markdown.get(at..block.start).unwrap_or(""), &mut program);
        program.push_str(markdown.get(block.clone()).unwrap_or(""));
        at = block.end;
    }
    blank(markdown.get(at..).unwrap_or(""), &mut program);
    program
}

/// The insides of the ` ```gradus ` blocks of a Markdown text, as bytes of it; `~~~gradus` opens one, too. A block that is fenced with more
/// signs, or in another language, hides what looks like a fence in it.
#[must_use]
pub fn blocks(markdown: &str) -> Vec<Range<usize>> {
    let mut blocks = Vec::new();
    // What opened a block; where its inside begins, if it is one of ours.
    let mut open: Option<(Fence<'_>, Option<usize>)> = None;
    let mut start = 0_usize;
    for line in markdown.split_inclusive('\n') {
        let end = start.saturating_add(line.len());
        let fence = Fence::of(line);
        match (&open, fence) {
            (None, Some(fence)) => {
                let language = fence.info.split([' ', ',', '{']).next().unwrap_or("");
                let inside = language.eq_ignore_ascii_case("gradus").then_some(end);
                open = Some((fence, inside));
            }
            (Some((opened, inside)), Some(fence)) if fence.closes(opened) => {
                blocks.extend(inside.map(|inside| inside..start));
                open = None;
            }
            (Some(_) | None, _) => {}
        }
        start = end;
    }
    // A block that nothing closes goes on to the end.
    blocks.extend(open.and_then(|(_, inside)| inside).map(|inside| inside..start));
    blocks
}

/// A line that opens or closes a block.
struct Fence<'t> {
    /// The ticks or tildes.
    signs: &'t str,
    /// What stands behind them: the language.
    info: &'t str,
}

impl<'t> Fence<'t> {
    /// The fence that a line is, however far a list has it indented.
    fn of(line: &'t str) -> Option<Fence<'t>> {
        let mark = line.trim_start_matches(' ');
        let sign = mark.chars().next().filter(|sign| matches!(sign, '`' | '~'))?;
        let info = mark.trim_start_matches(sign);
        let signs = mark.get(..mark.len().saturating_sub(info.len()))?;
        let is_fence = signs.len() >= 3 && !(sign == '`' && info.contains('`'));
        is_fence.then(|| Fence { signs, info: info.trim() })
    }

    fn closes(&self, opened: &Fence<'_>) -> bool {
        self.signs.starts_with(opened.signs) && self.info.is_empty()
    }
}
