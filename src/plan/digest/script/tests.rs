use super::words;

#[test]
fn comments_and_layout_are_no_words() {
    let plain = "fn part(limit, share) { if limit > 0 { limit * share } else { 0 } }";
    let laid_out = "// The part of a limit.\r\n/* as /* agreed */ in March */ fn part(limit,\tshare) {\n\n  if limit > 0 { limit * share } else { 0 } } // no more\n";
    assert_eq!(words(laid_out), words(plain));
    assert_eq!(words(plain), plain);
}

#[test]
fn what_stands_in_texts_is_kept() {
    for (one, other) in [
        (r#"fn f() { "CA1  // no limit" }"#, r#"fn f() { "CA1 // no limit" }"#),
        (r#"fn f() { "\"//a" }"#, r#"fn f() { "\"//b" }"#),
        ("fn f() { `CA1 // a` }", "fn f() { `CA1 // b` }"),
        ("fn f() { 1 }", "fn f() { 2 }"),
        ("fn f(a) { a / 2 }", "fn f(a) { a // 2 }"),
        ("fn f() { let a=1; }", "fn f() { leta=1; }"),
    ] {
        assert_ne!(words(one), words(other), "{one}");
    }
}
