//! The public work of one ballot (10 answers and the blank vote), per call of this crate and with
//! the plain calls of `curve25519-dalek` for comparison. Figures: see the README.
#![allow(clippy::expect_used)]

use std::hint::black_box;

use certeza_group::{
    Job, Point, PublicScalar, Tables, combine, decode, decode_and_multiply, encode, multiply,
};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint, VartimeEdwardsPrecomputation};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::VartimePrecomputedMultiscalarMul;

const CIPHERTEXTS: usize = 11;

/// A spread-out scalar; benches need no randomness.
fn scalar(seed: usize) -> Scalar {
    let mut bytes = [0; 64];
    for (i, byte) in bytes.iter_mut().enumerate() {
        *byte = (seed.wrapping_mul(2_654_435_761) >> (i % 29)) as u8 ^ (i * 73 + seed) as u8;
    }
    Scalar::from_bytes_mod_order_wide(&bytes)
}

fn public(seed: usize) -> PublicScalar {
    PublicScalar::from_canonical(scalar(seed).as_bytes()).expect("reduced")
}

/// Encodings of `alpha`, `beta` of each ciphertext, then the credential.
fn encodings(ballots: usize) -> Vec<u8> {
    let point = |i| EdwardsPoint::mul_base(&scalar(i)).compress().to_bytes();
    (0..ballots * (2 * CIPHERTEXTS + 1)).flat_map(point).collect()
}

/// Which decoded points make up each of the four sums of a ballot.
fn sums() -> Vec<Vec<usize>> {
    (0..4).map(|skip| (0..2 * CIPHERTEXTS).skip(skip).step_by(2).collect()).collect()
}

/// Points and jobs of one ballot: 53 products over 27 points.
fn ballot(points: &[Point]) -> (Vec<Point>, Vec<Job>) {
    let sums: Vec<_> = sums().iter().map(|sum| combine(sum.iter().map(|i| &points[*i]))).collect();
    let points = [points, &sums].concat();
    let mut jobs = Vec::new();
    for (index, _) in points.iter().enumerate() {
        let credential = index == 2 * CIPHERTEXTS;
        for proof in 0..if credential { 1 } else { 2 } {
            let seed = 1000 * index + 10 * proof;
            let on_key = index % 2 == 1;
            let zero = PublicScalar::ZERO;
            let with_g = !on_key || proof == 1;
            let g = if with_g { public(seed) } else { zero };
            let y = if on_key { public(seed + 1) } else { zero };
            jobs.push(Job { fixed: vec![g, y], dynamic: vec![(index, public(seed + 2))] });
        }
    }
    (points, jobs)
}

fn tables() -> Tables {
    Tables::new(&[Point::generator(), combine(&[Point::generator(), Point::generator()])])
}

fn ours(c: &mut Criterion) {
    let (tables, encoded) = (tables(), encodings(1));
    let decoded = decode(&encoded, false, 1).expect("good points");
    let (points, jobs) = ballot(&decoded);
    assert_eq!(jobs.len(), 53);
    let mut group = c.benchmark_group("ballot");
    group.bench_function("decode", |b| b.iter(|| decode(black_box(&encoded), false, 1)));
    group.bench_function("multiply", |b| b.iter(|| multiply(&tables, &points, &jobs, 1)));
    let sums = sums();
    group.bench_function("decode and multiply", |b| {
        b.iter(|| decode_and_multiply(&tables, black_box(&encoded), &sums, &jobs, 1))
    });
    let products = multiply(&tables, &points, &jobs, 1);
    group.bench_function("encode", |b| b.iter(|| encode(black_box(&products), 1)));
}

/// Several ballots in one call, over one and all cores.
fn many(c: &mut Criterion) {
    const BALLOTS: usize = 200;
    let tables = tables();
    let encoded = encodings(BALLOTS);
    let mut group = c.benchmark_group("200 ballots");
    group.sample_size(10);
    for threads in [1, 0] {
        group.bench_function(format!("decode, threads={threads}"), |b| {
            b.iter(|| decode(black_box(&encoded), false, threads))
        });
        let decoded = decode(&encoded, false, 0).expect("good points");
        let (mut points, mut jobs) = (Vec::new(), Vec::new());
        for part in decoded.chunks(2 * CIPHERTEXTS + 1) {
            let (more, mut asked) = ballot(part);
            asked.iter_mut().for_each(|job| job.dynamic[0].0 += points.len());
            points.extend(more);
            jobs.extend(asked);
        }
        group.bench_function(format!("multiply and encode, threads={threads}"), |b| {
            b.iter(|| encode(&multiply(&tables, &points, &jobs, threads), threads))
        });
    }
}

/// The same ballot by the obvious calls of `curve25519-dalek`.
fn dalek(c: &mut Criterion) {
    let (_, jobs) = ballot(&decode(&encodings(1), false, 1).expect("good points"));
    let encoded: Vec<_> =
        encodings(1).as_chunks::<32>().0.iter().map(|e| CompressedEdwardsY(*e)).collect();
    let decode_all = |encoded: &[CompressedEdwardsY]| -> Vec<EdwardsPoint> {
        encoded
            .iter()
            .filter_map(|e| e.decompress().filter(EdwardsPoint::is_torsion_free))
            .collect()
    };
    let points = decode_all(&encoded);
    let bases = [EdwardsPoint::mul_base(&scalar(1)), EdwardsPoint::mul_base(&scalar(2))];
    let tables = VartimeEdwardsPrecomputation::new(bases);
    let (s, t, u) = (scalar(3), scalar(4), scalar(5));
    let mut group = c.benchmark_group("ballot by dalek alone");
    group.bench_function("decode", |b| b.iter(|| decode_all(black_box(&encoded))));
    group.bench_function("multiply and encode", |b| {
        b.iter_batched(
            || points.iter().cycle().take(jobs.len()).enumerate(),
            |points| {
                let product = |(i, p): (usize, &EdwardsPoint)| match i % 4 {
                    3 => tables.vartime_mixed_multiscalar_mul([s, t], [u], [*p]),
                    _ => tables.vartime_mixed_multiscalar_mul([s], [u], [*p]),
                };
                EdwardsPoint::compress_batch_alloc(&points.map(product).collect::<Vec<_>>())
            },
            BatchSize::SmallInput,
        )
    });
}

criterion_group!(benches, ours, many, dalek);
criterion_main!(benches);
