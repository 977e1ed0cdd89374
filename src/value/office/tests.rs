use proptest::prelude::*;

use super::*;
use crate::base::Str;
use crate::value::{Date, Number, display::grouped};

fn english() -> NumberStyle {
    NumberStyle { group: Some(','), ..NumberStyle::plain() }
}

fn german() -> NumberStyle {
    NumberStyle { group: Some('.'), point: ',', ..NumberStyle::plain() }
}

fn ledger() -> NumberStyle {
    NumberStyle {
        group: Some(','),
        trailing_minus: true,
        parentheses: true,
        marks: ["¥", "元", "CNY"].map(Str::from).to_vec(),
        wan: true,
        ..NumberStyle::plain()
    }
}

#[test]
fn numbers_as_declared() {
    let rows = [
        ("1,234.56", english(), "1234.56"),
        ("1234.56", english(), "1234.56"),
        ("1,234,567", english(), "1234567"),
        ("1.234,56", german(), "1234.56"),
        ("0,5", german(), "0.5"),
        ("-12.50", NumberStyle::plain(), "-12.5"),
        ("  +12 ", NumberStyle::plain(), "12"),
        (".5", NumberStyle::plain(), "0.5"),
        ("－１２．５", NumberStyle::plain(), "-12.5"),
        ("\u{2212}5", NumberStyle::plain(), "-5"),
        ("1\u{a0}234,5", NumberStyle { group: Some(' '), point: ',', ..NumberStyle::plain() }, "1234.5"),
        ("500-", ledger(), "-500"),
        ("(500)", ledger(), "-500"),
        ("（1,500.00）", ledger(), "-1500"),
        ("¥1,234.50", ledger(), "1234.5"),
        ("￥ 1,234.50", ledger(), "1234.5"),
        ("¥-5", ledger(), "-5"),
        ("-¥5", ledger(), "-5"),
        ("1,234元", ledger(), "1234"),
        ("CNY 1,234", ledger(), "1234"),
        ("120万", ledger(), "1200000"),
        ("1.5亿元", ledger(), "150000000"),
        ("2万亿", ledger(), "2000000000000"),
        ("(3万)", ledger(), "-30000"),
    ];
    for (text, style, expected) in rows {
        assert_eq!(parse_office_number(text, &style), Ok(Number::decimal(expected).unwrap()), "{text}");
    }
}

#[test]
fn numbers_that_are_not_as_declared() {
    use NumberFault::{
        Digits, Empty, Groups, Long, Mark, Parentheses, Percent, Scientific, Separator, Signs, Stray,
        TrailingMinus, Wan,
    };
    let plain = NumberStyle::plain();
    let rows = [
        ("", &plain, Empty),
        ("   ", &plain, Empty),
        ("1,23", &english(), Groups(',')),
        ("1234,567", &english(), Groups(',')),
        (",123", &english(), Groups(',')),
        ("1,234,", &english(), Groups(',')),
        ("1,,234", &english(), Groups(',')),
        ("1.234,567", &english(), Groups(',')),
        ("1,234", &plain, Separator(',')),
        ("1.234,56", &plain, Separator(',')),
        ("1'234", &english(), Separator('\'')),
        ("1.2.3", &plain, Digits),
        ("5.", &plain, Digits),
        (".", &plain, Digits),
        ("-", &ledger(), Digits),
        ("()", &ledger(), Digits),
        ("--5", &plain, Signs),
        ("-5-", &ledger(), Signs),
        ("(-5)", &ledger(), Signs),
        ("+-5", &plain, Signs),
        ("5-3", &plain, Signs),
        ("500-", &plain, TrailingMinus),
        ("(500)", &plain, Parentheses),
        ("120万", &plain, Wan),
        ("¥5", &plain, Mark(Str::from("¥"))),
        ("5 USD", &NumberStyle { group: Some(' '), ..plain.clone() }, Mark(Str::from("USD"))),
        ("1.2E+05", &plain, Scientific),
        ("12.5%", &plain, Percent),
        ("abc", &plain, Stray('a')),
        ("#N/A", &plain, Stray('#')),
        ("1O0", &plain, Stray('O')),
    ];
    for (text, style, expected) in rows {
        assert_eq!(parse_office_number(text, style), Err(expected), "{text}");
    }
    assert_eq!(parse_office_number(&"1".repeat(101), &plain), Err(Long));
}

#[test]
fn percents() {
    let eighth = Number::decimal("0.125").unwrap();
    let style = |percent| NumberStyle { percent, ..NumberStyle::plain() };
    assert_eq!(parse_office_percent("12.5%", &style(PercentStyle::Signed)), Ok(eighth.clone()));
    assert_eq!(parse_office_percent("１２.5 ％", &style(PercentStyle::Fraction)), Ok(eighth.clone()));
    assert_eq!(parse_office_percent("12.5", &style(PercentStyle::Figure)), Ok(eighth.clone()));
    assert_eq!(parse_office_percent("0.125", &style(PercentStyle::Fraction)), Ok(eighth.clone()));
    assert_eq!(parse_office_percent("12.5", &style(PercentStyle::Signed)), Err(NumberFault::PercentSign));
    let trailing = NumberStyle { trailing_minus: true, parentheses: true, ..style(PercentStyle::Signed) };
    assert_eq!(parse_office_percent("(12.5%)", &trailing), Ok(eighth.neg()));
    assert_eq!(parse_office_percent("12.5%-", &trailing), Ok(eighth.neg()));
}

#[test]
fn styles_by_sample() {
    let style = |sample: &str| NumberStyle::of_sample(sample).map(|style| (style.group, style.point));
    assert_eq!(style("1,234.56"), Some((Some(','), '.')));
    assert_eq!(style("1.234,56"), Some((Some('.'), ',')));
    assert_eq!(style("1 234,56"), Some((Some(' '), ',')));
    assert_eq!(style("1'234.56"), Some((Some('\''), '.')));
    assert_eq!(style("1234.56"), Some((None, '.')));
    assert_eq!(style("1234,56"), Some((None, ',')));
    for sample in ["1.234.56", "1234", "12,34", "", "1x234.56", "1234556"] {
        assert_eq!(style(sample), None, "{sample}");
    }
}

#[test]
fn dates_as_declared() {
    let day = Date::parse("2026-10-01").unwrap();
    let rows = [
        ("2026-10-01", DatePattern::YmdDash),
        ("2026/10/1", DatePattern::YmdSlash),
        ("2026.10.1", DatePattern::YmdDot),
        ("01.10.2026", DatePattern::DmyDot),
        ("1/10/2026", DatePattern::DmySlash),
        ("1-10-2026", DatePattern::DmyDash),
        ("10/1/2026", DatePattern::MdySlash),
        ("20261001", DatePattern::Compact),
        ("2026年10月1日", DatePattern::Chinese),
        ("２０２６年１０月０１日", DatePattern::Chinese),
        ("2026-10-01 00:00:00", DatePattern::YmdDash),
        ("2026-10-01T00:00:00.000", DatePattern::YmdDash),
    ];
    for (text, pattern) in rows {
        let style = DateStyle::new(&[pattern]).unwrap();
        assert_eq!(parse_office_date(text, &style), Ok(day), "{text}");
        assert_eq!(DatePattern::parse(pattern.name()), Some(pattern));
    }
    let both = DateStyle::new(&[DatePattern::YmdSlash, DatePattern::DmySlash]).unwrap();
    assert_eq!(parse_office_date("2026/10/01", &both), Ok(day));
    assert_eq!(parse_office_date("01/10/2026", &both), Ok(day));
    assert_eq!(DateStyle::new(&[DatePattern::DmySlash, DatePattern::MdySlash]), None);
    assert_eq!(DateStyle::new(&[]), None);
}

#[test]
fn dates_that_are_not_as_declared() {
    let iso = DateStyle::iso();
    let rows = [
        ("", DateFault::Empty),
        ("2026/10/1", DateFault::Undeclared(DatePattern::YmdSlash)),
        ("01.10.2026", DateFault::Undeclared(DatePattern::DmyDot)),
        ("2026-02-30", DateFault::NoSuchDay),
        ("2026-13-01", DateFault::NoSuchDay),
        ("26-10-01", DateFault::ShortYear),
        ("2026-10-01 08:30:00", DateFault::Time),
        ("soon", DateFault::Pattern),
        ("2026-10", DateFault::Pattern),
        ("2026-10-01-01", DateFault::Pattern),
        ("46296", DateFault::Pattern),
    ];
    for (text, expected) in rows {
        assert_eq!(parse_office_date(text, &iso), Err(expected), "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,20}") {
        let _ = parse_office_number(&text, &ledger());
        let _ = parse_office_percent(&text, &german());
        for pattern in DatePattern::ALL {
            let _ = parse_office_date(&text, &DateStyle::new(&[pattern]).unwrap());
        }
    }

    #[test]
    fn what_is_shown_is_read_back(cents in any::<i64>()) {
        let amount = Number::ratio(cents, 100).unwrap();
        let shown = grouped(&amount.to_fixed(2));
        prop_assert_eq!(parse_office_number(&shown, &english()), Ok(amount.clone()));
        let swapped: String = shown.chars().map(|sign| match sign { ',' => '.', '.' => ',', other => other }).collect();
        prop_assert_eq!(parse_office_number(&swapped, &german()), Ok(amount));
    }
}
