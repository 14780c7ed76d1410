//! Problem 2a (handout 3.1): a network with one hidden layer on Iris, with mini-batches and a validation set.
#![forbid(unsafe_code)]

use std::io::Write;
use std::process::ExitCode;

use backprop::checkpoint::Checkpoint;
use backprop::cli::{self, Options, Program};
use backprop::dataset::{Dataset, IRIS_TEST, IRIS_TRAIN};
use backprop::error::Error;
use backprop::gradient_check::Check;
use backprop::mlp1::Mlp1;
use backprop::model::{Init, Spread};
use backprop::report::Report;
use backprop::rng::Rng;
use backprop::settings::{PROB2A, Settings};
use backprop::train::{Split, Trainer};

pub(crate) const PROGRAM: Program = Program {
    name: "prob2a",
    title: "Problem 2a: one hidden layer on Iris",
    preset: PROB2A,
    takes_validation: false,
    widths: &[(8, run::<8>), (16, run::<16>), (32, run::<32>), (64, run::<64>), (100, run::<100>)],
};

fn main() -> ExitCode {
    cli::main(&PROGRAM)
}

fn run<const H: usize>(options: &Options, out: &mut dyn Write) -> Result<(), Error> {
    let Settings { descent, .. } = &options.settings;
    let training: Dataset<4, 3> = IRIS_TRAIN.load(options.data.as_deref())?;
    let validation: Dataset<4, 3> = IRIS_TEST.load(options.data.as_deref())?;
    let batch = options.batch_of(training.len())?;
    let mut report = Report::new(options, out);
    let files = [(IRIS_TRAIN.name, training.len()), (IRIS_TEST.name, validation.len())];
    report.heading(&format!("4 inputs → {H} ReLU units → 3 classes"), &files)?;
    let Checkpoint { mut model, mut rng, epochs } = report.start::<Mlp1<4, H, 3>, 4, 3>()?;

    // The check runs at the course's width: the code is the same for every H.
    let check_init = Init { weights: Spread::Fixed(0.05), bias: 1.0 };
    report.gradient_check(&Check::<Mlp1<4, 6, 3>, 4, 3>::new(
        &check_init,
        &mut Rng::new(options.seed),
        &training,
    ))?;

    let mut trainer = Trainer::<_, 4, 3, 10>::after(epochs);
    let split = Split { training: &training, validation: &validation };
    let watch = |record: &_| report.iteration(record);
    let history = trainer.mini_batches(&mut model, split, batch, descent, &mut rng, watch)?;
    report.outcome(&history, &mut trainer, &model, &training)?;
    report.flowers(&mut trainer, &model, split)?;
    report.overfitting(&mut trainer, split, batch)?;
    report.finish(model, rng)
}
