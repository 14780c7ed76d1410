//! The three matrix products at the shapes of the six problems, each beside its schoolbook twin.

use std::convert::identity;
use std::hint::black_box;

use backprop::math::kernels::{self, Start};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use measure::random;

#[path = "../tests/common/schoolbook.rs"]
mod schoolbook;

/// X·W + b for an R×N and an N×C matrix.
fn affine<const R: usize, const N: usize, const C: usize>(criterion: &mut Criterion) {
    let (x, w, b, mut out) = (random::<R, N>(), random::<N, C>(), random::<1, C>(), random::<R, C>());
    let mut group = criterion.benchmark_group(format!("A·B {R}×{N}×{C}"));
    group.throughput(Throughput::Elements((2 * R * N * C) as u64));
    group.bench_function("fast", |bencher| {
        bencher.iter(|| {
            kernels::affine(identity, black_box(&x), black_box(&w), black_box(&b), black_box(&mut out))
        });
    });
    group.bench_function("schoolbook", |bencher| {
        bencher.iter(|| {
            schoolbook::affine(identity, black_box(&x), black_box(&w), black_box(&b), black_box(&mut out))
        });
    });
}

/// G + Aᵀ·B for an N×R and an N×C matrix.
fn transposed_product<const R: usize, const N: usize, const C: usize>(criterion: &mut Criterion) {
    let (a, b, mut g) = (random::<N, R>(), random::<N, C>(), random::<R, C>());
    let mut group = criterion.benchmark_group(format!("Aᵀ·B {R}×{N}×{C}"));
    group.throughput(Throughput::Elements((2 * R * N * C) as u64));
    group.bench_function("fast", |bencher| {
        bencher.iter(|| {
            kernels::transposed_product(Start::Sum, None, black_box(&a), black_box(&b), black_box(&mut g))
        });
    });
    group.bench_function("schoolbook", |bencher| {
        bencher.iter(|| schoolbook::add_transposed_product(black_box(&a), black_box(&b), black_box(&mut g)));
    });
}

/// (A·Bᵀ) ⊗ 1[h > 0] for an R×N and a C×N matrix.
fn gated_product_with_transposed<const R: usize, const N: usize, const C: usize>(criterion: &mut Criterion) {
    let (a, b, h, mut out) = (random::<R, N>(), random::<C, N>(), random::<R, C>(), random::<R, C>());
    let mut group = criterion.benchmark_group(format!("A·Bᵀ {R}×{N}×{C}"));
    group.throughput(Throughput::Elements((2 * R * N * C) as u64));
    group.bench_function("fast", |bencher| {
        bencher.iter(|| {
            kernels::gated_product_with_transposed(black_box(&a), black_box(&b), &h, black_box(&mut out));
        });
    });
    group.bench_function("schoolbook", |bencher| {
        bencher.iter(|| {
            schoolbook::gated_product_with_transposed(black_box(&a), black_box(&b), &h, black_box(&mut out));
        });
    });
}

criterion_group!(
    benches,
    affine::<4, 2, 6>,
    affine::<20, 2, 100>,
    affine::<20, 100, 3>,
    affine::<10, 4, 100>,
    affine::<10, 100, 100>,
    transposed_product::<2, 20, 100>,
    transposed_product::<100, 20, 3>,
    transposed_product::<100, 10, 100>,
    gated_product_with_transposed::<20, 3, 100>,
    gated_product_with_transposed::<10, 100, 100>,
);
criterion_main!(benches);
