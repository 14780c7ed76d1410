//! Numbers and tables of problem 2 from the rows of the studies.

use backprop::math::order::smaller;
use backprop::programs::settings::{PROB2A, PROB2B, Problem, Settings};
use backprop::programs::tuning::{DECAYS, Run, STOPPED, STOPPED_BY_OTHERS, Scores, markdown};
use backprop::training::error::Error;
use backprop::training::numbers::{mean, median, percent};

use super::results::short;
use super::studies::{Sweep, cost, sorted, training_accuracy, validation_accuracy, validation_loss};
use super::template::Values;

/// Samples that two other classifiers get right on the splits of problem 2's studies; see `data/README.md`.
const OTHERS: &str = include_str!("../../../data/iris_splits.csv");

/// The values of problem 2.
pub(crate) fn collect(values: &mut Values) -> Result<(), Error> {
    let [one_hidden, two_hidden] = [Sweep::read("prob2a_seeds")?, Sweep::read("prob2b_seeds")?];
    one_layer(&two_hidden, values)?;
    overfitting("2a", &PROB2A.tuned, &Sweep::read("prob2a_overfitting")?, values)?;
    overfitting("2b", &PROB2B.tuned, &Sweep::read("prob2b_overfitting")?, values)?;
    prob2(
        &[("one hidden layer (2a)", &PROB2A, one_hidden), ("two hidden layers (2b)", &PROB2B, two_hidden)],
        values,
    )
}

/// The median of ascending numbers, and those between which nine in ten of them lie.
fn median_and_band(sorted: &[f64]) -> [f64; 3] {
    let twentieth = sorted.len() / 20;
    [median(sorted), sorted[twentieth], sorted[sorted.len() - 1 - twentieth]]
}

/// Problem 2b beside a network with one layer, the same settings and the same seeds.
fn one_layer(sweep: &Sweep<Run>, values: &mut Values) -> Result<(), Error> {
    let tuned = &PROB2B.tuned;
    let layers = [("two", "given"), ("one", "given (one layer)")];
    // In the order of the seeds.
    let [two, one] = layers.map(|(_, data)| sweep.scores(tuned, data));
    let pairs: Vec<(Scores, Scores)> = two?.into_iter().zip(one?).collect();
    for (name, loss) in [
        ("2b.two_lower", cost as fn(&Scores) -> f64),
        ("2b.two_lower_data_loss", |scores| scores.training.data_loss),
        ("2b.two_lower_validation", validation_loss),
    ] {
        values.count(name, pairs.iter().filter(|(two, one)| loss(two) < loss(one)).count() as f64);
    }
    for (name, data) in layers {
        for (quantity, loss) in [
            ("loss", cost as fn(&Scores) -> f64),
            ("data_loss", |scores| scores.training.data_loss),
            ("penalty", |scores| scores.training.penalty),
            ("validation_loss", validation_loss),
        ] {
            let loss = median(&sweep.sorted(tuned, data, loss)?);
            values.set(&format!("2b.{name}_layers.{quantity}"), loss, format!("{loss:.3}"));
        }
        let shares = sweep.sorted(tuned, data, validation_accuracy)?;
        values.share(&format!("2b.{name}_layers.worst"), shares[0]);
        let imperfect = shares.iter().filter(|&&share| share < 1.0).count();
        values.count(&format!("2b.{name}_layers.imperfect"), imperfect as f64);
    }
    Ok(())
}

/// Overfitting and its remedies over splits and seeds: medians and bands of the validation loss without the penalty. The
/// losses compared are of single epochs, and an epoch that is chosen is chosen for all runs alike or by other samples.
fn overfitting(
    problem: &str,
    tuned: &Settings,
    sweep: &Sweep<Run>,
    values: &mut Values,
) -> Result<(), Error> {
    let mut epochs: Vec<u64> = sweep.rows.iter().map(|row| row.settings.epochs).collect();
    epochs.sort_unstable();
    epochs.dedup();
    let last = epochs[epochs.len() - 1];
    let at = |lambda, epochs, prefix: &str| -> Result<Vec<f64>, Error> {
        let runs = sweep.with(&Settings { lambda, epochs, ..*tuned }, &format!("{prefix}split "))?;
        // A run that diverged has the largest of losses.
        Ok(runs.into_iter().map(|run| run.as_ref().map_or(f64::INFINITY, validation_loss)).collect())
    };
    let free = at(0.0, last, "")?;
    let text = |losses: &[f64]| {
        let [median, low, high] =
            median_and_band(&sorted(losses.iter().copied())).map(|loss| format!("{loss:.3}"));
        (median, format!("{low}–{high}"))
    };

    let mut table = Vec::new();
    let mut medians = Vec::new();
    for &epochs in &epochs {
        let mut row = vec![epochs.to_string()];
        for lambda in DECAYS {
            let losses = at(lambda, epochs, "")?;
            let (median, band) = text(&losses);
            row.push(format!("{median} ({band})"));
            let [_, _, high] = median_and_band(&sorted(losses.into_iter()));
            values.set(&format!("{problem}.high.{lambda}.{epochs}"), high, format!("{high:.3}"));
        }
        medians.push(median(&sorted(at(0.0, epochs, "")?.into_iter())));
        table.push(row);
    }
    let headings: Vec<String> =
        std::iter::once("epoch".to_owned()).chain(DECAYS.map(|lambda| format!("λ = {lambda}"))).collect();
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    values.table(&format!("{problem}.overfitting"), &markdown(&headings, &table));

    let least = medians.into_iter().fold(f64::INFINITY, smaller);
    values.set(&format!("{problem}.remedy.least"), least, format!("{least:.3}"));
    let mut remedies = vec![
        ("none".to_owned(), "none".to_owned(), free.clone()),
        (
            "early stopping, judged by the flowers that stop it".to_owned(),
            "stopped".to_owned(),
            at(0.0, last, STOPPED)?,
        ),
        (
            "early stopping, judged by others".to_owned(),
            "by_others".to_owned(),
            at(0.0, last, STOPPED_BY_OTHERS)?,
        ),
    ];
    for lambda in DECAYS.into_iter().filter(|&lambda| lambda > 0.0) {
        remedies.push((
            format!("weight decay, λ = {lambda}"),
            format!("decay.{lambda}"),
            at(lambda, last, "")?,
        ));
    }
    let mut table = Vec::new();
    for (words, name, losses) in remedies {
        let lower = losses.iter().zip(&free).filter(|(with, without)| with < without).count();
        let (middle, band) = text(&losses);
        let value = |quantity| format!("{problem}.remedy.{name}.{quantity}");
        values.set(&value("median"), median(&sorted(losses.iter().copied())), middle.clone());
        values.count(&value("lower"), lower as f64);
        table.push(vec![
            words,
            middle,
            band,
            if name == "none" { "–".to_owned() } else { lower.to_string() },
        ]);
    }
    values.count(&format!("{problem}.remedy.runs"), free.len() as f64);
    values.count(&format!("{problem}.remedy.epochs"), last as f64);
    let runs = format!("lower in, of {}", free.len());
    let headings = ["control", "median validation loss", "nine in ten runs", &runs];
    values.table(&format!("{problem}.remedies"), &markdown(&headings, &table));
    Ok(())
}

/// Problem 2 with other seeds and on other splits.
fn prob2(problems: &[(&str, &Problem, Sweep<Run>)], values: &mut Values) -> Result<(), Error> {
    let mut splits = Vec::new();
    let mut add = |classifier: &str, shares: &[f64]| {
        let shares = [mean(shares), median(shares), shares[0]].map(percent);
        splits.push([vec![classifier.to_owned()], shares.to_vec()].concat());
    };
    for (classifier, Problem { name, tuned, starter, .. }, sweep) in problems {
        let problem = short(name);
        let given = sweep.sorted(tuned, "given", validation_accuracy)?;
        let other = sweep.sorted(tuned, "split ", validation_accuracy)?;
        let of_starter = sweep.sorted(starter, "given", validation_accuracy)?;
        values.count(&format!("{problem}.seeds"), given.len() as f64);
        let text = format!("median {}, worst {}", percent(median(&of_starter)), percent(of_starter[0]));
        values.set(&format!("{problem}.starter"), 100.0 * median(&of_starter), text);
        add(classifier, &other);
        let loss = median(&sweep.sorted(starter, "given", validation_loss)?);
        values.set(&format!("{problem}.starter_given.loss"), loss, format!("{loss:.3}"));
        for (name, data) in [("given", "given"), ("other", "split ")] {
            let loss = mean(&sweep.sorted(tuned, data, validation_loss)?);
            values.set(&format!("{problem}.{name}.loss"), loss, format!("{loss:.3}"));
        }
        for (name, shares) in [
            ("given", &given),
            ("other", &other),
            ("starter_given", &of_starter),
            ("starter_training", &sweep.sorted(starter, "given", training_accuracy)?),
        ] {
            for (statistic, share) in
                [("worst", shares[0]), ("median", median(shares)), ("mean", mean(shares))]
            {
                values.share(&format!("{problem}.{name}.{statistic}"), share);
            }
        }
    }

    let row = |line: &str| -> Vec<f64> {
        line.split(',').map(|entry| entry.parse().expect("data/iris_splits.csv has numbers")).collect()
    };
    let others: Vec<Vec<f64>> = OTHERS.lines().skip(1).map(row).collect();
    values.count("2.others", others.len() as f64);
    for (classifier, name, column) in [
        ("linear discriminant analysis (scikit-learn)", "lda_correct", 1),
        ("logistic regression (scikit-learn)", "logistic_correct", 2),
    ] {
        let shares = sorted(others.iter().map(|row| row[column] / row[3]));
        values.share(&format!("2.{name}"), mean(&shares));
        add(classifier, &shares);
    }
    values.table("2.splits", &markdown(&["classifier", "mean", "median", "worst"], &splits));
    Ok(())
}
