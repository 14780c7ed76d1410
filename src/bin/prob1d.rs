//! Problem 1d (handout 2.4): a network with one hidden layer on the three-arm spiral.
#![forbid(unsafe_code)]

use std::io::Write;
use std::process::ExitCode;

use backprop::figures::{PlanarNetwork, decision_maps};
use backprop::math::mlp1::Mlp1;
use backprop::programs::cli::{self, Options, Outcome, Program};
use backprop::programs::experiments::by_lambda;
use backprop::programs::report::Report;
use backprop::programs::settings::{PROB1D, Settings};
use backprop::training::checkpoint::Checkpoint;
use backprop::training::dataset::{Dataset, SPIRAL_TRAIN};
use backprop::training::error::Error;
use backprop::training::numbers::{percent, readable};
use backprop::training::train::{Batches, EpochScores, Hyperparameters, Score, Split, Trainer};

/// The values of λ that are compared.
const LAMBDAS: [f64; 6] = [0.0, 1e-4, 1e-3, 3e-3, 1e-2, 1e-1];

/// The epochs after which they are compared: the boundary hardly moves later.
const LAMBDA_EPOCHS: usize = 3000;

/// The epochs at which the boundary is drawn, before the last.
const MOMENTS: [usize; 6] = [0, 100, 300, 1000, 3000, 10_000];

fn main() -> ExitCode {
    cli::main(&Program {
        problem: &PROB1D,
        takes_validation: true,
        widths: &[(16, run::<16>), (32, run::<32>), (64, run::<64>), (100, run::<100>), (256, run::<256>)],
    })
}

pub(crate) fn run<const H: usize>(options: &Options, out: &mut dyn Write) -> Result<Outcome, Error> {
    let Settings { descent, .. } = &options.settings;
    let data: Dataset<2, 3> = SPIRAL_TRAIN.load(options.data.as_deref())?;
    let second = options.second_file()?;
    let mut report = Report::begin(
        options,
        out,
        &format!("2 inputs → {H} ReLU units → 3 classes"),
        &[(SPIRAL_TRAIN.name, data.len())],
    )?;
    let Checkpoint { mut model, rng, epochs, .. } = report.start::<Mlp1<2, H, 3>, 2, 3>()?;

    report.gradient_check::<Mlp1<2, H, 3>, 2, 3, 20>(0.05, &data)?;
    report.error_over_epsilon::<Mlp1<2, 6, 3>, 2, 3, 20>(0.05, &data)?;

    let start = model.clone();
    let mut trainer = Trainer::<_, 2, 3, 20>::after(epochs);
    let last = epochs + descent.epochs;
    // The networks that the figures show, with their scores.
    let mut moments = Vec::new();
    let watch = |model: &Mlp1<2, H, 3>, scores: &EpochScores| {
        if MOMENTS.contains(&scores.epoch) || scores.epoch == last {
            moments.push((scores.epoch, model.clone(), scores.training));
        }
        report.iteration(scores)
    };
    let history = trainer.train(&mut model, Split::training(&data), Batches::Full, descent, watch)?;
    report.outcome(history, &mut trainer, &model, &data)?;
    report.second_file(second.as_ref(), &mut trainer, &model)?;

    report.decision_figure(&PlanarNetwork::from(&model), &data)?;
    if options.load.is_none() {
        compare_lambdas(&mut report, &start, &data, descent)?;
        let caption = |(epoch, model, score): &(usize, Mlp1<2, H, 3>, Score)| {
            (format!("epoch {epoch}: {}", percent(score.accuracy())), PlanarNetwork::from(model))
        };
        let maps: Vec<_> = moments.iter().map(caption).collect();
        let title = report.titled("how the boundary forms");
        report.page("film.svg", &decision_maps(&title, &report.subtitle(), &data, &maps))?;
    }
    report.finish(model, rng)
}

/// The same training with other λ.
fn compare_lambdas<const H: usize>(
    report: &mut Report,
    start: &Mlp1<2, H, 3>,
    data: &Dataset<2, 3>,
    descent: &Hyperparameters,
) -> Result<(), Error> {
    let shorter = Hyperparameters { epochs: descent.epochs.min(LAMBDA_EPOCHS), ..*descent };
    let mut subtitle = report.subtitle_of(shorter.epochs, shorter.step_size, None);
    report.fact("lambda_epochs", shorter.epochs as f64, shorter.epochs.to_string());
    let mut maps = Vec::new();
    let mut captions = Vec::new();
    for (lambda, run) in LAMBDAS.into_iter().zip(by_lambda::<_, 2, 3, 20>(data, start, &shorter, &LAMBDAS)) {
        let lambda = readable(lambda);
        let (number, result) = match &run {
            Some((_, score)) => (100.0 * score.accuracy(), percent(score.accuracy())),
            None => (f64::NAN, "diverged".to_owned()),
        };
        let caption = format!("λ = {lambda}: {result}");
        match &run {
            Some((model, _)) => maps.push((caption.clone(), PlanarNetwork::from(model))),
            None => subtitle = format!("{subtitle}\n{caption}"),
        }
        captions.push(caption);
        report.fact(format!("lambda.{lambda}"), number, result);
    }
    report.line(&format!("after {} epochs with {}", shorter.epochs, captions.join(", ")))?;
    let title = report.titled("what λ does to the boundary");
    report.page("lambdas.svg", &decision_maps(&title, &subtitle, data, &maps))
}
