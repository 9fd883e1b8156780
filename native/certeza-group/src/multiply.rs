//! Products of powers of public data, in variable time.
//!
//! Fixed bases have tables without doublings. For a dynamic point the doublings `2^i * P` are made
//! once and shared by all jobs that name it (Yao's method, see Brickell, Gordon, McCurley and
//! Wilson, EUROCRYPT '92): each doubling is added to the bucket of its digit, job by job, and the
//! buckets are summed in the end. Compared with a table of odd multiples (Straus), the 252
//! doublings, more than half of the cost, are paid once per point and not once per job.

use crrl::ed25519::Point as Inner;

use crate::parallel;
use crate::point::Point;
use crate::recode::{POSITIONS, naf5};
use crate::scalar::PublicScalar;
use crate::tables::{PublicTable, Tables, accumulate};

/// Buckets of a width-5 non-adjacent form: one per odd digit `1, 3, …, 15`.
type Buckets = [Option<Inner>; 8];

/// One product: `sum_k fixed[k] * base_k + sum_j scalar_j * points[index_j]`.
#[derive(Clone, Debug, Default)]
pub struct Job {
    /// One scalar per fixed base of the [`Tables`] (zero where a base plays no part).
    pub fixed: Vec<PublicScalar>,
    /// Index in the batch's points, and scalar. Jobs on the same index share work.
    pub dynamic: Vec<(usize, PublicScalar)>,
}

/// What the jobs ask of one dynamic point: job and scalar.
type Terms = Vec<(usize, PublicScalar)>;

/// Computes every job; result `i` is that of `jobs[i]`.
///
/// Public data only: the time depends on the scalars. `threads`: 0 is one per core.
///
/// # Panics
///
/// If a job has more or fewer fixed scalars than `tables` has bases, or an index is out of range.
pub fn multiply(tables: &Tables, points: &[Point], jobs: &[Job], threads: usize) -> Vec<Point> {
    let terms = terms_of(points.len(), jobs);
    let products = parallel::map(&terms, threads, |i, terms| powers_of(points[i].0, terms));
    let mut sums = vec![None; jobs.len()];
    for ((job, _), product) in terms.iter().flatten().zip(products.iter().flatten()) {
        if let Some(product) = product {
            accumulate(&mut sums[*job], product, false);
        }
    }
    let tables = tables.public();
    parallel::map(jobs, threads, |i, job| add_fixed(&tables, sums[i], job))
}

/// The jobs' terms, ordered by point.
fn terms_of(points: usize, jobs: &[Job]) -> Vec<Terms> {
    let mut terms = vec![Terms::new(); points];
    for (index, job) in jobs.iter().enumerate() {
        for (point, scalar) in &job.dynamic {
            terms[*point].push((index, *scalar));
        }
    }
    terms
}

/// `scalar * point` of every term, with one chain of doublings.
fn powers_of(point: Inner, terms: &Terms) -> Vec<Option<Inner>> {
    let digits: Vec<_> = terms.iter().map(|(_, scalar)| naf5(scalar)).collect();
    let mut buckets: Vec<Buckets> = vec![[None; 8]; terms.len()];
    let (mut doubled, mut exponent) = (point, 0);
    for position in 0..POSITIONS {
        for (buckets, digits) in buckets.iter_mut().zip(&digits) {
            let digit = digits[position];
            if digit != 0 {
                doubled.set_xdouble((position - exponent) as u32);
                exponent = position;
                accumulate(&mut buckets[digit.unsigned_abs() as usize / 2], &doubled, digit < 0);
            }
        }
    }
    buckets.iter().map(sum_buckets).collect()
}

/// `sum_k (2k + 1) * buckets[k]`, as twice `sum_{k>0} r_k` plus `r_0`, `r_k = sum_{i>=k} buckets[i]`.
fn sum_buckets(buckets: &Buckets) -> Option<Inner> {
    let (mut run, mut sum): (Option<Inner>, Option<Inner>) = (None, None);
    for bucket in buckets[1..].iter().rev() {
        add_option(&mut run, bucket);
        add_option(&mut sum, &run);
    }
    add_option(&mut run, &buckets[0]);
    let twice = sum.map(Inner::double);
    add_option(&mut run, &twice);
    run
}

fn add_option(sum: &mut Option<Inner>, term: &Option<Inner>) {
    if let Some(term) = term {
        accumulate(sum, term, false);
    }
}

fn add_fixed(tables: &[&PublicTable], mut sum: Option<Inner>, job: &Job) -> Point {
    assert_eq!(job.fixed.len(), tables.len(), "one fixed scalar per base");
    for (table, scalar) in tables.iter().zip(&job.fixed) {
        table.add_power(&mut sum, scalar);
    }
    Point(sum.unwrap_or(Inner::NEUTRAL))
}
