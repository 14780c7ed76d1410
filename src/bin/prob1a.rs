//! Problem 1a (handout 2.1): softmax regression on XOR, which no line can separate.
//!
//! Author: the backprop authors
#![forbid(unsafe_code)]

use std::f64::consts::LN_2;
use std::process::ExitCode;

use backprop::figures::PlanarNetwork;
use backprop::math::order::larger;
use backprop::programs::cli::{self, Options, Program};
use backprop::programs::planar::{draw_regions, xor_lines};
use backprop::programs::{Console, Outcome, draw_check, finish, print_check, start};
use backprop::programs::{results::Prob1a, settings::PROB1A};
use backprop::proof::xor_gate::{INPUTS, is_truth_table};
use backprop::training::{checkpoint::Checkpoint, dataset::XOR, train::Trainer};
use backprop::{Batches, Dataset, Error, Matrix, Model, SoftmaxRegression, Split};

fn main() -> ExitCode {
    cli::main(&Program {
        problem: &PROB1A,
        takes_validation: false,
        figure: "lines.svg",
        widths: &[(0, run)],
    })
}

pub(crate) fn run(options: &Options, console: &mut Console) -> Result<Prob1a, Error> {
    // Data and network.
    let data: Dataset<2, 2> = XOR.load(options.data.as_deref())?;
    let is_xor = is_truth_table(&data);
    let start = start::<SoftmaxRegression<2, 2>, 2, 2>(console, options, &[(XOR.name, data.len())])?;
    let Checkpoint { mut model, rng, epochs, seed } = start;

    // Gradient check.
    let check = print_check::<SoftmaxRegression<2, 2>, 2, 2, 4>(console, options, 0.01, &data)?;
    draw_check::<SoftmaxRegression<2, 2>, 2, 2, 4>(console, options, 0.01, &data)?;

    // Training: the full batch.
    let hyper = options.settings.hyperparameters();
    let mut trainer = Trainer::<_, 2, 2, 4>::after(epochs);
    let watch = |_: &_, scores: &_| console.iteration(scores);
    let history = trainer.train(&mut model, Split::training(&data), Batches::Full, &hyper, watch)?;

    // Figures and results. Only of XOR it is true that all points tie at the optimum.
    let outcome = Outcome::new(options, check, history, (&model, &data), &mut trainer);
    if is_xor {
        outcome.draw_excess(console, LN_2, "J − ln 2")?;
    } else {
        outcome.draw_losses(console, None)?;
    }
    draw_regions(console, &outcome, &PlanarNetwork::from(&model), &data)?;
    outcome.print(console)?;
    let p = model.probabilities(&Matrix::from_rows(INPUTS));
    let farthest = p.values().iter().fold(0.0, |farthest: f64, p| larger(farthest, (p - 0.5).abs()));
    if is_xor {
        console.line(format!(
            "farthest probability from 1/2: {farthest:.1e} (at the optimum all four points tie, and the accuracy is \
             an accident of rounding; no line gets more than 3 of 4)"
        ))?;
        console.page("lines.svg", &xor_lines(&outcome, &model, &data))?;
    }
    finish(console, options, &Checkpoint { model, rng, epochs: epochs + hyper.epochs, seed })?;
    Ok(Prob1a { outcome, farthest: is_xor.then_some(farthest) })
}
