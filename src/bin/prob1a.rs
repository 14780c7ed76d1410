//! Problem 1a (handout 2.1): softmax regression on XOR, which no line can separate.
//!
//! Author: the backprop authors
#![forbid(unsafe_code)]

use std::f64::consts::LN_2;
use std::process::ExitCode;

use backprop::draw::{Look, Mark};
use backprop::figures::PlanarNetwork;
use backprop::programs::cli::{self, Width};
use backprop::programs::planar::{draw_lines, draw_regions};
use backprop::programs::settings::PROB1A;
use backprop::programs::{Console, Outcome, Run, print_check};
use backprop::proof::xor_gate::is_truth_table;
use backprop::{Error, SoftmaxRegression};

fn main() -> ExitCode {
    cli::main(&PROB1A, &[Width::of::<SoftmaxRegression<2, 2>, 2, 2>(0, run)])
}

pub(crate) fn run(console: &mut Console) -> Result<Outcome, Error> {
    // Data, network and gradient check.
    let mut run = Run::<SoftmaxRegression<2, 2>, 2, 2, 4>::start(console)?;
    let is_xor = is_truth_table(&run.raw.training);
    print_check(console, &run, 0.01)?;

    // Training: the full batch.
    let outcome = run.train(console, |_, _| ())?;

    // Figures and results. Only of XOR it is true that all points tie at the optimum.
    let (model, data) = (run.in_own_units(), &run.raw.training);
    let optimum = Mark::new("optimum: ln 2", Look::HorizontalLine(LN_2));
    outcome.draw_losses(console, is_xor.then_some(optimum))?;
    draw_regions(console, &outcome, &PlanarNetwork::from(&model), data)?;
    outcome.print(console)?;
    if is_xor {
        draw_lines(console, &model, data)?;
    }
    Ok(outcome)
}
