//! Values of the answer document from the runs of the programs.

use backprop::math::exp_ln::{exp, ln};
use backprop::math::order::larger;
use backprop::programs::outcome::Outcome;
use backprop::programs::planar::Lambdas;
use backprop::proof::one_step::OneStep;
use backprop::training::numbers::{fixed, loss_text, percent, readable};
use backprop::training::train::EpochScores;

use super::runs::{BAND_SEEDS, Found};
use super::template::Values;
use super::tuning::markdown::markdown;

/// The values that rest on the runs of the programs.
pub(crate) fn collect(found: &Found, values: &mut Values) {
    let Found { outcomes, farthest, units, lambdas, first_gradients, .. } = found;
    for outcome in outcomes {
        run(outcome, values);
    }
    values.count("checked", outcomes.iter().map(|outcome| outcome.check.parameters as f64).sum());
    let largest = outcomes.iter().map(|outcome| outcome.check.largest_share).fold(0.0, larger);
    values.set("check", largest, percent(largest));
    let as_printed = outcomes.iter().map(|outcome| outcome.check.largest_as_printed).fold(0.0, larger);
    values.set("check.as_printed", as_printed, format!("{as_printed:.1e}"));
    for (epoch, farthest) in farthest {
        values.set(&format!("1a.farthest.{epoch}"), *farthest, format!("{farthest:.1e}"));
    }
    if let [(_, first), (_, second), ..] = farthest[..] {
        // Of the 100 epochs between them; near the minimum, each leaves 1 − α·μ of the distance.
        let factor = exp(ln(second / first) / 100.0);
        values.decimals("1a.factor", factor, 4);
        let curvature = (7.0 - 33.0_f64.sqrt()) / 16.0;
        values.decimals("1a.curvature", curvature, 4);
        let predicted = 1.0 - outcomes[0].options.settings.step_size * curvature;
        values.count("1a.factor_error", (factor - predicted).abs());
    }
    values.count("1c.band_seeds", BAND_SEEDS as f64);
    if let [first, second, ..] = &units[..] {
        for (name, unit) in [("first", first), ("second", second)] {
            let [a, b] = unit.slope();
            values.words(&format!("1c.{name}"), &format!("unit {} adds {}", unit.number, unit.formula()));
            // 0 if the weights are opposite.
            values.count(&format!("1c.{name}.sum"), ((a + b) / a).abs());
        }
        values.count("1c.product", first.slope()[0] * second.slope()[0]);
    }
    if let Some(Lambdas { epochs, accuracies }) = lambdas {
        values.count("1d.lambda_epochs", *epochs as f64);
        for (lambda, accuracy) in accuracies {
            let accuracy = accuracy.unwrap_or(f64::NAN);
            values.share(&format!("1d.lambda.{}", readable(*lambda)), accuracy);
        }
    }
    let step = OneStep::new();
    for (name, score) in [("before", step.score), ("after", step.score_after)] {
        values.decimals(&format!("1c.step.{name}"), score.loss(), 4);
    }
    for (name, size) in ["starter", "glorot"].into_iter().zip(first_gradients) {
        values.set(&format!("2b.gradient1.{name}"), *size, format!("{size:.1e}"));
    }
}

/// The outcome of a program's run.
fn run(outcome: &Outcome, values: &mut Values) {
    let Outcome { options, history, training, validation, findings, .. } = outcome;
    let problem = options.problem.short();
    let units = match options.settings.hidden {
        0 => String::new(),
        hidden if problem == "2b" => format!("{hidden} and {hidden} hidden units, "),
        hidden => format!("{hidden} hidden units, "),
    };
    values.words(&format!("{problem}.settings"), &(units + &options.settings_line()));
    let findings = match &findings.join("; ")[..] {
        "" => String::new(),
        findings => format!(" The program found: {findings}."),
    };
    values.words(&format!("{problem}.findings"), &findings);
    for (data, score) in [("training", Some(training)), ("validation", validation.as_ref())] {
        let Some(score) = score else { continue };
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
