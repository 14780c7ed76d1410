//! Layers far wider than the stack is deep: they are made, run forward and run backward on it, also where nothing is
//! optimised.
#![forbid(unsafe_code)]

use std::thread;

use backprop::math::kernels::Start;
use backprop::math::matrix::Matrix;
use backprop::math::mlp1::Mlp1;
use backprop::math::model::Model;
use backprop::{Batches, Dataset, Error, Hyperparameters, Rng, SoftmaxRegression, Split};

/// That of any thread by default.
const STACK: usize = 2 * 1024 * 1024;

fn on_a_threads_stack(run: fn()) {
    thread::Builder::new().stack_size(STACK).spawn(run).unwrap().join().unwrap();
}

/// All products of a layer whose inputs, weights and outputs are 1.
fn run_layer<const N: usize, const I: usize, const O: usize>() {
    let (mut x, mut w, mut out, mut d_x) =
        (Matrix::<N, I>::zeros(), Matrix::<I, O>::zeros(), Matrix::<N, O>::zeros(), Matrix::zeros());
    x.values_mut().fill(1.0);
    w.values_mut().fill(1.0);
    x.times(&w).plus(&Matrix::zeros()).relu().store(&mut out);
    assert!(out.values().iter().all(|&sum| sum == I as f64));
    out.times_transposed(&w).where_positive(&x).store(&mut d_x);
    assert!(d_x.values().iter().all(|&sum| sum == (I * O) as f64));
    let (weights, start) = (w.clone(), Start::Penalty { lambda: 2.0 });
    x.transposed_times(&out).plus(start, &weights).store(&mut w);
    assert!(w.values().iter().all(|&sum| sum == 2.0 + (N * I) as f64));
}

#[test]
fn wide_layers_need_no_stack() {
    on_a_threads_stack(run_layer::<32, 20_000, 64>);
    on_a_threads_stack(run_layer::<32, 64, 20_000>);
    on_a_threads_stack(run_layer::<8, 20_000, 3>);
    on_a_threads_stack(run_layer::<8, 3, 20_000>);
    on_a_threads_stack(run_layer::<2, 20_000, 6>);
    on_a_threads_stack(run_layer::<1, 20_000, 1>);
}

#[test]
fn a_large_network_is_made_and_cloned_on_a_threads_stack() {
    on_a_threads_stack(|| {
        let network = Mlp1::<784, 1024, 10>::zeros();
        assert_eq!(network.clone(), network);
    });
}

/// On 512 KiB, where `.ci/run` runs all tests on such stacks.
#[test]
fn softmax_regression_of_20_000_classes_trains() {
    let data = Dataset::<2, 20_000>::new(vec![[1.0, 2.0], [3.0, 4.0]], vec![0, 19_999]);
    let hyper = Hyperparameters { epochs: 2, step_size: 0.1, lambda: 1e-3 };
    for size in [None, Some(1)] {
        let (mut network, mut rng) = (SoftmaxRegression::zeros(), Rng::new(0));
        let batches = size.map_or(Batches::Full, |size| Batches::Shuffled { size, rng: &mut rng });
        let history = backprop::train(&mut network, Split::training(&data), batches, &hyper, |_, _, _| {
            Ok::<(), Error>(())
        });
        let loss = history.unwrap()[2].training.data_loss;
        assert!(loss < backprop::math::exp_ln::ln(20_000.0) - 0.1, "{loss}");
    }
}
