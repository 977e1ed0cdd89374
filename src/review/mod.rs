//! What compliance holds in its hands: what is compared with what, the log of what was decided, and the proof that it still
//! comes out the same.

pub mod diff;
pub mod log;
pub mod side;

pub use side::Side;
