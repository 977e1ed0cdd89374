//! What is shown as the way to write a thing is read by the grammar.

use super::{FORMS, Form, LINES};
use crate::base::FileId;
use crate::syntax::{keywords::keyword, parse};

/// Where a form stands that is no construct of its own.
fn inside(role: &str, form: &str, chinese: bool) -> String {
    let (en, zh) = match role {
        "section" | "points" => ("scorecard x", "评分卡 甲"),
        "any" => ("triggers x else y", "触发 甲 否则 乙"),
        "group" => ("portfolio x", "组合 甲"),
        "given" | "expect" => ("case \"\"", "案例 \"\""),
        _ => return form.to_owned(),
    };
    format!("{} {{ {form} }}", if chinese { zh } else { en })
}

#[test]
fn every_form_reads() {
    for form in FORMS {
        assert!(keyword(form.role).is_some(), "{} is a keyword", form.role);
        for chinese in [false, true] {
            let text = inside(form.role, &form.whole(chinese), chinese);
            let read = parse(FileId(0), &text);
            assert!(read.diagnostics.is_empty(), "{text}: {:?}", read.diagnostics);
            assert_eq!(read.file.items.len(), 1, "{text}");
        }
    }
}

#[test]
fn every_line_reads_in_its_construct() {
    for line in LINES {
        assert!(keyword(line.role).is_some(), "{} is a keyword", line.role);
        // A word that only one language has makes a line of that language.
        for (text, chinese) in line.text.into_iter().zip([false, true]).filter(|(text, _)| !text.is_empty()) {
            let Some(text) = Form::of(line.within).and_then(|form| {
                let head =
                    if chinese { keyword(line.within).map_or("", |word| word.zh) } else { form.head[0] };
                Form::of_line(head, text, chinese)
            }) else {
                panic!("{text} is not known as a line")
            };
            let Some(form) = Form::around(text, chinese) else { panic!("{text} stands in no construct") };
            let read = parse(FileId(0), &form);
            assert!(read.diagnostics.is_empty(), "{form}: {:?}", read.diagnostics);
        }
    }
}
