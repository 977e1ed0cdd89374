//! Fractions that do not fit the machine: the slow and unlimited way, taken where the quick one gives up.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "integers without a limit do not overflow; divisors are seen to"
)]

use std::cmp::Ordering;

use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

use super::{Big, Number, Small};
use crate::value::round::{RoundingMode, away_from_zero};

/// The number of a fraction: small again where it fits.
pub(super) fn number(ratio: BigRational) -> Number {
    match (i128::try_from(ratio.numer()), u64::try_from(ratio.denom())) {
        (Ok(num), Ok(den)) if num != i128::MIN => Number(Small { num, den }),
        _ => Number(Big(Box::new(ratio))),
    }
}

/// The fraction of a number, reduced.
pub(super) fn ratio(number: &Number) -> BigRational {
    match &number.0 {
        Small { num, den } => BigRational::new(BigInt::from(*num), BigInt::from(*den)),
        Big(ratio) => ratio.as_ref().clone(),
    }
}

#[cold]
pub(super) fn add(left: &Number, right: &Number) -> Number {
    number(ratio(left) + ratio(right))
}

#[cold]
pub(super) fn sub(left: &Number, right: &Number) -> Number {
    number(ratio(left) - ratio(right))
}

#[cold]
pub(super) fn mul(left: &Number, right: &Number) -> Number {
    number(ratio(left) * ratio(right))
}

/// The quotient by what is not 0.
#[cold]
pub(super) fn div(left: &Number, right: &Number) -> Number {
    number(ratio(left) / ratio(right))
}

#[cold]
pub(super) fn neg(of: &Number) -> Number {
    number(-ratio(of))
}

#[cold]
pub(super) fn cmp(left: &Number, right: &Number) -> Ordering {
    ratio(left).cmp(&ratio(right))
}

pub(super) fn is_negative(ratio: &BigRational) -> bool {
    ratio.is_negative()
}

pub(super) fn ten_to(exponent: u32) -> BigInt {
    BigInt::from(10_u32).pow(exponent)
}

#[cold]
pub(super) fn round(of: &Number, mode: RoundingMode, decimals: u32) -> Number {
    let scale = ten_to(decimals);
    let of = ratio(of);
    let num = of.numer() * &scale;
    let negative = num.sign() == Sign::Minus;
    let (whole, rest) = num.abs().div_rem(of.denom());
    let half = rest.cmp(&(of.denom() - &rest));
    let away = !rest.is_zero() && away_from_zero(mode, negative, half, whole.is_odd());
    let whole = if away { whole + BigInt::one() } else { whole };
    number(BigRational::new(if negative { -whole } else { whole }, scale))
}

pub(super) fn finite_factor(ratio: &BigRational) -> Option<(u32, u32)> {
    let twos = u32::try_from(ratio.denom().trailing_zeros()?).ok()?;
    let mut rest: BigInt = ratio.denom() >> twos;
    let five = BigInt::from(5_u32);
    let mut fives = 0_u32;
    loop {
        let (fifth, left) = rest.div_rem(&five);
        if !left.is_zero() {
            return rest.is_one().then_some((twos, fives));
        }
        rest = fifth;
        fives = fives.saturating_add(1);
    }
}
