//! The long page of each code: what is wrong, why it matters, what to do, with an example and its repair.

use crate::base::Lang;

/// The pages by code, as docs/diagnostics holds them.
const PAGES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// The page of a code in a language, as Markdown; `None` if there is no such page.
///
/// A page is English, a line `---`, Chinese. Its examples stand in the English half; a Chinese half without examples of its
/// own is given them.
#[must_use]
pub fn page(code: &str, lang: Lang) -> Option<String> {
    let (_, text) = PAGES.iter().find(|(known, _)| *known == code)?;
    let (english, chinese) = text.split_once("\n---\n").unwrap_or((text, ""));
    let title = english.lines().next().unwrap_or_default();
    let page = match lang {
        Lang::En => english.trim().to_owned(),
        Lang::Zh if chinese.trim().is_empty() => english.trim().to_owned(),
        Lang::Zh => {
            let mut page = String::new();
            if !chinese.trim_start().starts_with('#') {
                page.push_str(&format!("{title}\n\n"));
            }
            page.push_str(chinese.trim());
            if !chinese.contains("\n```") {
                for block in blocks(english) {
                    page.push_str(&format!("\n\n{block}"));
                }
            }
            page
        }
    };
    Some(page + "\n")
}

/// The blocks of code of a page, with their fences.
fn blocks(page: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut block: Option<String> = None;
    for line in page.lines() {
        match &mut block {
            None if line.starts_with("```") => block = Some(line.to_owned()),
            None => {}
            Some(text) => {
                text.push('\n');
                text.push_str(line);
                if line.starts_with("```") {
                    blocks.extend(block.take());
                }
            }
        }
    }
    blocks
}
