//! The answers to problem 1, for the built-in data.

use std::f64::consts::LN_2;

use backprop::figures::Part;
use backprop::math::init::{Init, WeightInit};
use backprop::math::order::larger;
use backprop::programs::outcome::Outcome;
use backprop::programs::planar::Lambdas;
use backprop::programs::settings::{Problem, Settings};
use backprop::training::numbers::percent;

use super::programs::prob1c::SEEDS;
use super::section::{Section, fill, hold, opening};
use super::sweeps::{Runs, Sweep};
use super::tuning::ranking::markdown;
use super::tuning::row::{Results, Row};
use super::tuning::study::least_correct;

/// How near to ln 2 problem 1a comes.
pub(crate) fn prob1a(outcome: &Outcome, sweep: &Sweep) -> Section {
    let Problem { tuned, starter, .. } = sweep.problem;
    let [runs, of_starter] = [tuned, starter].map(|settings| sweep.fresh(settings));
    let within = |runs: &Runs, most: f64| runs.0.iter().all(|run| (run.loss - LN_2).abs() <= most);
    let free = sweep.filter(|key| {
        let Settings { epochs, step_size, lambda, .. } = key.settings;
        epochs == 1000 && step_size <= 1.0 && lambda == 0.0
    });
    let [one_right, three_right] =
        [1, 3].map(|right| runs.0.iter().filter(|run| run.training.correct == right).count());
    let (opening, ln2, grid, tried) =
        (opening(outcome), LN_2, sweep.ranking.grid(), sweep.ranking.ranked.len());
    let fresh = runs.0.len();
    let text = fill!("1a.md"; opening, ln2, fresh, one_right, three_right, grid, tried);
    hold(
        &text,
        &[
            ("This is the minimum, ln 2", (outcome.scores.training.loss() - LN_2).abs() < 1e-15),
            ("So all four points tie", within(&runs, 1e-6)),
            ("one point is right or three", one_right + three_right == fresh),
            ("1000 epochs end within one unit in the last place of ln 2", within(&free, 1.2e-16)),
            ("The starter's settings end within 1e-12", within(&of_starter, 1e-12)),
        ],
    );
    let ties = "all four points tie";
    Section { text, starter: ties.to_owned(), seeds: format!("{fresh} of {fresh} seeds: {ties}") }
}

/// The optimum of problem 1b.
pub(crate) fn prob1b(outcome: &Outcome, sweep: &Sweep) -> Section {
    let Problem { tuned, starter, .. } = sweep.problem;
    let [runs, of_starter] = [tuned, starter].map(|settings| sweep.fresh(settings));
    let most_right = |runs: Runs| runs.0.iter().map(|run| run.training.correct).max().unwrap_or(0);
    let [small, large] = [0.001, 0.01]
        .map(|lambda| most_right(sweep.filter(|key| key.settings == Settings { lambda, ..*tuned })));
    let most = most_right(sweep.filter(|_| true));
    let losses = runs.sorted(|results| results.loss);
    let (correct, fresh) = (outcome.scores.training.correct, runs.0.len());
    let all_as_many = runs.0.iter().all(|run| run.training.correct == correct);
    let (opening, grid, tried) = (opening(outcome), sweep.ranking.grid(), sweep.ranking.ranked.len());
    let starter_loss = of_starter.median(|results| results.loss);
    let text = fill!("1b.md"; opening, grid, tried, fresh, starter_loss, most, small, large);
    hold(
        &text,
        &[
            ("end at the same loss to seven digits", losses[fresh - 1] - losses[0] < 5e-8),
            ("100 epochs are not enough", of_starter.0.iter().all(|run| run.loss > losses[0] + 1e-3)),
            ("with 3, 300 are", (tuned.step_size, tuned.epochs) == (3.0, 300)),
            ("more than at the minimum", most > correct && all_as_many),
            ("a penalty does not help here", small <= correct && large <= correct),
        ],
    );
    let starter = format!("median {:.2} %", of_starter.median(Results::training_percent));
    let right = percent(outcome.scores.training.accuracy());
    Section { text, starter, seeds: format!("{fresh} of {fresh} seeds: {right}") }
}

/// How often problem 1c is solved.
pub(crate) fn prob1c((outcome, units): &(Outcome, Vec<Part>), sweep: &Sweep) -> Section {
    let Problem { tuned, starter, .. } = sweep.problem;
    let [of_tuned, of_starter] = [tuned, starter].map(|settings| sweep.fresh(settings).0[0]);
    // Of each initialisation, the four step sizes.
    let is_tuned_else = |Row { key, .. }: &&Row| {
        let Settings { init, step_size, .. } = key.settings;
        key.seed == 0 && key.settings == Settings { init, step_size, ..*tuned }
    };
    let tried: Vec<&Row> = sweep.rows.iter().filter(is_tuned_else).collect();
    let row = |steps: &[&Row]| {
        let Init { weights, bias } = steps[0].key.settings.init;
        let label = if bias == 0.0 { weights.to_string() } else { format!("{weights}, b = {bias}") };
        let solved = steps.iter().map(|row| format!("{:.1} %", row.results.percent_solved()));
        [vec![label], solved.collect()].concat()
    };
    let table: Vec<Vec<String>> = tried.chunks(4).map(row).collect();
    let table = markdown(&["init", "α = 0.3", "α = 0.5", "α = 1", "α = 2"], &table);
    let of = |weights, bias| {
        let settings = Settings { init: Init { weights, bias }, ..*tuned };
        let row = tried.iter().find(|row| row.key.settings == settings).expect("it was tried");
        row.results.percent_solved()
    };
    let [[he, he_half], [mirrored, both]] =
        [WeightInit::He, WeightInit::Mirrored].map(|weights| [0.0, 0.5].map(|bias| of(weights, bias)));
    let wide = sweep.filter(|key| key.settings.step_size == 2.0);
    let wide = wide.0.iter().map(Results::percent_solved).fold(0.0, larger);
    let loss = |epoch: usize| outcome.history[epoch].training.data_loss;
    let [first, second] =
        [&units[0], &units[1]].map(|unit| format!("unit {} adds {}", unit.number, unit.formula()));
    // Weights along x₁ − x₂ are opposite.
    let is_ramp = |[a, b]: [f64; 2]| ((a + b) / a).abs() < 0.05;
    let [a, b] = [&units[0], &units[1]].map(Part::slope);
    let (grid, tried) = (sweep.ranking.grid(), sweep.ranking.ranked.len());
    let (opening, band, steps) = (opening(outcome), SEEDS, table.trim_end());
    let [loss0, loss1, loss3, loss1000] = [0, 1, 3, 1000].map(loss);
    let Results { solved, runs: fresh, loss: worst, .. } = of_tuned;
    let text = fill!("1c.md"; opening, band, loss0, loss1, loss3, loss1000, first, second, grid, tried, steps, solved, fresh,
        worst, wide);
    hold(
        &text,
        &[
            ("the loss rises,", loss1 > loss0),
            ("after three epochs it is lower than at the start", loss3 < loss0),
            ("all four points are right", outcome.scores.training.correct == 4),
            ("opposite ramps along", is_ramp(a) && is_ramp(b) && a[0] * b[0] < 0.0),
            ("b = 0.5 solves more seeds than `he` alone", he_half > he && mirrored > he),
            ("With both, all seeds solve it", both == 100.0),
            ("α = 1 is the largest step tried that works", tuned.step_size == 1.0 && wide < 60.0),
            ("and no seed solves it", of(WeightInit::Fixed(0.01), 0.5) == 0.0),
        ],
    );
    let starter = format!("mean {:.2} %", of_starter.training_percent());
    Section { text, starter, seeds: format!("{solved} of {fresh} seeds: all four right") }
}

/// Problem 1d with other seeds and on fresh spirals.
pub(crate) fn prob1d((outcome, (epochs, lambdas)): &(Outcome, Lambdas), sweep: &Sweep) -> Section {
    /// The most samples that any classifier gets right: the three arms share a point.
    const MOST: usize = 298;
    let Problem { tuned, starter, .. } = sweep.problem;
    let runs = sweep.fresh(tuned);
    let ceiling = runs.0.iter().filter(|run| run.training.correct == MOST).count();
    let (fresh, worst) =
        (runs.mean(Results::validation_percent), runs.sorted(Results::validation_percent)[0]);
    let starter = sweep.fresh(starter).median(Results::training_percent);
    let ranking = &sweep.ranking;
    let full = ranking.ranked.iter().filter(|ranked| least_correct(&ranked.results) == MOST).count();
    let [units32, units100, units256] =
        [32, 100, 256].map(|hidden| ranking.best(|settings| settings.hidden == hidden));
    let [l0, l1, l2, l3, l4, l5] = [0, 1, 2, 3, 4, 5].map(|n| 100.0 * lambdas[n].1.unwrap_or(f64::NAN));
    let (opening, grid, tried, table) =
        (opening(outcome), ranking.grid(), ranking.ranked.len(), ranking.table(4));
    let (ranked_by, ranking, seeds) = (ranking.study.criterion.ranked_by, table.trim_end(), runs.0.len());
    let text = fill!("1d.md"; opening, ceiling, seeds, fresh, worst, grid, tried, ranked_by, ranking, full, units32, units100,
        units256, starter, epochs, l0, l2, l3, l4);
    hold(
        &text,
        &[
            ("No classifier gets more right", outcome.scores.training.correct == MOST),
            ("Most of this is not critical", 2 * full > tried),
            ("they bend it into a spiral", outcome.scores.training.accuracy() > 0.99),
            ("99 of 100 fresh points are right", fresh >= 99.0),
            ("the same points right", l1 == l0),
            ("from 0.001 on it loses", l2 < l0 && l3 < l2 && l4 < l3),
            ("all classes tie", l5 < 33.4),
        ],
    );
    let starter = format!("median {starter:.2} %");
    let seeds =
        format!("{ceiling} of {seeds} seeds: {MOST} right, the most possible; {fresh:.2} % of fresh spirals");
    Section { text, starter, seeds }
}
