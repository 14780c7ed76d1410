//! An epoch of problem 1d against the number of samples and of hidden units: the time for each should stay the same.

use backprop::dataset::{Dataset, SPIRAL_TRAIN};
use backprop::mlp1::Mlp1;
use backprop::model::{Init, Model, Spread};
use backprop::rng::Rng;
use backprop::train::{Descent, Trainer};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

/// The spiral, over and over, until there are so many samples.
fn spiral(samples: usize) -> Dataset<2, 3> {
    let spiral = SPIRAL_TRAIN.load::<2, 3>(None).expect("the file inside");
    spiral.select(&(0..samples).map(|n| n % spiral.len()).collect::<Vec<_>>())
}

fn epoch<const H: usize>(criterion: &mut Criterion, group: &str, parameter: usize, data: &Dataset<2, 3>) {
    let descent = Descent { epochs: 1, step_size: 1e-9, lambda: 0.0 };
    let mut model = Mlp1::<2, H, 3>::initialised(&Init { weights: Spread::He, bias: 0.0 }, &mut Rng::new(0));
    let mut trainer = Trainer::<_, 2, 3, 20>::new();
    let mut group = criterion.benchmark_group(group);
    group.sample_size(20).throughput(Throughput::Elements(parameter as u64));
    group.bench_function(BenchmarkId::from_parameter(parameter), |bencher| {
        bencher.iter(|| trainer.step(&mut model, data, 0..data.len(), &descent));
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
