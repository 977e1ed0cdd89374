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

/// The insides of the ` ```gradus ` blocks of a Markdown text, as bytes of it. A block that is fenced with more ticks, or in another
/// language, hides what looks like a fence in it.
#[must_use]
pub fn blocks(markdown: &str) -> Vec<Range<usize>> {
    let mut blocks = Vec::new();
    // The ticks that opened a block; where its inside begins, if it is one of ours.
    let mut fence: Option<(usize, Option<usize>)> = None;
    let mut start = 0_usize;
    for line in markdown.split_inclusive('\n') {
        let end = start.saturating_add(line.len());
        let mark = line.trim_start_matches(' ');
        let ticks = mark.len().saturating_sub(mark.trim_start_matches('`').len());
        let info = mark.trim_start_matches('`').trim();
        let is_fence = ticks >= 3 && line.len().saturating_sub(mark.len()) <= 3;
        match fence {
            None if is_fence && !info.contains('`') => {
                let is_ours = info.split([' ', ',', '{']).next() == Some("gradus");
                fence = Some((ticks, is_ours.then_some(end)));
            }
            Some((opened, inside)) if is_fence && ticks >= opened && info.is_empty() => {
                blocks.extend(inside.map(|inside| inside..start));
                fence = None;
            }
            Some(_) | None => {}
        }
        start = end;
    }
    // A block that nothing closes goes on to the end.
    blocks.extend(fence.and_then(|(_, inside)| inside).map(|inside| inside..start));
    blocks
}
