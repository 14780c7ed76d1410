//! The runs of the six programs with their default settings: values of the document, and its figures.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use backprop::figures::Part;
use backprop::math::exp_ln::{exp, ln};
use backprop::math::order::larger;
use backprop::programs::arguments::Arguments;
use backprop::programs::cli::RunFn;
use backprop::programs::outcome::{Outcome, named};
use backprop::programs::settings::{PROB1A, PROB1B, PROB1C, PROB1D, PROB2A, PROB2B, Problem};
use backprop::programs::terminal::Progress;
use backprop::programs::{Console, Options};
use backprop::proof::one_step::OneStep;
use backprop::training::error::Error;
use backprop::training::numbers::{fixed, loss_text, percent, readable};
use backprop::training::train::EpochScores;

use super::programs::{prob1a, prob1b, prob1c, prob1d, prob2a, prob2b};
use super::template::Values;
use super::tuning::ranking::markdown;

/// Figures as SVG, by their paths from the document.
pub(crate) type Figures = BTreeMap<String, String>;

/// Runs the programs, compiled for their default widths alone, each on the data in its folder, and sets the values that rest on
/// these runs.
pub(crate) fn collect(
    given: &Arguments,
    [xor, spiral, iris]: [Option<&Path>; 3],
    progress: &mut Progress,
    values: &mut Values,
) -> Result<Figures, Error> {
    let mut runs = Runs { given, progress, figures: Figures::new() };
    let (a, farthest) = runs.run(&PROB1A, prob1a::run, xor)?;
    let b = runs.run(&PROB1B, prob1b::run, spiral)?;
    let (c, units) = runs.run(&PROB1C, prob1c::run::<{ PROB1C.tuned.hidden }>, xor)?;
    let (d, (epochs, lambdas)) = runs.run(&PROB1D, prob1d::run::<{ PROB1D.tuned.hidden }>, spiral)?;
    let one_layer = runs.run(&PROB2A, prob2a::run::<{ PROB2A.tuned.hidden }>, iris)?;
    let (two_layers, first_gradients) = runs.run(&PROB2B, prob2b::run::<{ PROB2B.tuned.hidden }>, iris)?;
    outcomes([&a, &b, &c, &d, &one_layer, &two_layers], values);
    convergence(&a, &farthest, values);
    mechanism(&units, values);
    values.count("1d.lambda_epochs", epochs as f64);
    for (lambda, accuracy) in lambdas {
        values.share(&format!("1d.lambda.{}", readable(lambda)), accuracy.unwrap_or(f64::NAN));
    }
    for (name, size) in ["starter", "glorot"].into_iter().zip(first_gradients) {
        values.set(&format!("2b.gradient1.{name}"), size, format!("{size:.1e}"));
    }
    Ok(runs.figures)
}

struct Runs<'a> {
    given: &'a Arguments,
    progress: &'a mut Progress,
    figures: Figures,
}

impl Runs<'_> {
    fn run<R>(&mut self, problem: &'static Problem, run: RunFn<R>, data: Option<&Path>) -> Result<R, Error> {
        self.progress.show(|| problem.title.to_owned());
        let own = Options::read(problem, self.given)?;
        let options = Options { data: data.map(Path::to_owned), quiet: true, ..own };
        let mut sink = io::sink();
        let mut console = Console::new(&options, &mut sink);
        let found = run(&mut console).map_err(|error| match (error, data) {
            // The document has none of the flags that would help.
            (Error::Diverged { epoch, cause }, Some(data)) => {
                let alone = format!("{} --data {}", problem.name, data.display());
                Error::Diverged { epoch, cause: format!("{cause}; {alone} takes these flags") }
            }
            (error, _) => error,
        })?;
        self.figures.extend(console.into_figures());
        Ok(found)
    }
}

/// The outcomes of all programs, and the largest errors of their gradient checks.
fn outcomes(outcomes: [&Outcome; 6], values: &mut Values) {
    for found in outcomes {
        outcome(found, values);
    }
    let checked = outcomes.iter().flat_map(|outcome| &outcome.check);
    values.count("checked", checked.clone().count() as f64);
    let largest = checked.clone().map(|(verdict, _)| verdict.share()).fold(0.0, larger);
    values.set("check", largest, percent(largest));
    let as_printed = checked.map(|(_, as_printed)| as_printed.error).fold(0.0, larger);
    values.set("check.as_printed", as_printed, format!("{as_printed:.1e}"));
}

/// The outcome of a program's run.
fn outcome(outcome: &Outcome, values: &mut Values) {
    let Outcome { problem, settings, settings_line, history, scores, findings, .. } = outcome;
    let problem = problem.short();
    let units = match settings.hidden {
        0 => String::new(),
        hidden if problem == "2b" => format!("{hidden} and {hidden} hidden units, "),
        hidden => format!("{hidden} hidden units, "),
    };
    values.words(&format!("{problem}.settings"), &(units + settings_line));
    let findings = match &findings.clone().unwrap_or_default().join("; ")[..] {
        "" => String::new(),
        findings => format!(" The program found: {findings}."),
    };
    values.words(&format!("{problem}.findings"), &findings);
    for (data, score) in named(scores) {
        let name = |value: &str| format!("{problem}.{data}.{value}");
        values.share(&name("accuracy"), score.accuracy());
        values.set(&name("loss"), score.loss(), loss_text(score.loss()));
        values.count(&name("correct"), score.correct as f64);
        values.count(&name("samples"), score.samples as f64);
    }
    // The training losses, without the penalty, over the epochs.
    let last = history[history.len() - 1].epoch;
    values.count(&format!("{problem}.epochs"), last as f64);
    let mut rows = Vec::new();
    let is_shown = |epoch| [0, 1, 3, 10, 30, 100, 300, 1000, 3000, last].contains(&epoch);
    for EpochScores { epoch, training, .. } in history.iter().filter(|scores| is_shown(scores.epoch)) {
        let loss = training.data_loss;
        values.set(&format!("{problem}.loss.{epoch}"), loss, fixed(loss, 4));
        rows.push(vec![epoch.to_string(), fixed(loss, 6)]);
    }
    values.words(&format!("{problem}.losses"), &markdown(&["epoch", "training loss"], &rows));
}

/// How problem 1a comes near its optimum, from the largest distance of a probability from ½ after some epochs.
fn convergence(outcome: &Outcome, farthest: &[(u64, f64)], values: &mut Values) {
    for (epoch, farthest) in farthest {
        values.set(&format!("1a.farthest.{epoch}"), *farthest, format!("{farthest:.1e}"));
    }
    if let [(_, first), (_, second), ..] = farthest {
        // Of the 100 epochs between them; near the minimum, each leaves 1 − α·μ of the distance.
        let factor = exp(ln(second / first) / 100.0);
        values.decimals("1a.factor", factor, 4);
        let curvature = (7.0 - 33.0_f64.sqrt()) / 16.0;
        values.decimals("1a.curvature", curvature, 4);
        let predicted = 1.0 - outcome.settings.step_size * curvature;
        values.count("1a.factor_error", (factor - predicted).abs());
    }
}

/// How problem 1c solves XOR: its two strongest units, and one step of training.
fn mechanism(units: &[Part], values: &mut Values) {
    values.count("1c.band_seeds", prob1c::SEEDS as f64);
    if let [first, second, ..] = units {
        for (name, unit) in [("first", first), ("second", second)] {
            let [a, b] = unit.slope();
            values.words(&format!("1c.{name}"), &format!("unit {} adds {}", unit.number, unit.formula()));
            // 0 if the weights are opposite.
            values.count(&format!("1c.{name}.sum"), ((a + b) / a).abs());
        }
        values.count("1c.product", first.slope()[0] * second.slope()[0]);
    }
    let step = OneStep::computed();
    values.decimals("1c.step.before", step.score.loss(), 4);
    values.decimals("1c.step.after", step.score_after.loss(), 4);
}
