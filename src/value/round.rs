//! Rounding, the only place where a digit is given up.

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
