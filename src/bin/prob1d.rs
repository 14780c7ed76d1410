//! Problem 1d (handout 2.4): a network with one hidden layer on the three-arm spiral.
#![forbid(unsafe_code)]

use std::io::Write;
use std::process::ExitCode;

use backprop::checkpoint::Checkpoint;
use backprop::cli::{self, Options, Program};
use backprop::dataset::{Dataset, SPIRAL_TRAIN};
use backprop::error::Error;
use backprop::experiments::{by_lambda, film};
use backprop::gradient_check::Check;
use backprop::mlp1::Mlp1;
use backprop::model::{Init, Spread};
use backprop::plot::{self, PlanarNetwork};
use backprop::report::Report;
use backprop::rng::Rng;
use backprop::settings::{PROB1D, Settings};
use backprop::train::{Descent, Trainer};

pub(crate) const PROGRAM: Program = Program {
    name: "prob1d",
    title: "Problem 1d: one hidden layer on the spiral",
    preset: PROB1D,
    takes_validation: true,
    widths: &[(16, run::<16>), (32, run::<32>), (64, run::<64>), (100, run::<100>), (256, run::<256>)],
};

/// The values of λ that are compared.
const LAMBDAS: [f64; 6] = [0.0, 1e-4, 1e-3, 3e-3, 1e-2, 1e-1];

/// The epochs after which they are compared: the boundary hardly moves later.
const LAMBDA_EPOCHS: usize = 3000;

/// The epochs at which the boundary is drawn, if training goes so far.
const MOMENTS: [usize; 6] = [0, 100, 300, 1000, 3000, 10_000];

/// How long the animation shows each.
const SECONDS: f64 = 1.5;

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

    let start = model.clone();
    let mut trainer = Trainer::<_, 2, 3, 20>::after(epochs);
    let history = trainer.full_batch(&mut model, &data, descent, |record| report.iteration(record))?;
    report.outcome(&history, &mut trainer, &model, &data)?;
    report.second_file(&mut trainer, &model)?;

    report.decision_figure(&PlanarNetwork::from(&model), &data, history.last())?;
    if options.load.is_none() {
        compare(&mut report, &start, &data, descent)?;
    }
    report.finish(model, rng)
}

/// The same training with other λ, and the boundary as it forms.
fn compare<const H: usize>(
    report: &mut Report,
    start: &Mlp1<2, H, 3>,
    data: &Dataset<2, 3>,
    descent: &Descent,
) -> Result<(), Error> {
    let maps = |networks: Vec<(String, Mlp1<2, H, 3>)>| -> Vec<(String, PlanarNetwork)> {
        networks.into_iter().map(|(caption, model)| (caption, PlanarNetwork::from(&model))).collect()
    };
    let shorter = Descent { epochs: descent.epochs.min(LAMBDA_EPOCHS), ..*descent };
    let subtitle = report.subtitle_of(shorter.epochs, shorter.step_size, None);
    let networks = maps(by_lambda::<_, 2, 3, 20>(data, start, &shorter, &LAMBDAS));
    let accuracies: Vec<&str> = networks.iter().map(|(caption, _)| caption.as_str()).collect();
    report.line(&format!("after {} epochs with {}", shorter.epochs, accuracies.join(", ")))?;
    report.page(
        "lambdas.svg",
        &plot::decision_maps("Problem 1d: what λ does to the boundary", &subtitle, data, &networks),
    )?;

    let subtitle = report.subtitle(None);
    let moments: Vec<usize> = MOMENTS.into_iter().filter(|&moment| moment <= descent.epochs).collect();
    let networks = maps(film(&mut Trainer::<_, 2, 3, 20>::new(), data, start, descent, &moments));
    let page = plot::decision_maps("Problem 1d: how the boundary forms", &subtitle, data, &networks);
    report.page("film.svg", &page)?;
    report.write_file("film_animated.svg", plot::svg_animation(&page, SECONDS).as_bytes())
}
