//! Problem 2b (handout 3.2): a network with two hidden layers on Iris, with mini-batches and a validation set.
//!
//! Author: the backprop authors
#![forbid(unsafe_code)]

use std::process::ExitCode;

use backprop::programs::cli::{self, Width};
use backprop::programs::flowers::{
    compare_overfitting, compare_with_one_layer, draw_flowers, print_first_gradients,
};
use backprop::programs::settings::PROB2B;
use backprop::programs::{Console, Outcome, Run, print_check};
use backprop::{Error, Mlp2};

fn main() -> ExitCode {
    cli::main(&PROB2B, &[width::<16>(), width::<32>(), width::<100>()])
}

fn width<const H: usize>() -> Width<Outcome> {
    Width::of::<Mlp2<4, H, H, 3>, 4, 3>(H, run::<H>)
}

pub(crate) fn run<const H: usize>(console: &mut Console) -> Result<Outcome, Error> {
    // Data, network and gradient check.
    let mut run = Run::<Mlp2<4, H, H, 3>, 4, 3, 10>::start(console)?;
    print_check(console, &run, 0.05)?;

    // Training: mini-batches, and the validation loss after each epoch.
    let outcome = run.train(console, |_, _| ())?;

    // Figures and results.
    outcome.draw_losses(console, None)?;
    outcome.print(console)?;
    draw_flowers(console, &run)?;
    compare_overfitting(console, &run)?;
    compare_with_one_layer(console, &run, &outcome)?;
    print_first_gradients(console, &run.data().training)?;
    Ok(outcome)
}
