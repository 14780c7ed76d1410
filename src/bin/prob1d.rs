//! Problem 1d (handout 2.4): a network with one hidden layer on the three-arm spiral.
//!
//! Author: the backprop authors
#![forbid(unsafe_code)]

use std::process::ExitCode;

use backprop::figures::{PlanarNetwork, decision_maps};
use backprop::programs::cli::{self, Options, Program};
use backprop::programs::planar::{compare_lambdas, draw_regions};
use backprop::programs::{Console, Outcome, draw_check, finish, print_check, start};
use backprop::programs::{results::Prob1d, settings::PROB1D};
use backprop::training::train::{EpochScores, Trainer};
use backprop::training::{checkpoint::Checkpoint, dataset::SPIRAL_TRAIN, numbers::percent};
use backprop::{Batches, Dataset, Error, Mlp1, Split};

fn main() -> ExitCode {
    cli::main(&Program {
        problem: &PROB1D,
        takes_validation: true,
        figure: "regions.svg",
        widths: &[(16, run::<16>), (100, run::<100>), (256, run::<256>)],
    })
}

pub(crate) fn run<const H: usize>(options: &Options, console: &mut Console) -> Result<Prob1d, Error> {
    // Data and network.
    let data: Dataset<2, 3> = SPIRAL_TRAIN.load(options.data.as_deref())?;
    let second = options.second_file()?;
    let start = start::<Mlp1<2, H, 3>, 2, 3>(console, options, &[(SPIRAL_TRAIN.name, data.len())])?;
    let Checkpoint { mut model, rng, epochs, seed } = start.clone();

    // Gradient check.
    let check = print_check::<Mlp1<2, H, 3>, 2, 3, 20>(console, options, 0.05, &data)?;
    draw_check::<Mlp1<2, 6, 3>, 2, 3, 20>(console, options, 0.05, &data)?;

    // Training: the full batch. The film shows the network at some epochs and at the last.
    let hyper = options.settings.hyperparameters();
    let last = epochs.saturating_add(hyper.epochs);
    let mut trainer = Trainer::<_, 2, 3, 60>::after(epochs);
    let mut film = Vec::new();
    let watch = |model: &Mlp1<2, H, 3>, scores: &EpochScores| {
        if [0, 100, 300, 1000, 3000, 10_000, last].contains(&scores.epoch) {
            let caption = format!("epoch {}: {}", scores.epoch, percent(scores.training.accuracy()));
            film.push((caption, PlanarNetwork::from(model)));
        }
        console.iteration(scores)
    };
    let history = trainer.train(&mut model, Split::training(&data), Batches::Full, &hyper, watch)?;

    // Figures and results.
    let mut outcome = Outcome::new(options, check, history, (&model, &data), &mut trainer);
    outcome.validation = second.map(|data| trainer.evaluate(&model, &data, hyper.lambda));
    outcome.draw_losses(console, None)?;
    draw_regions(console, &outcome, &PlanarNetwork::from(&model), &data)?;
    outcome.print(console)?;
    let mut lambdas = None;
    if options.load.is_none() {
        lambdas = Some(compare_lambdas(console, &outcome, &start.model, &data)?);
        let title = outcome.titled("how the boundary forms");
        console.page("film.svg", &decision_maps(&title, &outcome.subtitle(), &data, &film))?;
    }
    finish(console, options, &Checkpoint { model, rng, epochs: last, seed })?;
    Ok(Prob1d { outcome, lambdas })
}
