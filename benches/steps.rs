//! One step of gradient descent of each model on its problem's batch, for [`units`](units.rs) to compare. Prints
//! the least time of each, in seconds.

use backprop::math::mlp1::Mlp1;
use backprop::math::mlp2::Mlp2;
use backprop::math::model::Model;
use backprop::training::dataset::{Dataset, IRIS_TRAIN, SPIRAL_TRAIN, XOR};
use measure::{Stepping, least};

fn print<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    name: &str,
    data: &Dataset<D, K>,
    batch: usize,
) {
    let mut stepping = Stepping::<M, D, K, N>::new();
    println!("{name} {:e}", least(|| stepping.step(data, batch)));
}

fn main() {
    let xor = XOR.load::<2, 2>(None).expect("the file inside");
    let spiral = SPIRAL_TRAIN.load::<2, 3>(None).expect("the file inside");
    let iris = IRIS_TRAIN.load::<4, 3>(None).expect("the file inside");
    print::<Mlp1<2, 6, 2>, 2, 2, 4>("1c", &xor, 4);
    print::<Mlp1<2, 100, 3>, 2, 3, 20>("1d", &spiral, 300);
    print::<Mlp1<4, 100, 3>, 4, 3, 10>("2a", &iris, 10);
    print::<Mlp2<4, 100, 100, 3>, 4, 3, 10>("2b", &iris, 10);
}
