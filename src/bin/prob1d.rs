//! Problem 1d (handout 2.4): a network with one hidden layer on the three-arm spiral.
//!
//! Author: the backprop authors
#![forbid(unsafe_code)]

use std::process::ExitCode;

use backprop::figures::{PlanarNetwork, data_map, decision_maps};
use backprop::programs::cli::{self, Width};
use backprop::programs::planar::{Lambdas, compare_lambdas, draw_regions};
use backprop::programs::settings::PROB1D;
use backprop::programs::{Console, Outcome, Run, draw_check, print_check};
use backprop::training::numbers::percent;
use backprop::training::train::EpochScores;
use backprop::{Error, Mlp1};

fn main() -> ExitCode {
    cli::main(&PROB1D, &[width::<16>(), width::<100>(), width::<256>()])
}

fn width<const H: usize>() -> Width<(Outcome, Lambdas)> {
    Width::of::<Mlp1<2, H, 3>, 2, 3>(H, run::<H>)
}

/// Returns also the accuracies with other λ, if they are compared.
pub(crate) fn run<const H: usize>(console: &mut Console) -> Result<(Outcome, Lambdas), Error> {
    // Data, network and gradient check.
    let mut run = Run::<Mlp1<2, H, 3>, 2, 3, 20>::start(console)?;
    let start = run.state.clone();
    print_check(console, &run, 0.05)?;
    draw_check(console, &run.data().training)?;

    // Training: the full batch. The film shows the network at some epochs and at the last.
    let last = start.epochs.saturating_add(console.options.settings.epochs);
    let mut film = Vec::new();
    let watch = |model: &Mlp1<2, H, 3>, scores: &EpochScores| {
        if [0, 1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, last].contains(&scores.epoch) {
            let right = percent(scores.training.accuracy());
            let caption = format!("epoch {}:\n{right} right", scores.epoch);
            film.push((caption, PlanarNetwork::from(&start.in_own_units(model))));
        }
    };
    let outcome = run.train(console, watch)?;

    // Figures and results.
    outcome.draw_losses(console, None)?;
    draw_regions(console, &outcome, &PlanarNetwork::from(&run.in_own_units()), &run.raw.training)?;
    outcome.print(console)?;
    let lambdas = compare_lambdas(console, &run)?;
    if console.options.load.is_none() {
        let data = &run.raw.training;
        let maps = film.iter().map(|(caption, network)| data_map(caption, network, data)).collect();
        let ends = [outcome.history[0], outcome.history[outcome.history.len() - 1]];
        let [first, last] = ends.map(|scores| percent(scores.training.accuracy()));
        let title = format!("{first} right before training, {last} after it");
        console.figure("film.svg", decision_maps(&title, "", data, maps))?;
    }
    Ok((outcome, lambdas))
}
