//! Exact numbers.
//!
//! A [`Number`] is a fraction of two integers. Nearly all numbers of credit work fit a numerator of 128 bits over a
//! denominator of 64, and there arithmetic is a handful of machine instructions: nothing is reduced until it must be
//! (12.50 stays 1250/100). A sum of quotients, as an appraisal is, takes a denominator of up to 96 bits. What does not
//! fit there goes to integers without a limit, and comes back when it is rounded.

mod big;
mod text;
mod wide;

#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use num_bigint::BigInt;
use num_rational::BigRational;

use self::big::Fraction;
use super::round::{RoundingMode, away_from_zero};

/// An exact rational number. Arithmetic never rounds; a quotient stays a fraction (30/90 is 1/3).
///
/// Two numbers are equal when their values are, however they were written: `2.50` is `2.5`.
pub struct Number(Repr);

/// INVARIANT: a denominator is positive; a `num` is never `i128::MIN`, so that its sign can always be turned; 0 is
/// always `Small`; the denominator of a `Wide` is `high` behind `low` and does not fit a `Small`.
enum Repr {
    Small { num: i128, den: u64 },
    Wide { num: i128, high: u32, low: u64 },
    Big(Box<Fraction>),
}

use Repr::{Big, Small, Wide};

impl Clone for Number {
    #[inline]
    fn clone(&self) -> Number {
        Number(match &self.0 {
            Small { num, den } => Small { num: *num, den: *den },
            Wide { num, high, low } => Wide { num: *num, high: *high, low: *low },
            Big(fraction) => Big(fraction.clone()),
        })
    }
}

impl Number {
    /// 0.
    pub const ZERO: Number = Number(Small { num: 0, den: 1 });
    /// 1.
    pub const ONE: Number = Number(Small { num: 1, den: 1 });

    /// A whole number.
    #[must_use]
    pub const fn from_i64(whole: i64) -> Number {
        Number(Small { num: whole as i128, den: 1 })
    }

    /// A whole number.
    #[must_use]
    pub fn from_i128(whole: i128) -> Number {
        small(whole, 1).unwrap_or_else(|| big::integer(BigInt::from(whole)))
    }

    /// `numerator / denominator`; `None` where the denominator is 0.
    #[must_use]
    pub fn ratio(numerator: i64, denominator: i64) -> Option<Number> {
        let num = i128::from(numerator);
        let num = if denominator < 0 { num.wrapping_neg() } else { num };
        (denominator != 0).then_some(Number(Small { num, den: denominator.unsigned_abs() }))
    }

    /// A decimal written in plain ASCII: an optional `-`, digits, and after a point at least one more digit.
    /// Of any length; no exponent, no spaces, no grouping.
    #[must_use]
    pub fn decimal(text: &str) -> Option<Number> {
        text::parse(text)
    }

    /// 10 to the power of `exponent`.
    #[must_use]
    pub fn power_of_ten(exponent: u32) -> Number {
        match 10_i128.checked_pow(exponent) {
            Some(num) => Number(Small { num, den: 1 }),
            None => big::integer(big::ten_to(exponent)),
        }
    }

    /// The exact sum.
    #[must_use]
    #[inline]
    pub fn add(&self, other: &Number) -> Number {
        if let (Small { num: a, den: b }, Small { num: c, den: d }) = (&self.0, &other.0) {
            let sum = if b == d { plus(*a, *c, *b) } else { add_unlike(*a, *b, *c, *d) };
            if let Some(sum) = sum {
                return sum;
            }
        }
        wide::add(self, other).unwrap_or_else(|| big::add(self, other))
    }

    /// The exact difference.
    #[must_use]
    #[inline]
    pub fn sub(&self, other: &Number) -> Number {
        if let (Small { num: a, den: b }, Small { num: c, den: d }) = (&self.0, &other.0) {
            let c = c.wrapping_neg();
            let difference = if b == d { plus(*a, c, *b) } else { add_unlike(*a, *b, c, *d) };
            if let Some(difference) = difference {
                return difference;
            }
        }
        wide::add(self, &other.neg()).unwrap_or_else(|| big::add(self, &other.neg()))
    }

    /// The exact product.
    #[must_use]
    #[inline]
    pub fn mul(&self, other: &Number) -> Number {
        if let (Small { num: a, den: b }, Small { num: c, den: d }) = (&self.0, &other.0)
            && let Some(product) = mul_small(*a, *b, *c, *d)
        {
            return product;
        }
        wide::mul(self, other).unwrap_or_else(|| big::mul(self, other))
    }

    /// The exact quotient; `None` where the divisor is 0.
    #[must_use]
    #[inline]
    pub fn div(&self, other: &Number) -> Option<Number> {
        if other.is_zero() {
            return None;
        }
        if let (Small { num: a, den: b }, Small { num: c, den: d }) = (&self.0, &other.0)
            && let Some(quotient) = div_small(*a, *b, *c, *d)
        {
            return Some(quotient);
        }
        Some(wide::div(self, other).unwrap_or_else(|| big::div(self, other)))
    }

    /// The number with its sign turned.
    #[must_use]
    pub fn neg(&self) -> Number {
        match &self.0 {
            Small { num, den } => Number(Small { num: num.wrapping_neg(), den: *den }),
            Wide { num, high, low } => Number(Wide { num: num.wrapping_neg(), high: *high, low: *low }),
            Big(fraction) => big::neg(fraction),
        }
    }

    /// The number without its sign.
    #[must_use]
    pub fn abs(&self) -> Number {
        if self.is_negative() { self.neg() } else { self.clone() }
    }

    /// The number to the power of `exponent`; anything to the power of 0 is 1. The caller bounds the exponent.
    #[must_use]
    pub fn pow(&self, exponent: u32) -> Number {
        let mut result = Number::ONE;
        let mut square = self.clone();
        let mut rest = exponent;
        loop {
            if rest & 1 == 1 {
                result = result.mul(&square);
            }
            rest >>= 1_u32;
            if rest == 0 {
                return result;
            }
            square = square.mul(&square);
        }
    }

    /// The exact sum of all; 0 over nothing.
    #[must_use]
    pub fn sum<'a>(numbers: impl IntoIterator<Item = &'a Number>) -> Number {
        numbers.into_iter().fold(Number::ZERO, |sum, number| sum.add(number))
    }

    /// Whether it is 0.
    #[must_use]
    #[inline]
    pub fn is_zero(&self) -> bool {
        matches!(self.0, Small { num: 0, .. })
    }

    /// Whether it is below 0.
    #[must_use]
    #[inline]
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Small { num, .. } | Wide { num, .. } => *num < 0,
            Big(fraction) => fraction.is_negative(),
        }
    }

    /// Whether it is above 0.
    #[must_use]
    #[inline]
    pub fn is_positive(&self) -> bool {
        !self.is_zero() && !self.is_negative()
    }

    /// Whether it is whole.
    #[must_use]
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Small { num, den } => *den == 1 || num.unsigned_abs().checked_rem(u128::from(*den)) == Some(0),
            Wide { num, high, low } => num.unsigned_abs().checked_rem(wide::join(*high, *low)) == Some(0),
            Big(fraction) => fraction.is_integer(),
        }
    }

    /// The whole number as 64 bits; `None` where it has a fraction or does not fit.
    #[must_use]
    pub fn to_i64(&self) -> Option<i64> {
        i64::try_from(self.to_i128()?).ok()
    }

    /// The whole number as 128 bits; `None` where it has a fraction or does not fit.
    #[must_use]
    pub fn to_i128(&self) -> Option<i128> {
        match self.reduced().0 {
            Small { num, den: 1 } => Some(num),
            // Only the least number of 128 bits is held in the other way.
            Big(fraction) => fraction.to_i128(),
            Small { .. } | Wide { .. } => None,
        }
    }

    /// The greatest whole number not above it.
    #[must_use]
    pub fn floor(&self) -> Number {
        self.round(RoundingMode::Floor, 0)
    }

    /// The least whole number not below it.
    #[must_use]
    pub fn ceil(&self) -> Number {
        self.round(RoundingMode::Ceiling, 0)
    }

    /// The number with so many decimals that lies beside it, as the mode says.
    #[must_use]
    pub fn round(&self, mode: RoundingMode, decimals: u32) -> Number {
        if let (Small { num, den }, Some(scale)) = (&self.0, 10_u64.checked_pow(decimals)) {
            if *den == scale || *den == 1 {
                return self.clone();
            }
            if let Some(rounded) =
                mul_wide(*num, scale).and_then(|num| small(quotient(mode, num, *den)?, scale))
            {
                return rounded;
            }
        }
        wide::round(self, mode, decimals).unwrap_or_else(|| big::round(self, mode, decimals))
    }

    /// The multiple of `step` that lies beside it, as the mode says. The sign of the step does not count;
    /// with a step of 0 the number stays as it is.
    #[must_use]
    pub fn round_to_multiple(&self, mode: RoundingMode, step: &Number) -> Number {
        let step = step.abs();
        match self.div(&step) {
            Some(steps) => steps.round(mode, 0).mul(&step),
            None => self.clone(),
        }
    }

    /// The greatest multiple count: `floor(self / step)`; `None` where the step is 0.
    #[must_use]
    pub fn div_floor(&self, step: &Number) -> Option<Number> {
        Some(self.div(step)?.floor())
    }

    /// What `div_floor` leaves: 0 or of the sign of the step; `None` where the step is 0.
    #[must_use]
    pub fn rem_floor(&self, step: &Number) -> Option<Number> {
        Some(self.sub(&self.div_floor(step)?.mul(step)))
    }

    /// The same number with numerator and denominator reduced.
    #[must_use]
    pub fn reduced(&self) -> Number {
        match &self.0 {
            Small { num, den } => {
                let (num, den) = reduce(*num, *den);
                Number(Small { num, den })
            }
            Wide { num, high, low } => wide::reduced(*num, wide::join(*high, *low)),
            Big(fraction) => fraction.reduced(),
        }
    }

    /// The exponents of 2 and of 5 in the reduced denominator; `None` where it has another prime and the decimals
    /// never end. 1/8 gives (3, 0).
    #[must_use]
    pub fn finite_factor(&self) -> Option<(u32, u32)> {
        match self.reduced().0 {
            Small { den, .. } => wide::finite_factor(u128::from(den)),
            Wide { high, low, .. } => wide::finite_factor(wide::join(high, low)),
            Big(fraction) => fraction.finite_factor(),
        }
    }

    /// How many decimals it takes to write it; `None` where they never end (1/3).
    #[must_use]
    pub fn decimals(&self) -> Option<u32> {
        self.finite_factor().map(|(twos, fives)| twos.max(fives))
    }

    /// How many digits it takes to write it: those of the whole part (none for 0.5) and the decimals; at least 1.
    /// `None` where the decimals never end. An output may have 28.
    #[must_use]
    pub fn digits(&self) -> Option<u32> {
        let decimals = self.decimals()?;
        let whole = self.abs().floor();
        let digits =
            if whole.is_zero() { 0 } else { u32::try_from(whole.to_string().len()).unwrap_or(u32::MAX) };
        Some(digits.saturating_add(decimals).max(1))
    }

    /// The decimals of the number without zeros at the end (`12.5`); `None` where they never end.
    #[must_use]
    pub fn to_decimal_string(&self) -> Option<String> {
        self.decimals().map(|decimals| text::decimal(self, decimals))
    }

    /// The number with exactly so many decimals: `12.50`. For numbers that were rounded: one that has more decimals
    /// keeps them, one whose decimals never end is written as a fraction; nothing is cut.
    #[must_use]
    pub fn to_fixed(&self, decimals: u32) -> String {
        match self.decimals() {
            Some(own) => text::decimal(self, own.max(decimals)),
            None => self.fraction_string(),
        }
    }

    /// The reduced fraction: `1/3`; a whole number without its denominator of 1.
    #[must_use]
    pub fn fraction_string(&self) -> String {
        match self.reduced().0 {
            Small { num, den: 1 } => num.to_string(),
            Small { num, den } => format!("{num}/{den}"),
            Wide { num, high, low } => format!("{num}/{}", wide::join(high, low)),
            Big(fraction) => fraction.to_string(),
        }
    }

    /// The number as a decimal of at most 28 digits; `None` where it does not fit exactly.
    #[must_use]
    pub fn to_rust_decimal(&self) -> Option<rust_decimal::Decimal> {
        let decimals = self.decimals()?;
        if decimals > rust_decimal::Decimal::MAX_SCALE {
            return None;
        }
        let mantissa = self.mul(&Number::power_of_ten(decimals)).to_i128()?;
        rust_decimal::Decimal::try_from_i128_with_scale(mantissa, decimals).ok()
    }

    /// The same number, exactly.
    #[must_use]
    pub fn from_rust_decimal(decimal: rust_decimal::Decimal) -> Number {
        let number = Number::from_i128(decimal.mantissa());
        match 10_u64.checked_pow(decimal.scale()) {
            Some(1) => number,
            Some(den) => small(decimal.mantissa(), den).unwrap_or(number),
            None => number.div(&Number::power_of_ten(decimal.scale())).unwrap_or(number),
        }
    }
}

/// A small number, unless the numerator is the one whose sign cannot be turned.
#[inline]
fn small(num: i128, den: u64) -> Option<Number> {
    (num != i128::MIN).then_some(Number(Small { num, den }))
}

#[inline]
fn plus(a: i128, c: i128, den: u64) -> Option<Number> {
    small(a.checked_add(c)?, den)
}

/// `a * s`; quick where `a` fits 64 bits, as amounts do.
#[inline]
fn mul_wide(a: i128, s: u64) -> Option<i128> {
    match i64::try_from(a) {
        // 63 bits by 64 bits and a sign: cannot wrap.
        Ok(a) => Some(i128::from(a).wrapping_mul(i128::from(s))),
        Err(_) => a.checked_mul(i128::from(s)),
    }
}

#[inline]
fn mul_i128(a: i128, c: i128) -> Option<i128> {
    match (i64::try_from(a), i64::try_from(c)) {
        // 63 bits by 63 bits and a sign: cannot wrap.
        (Ok(a), Ok(c)) => Some(i128::from(a).wrapping_mul(i128::from(c))),
        _ => a.checked_mul(c),
    }
}

fn add_unlike(a: i128, b: u64, c: i128, d: u64) -> Option<Number> {
    // The lesser denominator first; it mostly divides the greater: yuan to fen, fen to percents of fen.
    let (a, b, c, d) = if b <= d { (a, b, c, d) } else { (c, d, a, b) };
    if d.checked_rem(b)? == 0 {
        if let Some(sum) = mul_wide(a, d.checked_div(b)?).and_then(|a| plus(a, c, d)) {
            return Some(sum);
        }
    } else if let (Ok(b), Ok(d)) = (u32::try_from(b), u32::try_from(d)) {
        let den = u64::from(b).wrapping_mul(u64::from(d));
        if let (Some(a), Some(c)) = (mul_wide(a, u64::from(d)), mul_wide(c, u64::from(b)))
            && let Some(sum) = plus(a, c, den)
        {
            return Some(sum);
        }
    }
    None
}

#[inline]
fn mul_small(a: i128, b: u64, c: i128, d: u64) -> Option<Number> {
    small(mul_i128(a, c)?, b.checked_mul(d)?)
}

#[inline]
fn div_small(a: i128, b: u64, c: i128, d: u64) -> Option<Number> {
    let a = if c < 0 { a.wrapping_neg() } else { a };
    let c = u64::try_from(c.unsigned_abs()).ok()?;
    // Amounts of one currency over each other: the fen cancel.
    if b == d { small(a, c) } else { small(mul_wide(a, d)?, b.checked_mul(c)?) }
}

/// Numerator and denominator without their common factor.
fn reduce(num: i128, den: u64) -> (i128, u64) {
    if den == 1 {
        return (num, den);
    }
    let rest = match u64::try_from(num.unsigned_abs()) {
        Ok(num) => num.checked_rem(den),
        Err(_) => num.unsigned_abs().checked_rem(u128::from(den)).and_then(|rest| u64::try_from(rest).ok()),
    };
    let common = num_integer::gcd(rest.unwrap_or(1), den);
    match (num.checked_div(i128::from(common)), den.checked_div(common)) {
        (Some(num), Some(den)) => (num, den),
        _ => (num, den),
    }
}

/// `num / den`, rounded to a whole number.
#[inline]
fn quotient(mode: RoundingMode, num: i128, den: u64) -> Option<i128> {
    let (whole, rest) = match (u64::try_from(num.unsigned_abs()), den) {
        (Ok(num), den) => (u128::from(num.checked_div(den)?), num.checked_rem(den)?),
        (Err(_), den) => {
            let (num, den) = (num.unsigned_abs(), u128::from(den));
            (num.checked_div(den)?, u64::try_from(num.checked_rem(den)?).ok()?)
        }
    };
    let negative = num < 0;
    let half = rest.cmp(&den.checked_sub(rest)?);
    let away = rest != 0 && away_from_zero(mode, negative, half, whole & 1 == 1);
    let whole = i128::try_from(whole).ok()?.checked_add(i128::from(away))?;
    Some(if negative { whole.wrapping_neg() } else { whole })
}

impl PartialEq for Number {
    #[inline]
    fn eq(&self, other: &Number) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    #[inline]
    fn partial_cmp(&self, other: &Number) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    #[inline]
    fn cmp(&self, other: &Number) -> Ordering {
        if let (Small { num: a, den: b }, Small { num: c, den: d }) = (&self.0, &other.0) {
            if b == d {
                return a.cmp(c);
            }
            if let (Ok(a), Ok(c)) = (i64::try_from(*a), i64::try_from(*c)) {
                // 63 bits by 64 bits and a sign: cannot wrap.
                let left = i128::from(a).wrapping_mul(i128::from(*d));
                return left.cmp(&i128::from(c).wrapping_mul(i128::from(*b)));
            }
        }
        wide::cmp(self, other).unwrap_or_else(|| big::cmp(self, other))
    }
}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self.reduced().0 {
            Small { num, den } => (num, den).hash(state),
            Wide { num, high, low } => (num, wide::join(high, low)).hash(state),
            Big(fraction) => fraction.hash(state),
        }
    }
}

impl Default for Number {
    fn default() -> Number {
        Number::ZERO
    }
}

impl From<i64> for Number {
    fn from(whole: i64) -> Number {
        Number::from_i64(whole)
    }
}

impl From<i32> for Number {
    fn from(whole: i32) -> Number {
        Number::from_i64(i64::from(whole))
    }
}

impl From<u32> for Number {
    fn from(whole: u32) -> Number {
        Number::from_i64(i64::from(whole))
    }
}

impl From<i128> for Number {
    fn from(whole: i128) -> Number {
        Number::from_i128(whole)
    }
}

impl From<BigRational> for Number {
    fn from(ratio: BigRational) -> Number {
        let (num, den) = ratio.into_raw();
        Fraction::number(num, den)
    }
}

impl From<&Number> for BigRational {
    fn from(number: &Number) -> BigRational {
        let (num, den) = Fraction::of(number).into_parts();
        BigRational::new(num, den)
    }
}

impl std::fmt::Display for Number {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.pad(&self.to_decimal_string().unwrap_or_else(|| self.fraction_string()))
    }
}

impl std::fmt::Debug for Number {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{self}")
    }
}
