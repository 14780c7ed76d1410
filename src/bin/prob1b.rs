//! Problem 1b (handout 2.2): softmax regression on the three-arm spiral.
#![forbid(unsafe_code)]

use std::io::Write;
use std::process::ExitCode;

use backprop::checkpoint::Checkpoint;
use backprop::cli::{self, Options, Program};
use backprop::dataset::{Dataset, SPIRAL_TRAIN};
use backprop::error::Error;
use backprop::gradient_check::Check;
use backprop::model::{Init, Spread};
use backprop::plot::{Mark, PlanarNetwork};
use backprop::report::Report;
use backprop::rng::Rng;
use backprop::settings::{PROB1B, Settings};
use backprop::softmax_regression::SoftmaxRegression;
use backprop::train::Trainer;

pub(crate) const PROGRAM: Program = Program {
    name: "prob1b",
    title: "Problem 1b: softmax regression on the spiral",
    preset: PROB1B,
    takes_validation: true,
    widths: &[(0, run)],
};

/// The least loss at λ = 0, to 7 digits.
const OPTIMUM: f64 = 0.775_333_1;

fn main() -> ExitCode {
    cli::main(&PROGRAM)
}

fn run(options: &Options, out: &mut dyn Write) -> Result<(), Error> {
    let Settings { descent, .. } = &options.settings;
    let data: Dataset<2, 3> = SPIRAL_TRAIN.load(options.data.as_deref())?;
    let mut report = Report::new(options, out);
    report.heading("2 inputs → 3 classes", &[(SPIRAL_TRAIN.name, data.len())])?;
    let Checkpoint { mut model, rng, epochs } = report.start::<SoftmaxRegression<2, 3>, 2, 3>()?;

    let check_init = Init { weights: Spread::Fixed(0.01), bias: 1.0 };
    report.gradient_check(&Check::<SoftmaxRegression<2, 3>, 2, 3>::new(
        &check_init,
        &mut Rng::new(options.seed),
        &data,
    ))?;

    let mut trainer = Trainer::<_, 2, 3, 20>::after(epochs);
    if options.data.is_none() && descent.lambda == 0.0 {
        let label = format!("optimum: {OPTIMUM:.4}");
        report.compare_losses_with(Mark::HorizontalLine { label, y: OPTIMUM });
    }
    let history = trainer.full_batch(&mut model, &data, descent, |record| report.iteration(record))?;
    report.outcome(&history, &mut trainer, &model, &data)?;
    report.second_file(&mut trainer, &model)?;

    report.decision_figure(&PlanarNetwork::from(&model), &data, history.last())?;
    report.finish(model, rng)
}
