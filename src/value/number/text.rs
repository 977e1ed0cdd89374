//! Numbers as decimal text.

use num_bigint::BigInt;

use super::big::{self, Fraction};
use super::{Number, small};

/// The number of `-12.50`; see [`Number::decimal`].
pub(super) fn parse(text: &str) -> Option<Number> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let (whole, decimals) = match digits.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (digits, ""),
    };
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(decimals) {
        return None;
    }
    quick(negative, whole, decimals).or_else(|| long(negative, whole, decimals))
}

fn quick(negative: bool, whole: &str, decimals: &str) -> Option<Number> {
    let den = 10_u64.checked_pow(u32::try_from(decimals.len()).ok()?)?;
    let mut num = 0_i128;
    for digit in whole.bytes().chain(decimals.bytes()) {
        num = num.checked_mul(10)?.checked_add(i128::from(digit.checked_sub(b'0')?))?;
    }
    small(if negative { num.wrapping_neg() } else { num }, den)
}

fn long(negative: bool, whole: &str, decimals: &str) -> Option<Number> {
    let num: BigInt = format!("{}{whole}{decimals}", if negative { "-" } else { "" }).parse().ok()?;
    let den = big::ten_to(u32::try_from(decimals.len()).ok()?);
    Some(Fraction::number(num, den))
}

/// The number with so many decimals; the caller has seen that no more are needed.
pub(super) fn decimal(number: &Number, decimals: u32) -> String {
    let mantissa = number.abs().mul(&Number::power_of_ten(decimals)).fraction_string();
    let width = (decimals as usize).saturating_add(1);
    let padded = format!("{mantissa:0>width$}");
    let (whole, rest) =
        padded.split_at_checked(padded.len().saturating_sub(decimals as usize)).unwrap_or((&padded, ""));
    let sign = if number.is_negative() { "-" } else { "" };
    if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}
