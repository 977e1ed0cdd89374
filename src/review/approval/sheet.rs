//! The change sheet: what somebody without a key signs on paper.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::change::{Against, Class, words};
use super::people::Rulebook;
use super::standing::Subject;
use crate::base::{Lang, Str, escaped};
use crate::plan::digest;
use crate::value::Date;

/// How a sheet is laid out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Layout {
    /// For a terminal and a printer of lines.
    Plain,
    /// Markdown.
    Markdown,
    /// One page of HTML, for the printer.
    Html,
}

/// What a sheet tells.
pub struct Sheet<'a> {
    /// What is to be approved.
    pub subject: &'a Subject,
    /// From when it applies.
    pub from: Option<Date>,
    /// Who wrote it.
    pub authors: &'a [Str],
    /// What changes, in words, each with its class where it has one.
    pub changes: &'a [(Option<Class>, String)],
    /// What it takes.
    pub book: &'a Rulebook,
}

/// The check number of a sheet: short enough to be copied by hand, and another one as soon as anything else is to be approved.
#[must_use]
pub fn number(subject: &Subject) -> Str {
    let classes: Vec<&str> = subject.change.classes.iter().map(|class| class.key()).collect();
    let Subject { policy, version, digest, change, .. } = subject;
    let whole = format!("{policy}\n{version}\n{digest}\n{}\n{}", change.against, classes.join(","));
    let hash = digest::of_text(&whole);
    let mut digits = hash.trim_start_matches("sha256:").chars();
    let four: String = digits.by_ref().take(4).collect();
    let more: String = digits.take(4).collect();
    Str::from(format!("{four}-{more}"))
}

/// A digest in groups of four, four to a line, as it is read aloud.
fn groups(digest: &str) -> Vec<String> {
    let digits: Vec<char> = digest.trim_start_matches("sha256:").chars().collect();
    let fours: Vec<String> = digits.chunks(4).map(|four| four.iter().collect()).collect();
    fours.chunks(4).map(|line| line.join(" ")).collect()
}

/// The sheet.
#[must_use]
pub fn sheet(of: &Sheet<'_>, layout: Layout, lang: Lang) -> String {
    let (title, rows) = head(of, lang);
    let lines = groups(&of.subject.digest);
    match layout {
        Layout::Plain => plain(of, &title, &rows, &lines, lang),
        Layout::Markdown => markdown(of, &title, &rows, &lines, lang),
        Layout::Html => html(of, &title, &rows, &lines, lang),
    }
}

/// The title, and what stands above the changes.
fn head(of: &Sheet<'_>, lang: Lang) -> (String, Vec<(&'static str, String)>) {
    let Subject { policy, version, change, .. } = of.subject;
    let title = format!("{} {policy} {version}", lang.pick("Change sheet:", "变更审批单："));
    let against = match &change.against {
        Against::Nothing => lang.pick("nothing: the first version", "无：首个版本").to_owned(),
        Against::Version { version, digest } => {
            let short: String = digest.trim_start_matches("sha256:").chars().take(16).collect();
            format!("{version} ({}…)", groups(&short).concat())
        }
    };
    let mut rows = Vec::new();
    if let Some(from) = of.from {
        rows.push((lang.pick("applies from", "生效日期"), from.to_string()));
    }
    rows.push((lang.pick("compared with", "对照版本"), against));
    rows.push((lang.pick("class", "变更类别"), words(&change.classes, lang)));
    let authors = of.authors.iter().map(|name| &**name).collect::<Vec<_>>();
    let authors = if authors.is_empty() { "_".repeat(18) } else { authors.join(lang.pick(", ", "、")) };
    rows.push((lang.pick("written by", "起草人"), authors));
    // Classes that take the same are told of once.
    let mut takings: Vec<(String, BTreeSet<Class>)> = Vec::new();
    for class in &change.classes {
        let rule = of.book.rule(*class);
        let roles = rule.roles.join(lang.pick(" or ", "或"));
        let mut takes = match (rule.needed, lang) {
            (1, Lang::En) => String::from("1 person"),
            (needed, Lang::En) => format!("{needed} persons"),
            (needed, Lang::Zh) => format!("{needed} 人"),
        };
        if !roles.is_empty() {
            takes.push_str(&format!(" ({roles})"));
        }
        if !rule.each.is_empty() {
            takes.push_str(lang.pick(", among them ", "，其中须有 "));
            takes.push_str(&rule.each.join(lang.pick(" and ", "、")));
        }
        match takings.iter_mut().find(|(known, _)| *known == takes) {
            Some((_, classes)) => drop(classes.insert(*class)),
            None => takings.push((takes, BTreeSet::from([*class]))),
        }
    }
    rows.extend(takings.into_iter().map(|(takes, classes)| {
        let label = format!("{}{}{takes}", words(&classes, lang), lang.pick(": ", "："));
        (lang.pick("it takes", "审批要求"), label)
    }));
    rows.push((lang.pick("check number", "核对号"), number(of.subject).to_string()));
    (title, rows)
}

fn changed(of: &Sheet<'_>, lang: Lang) -> Vec<String> {
    let told = of.changes.iter().map(|(class, text)| match class {
        Some(class) => format!("{text} [{}]", class.word(lang)),
        None => text.clone(),
    });
    let told: Vec<String> = told.collect();
    if told.is_empty() {
        return vec![lang.pick("all of it is new", "全部为新增").to_owned()];
    }
    told
}

const LINES: usize = 3;

fn columns(lang: Lang) -> [&'static str; 4] {
    lang.pick(["name", "role", "day", "signature"], ["姓名", "职务", "日期", "签字"])
}

fn promise(lang: Lang) -> &'static str {
    lang.pick(
        "I have read the changes above and approve the version with this digest, and no other.",
        "本人已阅上述变更，批准摘要如上的版本，仅此一版。",
    )
}

fn register(of: &Sheet<'_>, lang: Lang) -> String {
    let (name, number) = (of.subject.name(), number(of.subject));
    match lang {
        Lang::En => format!(
            "To register: gradus approve {name} --paper --sheet-number {number} --by NAME --role ROLE --on DAY --reason TEXT"
        ),
        Lang::Zh => format!(
            "登记：gradus approve {name} --paper --sheet-number {number} --by 姓名 --role 职务 --on 日期 --reason 理由"
        ),
    }
}

fn plain(of: &Sheet<'_>, title: &str, rows: &[(&str, String)], digest: &[String], lang: Lang) -> String {
    use unicode_width::UnicodeWidthStr as _;
    let digest_word = lang.pick("digest", "摘要");
    let wide = rows.iter().map(|(label, _)| label.width()).max().unwrap_or(0).saturating_add(2);
    let padded = |label: &str| format!("{label}{}", " ".repeat(wide.saturating_sub(label.width())));
    let mut text = format!("{title}\n\n");
    for (label, value) in rows {
        let _ = writeln!(text, "{}{value}", padded(label));
    }
    for (place, line) in digest.iter().enumerate() {
        let _ = writeln!(text, "{}{line}", padded(if place == 0 { digest_word } else { "" }));
    }
    let _ = writeln!(text, "\n{}", lang.pick("What changes", "变更内容"));
    for (place, line) in changed(of, lang).iter().enumerate() {
        let _ = writeln!(text, "{:>4}. {line}", place.saturating_add(1));
    }
    let _ = writeln!(text, "\n{}\n", promise(lang));
    for column in columns(lang) {
        let _ = write!(text, "{column}{}", " ".repeat(20usize.saturating_sub(column.width())));
    }
    text = text.trim_end().to_owned();
    for _ in 0..LINES {
        text.push_str("\n\n");
        text.push_str(&["_".repeat(18), "_".repeat(18), "_".repeat(18), "_".repeat(18)].join("  "));
    }
    let _ = write!(text, "\n\n{}\n", register(of, lang));
    text
}

fn markdown(of: &Sheet<'_>, title: &str, rows: &[(&str, String)], digest: &[String], lang: Lang) -> String {
    let cell = |text: &str| text.replace('|', "\\|");
    let mut text = format!("# {}\n\n| | |\n|---|---|\n", cell(title));
    for (label, value) in rows {
        let _ = writeln!(text, "| {label} | {} |", cell(value));
    }
    let lines: Vec<String> = digest.iter().map(|line| format!("`{line}`")).collect();
    let _ = writeln!(text, "| {} | {} |", lang.pick("digest", "摘要"), lines.join("<br>"));
    let _ = writeln!(text, "\n## {}\n", lang.pick("What changes", "变更内容"));
    for (place, line) in changed(of, lang).iter().enumerate() {
        let _ = writeln!(text, "{}. {line}", place.saturating_add(1));
    }
    let _ = writeln!(text, "\n{}\n", promise(lang));
    let _ = writeln!(text, "| {} |\n|---|---|---|---|", columns(lang).join(" | "));
    for _ in 0..LINES {
        let _ = writeln!(text, "| &nbsp; | | | |");
    }
    let _ = writeln!(text, "\n`{}`", register(of, lang));
    text
}

fn html(of: &Sheet<'_>, title: &str, rows: &[(&str, String)], digest: &[String], lang: Lang) -> String {
    let mut body = format!("<h1>{}</h1>\n<table class=\"head\">\n", escaped(title));
    for (label, value) in rows {
        let _ = writeln!(body, "<tr><th>{label}</th><td>{}</td></tr>", escaped(value));
    }
    let _ = writeln!(
        body,
        "<tr><th>{}</th><td><code>{}</code></td></tr>\n</table>",
        lang.pick("digest", "摘要"),
        digest.join("<br>")
    );
    let _ = writeln!(body, "<h2>{}</h2>\n<ol>", lang.pick("What changes", "变更内容"));
    for line in changed(of, lang) {
        let _ = writeln!(body, "<li>{}</li>", escaped(&line));
    }
    let _ = writeln!(body, "</ol>\n<p>{}</p>\n<table class=\"sign\">\n<tr>", promise(lang));
    for column in columns(lang) {
        let _ = write!(body, "<th>{column}</th>");
    }
    body.push_str("</tr>\n");
    for _ in 0..LINES {
        body.push_str("<tr><td></td><td></td><td></td><td></td></tr>\n");
    }
    let _ = writeln!(body, "</table>\n<p class=\"how\">{}</p>", escaped(&register(of, lang)));
    let language = lang.pick("en", "zh");
    format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<meta charset=\"utf-8\">\n<title>{}</title>\n<style>\n{STYLE}</style>\n{body}</html>\n",
        escaped(title)
    )
}

/// On paper of A4 or Letter, black on white.
const STYLE: &str = "\
@page { margin: 20mm }
body { font: 11pt/1.5 \"Noto Sans\", \"Noto Sans CJK SC\", \"Microsoft YaHei\", \"PingFang SC\", sans-serif; max-width: 45em; margin: 2em auto; color: #000 }
h1 { font-size: 16pt } h2 { font-size: 12pt }
table { border-collapse: collapse; width: 100% }
.head th { text-align: left; width: 9em; vertical-align: top; font-weight: normal; color: #555 }
code { font: 13pt/1.4 \"Noto Sans Mono\", Consolas, monospace }
.sign th, .sign td { border: 1px solid #000; padding: 4pt; text-align: left }
.sign td { height: 14mm }
.how { font-size: 8pt; color: #555; word-break: break-all }
li, tr { break-inside: avoid }
";
