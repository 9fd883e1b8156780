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
use crate::recode::{Naf, POSITIONS, naf5, naf5_of_order};
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
    let products = parallel::map(&terms, threads, |i, terms| multiples(points[i].0, &nafs(terms)));
    gather(tables, jobs, &terms, &products, threads)
}

/// Like [`multiply`], for points of the curve of which only the first `judged` are to be shown
/// to be in the subgroup, and the others are if those are.
///
/// `Err` is the index of the first that is not; there are no products then.
pub(crate) fn multiply_judging(
    tables: &Tables,
    points: &[Inner],
    judged: usize,
    jobs: &[Job],
    threads: usize,
) -> Result<Vec<Point>, usize> {
    let order = naf5_of_order();
    let terms = terms_of(points.len(), jobs);
    let found = parallel::map(&terms, threads, |i, terms| match i < judged {
        true => multiples_of_member(points[i], terms, &order),
        false => Some(multiples(points[i], &nafs(terms))),
    });
    match found.iter().position(Option::is_none) {
        Some(index) => Err(index),
        None => {
            let products: Vec<_> = found.into_iter().flatten().collect();
            Ok(gather(tables, jobs, &terms, &products, threads))
        }
    }
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

fn nafs(terms: &Terms) -> Vec<Naf> {
    terms.iter().map(|(_, scalar)| naf5(scalar)).collect()
}

/// The terms of a point of the subgroup; `None` for another point of the curve.
///
/// Multiplying by the order is exact, and cheap next to terms that need the doublings anyway.
fn multiples_of_member(point: Inner, terms: &Terms, order: &Naf) -> Option<Vec<Option<Inner>>> {
    if terms.is_empty() {
        return (point.is_in_subgroup() != 0).then(Vec::new);
    }
    let mut digits = nafs(terms);
    digits.push(*order);
    let mut found = multiples(point, &digits);
    match found.pop() {
        Some(Some(by_order)) if by_order.isneutral() != 0 => Some(found),
        _ => None,
    }
}

/// `point` times each number, with one chain of doublings.
fn multiples(point: Inner, digits: &[Naf]) -> Vec<Option<Inner>> {
    let mut buckets: Vec<Buckets> = vec![[None; 8]; digits.len()];
    let (mut doubled, mut exponent) = (point, 0);
    for position in 0..POSITIONS {
        for (buckets, digits) in buckets.iter_mut().zip(digits) {
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

/// Adds up each job: its terms' products, and the powers of the fixed bases.
fn gather(
    tables: &Tables,
    jobs: &[Job],
    terms: &[Terms],
    products: &[Vec<Option<Inner>>],
    threads: usize,
) -> Vec<Point> {
    let mut sums = vec![None; jobs.len()];
    for ((job, _), product) in terms.iter().flatten().zip(products.iter().flatten()) {
        add_option(&mut sums[*job], product);
    }
    let tables = tables.public();
    parallel::map(jobs, threads, |i, job| add_fixed(&tables, sums[i], job))
}

fn add_fixed(tables: &[&PublicTable], mut sum: Option<Inner>, job: &Job) -> Point {
    assert_eq!(job.fixed.len(), tables.len(), "one fixed scalar per base");
    for (table, scalar) in tables.iter().zip(&job.fixed) {
        table.add_power(&mut sum, scalar);
    }
    Point(sum.unwrap_or(Inner::NEUTRAL))
}
