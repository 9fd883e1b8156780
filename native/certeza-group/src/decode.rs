//! Strict decoding of untrusted points.

use curve25519_dalek::edwards::CompressedEdwardsY;

use crate::error::{DecodeError, Rule};
use crate::parallel::map_chunks;
use crate::point::{ENCODED_LEN, Point};

/// `p - 1`, little-endian: the largest canonical `y`, and that of the point of order 2.
const P_MINUS_1: [u8; 32] = {
    let mut bytes = [0xff; 32];
    bytes[0] = 0xec;
    bytes[31] = 0x7f;
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
    let chunks =
        map_chunks(items, threads, |offset, chunk| decode_chunk(offset, chunk, allow_identity));
    let mut points = Vec::with_capacity(items.len());
    for chunk in chunks {
        points.extend(chunk?);
    }
    match rest {
        [] => Ok(points),
        _ => Err(DecodeError { index: items.len(), rule: Rule::Length }),
    }
}

fn decode_chunk(
    offset: usize,
    items: &[[u8; ENCODED_LEN]],
    allow_identity: bool,
) -> Result<Vec<Point>, DecodeError> {
    let decode_at = |(i, bytes)| {
        decode_one(bytes, allow_identity).map_err(|rule| DecodeError { index: offset + i, rule })
    };
    items.iter().enumerate().map(decode_at).collect()
}

fn decode_one(bytes: &[u8; ENCODED_LEN], allow_identity: bool) -> Result<Point, Rule> {
    if !is_canonical(bytes) {
        return Err(Rule::NonCanonical);
    }
    let inner = CompressedEdwardsY(*bytes).decompress().ok_or(Rule::NotOnCurve)?;
    let point = Point(inner);
    if point.is_identity() {
        return if allow_identity { Ok(point) } else { Err(Rule::Identity) };
    }
    let checked = crrl::ed25519::Point::decode(bytes).ok_or(Rule::NotOnCurve)?;
    if checked.is_in_subgroup() == 0 { Err(Rule::NotPrimeOrder) } else { Ok(point) }
}

/// Whether `y < p` and, where `x = 0` (that is `y = 1` or `y = -1`), the sign bit is clear.
fn is_canonical(bytes: &[u8; ENCODED_LEN]) -> bool {
    let mut y = *bytes;
    y[31] &= 0x7f;
    let negative = y[31] != bytes[31];
    let mut one = [0; 32];
    one[0] = 1;
    let order = y.iter().rev().cmp(P_MINUS_1.iter().rev());
    order.is_le() && !(negative && (order.is_eq() || y == one))
}
