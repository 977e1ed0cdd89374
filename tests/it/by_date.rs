//! Interest as policies write it, against a sum over each day: every freeze, every year, each way to count the ends.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use gradus::base::{Lang, SourceMap};
use gradus::diag::render::concise;
use gradus::engine::build;
use gradus::eval::run_case;
use gradus::store::{Memory, Roots, Settings, load};
use gradus::value::Date;
use num_bigint::BigInt;
use num_rational::BigRational;

/// The rates: from when on, in hundredths of a percent; known until the last day.
const RATES: [((i16, u8, u8), i64); 5] = [
    ((2023, 11, 15), 410),
    ((2024, 1, 1), 300),
    ((2024, 2, 29), 275),
    ((2024, 8, 20), 325),
    ((2025, 7, 1), 0),
];
const UNTIL: (i16, u8, u8) = (2026, 5, 10);

const FROZEN: [(&str, &str, u8); 5] = [
    ("none", "", 0),
    ("month", "frozen by month", 1),
    ("quarter", "frozen by quarter", 3),
    ("half", "frozen by half_year", 6),
    ("year", "frozen by year", 12),
];
const BASES: [(&str, i64); 3] = [("360", 360), ("365", 365), ("actual", 0)];
const ENDS: [(&str, &str, bool, bool); 4] = [
    ("late", "first day excluded", false, true),
    ("bank", "first day included, last day excluded", true, false),
    ("both", "first day included, last day included", true, true),
    ("neither", "first day excluded, last day excluded", false, false),
];
const PRINCIPAL: i64 = 123_457;

fn date((year, month, day): (i16, u8, u8)) -> Date {
    Date::from_ymd(year, month, day).unwrap()
}

/// The day whose rate a day has.
fn rate_day(day: Date, months: u8) -> Date {
    let (year, month, _) = day.ymd();
    match months {
        0 => day,
        _ => date((year, (month - 1) / months * months + 1, 1)),
    }
}

/// The rate of a day, looked for in all of them; none where none is known.
fn rate(day: Date) -> Option<i64> {
    if day > date(UNTIL) {
        return None;
    }
    RATES.iter().filter(|(from, _)| date(*from) <= day).map(|(_, rate)| *rate).next_back()
}

/// Day by day, rounded half up to four decimals; none where the rate of a day is not known.
fn expected(from: Date, to: Date, months: u8, basis: i64, first: bool, last: bool) -> Option<String> {
    let mut sum = BigRational::from_integer(BigInt::from(0));
    let mut day = from;
    while day <= to {
        if (day != from || first) && (day != to || last) {
            let leap = Date::from_ymd(day.ymd().0, 2, 29).is_some();
            let year = match basis {
                0 if leap => 366,
                0 => 365,
                days => days,
            };
            let part = PRINCIPAL * rate(rate_day(day, months))?;
            sum += BigRational::new(BigInt::from(part), BigInt::from(10_000 * year));
        }
        day = day.add_days(1).unwrap();
    }
    let scaled = sum * BigRational::from_integer(BigInt::from(10_000));
    let rounded = (scaled + BigRational::new(BigInt::from(1), BigInt::from(2))).floor().to_integer();
    Some(format!("{}.{:04}", &rounded / 10_000, &rounded % 10_000))
}

/// Days that hurt, and a walk over all others.
fn days() -> Vec<(Date, Date)> {
    let traps = [
        ((2023, 11, 14), (2023, 11, 16)),
        ((2023, 11, 15), (2023, 11, 16)),
        ((2023, 12, 31), (2024, 1, 1)),
        ((2024, 2, 28), (2024, 3, 1)),
        ((2024, 2, 29), (2024, 2, 29)),
        ((2024, 2, 29), (2025, 2, 28)),
        ((2024, 6, 30), (2024, 7, 1)),
        ((2024, 12, 31), (2025, 1, 1)),
        ((2025, 6, 30), (2026, 5, 10)),
        ((2025, 6, 30), (2026, 5, 11)),
        ((2026, 5, 9), (2026, 6, 30)),
        ((2026, 6, 29), (2026, 7, 2)),
        ((2024, 9, 1), (2024, 8, 1)),
    ];
    let mut pairs: Vec<(Date, Date)> = traps.iter().map(|(from, to)| (date(*from), date(*to))).collect();
    let mut seed = 7_u64;
    let mut next = |bound: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((seed >> 33) % bound).unwrap()
    };
    for _ in 0..40 {
        let from = date((2023, 11, 1)).add_days(next(1_000)).unwrap();
        pairs.push((from, from.add_days(next(700) - 20).unwrap()));
    }
    pairs
}

#[test]
fn interest_is_the_sum_over_its_days() {
    let mut policy = String::from(
        "policy late { version \"1\"; effective from 2023-01-01; currency CNY; rounding half_up }\n\
         facts { start date; stop date }\n\
         param base_rate percent 0%..24% by date {\n",
    );
    for (from, rate) in RATES {
        writeln!(policy, "  from {} : {}.{:02}%", date(from), rate / 100, rate % 100).unwrap();
    }
    writeln!(policy, "  until {}\n}}", date(UNTIL)).unwrap();
    let mut values = Vec::new();
    for (freeze, frozen, months) in FROZEN {
        for (basis, year) in BASES {
            for (ends, counted, first, last) in ENDS {
                let name = format!("{freeze}_{basis}_{ends}");
                writeln!(
                    policy,
                    "let {name} = interest on {PRINCIPAL}元 from start to stop at base_rate {frozen} basis {basis}, {counted} rounded to 4 decimals"
                )
                .unwrap();
                values.push((name, months, year, first, last));
            }
        }
    }
    for (from, to) in days() {
        write!(policy, "case \"{from} to {to}\" {{ given {{ start {from}, stop {to} }} expect {{ ").unwrap();
        for (name, months, year, first, last) in &values {
            let value = expected(from, to, *months, *year, *first, *last);
            write!(policy, "{name} {}, ", value.as_deref().unwrap_or("unknown")).unwrap();
        }
        policy.push_str("} }\n");
    }
    let world = Memory::new(date((2026, 1, 1))).with("late.gradus", policy);
    let mut sources = SourceMap::new();
    let roots = Roots { asked: vec![PathBuf::from("late.gradus")], ..Roots::default() };
    let folder = load(&world, &roots, &Settings::default(), &mut sources);
    assert_eq!(folder.files.first().map(|file| file.path.as_path()), Some(Path::new("late.gradus")));
    let built = build(&folder, 0, &sources);
    let told = concise(&built.diagnostics, &sources, Lang::En);
    let plan = built.plan.unwrap_or_else(|| panic!("{told}"));
    assert!(plan.cases.len() > 50);
    for case in &plan.cases {
        let result = run_case(&plan, case, &[], None);
        assert!(result.passed(), "{}: {:?}", case.name, result.outcomes);
    }
}
