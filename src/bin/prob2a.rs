//! Problem 2a (handout 3.1): a network with one hidden layer on Iris, with mini-batches and a validation set.
//!
//! Author: the backprop authors
#![forbid(unsafe_code)]

use std::process::ExitCode;

use backprop::programs::cli::{self, Width};
use backprop::programs::flowers::{compare_overfitting, draw_flowers};
use backprop::programs::settings::PROB2A;
use backprop::programs::{Console, Outcome, Run, print_check};
use backprop::{Error, Mlp1};

fn main() -> ExitCode {
    cli::main(&PROB2A, &[width::<8>(), width::<16>(), width::<100>()])
}

fn width<const H: usize>() -> Width<Outcome> {
    Width::of::<Mlp1<4, H, 3>, 4, 3>(H, run::<H>)
}

pub(crate) fn run<const H: usize>(console: &mut Console) -> Result<Outcome, Error> {
    // Data, network and gradient check.
    let mut run = Run::<Mlp1<4, H, 3>, 4, 3, 10>::start(console)?;
    print_check(console, &run, 0.05)?;

    // Training: mini-batches, and the validation loss after each epoch.
    let outcome = run.train(console, |_, _| ())?;

    // Figures and results.
    outcome.draw_losses(console, None)?;
    outcome.print(console)?;
    draw_flowers(console, &run)?;
    compare_overfitting(console, &run)?;
    Ok(outcome)
}
