//! Problem 1b (handout 2.2): softmax regression on the three-arm spiral.
//!
//! Author: the backprop authors
#![forbid(unsafe_code)]

use std::process::ExitCode;

use backprop::draw::{Look, Mark};
use backprop::figures::PlanarNetwork;
use backprop::programs::cli::{self, Width};
use backprop::programs::planar::draw_regions;
use backprop::programs::settings::PROB1B;
use backprop::programs::{Console, Outcome, Run, print_check};
use backprop::{Error, SoftmaxRegression};

/// The least loss at λ = 0, to 7 digits.
const OPTIMUM: f64 = 0.775_333_1;

fn main() -> ExitCode {
    cli::main(&PROB1B, &[Width::of::<SoftmaxRegression<2, 3>, 2, 3>(0, run)])
}

pub(crate) fn run(console: &mut Console) -> Result<Outcome, Error> {
    // Data, network and gradient check.
    let mut run = Run::<SoftmaxRegression<2, 3>, 2, 3, 20>::start(console)?;
    print_check(console, &run, 0.01)?;

    // Training: the full batch.
    let outcome = run.train(console, |_, _| ())?;

    // Figures and results.
    let optimum = Mark::new(format!("optimum: {OPTIMUM:.4}"), Look::HorizontalLine(OPTIMUM));
    let is_known = console.options.data.is_none() && console.options.settings.lambda == 0.0;
    outcome.draw_losses(console, is_known.then_some(optimum))?;
    draw_regions(console, &outcome, &PlanarNetwork::from(&run.in_own_units()), &run.raw.training)?;
    outcome.print(console)?;
    Ok(outcome)
}
