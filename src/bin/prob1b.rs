//! Problem 1b (handout 2.2): softmax regression on the three-arm spiral.
//!
//! Author: the backprop authors
#![forbid(unsafe_code)]

use std::process::ExitCode;

use backprop::draw::Mark;
use backprop::figures::PlanarNetwork;
use backprop::programs::cli::{self, Options, Program};
use backprop::programs::planar::draw_regions;
use backprop::programs::settings::PROB1B;
use backprop::programs::{Console, Outcome, draw_check, finish, print_check, start};
use backprop::training::{checkpoint::Checkpoint, dataset::SPIRAL_TRAIN, train::Trainer};
use backprop::{Batches, Dataset, Error, SoftmaxRegression, Split};

/// The least loss at λ = 0, to 7 digits.
const OPTIMUM: f64 = 0.775_333_1;

fn main() -> ExitCode {
    cli::main(&Program {
        problem: &PROB1B,
        takes_validation: true,
        figure: "regions.svg",
        widths: &[(0, run)],
    })
}

pub(crate) fn run(options: &Options, console: &mut Console) -> Result<Outcome, Error> {
    // Data and network.
    let data: Dataset<2, 3> = options.training(&SPIRAL_TRAIN)?;
    let second = options.second_file(&data)?;
    let start = start::<SoftmaxRegression<2, 3>, 2, 3>(console, options, &[(SPIRAL_TRAIN.name, data.len())])?;
    let Checkpoint { mut model, rng, epochs, seed } = start;

    // Gradient check.
    let check = print_check::<SoftmaxRegression<2, 3>, 2, 3, 20>(console, options, 0.01, &data)?;
    draw_check::<SoftmaxRegression<2, 3>, 2, 3, 20>(console, options, 0.01, &data)?;

    // Training: the full batch.
    let hyper = options.settings.hyperparameters();
    let mut trainer = Trainer::<_, 2, 3, 20>::after(epochs);
    let watch = |_: &_, scores: &_| console.iteration(scores);
    let history = trainer.train(&mut model, Split::training(&data), Batches::Full, &hyper, watch)?;

    // Figures and results.
    let mut outcome = Outcome::new(options, check, history, (&model, &data), &mut trainer);
    outcome.validation = second.map(|data| trainer.evaluate(&model, &data, hyper.lambda));
    let optimum = Mark::HorizontalLine { label: format!("optimum: {OPTIMUM:.4}"), y: OPTIMUM };
    let is_known = options.data.is_none() && hyper.lambda == 0.0;
    outcome.draw_losses(console, is_known.then_some(optimum))?;
    draw_regions(console, &outcome, &PlanarNetwork::from(&model), &data)?;
    outcome.print(console)?;
    finish(console, options, &Checkpoint { model, rng, epochs: epochs + hyper.epochs, seed })?;
    Ok(outcome)
}
