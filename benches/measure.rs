//! How the benchmarks measure: everything relative to the best of the same machine at the same moment.

mod rod;

use std::hint::black_box;
use std::time::Instant;

use backprop::math::init::{Init, WeightInit};
use backprop::math::matrix::Matrix;
use backprop::math::mlp1::Mlp1;
use backprop::math::mlp2::Mlp2;
use backprop::math::model::Model;
use backprop::math::order::{ascending, clamped, larger, smaller};
use backprop::math::rng::Rng;
use backprop::math::softmax_regression::SoftmaxRegression;
use backprop::training::dataset::{Dataset, IRIS_TRAIN, SPIRAL_TRAIN, XOR};
use backprop::training::train::{Hyperparameters, Trainer};

pub use rod::{Rod, rod};

/// Pairs of measurements, of the rod and of a kernel; the median counts.
const PAIRS: usize = 31;

/// About how long one measurement takes, in seconds.
const MEASUREMENT: f64 = 3e-4;

/// The cost of one call of a function.
#[derive(Clone, Copy)]
pub struct Cost {
    /// Seconds for a call.
    pub seconds: f64,
    /// Its floating-point operations as a share of the [peak](Rod::peak), from 0 to 1.
    pub of_peak: f64,
    /// These operations as a share of the [ceiling](Rod::ceiling) of multiplications and additions apart.
    pub of_ceiling: f64,
}

/// A matrix of standard normal numbers.
pub fn random<const R: usize, const C: usize>() -> Matrix<R, C> {
    let mut rng = Rng::new(1);
    let mut matrix = Matrix::zeros();
    matrix.values_mut().fill_with(|| rng.normal());
    matrix
}

/// A network that is stepped again and again on the first samples of some data, in tiles of N.
pub struct Stepping<M: Model<D, K>, const D: usize, const K: usize, const N: usize> {
    model: M,
    trainer: Trainer<M, D, K, N>,
}

impl<M: Model<D, K>, const D: usize, const K: usize, const N: usize> Stepping<M, D, K, N> {
    /// A network at its start.
    pub fn new() -> Self {
        let model = M::initialised(&Init { weights: WeightInit::He, bias: 0.0 }, &mut Rng::new(0));
        Stepping { model, trainer: Trainer::new() }
    }

    /// One step of gradient descent on the first `batch` samples.
    pub fn step(&mut self, data: &Dataset<D, K>, batch: usize) {
        // A step size so small that the network stays what it is while it is measured.
        let hyper = Hyperparameters { epochs: 1, step_size: 1e-9, lambda: 0.0 };
        black_box(self.trainer.step(black_box(&mut self.model), data, 0..batch, &hyper));
    }
}

impl<M: Model<D, K>, const D: usize, const K: usize, const N: usize> Default for Stepping<M, D, K, N> {
    fn default() -> Self {
        Stepping::new()
    }
}

/// A step of gradient descent of one of the handout's problems.
pub struct Step<'a> {
    /// The problem, its data and its layers.
    pub name: &'a str,
    /// Samples of the batch.
    pub batch: usize,
    /// Floating-point operations of its products.
    pub operations: usize,
    /// Takes the step.
    pub take: &'a mut dyn FnMut(),
}

/// Gives `measured` the step of each problem on its batch, with the handout's widths.
pub fn steps(mut measured: impl FnMut(Step)) {
    let xor = XOR.load::<2, 2>(None).expect("the file inside");
    let spiral = spiral(300);
    let iris = IRIS_TRAIN.load::<4, 3>(None).expect("the file inside");
    let measured = &mut measured;
    step::<SoftmaxRegression<2, 2>, 2, 2, 4>(measured, "1a XOR 4×2→2", &xor, 4, 2 * 2 * 2 * 2);
    step::<SoftmaxRegression<2, 3>, 2, 3, 20>(measured, "1b spiral 300×2→3", &spiral, 300, 2 * 2 * 2 * 3);
    step::<Mlp1<2, 6, 2>, 2, 2, 4>(measured, "1c XOR 4×2→6→2", &xor, 4, operations(2, 6, 2));
    step::<Mlp1<2, 100, 3>, 2, 3, 20>(measured, "1d spiral 300×2→100→3", &spiral, 300, operations(2, 100, 3));
    step::<Mlp1<4, 100, 3>, 4, 3, 10>(measured, "2a Iris 10×4→100→3", &iris, 10, operations(4, 100, 3));
    let of_two = operations(4, 100, 3) + 2 * 3 * 100 * 100;
    step::<Mlp2<4, 100, 100, 3>, 4, 3, 10>(measured, "2b Iris 10×4→100→100→3", &iris, 10, of_two);
}

fn step<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    measured: &mut impl FnMut(Step),
    name: &str,
    data: &Dataset<D, K>,
    batch: usize,
    operations_per_sample: usize,
) {
    let mut stepping = Stepping::<M, D, K, N>::new();
    let take = &mut || stepping.step(data, batch);
    measured(Step { name, batch, operations: operations_per_sample * batch, take });
}

/// Floating-point operations of a sample's five products (one hidden layer): X·W₁, h·W₂, their gradients, d_f·W₂ᵀ.
pub const fn operations(d: usize, h: usize, k: usize) -> usize {
    2 * (2 * d * h + 3 * h * k)
}

/// The spiral, repeated up to this number of samples.
pub fn spiral(samples: usize) -> Dataset<2, 3> {
    let spiral = SPIRAL_TRAIN.load::<2, 3>(None).expect("the file inside");
    spiral.select(&(0..samples).map(|n| n % spiral.len()).collect::<Vec<_>>())
}

/// The numbers that the elementary functions are measured on: few enough for the first-level cache.
pub const COUNT: usize = 256;

/// [`COUNT`] numbers, spread evenly over the range.
pub fn spread(from: f64, to: f64) -> [f64; COUNT] {
    std::array::from_fn(|i| from + (to - from) * i as f64 / (COUNT - 1) as f64)
}

/// Softmax row by row with std's exp.
#[allow(clippy::disallowed_methods, reason = "std's function is what ours is compared with")]
pub fn std_softmax<const N: usize, const K: usize>(scores: &Matrix<N, K>, p: &mut Matrix<N, K>) {
    for n in 0..N {
        let max = scores[n].iter().fold(f64::NEG_INFINITY, |max, &score| larger(max, score));
        p[n] = scores[n].map(|score| (score - max).exp());
        let sum: f64 = p[n].iter().sum();
        p[n] = p[n].map(|exponential| exponential / sum);
    }
}

/// The median cost of a call of `function`, which does this many floating-point operations.
pub fn cost(operations: usize, mut function: impl FnMut()) -> Cost {
    let calls = calls_for_a_measurement(&mut function);
    let pairs: [(Rod, f64); PAIRS] = std::array::from_fn(|_| (rod(), time(calls, &mut function)));
    let share = |of: fn(&Rod) -> f64| {
        median(pairs.each_ref().map(|(rod, seconds)| operations as f64 / seconds / of(rod)))
    };
    Cost {
        seconds: median(pairs.map(|(_, seconds)| seconds)),
        of_peak: share(|rod| rod.peak),
        of_ceiling: share(|rod| rod.ceiling),
    }
}

/// The least time of a call of `function` in 300 measurements, in seconds.
pub fn least(mut function: impl FnMut()) -> f64 {
    let calls = calls_for_a_measurement(&mut function);
    (0..300).fold(f64::INFINITY, |least, _| smaller(least, time(calls, &mut function)))
}

/// The median of `first`'s time over `second`'s, measured in turn.
pub fn ratio(mut first: impl FnMut(), mut second: impl FnMut()) -> f64 {
    let [first_calls, second_calls] =
        [calls_for_a_measurement(&mut first), calls_for_a_measurement(&mut second)];
    median(std::array::from_fn(|_| time(first_calls, &mut first) / time(second_calls, &mut second)))
}

/// The mean time of a call over this number of calls, in seconds.
fn time(calls: usize, function: &mut impl FnMut()) -> f64 {
    let start = Instant::now();
    for _ in 0..calls {
        function();
    }
    start.elapsed().as_secs_f64() / calls as f64
}

fn calls_for_a_measurement(function: &mut impl FnMut()) -> usize {
    time(1, function);
    clamped(MEASUREMENT / time(3, function), [1.0, 1e6]) as usize
}

fn median(mut values: [f64; PAIRS]) -> f64 {
    values.sort_by(ascending);
    values[PAIRS / 2]
}
