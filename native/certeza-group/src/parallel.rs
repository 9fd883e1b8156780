//! Splitting a batch over threads.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Items that a thread takes at a time: some tens of microseconds of work or more.
const BLOCK: usize = 8;

/// Applies `work` to every item (with its index), keeping the order of the results.
///
/// Threads take the next block when they are free, so that unequal items or cores do not matter.
/// `threads`: 0 is one per core. With one thread nothing is spawned.
pub(crate) fn map<T, R, F>(items: &[T], threads: usize, work: F) -> Vec<R>
where
    T: Sync,
    R: Send,
    F: Fn(usize, &T) -> R + Sync,
{
    let count = thread_count(threads).min(items.len().div_ceil(BLOCK));
    if count <= 1 {
        return items.iter().enumerate().map(|(i, item)| work(i, item)).collect();
    }
    let blocks = run(items, count, &work);
    blocks.into_iter().flat_map(|(_, results)| results).collect()
}

/// How many threads `requested` means.
fn thread_count(requested: usize) -> usize {
    match requested {
        0 => thread::available_parallelism().map_or(1, NonZeroUsize::get),
        n => n,
    }
}

/// The results of each block, in order. A panic in a thread is passed on.
fn run<T, R, F>(items: &[T], count: usize, work: &F) -> Vec<(usize, Vec<R>)>
where
    T: Sync,
    R: Send,
    F: Fn(usize, &T) -> R + Sync,
{
    let next = AtomicUsize::new(0);
    let next = &next;
    let mut blocks: Vec<_> = thread::scope(|scope| {
        let handles: Vec<_> =
            (0..count).map(|_| scope.spawn(move || take_blocks(items, next, work))).collect();
        let join = |handle: thread::ScopedJoinHandle<'_, _>| match handle.join() {
            Ok(results) => results,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        handles.into_iter().flat_map(join).collect()
    });
    blocks.sort_unstable_by_key(|(start, _)| *start);
    blocks
}

fn take_blocks<T, R>(
    items: &[T],
    next: &AtomicUsize,
    work: &impl Fn(usize, &T) -> R,
) -> Vec<(usize, Vec<R>)> {
    let mut done = Vec::new();
    loop {
        let start = next.fetch_add(BLOCK, Ordering::Relaxed);
        if start >= items.len() {
            return done;
        }
        let block = &items[start..items.len().min(start + BLOCK)];
        let results = block.iter().enumerate().map(|(i, item)| work(start + i, item)).collect();
        done.push((start, results));
    }
}
