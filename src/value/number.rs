//! Exact numbers.

use num_rational::BigRational;

/// An exact rational number. Arithmetic never rounds; a quotient stays a fraction (30/90 is 1/3).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Number(BigRational);
