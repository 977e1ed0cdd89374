//! Changes as one page that loads nothing from elsewhere. Classes are words as well as colours.

use super::{places, summary, title};
use crate::base::{Lang, SourceMap, escaped};
use crate::review::diff::{Change, Diff, grouped, heading, reason, sentence};

const STYLE: &str = include_str!("page.css");

/// The page, in the reader's language.
#[must_use]
pub fn html(diff: &Diff, (was, is): (&str, &str), sources: &SourceMap, lang: Lang) -> String {
    let head = lang.pick("What changed in meaning", "含义的变化");
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{head}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{head}</h1>\n\
         <p class=\"sides\"><code>{}</code> → <code>{}</code></p>\n<p>{}</p>\n",
        lang.pick("en", "zh-CN"),
        escaped(was),
        escaped(is),
        escaped(&summary(diff, lang)),
    );
    for pair in diff.pairs.iter().filter(|pair| !pair.changes.is_empty()) {
        page.push_str(&format!("<h2>{}</h2>\n", escaped(&title(pair, lang))));
        if let (Some(was), Some(is)) = (&pair.was, &pair.is) {
            page.push_str(&format!(
                "<p class=\"digests\"><code>{}</code><br><code>{}</code></p>\n",
                escaped(&was.digest),
                escaped(&is.digest)
            ));
        }
        for (construct, changes) in grouped(&pair.changes) {
            page.push_str(&format!("<section>\n<h3>{}</h3>\n", escaped(&heading(construct, lang))));
            changes.into_iter().for_each(|change| page.push_str(&one(change, sources, lang)));
            page.push_str("</section>\n");
        }
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn one(change: &Change, sources: &SourceMap, lang: Lang) -> String {
    let said = |sign: &str, name: &str, told: &Option<crate::review::diff::Told>| {
        told.as_ref().map_or_else(String::new, |told| {
            format!("<div class=\"{name}\"><span>{sign}</span> <code>{}</code></div>\n", escaped(&told.text))
        })
    };
    format!(
        "<article class=\"{key}\">\n<p><b>{class}</b> {words}</p>\n{was}{is}<p class=\"why\">{why}<br>{places}</p>\n</article>\n",
        key = change.class.key(),
        class = change.class.word(lang),
        words = escaped(&sentence(change, lang)),
        was = said("−", "was", &change.was),
        is = said("+", "is", &change.is),
        why = escaped(&reason(change, lang)),
        places = escaped(&places(change, sources)),
    )
}
