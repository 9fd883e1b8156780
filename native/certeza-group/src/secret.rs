//! Powers with secret exponents, in constant time, all by `curve25519-dalek`.

use curve25519_dalek::edwards::{EdwardsBasepointTable, EdwardsPoint};

use crate::parallel;
use crate::point::{ENCODED_LEN, Point};
use crate::scalar::SecretScalar;
use crate::tables::Tables;

/// For each item, `sum_k item[k] * base_k` over the fixed bases. `threads`: 0 is one per core.
///
/// An item may be shorter than the bases, which leaves out the last ones: how many scalars it has
/// is no secret, their values are.
///
/// # Panics
///
/// If an item has more scalars than `tables` has bases.
pub fn powers(tables: &Tables, items: &[Vec<SecretScalar>], threads: usize) -> Vec<Point> {
    from_dalek(&raw_powers(tables, items, threads), threads)
}

/// Like [`powers`], but the encodings: cheaper, with one shared inversion.
///
/// # Panics
///
/// If an item has more scalars than `tables` has bases.
pub fn powers_encoded(
    tables: &Tables,
    items: &[Vec<SecretScalar>],
    threads: usize,
) -> Vec<[u8; ENCODED_LEN]> {
    let encodings = EdwardsPoint::compress_batch_alloc(&raw_powers(tables, items, threads));
    encodings.iter().map(|e| e.to_bytes()).collect()
}

/// Each point multiplied by the same secret scalar. `threads`: 0 is one per core.
pub fn power_each(points: &[Point], scalar: &SecretScalar, threads: usize) -> Vec<Point> {
    let raised = parallel::map(points, threads, |_, point| point.to_dalek() * scalar.0);
    from_dalek(&raised, threads)
}

fn raw_powers(tables: &Tables, items: &[Vec<SecretScalar>], threads: usize) -> Vec<EdwardsPoint> {
    let tables = tables.secret();
    parallel::map(items, threads, |_, item| raw_power(&tables, item))
}

fn raw_power(tables: &[&EdwardsBasepointTable], item: &[SecretScalar]) -> EdwardsPoint {
    assert!(item.len() <= tables.len(), "at most one scalar per base");
    tables.iter().zip(item).map(|(table, scalar)| *table * &scalar.0).sum()
}

fn from_dalek(points: &[EdwardsPoint], threads: usize) -> Vec<Point> {
    let encodings = EdwardsPoint::compress_batch_alloc(points);
    parallel::map(&encodings, threads, |_, encoding| Point::from_dalek(encoding))
}
