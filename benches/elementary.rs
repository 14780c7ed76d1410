//! exp and ln over an array, beside std's.
#![allow(clippy::disallowed_methods, reason = "std's functions are what these are compared with")]

use std::hint::black_box;

use backprop::elementary;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// So many numbers, spread evenly over the range.
fn spread(from: f64, to: f64) -> [f64; 1024] {
    std::array::from_fn(|i| from + (to - from) * i as f64 / 1023.0)
}

fn compare(
    criterion: &mut Criterion,
    name: &str,
    x: &[f64; 1024],
    ours: fn(&mut [f64; 1024]),
    std: fn(&mut [f64; 1024]),
) {
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(1024));
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
        |values| elementary::exp_in_place(values),
        |values| values.iter_mut().for_each(|value| *value = value.exp()),
    );
}

fn ln(criterion: &mut Criterion) {
    compare(
        criterion,
        "ln",
        &spread(1.0, 3.0),
        |values| values.iter_mut().for_each(|value| *value = elementary::ln(*value)),
        |values| values.iter_mut().for_each(|value| *value = value.ln()),
    );
}

criterion_group!(benches, exp, ln);
criterion_main!(benches);
