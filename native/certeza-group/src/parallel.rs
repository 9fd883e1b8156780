//! Splitting a batch over threads.

use std::num::NonZeroUsize;
use std::thread;

/// How many threads `requested` means: 0 is one per available core.
pub(crate) fn thread_count(requested: usize) -> usize {
    match requested {
        0 => thread::available_parallelism().map_or(1, NonZeroUsize::get),
        n => n,
    }
}

/// Maps `work` over consecutive chunks of `items`, one chunk per thread, keeping the order.
///
/// `work` gets a chunk and its offset in `items`. With one thread (or one item) nothing is
/// spawned. A panic in a thread is passed on to the caller.
pub(crate) fn map_chunks<T, R, F>(items: &[T], threads: usize, work: F) -> Vec<R>
where
    T: Sync,
    R: Send,
    F: Fn(usize, &[T]) -> R + Sync,
{
    let size = items.len().div_ceil(thread_count(threads)).max(1);
    if size >= items.len() {
        return vec![work(0, items)];
    }
    let work = &work;
    thread::scope(|scope| {
        let chunks = items.chunks(size).enumerate();
        let handles: Vec<_> =
            chunks.map(|(i, chunk)| scope.spawn(move || work(i * size, chunk))).collect();
        handles
            .into_iter()
            .map(|h| h.join().unwrap_or_else(|p| std::panic::resume_unwind(p)))
            .collect()
    })
}
