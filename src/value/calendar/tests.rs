use super::*;

const CHINA: &str = r#"
name     = "China 2026"
from     = 2026-01-01
until    = 2026-12-31
weekend  = ["saturday", "sunday"]
holidays = [2026-01-01, { from = 2026-02-16, to = 2026-02-22, name = "春节" }, { from = 2026-10-01, to = 2026-10-07 }]
working  = ["2026-02-14", { on = 2026-02-28, name = "春节调休" }]
"#;

fn d(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn china() -> Calendar {
    Calendar::parse(CHINA).unwrap()
}

#[test]
fn business_days() {
    let china = china();
    let rows = [
        ("2026-02-13", Some(true)),
        ("2026-02-14", Some(true)),
        ("2026-02-15", Some(false)),
        ("2026-02-16", Some(false)),
        ("2026-02-23", Some(true)),
        ("2026-12-31", Some(true)),
        ("2027-01-01", None),
        ("2025-12-31", None),
    ];
    for (day, expected) in rows {
        assert_eq!(china.is_business_day(d(day)), expected, "{day}");
    }
}

#[test]
fn counting_business_days() {
    let china = china();
    assert_eq!(china.add_business_days(d("2026-02-13"), 1), Some(d("2026-02-14")));
    assert_eq!(china.add_business_days(d("2026-02-13"), 2), Some(d("2026-02-23")));
    assert_eq!(china.add_business_days(d("2026-02-16"), 1), Some(d("2026-02-23")));
    assert_eq!(china.add_business_days(d("2026-02-16"), -1), Some(d("2026-02-14")));
    assert_eq!(china.add_business_days(d("2026-02-23"), -2), Some(d("2026-02-13")));
    assert_eq!(china.add_business_days(d("2026-02-16"), 0), Some(d("2026-02-16")));
    assert_eq!(china.add_business_days(d("2026-12-31"), 1), None);
    assert_eq!(china.add_business_days(d("2026-01-01"), -1), None);
    assert_eq!(china.add_business_days(d("2025-12-31"), 5), None);
    assert_eq!(china.add_business_days(d("2026-06-01"), i64::MIN), None);
    assert_eq!(china.on_or_after(d("2026-10-03")), Some(d("2026-10-08")));
    assert_eq!(china.on_or_before(d("2026-10-03")), Some(d("2026-09-30")));
    assert_eq!(china.on_or_after(d("2026-10-08")), Some(d("2026-10-08")));
    assert_eq!(china.next_business_day(d("2026-10-08")), Some(d("2026-10-09")));
    assert_eq!(china.previous_business_day(d("2026-10-08")), Some(d("2026-09-30")));
    assert_eq!(china.business_days_between(d("2026-09-30"), d("2026-10-08")), Some(1));
    assert_eq!(china.business_days_between(d("2026-10-08"), d("2026-09-30")), Some(-1));
}

/// Going some business days on and counting them gives the same number, from every day of the year.
#[test]
fn going_and_counting_agree() {
    let china = china();
    for day in (china.from().0..=china.until().0).map(Date) {
        for days in [1_i64, 2, 5, 30] {
            if let Some(later) = china.add_business_days(day, days) {
                assert_eq!(china.business_days_between(day, later), Some(days));
                assert_eq!(china.is_business_day(later), Some(true));
            }
            if let Some(earlier) = china.add_business_days(day, -days) {
                let between =
                    (earlier.0..day.0).filter(|day| china.is_business_day(Date(*day)) == Some(true));
                assert_eq!(i64::try_from(between.count()).unwrap(), days);
            }
        }
    }
}

#[test]
fn the_canonical_text_is_of_the_days_alone() {
    let written = r#"
        until = 2026-12-31
        from = 2026-01-01 # the same days, written otherwise
        name = "China 2026"
        weekend = ["Sunday", "Saturday"]
        working = [2026-02-28, 2026-02-14]
        holidays = [{ from = 2026-10-01, to = 2026-10-07 }, { from = 2026-02-16, to = 2026-02-20 },
            { from = 2026-02-20, to = 2026-02-22 }, { on = 2026-01-01, name = "元旦" }]
    "#;
    let other = Calendar::parse(written).unwrap();
    assert_eq!(other.canonical(), china().canonical());
    assert_eq!(other, china());
    let renamed = Calendar::parse(&written.replace("China 2026", "中国 2026")).unwrap();
    assert_eq!(renamed.canonical(), china().canonical());
    let shorter = Calendar::parse(&written.replace("2026-10-07", "2026-10-06")).unwrap();
    assert_ne!(shorter.canonical(), china().canonical());
    assert!(china().canonical().starts_with("from 2026-01-01\nuntil 2026-12-31\n2026-01-02\n2026-01-05\n"));
}

fn mistakes(text: &str) -> Vec<(u32, &'static str)> {
    Calendar::parse(text).unwrap_err().iter().map(|error| (error.line, error.mistake.key())).collect()
}

#[test]
fn all_mistakes_at_their_lines() {
    let text = r#"name = "x"
from = 2026-01-01
until = 2026-12-31
weekend = ["saturday", "domingo"]
holidays = [
  2027-01-01,
  { from = 2026-02-22, to = 2026-02-16 },
  { from = 2026-02-16 },
  { day = 2026-02-16 },
  { on = 2026-05-01, from = 2026-05-01, to = 2026-05-02 },
  2026-02-14,
  2026-05-01T08:00:00,
  2026,
]
working = [2026-02-14, 2026-02-18]
closed = []
"#;
    assert_eq!(
        mistakes(text),
        [
            (4, "not_a_weekday"),
            (6, "outside"),
            (7, "reversed"),
            (8, "missing_key"),
            (9, "unknown_key"),
            (10, "wrong_value"),
            (12, "not_a_day"),
            (13, "not_a_day"),
            (15, "closed_and_working"),
            (15, "already_working"),
            (16, "unknown_key"),
        ]
    );
    assert_eq!(
        mistakes("name = 1"),
        [(1, "missing_key"), (1, "missing_key"), (1, "missing_key"), (1, "wrong_value")]
    );
    assert_eq!(mistakes("name = \"x\"\nfrom = = 3"), [(2, "toml")]);
    let head = "name = \"x\"\nweekend = []\n";
    assert_eq!(mistakes(&format!("{head}from = 2026-12-31\nuntil = 2026-01-01")), [(4, "reversed")]);
    assert_eq!(mistakes(&format!("{head}from = 1900-01-01\nuntil = 2201-01-01")), [(4, "too_long")]);
    let error = &Calendar::parse("name = \"x\"\nholiday = []").unwrap_err();
    let told: Vec<String> = error.iter().map(ToString::to_string).collect();
    assert!(told.contains(&"line 2: a calendar has no `holiday`".to_owned()), "{told:?}");
}
