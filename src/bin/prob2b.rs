//! Problem 2b (handout 3.2): a network with two hidden layers on Iris, with mini-batches and a validation set.
#![forbid(unsafe_code)]

use std::io::Write;
use std::process::ExitCode;

use backprop::checkpoint::Checkpoint;
use backprop::cli::{self, Options, Program};
use backprop::dataset::{Dataset, IRIS_TEST, IRIS_TRAIN};
use backprop::error::Error;
use backprop::gradient_check::Check;
use backprop::mlp1::Mlp1;
use backprop::mlp2::Mlp2;
use backprop::model::{Init, Model, Spread};
use backprop::report::{Report, percent};
use backprop::rng::Rng;
use backprop::settings::{PROB2B, Settings};
use backprop::train::{Record, Split, Trainer};

pub(crate) const PROGRAM: Program = Program {
    name: "prob2b",
    title: "Problem 2b: two hidden layers on Iris",
    preset: PROB2B,
    takes_validation: false,
    widths: &[(16, run::<16>), (32, run::<32>), (64, run::<64>), (100, run::<100>)],
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
    report.heading(&format!("4 inputs → {H} ReLU units → {H} ReLU units → 3 classes"), &files)?;
    let Checkpoint { mut model, mut rng, epochs } = report.start::<Mlp2<4, H, H, 3>, 4, 3>()?;

    // The check runs at the course's width: the code is the same for every H.
    let check_init = Init { weights: Spread::Fixed(0.05), bias: 1.0 };
    report.gradient_check(&Check::<Mlp2<4, 6, 6, 3>, 4, 3>::new(
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
    if options.load.is_none() {
        compare_with_one_layer::<H>(&mut report, split, options, batch, &history)?;
    }
    report.finish(model, rng)
}

/// The losses of this run beside those of a network with one hidden layer of the same width.
fn compare_with_one_layer<const H: usize>(
    report: &mut Report,
    split: Split<4, 3>,
    options: &Options,
    batch: usize,
    history: &[Record],
) -> Result<(), Error> {
    let Settings { descent, init, .. } = &options.settings;
    let mut rng = Rng::new(options.seed);
    let mut model = Mlp1::<4, H, 3>::initialised(init, &mut rng);
    let silent = |_: &Record| Ok::<(), Error>(());
    let one_layer =
        Trainer::<_, 4, 3, 10>::new().mini_batches(&mut model, split, batch, descent, &mut rng, silent)?;
    if let Some(Record { training, validation: Some(validation), .. }) = one_layer.last() {
        report.line(&format!(
            "one hidden layer with these settings: training accuracy {}, loss {:.6}, validation accuracy {}, loss {:.6}",
            percent(training),
            training.loss,
            percent(validation),
            validation.loss
        ))?;
    }
    report.compared_losses(
        "layers.svg",
        "Problem 2b: one hidden layer and two",
        &[("1 layer", &one_layer), ("2 layers", history)],
    )
}
