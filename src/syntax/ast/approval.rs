//! Who may sign for how much: the order of roles, joint signatures, authorities.

use super::{Cell, Expr, Key, Label, Name, Named, Reason, Row};
use crate::base::Span;

/// A role: `credit_manager "信用经理" above credit_analyst`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Role {
    /// Its name and label.
    pub named: Named,
    /// The roles it stands over, as far as the policy says so.
    pub above: Vec<Name>,
}

/// Whose signatures are asked for: `credit_manager and (finance_head or sales_director)`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signers {
    /// What it is.
    pub kind: SignersKind,
    /// Where it stands.
    pub span: Span,
}

/// Whose signatures are asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SignersKind {
    /// `credit_manager`; with `exactly`, no higher role in its place.
    Role {
        /// The role.
        role: Name,
        /// `exactly`
        exactly: Option<Span>,
    },
    /// `a and b`: two different persons.
    And(Vec<Signers>),
    /// `a or b`: either.
    Or(Vec<Signers>),
    /// `nobody`: it is not to be had.
    Nobody,
    /// What could not be read as meant; reported already.
    Error,
}

/// `authority grant for credit_limit by risk_class from sign_offs grid { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Authority {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// What is approved.
    pub of: Expr,
    /// What the rows go by before the amount.
    pub keys: Vec<Key>,
    /// The list that holds the signatures; the only list of sign-offs where none is named.
    pub list: Option<Name>,
    /// `grid`: the cells of the amount, above the columns.
    pub grid: Option<Vec<Cell>>,
    /// `grid` itself.
    pub grid_span: Option<Span>,
    /// The rows. In a grid, each has one cell and as many signers as the grid has columns.
    pub rows: Vec<Row>,
    /// `on disagreement general_manager`
    pub on_disagreement: Option<Name>,
    /// `beyond own limit : …`
    pub beyond: Option<Beyond>,
    /// `because …`, `cite …` of the whole authority.
    pub reason: Reason,
}

/// `beyond own limit : carries 100% of the excess`
#[derive(Clone, PartialEq, Debug)]
pub struct Beyond {
    /// The part of the excess that the signer carries; none for `nobody`, where nobody may sign beyond his own limit.
    pub carries: Option<Expr>,
    /// Where it stands.
    pub span: Span,
}
