//! The runs for the comparing figures are ordinary training runs.
#![forbid(unsafe_code)]

use std::convert::Infallible;

use backprop::dataset::{Dataset, IRIS_TEST, IRIS_TRAIN, XOR};
use backprop::experiments::{by_lambda, film, overfitting, seed_band};
use backprop::mlp1::Mlp1;
use backprop::model::{Init, Model, Spread};
use backprop::plot::Mark;
use backprop::rng::Rng;
use backprop::train::{Descent, Record, Split, Trainer, losses};

const HE: Init = Init { weights: Spread::He, bias: 0.1 };
const DESCENT: Descent = Descent { epochs: 60, step_size: 0.5, lambda: 1e-3 };

type Network = Mlp1<2, 6, 2>;

fn xor() -> Dataset<2, 2> {
    XOR.load(None).unwrap()
}

fn start(seed: u64) -> Network {
    Network::initialised(&HE, &mut Rng::new(seed))
}

fn trained(seed: u64, descent: Descent) -> (Network, Vec<Record>) {
    let mut model = start(seed);
    let silent = |_: &Record| Ok::<(), Infallible>(());
    let Ok(history) = Trainer::<_, 2, 2, 4>::new().full_batch(&mut model, &xor(), &descent, silent);
    (model, history)
}

#[test]
fn a_film_shows_the_network_of_each_epoch() {
    let frames = film(&mut Trainer::<_, 2, 2, 4>::new(), &xor(), &start(3), &DESCENT, &[0, 10, 60]);
    assert_eq!(frames[0], ("epoch 0: 50.00 %".to_owned(), start(3)));
    for (frame, epochs) in frames.iter().zip([0, 10, 60]) {
        let (model, history) = trained(3, Descent { epochs, ..DESCENT });
        assert_eq!(frame.1, model);
        let accuracy = 100.0 * history[epochs].training.accuracy();
        assert_eq!(frame.0, format!("epoch {epochs}: {accuracy:.2} %"));
    }
}

#[test]
fn each_lambda_has_its_own_network() {
    let runs = by_lambda::<Network, 2, 2, 4>(&xor(), &start(3), &DESCENT, &[0.0, 0.1]);
    for ((caption, model), lambda) in runs.iter().zip([0.0, 0.1]) {
        assert_eq!(*model, trained(3, Descent { lambda, ..DESCENT }).0);
        assert!(caption.starts_with(&format!("λ = {lambda}: ")), "{caption}");
    }
    assert_ne!(runs[0].1, runs[1].1);
}

#[test]
fn the_band_leaves_out_a_twentieth_of_the_seeds_at_either_end() {
    let band = seed_band(&mut Trainer::<Network, 2, 2, 4>::new(), &xor(), &HE, &DESCENT, 40);
    let Mark::Band { label, low, high, .. } = band else { panic!("a band") };
    assert_eq!(label, "nine in ten of 40 seeds");
    let histories: Vec<Vec<Record>> = (0..40).map(|seed| trained(seed, DESCENT).1).collect();
    assert_eq!((low.len(), high.len()), (61, 61));
    for epoch in 0..=60 {
        let mut losses: Vec<f64> = histories.iter().map(|history| history[epoch].training.loss).collect();
        losses.sort_by(f64::total_cmp);
        assert_eq!([low[epoch], high[epoch]], [[epoch as f64, losses[2]], [epoch as f64, losses[37]]]);
    }
}

#[test]
fn early_stopping_is_the_free_run_up_to_its_lowest_validation_loss() {
    let (training, validation) = (IRIS_TRAIN.load(None).unwrap(), IRIS_TEST.load(None).unwrap());
    let split = Split { training: &training, validation: &validation };
    let descent = Descent { epochs: 30, step_size: 0.02, lambda: 0.5 };
    let mut trainer = Trainer::<Mlp1<4, 6, 3>, 4, 3, 10>::new();
    let runs = overfitting(&mut trainer, split, (&HE, 1), (10, &descent));
    let [(free, free_losses), (decayed, decayed_losses), (stopped, stopped_losses)] = &runs[..] else {
        panic!("three runs")
    };
    assert_eq!([&free[..], &decayed[..]], ["No control: λ = 0", "Weight decay: λ = 0.01"]);
    let validation = &free_losses[1];
    let best = (0..31).min_by(|&a, &b| validation[a].total_cmp(&validation[b])).unwrap();
    assert_eq!(*stopped, format!("Early stopping: the network of epoch {best} is kept"));
    for curve in 0..2 {
        assert_eq!((free_losses[curve].len(), decayed_losses[curve].len()), (31, 31));
        assert_eq!(stopped_losses[curve], free_losses[curve][..=best]);
        assert_ne!(decayed_losses[curve], free_losses[curve]);
    }
    // Of every fifteen flowers, four validate.
    let validates = |n: &usize| [1, 5, 8, 12].contains(&(n % 15));
    let (validating, learning): (Vec<usize>, Vec<usize>) = (0..150).partition(validates);
    let all = training.joined(split.validation);
    let split = Split { training: &all.select(&learning), validation: &all.select(&validating) };
    let mut rng = Rng::new(1);
    let mut model = Mlp1::<4, 6, 3>::initialised(&HE, &mut rng);
    let descent = Descent { lambda: 0.0, ..descent };
    let silent = |_: &Record| Ok::<(), Infallible>(());
    let Ok(history) = trainer.mini_batches(&mut model, split, 10, &descent, &mut rng, silent);
    assert_eq!(losses(&history), *free_losses);
}

#[test]
fn two_flowers_are_enough_to_split() {
    let one = IRIS_TEST.load(None).unwrap().select(&[0]);
    let split = Split { training: &one, validation: &one };
    let mut trainer = Trainer::<Mlp1<4, 6, 3>, 4, 3, 10>::new();
    assert_eq!(overfitting(&mut trainer, split, (&HE, 1), (10, &DESCENT)).len(), 3);
}
