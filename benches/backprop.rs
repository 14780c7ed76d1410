//! One step of gradient descent of each model on its problem's batch.

use backprop::math::mlp1::Mlp1;
use backprop::math::mlp2::Mlp2;
use backprop::math::model::Model;
use backprop::math::softmax_regression::SoftmaxRegression;
use backprop::training::dataset::{Dataset, IRIS_TRAIN, SPIRAL_TRAIN, XOR};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use measure::Stepping;

/// A step on the first `batch` samples, in tiles of N.
fn step<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    criterion: &mut Criterion,
    name: &str,
    data: &Dataset<D, K>,
    batch: usize,
) {
    let mut stepping = Stepping::<M, D, K, N>::new();
    let mut group = criterion.benchmark_group("step");
    group.throughput(Throughput::Elements(batch as u64));
    group.bench_function(name, |bencher| bencher.iter(|| stepping.step(data, batch)));
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
