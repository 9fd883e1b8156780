//! Encoding many points with one inversion in the field.
//!
//! An encoding (RFC 8032, 5.1.2) is the affine `y` and the parity of the affine `x`, so each point
//! on its own costs an inversion. `crrl` shares an inversion between field elements but shows only
//! `Z + Y` and `Z - Y` of a point. That gives `y`; and `x` too, because adding the point of order 4
//! `(i, 0)`, `i^2 = -1`, exchanges the coordinates: `(x, y) + (i, 0) = (i y, i x)`.

use std::sync::LazyLock;

use crrl::ed25519::Point as Inner;
use crrl::field::GF25519 as Field;

use crate::parallel;
use crate::point::{ENCODED_LEN, Point};

/// Points that share an inversion.
const BLOCK: usize = 64;

/// The point `(i, 0)` with `i` even, and `1 / i = -i`.
static TURN: LazyLock<(Inner, Field)> = LazyLock::new(|| {
    let (i, _) = (-Field::ONE).sqrt();
    match Inner::decode(&[0; ENCODED_LEN]) {
        Some(turn) => (turn, -i),
        None => unreachable!("y = 0 is on the curve"),
    }
});

/// Compresses each point (32 bytes, RFC 8032). `threads`: 0 is one per core.
pub fn encode(points: &[Point], threads: usize) -> Vec<[u8; ENCODED_LEN]> {
    let blocks: Vec<_> = points.chunks(BLOCK).collect();
    parallel::map(&blocks, threads, |_, block| encode_block(block)).concat()
}

fn encode_block(points: &[Point]) -> Vec<[u8; ENCODED_LEN]> {
    let (turn, back) = &*TURN;
    let turned = points.iter().map(|point| fraction(&(point.0 + turn)));
    let (above, mut below): (Vec<_>, Vec<_>) =
        points.iter().map(|point| fraction(&point.0)).chain(turned).unzip();
    Field::batch_invert(&mut below);
    let quotients: Vec<_> = above.iter().zip(&below).map(|(a, b)| a * b).collect();
    let (y, turned_y) = quotients.split_at(points.len());
    y.iter().zip(turned_y).map(|(y, turned)| compress(&(turned * back), y)).collect()
}

/// `2 Y` and `2 Z`: their quotient is the affine `y`.
fn fraction(point: &Inner) -> (Field, Field) {
    let (sum, difference) = point.to_montgomery_u_projective();
    (sum - difference, sum + difference)
}

fn compress(x: &Field, y: &Field) -> [u8; ENCODED_LEN] {
    let mut bytes = y.encode();
    bytes[ENCODED_LEN - 1] |= x.encode()[0] << 7;
    bytes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tables::Tables;
    use crate::{Job, PublicScalar, multiply};

    /// A point of the subgroup with `Z` other than 1.
    fn power(bytes: [u8; 32]) -> Point {
        let scalar = PublicScalar(curve25519_dalek::Scalar::from_bytes_mod_order(bytes));
        let job = Job { fixed: vec![scalar], dynamic: vec![] };
        multiply(&Tables::new(&[Point::generator()]), &[], &[job], 1)[0]
    }

    proptest! {
        #[test]
        fn a_block_is_encoded_as_its_points_are(seeds in proptest::collection::vec(any::<[u8; 32]>(), 0..300)) {
            let mut points: Vec<_> = seeds.into_iter().map(power).collect();
            points.push(Point::identity());
            points.push(Point::generator());
            let expected: Vec<_> = points.iter().map(Point::encode).collect();
            prop_assert_eq!(encode(&points, 1), expected.clone());
            prop_assert_eq!(encode(&points, 3), expected);
        }
    }
}
