//! What can be wrong with bytes that come from outside.

use std::fmt;

/// The rule that an encoded point breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// The input is not a whole number of 32-byte encodings.
    Length,
    /// `y >= p`, or `x = 0` with the sign bit set (RFC 8032, 5.1.3).
    NonCanonical,
    /// No point of the curve has this `y`.
    NotOnCurve,
    /// On the curve, but of small or mixed order.
    NotPrimeOrder,
    /// The neutral element, where it is not allowed.
    Identity,
}

impl Rule {
    /// The stable name of the rule.
    pub fn name(self) -> &'static str {
        match self {
            Rule::Length => "length",
            Rule::NonCanonical => "non-canonical",
            Rule::NotOnCurve => "not-on-curve",
            Rule::NotPrimeOrder => "not-prime-order",
            Rule::Identity => "identity",
        }
    }
}

/// The first encoding of a batch that is refused, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// Position in the batch, from 0.
    pub index: usize,
    /// The broken rule.
    pub rule: Rule,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "point {} refused: {}", self.index, self.rule.name())
    }
}

impl std::error::Error for DecodeError {}

/// A scalar is not 32 bytes, little-endian, below the group order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScalarError;

impl fmt::Display for ScalarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a scalar must be 32 bytes, little-endian, below the group order")
    }
}

impl std::error::Error for ScalarError {}
