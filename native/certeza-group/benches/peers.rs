//! One operation at a time in `curve25519-dalek` and in `crrl`: what the choice of primitives
//! rests on. Figures: see the README.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use crrl::ed25519::{Point as CrrlPoint, Scalar as CrrlScalar};
use curve25519_dalek::edwards::{
    EdwardsBasepointTable, EdwardsPoint, VartimeEdwardsPrecomputation,
};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::{BasepointTable, VartimePrecomputedMultiscalarMul};

const SCALAR: [u8; 32] = [0x4d; 32];

fn dalek(c: &mut Criterion) {
    let s = Scalar::from_bytes_mod_order(SCALAR);
    let p = EdwardsPoint::mul_base(&s);
    let (q, encoded) = (p + p, p.compress());
    let table = EdwardsBasepointTable::create(&p);
    let public = VartimeEdwardsPrecomputation::new([p]);
    let many = vec![q; 64];
    let mut group = c.benchmark_group("dalek");
    group.bench_function("decompress", |b| b.iter(|| black_box(encoded).decompress()));
    group.bench_function("subgroup test", |b| b.iter(|| black_box(p).is_torsion_free()));
    group.bench_function("compress", |b| b.iter(|| black_box(q).compress()));
    group.bench_function("compress 64", |b| b.iter(|| EdwardsPoint::compress_batch_alloc(&many)));
    group.bench_function("add", |b| b.iter(|| black_box(p) + q));
    group.bench_function("secret scalar, any point", |b| b.iter(|| black_box(p) * s));
    group.bench_function("secret scalar, table", |b| b.iter(|| &table * black_box(&s)));
    group.bench_function("public product, 1 fixed and 1 dynamic", |b| {
        b.iter(|| public.vartime_mixed_multiscalar_mul([s], [black_box(s)], [q]))
    });
}

fn crrl(c: &mut Criterion) {
    let s = CrrlScalar::decode_reduce(&SCALAR);
    let p = CrrlPoint::mulgen(&s);
    let (q, encoded) = (p.double(), p.encode());
    let mut group = c.benchmark_group("crrl");
    group.bench_function("decompress", |b| b.iter(|| CrrlPoint::decode(black_box(&encoded))));
    group.bench_function("subgroup test", |b| b.iter(|| black_box(p).is_in_subgroup()));
    group.bench_function("compress", |b| b.iter(|| black_box(q).encode()));
    group.bench_function("add", |b| b.iter(|| black_box(p) + q));
    group.bench_function("100 doublings", |b| b.iter(|| black_box(p).xdouble(100)));
    group.bench_function("secret scalar, any point", |b| b.iter(|| black_box(p) * s));
    group.bench_function("secret scalar, generator", |b| {
        b.iter(|| CrrlPoint::mulgen(black_box(&s)))
    });
    group.bench_function("public product, generator and 1 dynamic", |b| {
        b.iter(|| black_box(q).mul_add_mulgen_vartime(&s, &s))
    });
}

criterion_group!(benches, dalek, crrl);
criterion_main!(benches);
