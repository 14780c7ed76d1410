//! Problem 2a (handout 3.1): a network with one hidden layer on Iris, with mini-batches and a validation set.
#![forbid(unsafe_code)]

use std::io::Write;
use std::process::ExitCode;

use backprop::math::mlp1::Mlp1;
use backprop::programs::cli::{self, Options, Outcome, Program};
use backprop::programs::report::Report;
use backprop::programs::settings::{PROB2A, Settings};
use backprop::training::checkpoint::Checkpoint;
use backprop::training::dataset::{Dataset, IRIS_TEST, IRIS_TRAIN};
use backprop::training::error::Error;
use backprop::training::train::{Batches, Split, Trainer};

fn main() -> ExitCode {
    cli::main(&Program {
        problem: &PROB2A,
        takes_validation: false,
        widths: &[(8, run::<8>), (16, run::<16>), (32, run::<32>), (64, run::<64>), (100, run::<100>)],
    })
}

pub(crate) fn run<const H: usize>(options: &Options, out: &mut dyn Write) -> Result<Outcome, Error> {
    let training: Dataset<4, 3> = IRIS_TRAIN.load(options.data.as_deref())?;
    let validation: Dataset<4, 3> = IRIS_TEST.load(options.data.as_deref())?;
    let options = &options.for_samples(training.len())?;
    let Settings { descent, batch, .. } = &options.settings;
    let batch = batch.unwrap_or(training.len());
    let files = [(IRIS_TRAIN.name, training.len()), (IRIS_TEST.name, validation.len())];
    let mut report = Report::begin(options, out, &format!("4 inputs → {H} ReLU units → 3 classes"), &files)?;
    let Checkpoint { mut model, mut rng, epochs, .. } = report.start::<Mlp1<4, H, 3>, 4, 3>()?;

    report.gradient_check::<Mlp1<4, H, 3>, 4, 3, 10>(0.05, &training)?;
    report.error_over_epsilon::<Mlp1<4, 6, 3>, 4, 3, 10>(0.05, &training)?;

    let mut trainer = Trainer::<_, 4, 3, 10>::after(epochs);
    let split = Split { training: &training, validation: Some(&validation) };
    let watch = |_: &_, record: &_| report.iteration(record);
    let history =
        trainer.train(&mut model, split, Batches::Shuffled { size: batch, rng: &mut rng }, descent, watch)?;
    report.outcome(history, &mut trainer, &model, &training)?;
    report.flowers(&mut trainer, &model, [&training, &validation])?;
    if options.load.is_none() {
        report.overfitting(&mut trainer, [&training, &validation], batch)?;
    }
    report.finish(model, rng)
}
