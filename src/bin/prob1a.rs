//! Problem 1a (handout 2.1): softmax regression on XOR, which no line can separate.
//!
//! Author: the backprop authors
#![forbid(unsafe_code)]

use std::f64::consts::LN_2;
use std::process::ExitCode;

use backprop::figures::PlanarNetwork;
use backprop::programs::cli::{self, Width};
use backprop::programs::planar::{TIE, draw_regions, farthest_from_half, xor_lines};
use backprop::programs::settings::PROB1A;
use backprop::programs::{Console, Outcome, Run, print_check};
use backprop::proof::xor_gate::is_truth_table;
use backprop::{Error, SoftmaxRegression};

fn main() -> ExitCode {
    cli::main(&PROB1A, &[Width::of::<SoftmaxRegression<2, 2>, 2, 2>(0, run)])
}

pub(crate) fn run(console: &mut Console) -> Result<Outcome, Error> {
    // Data and network.
    let mut run = Run::<SoftmaxRegression<2, 2>, 2, 2, 4>::start(console)?;
    let (is_xor, data) = (is_truth_table(&run.raw.training), &run.data().training);

    // Gradient check.
    let check = print_check::<SoftmaxRegression<2, 2>, 2, 2, 4>(console, 0.01, data)?;

    // Training: the full batch.
    let outcome = run.train(console, check, |_, _| ())?;

    // Figures and results. Only of XOR it is true that all points tie at the optimum.
    let (model, data) = (run.in_own_units(), &run.raw.training);
    if is_xor {
        outcome.draw_excess(console, LN_2, "J − ln 2")?;
    } else {
        outcome.draw_losses(console, None)?;
    }
    draw_regions(console, &outcome, &PlanarNetwork::from(&model), data)?;
    outcome.print(console)?;
    if is_xor {
        let farthest = farthest_from_half(&model);
        let why = if farthest < TIE {
            "at the optimum all four points tie: the first weights decide which class is ahead by this much"
        } else {
            "at the optimum all four points tie: this is not it yet"
        };
        console.line(format!("farthest probability from 1/2: {farthest:.1e} ({why})"))?;
        console.figure("lines.svg", xor_lines(&model, data))?;
    }
    run.finish(console)?;
    Ok(outcome)
}
