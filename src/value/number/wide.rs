//! Fractions of 128 bits over 96: sums and products of quotients of amounts, before anything rounds them.
//!
//! Every function gives `None` where its result does not fit; then [`super::big`] finds it.

use std::cmp::Ordering;

use super::{Big, Number, Repr, RoundingMode, Small, Wide, away_from_zero};

/// Numerator and denominator, if both fit.
#[inline]
fn parts(number: &Number) -> Option<(i128, u128)> {
    match &number.0 {
        Small { num, den } => Some((*num, u128::from(*den))),
        Wide { num, high, low } => Some((*num, join(*high, *low))),
        Big(_) => None,
    }
}

/// The denominator of its two parts.
#[inline]
pub(super) fn join(high: u32, low: u64) -> u128 {
    (u128::from(high) << 64_u32) | u128::from(low)
}

/// The number of a numerator and a positive denominator.
#[inline]
pub(super) fn number(num: i128, den: u128) -> Option<Number> {
    if num == i128::MIN {
        return None;
    }
    if num == 0 {
        return Some(Number::ZERO);
    }
    if let Ok(den) = u64::try_from(den) {
        return Some(Number(Small { num, den }));
    }
    let high = u32::try_from(den >> 64_u32).ok()?;
    // What is cut off stands in `high`.
    Some(Number(Repr::Wide { num, high, low: den as u64 }))
}

pub(super) fn reduced(num: i128, den: u128) -> Number {
    let (num, den) = reduce(num, den);
    number(num, den).unwrap_or(Number::ZERO)
}

pub(super) fn add(left: &Number, right: &Number) -> Option<Number> {
    let (left, right) = (parts(left)?, parts(right)?);
    add_parts(left, right).or_else(|| add_reduced(left, right))
}

fn add_parts((a, b): (i128, u128), (c, d): (i128, u128)) -> Option<Number> {
    if b == d {
        return number(a.checked_add(c)?, b);
    }
    let ((a, b), (c, d)) = if b <= d { ((a, b), (c, d)) } else { ((c, d), (a, b)) };
    if d.checked_rem(b)? == 0 {
        return number(times(a, d.checked_div(b)?)?.checked_add(c)?, d);
    }
    number(times(a, d)?.checked_add(times(c, b)?)?, b.checked_mul(d)?)
}

#[cold]
fn add_reduced((a, b): (i128, u128), (c, d): (i128, u128)) -> Option<Number> {
    let (a, b) = reduce(a, b);
    let (c, d) = reduce(c, d);
    let common = num_integer::gcd(b, d);
    let (left, right) = (d.checked_div(common)?, b.checked_div(common)?);
    let (num, den) = (times(a, left)?.checked_add(times(c, right)?)?, b.checked_mul(left)?);
    number(num, den).or_else(|| {
        let (num, den) = reduce(num, den);
        number(num, den)
    })
}

pub(super) fn mul(left: &Number, right: &Number) -> Option<Number> {
    let (left, right) = (parts(left)?, parts(right)?);
    mul_parts(left, right).or_else(|| mul_reduced(left, right))
}

fn mul_parts((a, b): (i128, u128), (c, d): (i128, u128)) -> Option<Number> {
    number(a.checked_mul(c)?, b.checked_mul(d)?)
}

#[cold]
fn mul_reduced((a, b): (i128, u128), (c, d): (i128, u128)) -> Option<Number> {
    let (a, b) = reduce(a, b);
    let (c, d) = reduce(c, d);
    let (a, d) = reduce(a, d);
    let (c, b) = reduce(c, b);
    mul_parts((a, b), (c, d))
}

/// The quotient by what is not 0.
pub(super) fn div(left: &Number, right: &Number) -> Option<Number> {
    let ((a, b), (c, d)) = (parts(left)?, parts(right)?);
    let turned = i128::try_from(d).ok()?;
    let upside_down = (if c < 0 { turned.wrapping_neg() } else { turned }, c.unsigned_abs());
    if b == d {
        let a = if c < 0 { a.wrapping_neg() } else { a };
        if let Some(quotient) = number(a, c.unsigned_abs()) {
            return Some(quotient);
        }
    }
    mul_parts((a, b), upside_down).or_else(|| mul_reduced((a, b), upside_down))
}

pub(super) fn cmp(left: &Number, right: &Number) -> Option<Ordering> {
    let ((a, b), (c, d)) = (parts(left)?, parts(right)?);
    if b == d {
        return Some(a.cmp(&c));
    }
    if a.signum() != c.signum() {
        return Some(a.cmp(&c));
    }
    let sizes = full_product(a.unsigned_abs(), d).cmp(&full_product(c.unsigned_abs(), b));
    Some(if a < 0 { sizes.reverse() } else { sizes })
}

/// All 256 bits of a product, the upper half first.
#[inline]
fn full_product(left: u128, right: u128) -> (u128, u128) {
    const LOW: u128 = u64::MAX as u128;
    let (left_high, left_low) = (left >> 64_u32, left & LOW);
    let (right_high, right_low) = (right >> 64_u32, right & LOW);
    // 64 bits by 64 bits and twice a carry of 64 bits fit 128 bits: nothing wraps.
    let low = left_low.wrapping_mul(right_low);
    let cross = left_high.wrapping_mul(right_low).wrapping_add(low >> 64_u32);
    let other = left_low.wrapping_mul(right_high).wrapping_add(cross & LOW);
    let high = left_high.wrapping_mul(right_high).wrapping_add(cross >> 64_u32).wrapping_add(other >> 64_u32);
    (high, (other << 64_u32) | (low & LOW))
}

pub(super) fn round(of: &Number, mode: RoundingMode, decimals: u32) -> Option<Number> {
    let (num, den) = parts(of)?;
    let scale = 10_u64.checked_pow(decimals)?;
    let size = num.unsigned_abs();
    // The whole part and the rest by themselves, so that scaling stays within 128 bits.
    let whole = size.checked_div(den)?.checked_mul(u128::from(scale))?;
    let rest = size.checked_rem(den)?.checked_mul(u128::from(scale))?;
    let (more, rest) = (rest.checked_div(den)?, rest.checked_rem(den)?);
    let whole = whole.checked_add(more)?;
    let half = rest.cmp(&den.checked_sub(rest)?);
    let away = rest != 0 && away_from_zero(mode, num < 0, half, whole & 1 == 1);
    let rounded = i128::try_from(whole.checked_add(u128::from(away))?).ok()?;
    number(if num < 0 { rounded.wrapping_neg() } else { rounded }, u128::from(scale))
}

pub(super) fn finite_factor(den: u128) -> Option<(u32, u32)> {
    let twos = den.trailing_zeros();
    let mut rest = den.checked_shr(twos)?;
    let mut fives = 0_u32;
    while rest.checked_rem(5) == Some(0) {
        rest = rest.checked_div(5)?;
        fives = fives.saturating_add(1);
    }
    (rest == 1).then_some((twos, fives))
}

fn times(num: i128, factor: u128) -> Option<i128> {
    num.checked_mul(i128::try_from(factor).ok()?)
}

/// Numerator and denominator without their common factor.
fn reduce(num: i128, den: u128) -> (i128, u128) {
    let common = num_integer::gcd(num.unsigned_abs(), den);
    match (i128::try_from(common).ok().and_then(|common| num.checked_div(common)), den.checked_div(common)) {
        (Some(num), Some(den)) => (num, den),
        _ => (num, den),
    }
}
