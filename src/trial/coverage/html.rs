//! Coverage as one HTML page: a summary, then the text of each policy with a mark on every line that holds something to
//! exercise. Marks are signs as well as colours, and nothing is loaded from elsewhere.

use std::collections::BTreeMap;

use super::goal::GoalKind;
use super::lines::{Line, lines};
use super::tally::{Count, Coverage, PolicyCoverage};
use super::words::Teller;
use crate::base::{Lang, SourceMap, escaped};

const STYLE: &str = include_str!("page.css");

/// The page, in the reader's language.
#[must_use]
pub fn html(coverage: &Coverage<'_>, sources: &SourceMap, lang: Lang) -> String {
    let title = lang.pick("Coverage of the policies", "政策覆盖情况");
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n",
        lang.pick("en", "zh-CN")
    );
    page.push_str(&legend(lang));
    page.push_str(&summary(coverage, lang));
    page.push_str(&kinds(coverage, lang));
    for (place, policy) in coverage.policies.iter().enumerate() {
        page.push_str(&of_policy(policy, place, sources, lang));
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

/// What a line is marked with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    All,
    Some,
    None,
    Never,
}

impl Mark {
    fn of(policy: &PolicyCoverage<'_>, line: &Line) -> Mark {
        let reached = line.goals.iter().filter(|goal| policy.reached.has(**goal)).count();
        match (line.goals.len(), reached) {
            (0, _) => Mark::Never,
            (all, reached) if all == reached => Mark::All,
            (_, 0) => Mark::None,
            _ => Mark::Some,
        }
    }

    fn class(self) -> &'static str {
        match self {
            Mark::All => "all",
            Mark::Some => "some",
            Mark::None => "none",
            Mark::Never => "never",
        }
    }

    fn sign(self) -> &'static str {
        match self {
            Mark::All => "✓",
            Mark::Some => "◐",
            Mark::None => "✗",
            Mark::Never => "∅",
        }
    }

    fn words(self, lang: Lang) -> &'static str {
        match self {
            Mark::All => lang.pick("all of it exercised", "全部覆盖"),
            Mark::Some => lang.pick("a part of it exercised", "部分覆盖"),
            Mark::None => lang.pick("nothing of it exercised", "未覆盖"),
            Mark::Never => lang.pick("nobody can reach it", "无法覆盖"),
        }
    }
}

fn legend(lang: Lang) -> String {
    let marks = [Mark::All, Mark::Some, Mark::None, Mark::Never];
    let items = marks.iter().map(|mark| {
        format!("<li class=\"{}\"><b>{}</b> {}</li>", mark.class(), mark.sign(), mark.words(lang))
    });
    format!("<ul class=\"legend\">{}</ul>\n", items.collect::<String>())
}

fn head(first: &str, lang: Lang) -> String {
    format!(
        "<tr><th>{first}</th><th class=\"n\">{}</th><th class=\"n\">{}</th><th class=\"n\">%</th><th></th></tr>\n",
        lang.pick("reached", "已覆盖"),
        lang.pick("of", "共")
    )
}

fn row(first: &str, count: Count) -> String {
    let percent = count.percent();
    format!(
        "<tr><td>{first}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{percent}</td>\
         <td><span class=\"bar\"><i style=\"width:{percent}%\"></i></span></td></tr>\n",
        count.reached, count.of
    )
}

fn summary(coverage: &Coverage<'_>, lang: Lang) -> String {
    let mut table = format!("<table>\n{}", head(lang.pick("policy", "政策"), lang));
    for (place, policy) in coverage.policies.iter().enumerate() {
        let name = escaped(&format!("{} {}", policy.subject.name(), policy.subject.version()));
        table.push_str(&row(&format!("<a href=\"#p{place}\">{name}</a>"), policy.count(None)));
    }
    table.push_str(&row(lang.pick("all", "合计"), coverage.count()));
    table.push_str("</table>\n");
    table
}

fn kinds(coverage: &Coverage<'_>, lang: Lang) -> String {
    let mut table = format!("<table>\n{}", head(lang.pick("kind", "类别"), lang));
    for kind in GoalKind::ALL {
        let count = coverage.count_of(kind);
        if count.of > 0 {
            table.push_str(&row(kind.label(lang), count));
        }
    }
    table.push_str("</table>\n");
    table
}

fn of_policy(policy: &PolicyCoverage<'_>, place: usize, sources: &SourceMap, lang: Lang) -> String {
    let subject = policy.subject;
    let count = policy.count(None);
    let mut page = format!(
        "<section id=\"p{place}\">\n<h2>{} {}</h2>\n<p class=\"file\">{} — {} / {}, {} %</p>\n",
        escaped(subject.name()),
        escaped(subject.version()),
        escaped(&subject.file),
        count.reached,
        count.of,
        count.percent()
    );
    page.push_str(&gaps(policy, place, sources, lang));
    let teller = Teller::new(&subject.plan, lang);
    let mut all = lines(policy, sources);
    // A policy with nothing to exercise is shown all the same.
    let own = subject.plan.policies.last().map(|header| header.span.file);
    if let Some(own) = own {
        all.entry(own).or_default();
    }
    for (file, lines) in all {
        let Some(source) = sources.get(file) else { continue };
        page.push_str("<div class=\"source\">\n");
        for (number, text) in (1_usize..).zip(source.text().lines()) {
            page.push_str(&source_line(policy, &teller, (place, number, text), &lines, lang));
        }
        page.push_str("</div>\n");
    }
    page.push_str("</section>\n");
    page
}

/// The gaps of a policy, each with a link to its line.
fn gaps(policy: &PolicyCoverage<'_>, place: usize, sources: &SourceMap, lang: Lang) -> String {
    let teller = Teller::new(&policy.subject.plan, lang);
    let items: Vec<String> = policy
        .gaps()
        .map(|(_, goal)| {
            let line =
                sources.get(goal.span.file).map_or(0, |source| source.line_column(goal.span.start).line);
            format!("<li><a href=\"#p{place}l{line}\">{line}</a> {}</li>\n", escaped(&teller.gap(goal)))
        })
        .collect();
    if items.is_empty() {
        return String::new();
    }
    let what = lang.pick("not exercised", "未覆盖");
    format!(
        "<details><summary>{what}: {}</summary>\n<ul class=\"gaps\">\n{}</ul>\n</details>\n",
        items.len(),
        items.concat()
    )
}

fn source_line(
    policy: &PolicyCoverage<'_>,
    teller: &Teller<'_>,
    (place, number, text): (usize, usize, &str),
    lines: &BTreeMap<usize, Line>,
    lang: Lang,
) -> String {
    let text = escaped(text);
    let Some(line) = lines.get(&number) else {
        return format!(
            "<div class=\"l\"><span class=\"no\">{number}</span><span class=\"m\"></span><code>{text}</code></div>\n"
        );
    };
    let mark = Mark::of(policy, line);
    let goals = line.goals.iter().chain(&line.never).filter_map(|goal| {
        let it = policy.goals.get(*goal)?;
        let (class, sign, words) = match (teller.never(it), policy.reached.has(*goal)) {
            (Some(never), _) => (Mark::Never.class(), Mark::Never.sign(), never),
            (None, true) => (
                Mark::All.class(),
                Mark::All.sign(),
                format!("{} × {}", it.name.pick(lang), policy.times(*goal)),
            ),
            (None, false) => (Mark::None.class(), Mark::None.sign(), teller.gap(it)),
        };
        Some(format!("<li class=\"{class}\"><b>{sign}</b> {}</li>", escaped(&words)))
    });
    let goals: String = goals.collect();
    format!(
        "<details class=\"l {}\" id=\"p{place}l{number}\"><summary><span class=\"no\">{number}</span>\
         <span class=\"m\" title=\"{}\">{}</span><code>{text}</code></summary><ul>{goals}</ul></details>\n",
        mark.class(),
        mark.words(lang),
        mark.sign()
    )
}
