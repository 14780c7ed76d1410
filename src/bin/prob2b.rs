//! Problem 2b (handout 3.2): a network with two hidden layers on Iris, with mini-batches and a validation set.
//!
//! Author: the backprop authors
#![forbid(unsafe_code)]

use std::process::ExitCode;

use backprop::programs::cli::{self, Options, Program};
use backprop::programs::flowers::{compare_overfitting, compare_with_one_layer, draw_flowers};
use backprop::programs::signals::compare_signals;
use backprop::programs::{Console, Outcome, draw_check, finish, print_check, start};
use backprop::programs::{results::Prob2b, settings::PROB2B};
use backprop::training::{checkpoint::Checkpoint, dataset::IRIS_TEST, dataset::IRIS_TRAIN, train::Trainer};
use backprop::{Dataset, Error, Mlp2, Split};

fn main() -> ExitCode {
    cli::main(&Program {
        problem: &PROB2B,
        takes_validation: false,
        figure: "layers.svg",
        widths: &[(16, run::<16>), (32, run::<32>), (100, run::<100>)],
    })
}

pub(crate) fn run<const H: usize>(options: &Options, console: &mut Console) -> Result<Prob2b, Error> {
    // Data and network.
    let training: Dataset<4, 3> = IRIS_TRAIN.load(options.data.as_deref())?;
    let validation: Dataset<4, 3> = IRIS_TEST.load(options.data.as_deref())?;
    let options = &options.for_samples(training.len())?;
    let files = [(IRIS_TRAIN.name, training.len()), (IRIS_TEST.name, validation.len())];
    let start = start::<Mlp2<4, H, H, 3>, 4, 3>(console, options, &files)?;
    let Checkpoint { mut model, mut rng, epochs, seed } = start;

    // Gradient check.
    let check = print_check::<Mlp2<4, H, H, 3>, 4, 3, 10>(console, options, 0.05, &training)?;
    draw_check::<Mlp2<4, 6, 6, 3>, 4, 3, 10>(console, options, 0.05, &training)?;

    // Training: mini-batches, and the validation loss after each epoch.
    let (hyper, batches) = (options.settings.hyperparameters(), options.settings.batches(&mut rng));
    let split = Split { training: &training, validation: Some(&validation) };
    let mut trainer = Trainer::<_, 4, 3, 10>::after(epochs);
    let watch = |_: &_, scores: &_| console.iteration(scores);
    let history = trainer.train(&mut model, split, batches, &hyper, watch)?;

    // Figures and results.
    let data = [&training, &validation];
    let outcome = Outcome::new(options, check, history, (&model, &training), &mut trainer);
    outcome.draw_losses(console, None)?;
    outcome.print(console)?;
    draw_flowers(console, &outcome, &mut trainer, &model, data)?;
    let (mut overfitting, mut one_layer, mut signals) = (None, None, None);
    if options.load.is_none() {
        overfitting = Some(compare_overfitting(console, &outcome, &mut trainer, data)?);
        one_layer = Some(compare_with_one_layer::<H>(console, &outcome, split)?);
        signals = Some(compare_signals::<H>(console, &outcome, split)?);
    }
    finish(console, options, &Checkpoint { model, rng, epochs: epochs + hyper.epochs, seed })?;
    Ok(Prob2b { outcome, overfitting, one_layer, signals })
}
