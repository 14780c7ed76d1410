//! Problem 1b (handout 2.2): softmax regression on the three-arm spiral.
#![forbid(unsafe_code)]

use std::io::Write;
use std::process::ExitCode;

use backprop::draw::Mark;
use backprop::figures::PlanarNetwork;
use backprop::math::softmax_regression::SoftmaxRegression;
use backprop::programs::cli::{self, Options, Outcome, Program};
use backprop::programs::report::Report;
use backprop::programs::settings::{PROB1B, Settings};
use backprop::training::checkpoint::Checkpoint;
use backprop::training::dataset::{Dataset, SPIRAL_TRAIN};
use backprop::training::error::Error;
use backprop::training::train::{Batches, Split, Trainer};

/// The least loss at λ = 0, to 7 digits.
const OPTIMUM: f64 = 0.775_333_1;

fn main() -> ExitCode {
    cli::main(&Program { problem: &PROB1B, takes_validation: true, widths: &[(0, run)] })
}

pub(crate) fn run(options: &Options, out: &mut dyn Write) -> Result<Outcome, Error> {
    let Settings { descent, .. } = &options.settings;
    let data: Dataset<2, 3> = SPIRAL_TRAIN.load(options.data.as_deref())?;
    let second = options.second_file()?;
    let mut report = Report::begin(options, out, "2 inputs → 3 classes", &[(SPIRAL_TRAIN.name, data.len())])?;
    let Checkpoint { mut model, rng, epochs, .. } = report.start::<SoftmaxRegression<2, 3>, 2, 3>()?;

    report.gradient_check::<SoftmaxRegression<2, 3>, 2, 3, 20>(0.01, &data)?;
    report.error_over_epsilon::<SoftmaxRegression<2, 3>, 2, 3, 20>(0.01, &data)?;

    let mut trainer = Trainer::<_, 2, 3, 20>::after(epochs);
    if options.data.is_none() && descent.lambda == 0.0 {
        let label = format!("optimum: {OPTIMUM:.4}");
        report.compare_losses_with(Mark::HorizontalLine { label, y: OPTIMUM });
    }
    let history =
        trainer.train(&mut model, Split::training(&data), Batches::Full, descent, |_, record| {
            report.iteration(record)
        })?;
    report.outcome(history, &mut trainer, &model, &data)?;
    report.second_file(second.as_ref(), &mut trainer, &model)?;

    report.decision_figure(&PlanarNetwork::from(&model), &data)?;
    report.finish(model, rng)
}
