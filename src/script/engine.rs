//! The engine that runs scripts, and what it does without.
//!
//! It starts raw and is given the few packages that figures need. There is no file, no clock, no output, no `eval`, no
//! sleep, no import in it; what it can do is bounded in steps, depth and memory.

use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicIteratorPackage, BasicStringPackage, LogicPackage,
    MoreStringPackage, Package,
};
use rhai::{Engine, OptimizationLevel};
use rust_decimal::{Decimal, RoundingStrategy};

/// The most operations of one call: some hundredths of a second.
pub const MOST_OPERATIONS: u64 = 50_000;
/// The most calls inside each other.
pub const MOST_CALLS: usize = 16;
/// The most values of a list; also of one that is handed in.
pub const MOST_VALUES: usize = 1_000;
/// The most bytes of a text.
pub const MOST_TEXT: usize = 4_096;
/// The most variables at once.
pub const MOST_VARIABLES: usize = 64;
/// How deep expressions may stand inside each other.
pub const MOST_DEPTH: usize = 32;
/// The most bytes of a file.
pub const MOST_SOURCE: usize = 256 * 1024;

/// An engine with all limits set.
pub(super) fn engine() -> Engine {
    let mut engine = Engine::new_raw();
    ArithmeticPackage::new().register_into_engine(&mut engine);
    LogicPackage::new().register_into_engine(&mut engine);
    BasicIteratorPackage::new().register_into_engine(&mut engine);
    BasicStringPackage::new().register_into_engine(&mut engine);
    MoreStringPackage::new().register_into_engine(&mut engine);
    BasicArrayPackage::new().register_into_engine(&mut engine);
    figures(&mut engine);

    engine.set_max_operations(MOST_OPERATIONS);
    engine.set_max_call_levels(MOST_CALLS);
    engine.set_max_array_size(MOST_VALUES);
    engine.set_max_map_size(MOST_VALUES);
    engine.set_max_string_size(MOST_TEXT);
    engine.set_max_variables(MOST_VARIABLES);
    engine.set_max_expr_depths(MOST_DEPTH, MOST_DEPTH);
    engine.set_max_functions(256);
    engine.set_max_modules(0);
    engine.set_max_strings_interned(0);
    engine.set_strict_variables(true);
    engine.set_allow_anonymous_fn(false);
    engine.set_optimization_level(OptimizationLevel::None);
    // `**` takes time that no count of operations sees; the others reach out of the figures of a policy.
    for word in ["**", "**=", "eval", "import", "export", "print", "debug", "Fn", "call", "curry", "global"] {
        engine.disable_symbol(word);
    }
    engine
}

/// What scripts need of decimals and is not in the packages above.
fn figures(engine: &mut Engine) {
    engine.register_fn("decimal", |whole: i64| Decimal::from(whole));
    engine.register_fn("decimal", |number: Decimal| number);
    engine.register_fn("floor", |number: Decimal| number.floor());
    engine.register_fn("ceiling", |number: Decimal| number.ceil());
    engine.register_fn("whole", |number: Decimal| i64::try_from(number.trunc()).unwrap_or(i64::MAX));
    // Half up is away from zero, as it is in a policy.
    engine.register_fn("round", |number: Decimal, decimals: i64| {
        let decimals = u32::try_from(decimals.clamp(0, i64::from(Decimal::MAX_SCALE))).unwrap_or(0);
        number.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero)
    });
    engine.register_fn("min", |left: Decimal, right: Decimal| left.min(right));
    engine.register_fn("max", |left: Decimal, right: Decimal| left.max(right));
}
