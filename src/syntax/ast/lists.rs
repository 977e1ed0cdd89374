//! What is read along a list: in the order of its keys.

use super::{Expr, Name, Named, Reason};

/// `allocate cash over invoices by due, number up to open -> applied, rest unallocated`
#[derive(Clone, PartialEq, Debug)]
pub struct Allocation {
    /// What is allocated.
    pub amount: Expr,
    /// The list.
    pub list: Name,
    /// The order in which the items are served.
    pub keys: Vec<Expr>,
    /// How much an item takes at most.
    pub up_to: Expr,
    /// The value of each item: what it got.
    pub applied: Named,
    /// The value of the customer: what is left.
    pub rest: Option<Named>,
    /// Why.
    pub reason: Reason,
}

/// `running sum of open by due, number`
#[derive(Clone, PartialEq, Debug)]
pub struct Running {
    /// What is summed.
    pub of: Expr,
    /// The order.
    pub keys: Vec<Expr>,
}

/// `latest outcome in events by on, id where (what is bounced)`
#[derive(Clone, PartialEq, Debug)]
pub struct LatestIn {
    /// The value of the item.
    pub of: Expr,
    /// The list.
    pub list: Name,
    /// The order; the last item counts.
    pub keys: Vec<Expr>,
    /// Which items count.
    pub filter: Option<Expr>,
}
