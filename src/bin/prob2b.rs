//! Problem 2b (handout 3.2): a network with two hidden layers on Iris, with mini-batches and a validation set.
#![forbid(unsafe_code)]

use std::io::Write;
use std::process::ExitCode;

use backprop::math::mlp1::Mlp1;
use backprop::math::mlp2::Mlp2;
use backprop::math::model::Model;
use backprop::math::rng::Rng;
use backprop::programs::cli::{self, Options, Outcome, Program};
use backprop::programs::report::Report;
use backprop::programs::settings::{PROB2B, Settings};
use backprop::training::checkpoint::Checkpoint;
use backprop::training::dataset::{Dataset, IRIS_TEST, IRIS_TRAIN};
use backprop::training::error::Error;
use backprop::training::numbers::{loss_text, percent};
use backprop::training::train::{Batches, EpochScores, Split, Trainer, no_watch};

fn main() -> ExitCode {
    cli::main(&Program {
        problem: &PROB2B,
        takes_validation: false,
        widths: &[(16, run::<16>), (32, run::<32>), (64, run::<64>), (100, run::<100>)],
    })
}

pub(crate) fn run<const H: usize>(options: &Options, out: &mut dyn Write) -> Result<Outcome, Error> {
    let training: Dataset<4, 3> = IRIS_TRAIN.load(options.data.as_deref())?;
    let validation: Dataset<4, 3> = IRIS_TEST.load(options.data.as_deref())?;
    let options = &options.for_samples(training.len())?;
    let Settings { descent, batch, .. } = &options.settings;
    let batch = batch.unwrap_or(training.len());
    let files = [(IRIS_TRAIN.name, training.len()), (IRIS_TEST.name, validation.len())];
    let mut report = Report::begin(
        options,
        out,
        &format!("4 inputs → {H} ReLU units → {H} ReLU units → 3 classes"),
        &files,
    )?;
    let Checkpoint { mut model, mut rng, epochs, .. } = report.start::<Mlp2<4, H, H, 3>, 4, 3>()?;

    report.gradient_check::<Mlp2<4, H, H, 3>, 4, 3, 10>(0.05, &training)?;
    report.error_over_epsilon::<Mlp2<4, 6, 6, 3>, 4, 3, 10>(0.05, &training)?;

    let mut trainer = Trainer::<_, 4, 3, 10>::after(epochs);
    let split = Split { training: &training, validation: Some(&validation) };
    let watch = |_: &_, record: &_| report.iteration(record);
    let history =
        trainer.train(&mut model, split, Batches::Shuffled { size: batch, rng: &mut rng }, descent, watch)?;
    report.outcome(history, &mut trainer, &model, &training)?;
    report.flowers(&mut trainer, &model, [&training, &validation])?;
    if options.load.is_none() {
        report.overfitting(&mut trainer, [&training, &validation], batch)?;
        compare_with_one_layer::<H>(&mut report, split, options, batch)?;
    }
    report.finish(model, rng)
}

/// The losses of this run beside those of a network with one hidden layer of the same width.
fn compare_with_one_layer<const H: usize>(
    report: &mut Report,
    split: Split<4, 3>,
    options: &Options,
    batch: usize,
) -> Result<(), Error> {
    let Settings { descent, init, .. } = &options.settings;
    let mut rng = Rng::new(options.seed);
    let mut model = Mlp1::<4, H, 3>::initialised(init, &mut rng);
    let mut trainer = Trainer::<_, 4, 3, 10>::new();
    let Ok(history) =
        trainer.train(&mut model, split, Batches::Shuffled { size: batch, rng: &mut rng }, descent, no_watch);
    let result = match history.last() {
        Some(EpochScores { epoch, training, .. }) if !training.loss().is_finite() => {
            format!("diverged in epoch {epoch}")
        }
        Some(EpochScores { training, validation: Some(validation), .. }) => {
            let scores = [("training", training), ("validation", validation)].map(|(name, score)| {
                let (accuracy, loss) = (percent(score.accuracy()), loss_text(score.loss()));
                let text = format!("{name} accuracy {accuracy}, loss {loss}");
                report.fact(format!("one.{name}"), 100.0 * score.accuracy(), accuracy);
                report.fact(format!("one.{name}.loss"), score.loss(), loss);
                text
            });
            scores.join(", ")
        }
        _ => String::new(),
    };
    report.line(&format!("one hidden layer with these settings: {result}"))?;
    let one_layer = ("1 layer", &format!("4 inputs → {H} ReLU units → 3 classes")[..], &history[..]);
    report.losses_beside("layers.svg", "one hidden layer and two", one_layer, "2 layers")
}
