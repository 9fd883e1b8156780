//! Powers with secret exponents, in constant time.

use curve25519_dalek::edwards::EdwardsPoint;

use crate::parallel::map_chunks;
use crate::point::Point;
use crate::scalar::SecretScalar;
use crate::tables::Tables;

/// For each item, `sum_k item[k] * base_k` over the fixed bases. `threads`: 0 is one per core.
///
/// # Panics
///
/// If an item has more or fewer scalars than `tables` has bases.
pub fn powers(tables: &Tables, items: &[Vec<SecretScalar>], threads: usize) -> Vec<Point> {
    let one = |item: &Vec<SecretScalar>| power(tables, item);
    let chunks = map_chunks(items, threads, |_, chunk| chunk.iter().map(one).collect::<Vec<_>>());
    chunks.concat()
}

fn power(tables: &Tables, item: &[SecretScalar]) -> Point {
    assert_eq!(item.len(), tables.len(), "one scalar per base");
    let terms = tables.secret.iter().zip(item).map(|(table, scalar)| table * &scalar.0);
    Point(terms.sum::<EdwardsPoint>())
}

/// Each point multiplied by the same secret scalar. `threads`: 0 is one per core.
pub fn power_each(points: &[Point], scalar: &SecretScalar, threads: usize) -> Vec<Point> {
    let one = |point: &Point| Point(point.0 * scalar.0);
    let chunks = map_chunks(points, threads, |_, chunk| chunk.iter().map(one).collect::<Vec<_>>());
    chunks.concat()
}
