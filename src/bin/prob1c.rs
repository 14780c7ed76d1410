//! Problem 1c (handout 2.3): a network with one hidden layer solves XOR.
//!
//! Author: the backprop authors
#![forbid(unsafe_code)]

use std::process::ExitCode;

use backprop::figures::PlanarNetwork;
use backprop::programs::cli::{self, Options, Program};
use backprop::programs::experiments::seed_band;
use backprop::programs::planar::{draw_mechanism, draw_regions, truth_table};
use backprop::programs::settings::PROB1C;
use backprop::programs::{Console, Outcome, draw_check, finish, print_check, start};
use backprop::proof::xor_gate::is_truth_table;
use backprop::training::{checkpoint::Checkpoint, dataset::XOR, train::Trainer};
use backprop::{Batches, Dataset, Error, Mlp1, Split};

/// Seeds whose losses make the band in `loss.svg`.
pub(crate) const SEEDS: u64 = 100;

/// Runs of more epochs than this are drawn without the band of other seeds, which keeps all losses in memory.
const LONGEST: usize = 10_000;

fn main() -> ExitCode {
    cli::main(&Program {
        problem: &PROB1C,
        takes_validation: false,
        figure: "regions.svg",
        widths: &[(2, run::<2>), (4, run::<4>), (6, run::<6>), (16, run::<16>)],
    })
}

pub(crate) fn run<const H: usize>(options: &Options, console: &mut Console) -> Result<Outcome, Error> {
    // Data and network.
    let data: Dataset<2, 2> = XOR.load(options.data.as_deref())?;
    let is_xor = is_truth_table(&data);
    let start = start::<Mlp1<2, H, 2>, 2, 2>(console, options, &[(XOR.name, data.len())])?;
    let Checkpoint { mut model, rng, epochs, seed } = start;

    // Gradient check.
    let check = print_check::<Mlp1<2, H, 2>, 2, 2, 4>(console, options, 0.05, &data)?;
    draw_check::<Mlp1<2, 6, 2>, 2, 2, 4>(console, options, 0.05, &data)?;

    // Training: the full batch, from this seed and from others.
    let hyper = options.settings.hyperparameters();
    let mut trainer = Trainer::<_, 2, 2, 4>::after(epochs);
    let watch = |_: &_, scores: &_| console.iteration(scores);
    let history = trainer.train(&mut model, Split::training(&data), Batches::Full, &hyper, watch)?;
    let has_band = options.load.is_none() && hyper.epochs <= LONGEST;
    let band = has_band.then(|| seed_band(&mut trainer, &data, &options.settings.init, &hyper, SEEDS));

    // Figures and results.
    let outcome = Outcome::new(options, check, history, (&model, &data), &mut trainer);
    outcome.draw_losses(console, band.and_then(|band| band.mark(SEEDS)))?;
    draw_regions(console, &outcome, &PlanarNetwork::from(&model), &data)?;
    outcome.print(console)?;
    if is_xor {
        console.line(truth_table(&model))?;
    }
    draw_mechanism(console, &outcome, &model, &data)?;
    finish(console, options, &Checkpoint { model, rng, epochs: epochs + hyper.epochs, seed })?;
    Ok(outcome)
}
