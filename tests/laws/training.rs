//! Training: gradient descent by the full batch and by mini-batches, in tiles that change no bit.

use std::convert::Infallible;
use std::f64::consts::LN_2;

use backprop::math::init::{Init, WeightInit};
use backprop::math::matrix::Matrix;
use backprop::math::mlp1::Mlp1;
use backprop::math::mlp2::Mlp2;
use backprop::math::model::Model;
use backprop::math::relu::{relu, relu_gate};
use backprop::math::rng::Rng;
use backprop::math::softmax_regression::SoftmaxRegression;
use backprop::training::dataset::Dataset;
use backprop::training::error::Error;
use backprop::training::train::{Batches, EpochScores, History, Hyperparameters, Split, Trainer};

use crate::{flowers, spiral, xor};

const COURSE: Init = Init { weights: WeightInit::Fixed(0.01), bias: 0.0 };

/// Watches nothing and never stops training.
#[expect(clippy::unnecessary_wraps, reason = "others stop it")]
pub(super) fn no_watch<M>(_: &M, _: &EpochScores, _: Option<&Rng>) -> Result<(), Infallible> {
    Ok(())
}

// The rectifier

#[test]
fn the_rectifier_and_its_gate_are_zero_up_to_and_at_zero() {
    let h_pre = [-1.0, -5e-324, -0.0, 0.0, 5e-324, 2.0, f64::INFINITY, f64::NEG_INFINITY];
    let expected: [f64; 8] = [0.0, 0.0, 0.0, 0.0, 5e-324, 2.0, f64::INFINITY, 0.0];
    assert_eq!(h_pre.map(relu), expected);
    let gated = [0.0, 0.0, 0.0, 0.0, 3.0, 3.0, 3.0, 0.0];
    assert_eq!(h_pre.map(|h_pre| relu_gate(relu(h_pre), 3.0)), gated);
    assert!(relu(f64::NAN).is_nan() && relu(-f64::NAN).is_nan(), "a diverged unit stays not a number");
}

// Gradient descent

/// Trains by the full batch, and returns the scores over the epochs.
pub(super) fn full_batch<M: Model<D, K>, const D: usize, const K: usize>(
    model: &mut M,
    data: &Dataset<D, K>,
    hyper: Hyperparameters,
) -> History {
    let Ok(history) =
        Trainer::<M, D, K, 10>::new().train(model, Split::training(data), Batches::Full, &hyper, no_watch);
    history
}

/// All four points tie, so J = ln 2 and both columns of W and b are equal (only their difference matters to J,
/// and λ = 0 leaves their sum as it was).
#[test]
fn the_optimum_of_softmax_regression_on_xor_is_ln_2_with_equal_columns() {
    let mut model = SoftmaxRegression::<2, 2>::initialised(&COURSE, &mut Rng::new(1));
    let history =
        full_batch(&mut model, &xor(), Hyperparameters { epochs: 2_000, step_size: 1.0, lambda: 0.0 });
    let last = history.last().unwrap().training;
    // 1e-12: J is flat to second order, so this asks for no more than 1e-6 of the parameters.
    assert!((last.loss() - LN_2).abs() < 1e-12, "{}", last.loss());
    for [column0, column1] in model.w.iter().chain(model.b.iter()) {
        assert!((column0 - column1).abs() < 1e-12, "{column0} and {column1}");
    }
    assert!(last.correct <= 3);
}

/// The optima were found apart from this code, by Newton's method.
#[test]
fn the_optimum_of_softmax_regression_on_the_spiral_is_the_known_one() {
    for (lambda, optimum) in [(0.0, 0.775_333_1), (1e-3, 0.786_229_6)] {
        let mut model = SoftmaxRegression::<2, 3>::initialised(&COURSE, &mut Rng::new(1));
        let history =
            full_batch(&mut model, &spiral(), Hyperparameters { epochs: 3_000, step_size: 1.0, lambda });
        let last = history.last().unwrap().training;
        assert!((last.loss() - optimum).abs() < 0.5e-7, "λ = {lambda}: {}", last.loss());
        assert_eq!((last.correct, last.samples), (148, 300));
    }
}

#[test]
fn the_gradient_of_a_batch_is_that_of_a_dataset_of_its_samples() {
    let data = spiral();
    let batch = [7, 250, 3, 299, 0, 123, 42, 199];
    let model = Mlp1::<2, 9, 3>::initialised(&COURSE, &mut Rng::new(4));
    let mut trainer = Trainer::<_, 2, 3, 7>::new();
    let score = trainer.gradient(&model, &data, batch.into_iter(), 1e-3);
    let gradient = trainer.last_gradient().clone();
    assert_eq!(score, trainer.gradient(&model, &data.select(&batch), 0..8, 1e-3));
    assert_eq!(gradient, *trainer.last_gradient());
}

#[test]
fn a_step_takes_the_step_size_times_the_gradient_from_every_parameter() {
    let data = spiral();
    let mut model =
        Mlp1::<2, 9, 3>::initialised(&Init { weights: WeightInit::Glorot, bias: 0.1 }, &mut Rng::new(6));
    let before = model.clone();
    let mut trainer = Trainer::<_, 2, 3, 10>::new();
    let score = trainer.gradient(&before, &data, 5..30, 1e-3);
    let gradient = trainer.last_gradient().clone();
    let hyper = Hyperparameters { epochs: 0, step_size: 0.5, lambda: 1e-3 };
    assert_eq!(trainer.step(&mut model, &data, 5..30, &hyper), score);
    assert_eq!(score.samples, 25);
    for ((after, before), gradient) in
        model.parameters().iter().zip(before.parameters()).zip(gradient.parameters())
    {
        for (entry, &after) in after.values.iter().enumerate() {
            assert_eq!(after, before.values[entry] - 0.5 * gradient.values[entry]);
        }
    }
}

#[test]
fn training_stops_at_the_first_loss_that_is_not_finite_and_where_the_watcher_says() {
    let mut model = Mlp1::<2, 9, 3>::initialised(&COURSE, &mut Rng::new(7));
    let history =
        full_batch(&mut model, &spiral(), Hyperparameters { epochs: 100, step_size: 1e200, lambda: 0.0 });
    assert!(history.len() < 100);
    let (last, finite) = history.split_last().unwrap();
    assert!(!last.training.loss().is_finite());
    assert!(finite.iter().all(|record| record.training.loss().is_finite()));

    let watch =
        |_: &_, record: &EpochScores, _: Option<&Rng>| if record.epoch == 3 { Err("enough") } else { Ok(()) };
    let hyper = Hyperparameters { epochs: 100, step_size: 1.0, lambda: 0.0 };
    let mut model = SoftmaxRegression::<2, 2>::zeros();
    let stopped = Trainer::<_, 2, 2, 10>::new().train(
        &mut model,
        Split::training(&xor()),
        Batches::Full,
        &hyper,
        watch,
    );
    assert_eq!(stopped, Err("enough"));
}

// Tiles

/// The bits of all parameters and the history of losses after training with tiles of N rows.
fn trained<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    [training, validation]: [&Dataset<D, K>; 2],
    batch: Option<usize>,
    lambda: f64,
) -> (Vec<u64>, History) {
    let mut rng = Rng::new(8);
    let mut model = M::initialised(&Init { weights: WeightInit::He, bias: 0.1 }, &mut rng);
    let mut trainer = Trainer::<M, D, K, N>::new();
    let hyper = Hyperparameters { epochs: 6, step_size: 0.1, lambda };
    let (split, batches) = match batch {
        None => (Split::training(training), Batches::Full),
        Some(size) => {
            (Split { training, validation: Some(validation) }, Batches::Shuffled { size, rng: &mut rng })
        }
    };
    let Ok(history) = trainer.train(&mut model, split, batches, &hyper, no_watch);
    assert_eq!(history.len(), 7);
    let parameters = model.parameters();
    let values = parameters.iter().flat_map(|parameter| parameter.values);
    (values.map(|value| value.to_bits()).collect(), history)
}

fn assert_tiles_change_no_bit<M: Model<D, K>, const D: usize, const K: usize>(data: [&Dataset<D, K>; 2]) {
    for (batch, lambda) in [(None, 0.0), (None, 1e-3), (Some(10), 1e-3), (Some(32), 0.0)] {
        let (parameters, history) = trained::<M, D, K, 1>(data, batch, lambda);
        for (rows, in_tiles) in [
            (7, trained::<M, D, K, 7>(data, batch, lambda)),
            (10, trained::<M, D, K, 10>(data, batch, lambda)),
        ] {
            let case = format!("tiles of {rows}, batch {batch:?}, λ = {lambda}");
            assert!(in_tiles.0 == parameters, "{case}: other parameters");
            assert_eq!(in_tiles.1, history, "{case}");
        }
    }
}

#[test]
fn the_size_of_a_tile_changes_no_bit() {
    let [training, validation] = flowers();
    assert_tiles_change_no_bit::<SoftmaxRegression<2, 3>, 2, 3>([&spiral(), &spiral()]);
    assert_tiles_change_no_bit::<Mlp1<2, 9, 3>, 2, 3>([&spiral(), &spiral()]);
    assert_tiles_change_no_bit::<Mlp2<4, 9, 17, 3>, 4, 3>([&training, &validation]);
}

/// No unit is on and all d_f of the class are negative, so what is added to a gradient of −0 is −0, but for padding.
#[test]
fn the_size_of_a_tile_changes_no_sign_of_a_zero() {
    fn gradient<const N: usize>() -> [u64; 2] {
        let mut model = Mlp1::<2, 1, 2>::zeros();
        model.b1.values_mut().fill(-9.0);
        model.w2.values_mut().fill(-1.0);
        let data = Dataset::parse("a.dat", &b"1,0,1\n1,1,1\n"[..], None).unwrap();
        let mut trainer = Trainer::<_, 2, 2, N>::new();
        trainer.gradient(&model, &data, 0..2, 0.0);
        trainer.last_gradient().w2[0].map(f64::to_bits)
    }
    assert_eq!(gradient::<3>(), gradient::<1>());
}

/// At x = 2²⁰⁰ all scores are finite; at 0, where h_pre = 2⁷⁰⁰, they would not be.
#[test]
fn padding_overflows_only_where_a_sample_does() {
    fn gradient<const N: usize>() -> Vec<f64> {
        let power = |exponent: u64| f64::from_bits((1023 + exponent) << 52);
        let mut model = Mlp1::<1, 1, 2>::zeros();
        model.b1[0][0] = power(700);
        model.w1[0][0] = -power(500);
        model.w2[0] = [power(400), 1.0];
        let data = Dataset::new(vec![[power(200)]; 3], vec![0, 1, 0]);
        let mut trainer = Trainer::<_, 1, 2, N>::new();
        trainer.gradient(&model, &data, 0..3, 0.0);
        trainer.last_gradient().parameters().iter().flat_map(|parameter| parameter.values.to_vec()).collect()
    }
    assert!(gradient::<1>().iter().all(|value| value.is_finite()));
    assert_eq!(gradient::<2>(), gradient::<1>());
    assert_eq!(gradient::<10>(), gradient::<1>());
}

// Mini-batches

type Network = Mlp1<4, 9, 3>;

fn start() -> Network {
    Network::initialised(&COURSE, &mut Rng::new(1))
}

/// The losses of the steps of an epoch: the samples in a new order, of which each batch takes `size` and the last the rest.
fn epoch_by_hand(
    model: &mut Network,
    data: &Dataset<4, 3>,
    size: usize,
    rng: &mut Rng,
    hyper: &Hyperparameters,
) -> Vec<f64> {
    let mut order: Vec<usize> = (0..data.len()).collect();
    rng.shuffle(&mut order);
    let mut trainer = Trainer::<_, 4, 3, 10>::new();
    order.chunks(size).map(|batch| trainer.step(model, data, batch.iter().copied(), hyper).loss()).collect()
}

#[test]
fn an_epoch_of_mini_batches_is_a_step_for_each_in_a_new_order_and_scores_both_datasets() {
    let [training, validation] = flowers();
    let split = Split { training: &training, validation: Some(&validation) };
    let hyper = Hyperparameters { epochs: 5, step_size: 0.01, lambda: 1e-3 };
    let [mut model, mut by_hand] = [start(), start()];
    let [mut rng, mut twin] = [Rng::new(2), Rng::new(2)];
    let mut trainer = Trainer::<_, 4, 3, 10>::new();
    let mut watched = Vec::new();
    let watch = |model: &Network, record: &EpochScores, _: Option<&Rng>| {
        watched.push((model.clone(), *record));
        Ok::<(), Infallible>(())
    };
    let batches = Batches::Shuffled { size: 16, rng: &mut rng };
    let Ok(history) = trainer.train(&mut model, split, batches, &hyper, watch);
    assert!(history.iter().map(|record| record.epoch).eq(0..=5));
    for ((watched, scores), record) in watched.into_iter().zip(history) {
        assert_eq!((watched, scores), (by_hand.clone(), record));
        assert_eq!(record.training, trainer.evaluate(&by_hand, &training, 1e-3));
        assert_eq!(record.validation, Some(trainer.evaluate(&by_hand, &validation, 1e-3)));
        assert_eq!((record.training.samples, record.validation.unwrap().samples), (110, 40));
        if record.epoch < 5 {
            assert_eq!(epoch_by_hand(&mut by_hand, &training, 16, &mut twin, &hyper).len(), 7);
        }
    }
    assert_eq!((model, rng), (by_hand, twin));
}

/// A step so large that the loss of a batch overflows in the middle of the first epoch.
#[test]
fn a_batch_whose_loss_is_not_finite_ends_its_epoch_with_that_loss() {
    let [training, validation] = flowers();
    let split = Split { training: &training, validation: Some(&validation) };
    let hyper = Hyperparameters { epochs: 3, step_size: 1e155, lambda: 0.0 };
    let mut rng = Rng::new(2);
    let batches = Batches::Shuffled { size: 10, rng: &mut rng };
    let Ok(history) = Trainer::<_, 4, 3, 10>::new().train(&mut start(), split, batches, &hyper, no_watch);
    let losses = epoch_by_hand(&mut start(), &training, 10, &mut Rng::new(2), &hyper);
    let overflow = losses.iter().position(|loss| !loss.is_finite()).unwrap();
    assert!(overflow + 1 < losses.len(), "not in the last batch");
    assert_eq!(history.len(), 2, "the start, and the epoch that was ended");
    assert_eq!(history[1].training.loss().to_bits(), losses[overflow].to_bits());
}

#[test]
fn without_lambda_weights_whose_squares_overflow_have_no_penalty() {
    let data = xor();
    let mut model = Mlp1::<2, 9, 2>::zeros();
    model.w2.values_mut().fill(1e160);
    let mut trainer = Trainer::<_, 2, 2, 10>::new();
    assert_eq!(trainer.evaluate(&model, &data, 0.0).loss(), std::f64::consts::LN_2);
    assert_eq!(trainer.gradient(&model, &data, 0..4, 0.0).loss(), std::f64::consts::LN_2);
    assert_eq!(trainer.evaluate(&model, &data, 1e-3).loss(), f64::INFINITY);
}

#[test]
#[should_panic(expected = "the gradient of no samples")]
fn the_gradient_of_no_samples_is_refused() {
    Trainer::<_, 2, 2, 10>::new().gradient(&Mlp1::<2, 9, 2>::zeros(), &xor(), 0..0, 0.0);
}

// What a stuck network tells

/// On XOR, h_pre of the units is −1, 0, 1 − 9(x₁ + x₂), x₁ + x₂: the third is on at (0, 0) only.
#[test]
fn a_unit_of_any_layer_is_dead_when_no_sample_switches_it_on() {
    let mut model = Mlp1::<2, 4, 2>::zeros();
    model.w1 = Matrix::from_rows([[0.0, 0.0, -9.0, 1.0]; 2]);
    model.b1 = Matrix::from_rows([[-1.0, 0.0, 1.0, 0.0]]);
    let mut trainer = Trainer::<_, 2, 2, 3>::new();
    assert_eq!(trainer.dead_units(&model, &xor()), [(2, 4)]);
    // Without the sample (0, 0) the third is dead too.
    let rest = Dataset::<2, 2>::parse("rest.dat", &b"1,0,1\n0,1,1\n1,1,0\n1,1,0\n"[..], None).unwrap();
    assert_eq!(trainer.dead_units(&model, &rest), [(3, 4)]);

    let mut model = Mlp2::<2, 3, 2, 2>::zeros();
    model.b1 = Matrix::from_rows([[1.0, -1.0, 1.0]]);
    model.b2 = Matrix::from_rows([[-1.0, -1.0]]);
    assert_eq!(Trainer::<_, 2, 2, 3>::new().dead_units(&model, &xor()), [(1, 3), (2, 2)]);
    let none = Trainer::<SoftmaxRegression<2, 2>, 2, 2, 10>::new().dead_units(&Model::zeros(), &xor());
    assert_eq!(none, []);
}

#[test]
fn an_epoch_of_the_full_batch_is_one_step_and_the_last_record_comes_without_one() {
    let hyper = Hyperparameters { epochs: 3, step_size: 0.5, lambda: 1e-3 };
    let start = Mlp1::<2, 9, 2>::initialised(&COURSE, &mut Rng::new(4));
    let (mut model, mut stepped) = (start.clone(), start);
    let history = full_batch(&mut model, &xor(), hyper);
    let mut trainer = Trainer::<_, 2, 2, 10>::new();
    let losses: Vec<f64> = (0..3).map(|_| trainer.step(&mut stepped, &xor(), 0..4, &hyper).loss()).collect();
    assert_eq!(model, stepped);
    assert_eq!(history.iter().map(|record| record.training.loss()).take(3).collect::<Vec<_>>(), losses);
    assert_eq!(history.len(), 4);
    assert_eq!(history[3].training, trainer.evaluate(&stepped, &xor(), 1e-3));
}

/// The class with the largest score: scores that are NaN have none, and of scores that reach ∞ the probabilities are NaN.
#[test]
fn scores_that_overflow_give_no_class_and_no_accuracy() {
    let data = Dataset::parse("a.dat", &b"0,0,0\n1,0,0\n-1,0,0\n"[..], None).unwrap();
    let mut model = SoftmaxRegression::<2, 3>::zeros();
    for (weight, classes, correct) in [
        (f64::NAN, [None; 3], 0),
        (f64::INFINITY, [None, None, Some(1)], 0),
        (1e308, [Some(0), Some(0), Some(1)], 2),
        (-1e308, [Some(0), Some(1), Some(0)], 2),
    ] {
        model.w[0][0] = weight;
        let mut trainer = Trainer::<_, 2, 3, 2>::new();
        assert_eq!(trainer.predictions(&model, &data), classes, "{weight}");
        let score = trainer.evaluate(&model, &data, 0.0);
        assert_eq!((score.correct, score.accuracy().is_nan()), (correct, !weight.is_finite()), "{weight}");
    }
}

#[test]
fn hyper_parameters_that_cannot_be_trained_with_are_refused() {
    const HYPER: Hyperparameters = Hyperparameters { epochs: 1, step_size: 1.0, lambda: 0.0 };
    let inf = f64::INFINITY;
    let steps =
        [0.0, -0.0, -1.0, inf, -inf, f64::NAN].map(|step_size| Hyperparameters { step_size, ..HYPER });
    let lambdas = [-5e-324, -1.0, inf, f64::NAN].map(|lambda| Hyperparameters { lambda, ..HYPER });
    for hyper in steps.into_iter().chain(lambdas) {
        let (mut model, data) = (SoftmaxRegression::zeros(), xor());
        let refused =
            backprop::train(&mut model, Split::training(&data), Batches::Full, &hyper, |_, _, _| {
                Ok::<(), Error>(())
            });
        assert!(matches!(refused, Err(Error::Usage(_))), "{hyper:?}");
        assert_eq!(model, SoftmaxRegression::zeros());
    }
    for (start, epochs, is_right) in
        [(u64::MAX, 0, true), (u64::MAX, 1, false), (1, u64::MAX, false), (0, u64::MAX, true)]
    {
        assert_eq!(Hyperparameters { epochs, ..HYPER }.check(start).is_ok(), is_right, "{start} {epochs}");
    }
    assert!(Hyperparameters { step_size: 5e-324, lambda: -0.0, ..HYPER }.check(0).is_ok());
}
