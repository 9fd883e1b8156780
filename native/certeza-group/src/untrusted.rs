//! Decoding points and computing with them in one step.

use crrl::ed25519::Point as Inner;

use crate::decode::{decode, decode_on_curve};
use crate::error::{DecodeError, Rule};
use crate::multiply::{Job, multiply_judging};
use crate::point::Point;
use crate::tables::Tables;

/// What [`decode_and_multiply`] gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Products {
    /// The decoded points, then the sums.
    pub points: Vec<Point>,
    /// One product per job.
    pub products: Vec<Point>,
}

/// [`decode`] (without the identity), some sums of the decoded points, and [`multiply`] over both.
///
/// Accepts and refuses exactly what [`decode`] does, by the same name and index, for less: the
/// doublings that a point's products need also give its multiple by the group order, which takes
/// the place of the subgroup test. Nothing that is computed before the test leaves this function.
///
/// `sums[i]` lists indices of decoded points; a job names it as the point `n + i`, for `n` decoded
/// points. `threads`: 0 is one per core.
///
/// # Panics
///
/// If a job has more or fewer fixed scalars than `tables` has bases, or an index is out of range.
///
/// [`multiply`]: crate::multiply
pub fn decode_and_multiply(
    tables: &Tables,
    encodings: &[u8],
    sums: &[Vec<usize>],
    jobs: &[Job],
    threads: usize,
) -> Result<Products, DecodeError> {
    let mut points = match decode_on_curve(encodings, threads) {
        Some(points) => points,
        // A bad one: `decode` finds which is the first.
        None => decode(encodings, false, threads)?.into_iter().map(|point| point.0).collect(),
    };
    let decoded = points.len();
    let sums: Vec<_> = sums.iter().map(|sum| add_up(sum.iter().map(|i| points[*i]))).collect();
    points.extend(sums);
    let products = multiply_judging(tables, &points, decoded, jobs, threads)
        .map_err(|index| DecodeError { index, rule: Rule::NotPrimeOrder })?;
    Ok(Products { points: points.into_iter().map(Point).collect(), products })
}

fn add_up(points: impl Iterator<Item = Inner>) -> Inner {
    points.reduce(|a, b| a + b).unwrap_or(Inner::NEUTRAL)
}
