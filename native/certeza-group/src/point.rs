//! Points of the prime-order subgroup: encoding and sums.

use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::traits::{Identity, IsIdentity};

/// Length of an encoded point, in bytes (RFC 8032, 5.1.2).
pub const ENCODED_LEN: usize = 32;

/// A point of the prime-order subgroup of Ed25519 (the identity included).
///
/// Built only by [`crate::decode`] and by operations on other points, so it never has a
/// small-order component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point(pub(crate) EdwardsPoint);

impl Point {
    /// The neutral element.
    pub fn identity() -> Self {
        Self(EdwardsPoint::identity())
    }

    /// The base point of RFC 8032.
    pub fn generator() -> Self {
        Self(curve25519_dalek::constants::ED25519_BASEPOINT_POINT)
    }

    /// Whether this is the neutral element.
    pub fn is_identity(&self) -> bool {
        self.0.is_identity()
    }

    /// Compresses one point (32 bytes, RFC 8032). Prefer [`encode`] for many.
    pub fn encode(&self) -> [u8; ENCODED_LEN] {
        self.0.compress().to_bytes()
    }
}

/// Compresses points with one shared field inversion. Returns one encoding per point.
pub fn encode(points: &[Point]) -> Vec<[u8; ENCODED_LEN]> {
    let inner: Vec<EdwardsPoint> = points.iter().map(|p| p.0).collect();
    let encodings = EdwardsPoint::compress_batch_alloc(&inner);
    encodings.iter().map(|e| e.to_bytes()).collect()
}

/// Sum of all points (the identity for none).
pub fn combine<'a>(points: impl IntoIterator<Item = &'a Point>) -> Point {
    Point(points.into_iter().map(|p| p.0).sum())
}
