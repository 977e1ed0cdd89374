//! Fractions that do not fit the machine: the slow and unlimited way, taken where the quick ones give up.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "integers without a limit do not overflow; divisors are seen to"
)]

use std::cmp::Ordering;

use num_bigint::{BigInt, BigUint, Sign};
use num_integer::Integer;
use num_traits::{One, Signed, Zero};

use super::{Big, Number, Small, Wide, wide};
use crate::value::round::{RoundingMode, away_from_zero};

/// From so many bits of the denominator on, fractions are reduced: a common factor costs more to find than it saves in
/// the few steps between a division and the rounding that follows it.
const LONG: u64 = 512;

/// A fraction without a limit. INVARIANT: the denominator is positive. It need not be reduced.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Fraction {
    num: BigInt,
    den: BigInt,
}

impl Fraction {
    /// The number of a numerator and a positive denominator: in its quick form where it fits as it stands.
    pub(super) fn number(num: BigInt, den: BigInt) -> Number {
        if let Some(number) = quick(&num, &den) {
            return number;
        }
        let fraction = Fraction { num, den };
        if fraction.den.bits() > LONG { fraction.reduced() } else { Number(Big(Box::new(fraction))) }
    }

    pub(super) fn of(number: &Number) -> Fraction {
        match &number.0 {
            Small { num, den } => Fraction { num: BigInt::from(*num), den: BigInt::from(*den) },
            Wide { num, high, low } => {
                Fraction { num: BigInt::from(*num), den: BigInt::from(wide::join(*high, *low)) }
            }
            Big(fraction) => fraction.as_ref().clone(),
        }
    }

    pub(super) fn into_parts(self) -> (BigInt, BigInt) {
        (self.num, self.den)
    }

    /// The number without a common factor: in its quick form where it fits then.
    pub(super) fn reduced(&self) -> Number {
        let common = self.num.gcd(&self.den);
        let (num, den) = (&self.num / &common, &self.den / &common);
        quick(&num, &den).unwrap_or_else(|| Number(Big(Box::new(Fraction { num, den }))))
    }

    pub(super) fn is_negative(&self) -> bool {
        self.num.is_negative()
    }

    pub(super) fn is_integer(&self) -> bool {
        self.num.is_multiple_of(&self.den)
    }

    /// The whole number, if it is one and fits.
    pub(super) fn to_i128(&self) -> Option<i128> {
        let (whole, rest) = self.num.div_rem(&self.den);
        if rest.is_zero() { i128::try_from(whole).ok() } else { None }
    }

    /// The exponents of 2 and of 5 in the denominator of a reduced fraction.
    pub(super) fn finite_factor(&self) -> Option<(u32, u32)> {
        let twos = u32::try_from(self.den.trailing_zeros()?).ok()?;
        let mut rest: BigInt = &self.den >> twos;
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
}

impl std::fmt::Display for Fraction {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.den.is_one() { write!(out, "{}", self.num) } else { write!(out, "{}/{}", self.num, self.den) }
    }
}

fn quick(num: &BigInt, den: &BigInt) -> Option<Number> {
    if num.is_zero() {
        return Some(Number::ZERO);
    }
    if num.bits() > 127 || den.bits() > 96 {
        return None;
    }
    wide::number(i128::try_from(num).ok()?, u128::try_from(den).ok()?)
}

pub(super) fn integer(whole: BigInt) -> Number {
    Fraction::number(whole, BigInt::one())
}

#[cold]
pub(super) fn add(left: &Number, right: &Number) -> Number {
    let (left, right) = (Fraction::of(left), Fraction::of(right));
    if left.den == right.den {
        return Fraction::number(left.num + right.num, left.den);
    }
    Fraction::number(left.num * &right.den + right.num * &left.den, left.den * right.den)
}

#[cold]
pub(super) fn mul(left: &Number, right: &Number) -> Number {
    let (left, right) = (Fraction::of(left), Fraction::of(right));
    Fraction::number(left.num * right.num, left.den * right.den)
}

/// The quotient by what is not 0.
#[cold]
pub(super) fn div(left: &Number, right: &Number) -> Number {
    let (left, right) = (Fraction::of(left), Fraction::of(right));
    let (sign, size) = right.num.into_parts();
    let num = if left.den == right.den { left.num } else { left.num * &right.den };
    let den = BigInt::from(size);
    let den = if left.den == right.den { den } else { left.den * den };
    Fraction::number(if sign == Sign::Minus { -num } else { num }, den)
}

#[cold]
pub(super) fn neg(of: &Fraction) -> Number {
    Fraction::number(-&of.num, of.den.clone())
}

#[cold]
pub(super) fn cmp(left: &Number, right: &Number) -> Ordering {
    let (left, right) = (Fraction::of(left), Fraction::of(right));
    match left.num.sign().cmp(&right.num.sign()) {
        Ordering::Equal => (left.num * right.den).cmp(&(right.num * left.den)),
        apart => apart,
    }
}

pub(super) fn ten_to(exponent: u32) -> BigInt {
    BigInt::from(BigUint::from(10_u32).pow(exponent))
}

#[cold]
pub(super) fn round(of: &Number, mode: RoundingMode, decimals: u32) -> Number {
    let scale = ten_to(decimals);
    let of = Fraction::of(of);
    let num = of.num * &scale;
    let negative = num.sign() == Sign::Minus;
    let (whole, rest) = num.abs().div_rem(&of.den);
    let half = rest.cmp(&(of.den - &rest));
    let away = !rest.is_zero() && away_from_zero(mode, negative, half, whole.is_odd());
    let whole = if away { whole + BigInt::one() } else { whole };
    Fraction::number(if negative { -whole } else { whole }, scale)
}
