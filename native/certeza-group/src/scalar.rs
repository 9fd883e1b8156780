//! Exponents: public ones, and secret ones that are wiped from memory.

use curve25519_dalek::scalar::Scalar;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::error::ScalarError;

/// Length of an encoded scalar, in bytes.
pub const SCALAR_LEN: usize = 32;

/// An exponent that everybody may know (a challenge, a response). Used in variable time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicScalar(pub(crate) Scalar);

impl PublicScalar {
    /// Reads 32 bytes, little-endian, refusing values not below the group order.
    pub fn from_canonical(bytes: &[u8]) -> Result<Self, ScalarError> {
        parse(bytes).map(Self)
    }

    /// Zero.
    pub const ZERO: Self = Self(Scalar::ZERO);
}

/// An exponent that must not leak (a key share, the randomness of a ballot).
///
/// Used in constant time only, wiped when dropped, and not printable.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SecretScalar(pub(crate) Scalar);

impl SecretScalar {
    /// Reads 32 bytes, little-endian, refusing values not below the group order.
    pub fn from_canonical(bytes: &[u8]) -> Result<Self, ScalarError> {
        parse(bytes).map(Self)
    }
}

fn parse(bytes: &[u8]) -> Result<Scalar, ScalarError> {
    let mut array: [u8; SCALAR_LEN] = bytes.try_into().map_err(|_| ScalarError)?;
    let scalar = Option::from(Scalar::from_canonical_bytes(array)).ok_or(ScalarError);
    array.zeroize();
    scalar
}
