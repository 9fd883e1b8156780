//! What `decode` refuses, by which name, and that the subgroup test agrees with dalek's.
#![allow(clippy::unwrap_used)]

mod common;

use certeza_group::{DecodeError, Point, PublicScalar, Rule, ScalarError, decode};
use common::{both, encoding, point, scalars};
use curve25519_dalek::constants::EIGHT_TORSION;
use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use proptest::prelude::*;

fn refusal(bytes: &[u8]) -> Rule {
    decode(bytes, false, 1).unwrap_err().rule
}

/// `p + extra`, little-endian, with a sign bit.
fn above_p(extra: u8, sign: bool) -> [u8; 32] {
    let mut bytes = [0xff; 32];
    bytes[0] = 0xed + extra;
    bytes[31] = if sign { 0xff } else { 0x7f };
    bytes
}

#[test]
fn small_order_is_refused() {
    assert_eq!(refusal(&encoding(&EIGHT_TORSION[0])), Rule::Identity);
    for point in &EIGHT_TORSION[1..] {
        assert_eq!(refusal(&encoding(point)), Rule::NotPrimeOrder);
    }
}

#[test]
fn every_y_not_below_p_is_refused() {
    for extra in 0..19 {
        for sign in [false, true] {
            assert_eq!(refusal(&above_p(extra, sign)), Rule::NonCanonical);
        }
    }
}

#[test]
fn zero_x_with_the_sign_bit_is_refused() {
    for point in [&EIGHT_TORSION[0], &EIGHT_TORSION[4]] {
        let mut bytes = encoding(point);
        bytes[31] |= 0x80;
        assert_eq!(refusal(&bytes), Rule::NonCanonical);
    }
}

#[test]
fn a_partial_encoding_is_refused_after_the_points_before_it() {
    let mut bytes = Point::generator().encode().to_vec();
    bytes.push(0);
    let expected = DecodeError { index: 1, rule: Rule::Length };
    assert_eq!(decode(&bytes, false, 1), Err(expected));
    bytes[..32].copy_from_slice(&above_p(0, false));
    assert_eq!(decode(&bytes, false, 1).unwrap_err().index, 0);
}

#[test]
fn the_first_bad_index_is_named_whatever_the_threads() {
    let mut bytes = Point::generator().encode().repeat(600);
    bytes[32 * 310..32 * 311].copy_from_slice(&encoding(&EIGHT_TORSION[1]));
    bytes[32 * 500..32 * 501].copy_from_slice(&above_p(3, false));
    for threads in 0..4 {
        let refused = decode(&bytes, false, threads).unwrap_err();
        assert_eq!(refused, DecodeError { index: 310, rule: Rule::NotPrimeOrder });
    }
}

#[test]
fn the_identity_is_accepted_where_allowed() {
    let identity = Point::identity().encode();
    assert_eq!(decode(&identity, true, 1), Ok(vec![Point::identity()]));
    assert_eq!(refusal(&identity), Rule::Identity);
}

#[test]
fn scalars_not_below_the_order_are_refused() {
    let mut order = (-Scalar::ONE).to_bytes();
    assert!(PublicScalar::from_canonical(&order).is_ok());
    order[0] += 1;
    assert_eq!(PublicScalar::from_canonical(&order), Err(ScalarError));
    assert_eq!(PublicScalar::from_canonical(&[0xff; 32]), Err(ScalarError));
    assert_eq!(PublicScalar::from_canonical(&[0; 31]), Err(ScalarError));
    assert!(PublicScalar::from_canonical(&[0; 32]).is_ok());
}

proptest! {
    #[test]
    fn mixed_order_is_refused(scalar in scalars(), torsion in 1usize..8) {
        let (_, good) = both(&scalar);
        let mixed: EdwardsPoint = good + EIGHT_TORSION[torsion];
        prop_assert_eq!(refusal(&encoding(&mixed)), Rule::NotPrimeOrder);
    }

    #[test]
    fn any_bytes_are_judged_as_dalek_judges_them(bytes in any::<[u8; 32]>()) {
        let expected = match point(&bytes) {
            None => Err(Rule::NotOnCurve),
            Some(found) if !found.is_torsion_free() => Err(Rule::NotPrimeOrder),
            Some(_) => Ok(bytes),
        };
        let got = decode(&bytes, false, 1).map(|points| points[0].encode()).map_err(|e| e.rule);
        // A random y is not below p, or has x = 0, with probability 2^-250.
        prop_assert_eq!(got, expected);
    }

    #[test]
    fn encode_undoes_decode(scalar in scalars()) {
        let (ours, theirs) = both(&scalar);
        prop_assert_eq!(ours.encode(), encoding(&theirs));
        prop_assert_eq!(decode(&ours.encode(), true, 1), Ok(vec![ours]));
    }
}
