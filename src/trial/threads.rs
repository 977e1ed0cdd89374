//! Work on all cores, its results in the order of what was worked on.

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

/// The stack of a thread: as much as the main thread has, so that a policy nested deeply is built there as here.
const STACK: usize = 8 << 20;

/// Does something with each item on `jobs` threads; without a number, on all cores. What comes out stands in the order of the
/// items, however the threads took turns.
pub fn map<T: Sync, R: Send>(jobs: Option<u16>, items: &[T], work: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    let threads = jobs.map_or(0, usize::from);
    let pool = match items.len() {
        0 | 1 => None,
        _ => rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK).build().ok(),
    };
    match pool {
        Some(pool) => pool.install(|| items.par_iter().map(work).collect()),
        // Where the machine gives no threads, one is done after the other.
        None => items.iter().map(work).collect(),
    }
}
