//! Rounding, the only place where a digit is given up.

use std::cmp::Ordering;

use super::Number;

/// How a number that lies between two permitted ones is rounded.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum RoundingMode {
    /// To the nearer; a half away from zero (四舍五入).
    #[default]
    HalfUp,
    /// To the nearer; a half to the even neighbour (四舍六入五成双).
    HalfEven,
    /// Toward zero (去尾).
    Down,
    /// Away from zero (进一).
    Up,
    /// Toward minus infinity (向下).
    Floor,
    /// Toward plus infinity (向上).
    Ceiling,
}

impl RoundingMode {
    /// The name in a policy and in data, never translated.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            RoundingMode::HalfUp => "half_up",
            RoundingMode::HalfEven => "half_even",
            RoundingMode::Down => "down",
            RoundingMode::Up => "up",
            RoundingMode::Floor => "floor",
            RoundingMode::Ceiling => "ceiling",
        }
    }
}

/// What numbers are permitted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Precision {
    /// Numbers of so many decimals; for a percent, of the percent figure.
    Decimals(u32),
    /// Multiples of a positive number.
    Multiples(Number),
}

/// `rounded [mode] to n decimals`, `rounded [mode] to multiples of s`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rounding {
    /// How.
    pub mode: RoundingMode,
    /// To what.
    pub precision: Precision,
}

impl Precision {
    /// The permitted number that lies beside `number`, as the mode says.
    #[must_use]
    pub fn round(&self, mode: RoundingMode, number: &Number) -> Number {
        match self {
            Precision::Decimals(decimals) => number.round(mode, *decimals),
            Precision::Multiples(step) => number.round_to_multiple(mode, step),
        }
    }
}

impl Rounding {
    /// The rounded number. For a percent with [`Precision::Decimals`] the caller adds the two decimals by which the
    /// percent figure and its fraction differ.
    #[must_use]
    pub fn apply(&self, number: &Number) -> Number {
        self.precision.round(self.mode, number)
    }
}

/// Whether a number between two permitted ones goes to the one farther from zero. `half` compares what lies beyond
/// the nearer-to-zero one with what is missing to the other; `odd` says whether the nearer-to-zero one is odd.
#[inline]
pub(super) fn away_from_zero(mode: RoundingMode, negative: bool, half: Ordering, odd: bool) -> bool {
    match mode {
        RoundingMode::HalfUp => half != Ordering::Less,
        RoundingMode::HalfEven => match half {
            Ordering::Less => false,
            Ordering::Equal => odd,
            Ordering::Greater => true,
        },
        RoundingMode::Down => false,
        RoundingMode::Up => true,
        RoundingMode::Floor => negative,
        RoundingMode::Ceiling => !negative,
    }
}
