//! exp, ln and softmax over an array, beside std's.
#![allow(clippy::disallowed_methods, reason = "std's functions are what these are compared with")]

use std::hint::black_box;

use backprop::math::exp_ln;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use measure::{COUNT, random, spread, std_softmax};

fn compare(
    criterion: &mut Criterion,
    name: &str,
    x: &[f64; COUNT],
    ours: fn(&mut [f64; COUNT]),
    std: fn(&mut [f64; COUNT]),
) {
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(COUNT as u64));
    for (name, function) in [("backprop", ours), ("std", std)] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let mut values = *black_box(x);
                function(&mut values);
                black_box(values);
            });
        });
    }
}

fn exp(criterion: &mut Criterion) {
    compare(
        criterion,
        "exp",
        &spread(-30.0, 0.0),
        |values| exp_ln::exp_in_place(values),
        |values| values.iter_mut().for_each(|value| *value = value.exp()),
    );
}

fn ln(criterion: &mut Criterion) {
    compare(
        criterion,
        "ln",
        &spread(1.0, 3.0),
        |values| values.iter_mut().for_each(|value| *value = exp_ln::ln(*value)),
        |values| values.iter_mut().for_each(|value| *value = value.ln()),
    );
}

/// Of the scores of a tile of problem 1d.
fn softmax(criterion: &mut Criterion) {
    let (scores, mut p) = (random::<20, 3>(), random::<20, 3>());
    let mut group = criterion.benchmark_group("softmax 20×3");
    group.bench_function("backprop", |bencher| {
        bencher.iter(|| backprop::math::softmax::softmax(black_box(&scores), black_box(&mut p)));
    });
    group.bench_function("std", |bencher| {
        bencher.iter(|| std_softmax(black_box(&scores), black_box(&mut p)));
    });
}

criterion_group!(benches, exp, ln, softmax);
criterion_main!(benches);
