//! Findings about finished runs: each is true of its run, and so is its cause.

use backprop::math::exp_ln::ln;
use backprop::math::init::{Init, WeightInit};
use backprop::math::matrix::Matrix;
use backprop::math::mlp1::Mlp1;
use backprop::math::model::Model;
use backprop::math::rng::Rng;
use backprop::math::softmax_regression::SoftmaxRegression;
use backprop::training::dataset::Dataset;
use backprop::training::diagnosis::{Cause, Finding, diagnose};
use backprop::training::train::{Batches, History, Hyperparameters, Split, Trainer};

use crate::training::no_watch;
use crate::{spiral, xor};

type Diagnosis = Result<Vec<Finding>, Cause>;
type Linear<const K: usize> = SoftmaxRegression<2, K>;

/// Trains a model, and diagnoses its run.
fn trained<M: Model<2, K>, const K: usize>(
    model: &mut M,
    data: &Dataset<2, K>,
    descent: Hyperparameters,
) -> (History, Diagnosis) {
    let split = Split::training(data);
    let Ok(history) = Trainer::<M, 2, K, 4>::new().train(model, split, Batches::Full, &descent, no_watch);
    let found = diagnose(model, data, &history, &descent, descent.epochs);
    (history, found)
}

/// The diagnosis of a run from random parameters, without its dead units.
fn diagnosis<M: Model<2, K>, const K: usize>(
    data: &Dataset<2, K>,
    deviation: f64,
    descent: Hyperparameters,
) -> Diagnosis {
    let init = Init { weights: WeightInit::Fixed(deviation), bias: 0.1 };
    let (_, found) = trained(&mut M::initialised(&init, &mut Rng::new(0)), data, descent);
    found
        .map(|found| found.into_iter().filter(|finding| !matches!(finding, Finding::DeadUnits(..))).collect())
}

fn descent(epochs: u64, step_size: f64, lambda: f64) -> Hyperparameters {
    Hyperparameters { epochs, step_size, lambda }
}

fn assert_worse(found: &Diagnosis, expected: Cause) {
    let Ok([Finding::WorseThanGuessing(data_loss, cause)]) = found.as_deref() else { panic!("{found:?}") };
    assert!(*data_loss > ln(2.0) && *cause == expected, "{found:?}");
}

fn scaled(factor: f64) -> Dataset<2, 3> {
    let spiral = spiral();
    let samples = spiral.samples().iter().map(|sample| sample.map(|x| factor * x)).collect();
    Dataset::new(samples, spiral.labels().to_vec())
}

#[test]
fn a_run_that_learns_has_no_findings() {
    assert_eq!(diagnosis::<Mlp1<2, 16, 2>, 2>(&xor(), 1.0, descent(300, 0.5, 0.0)), Ok(vec![]));
    assert_eq!(diagnosis::<Linear<3>, 3>(&scaled(1.0), 0.01, descent(100, 1.0, 0.0)), Ok(vec![]));
}

#[test]
fn a_divergence_is_blamed_on_the_steps_and_before_any_on_the_start() {
    let run = |step_size, lambda| diagnosis::<Linear<2>, 2>(&xor(), 1.0, descent(5000, step_size, lambda));
    for (step_size, lambda) in [(5.0, 0.5), (2.5, 1.0), (1e9, 1e-3), (f64::MAX, 0.0), (1.5e300, 1e-300)] {
        assert_eq!(run(step_size, lambda), Err(Cause::Steps));
    }
    // Where αλ is above 2, no scale of the inputs helps.
    assert_eq!(diagnosis::<Linear<3>, 3>(&scaled(30.0), 1.0, descent(5000, 1.0, 3.0)), Err(Cause::Steps));
    let huge = Dataset::<2, 2>::new(vec![[1e300, 0.0], [0.0, 1e300]], vec![0, 1]);
    for (data, deviation, lambda) in [(xor(), 1e200, 0.0), (huge, 1e5, 0.0), (xor(), 10.0, 1e308)] {
        let found = diagnosis::<Mlp1<2, 6, 2>, 2>(&data, deviation, descent(10, 0.1, lambda));
        assert_eq!(found, Err(Cause::Start));
    }
}

/// A unit with an infinite weight may be off for every sample: the loss alone does not tell.
#[test]
fn an_infinite_parameter_is_a_divergence_whatever_the_loss() {
    let data = Dataset::<2, 2>::new(vec![[1.0, 2.0], [2.0, 1.0]], vec![0, 1]);
    let mut network = Mlp1::<2, 2, 2>::zeros();
    network.w1.values_mut().fill(f64::NEG_INFINITY);
    let (history, found) = trained(&mut network, &data, descent(0, 1.0, 0.0));
    assert!(history[0].training.loss().is_finite());
    assert_eq!(found, Err(Cause::Start));
}

#[test]
fn worse_than_guessing_is_said_with_its_cause() {
    let run = |deviation, hyper| diagnosis::<Linear<3>, 3>(&scaled(1.0), deviation, hyper);
    assert_worse(&run(0.01, descent(300, 1000.0, 0.0)), Cause::Steps);
    for hyper in [descent(3, 1.0, 0.0), descent(5, 1e-300, 0.0), descent(0, 1.0, 0.0)] {
        assert_worse(&run(50.0, hyper), Cause::Unfinished);
    }
    // Where a whole layer is dead, more steps or other data would not help.
    let mut network = Mlp1::<2, 2, 2>::zeros();
    (network.b1, network.b2) = (Matrix::from_rows([[-1.0, -1.0]]), Matrix::from_rows([[9.0, -9.0]]));
    let Ok(found) = trained(&mut network, &xor(), descent(1, 1e-9, 0.0)).1 else { panic!("it diverged") };
    assert_worse(&Ok(found[1..].to_vec()), Cause::DeadLayer);
    // The penalty is no part of it: with it, J is far above ln 2.
    let mut network = Mlp1::<2, 2, 2>::zeros();
    network.w1 = Matrix::from_rows([[10.0, -10.0], [-10.0, 10.0]]);
    network.w2 = Matrix::from_rows([[-1.0, 1.0], [-1.0, 1.0]]);
    network.b2 = Matrix::from_rows([[5.0, -5.0]]);
    let (history, found) = trained(&mut network, &xor(), descent(1, 1e-9, 0.1));
    assert!(history[1].training.loss() > 20.0);
    assert_eq!(found, Ok(vec![]));
    // The weight outweighs the bias until the penalty has taken it away: the cost falls, and the data loss rises.
    let data = Dataset::<2, 2>::new(vec![[1.0, 0.0], [0.0, 1.0]], vec![0, 1]);
    let mut model = Linear::<2>::zeros();
    (model.w[0], model.b[0]) = ([4.0, -4.0], [-3.0, 3.0]);
    let (history, found) = trained(&mut model, &data, descent(30, 1e-2, 10.0));
    assert!(history[30].training.data_loss > 1.01 * history[0].training.data_loss);
    assert_worse(&found, Cause::Steps);
}

/// The network that is reported may be that of an earlier epoch, as the lowest validation loss chooses it.
#[test]
fn a_reported_network_is_judged_by_its_own_loss() {
    let data = scaled(1.0);
    let init = Init { weights: WeightInit::Fixed(5.0), bias: 0.0 };
    let first = Linear::<3>::initialised(&init, &mut Rng::new(0));
    let hyper = descent(30, 0.1, 0.0);
    let (history, _) = trained(&mut first.clone(), &data, hyper);
    let found = diagnose(&first, &data, &history, &hyper, 30);
    let data_loss = history[0].training.data_loss;
    assert!(history[30].training.data_loss < data_loss);
    assert_eq!(found, Ok(vec![Finding::WorseThanGuessing(data_loss, Cause::Steps)]));
}

/// At each place are two points of class 0 and one of class 1.
#[test]
fn the_cost_is_said_to_be_least_only_where_it_is() {
    let places = [[1.0, 2.0], [-2.0, 1.0], [3.0, -1.0]];
    let data = Dataset::<2, 2>::new(places.repeat(3), vec![0, 0, 0, 0, 0, 0, 1, 1, 1]);
    let rows = vec![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0], [2.0, 2.0], [2.0, 3.0]];
    let separable = Dataset::<2, 2>::new(rows, vec![0, 0, 0, 0, 1, 1]);
    for (data, lambda) in [(&data, 0.0), (&data, 1.0), (&separable, 10.0)] {
        let found = diagnosis::<Linear<2>, 2>(data, 0.1, descent(9000, 0.1, lambda));
        assert_eq!(found, Ok(vec![Finding::OnePrediction(0, Cause::LeastCost)]), "λ = {lambda}");
    }
    let unfinished = Ok(vec![Finding::OnePrediction(0, Cause::Unfinished)]);
    // Of inputs of unlike size, a gradient that counts may be small beside the others.
    let tiny = Dataset::<2, 2>::new(places.map(|[a, b]| [1e-9 * a, b]).repeat(3), data.labels().to_vec());
    let found = diagnosis::<Linear<2>, 2>(&tiny, 0.1, descent(9000, 0.1, 0.0));
    assert_eq!(found, Ok(vec![Finding::OnePrediction(0, Cause::Scale)]));
    // With hidden units, the cost is not convex.
    assert_eq!(diagnosis::<Mlp1<2, 4, 2>, 2>(&data, 0.1, descent(9000, 0.1, 0.0)), unfinished);
    let rising = Dataset::<2, 2>::new(vec![[0.0, 0.0], [1.0, 1.0], [1.0, 0.0]], vec![1, 0, 0]);
    assert_eq!(diagnosis::<Linear<2>, 2>(&rising, 0.0, descent(1, 1e-9, 0.0)), unfinished);
}

#[test]
fn data_that_cannot_be_told_apart_are_no_fault_of_the_run() {
    let one = Dataset::<2, 2>::new(vec![[0.0, 1.0], [1.0, 0.0]], vec![1, 1]);
    let found = diagnosis::<Linear<2>, 2>(&one, 0.01, descent(100, 1.0, 0.0));
    assert_eq!(found, Ok(vec![]));
    let same = Dataset::<2, 2>::new(vec![[1.0, 1.0]; 3], vec![0, 0, 1]);
    let found = diagnosis::<Mlp1<2, 4, 2>, 2>(&same, 0.1, descent(3000, 1.0, 0.0));
    assert_eq!(found, Ok(vec![]));
}

#[test]
fn dead_units_are_counted_and_blamed_where_a_layer_has_no_others() {
    let mut network = Mlp1::<2, 4, 2>::zeros();
    network.w1 = Matrix::from_rows([[1.0; 4]; 2]);
    for dead in [3, 4] {
        network.b1[0][..dead].fill(-3.0);
        let (_, found) = trained(&mut network.clone(), &xor(), descent(10, 0.1, 0.0));
        let found = found.unwrap();
        assert_eq!(found[0], Finding::DeadUnits(1, dead, 4));
        let blamed = Finding::OnePrediction(0, Cause::DeadLayer);
        assert_eq!(found.contains(&blamed), dead == 4, "{found:?}");
    }
}
