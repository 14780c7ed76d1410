//! The values of the answer document: from what the programs find, and from the studies of `tune`.

use crate::tuning::markdown::markdown;
use crate::tuning::ranking::Ranking;
use backprop::figures::Part;
use backprop::math::exp_ln::{exp, ln};
use backprop::math::order::larger;
use backprop::programs::outcome::Outcome;
use backprop::programs::planar::Lambdas;
use backprop::proof::one_step::OneStep;
use backprop::training::error::Error;
use backprop::training::numbers::{fixed, loss_text, percent, readable};
use backprop::training::train::EpochScores;

use super::studies;
use super::template::Values;

/// Results of the six programs.
pub(crate) struct Found {
    pub(crate) prob1a: (Outcome, Vec<(u64, f64)>),
    pub(crate) prob1b: Outcome,
    pub(crate) prob1c: (Outcome, Vec<Part>),
    pub(crate) prob1d: (Outcome, Option<Lambdas>),
    pub(crate) prob2a: Outcome,
    pub(crate) prob2b: (Outcome, [f64; 2]),
}

/// The names of the data in the template: each is 1 if the data are the built-in ones, and `all` if all are.
pub(crate) const DATA: [&str; 3] = ["xor", "spiral", "iris"];

/// The data of a problem.
fn data_of(problem: &str) -> &'static str {
    match problem {
        "1a" | "1c" => DATA[0],
        "1b" | "1d" => DATA[1],
        _ => DATA[2],
    }
}

/// All values of the template. `built_in` says which of [`DATA`] are the built-in ones.
///
/// # Errors
///
/// [`Error::Data`] if a sweep lacks the runs that the document reports, or one of them diverged.
pub(crate) fn collect(
    found: &Found,
    rankings: &[(&str, Ranking)],
    built_in: [bool; 3],
) -> Result<Values, Error> {
    let mut values = Values::default();
    for (name, is) in DATA.into_iter().zip(built_in).chain([("all", built_in == [true; 3])]) {
        values.count(name, f64::from(u8::from(is)));
    }
    programs(found, &mut values);
    studies::collect(rankings, &mut values)?;
    let results = summary(&values);
    values.table("results", &results);
    Ok(values)
}

/// `1c` of `prob1c`.
pub(crate) fn short(name: &str) -> &str {
    name.trim_start_matches("prob")
}

/// The results in one table, as the README shows them.
pub(crate) fn summary(values: &Values) -> String {
    let headings = [
        "problem",
        "training accuracy",
        "validation accuracy",
        "with the starter's settings (2a, 2b: validation)",
        "with other seeds (2a, 2b: validation)",
    ];
    let row = |(problem, starter, seeds): (&str, &str, &str)| {
        let of = |data: &str| {
            let value = |name| values.text(&format!("{problem}.{data}.{name}"));
            format!("{} ({} of {})", value("accuracy"), value("correct"), value("samples"))
        };
        let validation = if problem.starts_with('2') { of("validation") } else { "–".to_owned() };
        // The sweeps are of the built-in data.
        let swept = |text: &str| -> String {
            let parts = text.split(['{', '}']).enumerate();
            let filled = parts.map(|(index, part)| if index % 2 == 1 { values.text(part) } else { part });
            if values.is(data_of(problem)) { filled.collect() } else { "–".to_owned() }
        };
        vec![problem.to_owned(), of("training"), validation, swept(starter), swept(seeds)]
    };
    let rows = [
        ("1a", "{1a.starter}", "{1a.seeds} of {1a.seeds} seeds: {1a.tuned}"),
        ("1b", "median {1b.starter}", "{1b.seeds} of {1b.seeds} seeds: {1b.accuracy}"),
        ("1c", "{1c.starter}", "{1c.solved} of {1c.seeds} seeds: all four right"),
        (
            "1d",
            "median {1d.starter}",
            "{1d.ceiling} of {1d.seeds} seeds: {1d.most} right, the most possible; {1d.fresh.mean} of fresh spirals",
        ),
        (
            "2a",
            "{2a.starter}",
            "{2a.seeds} seeds: worst {2a.given.worst}, median {2a.given.median}; {2.others} other splits: mean {2a.other.mean}",
        ),
        (
            "2b",
            "{2b.starter}",
            "{2b.seeds} seeds: worst {2b.given.worst}, median {2b.given.median}; {2.others} other splits: mean {2b.other.mean}",
        ),
    ];
    markdown(&headings, &rows.map(row))
}

/// Results of the programs.
fn programs(Found { prob1a, prob1b, prob1c, prob1d, prob2a, prob2b }: &Found, values: &mut Values) {
    let outcomes = [&prob1a.0, prob1b, &prob1c.0, &prob1d.0, prob2a, &prob2b.0];
    for outcome in outcomes {
        run(outcome, values);
    }
    values.count("checked", outcomes.iter().map(|outcome| outcome.check.parameters as f64).sum());
    let largest = outcomes.iter().map(|outcome| outcome.check.largest_share).fold(0.0, larger);
    values.set("check", largest, percent(largest));
    let as_printed = outcomes.iter().map(|outcome| outcome.check.largest_as_printed).fold(0.0, larger);
    values.set("check.as_printed", as_printed, format!("{as_printed:.1e}"));
    for (epoch, farthest) in &prob1a.1 {
        values.set(&format!("1a.farthest.{epoch}"), *farthest, format!("{farthest:.1e}"));
    }
    if let [(_, first), (_, second), ..] = prob1a.1[..] {
        // Of the 100 epochs between them; near the minimum, each leaves 1 − α·μ of the distance.
        let factor = exp(ln(second / first) / 100.0);
        values.decimals("1a.factor", factor, 4);
        let curvature = (7.0 - 33.0_f64.sqrt()) / 16.0;
        values.decimals("1a.curvature", curvature, 4);
        let predicted = 1.0 - prob1a.0.setup.settings.step_size * curvature;
        values.count("1a.factor_error", (factor - predicted).abs());
    }
    if let [first, second, ..] = &prob1c.1[..] {
        for (name, unit) in [("first", first), ("second", second)] {
            let [a, b] = unit.slope();
            values.words(&format!("1c.{name}"), format!("unit {} adds {}", unit.number, unit.formula()));
            // 0 if the weights are opposite.
            values.count(&format!("1c.{name}.sum"), ((a + b) / a).abs());
        }
        values.count("1c.product", first.slope()[0] * second.slope()[0]);
    }
    if let Some(Lambdas { epochs, accuracies }) = &prob1d.1 {
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
    for (name, size) in ["starter", "glorot"].into_iter().zip(prob2b.1) {
        values.set(&format!("2b.gradient1.{name}"), size, format!("{size:.1e}"));
    }
}

/// The outcome of a program's run.
fn run(outcome: &Outcome, values: &mut Values) {
    let Outcome { setup, history, scores: EpochScores { training, validation, .. }, .. } = outcome;
    let problem = short(setup.options.problem.name);
    let units = match setup.settings.hidden {
        0 => String::new(),
        hidden if problem == "2b" => format!("{hidden} and {hidden} hidden units, "),
        hidden => format!("{hidden} hidden units, "),
    };
    values.words(&format!("{problem}.settings"), units + &setup.settings_line());
    let findings = outcome.findings.clone().unwrap_or_default().join("; ");
    let findings = if findings.is_empty() { findings } else { format!(" The program found: {findings}.") };
    values.words(&format!("{problem}.findings"), findings);
    for (data, score) in [("training", Some(training)), ("validation", validation.as_ref())] {
        let Some(score) = score else { continue };
        let name = |value: &str| format!("{problem}.{data}.{value}");
        values.share(&name("accuracy"), score.accuracy());
        values.set(&name("loss"), score.loss(), loss_text(score.loss()));
        values.count(&name("correct"), score.correct as f64);
        values.count(&name("samples"), score.samples as f64);
    }
    epochs(problem, history, values);
}

/// The training losses, without the penalty, over the epochs.
fn epochs(problem: &str, history: &[EpochScores], values: &mut Values) {
    let last = history[history.len() - 1].epoch;
    values.count(&format!("{problem}.epochs"), last as f64);
    let mut rows = Vec::new();
    let is_shown = |epoch| [0, 1, 3, 10, 30, 100, 300, 1000, 3000, last].contains(&epoch);
    for EpochScores { epoch, training, .. } in history.iter().filter(|scores| is_shown(scores.epoch)) {
        let loss = training.data_loss;
        values.set(&format!("{problem}.loss.{epoch}"), loss, fixed(loss, 4));
        rows.push(vec![epoch.to_string(), fixed(loss, 6)]);
    }
    values.table(&format!("{problem}.losses"), &markdown(&["epoch", "training loss"], &rows));
}
