//! What a policy means: names, types, units, and what is said of mistakes in them.

use gradus::base::Str;
use gradus::check::{Checked, Source, check};
use gradus::syntax::{ast, parse};

use crate::corpus::{Case, Outcome, run};

/// A case may hold several policies, used ones first: each `policy` begins the file of the next.
fn files(tree: ast::File) -> Vec<ast::File> {
    let span = tree.span;
    let mut files: Vec<ast::File> = Vec::new();
    for item in tree.items {
        if files.is_empty() || matches!(item.kind, ast::ItemKind::Policy(_)) {
            files.push(ast::File { items: Vec::new(), span });
        }
        files.last_mut().unwrap().items.push(item);
    }
    files
}

/// The only script that a case has beside it.
fn script(name: &str) -> Option<Str> {
    (name == "seasonality.rhai").then(|| Str::from("fn seasonal(sales) { sales[11] / sales[0] }"))
}

fn stage(case: &mut Case) -> Outcome {
    let parsed = parse(case.file, &case.text);
    let one = case.text.contains("# one file");
    let files = if one { vec![parsed.file] } else { files(parsed.file) };
    let sources: Vec<Source<'_>> = files.iter().map(|file| Source { file, scripts: &script }).collect();
    let Checked { diagnostics, .. } = check(&sources);
    Outcome { diagnostics: parsed.diagnostics.into_iter().chain(diagnostics).collect(), output: String::new() }
}

#[test]
fn sound_policies_have_nothing_said_of_them() {
    run("check/ok", stage);
}

#[test]
fn mistakes_are_told_with_their_place_and_reason() {
    run("check/err", stage);
}
