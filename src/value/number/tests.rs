#![allow(clippy::arithmetic_side_effects, reason = "what overflows in a test is to stop it")]

use std::collections::BTreeSet;

use num_traits::{Signed, Zero};
use proptest::prelude::*;

use super::*;
use crate::value::{Precision, Rounding};

fn n(text: &str) -> Number {
    Number::decimal(text).unwrap()
}

fn exact(number: &Number) -> BigRational {
    BigRational::from(number)
}

const MODES: [RoundingMode; 6] = [
    RoundingMode::HalfUp,
    RoundingMode::HalfEven,
    RoundingMode::Down,
    RoundingMode::Up,
    RoundingMode::Floor,
    RoundingMode::Ceiling,
];

/// A value holds a number and fits half a cache line.
#[test]
fn small_enough() {
    assert!(size_of::<Number>() <= 32);
    assert!(size_of::<crate::value::Value>() <= 32);
}

#[test]
fn the_cent_that_decimals_lose() {
    let limit = n("3306.55").mul(&n("30")).div(&n("90")).unwrap().mul(&n("0.3"));
    assert_eq!(limit, n("330.655"));
    assert_eq!(limit.round(RoundingMode::HalfUp, 2).to_fixed(2), "330.66");
}

/// The collections method: 80 to 130 weighted 1 to 6, newest heaviest.
#[test]
fn weighted_average_of_collections() {
    let receipts = [80, 90, 100, 110, 120, 130].map(Number::from_i64);
    let weights = [1, 2, 3, 4, 5, 6].map(Number::from_i64);
    let products: Vec<Number> =
        receipts.iter().zip(&weights).map(|(amount, weight)| amount.mul(weight)).collect();
    let average = Number::sum(&products).div(&Number::sum(&weights)).unwrap();
    assert_eq!(average.fraction_string(), "340/3");
    assert_eq!(average.to_string(), "340/3");
    assert_eq!(average.round(RoundingMode::Down, 2).to_string(), "113.33");
}

#[test]
fn decimals_as_written() {
    for text in ["0", "12.5", "-0.05", "1000000000000000000000000000000000000000000.5", "-7"] {
        assert_eq!(n(text).to_string(), text);
    }
    assert_eq!(n("12.50").to_string(), "12.5");
    assert_eq!(n("-0").to_string(), "0");
    assert_eq!(n("007").to_string(), "7");
    for text in
        ["", "-", ".5", "5.", "1e5", "+1", " 1", "1 ", "--1", "1.2.3", "１", "1,000", "-.5", "0x1", "NaN"]
    {
        assert_eq!(Number::decimal(text), None, "{text}");
    }
}

#[test]
fn fixed_decimals_lose_nothing() {
    assert_eq!(n("12.5").to_fixed(2), "12.50");
    assert_eq!(n("12").to_fixed(0), "12");
    assert_eq!(n("-0.05").to_fixed(2), "-0.05");
    assert_eq!(n("12.345").to_fixed(2), "12.345");
    assert_eq!(Number::ratio(1, 3).unwrap().to_fixed(2), "1/3");
}

#[test]
fn digits_and_decimals() {
    assert_eq!(n("1234.50").digits(), Some(5));
    assert_eq!(n("0.05").digits(), Some(2));
    assert_eq!(Number::ZERO.digits(), Some(1));
    assert_eq!(Number::ratio(1, 3).unwrap().digits(), None);
    assert_eq!(Number::ratio(1, 8).unwrap().finite_factor(), Some((3, 0)));
    assert_eq!(Number::ratio(7, 20).unwrap().finite_factor(), Some((2, 1)));
    assert_eq!(Number::ratio(30, 90).unwrap().decimals(), None);
    assert_eq!(Number::ratio(45, 90).unwrap().decimals(), Some(1));
}

#[test]
fn rounding_by_mode() {
    let rows: [(&str, [&str; 6]); 6] = [
        // half_up, half_even, down, up, floor, ceiling
        ("2.5", ["3", "2", "2", "3", "2", "3"]),
        ("-2.5", ["-3", "-2", "-2", "-3", "-3", "-2"]),
        ("3.5", ["4", "4", "3", "4", "3", "4"]),
        ("2.49", ["2", "2", "2", "3", "2", "3"]),
        ("-2.51", ["-3", "-3", "-2", "-3", "-3", "-2"]),
        ("2", ["2", "2", "2", "2", "2", "2"]),
    ];
    for (text, expected) in rows {
        for (mode, expected) in MODES.into_iter().zip(expected) {
            assert_eq!(n(text).round(mode, 0), n(expected), "{text} {mode:?}");
        }
    }
    assert_eq!(n("127512345.67").round_to_multiple(RoundingMode::Down, &n("1000")), n("127512000"));
    assert_eq!(n("-1500").round_to_multiple(RoundingMode::HalfUp, &n("1000")), n("-2000"));
    assert_eq!(n("1.13").round_to_multiple(RoundingMode::HalfUp, &n("0.25")), n("1.25"));
    assert_eq!(n("7").round_to_multiple(RoundingMode::Up, &Number::ZERO), n("7"));
    let rounding = Rounding { mode: RoundingMode::Down, precision: Precision::Multiples(n("1000")) };
    assert_eq!(rounding.apply(&n("4999.99")), n("4000"));
}

#[test]
fn the_limits_of_the_small() {
    let most = Number::from_i128(i128::MAX);
    let least = Number::from_i128(i128::MIN);
    assert!(matches!(most.0, Small { .. }));
    assert!(matches!(least.0, Big(_)));
    assert_eq!(least.to_i128(), Some(i128::MIN));
    assert_eq!(least.neg().sub(&Number::ONE), most);
    assert_eq!(most.add(&Number::ONE).neg(), least);
    // What fits again comes back.
    assert!(matches!(most.add(&Number::ONE).sub(&Number::ONE).0, Small { .. }));
    let quotient = |den: i64| Number::ratio(1, den).unwrap();
    let two = quotient(i64::MAX).add(&quotient(1_000_003));
    assert!(matches!(two.0, Wide { .. }));
    let three = two.add(&quotient(i64::MAX - 2));
    assert!(matches!(three.0, Big(_)));
    assert!(matches!(three.round(RoundingMode::HalfUp, 2).0, Small { .. }));
    assert_eq!(three.sub(&quotient(i64::MAX - 2)).sub(&quotient(1_000_003)), quotient(i64::MAX));
    assert_eq!(most.mul(&most).div(&most), Some(most.clone()));
    assert!(most.mul(&most) > most);
    assert!(least.is_negative() && !least.is_zero() && least.abs() > most);
    assert_eq!(Number::ratio(i64::MIN, i64::MIN), Some(Number::ONE));
    assert_eq!(Number::ratio(1, 0), None);
    assert_eq!(Number::ratio(1, -2), Some(n("-0.5")));
}

#[test]
fn powers() {
    assert_eq!(n("1.1").pow(3), n("1.331"));
    assert_eq!(Number::ZERO.pow(0), Number::ONE);
    assert_eq!(n("-2").pow(5), n("-32"));
    assert_eq!(n("2").pow(300).div(&n("2").pow(299)), Some(n("2")));
    assert_eq!(Number::power_of_ten(40), n("10").pow(40));
}

#[test]
fn rust_decimals() {
    for text in ["0", "12.5", "-99999999999999999999.12345678", "0.0000000000000000000000000001"] {
        let decimal: rust_decimal::Decimal = text.parse().unwrap();
        assert_eq!(Number::from_rust_decimal(decimal), n(text));
        assert_eq!(n(text).to_rust_decimal(), Some(decimal.normalize()));
    }
    assert_eq!(Number::ratio(1, 3).unwrap().to_rust_decimal(), None);
    assert_eq!(n("100000000000000000000000000000").to_rust_decimal(), None);
    assert_eq!(n("1").div(&Number::power_of_ten(29)).unwrap().to_rust_decimal(), None);
}

/// Every small fraction, so that a half is never taken for something near it.
#[test]
fn rounding_of_small_fractions() {
    for (num, den) in (-60..=60).flat_map(|num| (1..=24).map(move |den| (num, den))) {
        let number = Number::ratio(num, den).unwrap();
        for mode in MODES {
            let expected = rounded(&exact(&number), mode, 0);
            assert_eq!(exact(&number.round(mode, 0)), expected, "{number} {mode:?}");
            assert_eq!(exact(&wide::round(&number, mode, 0).unwrap()), expected, "{number} {mode:?}");
            assert_eq!(exact(&big::round(&number, mode, 0)), expected, "{number} {mode:?}");
        }
    }
}

#[test]
fn floor_division() {
    assert_eq!(n("7").div_floor(&n("2")), Some(n("3")));
    assert_eq!(n("-7").div_floor(&n("2")), Some(n("-4")));
    assert_eq!(n("-7").rem_floor(&n("2")), Some(n("1")));
    assert_eq!(n("7.5").rem_floor(&n("2")), Some(n("1.5")));
    assert_eq!(n("7").rem_floor(&Number::ZERO), None);
}

/// Numbers of every size, thick where the machine's integers end.
fn numbers() -> impl Strategy<Value = Number> {
    let num = prop_oneof![
        4 => (-1_000_000_i64..1_000_000).prop_map(i128::from),
        2 => any::<i64>().prop_map(i128::from),
        2 => any::<i128>(),
        1 => (0_i128..4).prop_map(|less| i128::MAX - less),
        1 => (0_i128..4).prop_map(|more| i128::MIN + more),
        1 => (0_i128..4).prop_map(|less| i128::from(i64::MAX) - 2 + less),
        1 => Just(0),
    ];
    let den = prop_oneof![
        4 => prop_oneof![Just(1_u64), Just(10), Just(100), Just(1000), Just(10_000)],
        2 => 1_u64..1000,
        2 => any::<u64>().prop_map(|den| den.max(1)),
        1 => (0_u64..4).prop_map(|less| u64::MAX - less),
        1 => (1_u32..20).prop_map(|exponent| 10_u64.saturating_pow(exponent)),
    ];
    let wide = (any::<i128>(), any::<u64>(), any::<u32>()).prop_map(|(num, low, high)| {
        wide::number(num.max(-i128::MAX), wide::join(high, low.max(1))).unwrap()
    });
    let near = (-300_i128..300, 1_u64..40, 60_u32..97)
        .prop_map(|(num, less, bits)| wide::number(num << 30, (1_u128 << bits) - u128::from(less)).unwrap());
    let huge = (any::<i128>(), any::<i128>(), 1_i128..i128::MAX).prop_map(|(left, right, den)| {
        Number::from(BigRational::new(BigInt::from(left) * BigInt::from(right), BigInt::from(den)))
    });
    prop_oneof![
        9 => (num, den).prop_map(|(num, den)| match small(num, den) {
            Some(number) => number,
            None => Number::from_i128(num),
        }),
        2 => wide,
        1 => near,
        1 => huge,
    ]
}

/// The invariant of the representation.
fn sound(number: &Number) -> bool {
    match &number.0 {
        Small { num, den } => *den > 0 && *num != i128::MIN,
        Wide { num, high, .. } => *num != 0 && *high > 0 && *num != i128::MIN,
        Big(_) => !BigRational::from(number).is_zero(),
    }
}

/// What rounding means, told without any of the code above.
fn rounded(of: &BigRational, mode: RoundingMode, decimals: u32) -> BigRational {
    let scale = BigRational::from_integer(BigInt::from(10).pow(decimals));
    let scaled = of * &scale;
    let (low, high) = (scaled.floor(), scaled.ceil());
    let half = BigRational::new(BigInt::from(1), BigInt::from(2));
    let near_low = &scaled - &low;
    let toward = if of.is_negative() { &high } else { &low };
    let away = if of.is_negative() { &low } else { &high };
    let chosen = match mode {
        RoundingMode::Floor => &low,
        RoundingMode::Ceiling => &high,
        RoundingMode::Down => toward,
        RoundingMode::Up => away,
        RoundingMode::HalfUp if near_low == half => away,
        RoundingMode::HalfEven if near_low == half => {
            if (low.numer() % BigInt::from(2)).is_zero() {
                &low
            } else {
                &high
            }
        }
        RoundingMode::HalfUp | RoundingMode::HalfEven => {
            if near_low < half {
                &low
            } else {
                &high
            }
        }
    };
    chosen / scale
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn arithmetic_is_that_of_fractions(a in numbers(), b in numbers()) {
        let (x, y) = (exact(&a), exact(&b));
        for (ours, theirs) in [(a.add(&b), &x + &y), (a.sub(&b), &x - &y), (a.mul(&b), &x * &y)] {
            prop_assert!(sound(&ours));
            prop_assert_eq!(exact(&ours), theirs);
        }
        match a.div(&b) {
            Some(quotient) => {
                prop_assert!(sound(&quotient));
                prop_assert_eq!(exact(&quotient), &x / &y);
            }
            None => prop_assert!(y.is_zero()),
        }
        prop_assert_eq!(exact(&a.neg()), -&x);
        prop_assert_eq!(exact(&a.abs()), x.abs());
        prop_assert_eq!(a.cmp(&b), x.cmp(&y));
        prop_assert_eq!(a == b, x == y);
        prop_assert_eq!(a.is_negative(), x.is_negative());
        prop_assert_eq!(a.is_integer(), x.is_integer());
    }

    #[test]
    fn what_was_done_is_undone(a in numbers(), b in numbers()) {
        prop_assert_eq!(&a.add(&b).sub(&b), &a);
        if !b.is_zero() {
            prop_assert_eq!(&a.mul(&b).div(&b).unwrap(), &a);
            let back = a.div_floor(&b).unwrap().mul(&b).add(&a.rem_floor(&b).unwrap());
            prop_assert_eq!(&back, &a);
        }
    }

    #[test]
    fn equal_numbers_hash_alike(a in numbers(), factor in 1_u64..1000) {
        use std::hash::DefaultHasher;
        let hash = |number: &Number| {
            let mut hasher = DefaultHasher::new();
            number.hash(&mut hasher);
            hasher.finish()
        };
        let factor = Number::from_i64(i64::try_from(factor).unwrap());
        let same = a.mul(&factor).div(&factor).unwrap();
        prop_assert_eq!(&same, &a);
        prop_assert_eq!(hash(&same), hash(&a));
        prop_assert_eq!(BTreeSet::from([same, a]).len(), 1);
    }

    #[test]
    fn rounding_is_as_defined(a in numbers(), decimals in 0_u32..25) {
        for mode in MODES {
            let ours = a.round(mode, decimals);
            prop_assert!(sound(&ours));
            prop_assert_eq!(exact(&ours), rounded(&exact(&a), mode, decimals), "{:?}", mode);
            prop_assert!(ours.decimals().is_some_and(|own| own <= decimals));
            prop_assert_eq!(ours.round(mode, decimals), ours);
        }
    }

    #[test]
    fn rounding_keeps_order_and_stays_near(a in numbers(), b in numbers(), step in 1_i64..5000) {
        let step = Number::ratio(step, 100).unwrap();
        for mode in MODES {
            let (low, high) = (a.clone().min(b.clone()), a.clone().max(b.clone()));
            prop_assert!(low.round(mode, 2) <= high.round(mode, 2));
            let multiple = a.round_to_multiple(mode, &step);
            prop_assert!(multiple.sub(&a).abs() < step);
            prop_assert!(multiple.div(&step).unwrap().is_integer());
        }
    }

    #[test]
    fn text_is_read_back(a in numbers()) {
        match a.to_decimal_string() {
            Some(text) => {
                prop_assert_eq!(&Number::decimal(&text).unwrap(), &a);
                prop_assert!(!text.contains('.') || !text.ends_with('0'));
                let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
                prop_assert_eq!(a.decimals(), u32::try_from(decimals).ok());
                prop_assert_eq!(&Number::decimal(&a.to_fixed(30)).unwrap(), &a);
            }
            None => {
                prop_assert!(a.decimals().is_none());
                prop_assert_eq!(a.to_string(), exact(&a).to_string());
            }
        }
    }

    #[test]
    fn rust_decimals_come_and_go(mantissa in -(1_i128 << 95)..(1_i128 << 95), scale in 0_u32..=28) {
        let decimal = rust_decimal::Decimal::from_i128_with_scale(mantissa, scale);
        let number = Number::from_rust_decimal(decimal);
        prop_assert_eq!(number.to_string(), decimal.normalize().to_string());
        prop_assert_eq!(number.to_rust_decimal(), Some(decimal));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[-0-9.e+ ]{0,12}") {
        if let Some(number) = Number::decimal(&text) {
            prop_assert_eq!(exact(&number), exact(&Number::decimal(&number.to_string()).unwrap()));
        }
    }
}
