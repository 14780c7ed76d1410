//! One step of gradient descent of each model on its problem's batch.

use std::hint::black_box;

use backprop::dataset::{Dataset, IRIS_TRAIN, SPIRAL_TRAIN, XOR};
use backprop::mlp1::Mlp1;
use backprop::mlp2::Mlp2;
use backprop::model::{Init, Model, Spread};
use backprop::rng::Rng;
use backprop::softmax_regression::SoftmaxRegression;
use backprop::train::{Descent, Trainer};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// A step on the first `batch` samples, in tiles of N.
fn step<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    criterion: &mut Criterion,
    name: &str,
    data: &Dataset<D, K>,
    batch: usize,
) {
    // A step size so small that the network stays what it is while the benchmark runs.
    let descent = Descent { epochs: 1, step_size: 1e-9, lambda: 0.0 };
    let mut model = M::initialised(&Init { weights: Spread::He, bias: 0.0 }, &mut Rng::new(0));
    let mut trainer = Trainer::<M, D, K, N>::new();
    let mut group = criterion.benchmark_group("step");
    group.throughput(Throughput::Elements(batch as u64));
    group.bench_function(name, |bencher| {
        bencher.iter(|| trainer.step(black_box(&mut model), data, 0..batch, &descent));
    });
}

fn steps(criterion: &mut Criterion) {
    let xor = XOR.load::<2, 2>(None).expect("the file inside");
    let spiral = SPIRAL_TRAIN.load::<2, 3>(None).expect("the file inside");
    let iris = IRIS_TRAIN.load::<4, 3>(None).expect("the file inside");
    step::<SoftmaxRegression<2, 2>, 2, 2, 4>(criterion, "1a XOR 4×2→2", &xor, 4);
    step::<SoftmaxRegression<2, 3>, 2, 3, 20>(criterion, "1b spiral 300×2→3", &spiral, 300);
    step::<Mlp1<2, 6, 2>, 2, 2, 4>(criterion, "1c XOR 4×2→6→2", &xor, 4);
    step::<Mlp1<2, 100, 3>, 2, 3, 20>(criterion, "1d spiral 300×2→100→3", &spiral, 300);
    step::<Mlp1<4, 100, 3>, 4, 3, 10>(criterion, "2a Iris 10×4→100→3", &iris, 10);
    step::<Mlp2<4, 100, 100, 3>, 4, 3, 10>(criterion, "2b Iris 10×4→100→100→3", &iris, 10);
}

criterion_group!(benches, steps);
criterion_main!(benches);
