//! An epoch of problem 1d against the number of samples and of hidden units: the time for each should stay the same.

use backprop::math::mlp1::Mlp1;
use backprop::training::dataset::Dataset;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use measure::{Stepping, spiral};

fn epoch<const H: usize>(criterion: &mut Criterion, group: &str, parameter: usize, data: &Dataset<2, 3>) {
    let mut stepping = Stepping::<Mlp1<2, H, 3>, 2, 3, 20>::new();
    let mut group = criterion.benchmark_group(group);
    group.sample_size(20).throughput(Throughput::Elements(parameter as u64));
    group.bench_function(BenchmarkId::from_parameter(parameter), |bencher| {
        bencher.iter(|| stepping.step(data, data.len()));
    });
}

fn samples(criterion: &mut Criterion) {
    for samples in [300, 3_000, 30_000, 300_000] {
        epoch::<100>(criterion, "samples", samples, &spiral(samples));
    }
}

fn width(criterion: &mut Criterion) {
    let data = spiral(300);
    epoch::<16>(criterion, "width", 16, &data);
    epoch::<64>(criterion, "width", 64, &data);
    epoch::<256>(criterion, "width", 256, &data);
    epoch::<1024>(criterion, "width", 1024, &data);
}

criterion_group!(benches, samples, width);
criterion_main!(benches);
