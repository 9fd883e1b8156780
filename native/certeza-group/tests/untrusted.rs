//! `decode_and_multiply` gives what `decode`, `combine` and `multiply` give one after another.
#![allow(clippy::unwrap_used)]

mod common;

use certeza_group::{
    DecodeError, Job, Point, Products, Rule, Tables, combine, decode, decode_and_multiply, multiply,
};
use common::{encoding, public, scalars};
use curve25519_dalek::constants::EIGHT_TORSION;
use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use proptest::collection::vec;
use proptest::prelude::*;

const POINTS: usize = 6;

/// An encoding that is acceptable, but for a chance of each kind of fault.
fn encodings() -> impl Strategy<Value = Vec<u8>> {
    let power = any::<[u8; 32]>()
        .prop_map(|bytes| EdwardsPoint::mul_base(&Scalar::from_bytes_mod_order(bytes)));
    let bytes = prop_oneof![
        30 => power.clone().prop_map(|p| encoding(&p)),
        1 => (power, 1usize..8).prop_map(|(p, t)| encoding(&(p + EIGHT_TORSION[t]))),
        1 => (0usize..8).prop_map(|t| encoding(&EIGHT_TORSION[t])),
        1 => any::<[u8; 32]>(),
        1 => Just([0xff; 32]),
    ];
    (vec(bytes, POINTS), prop_oneof![20 => Just(0), 1 => 1usize..32]).prop_map(|(bytes, cut)| {
        let mut bytes = bytes.concat();
        bytes.truncate(32 * POINTS - cut);
        bytes
    })
}

/// Sums over the decoded points, and jobs over both.
fn asked() -> impl Strategy<Value = (Vec<Vec<usize>>, Vec<Job>)> {
    let sums = vec(vec(0..POINTS, 0..4), 2);
    let dynamic = vec((0..POINTS + 2, scalars().prop_map(|s| public(&s))), 0..3);
    let job = (scalars(), dynamic)
        .prop_map(|(fixed, dynamic)| Job { fixed: vec![public(&fixed)], dynamic });
    (sums, vec(job, 0..14))
}

fn step_by_step(
    tables: &Tables,
    encodings: &[u8],
    sums: &[Vec<usize>],
    jobs: &[Job],
) -> Result<Products, DecodeError> {
    let mut points = decode(encodings, false, 1)?;
    let sums: Vec<_> = sums.iter().map(|sum| combine(sum.iter().map(|i| &points[*i]))).collect();
    points.extend(sums);
    let products = multiply(tables, &points, jobs, 1);
    Ok(Products { points, products })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn it_is_decode_then_combine_then_multiply(
        encodings in encodings(), (sums, jobs) in asked(), threads in 0usize..4,
    ) {
        let tables = Tables::new(&[Point::generator()]);
        let expected = step_by_step(&tables, &encodings, &sums, &jobs);
        prop_assert_eq!(decode_and_multiply(&tables, &encodings, &sums, &jobs, threads), expected);
    }
}

/// The generator plus each point of small order, named by a job, by a sum only, or by nothing.
#[test]
fn a_point_outside_the_subgroup_is_refused_whatever_is_asked_of_it() {
    let tables = Tables::new(&[]);
    let good = Point::generator().encode();
    let job = |index| Job { fixed: vec![], dynamic: vec![(index, public(&Scalar::from(8u8)))] };
    for torsion in &EIGHT_TORSION[1..] {
        let mixed = encoding(&(EdwardsPoint::mul_base(&Scalar::ONE) + torsion));
        for bad in [mixed, encoding(torsion)] {
            let encodings = [good, bad, good].concat();
            for jobs in [vec![], vec![job(0)], vec![job(1)], vec![job(3)]] {
                let refused = decode_and_multiply(&tables, &encodings, &[vec![1, 1]], &jobs, 1);
                let expected = DecodeError { index: 1, rule: Rule::NotPrimeOrder };
                assert_eq!(refused, Err(expected));
            }
        }
    }
}

#[test]
fn nothing_gives_nothing() {
    let got = decode_and_multiply(&Tables::new(&[]), &[], &[], &[], 1).unwrap();
    assert_eq!(got, Products { points: vec![], products: vec![] });
}
