//! The digest is a hash of the meaning: how a policy is written does not change it, what it says does.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};

use gradus::base::{FileId, Lang, SourceMap, Str};
use gradus::diag::{Diagnostic, render};
use gradus::engine::{build, build_undigested};
use gradus::fmt::format;
use gradus::plan::{Plan, digested};
use gradus::store::{Memory, Roots, RulesFolder, Settings, load, shown};
use gradus::syntax::keywords::keyword;
use gradus::syntax::{Node, concrete, parse};
use gradus::trial::mutants::{Edit, Ground};
use gradus::trial::{Asked, Suite, Wanted};
use gradus::value::Date;

use crate::corpus::{files, folder, root};
use crate::mutants::no_limits;

/// Numbers that look like chance and are the same in each run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound.max(1)
    }

    fn shuffle<T>(&mut self, things: &mut [T]) {
        for place in (1..things.len()).rev() {
            things.swap(place, self.below(place + 1));
        }
    }
}

/// A rewriting of a policy that means the same.
type Rewrite = fn(&str, &mut Chance) -> String;

/// In the order in which they are put one on the other.
const REWRITES: [(&str, Rewrite); 5] = [
    ("the order of independent items", order),
    ("labels", labels),
    ("the language of keywords", keywords),
    ("comments", comments),
    ("layout", layout),
];

fn items(text: &str) -> Vec<Node> {
    let items = concrete(FileId(0), text);
    assert!(!items.is_empty(), "{text}");
    items
}

/// Puts texts in the place of stretches that do not overlap.
fn replaced(text: &str, mut edits: Vec<(Range<usize>, String)>) -> String {
    edits.sort_by_key(|(range, _)| range.start);
    let mut out = text.to_owned();
    for (range, put) in edits.into_iter().rev() {
        out.replace_range(range, &put);
    }
    out
}

/// Blanks at the beginnings of lines and between words, blank lines, and line ends of Windows.
fn layout(text: &str, chance: &mut Chance) -> String {
    let ends = if chance.below(2) == 0 { "\n" } else { "\r\n" };
    let mut out = String::new();
    for line in text.lines() {
        out.push_str(&" ".repeat(chance.below(9)));
        let (mut quote, mut escaped) = (None, false);
        for ch in line.trim().chars() {
            match (quote, ch) {
                (None, '"') => quote = Some('"'),
                (None, '“') => quote = Some('”'),
                (None, '「') => quote = Some('」'),
                // What stands behind is a comment, and so left as it is.
                (None, '#') => quote = Some('\n'),
                (Some(end), _) if ch == end && !escaped => quote = None,
                _ => {}
            }
            escaped = ch == '\\' && !escaped;
            match (quote, ch) {
                (None, ' ') => out.push_str(["  ", " ", "\t"][chance.below(3)]),
                _ => out.push(ch),
            }
        }
        out.push_str(&" ".repeat(chance.below(3)));
        out.push_str(&ends.repeat(1 + chance.below(3)));
    }
    out
}

/// Comments behind lines and on lines of their own; those that were there are gone.
fn comments(text: &str, chance: &mut Chance) -> String {
    let gone = parse(FileId(0), &Str::from(text)).trivia.into_iter();
    let gone = gone.filter(|it| text[it.span.range()].starts_with('#'));
    let text = replaced(text, gone.map(|it| (it.span.range(), String::new())).collect());
    let mut out = String::new();
    for line in text.lines() {
        out.push_str(line);
        if chance.below(3) == 0 {
            out.push_str("  # 依据 2026 年第 3 次信贷委员会决议 \"{[");
        }
        out.push('\n');
        if chance.below(5) == 0 {
            out.push_str("# A comment of its own.\n");
        }
    }
    out
}

fn walk<'n>(nodes: &'n [Node], above: Option<&'n Node>, each: &mut impl FnMut(&'n Node, Option<&'n Node>)) {
    for node in nodes {
        each(node, above);
        walk(&node.children, Some(node), each);
    }
}

/// Other labels. What a person is asked is no label, though it is written as one; those of a reference name the columns of its file.
/// Cases may quote labels, and are left out.
fn labels(text: &str, _: &mut Chance) -> String {
    let cases = items(text).into_iter().filter(|item| item.rule == "case");
    let text = replaced(text, cases.map(|item| (item.span.range(), String::new())).collect());
    let (mut tree, mut edits) = (items(&text), Vec::new());
    tree.retain(|item| item.rule != "reference");
    walk(&tree, None, &mut |node, above| {
        let asked = above.is_some_and(|above| {
            let place = above.children.iter().position(|child| std::ptr::eq(child, node)).unwrap();
            above.rule == "refer" || place > 0 && above.children[place - 1].rule == "kw_asks"
        });
        if node.rule == "label" && !asked {
            let number = edits.len();
            edits.push((node.span.range(), format!("zh \"标签{number}\" en \"label {number}\"")));
        }
    });
    replaced(&text, edits)
}

/// The keywords in the language in which most of them are not.
fn keywords(text: &str, _: &mut Chance) -> String {
    let (english, chinese) = said(text);
    let other = if english > chinese { Lang::Zh } else { Lang::En };
    format(text, Some(other)).unwrap_or_else(|broken| panic!("{broken:?}: {text}")).text
}

/// How many keywords stand in English and in Chinese, of those that both have.
fn said(text: &str) -> (usize, usize) {
    let (mut english, mut chinese) = (0, 0);
    walk(&items(text), None, &mut |node, _| {
        let both = node.rule.strip_prefix("kw_").and_then(keyword);
        if both.is_some_and(|word| !word.en.is_empty() && !word.zh.is_empty()) {
            let is_english = text[node.span.range()].is_ascii();
            english += usize::from(is_english);
            chinese += usize::from(!is_english);
        }
    });
    (english, chinese)
}

/// Items in another order, those of each item, the facts of a block, the fields of records.
fn order(text: &str, chance: &mut Chance) -> String {
    let mut out = text.to_owned();
    for (block, part) in [("records", "fact"), ("facts", "fact"), ("for_each", ""), ("", "")] {
        let tree = items(&out);
        let mut edits = Vec::new();
        let mut put = |parts: Vec<&Node>| {
            let ranges: Vec<Range<usize>> = parts.iter().map(|part| part.span.range()).collect();
            let mut texts: Vec<String> = ranges.iter().map(|range| out[range.clone()].to_owned()).collect();
            chance.shuffle(&mut texts);
            edits.extend(ranges.into_iter().zip(texts));
        };
        if block.is_empty() {
            put(tree.iter().collect());
        }
        walk(&tree, None, &mut |node, _| {
            if node.rule == block && !block.is_empty() {
                let is_part =
                    |child: &&Node| if part.is_empty() { child.rule == "item" } else { child.rule == part };
                put(node.children.iter().filter(is_part).collect());
            }
        });
        out = replaced(&out, edits);
    }
    out
}

/// The policy at a place of the folder with another text, in a file of another name.
fn rewritten(
    folder: &RulesFolder,
    place: usize,
    text: &str,
    sources: &mut SourceMap,
) -> Result<Plan, Vec<Diagnostic>> {
    let mut folder = folder.clone();
    let file = &mut folder.files[place];
    let (was, text) = (file.file, Str::from(text));
    let id = sources.add("elsewhere/另存.gradus", text.clone());
    let parsed = parse(id, &text);
    file.path = PathBuf::from("elsewhere/另存.gradus");
    (file.file, file.program, file.tree, file.trivia) = (id, text, parsed.file, parsed.trivia);
    file.diagnostics = parsed.diagnostics;
    folder.scripts.iter_mut().filter(|it| it.policy == was).for_each(|it| it.policy = id);
    folder.references.iter_mut().filter(|it| it.policy == was).for_each(|it| it.policy = id);
    let built = build(&folder, place, sources);
    built.plan.ok_or(built.diagnostics)
}

/// Holds every rewriting of the policies of a folder to their digests: all at once, and where that changes something, each alone.
fn hold(folder: &RulesFolder, held: impl Fn(&str) -> bool, sources: &mut SourceMap) -> (usize, Vec<String>) {
    let (mut count, mut wrong) = (0, Vec::new());
    for place in 0..folder.files.len() {
        let name = shown(&folder.files[place].path);
        if !held(&name) {
            continue;
        }
        let Some(plan) = build(folder, place, sources).plan else { continue };
        let (digest, text) = (plan.digest, folder.files[place].program.clone());
        let bare = build_undigested(folder, place, sources);
        let made_up = bare.plan.map(|plan| digested(&plan, &bare.calendars).digest.clone());
        if made_up.as_ref() != Some(&digest) {
            wrong.push(format!("{name}: the digest that a plan is given later is another"));
        }
        let mut chance = Chance(u64::try_from(text.len()).unwrap());
        let together =
            REWRITES.iter().fold(text.to_string(), |text, (_, rewrite)| rewrite(&text, &mut chance));
        count += 1;
        if rewritten(folder, place, &together, sources).is_ok_and(|plan| plan.digest == digest) {
            continue;
        }
        wrong.push(format!("{name}: all rewritings together change the digest"));
        for (what, rewrite) in REWRITES {
            let other = rewrite(&text, &mut chance);
            match rewritten(folder, place, &other, sources) {
                Ok(plan) if plan.digest == digest => {}
                Ok(_) => wrong.push(format!("{name}: {what} changes the digest")),
                Err(why) => {
                    let why = render::concise(&why, sources, Lang::En);
                    wrong.push(format!("{name}: {what} makes it unreadable: {why}\n{other}"));
                }
            }
        }
    }
    (count, wrong)
}

fn world(files: impl IntoIterator<Item = (String, String)>) -> Memory {
    let empty = Memory::new(Date::from_ymd(2026, 10, 18).unwrap());
    files.into_iter().fold(empty, |world, (path, text)| world.with(path, text))
}

fn loaded(world: &Memory, path: &str, sources: &mut SourceMap) -> RulesFolder {
    let settings = Settings::default();
    load(world, &Roots::new(world, &settings, &[PathBuf::from(path)]), &settings, sources)
}

/// Files below a folder, by their paths from there.
fn below(folder: &Path) -> Vec<(String, String)> {
    let read = |path: PathBuf| {
        let name = shown(path.strip_prefix(folder).unwrap());
        (name, std::fs::read_to_string(path).unwrap())
    };
    files(folder, "").into_iter().map(read).collect()
}

/// Policies of the library, each with constructs that the others do not have.
const SAMPLE: [&str; 12] = [
    "approval/approval_authority",
    "customers/客户投诉处理",
    "files/customer_files",
    "limits/debt_security",
    "limits/group_limits",
    "rating/agency_grades",
    "rating/five_c",
    "receivables/late_interest",
    "release/order_release",
    "terms/new_customers",
    "terms/risk_classes",
    "terms/信用政策松紧",
];

#[test]
fn how_a_policy_is_written_does_not_change_its_digest() {
    let mut sources = SourceMap::new();
    let library =
        world(below(&root().join("rules")).into_iter().map(|(path, text)| (format!("rules/{path}"), text)));
    let library = loaded(&library, "rules", &mut sources);
    let sampled = |name: &str| SAMPLE.iter().any(|path| name == format!("rules/{path}.gradus"));
    let (held, mut wrong) = hold(&library, sampled, &mut sources);
    assert_eq!(held, SAMPLE.len());
    let alone = files(&folder("pipeline"), ".gradus").into_iter().chain(files(&folder("plan/ok"), ".gradus"));
    let alone = alone.map(|path| vec![(String::from("a.gradus"), std::fs::read_to_string(path).unwrap())]);
    let tour = below(&root().join("examples/tour"));
    let (mut held, mut known) = (0, BTreeSet::new());
    for files in alone.chain([tour]) {
        known.extend(files.iter().flat_map(|(_, text)| concrete(FileId(0), text)).map(|item| item.rule));
        let mut sources = SourceMap::new();
        let folder = loaded(&world(files), ".", &mut sources);
        let (count, found) = hold(&folder, |_| true, &mut sources);
        held += count;
        wrong.extend(found);
    }
    assert!(held > 30 && known.len() > 25, "{held} {known:?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_rewritings_do_rewrite() {
    let text = std::fs::read_to_string(root().join("rules/release/order_release.gradus")).unwrap();
    let mut chance = Chance(7);
    for (what, rewrite) in REWRITES {
        assert_ne!(rewrite(&text, &mut chance), text, "{what}");
    }
    let (before, _) = said(&text);
    let (left, now) = said(&keywords(&text, &mut chance));
    assert!(left * 20 < before && now * 20 > before * 19, "of {before} words {left} stay");
}

/// Every slip of the pen that mutants make in these policies changes the digest; of the longer ones, some of each kind.
#[test]
fn what_a_policy_says_changes_its_digest() {
    const OF_A_KIND: usize = 4;
    let read = |name: &str| {
        vec![(String::from("a.gradus"), std::fs::read_to_string(folder("pipeline").join(name)).unwrap())]
    };
    let alone = [
        "totals.gradus",
        "ladder.gradus",
        "danger_signs.gradus",
        "order_checks.gradus",
        "papers_file.gradus",
        "book_policy.gradus",
    ];
    let tour =
        below(&root().join("examples/tour")).into_iter().filter(|(path, _)| !path.contains(".zh.")).collect();
    let (mut made, mut seen, mut same) = (0, BTreeSet::new(), Vec::new());
    for files in alone.map(read).into_iter().chain([tour]) {
        let mut sources = SourceMap::new();
        let asked = Asked { paths: vec![".".into()], jobs: Some(1), ..Asked::default() };
        let suite = Suite::open(&world(files), &Settings::default(), &asked, None, &mut sources).unwrap();
        let mut scratch = sources.clone();
        let limits = no_limits();
        for subject in &suite.subjects {
            let text = suite.folder.files[subject.place].program.clone();
            let mut mutations = Ground::new(&suite, subject, &Wanted::default(), &sources, &limits).mutations;
            mutations.retain(|it| matches!(it.edit, Edit::Text(_)));
            let mut chance = Chance(u64::try_from(text.len()).unwrap());
            chance.shuffle(&mut mutations);
            let mut tried: Vec<&'static str> = Vec::new();
            for mutation in &mutations {
                if tried.iter().filter(|kind| **kind == mutation.change.name()).count() >= OF_A_KIND {
                    continue;
                }
                let other = mutation.applied(&text);
                let Ok(plan) = rewritten(&suite.folder, subject.place, &other, &mut scratch) else {
                    continue;
                };
                made += 1;
                seen.insert(mutation.change);
                tried.push(mutation.change.name());
                // A policy in which nothing is rounded may say of its header how that is done.
                let unused = &*mutation.old == "half_up"
                    && gradus::plan::text(&plan) == gradus::plan::text(&subject.plan);
                if plan.digest == subject.plan.digest && !unused {
                    let (old, new, place) = (&mutation.old, &mutation.new, &mutation.place);
                    same.push(format!(
                        "{}: {:?} {:?} {old} -> {new}",
                        subject.name(),
                        place.construct,
                        place.member
                    ));
                }
            }
        }
    }
    assert!(made > 150 && seen.len() >= 12, "{made} {seen:?}");
    assert!(same.is_empty(), "{made} made, {}", same.join("\n"));
}

/// The digest of the tour of all constructs after edits of its files: the file, what stood there, what stands there now.
fn edited(edits: &[(&str, &str, &str)]) -> Str {
    let mut files = below(&root().join("examples/tour"));
    files.retain(|(path, _)| !path.contains(".zh."));
    for (path, was, is) in edits {
        let (_, text) = files.iter_mut().find(|(name, _)| name.ends_with(path)).unwrap();
        let (plain, was) = (tight(text), tight(was));
        assert_eq!(plain.matches(&was).count(), 1, "{path}: {was}");
        *text = plain.replace(&was, is);
    }
    digest_of(files)
}

/// A text without its columns: one blank where several stood, so that an edit is found however the file is laid out.
fn tight(text: &str) -> String {
    let mut tight = String::new();
    for ch in text.chars() {
        if ch != ' ' || !tight.ends_with([' ', '\n']) {
            tight.push(ch);
        }
    }
    tight
}

fn digest_of(files: Vec<(String, String)>) -> Str {
    let mut sources = SourceMap::new();
    let folder = loaded(&world(files), ".", &mut sources);
    let place = folder.files.iter().position(|it| it.program.contains("policy every_construct")).unwrap();
    let built = build(&folder, place, &sources);
    let why = render::concise(&built.diagnostics, &sources, Lang::En);
    built.plan.unwrap_or_else(|| panic!("{why}")).digest
}

const POLICY: &str = "constructs.en.gradus";
const USED: &str = "working_capital.en.gradus";
const CALENDAR: &str = "five_days.toml";
const RATES: &str = "rates.csv";
const SCRIPT: &str = "seasonality.rhai";

#[test]
fn files_beside_a_policy_count_by_what_they_say() {
    let as_it_is = edited(&[]);
    for (file, was, is) in [
        (CALENDAR, "2026-10-07", "2026-10-08"),
        (CALENDAR, "until   = 2026-12-31", "until   = 2027-12-31"),
        (CALENDAR, "\"sunday\"]", "\"friday\"]"),
        (RATES, "7.1", "7.11"),
        (RATES, "2026-11-13", "2026-11-12"),
        (RATES, "7.2\n", "7.2\nEUR/CNY,2026-11-13,8.2\n"),
        (SCRIPT, "* 12", "* 11"),
        (SCRIPT, "sales[11]", "sales[10]"),
        (USED, "to 4 decimals", "to 3 decimals"),
        (USED, "current_assets / current_liabilities", "current_liabilities / current_assets"),
        (POLICY, "latest within 7 days", "latest within 6 days"),
        (POLICY, "0%..1_000% }", "0%..999% }"),
    ] {
        assert_ne!(edited(&[(file, was, is)]), as_it_is, "{file}: {was}");
    }
    for edits in [
        vec![(CALENDAR, "five days a week", "五天工作制")],
        vec![(CALENDAR, "国庆节", "National Day")],
        // A Saturday is a day off, holiday or not.
        vec![(CALENDAR, "[ { from", "[ 2026-10-10, { from")],
        vec![
            (CALENDAR, "from    = 2026-01-01\n", "# the first day\n"),
            (CALENDAR, "until   =", "from = 2026-01-01\nuntil ="),
        ],
        vec![
            (
                RATES,
                "币种对,日,汇率\nUSD/CNY,2026-10-30,7.1\n",
                "pair,note,rate,day\r\n\"USD/CNY\",\"noon, CFETS\",7.10,2026-10-30\r\n",
            ),
            (RATES, "USD/CNY,2026-11-13,7.2\n", "USD/CNY,,7.2,2026-11-13\r\n"),
        ],
        vec![(
            RATES,
            "USD/CNY,2026-10-30,7.1\nUSD/CNY,2026-11-13,7.2\n",
            "USD/CNY,2026-11-13,7.2\nUSD/CNY,2026-10-30,7.1\n",
        )],
        vec![
            (SCRIPT, "// The last month against the mean of the year.\n", "/* 最后一个月比全年平均 */\n\n"),
            (SCRIPT, "let sum = 0;\n", "  let   sum = 0; // of money\n"),
        ],
        vec![(USED, "流动资产", "current assets"), (USED, "营运资金", "working capital")],
    ] {
        assert_eq!(edited(&edits), as_it_is, "{edits:?}");
    }
}

#[test]
fn files_may_have_other_names_and_places() {
    let mut files = below(&root().join("examples/tour"));
    files.retain(|(path, _)| !path.contains(".zh."));
    let as_it_is = digest_of(files.clone());
    for (path, text) in &mut files {
        *path = match path.as_str() {
            POLICY => "south/每种构造.gradus".into(),
            USED => "shared/current.gradus".into(),
            RATES => "data/fx.csv".into(),
            SCRIPT => "south/share.rhai".into(),
            _ => "calendars/office.toml".into(),
        };
        *text = text
            .replace("\"rates.csv\"", "\"../data/fx.csv\"")
            .replace("\"seasonality.rhai\"", "\"share.rhai\"");
        *text = text.replace("\"five_days\"", "\"office\"");
    }
    assert_eq!(digest_of(files), as_it_is);
}

#[test]
fn parameters_reasons_and_citations_change_the_digest() {
    let as_it_is = edited(&[]);
    let mut digests = BTreeSet::from([as_it_is.clone()]);
    for (was, is) in [
        ("version        \"2026.1\"\n  effective", "version        \"2026.2\"\n  effective"),
        ("until 2026-12-31\n  currency", "until 2026-12-30\n  currency"),
        ("2026-12-31\n  currency", "2026-12-31\n  known from 2025-12-01\n  currency"),
        ("currency        CNY", "currency        EUR"),
        ("= 30 days\nparam base_rate", "= 31 days\nparam base_rate"),
        ("days 0..180", "days 0..181"),
        ("from 2026-01-01 : 3%", "from 2026-01-01 : 3.1%"),
        ("from 2026-07-01 : 2.5%", "from 2026-07-02 : 2.5%"),
        ("cite \"LPR\"", "cite \"LPR, one year\""),
        ("because no_worth", "because without_worth"),
        ("净资产不为正", "净资产为负"),
        ("cite \"手册 §5\"", "cite \"手册 §6\""),
        ("  cite \"手册 §3.2\"", ""),
        (" internal customer says \"需要补充资料\"", ""),
        ("customer says \"需要补充资料\"", "customer says \"请补充资料\""),
        ("note to credit_manager \"核对退票原因\"", "note to finance_head \"核对退票原因\""),
        ("note to credit_manager \"核对退票原因\"", "note to credit_manager \"核对退票\""),
        ("{worth - credit_limit}", "{worth}"),
        (
            "refer to credit_manager \"是否已破产?\"   because",
            "refer to finance_head \"是否已破产?\"   because",
        ),
        ("asks \"给几个月的量?\"", "asks \"给几个月?\""),
        ("finance_head above credit_manager,", "finance_head,"),
        ("do call, late notify credit_manager\n  climbs", "do call\n  climbs"),
        ("text optional, personal", "text optional"),
        ("optional, unknown when 0", "optional, unknown when 1"),
        ("class, credit_limit, stance internal,", "class, credit_limit, stance,"),
        ("secured.unsecured, exposure optional", "secured.unsecured, exposure optional, rating"),
        ("always credit_limit >= 0", "always credit_limit >= 1"),
        ("branch is south and", "branch is north and"),
        ("calendar        \"five_days\"", "calendar        \"six_days\""),
    ] {
        let edits = [(POLICY, was, is)];
        if is.contains("six_days") {
            let mut files = below(&root().join("examples/tour"));
            files.retain(|(path, _)| !path.contains(".zh."));
            let six = files
                .iter()
                .find(|(path, _)| path.ends_with(CALENDAR))
                .unwrap()
                .1
                .replace("\"saturday\", ", "");
            files.push(("calendars/six_days.toml".into(), six));
            files.iter_mut().for_each(|(_, text)| *text = tight(text).replace(&tight(was), is));
            assert!(digests.insert(digest_of(files)), "{was}");
        } else {
            assert!(digests.insert(edited(&edits)), "{was}");
        }
    }
    // A case says what is expected of a policy, and nothing that it means.
    assert_eq!(edited(&[(POLICY, "case \"no recommendation\"", "case \"none\"")]), as_it_is);
    assert_eq!(
        edited(&[(POLICY, "param term \"信用期限\"", "param term zh \"账期\" en \"term\"")]),
        as_it_is
    );
}
