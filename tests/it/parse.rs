//! Texts and their trees.

use gradus::base::FileId;
use gradus::syntax::parse;

#[test]
fn scratch() {
    for f in ["trade_credit.en", "trade_credit.zh"] {
        let text = std::fs::read_to_string(format!("tests/corpus/parse/ok/{f}.gradus")).unwrap();
        let parsed = parse(FileId(0), &text);
        for d in &parsed.diagnostics {
            let s = d.span.unwrap();
            let line = text[..s.start as usize].matches('\n').count() + 1;
            println!(
                "{f}:{line} {} {:?} {:?}",
                d.code,
                d.variant,
                &text[s.start as usize..].chars().take(30).collect::<String>()
            );
        }
        println!("{f}: items {}", parsed.file.items.len());
    }
}
