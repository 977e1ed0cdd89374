//! What compliance holds in its hands: the log of what was decided, and the proof that it still comes out the same.

pub mod log;
