//! Strict decoding of untrusted points.

use crrl::ed25519::Point as Inner;

use crate::error::{DecodeError, Rule};
use crate::parallel;
use crate::point::{ENCODED_LEN, Point};

/// `p - 1`, little-endian: the largest canonical `y`, and that of the point of order 2.
const P_MINUS_1: [u8; 32] = {
    let mut bytes = [0xff; 32];
    bytes[0] = 0xec;
    bytes[31] = 0x7f;
    bytes
};

/// `1`, little-endian: the `y` of the identity.
const ONE: [u8; 32] = {
    let mut bytes = [0; 32];
    bytes[0] = 1;
    bytes
};

/// Decodes `32 * n` bytes into `n` points of the prime-order subgroup.
///
/// Refuses, naming the first bad index: a length that is not a multiple of 32, `y >= p`, `x = 0`
/// with the sign bit, a `y` that is on no point, small or mixed order and, unless
/// `allow_identity`, the identity. Variable time. `threads`: 0 is one per core.
pub fn decode(
    encodings: &[u8],
    allow_identity: bool,
    threads: usize,
) -> Result<Vec<Point>, DecodeError> {
    let (items, rest) = encodings.as_chunks::<ENCODED_LEN>();
    let points = parallel::map(items, threads, |index, bytes| {
        decode_one(bytes, allow_identity).map_err(|rule| DecodeError { index, rule })
    });
    let points = points.into_iter().collect::<Result<Vec<_>, _>>()?;
    match rest {
        [] => Ok(points),
        _ => Err(DecodeError { index: items.len(), rule: Rule::Length }),
    }
}

fn decode_one(bytes: &[u8; ENCODED_LEN], allow_identity: bool) -> Result<Point, Rule> {
    let inner = on_curve(bytes)?;
    match inner.isneutral() != 0 {
        true if allow_identity => Ok(Point(inner)),
        true => Err(Rule::Identity),
        false if inner.is_in_subgroup() == 0 => Err(Rule::NotPrimeOrder),
        false => Ok(Point(inner)),
    }
}

/// Every check but that of the subgroup: `None` if an encoding or the length breaks one.
pub(crate) fn decode_on_curve(encodings: &[u8], threads: usize) -> Option<Vec<Inner>> {
    let (items, rest) = encodings.as_chunks::<ENCODED_LEN>();
    let points = parallel::map(items, threads, |_, bytes| {
        on_curve(bytes).ok().filter(|inner| inner.isneutral() == 0)
    });
    rest.is_empty().then_some(points.into_iter().collect()).flatten()
}

fn on_curve(bytes: &[u8; ENCODED_LEN]) -> Result<Inner, Rule> {
    Inner::decode(bytes).ok_or_else(|| why_no_point(bytes))
}

/// Names the rule that an encoding refused by `crrl` breaks.
fn why_no_point(bytes: &[u8; ENCODED_LEN]) -> Rule {
    let mut y = *bytes;
    y[31] &= 0x7f;
    let negative_zero = y != *bytes && (y == ONE || y == P_MINUS_1);
    let too_large = y.iter().rev().gt(P_MINUS_1.iter().rev());
    if negative_zero || too_large { Rule::NonCanonical } else { Rule::NotOnCurve }
}
