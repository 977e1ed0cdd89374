//! What the interpreter asks of a language for scripts.

use crate::base::Label;
use crate::plan::StepId;
use crate::value::Value;

/// Calls the functions of scripts. The same arguments give the same result, always: a script knows no clock, no file,
/// no chance.
pub trait ScriptHost: Sync {
    /// Calls the function of this number in [`crate::plan::Plan::scripts`] with known values of its declared types.
    ///
    /// # Errors
    ///
    /// What went wrong, in words; also where the script ran against one of its limits, or where its result is not of
    /// the declared type or range.
    fn call(&self, function: u32, arguments: &[Value]) -> Result<Value, ScriptError>;
}

/// Why a call of a script gave nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScriptError {
    /// What went wrong, in words of both languages.
    pub message: Label,
}

/// A call of a script that failed for a customer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScriptFailure {
    /// The step that called.
    pub step: StepId,
    /// The item it was called for.
    pub item: Option<usize>,
    /// The function, by its number in the plan.
    pub function: u32,
    /// What went wrong, in words of both languages.
    pub message: Label,
}
