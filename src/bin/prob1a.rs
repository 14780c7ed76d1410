//! Problem 1a (handout 2.1): softmax regression on XOR, which no line can separate.
#![forbid(unsafe_code)]

use std::io::Write;
use std::process::ExitCode;

use backprop::checkpoint::Checkpoint;
use backprop::cli::{self, Options, Program};
use backprop::dataset::{Dataset, XOR};
use backprop::elementary::ln;
use backprop::error::Error;
use backprop::gradient_check::Check;
use backprop::matrix::Matrix;
use backprop::model::{Init, Model, Spread};
use backprop::plot::{self, Mark, Page, PlanarNetwork};
use backprop::report::Report;
use backprop::rng::Rng;
use backprop::settings::{PROB1A, Settings};
use backprop::softmax_regression::SoftmaxRegression;
use backprop::train::{Score, Trainer};

pub(crate) const PROGRAM: Program = Program {
    name: "prob1a",
    title: "Problem 1a: softmax regression on XOR",
    preset: PROB1A,
    takes_validation: false,
    widths: &[(0, run)],
};

fn main() -> ExitCode {
    cli::main(&PROGRAM)
}

fn run(options: &Options, out: &mut dyn Write) -> Result<(), Error> {
    let Settings { descent, .. } = &options.settings;
    let data: Dataset<2, 2> = XOR.load(options.data.as_deref())?;
    let mut report = Report::new(options, out);
    report.heading("2 inputs → 2 classes", &[(XOR.name, data.len())])?;
    let Checkpoint { mut model, rng, epochs } = report.start::<SoftmaxRegression<2, 2>, 2, 2>()?;

    let check_init = Init { weights: Spread::Fixed(0.01), bias: 1.0 };
    report.gradient_check(&Check::<SoftmaxRegression<2, 2>, 2, 2>::new(
        &check_init,
        &mut Rng::new(options.seed),
        &data,
    ))?;

    let mut trainer = Trainer::<_, 2, 2, 4>::after(epochs);
    report.compare_losses_with(Mark::HorizontalLine { label: "optimum: ln 2".to_owned(), y: ln(2.0) });
    let history = trainer.full_batch(&mut model, &data, descent, |record| report.iteration(record))?;
    report.outcome(&history, &mut trainer, &model, &data)?;

    let p = model.probabilities(&Matrix::from_rows([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]));
    let farthest = p.values().iter().fold(0.0, |farthest: f64, p| farthest.max((p - 0.5).abs()));
    report.line(&format!(
        "farthest probability from 1/2: {farthest:.1e} (at the optimum all four points tie, and the accuracy is \
         an accident of rounding; no line gets more than 3 of 4)"
    ))?;

    report.decision_figure(&PlanarNetwork::from(&model), &data, history.last())?;
    report.page("lines.svg", &lines(&report.subtitle(None), &model, &mut trainer, &data))?;
    report.finish(model, rng)
}

/// Why the trained network ties: a line that gets three of the four points right costs more.
fn lines(
    settings: &str,
    trained: &SoftmaxRegression<2, 2>,
    trainer: &mut Trainer<SoftmaxRegression<2, 2>, 2, 2, 4>,
    data: &Dataset<2, 2>,
) -> Page {
    // x₁ + x₂ > ½, and sure of it.
    let mut or = SoftmaxRegression::zeros();
    or.output.weights = Matrix::from_rows([[0.0, 2.0], [0.0, 2.0]]);
    or.output.bias = Matrix::from_rows([[0.0, -1.0]]);
    let mut map = |what: &str, model: &SoftmaxRegression<2, 2>| {
        let Score { loss, correct, .. } = trainer.evaluate(model, data, 0.0);
        (format!("{what}: {correct} of 4, J = {loss:.4}"), PlanarNetwork::from(model))
    };
    let maps = [map("trained", trained), map("x₁ + x₂ > ½", &or)];
    let subtitle = format!(
        "{settings}\nNo line gets more than three of the four right, and one that does pays for the fourth. The least \
                    loss, ln 2 = 0.6931, is that of p = ½ everywhere: a tie, broken by rounding."
    );
    plot::decision_maps("Problem 1a: two lines through XOR", &subtitle, data, &maps)
}
