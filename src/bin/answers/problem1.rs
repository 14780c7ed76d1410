//! The answers to problem 1, for the built-in data.

use std::f64::consts::LN_2;

use backprop::figures::Part;
use backprop::math::order::larger;
use backprop::programs::experiments::tied_losses;
use backprop::programs::outcome::Outcome;
use backprop::programs::planar::Lambdas;
use backprop::programs::settings::{Problem, Settings};
use backprop::training::numbers::percent;

use super::programs::prob1c::SEEDS;
use super::section::{Section, fill, hold, opening};
use super::sweeps::{Runs, Sweep, is_given};
use super::tuning::criteria::least_correct;
use super::tuning::ranking::markdown;
use super::tuning::row::{Results, Row};

/// How near to ln 2 problem 1a comes.
pub(crate) fn prob1a(outcome: &Outcome, sweep: &Sweep) -> Section {
    let Problem { tuned, starter, .. } = sweep.problem();
    let [runs, of_starter] = [tuned, starter].map(|settings| sweep.fresh(settings, is_given));
    let within = |runs: &Runs, most: f64| runs.all(|run| (run.loss - LN_2).abs() <= most);
    let long = |is_of: fn(&Settings) -> bool| {
        sweep.filter(|key| key.settings.epochs == 1000 && is_of(&key.settings))
    };
    let free = long(|settings| settings.step_size <= 1.0 && settings.lambda == 0.0);
    let penalised = long(|settings| settings.step_size <= 1.0 && settings.lambda == 0.001);
    let wide = long(|settings| settings.step_size >= 3.0);
    let [one_right, three_right] = [1, 3].map(|right| runs.count(|run| run.training.correct == right));
    let (opening, ln2, (grid, tried)) = (opening(outcome), LN_2, sweep.tried());
    let fresh = runs.0.len();
    let text = fill!("1a.md"; opening, ln2, fresh, one_right, three_right, grid, tried);
    hold(
        &text,
        &[
            ("This is the minimum, ln 2", (outcome.scores.training.loss() - LN_2).abs() < 1e-15),
            ("So all four points tie", within(&runs, 1e-6)),
            ("one point is right or three", one_right + three_right == fresh),
            ("1000 epochs end within one unit in the last place of ln 2", within(&free, 1.2e-16)),
            ("with λ = 0.001, within 6e-4", within(&penalised, 6e-4)),
            ("α = 3 or more no run ends below 0.92", wide.all(|run| run.loss >= 0.92)),
            ("The starter's settings end within 1e-12", within(&of_starter, 1e-12)),
        ],
    );
    let ties = "all four points tie";
    Section { text, starter: ties.to_owned(), seeds: format!("{fresh} of {fresh} seeds: {ties}") }
}

/// The optimum of problem 1b.
pub(crate) fn prob1b(outcome: &Outcome, sweep: &Sweep) -> Section {
    let Problem { tuned, starter, .. } = sweep.problem();
    let [runs, of_starter] = [tuned, starter].map(|settings| sweep.fresh(settings, is_given));
    let most_right = |runs: &Runs| runs.0.iter().map(|row| row.results.training.correct).max().unwrap_or(0);
    let penalised = |lambda| most_right(&sweep.filter(|key| key.settings == Settings { lambda, ..*tuned }));
    let (small, large, most) = (penalised(0.001), penalised(0.01), most_right(&sweep.filter(|_| true)));
    let wide = sweep.filter(|key| (key.settings.epochs, key.settings.step_size) == (2000, 10.0));
    let losses = runs.sorted(|results| results.loss);
    let (correct, fresh) = (outcome.scores.training.correct, runs.0.len());
    let (opening, (grid, tried)) = (opening(outcome), sweep.tried());
    let starter_loss = of_starter.median(|results| results.loss);
    let text = fill!("1b.md"; opening, grid, tried, fresh, starter_loss, most, small, large);
    hold(
        &text,
        &[
            ("end at the same loss to seven digits", losses[fresh - 1] - losses[0] < 5e-8),
            ("100 epochs are not enough", of_starter.all(|run| run.loss > losses[0] + 1e-3)),
            ("with 3, 300 are", (tuned.step_size, tuned.epochs) == (3.0, 300)),
            ("(J is 0.96 or more after 2000)", wide.all(|run| run.loss >= 0.96)),
            ("more than at the minimum", most > correct && runs.all(|run| run.training.correct == correct)),
            ("a penalty does not help here", small <= correct && large <= correct),
        ],
    );
    let starter = format!("median {:.2} %", of_starter.median(Results::training_percent));
    let right = percent(outcome.scores.training.accuracy());
    Section { text, starter, seeds: format!("{fresh} of {fresh} seeds: {right}") }
}

/// How often problem 1c is solved, and what happens when it is not.
pub(crate) fn prob1c((outcome, units): &(Outcome, Vec<Part>), sweep: &Sweep) -> Section {
    let Problem { tuned, starter, .. } = sweep.problem();
    let [of_tuned, of_starter] =
        [tuned, starter].map(|settings| sweep.fresh(settings, is_given).0[0].results);
    // Of each initialisation, the runs with each step size, and those with the tuned one.
    let (mut table, mut at_one): (Vec<Vec<String>>, Vec<(String, Results)>) = (Vec::new(), Vec::new());
    let other_steps =
        |settings: &Settings, init| Settings { init, step_size: tuned.step_size, ..*settings } == *tuned;
    for Row { key, results } in sweep.filter(|key| other_steps(&key.settings, tuned.init) && key.seed == 0).0
    {
        let Settings { init, step_size, .. } = key.settings;
        let bias = if init.bias == 0.0 { String::new() } else { format!(", b = {}", init.bias) };
        let label = format!("{}{bias}", init.weights);
        if !table.iter().any(|row| row[0] == label) {
            table.push(vec![label.clone()]);
        }
        let row = table.len() - 1;
        table[row].push(format!("{:.1} %", results.percent_solved()));
        if step_size == tuned.step_size {
            at_one.push((label, *results));
        }
    }
    let of = |label| at_one.iter().find(|(known, _)| known == label).expect("it was tried").1;
    let [he, he_half, mirrored] = ["he", "he, b = 0.5", "mirrored"].map(|label| of(label).percent_solved());
    let [_, _, ties2, ties3, ties4] = of("he").ends;
    let ends_at_tie = |(_, results): &(String, Results)| {
        let [solved, _, two, three, four] = results.ends;
        solved + two + three + four == results.runs
    };
    let wide = sweep.filter(|key| key.settings.step_size == 2.0);
    let wide = wide.numbers(Results::percent_solved).into_iter().fold(0.0, larger);
    let loss = |epoch: usize| outcome.history[epoch].training.data_loss;
    let [first, second] =
        [&units[0], &units[1]].map(|unit| format!("unit {} adds {}", unit.number, unit.formula()));
    // Weights along x₁ − x₂ are opposite.
    let ([a, b], is_ramp) =
        ([&units[0], &units[1]].map(Part::slope), |[a, b]: [f64; 2]| ((a + b) / a).abs() < 0.05);
    let table = markdown(&["init", "α = 0.3", "α = 0.5", "α = 1", "α = 2"], &table);
    let (opening, band, steps, (grid, tried)) = (opening(outcome), SEEDS, table.trim_end(), sweep.tried());
    let (loss0, loss1, loss3, loss1000, three_tied) =
        (loss(0), loss(1), loss(3), loss(1000), tied_losses()[1]);
    let (solved, fresh, worst) = (of_tuned.ends[0], of_tuned.runs, of_tuned.worst_loss);
    let text = fill!("1c.md"; opening, band, loss0, loss1, loss3, loss1000, first, second, grid, tried, steps, he, he_half, mirrored,
        solved, fresh, worst, wide, three_tied, ties2, ties3, ties4);
    hold(
        &text,
        &[
            ("the loss rises,", loss1 > loss0),
            ("after three epochs it is lower than at the start", loss3 < loss0),
            ("all four points are right", outcome.scores.training.correct == 4),
            ("opposite ramps along", is_ramp(a) && is_ramp(b) && a[0] * b[0] < 0.0),
            ("% with b = 0.5, which", he_half > he && mirrored > he),
            ("With both, all seeds solve it", of("mirrored, b = 0.5").percent_solved() == 100.0),
            ("α = 1 is the largest step tried that works", tuned.step_size == 1.0 && wide < 60.0),
            ("and no seed solves it", of("0.01, b = 0.5").ends[0] == 0),
            ("Every unsolved run with α = 1", at_one.len() == 16 && at_one.iter().all(ends_at_tie)),
        ],
    );
    let right = 100.0 * (of_starter.ends[0] + of_starter.ends[1]) as f64 / of_starter.runs as f64;
    let starter = format!("four right, and none at a tie, for {right:.1} % of the seeds");
    Section { text, starter, seeds: format!("{solved} of {fresh} seeds: all four right") }
}

/// Problem 1d with other seeds and on fresh spirals.
pub(crate) fn prob1d((outcome, (epochs, lambdas)): &(Outcome, Lambdas), sweep: &Sweep) -> Section {
    /// The most samples that any classifier gets right: the three arms share a point.
    const MOST: usize = 298;
    let Problem { tuned, starter, .. } = sweep.problem();
    let runs = sweep.fresh(tuned, is_given);
    let ceiling = runs.count(|run| run.training.correct == MOST);
    let (fresh, worst) =
        (runs.mean(Results::validation_percent), runs.sorted(Results::validation_percent)[0]);
    let starter = sweep.fresh(starter, is_given).median(Results::training_percent);
    let ranking = &sweep.ranking;
    let count = |is_of: fn(&Settings) -> bool, least| {
        let tried = ranking.ranked.iter().filter(|ranked| is_of(&ranked.settings));
        tried.filter(|ranked| least_correct(&ranked.results) >= least).count()
    };
    let is_wide = |settings: &Settings| settings.step_size == 4.0;
    let (full, full_wide, tried_wide) = (count(|_| true, MOST), count(is_wide, MOST), count(is_wide, 0));
    let right =
        |place: usize| ranking.ranked[place].results.iter().map(|run| run.validation.correct).sum::<usize>();
    let differ = (1..4).map(|place| right(place).abs_diff(right(0))).fold(0, usize::max);
    let [units32, units100, units256] =
        [32, 100, 256].map(|hidden| ranking.best(|settings| settings.hidden == hidden));
    let no_bias = ranking.best(|settings| settings.init.bias == 0.0);
    let [l0, l1, l2, l3, l4, l5] = [0, 1, 2, 3, 4, 5].map(|n| 100.0 * lambdas[n].1.unwrap_or(f64::NAN));
    let (opening, (grid, tried), table) = (opening(outcome), sweep.tried(), ranking.table(4));
    let (ranked_by, ranking, seeds) = (ranking.study.criterion.ranked_by, table.trim_end(), runs.0.len());
    let text = fill!("1d.md"; opening, ceiling, seeds, fresh, worst, grid, tried, ranked_by, ranking, full, differ, full_wide,
        tried_wide, units32, units100, units256, no_bias, starter, epochs, l0, l2, l3, l4);
    hold(
        &text,
        &[
            ("No classifier gets more right", outcome.scores.training.correct == MOST),
            ("Most of this is not critical", 2 * full > tried && differ < 60),
            ("With α = 4 only", 10 * full_wide < tried_wide),
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
