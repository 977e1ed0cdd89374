//! What is read along a list.

use super::{Expr, Reason};
use crate::value::FieldId;

/// `allocate … over … by … up to … -> …`: what each item gets.
#[derive(Clone, Debug)]
pub struct Allocation {
    /// The list.
    pub list: FieldId,
    /// What is allocated, a value of the customer.
    pub amount: Expr,
    /// The order, values of the item; the last of them is the list's key.
    pub keys: Vec<Expr>,
    /// How much an item takes at most; less than 0 counts as 0.
    pub up_to: Expr,
    /// Why.
    pub reason: Reason,
}
