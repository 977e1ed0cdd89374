//! Policies inside Markdown.

/// The program of a literate policy: the text with blanks for all that stands outside its ` ```gradus ` blocks, byte for
/// byte as long, so that every place of the program is a place of the `.md` file.
#[must_use]
pub fn literate(markdown: &str) -> String {
    let mut program = String::with_capacity(markdown.len());
    let mut inside = false;
    for line in markdown.split_inclusive('\n') {
        let fence = line.trim_end();
        let ends = inside && fence.trim_start().starts_with("```");
        if inside && !ends {
            program.push_str(line);
        } else {
            program.extend(line.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
        }
        inside = if inside { !ends } else { fence == "```gradus" };
    }
    program
}
