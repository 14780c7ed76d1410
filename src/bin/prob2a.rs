//! Problem 2a (handout 3.1): a network with one hidden layer on Iris, with mini-batches and a validation set.
//!
//! Author: the backprop authors
#![forbid(unsafe_code)]

use std::process::ExitCode;

use backprop::programs::cli::{self, Options, Program};
use backprop::programs::flowers::{compare_overfitting, draw_flowers};
use backprop::programs::{Console, Outcome, draw_check, finish, print_check, start};
use backprop::programs::{results::Prob2a, settings::PROB2A};
use backprop::training::{checkpoint::Checkpoint, dataset::IRIS_TEST, dataset::IRIS_TRAIN, train::Trainer};
use backprop::{Dataset, Error, Mlp1, Split};

fn main() -> ExitCode {
    cli::main(&Program {
        problem: &PROB2A,
        takes_validation: false,
        figure: "overfitting.svg",
        widths: &[(8, run::<8>), (16, run::<16>), (100, run::<100>)],
    })
}

pub(crate) fn run<const H: usize>(options: &Options, console: &mut Console) -> Result<Prob2a, Error> {
    // Data and network.
    let training: Dataset<4, 3> = IRIS_TRAIN.load(options.data.as_deref())?;
    let validation: Dataset<4, 3> = IRIS_TEST.load(options.data.as_deref())?;
    let options = &options.for_samples(training.len())?;
    let files = [(IRIS_TRAIN.name, training.len()), (IRIS_TEST.name, validation.len())];
    let start = start::<Mlp1<4, H, 3>, 4, 3>(console, options, &files)?;
    let Checkpoint { mut model, mut rng, epochs, seed } = start;

    // Gradient check.
    let check = print_check::<Mlp1<4, H, 3>, 4, 3, 10>(console, options, 0.05, &training)?;
    draw_check::<Mlp1<4, 6, 3>, 4, 3, 10>(console, options, 0.05, &training)?;

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
    let mut overfitting = None;
    if options.load.is_none() {
        overfitting = Some(compare_overfitting(console, &outcome, &mut trainer, data)?);
    }
    finish(console, options, &Checkpoint { model, rng, epochs: epochs + hyper.epochs, seed })?;
    Ok(Prob2a { outcome, overfitting })
}
