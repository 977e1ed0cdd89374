use super::*;

fn n(text: &str) -> Number {
    Number::decimal(text).unwrap()
}

/// What the number fits in: 32 bytes, so that a value does too.
#[test]
fn small_enough() {
    assert!(size_of::<Number>() <= 32, "{}", size_of::<Number>());
    assert!(size_of::<crate::value::Value>() <= 32, "{}", size_of::<crate::value::Value>());
}

#[test]
fn the_cent_that_decimals_lose() {
    let limit = n("3306.55").mul(&n("30")).div(&n("90")).unwrap().mul(&n("0.3"));
    assert_eq!(limit, n("330.655"));
    assert_eq!(limit.round(RoundingMode::HalfUp, 2).to_fixed(2), "330.66");
}
