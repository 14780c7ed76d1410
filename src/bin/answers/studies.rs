//! Numbers and tables of the answer document from the rows that `tune` has written.

use std::f64::consts::LN_2;

use crate::tuning::ranking::Ranking;
use crate::tuning::row::{Results, Row, Run, Scores, key, read};
use crate::tuning::studies::STUDIES;
use backprop::programs::settings::{Problem, Settings};
use backprop::training::error::Error;
use backprop::training::numbers::sorted;
use backprop::training::train::Score;

use super::results::short;
use super::template::Values;
use super::{problem1, problem2};

/// The values that rest on the studies.
///
/// # Errors
///
/// [`Error::Data`] if a study lacks the runs that the document reports, or one of them diverged.
pub(crate) fn collect(rankings: &[(&str, Ranking)], values: &mut Values) -> Result<(), Error> {
    for (name, found) in rankings {
        ranking(short(name), found, values);
    }
    values.decimals("ln2", LN_2, 6);
    let lines = STUDIES.iter().map(|study| crate::rows(study.name).lines().count() - 1);
    values.count("rows", lines.sum::<usize>() as f64);
    problem1::collect(values)?;
    problem2::collect(values)
}

/// How a study ranks its settings.
fn ranking(name: &str, ranking: &Ranking, values: &mut Values) {
    values.table(&format!("{name}.ranking"), &ranking.table(4));
    values.words(&format!("{name}.grid"), ranking.grid());
    // Networks whose units all switch at the origin.
    values.words(
        &format!("{name}.without_bias"),
        ranking.best(|settings| settings.init.bias == 0.0).unwrap_or("–"),
    );
    for (setting, best) in ranking.bests() {
        values.words(&format!("{name}.best.{setting}"), best);
    }
    values.count(&format!("{name}.tried"), ranking.len() as f64);
    values.words(&format!("{name}.ranked_by"), ranking.choice.ranked_by);
    let Problem { tuned, starter, .. } = ranking.problem;
    for (which, settings) in [("tuned", tuned), ("starter", starter)] {
        let Settings { epochs, step_size, lambda, init, .. } = settings;
        let name = |value: &str| format!("{name}.{which}.{value}");
        values.count(&name("epochs"), *epochs as f64);
        values.count(&name("step_size"), *step_size);
        values.count(&name("lambda"), *lambda);
        values.words(&name("init"), init.weights.to_string());
        let place = ranking.place(settings).map_or(f64::INFINITY, |place| place as f64);
        values.count(&name("place"), place);
    }
}

/// The rows of one study.
pub(crate) struct Sweep<R> {
    file: String,
    pub(crate) rows: Vec<Row<R>>,
}

impl<R: Results> Sweep<R> {
    pub(crate) fn read(study: &str) -> Result<Self, Error> {
        let file = format!("data/tuning/{study}.csv");
        let rows = read(&file, crate::rows(study))?;
        Ok(Sweep { file, rows })
    }

    /// The results with these settings on data whose name is `data`, or begins with it if it ends in a space.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] if there are none.
    pub(crate) fn with(&self, settings: &Settings, data: &str) -> Result<Vec<&R>, Error> {
        Ok(self.rows_with(settings, data)?.into_iter().map(|row| &row.results).collect())
    }

    /// The rows of [`with`](Self::with).
    pub(crate) fn rows_with(&self, settings: &Settings, data: &str) -> Result<Vec<&Row<R>>, Error> {
        let is_it = |name: &str| if data.ends_with(' ') { name.starts_with(data) } else { name == data };
        let rows = self.rows.iter().filter(|row| row.settings == *settings && is_it(&row.data));
        let found: Vec<&Row<R>> = rows.collect();
        if found.is_empty() {
            return Err(self.lacks(settings, data));
        }
        Ok(found)
    }

    /// The epochs of its longest runs.
    pub(crate) fn longest(&self) -> u64 {
        self.rows.iter().map(|row| row.settings.epochs).fold(0, u64::max)
    }

    fn lacks(&self, settings: &Settings, data: &str) -> Error {
        let problem = format!(
            "no run on {data} with {} up to here, or one that diverged: let tune finish its sweeps, then build again",
            key(settings)
        );
        Error::Data { file: self.file.clone(), line: self.rows.len() + 1, column: 1, problem }
    }
}

impl Sweep<Run> {
    /// The scores with these settings, in the order of the rows.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] if there are none, or if one of the runs diverged.
    pub(crate) fn scores(&self, settings: &Settings, data: &str) -> Result<Vec<Scores>, Error> {
        let scores: Option<Vec<Scores>> = self.with(settings, data)?.into_iter().copied().collect();
        scores.ok_or_else(|| self.lacks(settings, data))
    }

    /// A number of each run, ascending.
    pub(crate) fn sorted(
        &self,
        settings: &Settings,
        data: &str,
        number: fn(&Scores) -> f64,
    ) -> Result<Vec<f64>, Error> {
        Ok(sorted(self.scores(settings, data)?.iter().map(number)))
    }
}

/// The cost J of the training samples.
pub(crate) fn cost(scores: &Scores) -> f64 {
    scores.training.loss()
}

pub(crate) fn data_loss(scores: &Scores) -> f64 {
    scores.training.data_loss
}

pub(crate) fn training_accuracy(scores: &Scores) -> f64 {
    scores.training.accuracy()
}

pub(crate) fn validation(scores: &Scores) -> Score {
    scores.validation.expect("the study has validation samples")
}

pub(crate) fn validation_accuracy(scores: &Scores) -> f64 {
    validation(scores).accuracy()
}

pub(crate) fn validation_loss(scores: &Scores) -> f64 {
    validation(scores).data_loss
}
