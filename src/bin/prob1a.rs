//! Problem 1a (handout 2.1): softmax regression on XOR, which no line can separate.
#![forbid(unsafe_code)]

use std::f64::consts::LN_2;
use std::io::Write;
use std::process::ExitCode;

use backprop::draw::{Mark, Page};
use backprop::figures::{PlanarNetwork, decision_maps};
use backprop::math::matrix::Matrix;
use backprop::math::model::Model;
use backprop::math::order::larger;
use backprop::math::softmax_regression::SoftmaxRegression;
use backprop::programs::cli::{self, Options, Outcome, Program};
use backprop::programs::report::Report;
use backprop::programs::settings::{PROB1A, Settings};
use backprop::proof::xor_gate::{INPUTS, is_truth_table};
use backprop::training::checkpoint::Checkpoint;
use backprop::training::dataset::{Dataset, XOR};
use backprop::training::error::Error;
use backprop::training::numbers::fixed;
use backprop::training::train::{Batches, Split, Trainer};

fn main() -> ExitCode {
    cli::main(&Program { problem: &PROB1A, takes_validation: false, widths: &[(0, run)] })
}

pub(crate) fn run(options: &Options, out: &mut dyn Write) -> Result<Outcome, Error> {
    let Settings { descent, .. } = &options.settings;
    let data: Dataset<2, 2> = XOR.load(options.data.as_deref())?;
    let mut report = Report::begin(options, out, "2 inputs → 2 classes", &[(XOR.name, data.len())])?;
    let Checkpoint { mut model, rng, epochs, .. } = report.start::<SoftmaxRegression<2, 2>, 2, 2>()?;

    report.gradient_check::<SoftmaxRegression<2, 2>, 2, 2, 4>(0.01, &data)?;
    report.error_over_epsilon::<SoftmaxRegression<2, 2>, 2, 2, 4>(0.01, &data)?;

    let mut trainer = Trainer::<_, 2, 2, 4>::after(epochs);
    // Only of XOR it is true that all points tie at the optimum.
    let is_xor = is_truth_table(&data);
    if is_xor {
        report.compare_losses_with(Mark::HorizontalLine { label: "optimum: ln 2".to_owned(), y: LN_2 });
    }
    let history =
        trainer.train(&mut model, Split::training(&data), Batches::Full, descent, |_, record| {
            report.iteration(record)
        })?;
    report.outcome(history, &mut trainer, &model, &data)?;

    if is_xor {
        let p = model.probabilities(&Matrix::from_rows(INPUTS));
        let farthest = p.values().iter().fold(0.0, |farthest: f64, p| larger(farthest, (p - 0.5).abs()));
        report.fact("farthest", farthest, format!("{farthest:.1e}"));
        report.line(&format!(
            "farthest probability from 1/2: {farthest:.1e} (at the optimum all four points tie, and the accuracy is \
             an accident of rounding; no line gets more than 3 of 4)"
        ))?;
        let page = lines(&report, &model, &mut trainer, &data);
        report.page("lines.svg", &page)?;
    }
    report.decision_figure(&PlanarNetwork::from(&model), &data)?;
    report.finish(model, rng)
}

/// Why the trained network ties: a line that gets three of the four points right costs more.
fn lines(
    report: &Report,
    trained: &SoftmaxRegression<2, 2>,
    trainer: &mut Trainer<SoftmaxRegression<2, 2>, 2, 2, 4>,
    data: &Dataset<2, 2>,
) -> Page {
    // x₁ + x₂ > ½, and sure of it.
    let mut or = SoftmaxRegression::zeros();
    or.w = Matrix::from_rows([[0.0, 2.0], [0.0, 2.0]]);
    or.b = Matrix::from_rows([[0.0, -1.0]]);
    let mut map = |what: &str, model: &SoftmaxRegression<2, 2>| {
        let score = trainer.evaluate(model, data, 0.0);
        (
            format!("{what}: {} of 4, J = {}", score.correct, fixed(score.loss(), 4)),
            PlanarNetwork::from(model),
        )
    };
    let maps = [map("trained", trained), map("x₁ + x₂ > ½", &or)];
    let subtitle = format!(
        "{}\nNo line gets more than three of the four right, and one that does pays for the fourth. The least loss, \
         ln 2 = {LN_2:.4}, is that of p = ½ everywhere: a tie, broken by rounding.",
        report.subtitle()
    );
    decision_maps(&report.titled("two lines through XOR"), &subtitle, data, &maps)
}
