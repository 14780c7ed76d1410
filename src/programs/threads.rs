//! Independent runs on threads of their own.

use std::thread::{Builder, ScopedJoinHandle, scope};

/// The results of `run` for each item, in their order: each on a thread of its own, or, where the system has no more threads,
/// one after the other.
///
/// # Panics
///
/// If `run` does.
pub fn side_by_side<T: Sync, R: Send>(items: &[T], run: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let run = &run;
    scope(|scope| {
        let start = |item| Builder::new().spawn_scoped(scope, move || run(item)).map_err(|_| run(item));
        let started: Vec<_> = items.iter().map(start).collect();
        let join = |thread: ScopedJoinHandle<'_, R>| thread.join().expect("no run panics");
        started.into_iter().map(|run| run.map_or_else(|done| done, join)).collect()
    })
}
