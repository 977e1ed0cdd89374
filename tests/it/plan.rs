//! What a policy comes to: the steps of every construct with what is known of them, and what a plan is not let through
//! with.

use std::collections::BTreeMap;

use gradus::base::{FileId, Str};
use gradus::check::{Checked, Source, check};
use gradus::plan::{Compiled, Plan, compile, text};
use gradus::syntax::{ast, parse};
use gradus::value::Calendar;

use crate::corpus::{Case, Outcome, run};

/// A case may hold several policies, used ones first: each `policy` begins the file of the next.
pub fn files(tree: ast::File) -> Vec<ast::File> {
    let (span, chinese) = (tree.span, tree.chinese);
    let mut files: Vec<ast::File> = Vec::new();
    for item in tree.items {
        if files.is_empty() || matches!(item.kind, ast::ItemKind::Policy(_)) {
            files.push(ast::File { items: Vec::new(), lost: Vec::new(), mended: Vec::new(), span, chinese });
        }
        files.last_mut().unwrap().items.push(item);
    }
    files
}

fn script(name: &str) -> Option<Str> {
    (name == "seasonality.rhai").then(|| Str::from("fn seasonal(sales) { sales[11] / sales[0] }"))
}

fn stage(case: &mut Case) -> Outcome {
    let parsed = parse(case.file, &case.text);
    let files = files(parsed.file);
    let sources: Vec<Source<'_>> =
        files.iter().map(|file| Source { file, scripts: &script, references: &|_| None }).collect();
    let Checked { program, diagnostics } = check(&sources);
    let mut diagnostics: Vec<_> = parsed.diagnostics.into_iter().chain(diagnostics).collect();
    if diagnostics.iter().any(gradus::diag::Diagnostic::is_error) {
        return Outcome { diagnostics, output: String::new() };
    }
    let Compiled { plan, diagnostics: found } = compile(&program, &BTreeMap::new());
    diagnostics.extend(found);
    let output = if case.name.contains("/ok/") { text(&plan) } else { String::new() };
    Outcome { diagnostics, output }
}

#[test]
fn constructs_become_steps() {
    run("plan/ok", stage);
}

#[test]
fn what_a_plan_is_not_let_through_with() {
    run("plan/err", stage);
}

fn plan(policy: &str) -> Plan {
    let parsed = parse(FileId(0), policy);
    assert_eq!(parsed.diagnostics, [], "{policy}");
    let files = files(parsed.file);
    let sources: Vec<Source<'_>> =
        files.iter().map(|file| Source { file, scripts: &script, references: &|_| None }).collect();
    let checked = check(&sources);
    assert_eq!(checked.diagnostics, [], "{policy}");
    compile(&checked.program, &BTreeMap::<Str, Calendar>::new()).plan
}

const SMALL: &str = r#"
policy small "小" { version "1"
  effective from 2026-01-01
  currency CNY
}
facts {
  sales "销售额" money >= 0
  late  "逾期"   number 0..100
}
let half "半数" = sales / 2
table share by late -> percent {
  at most 3 : 10%   because "few"
  above 3   : 0%
}
let limit "额度" = half * share
decision review { limit }
"#;

/// Labels, comments, layout and the place of a definition do not count.
#[test]
fn the_digest_is_of_the_meaning() {
    let first = plan(SMALL).digest;
    assert!(first.starts_with("sha256:") && first.len() == 71, "{first}");
    let same = [
        SMALL.replace("\"销售额\"", "\"Sales\""),
        SMALL.replace("let half", "# a comment\n\n\nlet   half"),
        SMALL
            .replace("  late  \"逾期\"   number 0..100\n", "")
            .replace("  sales", "  late  number 0..100\n  sales"),
        SMALL
            .replace("let limit \"额度\" = half * share\n", "")
            .replace("let half", "let limit = half * share\nlet half"),
    ];
    for policy in same {
        assert_eq!(plan(&policy).digest, first, "{policy}");
    }
    let other = [
        ("sales / 2", "sales / 3"),
        ("at most 3", "at most 4"),
        ("\"few\"", "\"many\""),
        ("0..100", "0..99"),
        ("version \"1\"", "version \"2\""),
        ("{ limit }", "{ limit, half }"),
        ("let half", "let hälfte = sales\nlet half"),
    ];
    for (from, to) in other {
        let policy =
            SMALL.replace(from, to).replace("above 3", if to == "at most 4" { "above 4" } else { "above 3" });
        assert_ne!(plan(&policy).digest, first, "{policy}");
    }
}

/// A slice holds what its targets need and, beneath what is given, nothing.
#[test]
fn a_slice_stops_at_what_is_given() {
    let plan = plan(SMALL);
    let (limit, half) = (plan.names["limit"], plan.names["half"]);
    let all = gradus::plan::slice(&plan, &[limit], &[].into());
    let below = gradus::plan::slice(&plan, &[limit], &[half].into());
    assert!(all.contains(&half) && below.contains(&half) && below.len() < all.len());
    assert!(all.is_sorted());
    let sales = plan.schema.find("sales").unwrap();
    let reads = |steps: &[gradus::plan::StepId]| {
        steps.iter().any(|step| plan.steps[*step].op == gradus::plan::Op::Fact(sales))
    };
    assert!(reads(&all) && !reads(&below));
}

/// A policy of great size is compiled like any other: no stack is met, no search runs away.
#[test]
fn size_is_no_danger() {
    use std::fmt::Write as _;
    let mut policy = String::from(
        "policy big { version \"1\"\n effective from 2026-01-01\n currency CNY\n rounding half_up\n}\nfacts {\n",
    );
    for factor in 0..300 {
        writeln!(policy, "  f{factor} number 0..10 optional").unwrap();
    }
    policy.push_str("}\nscorecard card {\n");
    for factor in 0..300 {
        writeln!(policy, "  f{factor} weight {}", factor + 1).unwrap();
    }
    policy.push_str("  scale 0..10 to 0..100\n  missing left out\n  rounded to 2 decimals\n}\n");
    policy.push_str("table steps by card -> number {\n");
    for row in 0..400 {
        writeln!(policy, "  below {}.{:02} : {row}", row / 4, row % 4 * 25).unwrap();
    }
    policy.push_str("  from 99.75 : 400\n  unknown : 0\n}\n");
    policy.push_str("let v0 = steps\n");
    for value in 1..2_000 {
        writeln!(
            policy,
            "let v{value} = highest of (v{}, if f{} is known then f{} else 0)",
            value - 1,
            value % 300,
            value % 300
        )
        .unwrap();
    }
    policy.push_str("decision review { v1999 }\n");
    let policy = policy.replace("  below 0.00 : 0\n", "");
    let plan = plan(&policy);
    assert!(plan.steps.len() > 4_000);
    let last = plan.names["v1999"];
    assert!(!plan.steps[last].bounds.unknown);
}

const HEADER: &str = "policy page { version \"2026.1\"; currency CNY; rounding half_up }\n";

/// Whether a page is of what the plan proves.
pub(crate) fn holds_page(code: &str) -> bool {
    ["E4", "W4", "W2"].iter().any(|area| code.starts_with(area))
}

/// The pages of what the plan proves show a mistake and its repair: the first block is told of the code, the second of nothing.
#[test]
fn the_pages_of_proofs_are_true() {
    let mut wrong = String::new();
    let pages = crate::corpus::files(&crate::corpus::root().join("docs/diagnostics"), ".md");
    let mut seen = 0;
    for page in pages {
        let code = page.file_stem().unwrap().to_string_lossy().into_owned();
        if !holds_page(&code) {
            continue;
        }
        seen += 1;
        let codes = |block: &str| {
            let has_header = ["policy ", "政策 "].iter().any(|word| block.contains(word));
            let header = if has_header { "" } else { HEADER };
            let block = format!("{header}{block}");
            let mut sources = gradus::base::SourceMap::new();
            let file = sources.add(format!("{code}.gradus"), format!("{block}\n"));
            let mut case = Case {
                name: code.clone(),
                path: page.clone(),
                text: format!("{block}\n"),
                expect: std::collections::BTreeSet::new(),
                lang: gradus::base::Lang::En,
                sources,
                file,
            };
            stage(&mut case)
                .diagnostics
                .iter()
                .map(|told| told.code)
                .collect::<std::collections::BTreeSet<_>>()
        };
        for (lang, [mistake, repair]) in crate::pages::examples(&code) {
            let (told, left) = (codes(&mistake), codes(&repair));
            if !told.contains(code.as_str()) {
                wrong.push_str(&format!("{code} {lang:?}: the mistake is told of {told:?}\n"));
            }
            if !left.is_empty() {
                wrong.push_str(&format!("{code} {lang:?}: the repair is told of {left:?}\n"));
            }
        }
    }
    assert!(seen > 15 && wrong.is_empty(), "{seen} pages\n{wrong}");
}
