//! The words of a script: its text without comments and layout.

/// The text of a script, one blank wherever blanks, line ends or comments stand. A text that runs over lines or shows values
/// can hold what looks like a comment: a script that has one stays as it is written.
pub(super) fn words(source: &str) -> String {
    if source.contains('`') || source.contains("#\"") || source.contains("##") {
        return source.replace("\r\n", "\n");
    }
    let (mut out, mut rest) = (String::new(), source);
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' | '\'' => quoted(rest, first),
            '/' if rest.starts_with("//") => {
                rest = rest.split_once('\n').map_or("", |(_, behind)| behind);
                blank(&mut out);
                continue;
            }
            '/' if rest.starts_with("/*") => {
                rest = behind_comment(rest);
                blank(&mut out);
                continue;
            }
            _ if first.is_whitespace() => {
                rest = rest.trim_start();
                blank(&mut out);
                continue;
            }
            _ => first.len_utf8(),
        };
        let (taken, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
        out.push_str(taken);
        rest = behind;
    }
    out.trim_end().to_owned()
}

fn blank(out: &mut String) {
    if !out.is_empty() && !out.ends_with(' ') {
        out.push(' ');
    }
}

/// The bytes of a text in quotes, the quotes included; all of the rest where it is not closed.
fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (place, ch) in rest.char_indices().skip(1) {
        match ch {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if ch == quote => return place.saturating_add(1),
            _ => {}
        }
    }
    rest.len()
}

/// What stands behind a comment that a script opens with `/*`. Such comments nest.
fn behind_comment(mut rest: &str) -> &str {
    let mut depth = 0_usize;
    while !rest.is_empty() {
        if let Some(inside) = rest.strip_prefix("/*") {
            (depth, rest) = (depth.saturating_add(1), inside);
        } else if let Some(outside) = rest.strip_prefix("*/") {
            (depth, rest) = (depth.saturating_sub(1), outside);
            if depth == 0 {
                return rest;
            }
        } else {
            let mut chars = rest.chars();
            chars.next();
            rest = chars.as_str();
        }
    }
    rest
}

#[cfg(test)]
mod tests;
