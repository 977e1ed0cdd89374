//! What compliance holds in its hands: what is compared with what, the approvals of policies, the log of what was decided, and the
//! proof that it still comes out the same; the versions that were released, and that they still say what they said then.

pub mod approval;
pub mod diff;
pub mod impact;
pub mod log;
pub mod side;
pub mod versions;

pub use side::Side;
