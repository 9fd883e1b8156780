//! Values for the tests, and the textbook answers of `curve25519-dalek`.
//!
//! Each test file uses a part of it.
#![allow(dead_code)]

use certeza_group::{Point, PublicScalar, SecretScalar, decode};
use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
use curve25519_dalek::scalar::Scalar;
use proptest::prelude::*;

/// Any scalar, with the edges of the range more often than chance has them.
pub fn scalars() -> impl Strategy<Value = Scalar> {
    prop_oneof![
        6 => any::<[u8; 32]>().prop_map(Scalar::from_bytes_mod_order),
        1 => Just(Scalar::ZERO),
        1 => Just(Scalar::ONE),
        1 => Just(-Scalar::ONE),
        1 => any::<u64>().prop_map(Scalar::from),
        1 => (0u32..253).prop_map(|n| (0..n).fold(Scalar::ONE, |s, _| s + s)),
    ]
}

/// A point of the subgroup: our view of `scalar * generator`, and dalek's.
pub fn both(scalar: &Scalar) -> (Point, EdwardsPoint) {
    let theirs = EdwardsPoint::mul_base(scalar);
    let ours = decode(theirs.compress().as_bytes(), true, 1).unwrap();
    (ours[0], theirs)
}

pub fn public(scalar: &Scalar) -> PublicScalar {
    PublicScalar::from_canonical(scalar.as_bytes()).unwrap()
}

pub fn secret(scalar: &Scalar) -> SecretScalar {
    SecretScalar::from_canonical(scalar.as_bytes()).unwrap()
}

pub fn encoding(point: &EdwardsPoint) -> [u8; 32] {
    point.compress().to_bytes()
}

pub fn point(encoding: &[u8; 32]) -> Option<EdwardsPoint> {
    CompressedEdwardsY(*encoding).decompress()
}
