//! Problem 1d (handout 2.4): a network with one hidden layer on the three-arm spiral.
#![forbid(unsafe_code)]

use std::io::Write;
use std::process::ExitCode;

use backprop::checkpoint::Checkpoint;
use backprop::cli::{self, Options, Program, Settings};
use backprop::dataset::{Dataset, SPIRAL_TRAIN};
use backprop::error::Error;
use backprop::gradient_check::Check;
use backprop::mlp1::Mlp1;
use backprop::model::{Init, Spread};
use backprop::plot::PlanarNetwork;
use backprop::report::Report;
use backprop::rng::Rng;
use backprop::train::{Descent, Trainer};

const PROGRAM: Program = Program {
    name: "prob1d",
    title: "Problem 1d: one hidden layer on the spiral",
    defaults: Settings {
        descent: Descent { epochs: 3000, step_size: 1.0, lambda: 1e-4 },
        init: Init { weights: Spread::He, bias: 0.0 },
        hidden: 100,
        batch: None,
    },
    starter: Settings {
        descent: Descent { epochs: 100, step_size: 1.0, lambda: 1e-3 },
        init: Init { weights: Spread::Fixed(0.01), bias: 0.0 },
        hidden: 100,
        batch: None,
    },
    takes_validation: true,
    widths: &[(16, run::<16>), (32, run::<32>), (64, run::<64>), (100, run::<100>), (256, run::<256>)],
};

fn main() -> ExitCode {
    cli::main(&PROGRAM)
}

fn run<const H: usize>(options: &Options, out: &mut dyn Write) -> Result<(), Error> {
    let Settings { descent, .. } = &options.settings;
    let data: Dataset<2, 3> = SPIRAL_TRAIN.load(options.data.as_deref())?;
    let mut report = Report::new(options, out);
    report.heading(&format!("2 inputs → {H} ReLU units → 3 classes"), &[(SPIRAL_TRAIN.name, data.len())])?;
    let Checkpoint { mut model, rng, epochs } = report.start::<Mlp1<2, H, 3>, 2, 3>()?;

    // The check runs at the course's width: the code is the same for every H.
    let check_init = Init { weights: Spread::Fixed(0.05), bias: 1.0 };
    report.gradient_check(&Check::<Mlp1<2, 6, 3>, 2, 3>::new(
        &check_init,
        &mut Rng::new(options.seed),
        &data,
    ))?;

    let mut trainer = Trainer::<_, 2, 3, 20>::after(epochs);
    let history = trainer.full_batch(&mut model, &data, descent, |record| report.iteration(record))?;
    report.outcome(&history, &mut trainer, &model, &data)?;
    report.second_file(&mut trainer, &model)?;

    report.decision_figure(&PlanarNetwork::from(&model), &data, history.last())?;
    report.finish(model, rng)
}
