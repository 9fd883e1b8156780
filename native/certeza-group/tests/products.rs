//! Every operation against the plain calls of `curve25519-dalek`.
#![allow(clippy::unwrap_used)]

mod common;

use certeza_group::{
    Job, Point, Tables, combine, encode, multiply, power_each, powers, powers_encoded,
};
use common::{both, encoding, public, scalars, secret};
use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use proptest::collection::vec;
use proptest::prelude::*;

/// A job before it is split: fixed scalars, and (point, scalar) of the dynamic part.
type Plain = (Vec<Scalar>, Vec<(usize, Scalar)>);

const BASES: usize = 2;
const POINTS: usize = 4;

fn jobs() -> impl Strategy<Value = Vec<Plain>> {
    vec((vec(scalars(), BASES), vec((0..POINTS, scalars()), 0..4)), 0..12)
}

fn job((fixed, dynamic): &Plain) -> Job {
    let dynamic = dynamic.iter().map(|(i, s)| (*i, public(s))).collect();
    Job { fixed: fixed.iter().map(public).collect(), dynamic }
}

fn textbook((fixed, dynamic): &Plain, bases: &[EdwardsPoint], points: &[EdwardsPoint]) -> [u8; 32] {
    let fixed = fixed.iter().zip(bases).map(|(s, base)| base * s);
    encoding(&fixed.chain(dynamic.iter().map(|(i, s)| points[*i] * s)).sum())
}

fn unzip(scalars: &[Scalar]) -> (Vec<Point>, Vec<EdwardsPoint>) {
    scalars.iter().map(both).unzip()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn multiply_is_the_sum_of_powers(
        bases in vec(scalars(), BASES), points in vec(scalars(), POINTS), asked in jobs(),
        threads in 0usize..4,
    ) {
        let (our_bases, their_bases) = unzip(&bases);
        let (our_points, their_points) = unzip(&points);
        let asked_of_us: Vec<_> = asked.iter().map(job).collect();
        let got = multiply(&Tables::new(&our_bases), &our_points, &asked_of_us, threads);
        let expected: Vec<_> =
            asked.iter().map(|plain| textbook(plain, &their_bases, &their_points)).collect();
        prop_assert_eq!(encode(&got, threads), expected);
    }

    #[test]
    fn powers_are_those_of_dalek(bases in vec(scalars(), BASES), items in vec(vec(scalars(), 0..=BASES), 0..5)) {
        let (ours, theirs) = unzip(&bases);
        let tables = Tables::new(&ours);
        let secrets: Vec<Vec<_>> = items.iter().map(|item| item.iter().map(secret).collect()).collect();
        let expected: Vec<_> =
            items.iter().map(|item| textbook(&(item.clone(), vec![]), &theirs, &[])).collect();
        prop_assert_eq!(encode(&powers(&tables, &secrets, 1), 1), expected.clone());
        prop_assert_eq!(powers_encoded(&tables, &secrets, 2), expected);
    }

    #[test]
    fn power_each_is_that_of_dalek(points in vec(scalars(), 0..20), key in scalars(), threads in 0usize..3) {
        let (ours, theirs) = unzip(&points);
        let expected: Vec<_> = theirs.iter().map(|p| encoding(&(p * key))).collect();
        prop_assert_eq!(encode(&power_each(&ours, &secret(&key), threads), 1), expected);
    }

    #[test]
    fn combine_is_the_sum(points in vec(scalars(), 0..20)) {
        let (ours, theirs) = unzip(&points);
        let sum: EdwardsPoint = theirs.iter().sum();
        prop_assert_eq!(combine(&ours).encode(), encoding(&sum));
        prop_assert_eq!(combine(&ours).is_identity(), sum == EdwardsPoint::default());
    }
}

#[test]
fn threads_do_not_change_a_large_batch() {
    let (points, _) = unzip(&(1u64..40).map(Scalar::from).collect::<Vec<_>>());
    let tables = Tables::new(&[Point::generator()]);
    let scalar = |i: u64| public(&(Scalar::from(i) * -Scalar::from(0x1234_5678_9abc_def1_u64)));
    let jobs: Vec<_> = (0..200)
        .map(|i| Job { fixed: vec![scalar(i)], dynamic: vec![(i as usize % 39, scalar(i + 7))] })
        .collect();
    let one = multiply(&tables, &points, &jobs, 1);
    assert_eq!(one, multiply(&tables, &points, &jobs, 2));
    assert_eq!(one, multiply(&tables, &points, &jobs, 0));
    assert_eq!(encode(&one, 1), encode(&one, 3));
}

#[test]
fn nothing_gives_nothing_and_empty_jobs_the_identity() {
    let tables = Tables::new(&[]);
    assert!(tables.is_empty());
    assert_eq!(multiply(&tables, &[], &[], 0), vec![]);
    assert_eq!(multiply(&tables, &[], &[Job::default()], 1), vec![Point::identity()]);
    assert!(combine(&[]).is_identity());
}
