//! A `.md` file is a policy: its ```` ```gradus ```` blocks, read as one text. Every place points into the `.md`.

use crate::base::Str;

/// The program of a literate policy: the text with everything outside its `gradus` blocks blank, so that each byte of the
/// program stands where it stands in the text.
pub(super) fn program(text: &str) -> Str {
    let mut program = String::with_capacity(text.len());
    let mut fence: Option<(usize, bool)> = None;
    for line in text.split_inclusive('\n') {
        let mark = line.trim_start_matches(' ');
        let ticks = mark.len().saturating_sub(mark.trim_start_matches('`').len());
        let info = mark.trim_start_matches('`').trim();
        let is_fence = ticks >= 3 && line.len().saturating_sub(mark.len()) <= 3;
        let is_code = match fence {
            None if is_fence && !info.contains('`') => {
                fence = Some((ticks, info.split([' ', ',', '{']).next() == Some("gradus")));
                false
            }
            None => false,
            Some((opened, _)) if is_fence && ticks >= opened && info.is_empty() => {
                fence = None;
                false
            }
            Some((_, of_ours)) => of_ours,
        };
        if is_code {
            program.push_str(line);
        } else {
            program.extend(
                line.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { ' ' }),
            );
        }
    }
    Str::from(program)
}
