//! Problem 1c (handout 2.3): a network with one hidden layer solves XOR.
//!
//! Author: the backprop authors
#![forbid(unsafe_code)]

use std::process::ExitCode;

use backprop::figures::{Part, PlanarNetwork};
use backprop::programs::cli::{self, Width};
use backprop::programs::planar::{draw_mechanism, draw_regions, truth_table};
use backprop::programs::{Console, Outcome, Run, print_check};
use backprop::programs::{experiments::seed_band, settings::PROB1C};
use backprop::proof::xor_gate::is_truth_table;
use backprop::training::train::MOST_KEPT;
use backprop::{Error, Mlp1};

/// Seeds whose losses make the band in `loss.svg`.
pub(crate) const SEEDS: u64 = 100;

fn main() -> ExitCode {
    cli::main(&PROB1C, &[width::<2>(), width::<4>(), width::<6>(), width::<16>()])
}

fn width<const H: usize>() -> Width<(Outcome, Vec<Part>)> {
    Width::of::<Mlp1<2, H, 2>, 2, 2>(H, run::<H>)
}

/// Returns also the hidden units, those that add most at one of the points first.
pub(crate) fn run<const H: usize>(console: &mut Console) -> Result<(Outcome, Vec<Part>), Error> {
    // Data, network and gradient check.
    let mut run = Run::<Mlp1<2, H, 2>, 2, 2, 4>::start(console)?;
    let is_xor = is_truth_table(&run.raw.training);
    print_check(console, &run, 0.05)?;

    // Training: the full batch, from this seed and from others.
    let outcome = run.train(console, |_, _| ())?;
    let networks = (SEEDS, "100 networks from other seeds, for the band in loss.svg");
    let band = run
        .comparison(console, networks)?
        .filter(|settings| settings.epochs < MOST_KEPT as u64)
        .and_then(|settings| seed_band::<Mlp1<2, H, 2>, 2, 2, 4>(&run.data().training, &settings, SEEDS));

    // Figures and results.
    let (model, data) = (run.in_own_units(), &run.raw.training);
    let network = PlanarNetwork::from(&model);
    outcome.draw_losses(console, band)?;
    draw_regions(console, &outcome, &network, data)?;
    outcome.print(console)?;
    if is_xor {
        console.lines(&truth_table(&model, data.names()))?;
    }
    let units = draw_mechanism(console, &outcome, &network, data)?;
    Ok((outcome, units))
}
