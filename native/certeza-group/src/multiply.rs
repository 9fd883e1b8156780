//! Products of powers of public data, in variable time.

use curve25519_dalek::traits::VartimePrecomputedMultiscalarMul;

use crate::parallel::map_chunks;
use crate::point::Point;
use crate::scalar::PublicScalar;
use crate::tables::Tables;

/// One product: `sum_k fixed[k] * base_k + sum_j scalar_j * points[index_j]`.
#[derive(Clone, Debug, Default)]
pub struct Job {
    /// One scalar per fixed base of the [`Tables`] (zero where a base plays no part).
    pub fixed: Vec<PublicScalar>,
    /// Index in the batch's points, and scalar. Jobs on the same index share work.
    pub dynamic: Vec<(usize, PublicScalar)>,
}

/// Computes every job; result `i` is that of `jobs[i]`.
///
/// Public data only: the time depends on the scalars. `threads`: 0 is one per core.
///
/// # Panics
///
/// If a job has more or fewer fixed scalars than `tables` has bases, or an index is out of range.
pub fn multiply(tables: &Tables, points: &[Point], jobs: &[Job], threads: usize) -> Vec<Point> {
    let one = |job: &Job| multiply_one(tables, points, job);
    let chunks = map_chunks(jobs, threads, |_, chunk| chunk.iter().map(one).collect::<Vec<_>>());
    chunks.concat()
}

fn multiply_one(tables: &Tables, points: &[Point], job: &Job) -> Point {
    assert_eq!(job.fixed.len(), tables.len(), "one fixed scalar per base");
    Point(tables.public.vartime_mixed_multiscalar_mul(
        job.fixed.iter().map(|s| s.0),
        job.dynamic.iter().map(|(_, s)| s.0),
        job.dynamic.iter().map(|(i, _)| points[*i].0),
    ))
}
