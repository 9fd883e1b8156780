//! Points of the prime-order subgroup, and their sums.

use crrl::ed25519::Point as Inner;
use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};

/// Length of an encoded point, in bytes (RFC 8032, 5.1.2).
pub const ENCODED_LEN: usize = 32;

/// A point of the prime-order subgroup of Ed25519 (the identity included).
///
/// Built only by [`crate::decode`] and by operations on other points, so it never has a
/// small-order component.
#[derive(Clone, Copy, Debug)]
pub struct Point(pub(crate) Inner);

impl PartialEq for Point {
    fn eq(&self, other: &Self) -> bool {
        self.0.equals(other.0) != 0
    }
}

impl Eq for Point {}

impl Point {
    /// The neutral element.
    pub fn identity() -> Self {
        Self(Inner::NEUTRAL)
    }

    /// The base point of RFC 8032.
    pub fn generator() -> Self {
        Self(Inner::BASE)
    }

    /// Whether this is the neutral element.
    pub fn is_identity(&self) -> bool {
        self.0.isneutral() != 0
    }

    /// Compresses to 32 bytes (RFC 8032, 5.1.2).
    pub fn encode(&self) -> [u8; ENCODED_LEN] {
        self.0.encode()
    }

    /// The same point for `curve25519-dalek`, which computes with the secrets.
    pub(crate) fn to_dalek(self) -> EdwardsPoint {
        match CompressedEdwardsY(self.encode()).decompress() {
            Some(point) => point,
            None => unreachable!("an encoding made by crrl is a point"),
        }
    }

    /// The point of an encoding that `curve25519-dalek` made from a point of the subgroup.
    pub(crate) fn from_dalek(encoding: &CompressedEdwardsY) -> Self {
        match Inner::decode(encoding.as_bytes()) {
            Some(point) => Self(point),
            None => unreachable!("an encoding made by curve25519-dalek is a point"),
        }
    }
}

/// Sum of all points (the identity for none).
pub fn combine<'a>(points: impl IntoIterator<Item = &'a Point>) -> Point {
    let sum = points.into_iter().map(|p| p.0).reduce(|a, b| a + b);
    Point(sum.unwrap_or(Inner::NEUTRAL))
}
