//! The runs for the comparing figures are ordinary training runs.

use backprop::draw::{Look, Mark, Point};
use backprop::math::init::{Init, WeightInit};
use backprop::math::mlp1::Mlp1;
use backprop::math::model::Model;
use backprop::math::order::ascending;
use backprop::math::rng::Rng;
use backprop::programs::experiments::{divided_otherwise, lowest_validation, seed_band};
use backprop::programs::settings::Settings;
use backprop::training::dataset::Dataset;
use backprop::training::train::{EpochScores, Hyperparameters, Score};

use crate::training::full_batch;
use crate::{flowers, xor};

const HE: Init = Init { weights: WeightInit::He, bias: 0.1 };
const HYPER: Hyperparameters = Hyperparameters { epochs: 60, step_size: 0.5, lambda: 1e-3 };

/// The full batch with [`HE`] and [`HYPER`].
const XOR_SETTINGS: Settings =
    Settings { epochs: 60, step_size: 0.5, lambda: 1e-3, batch: None, init: HE, hidden: 6 };

type Network = Mlp1<2, 6, 2>;

fn trained(seed: u64, hyper: Hyperparameters) -> Vec<EpochScores> {
    let mut model = Network::initialised(&HE, &mut Rng::new(seed));
    full_batch(&mut model, &xor(), hyper)
}

/// The label and the ends of the band of 40 seeds.
fn band(settings: &Settings) -> (String, Vec<Point>, Vec<Point>) {
    match seed_band::<Network, 2, 2, 4>(&xor(), settings, 40) {
        Some(Mark { label, look: Look::Band { low, high, .. } }) => (label, low, high),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_band_leaves_out_a_twentieth_of_the_seeds_at_either_end() {
    let (label, low, high) = band(&XOR_SETTINGS);
    let histories: Vec<Vec<EpochScores>> = (0..40).map(|seed| trained(seed, HYPER)).collect();
    assert_eq!((low.len(), high.len(), &label[..]), (61, 61, "nine in ten of 40 seeds"));
    for epoch in 0..=60 {
        let mut losses: Vec<f64> = histories.iter().map(|history| history[epoch].training.loss()).collect();
        losses.sort_by(ascending);
        assert_eq!([low[epoch], high[epoch]], [[epoch as f64, losses[2]], [epoch as f64, losses[37]]]);
    }
}

#[test]
fn runs_that_diverge_are_in_no_band() {
    let steep = Hyperparameters { step_size: 1e150, lambda: 0.0, ..HYPER };
    let losses: Vec<Vec<EpochScores>> = (0..40).map(|seed| trained(seed, steep)).collect();
    let finite = |history: &&Vec<EpochScores>| history[history.len() - 1].training.loss().is_finite();
    let others: Vec<&Vec<EpochScores>> = losses.iter().filter(finite).collect();
    assert!(!others.is_empty() && others.len() < 40, "{} of 40 do not diverge", others.len());
    let settings = Settings { step_size: 1e150, lambda: 0.0, ..XOR_SETTINGS };
    let (label, low, high) = band(&settings);
    let diverged = 40 - others.len();
    let expected = format!("nine in ten of {} seeds ({diverged} diverged)", others.len());
    assert_eq!(label, expected);
    assert_eq!((low.len(), high.len()), (61, 61));
    let all: Vec<f64> = others.iter().map(|history| history[60].training.loss()).collect();
    assert!(all.contains(&low[60][1]) && all.contains(&high[60][1]));
}

#[test]
fn the_lowest_validation_loss_is_finite_and_so_is_the_training_loss_of_its_epoch() {
    let (inf, nan) = (f64::INFINITY, f64::NAN);
    for (training, validation, lowest) in [
        (vec![3.0, 2.0, 1.0], vec![3.0, 1.0, 2.0], Some(1)),
        (vec![3.0, 2.0, nan], vec![3.0, 2.0, 1.0], Some(1)),
        (vec![3.0, 2.0, inf], vec![3.0, 2.0, -nan], Some(1)),
        (vec![3.0, 2.0], vec![nan, inf], None),
        (vec![inf], vec![1.0], None),
        (vec![1.0], vec![], None),
    ] {
        let score = |data_loss: f64| Score { data_loss, penalty: 0.0, correct: 0, samples: 1 };
        let scores = |(epoch, &loss): (usize, &f64)| EpochScores {
            epoch: epoch as u64,
            training: score(loss),
            validation: validation.get(epoch).copied().map(score),
        };
        let history: Vec<EpochScores> = training.iter().enumerate().map(scores).collect();
        assert_eq!(lowest_validation(&history), lowest, "{validation:?}");
    }
}

#[test]
fn overfitting_is_shown_on_other_flowers() {
    let [training, validation] = flowers();
    let divided = divided_otherwise([&training, &validation]);
    // Of every fifteen flowers, four validate.
    let validates = |n: &usize| [1, 5, 8, 12].contains(&(n % 15));
    let (validating, learning): (Vec<usize>, Vec<usize>) = (0..150).partition(validates);
    let all = training.joined(&validation);
    assert_eq!(divided.both(), [&all.select(&learning), &all.select(&validating)]);
    // Two are enough.
    let one = validation.select(&[0]);
    assert_eq!(divided_otherwise([&one, &one]).both().map(Dataset::len), [1, 1]);
}
